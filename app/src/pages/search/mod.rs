//! Search (Suche): everything of the organisation that holds some words, as you type.

mod api;
mod list;

pub use list::ListPage;
