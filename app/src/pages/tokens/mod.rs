//! Tokens of the programming interface (Schnittstelle).

mod api;
mod list;

pub use list::ListPage;
