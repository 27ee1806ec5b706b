//! State is a word with a shape, never a colour alone.

use crate::context::lang;
use leptos::prelude::*;
use tomfolio_domain::evidence::Freshness;
use tomfolio_domain::findings::FindingState;
use tomfolio_domain::import::Scope;
use tomfolio_domain::lint::Severity;
use tomfolio_domain::measures::Status;
use tomfolio_domain::reviews::{Due, Effectiveness};
use tomfolio_locales::{Lang, evidence, finding, lint, promise, review, scope, status};

pub fn status_word(l: Lang, s: Status) -> &'static str {
    status::word(l, s.as_str())
}

pub fn scope_word(l: Lang, s: Scope) -> &'static str {
    scope::word(l, s.as_str())
}

/// An interval for people: `P1Y` is "jährlich", `P3M` "alle 3 Monate".
pub fn every(l: Lang, iso: &str) -> String {
    match iso {
        "P1D" => promise::daily(l).to_owned(),
        "P7D" | "P1W" => promise::weekly(l).to_owned(),
        "P1M" => promise::monthly(l).to_owned(),
        "P1Y" | "P12M" => promise::yearly(l).to_owned(),
        _ => promise::every(l, duration(l, iso)),
    }
}

/// An ISO 8601 duration for people: `P3M` is "3 Monate".
pub fn duration(l: Lang, iso: &str) -> String {
    let n: String = iso.chars().filter(|c| c.is_ascii_digit()).collect();
    match (iso.contains('T'), iso.chars().last()) {
        (true, Some('S')) => promise::seconds(l, n),
        (true, Some('M')) => promise::minutes(l, n),
        (true, Some('H')) => promise::hours(l, n),
        (_, Some('D')) => promise::days(l, n),
        (_, Some('W')) => promise::weeks(l, n),
        (_, Some('M')) => promise::months(l, n),
        (_, Some('Y')) => promise::years(l, n),
        _ => iso.to_owned(),
    }
}

/// A date as its readers write it: `22.11.2026`, in English ISO 8601.
pub fn shown_date(l: Lang, date: jiff::civil::Date) -> String {
    match l {
        Lang::De => format!("{:02}.{:02}.{}", date.day(), date.month(), date.year()),
        Lang::En => date.to_string(),
    }
}

/// Shape and colour class of a status.
fn shape(s: Status) -> (&'static str, &'static str) {
    match s {
        Status::Implemented => (
            "ok",
            "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm3.4 5.3-4 4.4a.7.7 0 0 1-1 0L4.500 8.800l1-1 1.400 1.400 3.500-3.900Z",
        ),
        Status::PartiallyImplemented | Status::InProgress => {
            ("warn", "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm0 1.500v11a5.500 5.500 0 0 1 0-11Z")
        }
        Status::AcceptedGap => ("warn", "M8 1 1 8l7 7 7-7Zm0 2.200L12.800 8 8 12.800 3.200 8Z"),
        Status::ToConfirm => {
            ("warn", "M8 1 0.800 14.500h14.400Zm-.8 5h1.600v4H7.200Zm0 5h1.600v1.500H7.200Z")
        }
        Status::Planned => (
            "muted",
            "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm0 1.500a5.500 5.500 0 1 1 0 11 5.500 5.500 0 0 1 0-11Z",
        ),
        Status::NotApplicable | Status::Retired | Status::CustomerDuty => ("muted", "M2 7.200h12v1.600H2Z"),
    }
}

/// A status with its shape and its word.
#[component]
pub fn StatusMark(status: Status) -> impl IntoView {
    let (class, path) = shape(status);
    mark(class, path, status_word(lang(), status))
}

/// A word with its shape before it.
fn mark(class: &'static str, path: &'static str, word: &'static str) -> impl IntoView {
    view! {
        <span class=format!("mark {class}")>
            <svg viewBox="0 0 16 16" width="13" height="13" aria-hidden="true">
                <path fill="currentColor" fill-rule="evenodd" d=path></path>
            </svg>
            {word}
        </span>
    }
}

/// How fresh evidence is, with its shape and its word; `None`: there is none.
#[component]
pub fn FreshnessMark(freshness: Option<Freshness>) -> impl IntoView {
    let l = lang();
    let (class, path) = match freshness {
        Some(Freshness::Valid | Freshness::Undated) => shape(Status::Implemented),
        Some(Freshness::Ending | Freshness::NotYetValid) => shape(Status::InProgress),
        Some(Freshness::Expired) => ("danger", CROSS),
        None => shape(Status::Planned),
    };
    let word = freshness.map_or_else(|| evidence::missing(l), |f| evidence::word(l, f.as_str()));
    mark(class, path, word)
}

/// The shape of something that is over its day.
const CROSS: &str = "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm3 9-1 1-2-2-2 2-1-1 2-2-2-2 1-1 2 2 2-2 1 1-2 2Z";

/// How much a quality hint weighs.
#[component]
pub fn SeverityMark(severity: Severity) -> impl IntoView {
    let (class, path) = match severity {
        Severity::Error => ("danger", CROSS),
        Severity::Warn => shape(Status::ToConfirm),
        Severity::Info => shape(Status::Planned),
    };
    mark(class, path, lint::word(lang(), severity.as_str()))
}

/// How a review stands against its day.
#[component]
pub fn DueMark(due: Due) -> impl IntoView {
    let (class, path) = match due {
        Due::Done => shape(Status::Implemented),
        Due::Soon => shape(Status::InProgress),
        Due::Overdue => ("danger", CROSS),
        Due::Later => shape(Status::Planned),
    };
    mark(class, path, review::word(lang(), due.as_str()))
}

/// How a finding stands.
#[component]
pub fn FindingMark(state: FindingState, overdue: bool) -> impl IntoView {
    let l = lang();
    let (class, path) = match state {
        FindingState::Closed => shape(Status::Implemented),
        FindingState::Mended => shape(Status::InProgress),
        FindingState::Open if overdue => ("danger", CROSS),
        FindingState::Open => shape(Status::ToConfirm),
    };
    mark(class, path, if overdue { finding::overdue(l) } else { finding::word(l, state.as_str()) })
}

/// What the last review said about a measure; `None`: nobody has tested it yet.
#[component]
pub fn EffectMark(effectiveness: Option<Effectiveness>) -> impl IntoView {
    let l = lang();
    let (class, path) = match effectiveness {
        Some(Effectiveness::Effective) => shape(Status::Implemented),
        Some(Effectiveness::Partial) => shape(Status::InProgress),
        Some(Effectiveness::Ineffective) => ("danger", CROSS),
        Some(Effectiveness::Untestable) | None => shape(Status::Planned),
    };
    mark(class, path, effectiveness.map_or_else(|| review::untested(l), |e| review::word(l, e.as_str())))
}

#[cfg(test)]
mod tests {
    use tomfolio_domain::actor::Role;
    use tomfolio_domain::catalogues::Protection;
    use tomfolio_domain::catalogues::{CatalogueCode, GoalKey};
    use tomfolio_domain::documents::ProcessingRole;
    use tomfolio_domain::evidence::{Audience, EvidenceKind, Freshness};
    use tomfolio_domain::findings::FindingState;
    use tomfolio_domain::import::{NotTakenReason, RepairKind, Scope};
    use tomfolio_domain::lint::{Rule, Severity};
    use tomfolio_domain::mails::MailKind;
    use tomfolio_domain::measures::{self, MeasureKind, Status};
    use tomfolio_domain::parameters::{Direction, Key, Op, Unit};
    use tomfolio_domain::policy::Action;
    use tomfolio_domain::promises::{Duty, PromiseState};
    use tomfolio_domain::releases::{ReleaseState, Stage, Statement};
    use tomfolio_domain::reviews::{Adequacy, Due, Effectiveness, Grade, Method, ReviewState};
    use tomfolio_domain::shares::{Item, ShareState};
    use tomfolio_domain::subprocessors::{Missing, SubprocessorState};
    use tomfolio_domain::typing::Format;
    use tomfolio_locales::{
        Lang, audit, catalogue, evidence, finding, goal, hint, import, lint, mail, measure, parameter,
        processing_role, promise, protection, release, review, role, scope, share, status, subprocessor,
        typing,
    };

    #[test]
    fn every_value_of_every_list_has_its_word_in_both_languages() {
        for l in [Lang::De, Lang::En] {
            let words = [
                Status::ALL.map(|v| status::word(l, v.as_str())).to_vec(),
                PromiseState::ALL.map(|v| promise::word(l, v.as_str())).to_vec(),
                Duty::ALL.map(|v| promise::word(l, v.as_str())).to_vec(),
                CatalogueCode::ALL.map(|v| catalogue::word(l, &v.as_str().replace(['-', '.'], "_"))).to_vec(),
                Severity::ALL.map(|v| lint::word(l, v.as_str())).to_vec(),
                MeasureKind::ALL.map(|v| measure::word(l, v.as_str())).to_vec(),
                GoalKey::ALL.map(|v| goal::word(l, v.as_str())).to_vec(),
                GoalKey::ALL.map(|v| goal::word(l, &format!("{v}_why"))).to_vec(),
                Rule::ALL.map(|v| hint::word(l, v.as_str())).to_vec(),
                Rule::ALL.map(|v| hint::word(l, &format!("{v}_why"))).to_vec(),
                Rule::ALL.map(|v| hint::word(l, &format!("{v}_mend"))).to_vec(),
                Key::ALL.map(|v| parameter::word(l, v.as_str())).to_vec(),
                Op::ALL.map(|v| parameter::word(l, &format!("op_{v}"))).to_vec(),
                Unit::ALL.map(|v| parameter::word(l, &format!("unit_{v}"))).to_vec(),
                Direction::ALL.map(|v| parameter::word(l, v.as_str())).to_vec(),
                Scope::ALL.map(|v| scope::word(l, v.as_str())).to_vec(),
                ProcessingRole::ALL.map(|v| processing_role::word(l, v.as_str())).to_vec(),
                Role::ALL.map(|v| role::word(l, v.as_str())).to_vec(),
                RepairKind::ALL.map(|v| import::word(l, v.as_str())).to_vec(),
                NotTakenReason::ALL.map(|v| import::word(l, v.as_str())).to_vec(),
                ReleaseState::ALL.map(|v| release::word(l, v.as_str())).to_vec(),
                Protection::ALL.map(|v| protection::word(l, v.as_str())).to_vec(),
                Item::ALL.map(|v| share::word(l, v.as_str())).to_vec(),
                ShareState::ALL.map(|v| share::word(l, v.as_str())).to_vec(),
                EvidenceKind::ALL.map(|v| evidence::word(l, v.as_str())).to_vec(),
                Audience::ALL.map(|v| evidence::word(l, v.as_str())).to_vec(),
                Freshness::ALL.map(|v| evidence::word(l, v.as_str())).to_vec(),
                Stage::ALL.map(|v| release::word(l, v.as_str())).to_vec(),
                Statement::ALL.map(|v| release::word(l, v.as_str())).to_vec(),
                ReviewState::ALL.map(|v| review::word(l, v.as_str())).to_vec(),
                Due::ALL.map(|v| review::word(l, v.as_str())).to_vec(),
                Method::ALL.map(|v| review::word(l, v.as_str())).to_vec(),
                Adequacy::ALL.map(|v| review::word(l, v.as_str())).to_vec(),
                Effectiveness::ALL.map(|v| review::word(l, v.as_str())).to_vec(),
                Grade::ALL.map(|v| review::word(l, v.as_str())).to_vec(),
                FindingState::ALL.map(|v| finding::word(l, v.as_str())).to_vec(),
                MailKind::ALL.map(|v| mail::word(l, &format!("{v}_subject"))).to_vec(),
                MailKind::ALL.map(|v| mail::word(l, &format!("{v}_text"))).to_vec(),
                measures::Audience::ALL.map(|v| measure::word(l, &format!("for_{v}"))).to_vec(),
                SubprocessorState::ALL.map(|v| subprocessor::word(l, v.as_str())).to_vec(),
                Missing::ALL.map(|v| subprocessor::word(l, v.as_str())).to_vec(),
                Format::ALL.map(|v| typing::word(l, v.as_str())).to_vec(),
                Action::ALL.map(|v| audit::word(l, &v.as_str().replace('/', "_"))).to_vec(),
            ];
            let lacking: Vec<_> = words.iter().filter(|list| list.contains(&"?")).collect();
            assert!(lacking.is_empty(), "{lacking:?}");
        }
    }
}
