//! Reviews (Prüfungen): what is due, one review as a whole, one measure after the other.

mod api;
mod judge;
mod list;
mod show;

pub use judge::JudgePage;
pub use list::ListPage;
pub use show::ShowPage;

use crate::components::shown_date;
use tomfolio_domain::reviews::{NewFinding, Verdict};
use tomfolio_locales::{Lang, review as w};

/// Method and sample in one sentence.
fn tested(l: Lang, v: &Verdict) -> String {
    let what = if v.of_what.is_empty() { String::new() } else { format!(" {}", v.of_what) };
    if v.drawn == 0 {
        return w::tested_nothing(l, w::word(l, v.method.as_str()));
    }
    w::tested(l, v.drawn, w::word(l, v.method.as_str()), v.population, what)
}

/// A finding in one sentence: how grave, what, who mends it until when.
fn found(l: Lang, f: &NewFinding) -> String {
    w::found(l, shown_date(l, f.due), w::word(l, f.grade.as_str()), &f.owner, &f.text)
}
