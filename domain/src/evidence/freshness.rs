//! How long an evidence still holds, as of a day.

use jiff::civil::Date;

crate::import::words! {
    /// From best to worst, for those that say how fresh a measure's evidence is.
    Freshness {
        Valid = "valid",
        /// Has no end, and a reason for that.
        Undated = "undated",
        NotYetValid = "not_yet_valid",
        /// Ends within [`ENDING`] days.
        Ending = "ending",
        Expired = "expired",
    }
}

/// An evidence that ends within so many days is told beforehand (domain.md, rule E03).
pub const ENDING: i64 = 60;

/// The last day counts as valid.
pub fn freshness(from: Option<Date>, until: Option<Date>, today: Date) -> Freshness {
    if from.is_some_and(|d| d > today) {
        return Freshness::NotYetValid;
    }
    let Some(until) = until else { return Freshness::Undated };
    if until < today {
        Freshness::Expired
    } else if until <= today.saturating_add(jiff::Span::new().days(ENDING)) {
        Freshness::Ending
    } else {
        Freshness::Valid
    }
}

/// The worst of several; `None` where there is none at all.
pub fn worst(all: impl IntoIterator<Item = Freshness>) -> Option<Freshness> {
    all.into_iter().max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_is_still_valid_and_sixty_days_are_told_beforehand() {
        let day = |m: i8, d: i8| Date::constant(2026, m, d);
        let today = day(11, 22);
        let table = [
            (None, Some(day(11, 21)), Freshness::Expired),
            (None, Some(day(11, 22)), Freshness::Ending),
            (None, Some(Date::constant(2027, 1, 21)), Freshness::Ending),
            (None, Some(Date::constant(2027, 1, 22)), Freshness::Valid),
            (Some(day(11, 23)), Some(day(12, 31)), Freshness::NotYetValid),
            (Some(day(1, 1)), None, Freshness::Undated),
        ];
        for (from, until, want) in table {
            assert_eq!(freshness(from, until, today), want, "{from:?} {until:?}");
        }
        assert_eq!(
            worst([Freshness::Valid, Freshness::Expired, Freshness::Undated]),
            Some(Freshness::Expired)
        );
        assert_eq!(worst([]), None);
    }
}
