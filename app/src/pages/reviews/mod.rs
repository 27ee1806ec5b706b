//! Reviews (Prüfungen): what is due, one review as a whole, one measure after the other.

mod api;
mod judge;
mod list;
mod show;

pub use judge::JudgePage;
pub use list::ListPage;
pub use show::ShowPage;
