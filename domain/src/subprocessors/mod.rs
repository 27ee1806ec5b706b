//! Sub-processors (weitere Auftragsverarbeiter, Art. 28(2) and (4) GDPR): who they are, what proves the contract with them, and when
//! they were and will be audited.

use crate::error::DomainError;
use crate::ids::{DocumentId, EvidenceId, MeasureId, SubprocessorId};
use crate::policy::Permit;
use crate::text;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

crate::import::words! {
    /// How far it is.
    SubprocessorState {
        /// Not in use yet.
        Proposed = "proposed",
        Active = "active",
        Ended = "ended",
    }
}

/// What is said of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    pub name: String,
    pub address: String,
    /// Whom to ask there.
    pub contact: String,
    pub service: String,
    /// Where the data are processed.
    pub locations: String,
    /// What allows a transfer to a third country (Art. 44 to 49 GDPR); empty where there is none.
    pub transfer: String,
    /// The evidence of the contract (Art. 28(4) GDPR).
    pub contract: Option<EvidenceId>,
    pub audited_on: Option<Date>,
    pub next_audit: Option<Date>,
    pub state: SubprocessorState,
}

crate::import::words! {
    /// What is missing before one may be relied on (rule P05).
    Missing {
        Contract = "contract",
        Audit = "audit",
        Plan = "plan",
    }
}

impl Facts {
    pub fn missing(&self) -> Vec<Missing> {
        let all = [
            (self.contract.is_none(), Missing::Contract),
            (self.audited_on.is_none(), Missing::Audit),
            (self.next_audit.is_none(), Missing::Plan),
        ];
        all.into_iter().filter(|(missing, _)| *missing).map(|(_, m)| m).collect()
    }
}

/// One as a line in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubprocessorRow {
    pub id: SubprocessorId,
    pub revision: i64,
    pub facts: Facts,
    /// The title of the contract's evidence.
    pub contract: Option<String>,
    /// Measures in force that rely on it: document, measure, code and heading.
    pub measures: Vec<Relying>,
}

/// A measure that relies on a sub-processor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relying {
    pub document: DocumentId,
    pub document_title: String,
    pub measure: MeasureId,
    pub heading: String,
}

/// All of them, and the evidence that can be named as a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubprocessorList {
    pub rows: Vec<SubprocessorRow>,
    pub evidence: Vec<(EvidenceId, String)>,
    /// The organisation's day.
    pub today: Date,
}

/// Asks to store one; without an id it is a new one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaveSubprocessor {
    pub id: Option<SubprocessorId>,
    pub based_on: i64,
    pub facts: Facts,
}

/// Checks and normalises what was typed; nobody has been audited after `today`.
pub fn facts(typed: &Facts, today: Date) -> Result<Facts, DomainError> {
    let out = Facts {
        name: text::name(&typed.name, "name", 200)?,
        address: text::prose(&typed.address, "address", 1_000)?,
        contact: text::prose(&typed.contact, "contact", 1_000)?,
        service: text::prose(&typed.service, "service", 2_000)?,
        locations: text::prose(&typed.locations, "locations", 1_000)?,
        transfer: text::prose(&typed.transfer, "transfer", 1_000)?,
        ..typed.clone()
    };
    if text::visible(&out.service) == 0 {
        return Err(DomainError::missing("service"));
    }
    if out.audited_on.is_some_and(|day| day > today) {
        return Err(DomainError::invalid("audited_on"));
    }
    if out.audited_on.zip(out.next_audit).is_some_and(|(last, next)| next <= last) {
        return Err(DomainError::invalid("next_audit"));
    }
    Ok(out)
}

/// Use cases of sub-processors.
#[async_trait::async_trait]
pub trait SubprocessorService: Send + Sync {
    async fn list(&self, permit: Permit) -> Result<SubprocessorList, DomainError>;
    async fn save(&self, permit: Permit, cmd: SaveSubprocessor) -> Result<SubprocessorId, DomainError>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn what_is_missing_is_told_and_an_audit_comes_after_the_last() {
        let mut f = Facts {
            name: " Rechenzentrum Nord GmbH ".into(),
            address: String::new(),
            contact: String::new(),
            service: "Hosting".into(),
            locations: "Hamburg".into(),
            transfer: String::new(),
            contract: None,
            audited_on: Some(date(2026, 3, 1)),
            next_audit: Some(date(2027, 3, 1)),
            state: SubprocessorState::Active,
        };
        let today = date(2026, 3, 1);
        assert_eq!(facts(&f, today).unwrap().name, "Rechenzentrum Nord GmbH");
        assert_eq!(facts(&f, date(2026, 2, 28)), Err(DomainError::invalid("audited_on")));
        assert_eq!(f.missing(), [Missing::Contract]);
        f.next_audit = f.audited_on;
        assert_eq!(facts(&f, today), Err(DomainError::invalid("next_audit")));
        f.next_audit = None;
        f.service = " ".into();
        assert_eq!(facts(&f, today), Err(DomainError::missing("service")));
    }
}
