//! State is a word with a shape, never a colour alone.

use crate::context::lang;
use leptos::prelude::*;
use tomfolio_domain::import::Scope;
use tomfolio_domain::measures::Status;
use tomfolio_locales::{Lang, scope, status};

pub fn status_word(l: Lang, s: Status) -> &'static str {
    match s {
        Status::ToConfirm => status::to_confirm(l),
        Status::Planned => status::planned(l),
        Status::InProgress => status::in_progress(l),
        Status::PartiallyImplemented => status::partially_implemented(l),
        Status::Implemented => status::implemented(l),
        Status::NotApplicable => status::not_applicable(l),
        Status::AcceptedGap => status::accepted_gap(l),
        Status::Retired => status::retired(l),
    }
}

pub fn scope_word(l: Lang, s: Scope) -> &'static str {
    match s {
        Scope::Own => scope::own(l),
        Scope::Customer => scope::customer(l),
        Scope::Hosting => scope::hosting(l),
        Scope::Internal => scope::internal(l),
        Scope::Unspecified => scope::unspecified(l),
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
        Status::NotApplicable | Status::Retired => ("muted", "M2 7.200h12v1.600H2Z"),
    }
}

/// A status with its shape and its word.
#[component]
pub fn StatusMark(status: Status) -> impl IntoView {
    let (class, path) = shape(status);
    view! {
        <span class=format!("mark {class}")>
            <svg viewBox="0 0 16 16" width="13" height="13" aria-hidden="true">
                <path fill="currentColor" fill-rule="evenodd" d=path></path>
            </svg>
            {status_word(lang(), status)}
        </span>
    }
}
