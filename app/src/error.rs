//! What crosses the wire when something is refused: no personal data, no SQL, no path, no secret.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};
use tomfolio_domain::error::DomainError;
use tomfolio_locales::{Lang, error as words};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum AppError {
    #[error(transparent)]
    Domain(#[from] DomainError),
    /// The request did not arrive or could not be read.
    #[error("the request could not be read")]
    Transport,
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;
    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        AppError::Transport
    }
}

impl AppError {
    pub fn status(&self) -> u16 {
        match self {
            AppError::Domain(e) => e.status(),
            AppError::Transport => 400,
        }
    }

    /// A word for an address (see [`code`]).
    pub fn code(&self) -> String {
        match self {
            AppError::Domain(e) => code(e),
            AppError::Transport => "transport".to_owned(),
        }
    }

    /// One sentence that says what to do.
    pub fn sentence(&self, l: Lang) -> String {
        match self {
            AppError::Transport => words::transport(l).to_owned(),
            AppError::Domain(e) => sentence(e, l),
        }
    }
}

/// A refusal as a word for an address, so that a page without script can say it: `missing.sample`, `own_work`.
pub fn code(e: &DomainError) -> String {
    match e {
        DomainError::Missing { field } => format!("missing.{field}"),
        DomainError::Invalid { field } => format!("invalid.{field}"),
        DomainError::TooLong { field, max } => format!("too_long.{field}.{max}"),
        DomainError::ControlCharacter { field } => format!("control_character.{field}"),
        DomainError::Change { why } => format!("change.{why}"),
        DomainError::CsvLine { line } => format!("csv_line.{line}"),
        DomainError::Internal { .. } => "busy".to_owned(),
        other => {
            serde_json::to_value(other).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
        }
    }
}

/// What [`code`] wrote, as a sentence; anything else is the sentence that says that it did not work.
pub fn told(code: &str, l: Lang) -> String {
    read(code).sentence(l)
}

/// What [`AppError::code`] wrote; anything else is `WrongState`.
pub fn read(code: &str) -> AppError {
    let mut parts = code.split('.');
    let (kind, field) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let max = parts.next().and_then(|n| n.parse().ok()).unwrap_or_default();
    let field: std::borrow::Cow<'static, str> = std::borrow::Cow::Owned(field.to_owned());
    let error = match kind {
        "transport" => return AppError::Transport,
        "change" => field.as_ref().parse().map_or(DomainError::WrongState, |why| DomainError::Change { why }),
        "csv_line" => DomainError::CsvLine { line: field.parse().unwrap_or_default() },
        "missing" => DomainError::Missing { field },
        "invalid" => DomainError::Invalid { field },
        "too_long" => DomainError::TooLong { field, max },
        "control_character" => DomainError::ControlCharacter { field },
        word => serde_json::from_value(word.into()).unwrap_or(DomainError::WrongState),
    };
    error.into()
}

/// The refusal as a sentence.
pub fn sentence(e: &DomainError, l: Lang) -> String {
    match e {
        DomainError::NotFound => words::not_found(l).to_owned(),
        DomainError::SignedOut => words::signed_out(l).to_owned(),
        DomainError::Forbidden => words::forbidden(l).to_owned(),
        DomainError::StepUp => words::step_up(l).to_owned(),
        DomainError::Missing { field } => words::missing(l, field_word(field, l)),
        DomainError::Invalid { field } if field == "password" => words::password(l).to_owned(),
        DomainError::Invalid { field } => words::invalid(l, field_word(field, l)),
        DomainError::TooLong { field, max } => words::too_long(l, field_word(field, l), max),
        DomainError::ControlCharacter { field } => words::control_character(l, field_word(field, l)),
        DomainError::MarkdownTooComplex => words::markdown_too_complex(l).to_owned(),
        DomainError::Stale => words::stale(l).to_owned(),
        DomainError::ImplementedNeedsOwner => words::implemented_needs_owner(l).to_owned(),
        DomainError::ImplementedNeedsGoal => words::implemented_needs_goal(l).to_owned(),
        DomainError::ReasonTooShort => words::reason_too_short(l).to_owned(),
        DomainError::GapNeedsDecision => words::gap_needs_decision(l).to_owned(),
        DomainError::RetiredNeedsReason => words::retired_needs_reason(l).to_owned(),
        DomainError::Frozen => words::frozen(l).to_owned(),
        DomainError::OwnWork => words::own_work(l).to_owned(),
        DomainError::SamePerson => words::same_person(l).to_owned(),
        DomainError::LastAdmin => words::last_admin(l).to_owned(),
        DomainError::AlreadyMember => words::already_member(l).to_owned(),
        DomainError::Unjudged => words::unjudged(l).to_owned(),
        DomainError::OpinionMissing => words::opinion_missing(l).to_owned(),
        DomainError::Blocked => words::blocked(l).to_owned(),
        DomainError::WrongState => words::wrong_state(l).to_owned(),
        DomainError::TooMany => words::too_many(l).to_owned(),
        DomainError::Change { why } => tomfolio_locales::import::word(l, why.as_str()).to_owned(),
        DomainError::CsvLine { line } => words::csv_line(l, line),
        DomainError::Busy => words::busy(l).to_owned(),
        DomainError::Internal { reference } => words::internal(l, reference),
    }
}

fn field_word(field: &str, l: Lang) -> &'static str {
    match field {
        "text" => words::field_text(l),
        "label" => words::field_label(l),
        "owner" => words::field_owner(l),
        "title" => words::field_title(l),
        "reason" | "status_reason" => words::field_reason(l),
        "issuer" => words::field_issuer(l),
        "proves" => words::field_proves(l),
        "valid_until" => words::field_valid_until(l),
        "valid_from" => words::field_valid_from(l),
        "file" => words::field_file(l),
        "until" => words::field_until(l),
        "customer" => words::field_customer(l),
        "method" => words::field_method(l),
        "sample" => words::field_sample(l),
        "adequacy" => words::field_adequacy(l),
        "effectiveness" => words::field_effectiveness(l),
        "comment" => words::field_comment(l),
        "finding" => words::field_finding(l),
        "due" | "due_on" => words::field_due(l),
        "criteria" => words::field_criteria(l),
        "note" => words::field_note(l),
        "reviewer" => words::field_reviewer(l),
        "opinion" => words::field_opinion(l),
        "lead_days" => words::field_lead_days(l),
        "known" => words::field_known(l),
        "name" => words::field_name(l),
        "email" => words::field_email(l),
        "roles" => words::field_roles(l),
        "hints" => words::field_hints(l),
        "measures" => words::field_measures(l),
        "promises" => words::field_promises(l),
        "interval" => words::field_interval(l),
        "goals" => words::field_goals(l),
        "sides" => words::field_sides(l),
        "months" => words::field_months(l),
        "csv" => words::field_csv(l),
        "licence" => words::field_licence(l),
        "internal" => words::field_internal(l),
        "law" => words::field_law(l),
        "service" => words::field_service(l),
        "audited_on" => words::field_audited_on(l),
        "next_audit" => words::field_next_audit(l),
        _ => words::field_other(l),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_in_an_address_says_the_same_as_the_refusal() {
        let all = [
            DomainError::missing("sample"),
            DomainError::invalid("due"),
            DomainError::TooLong { field: "note".into(), max: 4_000 },
            DomainError::OwnWork,
            DomainError::SamePerson,
            DomainError::Stale,
        ];
        for e in all {
            assert_eq!(told(&code(&e), Lang::De), sentence(&e, Lang::De), "{}", code(&e));
        }
        assert_eq!(told("<script>", Lang::De), sentence(&DomainError::WrongState, Lang::De));
    }
}
