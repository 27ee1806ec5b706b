//! The 60 facts that people read out of the seeds are found as parameters, or listed with the reason why they are none.

use serde_json::Value;
use tomfolio_domain::import::Imported;
use tomfolio_domain::parameters::{Key, NotParameter, Parameter, find, not_parameters};

/// The keys under which a kind of fact may be found.
fn keys(kind: &str) -> &'static [Key] {
    match kind {
        "crypto_protocol" => &[Key::CryptoProtocol],
        "replacement_cycle" => &[Key::ReplacementCycle],
        "backup_copies" => &[Key::BackupCopies],
        "review_interval" => &[Key::Interval],
        "deadline" => &[Key::Deadline],
        "certificate" => &[Key::Certificate],
        "coverage" => &[Key::Coverage],
        "retention" => &[Key::Retention, Key::CctvRetention],
        "screen_lock" => &[Key::ScreenLock],
        "deletion_period" => &[Key::DeletionPeriod],
        "username_max" => &[Key::UsernameMax],
        "password_length" => &[Key::PasswordMin, Key::PasswordMax],
        "password_max" => &[Key::PasswordMax],
        "identifier_length" => &[Key::IdentifierLength],
        "session_timeout" => &[Key::SessionIdleTimeout],
        "redundancy" => &[Key::Redundancy],
        "availability" => &[Key::Availability],
        "switchover" => &[Key::Switchover],
        "autonomy" => &[Key::Autonomy],
        "threshold" => &[Key::Threshold],
        "capacity" => &[Key::Capacity],
        "count" => &[Key::Count],
        "recovery_time" => &[Key::RecoveryTime],
        "notice_period" => &[Key::NoticePeriod],
        "classification" => &[Key::Classification],
        "backup_generations" => &[Key::BackupGenerations],
        _ => &[],
    }
}

/// The values of a fact as parameters write them.
fn values(fact: &Value) -> Vec<String> {
    let unit = fact["unit"].as_str().unwrap_or_default();
    let one = |v: &Value| match v {
        Value::Number(n) => {
            let n = n.to_string();
            let n = n.strip_suffix(".0").unwrap_or(&n).to_owned();
            match unit {
                "s" => format!("PT{n}S"),
                "min" => format!("PT{n}M"),
                "h" => format!("PT{n}H"),
                "day" => format!("P{n}D"),
                "month" => format!("P{n}M"),
                "year" => format!("P{n}Y"),
                _ => n,
            }
        }
        other => other.as_str().unwrap_or_default().to_owned(),
    };
    match &fact["value"] {
        Value::Array(list) => list.iter().map(one).collect(),
        v => vec![one(v)],
    }
}

fn same(found: &Parameter, want: &str) -> bool {
    let plain = |s: &str| s.to_lowercase().replace([' ', '-'], "");
    let measured = |v: &str| {
        Parameter { value: v.to_owned(), unit: found.unit, ..found.clone() }
            .measure()
            .filter(|_| v.starts_with(['P', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']))
    };
    plain(&found.value) == plain(want)
        || (found.measure().is_some() && found.measure() == measured(want))
        // A word without measure stands as it was said; the facts call it undefined or give the coverage in hours.
        || (want == "undefined" && found.is_vague())
        || (want == "24h" && found.value == "24x7")
}

fn leaf<'a>(of: &'a [Imported], code: &str) -> (&'a str, &'a str) {
    let all = of.iter().flat_map(|i| i.leaves());
    let n =
        all.into_iter().find(|n| n.code.as_deref() == Some(code)).unwrap_or_else(|| panic!("no leaf {code}"));
    (n.label.as_deref().unwrap_or_default(), n.text.as_deref().unwrap_or_default())
}

#[test]
fn sixty_facts_are_found_or_listed_with_the_reason() {
    let Some(dir) = crate::folder() else { return };
    let both = [crate::imported(&dir, "000"), crate::imported(&dir, "004")];
    let facts = crate::truth(&dir, "facts.json");
    let facts = facts.as_array().unwrap();
    assert_eq!(facts.len(), 60);
    let (mut found, mut listed, mut missed) = (0, 0, Vec::new());
    for fact in facts {
        let (item, quote, kind) =
            (fact["item"].as_str().unwrap(), fact["quote"].as_str().unwrap(), fact["kind"].as_str().unwrap());
        let (label, text) = leaf(&both, item);
        let why = match kind {
            "location" => Some(NotParameter::Place),
            "evidence_hint" => Some(NotParameter::Evidence),
            "role_list" => Some(NotParameter::Roles),
            _ => None,
        };
        if let Some(why) = why {
            let all = not_parameters(text);
            match all.iter().any(|(said, reason)| {
                *reason == why && (quote.contains(said.as_str()) || said.contains(quote))
            }) {
                true => listed += 1,
                false => missed.push(format!("{item} {quote}: not listed as {why}, only {all:?}")),
            }
            continue;
        }
        let all = find(label, text);
        let of_kind: Vec<&Parameter> = all.iter().filter(|p| keys(kind).contains(&p.key)).collect();
        let overlaps = |p: &Parameter| {
            let words = |s: &str| s.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
            words(&p.quote)
                .iter()
                .any(|w| words(quote).iter().any(|q| q.contains(w.as_str()) || w.contains(q.as_str())))
        };
        match values(fact).iter().all(|v| of_kind.iter().any(|p| same(p, v) && overlaps(p))) {
            true => found += 1,
            false => missed.push(format!("{item} {quote} ({kind} {:?}): {all:?}", values(fact))),
        }
    }
    assert!(missed.is_empty(), "{} missed:\n{}", missed.len(), missed.join("\n"));
    assert_eq!((found, listed), (56, 4));
}
