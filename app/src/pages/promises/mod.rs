//! The promise ledger of a document.

mod api;
mod list;

pub use list::ListPage;
