//! Finds the promises of a text, each with the duty, the interval and the evidence that are proposed for it.

use super::Duty;
use crate::canonical::sha256_hex;
use crate::evidence::EvidenceKind;
use crate::parameters::{self, Key, Parameter};
use crate::prose::sentences;
use serde::{Deserialize, Serialize};

/// A promise as the text gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    pub sentence: String,
    pub parameter: Parameter,
    pub duty: Duty,
    /// How often its proof is proposed to be shown, in ISO 8601.
    pub interval: String,
    /// What would prove it.
    pub evidence: EvidenceKind,
}

impl Promise {
    /// The name of this promise at a measure (its id): it changes when its sentence does.
    pub fn mark(&self, at: &str) -> String {
        let said: Vec<&str> = self.sentence.split_whitespace().collect();
        let p = &self.parameter;
        let key = format!("{at}\n{} {} {}\n{}", p.key, p.op, p.value, said.join(" "));
        sha256_hex(key.as_bytes()).chars().take(16).collect()
    }
}

/// Every cadence and number of a text. A technique that is only named (TLS) is a parameter, not a promise that falls due.
pub fn find(label: &str, text: &str) -> Vec<Promise> {
    let mut out = Vec::new();
    for s in sentences(text) {
        let sentence = text.get(s).unwrap_or_default();
        for parameter in parameters::find(label, sentence) {
            if parameter.key == Key::CryptoProtocol {
                continue;
            }
            let (duty, interval, evidence) = proposed(&parameter);
            out.push(Promise { sentence: sentence.to_owned(), parameter, duty, interval, evidence });
        }
    }
    out
}

fn proposed(p: &Parameter) -> (Duty, String, EvidenceKind) {
    use EvidenceKind as E;
    let (duty, every, evidence) = match p.key {
        Key::Interval if !p.is_vague() => return (Duty::Repeat, p.value.clone(), E::TestReport),
        // "Regularly" promises something, but not when: a year until somebody says it.
        Key::Interval => (Duty::Repeat, "P1Y", E::TestReport),
        Key::ReplacementCycle => (Duty::Repeat, "P1Y", E::Statement),
        Key::Deadline | Key::NoticePeriod => (Duty::React, "P1Y", E::LogExtract),
        Key::RecoveryTime | Key::RecoveryPoint | Key::Switchover | Key::Autonomy => {
            (Duty::React, "P1Y", E::TestReport)
        }
        Key::Availability => (Duty::Hold, "P1M", E::AuditReport),
        Key::BackupCopies | Key::BackupGenerations => (Duty::Hold, "P3M", E::LogExtract),
        Key::Certificate => (Duty::Hold, "P1Y", E::Certificate),
        Key::Retention | Key::CctvRetention | Key::DeletionPeriod => (Duty::Hold, "P1Y", E::LogExtract),
        Key::DestructionLevel => (Duty::Hold, "P1Y", E::Statement),
        Key::ScreenLock
        | Key::SessionIdleTimeout
        | Key::PasswordMin
        | Key::PasswordMax
        | Key::UsernameMax
        | Key::IdentifierLength
        | Key::FailedAttempts
        | Key::LockoutDuration
        | Key::KeyLength => (Duty::Hold, "P1Y", E::LogExtract),
        Key::Coverage
        | Key::Capacity
        | Key::Redundancy
        | Key::Threshold
        | Key::Classification
        | Key::Count
        | Key::Duration
        | Key::Share => (Duty::Hold, "P1Y", E::Statement),
        Key::CryptoProtocol => (Duty::Hold, "P3M", E::TestReport),
    };
    (duty, every.to_owned(), evidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cadence_and_number_is_a_promise_with_what_it_asks_for() {
        let text = "Die Rücksicherung wird vierteljährlich getestet. Übertragen wird mit TLS 1.3. Vorgehalten werden 30 Generationen. Rechte werden regelmäßig geprüft.";
        let said: Vec<_> =
            find("", text).into_iter().map(|p| (p.duty, p.interval, p.evidence, p.parameter.quote)).collect();
        assert_eq!(
            said,
            [
                (Duty::Repeat, "P3M".into(), EvidenceKind::TestReport, "vierteljährlich".into()),
                (Duty::Hold, "P3M".into(), EvidenceKind::LogExtract, "30 Generationen".into()),
                (Duty::Repeat, "P1Y".into(), EvidenceKind::TestReport, "regelmäßig".into()),
            ]
        );
    }

    #[test]
    fn a_promise_keeps_its_name_until_its_sentence_changes() {
        let mark = |t: &str| find("", t)[0].mark("mea_1");
        assert_eq!(mark("Es gibt 14 Generationen."), mark("Es gibt  14 Generationen."));
        assert_ne!(mark("Es gibt 14 Generationen."), mark("Es gibt 7 Generationen."));
    }
}
