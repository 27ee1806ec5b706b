//! Releases (Fassungen): what was released, what waits, and the file.

mod api;
mod list;
mod show;

pub use list::ListPage;
pub use show::ShowPage;

use tomfolio_domain::releases::{ReleaseState, Stage};
use tomfolio_locales::{Lang, release as w};

fn state_word(l: Lang, s: ReleaseState) -> &'static str {
    match s {
        ReleaseState::Draft => w::draft(l),
        ReleaseState::Ready => w::ready(l),
        ReleaseState::Released => w::released(l),
        ReleaseState::Superseded => w::superseded(l),
    }
}

fn stage_word(l: Lang, s: Stage) -> &'static str {
    match s {
        Stage::None => "",
        Stage::Queued => w::queued(l),
        Stage::Rendering => w::rendering(l),
        Stage::Sealing => w::sealing(l),
        Stage::Done => w::done(l),
        Stage::Failed => w::failed(l),
    }
}
