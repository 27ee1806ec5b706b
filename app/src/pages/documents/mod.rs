//! TOM documents: the list, and how one document stands.

mod api;
mod list;
mod show;

pub use api::{Confirm, Prepare, find_document as find};
pub use list::ListPage;
pub use show::ShowPage;
