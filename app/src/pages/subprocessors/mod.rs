//! Sub-processors: who works for us on data of others, and what proves that they may.

mod api;
mod edit;
mod list;

pub use edit::EditPage;
pub use list::ListPage;
