//! Releases (Fassungen): what was released, what waits, and the file.

mod api;
mod frozen;
mod list;
mod show;

pub use list::ListPage;
pub use show::ShowPage;

use tomfolio_domain::releases::{ReleaseState, Stage};
use tomfolio_locales::{Lang, release as w};

fn state_word(l: Lang, s: ReleaseState) -> &'static str {
    w::word(l, s.as_str())
}

fn stage_word(l: Lang, s: Stage) -> &'static str {
    w::word(l, s.as_str())
}
