//! Quality hints of a document, and beside a text while it is typed.

mod api;
mod list;
mod live;

pub use list::ListPage;
pub use live::Live;
