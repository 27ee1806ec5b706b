//! Parameters of a measure (Kennwerte): numbers, intervals and named techniques that a text promises, each with a direction.
//!
//! Found by rule in the text, confirmed by a person. A direction tells whether a later text weakens the promise: SCC Annex III
//! is a floor (clause 7.4(a)), so a longer screen lock is weaker, and more generations of backups are stronger.

mod find;
mod others;
mod patterns;
mod quantity;

pub use find::find;
pub use others::{NotParameter, not_parameters};
pub(crate) use patterns::patterns;

use serde::{Deserialize, Serialize};

crate::import::words! {
    /// What a parameter measures.
    Key {
        ScreenLock = "screen_lock",
        SessionIdleTimeout = "session_idle_timeout",
        PasswordMin = "password_min",
        PasswordMax = "password_max",
        UsernameMax = "username_max",
        IdentifierLength = "identifier_length",
        FailedAttempts = "failed_attempts",
        LockoutDuration = "lockout_duration",
        Retention = "retention",
        CctvRetention = "cctv_retention",
        DeletionPeriod = "deletion_period",
        DestructionLevel = "destruction_level",
        ReplacementCycle = "replacement_cycle",
        BackupCopies = "backup_copies",
        BackupGenerations = "backup_generations",
        Availability = "availability",
        RecoveryTime = "recovery_time",
        RecoveryPoint = "recovery_point",
        Interval = "interval",
        Deadline = "deadline",
        NoticePeriod = "notice_period",
        Coverage = "coverage",
        Certificate = "certificate",
        CryptoProtocol = "crypto_protocol",
        KeyLength = "key_length",
        Redundancy = "redundancy",
        Switchover = "switchover",
        Autonomy = "autonomy",
        Threshold = "threshold",
        Capacity = "capacity",
        Classification = "classification",
        Count = "count",
        Duration = "duration",
        Share = "share",
    }
}

crate::import::words! {
    /// How the value binds.
    Op {
        Eq = "eq",
        /// At least.
        Min = "min",
        /// At most.
        Max = "max",
        Approx = "approx",
    }
}

crate::import::words! {
    /// Unit of a value. A duration is written after ISO 8601 (`PT15M`), everything else as a decimal number with a point.
    Unit {
        Duration = "duration",
        Percent = "percent",
        Characters = "characters",
        Copies = "copies",
        Generations = "generations",
        Count = "count",
        Levels = "levels",
        Bit = "bit",
        /// Gigabits a second.
        Gbit = "gbit_per_s",
        /// Megawatts.
        Megawatt = "megawatt",
        /// No number: a name (`TLS 1.3`) or a word without measure ("regelmäßig").
        Text = "text",
    }
}

crate::import::words! {
    /// Which way is stronger.
    Direction {
        LowerStronger = "lower_stronger",
        HigherStronger = "higher_stronger",
        Neutral = "neutral",
    }
}

impl Key {
    pub fn direction(self) -> Direction {
        match self {
            Key::ScreenLock
            | Key::SessionIdleTimeout
            | Key::FailedAttempts
            | Key::Retention
            | Key::CctvRetention
            | Key::DeletionPeriod
            | Key::ReplacementCycle
            | Key::RecoveryTime
            | Key::RecoveryPoint
            | Key::Interval
            | Key::Deadline
            | Key::Switchover => Direction::LowerStronger,
            Key::PasswordMin
            | Key::PasswordMax
            | Key::LockoutDuration
            | Key::DestructionLevel
            | Key::BackupCopies
            | Key::BackupGenerations
            | Key::Availability
            | Key::NoticePeriod
            | Key::KeyLength
            | Key::Redundancy
            | Key::Autonomy => Direction::HigherStronger,
            Key::UsernameMax
            | Key::IdentifierLength
            | Key::Coverage
            | Key::Certificate
            | Key::CryptoProtocol
            | Key::Threshold
            | Key::Capacity
            | Key::Classification
            | Key::Count
            | Key::Duration
            | Key::Share => Direction::Neutral,
        }
    }
}

/// One parameter as it was found, or as a person confirmed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    pub key: Key,
    pub op: Op,
    pub value: String,
    pub unit: Unit,
    /// The words of the text that say so.
    pub quote: String,
}

impl Parameter {
    /// A cadence or deadline whose length nobody said ("regelmäßig", "unverzüglich").
    pub fn is_vague(&self) -> bool {
        self.unit == Unit::Text && !matches!(self.key, Key::Certificate | Key::CryptoProtocol | Key::Coverage)
    }

    /// The value as a number that can be compared: seconds of a duration, else the number itself, in thousandths.
    pub fn measure(&self) -> Option<i64> {
        match self.unit {
            Unit::Text => None,
            Unit::Duration => quantity::seconds(&self.value),
            _ => self.value.parse::<f64>().ok().map(|v| (v * 1000.0).round() as i64),
        }
    }
}

/// How a later value stands against an earlier one of the same key and unit; `None` where they cannot be compared.
pub fn compare(before: &Parameter, after: &Parameter) -> Option<Strength> {
    if before.key != after.key || before.unit != after.unit {
        return None;
    }
    let (old, new) = (before.measure()?, after.measure()?);
    Some(match (before.key.direction(), new.cmp(&old)) {
        (Direction::Neutral, _) | (_, std::cmp::Ordering::Equal) => Strength::Same,
        (Direction::LowerStronger, std::cmp::Ordering::Less)
        | (Direction::HigherStronger, std::cmp::Ordering::Greater) => Strength::Stronger,
        (Direction::LowerStronger, std::cmp::Ordering::Greater)
        | (Direction::HigherStronger, std::cmp::Ordering::Less) => Strength::Weaker,
    })
}

/// What became of a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    Same,
    Stronger,
    Weaker,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_value_is_stronger_or_weaker_by_its_direction() {
        let p = |key, value: &str, unit| Parameter {
            key,
            op: Op::Eq,
            value: value.into(),
            unit,
            quote: String::new(),
        };
        let lock = |v| p(Key::ScreenLock, v, Unit::Duration);
        let kept = |v| p(Key::BackupGenerations, v, Unit::Generations);
        assert_eq!(compare(&lock("PT900S"), &lock("PT15M")), Some(Strength::Same));
        assert_eq!(compare(&lock("PT900S"), &lock("PT10M")), Some(Strength::Stronger));
        assert_eq!(compare(&lock("P1D"), &lock("P1W")), Some(Strength::Weaker));
        assert_eq!(compare(&kept("14"), &kept("7")), Some(Strength::Weaker));
        assert_eq!(compare(&kept("14"), &lock("PT1M")), None);
        assert_eq!(
            compare(&p(Key::Deadline, "unverzüglich", Unit::Text), &p(Key::Deadline, "sofort", Unit::Text)),
            None
        );
    }
}
