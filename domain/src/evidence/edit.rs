//! What may be asked of an evidence, and whether it says enough.

use super::{Audience, EvidenceKind};
use crate::error::DomainError;
use crate::ids::{EvidenceId, MeasureId};
use crate::text;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Shortest reason for having no end, in characters.
const SHORTEST_REASON: usize = 10;

/// What an evidence is and what it proves, in one sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    pub title: String,
    pub kind: EvidenceKind,
    pub proves: String,
    pub audience: Audience,
}

/// Who issued a file and how long it holds; `undated_reason` where it has no end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VersionFacts {
    pub issuer: String,
    pub valid_from: Option<Date>,
    pub valid_until: Option<Date>,
    pub undated_reason: String,
}

/// Asks for a new evidence; its file comes beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewEvidence {
    pub facts: Facts,
    pub version: VersionFacts,
    /// The measure it was attached to, if any.
    pub measure: Option<MeasureId>,
}

/// Asks for other facts; the files stay as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditEvidence {
    pub id: EvidenceId,
    pub facts: Facts,
}

/// Checks and normalises an evidence's facts.
pub fn facts(asked: &Facts) -> Result<Facts, DomainError> {
    Ok(Facts {
        title: text::name(&asked.title, "title", 200)?,
        kind: asked.kind,
        proves: text::name(&asked.proves, "proves", 300)?,
        audience: asked.audience,
    })
}

/// Checks a version: it has an end, or a reason for none; it does not end before it begins.
pub fn version(asked: &VersionFacts) -> Result<VersionFacts, DomainError> {
    let reason = text::optional_name(&asked.undated_reason, "undated_reason", 300)?;
    if asked.valid_until.is_none() && text::visible(&reason) < SHORTEST_REASON {
        return Err(DomainError::missing("valid_until"));
    }
    if let (Some(from), Some(until)) = (asked.valid_from, asked.valid_until)
        && until < from
    {
        return Err(DomainError::invalid("valid_until"));
    }
    Ok(VersionFacts {
        issuer: text::name(&asked.issuer, "issuer", 200)?,
        valid_from: asked.valid_from,
        valid_until: asked.valid_until,
        undated_reason: if asked.valid_until.is_some() { String::new() } else { reason },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_evidence_ends_or_says_why_not() {
        let v = |from: Option<Date>, until: Option<Date>, reason: &str| VersionFacts {
            issuer: "TÜV".into(),
            valid_from: from,
            valid_until: until,
            undated_reason: reason.into(),
        };
        let (a, b) = (Date::constant(2026, 1, 1), Date::constant(2026, 12, 31));
        assert!(version(&v(Some(a), Some(b), "")).is_ok());
        assert_eq!(version(&v(Some(b), Some(a), "")), Err(DomainError::invalid("valid_until")));
        assert_eq!(version(&v(None, None, "kurz")), Err(DomainError::missing("valid_until")));
        let undated = version(&v(None, None, "Die Verpflichtung gilt unbefristet.")).unwrap();
        assert_eq!(undated.valid_until, None);
        assert_eq!(
            version(&VersionFacts { issuer: " ".into(), ..undated }),
            Err(DomainError::missing("issuer"))
        );
    }
}
