//! The clock, handed in once: the system's, or one that a test moves.

use jiff::Timestamp;
use jiff::civil::Date;
use std::sync::{Arc, Mutex};

#[derive(Clone)]
pub enum Clock {
    System,
    Set(Arc<Mutex<Timestamp>>),
}

impl Clock {
    pub fn now(&self) -> Timestamp {
        match self {
            Clock::System => Timestamp::now(),
            Clock::Set(at) => at.lock().map(|t| *t).unwrap_or_else(|e| *e.into_inner()),
        }
    }
}

/// `22.11.2026, 14:05` in Berlin's time: what people read.
pub fn shown(micros: i64) -> String {
    let at = Timestamp::from_microsecond(micros).unwrap_or_default();
    let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap_or(jiff::tz::TimeZone::UTC);
    at.to_zoned(zone).strftime("%d.%m.%Y, %H:%M").to_string()
}

/// The day in Berlin.
pub fn day(at: Timestamp) -> Date {
    let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap_or(jiff::tz::TimeZone::UTC);
    at.to_zoned(zone).date()
}

/// The day in Berlin of a stored moment.
pub fn day_of(micros: i64) -> Date {
    day(Timestamp::from_microsecond(micros).unwrap_or_default())
}

/// `2026-11-22` as `22.11.2026` for German readers.
pub fn shown_date(iso: &str, german: bool) -> String {
    match iso.split('-').collect::<Vec<_>>().as_slice() {
        [y, m, d] if german => format!("{d}.{m}.{y}"),
        _ => iso.to_owned(),
    }
}
