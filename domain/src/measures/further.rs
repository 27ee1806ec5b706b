//! What else is said of a measure: for whom it is told, its internal part, the further scopes it holds for, the law behind it and the
//! sub-processors that it relies on.

use crate::catalogues::law;
use crate::error::DomainError;
use crate::ids::SubprocessorId;
use crate::import::Scope;
use crate::text;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

crate::import::words! {
    /// For whom a measure is told.
    Audience {
        /// For anybody.
        Public = "public",
        /// For who has a contract: the document that leaves the house.
        Customer = "customer",
        /// For this house only: it stands in no release.
        Internal = "internal",
    }
}

/// Most references to the law, and to sub-processors, of one measure.
const MOST: usize = 20;

/// What else is said of a measure. The internal part never leaves the house.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Further {
    #[serde(skip_serializing_if = "Audience::is_usual")]
    pub audience: Audience,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub internal: String,
    /// Scopes beside that of its own place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Scope>,
    /// Keys of legal references (see [`crate::catalogues::law`]).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub law: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subprocessors: Vec<SubprocessorId>,
    /// Its own review plan: every so many months, beside the document's yearly review.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub months: Option<u16>,
}

impl Audience {
    /// What is so unless somebody says otherwise is not written down.
    fn is_usual(&self) -> bool {
        *self == Audience::Customer
    }
}

impl Default for Further {
    fn default() -> Further {
        Further {
            audience: Audience::Customer,
            internal: String::new(),
            also: Vec::new(),
            law: Vec::new(),
            subprocessors: Vec::new(),
            months: None,
        }
    }
}

/// A reference to the law as it stands on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Norm {
    pub title: &'static str,
    /// The last day it was in force, where that is over, and what stands in its place.
    pub ended: Option<(Date, &'static str)>,
}

impl Further {
    /// The references to the law as they stand on a day.
    pub fn norms(&self, today: Date) -> Vec<Norm> {
        let found = self.law.iter().filter_map(|key| law().iter().find(|l| l.key == *key));
        let ended = |l: &&'static crate::catalogues::LegalReference| l.valid_to.filter(|end| *end < today);
        found.map(|l| Norm { title: &l.title, ended: ended(&l).map(|end| (end, l.successor())) }).collect()
    }

    /// All scopes that it holds for, that of its place first.
    pub fn scopes(&self, own: Scope) -> Vec<Scope> {
        let mut out = vec![own];
        out.extend(self.also.iter().copied().filter(|s| *s != own));
        out
    }
}

/// The intervals of a measure's own review plan, in months.
pub const PLANS: [u16; 5] = [1, 3, 6, 12, 24];

/// The day on which a measure is to be tested again.
pub fn next_test(last: Date, months: u16) -> Date {
    last.saturating_add(jiff::Span::new().months(i64::from(months)))
}

/// Checks and normalises what was typed.
pub fn further(typed: &Further, own: Scope) -> Result<Further, DomainError> {
    let mut out = Further { internal: text::prose(&typed.internal, "internal", 16 * 1024)?, ..typed.clone() };
    out.also = Scope::ALL.into_iter().filter(|s| *s != own && typed.also.contains(s)).collect();
    if out.months.is_some_and(|m| !PLANS.contains(&m)) {
        return Err(DomainError::invalid("months"));
    }
    out.law.dedup();
    if out.law.iter().any(|key| !law().iter().any(|l| l.key == *key)) {
        return Err(DomainError::invalid("law"));
    }
    out.subprocessors.dedup();
    if out.law.len() > MOST || out.subprocessors.len() > MOST {
        return Err(DomainError::TooLong { field: "law".into(), max: MOST });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_reference_to_the_law_is_told_as_it_stands_on_a_day() {
        let f = Further { law: vec!["TKG:88".into(), "DSGVO:32:1:b".into()], ..Further::default() };
        let then = f.norms(date(2021, 1, 1));
        assert!(then.iter().all(|n| n.ended.is_none()));
        let now = f.norms(date(2026, 11, 23));
        assert_eq!(now[0].ended, Some((date(2021, 11, 30), "§ 3 TDDDG")));
        assert_eq!(now[1], Norm { title: "Art. 32 Abs. 1 lit. b DSGVO", ended: None });
    }

    #[test]
    fn scopes_stand_once_and_unknown_law_is_refused() {
        let typed =
            Further { also: vec![Scope::Own, Scope::Customer, Scope::Customer], ..Further::default() };
        let checked = further(&typed, Scope::Own).unwrap();
        assert_eq!(checked.scopes(Scope::Own), [Scope::Own, Scope::Customer]);
        let unknown = Further { law: vec!["MOND:1".into()], ..Further::default() };
        assert_eq!(further(&unknown, Scope::Own), Err(DomainError::invalid("law")));
        let often = Further { months: Some(5), ..Further::default() };
        assert_eq!(further(&often, Scope::Own), Err(DomainError::invalid("months")));
        assert_eq!(next_test(date(2026, 8, 31), 6), date(2027, 2, 28));
    }
}
