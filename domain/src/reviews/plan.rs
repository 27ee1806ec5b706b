//! When a review is due: interval, first day, lead time.

use crate::error::DomainError;
use crate::ids::UserId;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Days before the due day from which a review counts as coming up, where nothing else was said.
pub const LEAD_DAYS: u16 = 42;
/// Longest interval in months: domain.md 5.1 wants each measure looked at at least every 24.
const LONGEST: u8 = 24;

/// How often a document is reviewed, and by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    pub months: u8,
    /// The next day on which it is due.
    pub due_on: Date,
    pub lead_days: u16,
    pub reviewer: UserId,
}

crate::import::words! {
    /// How a review stands against its day.
    Due {
        Later = "later",
        Soon = "soon",
        Overdue = "overdue",
        Done = "done",
    }
}

/// Checks a plan.
pub fn plan(asked: &Plan) -> Result<Plan, DomainError> {
    if asked.months == 0 || asked.months > LONGEST {
        return Err(DomainError::invalid("months"));
    }
    if asked.lead_days > 366 {
        return Err(DomainError::invalid("lead_days"));
    }
    if asked.due_on.year() < 2000 || asked.due_on.year() > 2200 {
        return Err(DomainError::invalid("due_on"));
    }
    Ok(asked.clone())
}

/// How an open review stands on a day.
pub fn due(due_on: Date, lead_days: u16, today: Date) -> Due {
    if due_on < today {
        Due::Overdue
    } else if due_on.saturating_sub(i64::from(lead_days).days()) <= today {
        Due::Soon
    } else {
        Due::Later
    }
}

/// The next due day after a review was approved: the rhythm of the plan is kept, and what was missed is not made up for.
pub fn next_due(due_on: Date, months: u8, approved_on: Date) -> Date {
    let step = i64::from(months.max(1));
    let mut n = 1;
    loop {
        // From the first day each time: 31 January plus one month plus one month is 31 March, not 28.
        let next = due_on.saturating_add((step * n).months());
        if next > approved_on || next == Date::MAX {
            return next;
        }
        n += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_review_is_coming_up_within_its_lead_time_and_then_overdue() {
        let day = date(2026, 11, 22);
        assert_eq!(due(date(2026, 11, 21), 42, day), Due::Overdue);
        assert_eq!(due(date(2026, 11, 22), 0, day), Due::Soon);
        assert_eq!(due(date(2027, 1, 3), 42, day), Due::Soon);
        assert_eq!(due(date(2027, 1, 4), 42, day), Due::Later);
    }

    #[test]
    fn the_rhythm_is_kept_and_the_next_day_lies_ahead() {
        assert_eq!(next_due(date(2026, 11, 1), 12, date(2026, 11, 22)), date(2027, 11, 1));
        assert_eq!(next_due(date(2026, 12, 1), 12, date(2026, 11, 22)), date(2027, 12, 1));
        assert_eq!(next_due(date(2024, 2, 29), 12, date(2026, 11, 22)), date(2027, 2, 28));
        assert_eq!(next_due(date(2026, 1, 31), 1, date(2026, 2, 28)), date(2026, 3, 31));
    }

    #[test]
    fn an_interval_is_at_most_two_years() {
        let asked = |months| Plan {
            months,
            due_on: date(2027, 1, 1),
            lead_days: LEAD_DAYS,
            reviewer: UserId::from_uuid(uuid::Uuid::nil()),
        };
        assert!(plan(&asked(12)).is_ok());
        assert_eq!(plan(&asked(0)), Err(DomainError::invalid("months")));
        assert_eq!(plan(&asked(25)), Err(DomainError::invalid("months")));
    }
}
