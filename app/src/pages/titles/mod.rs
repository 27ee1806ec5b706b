//! Catalogues: what is shipped, with source and licence, and the title lists that this organisation has a licence for.

mod api;
mod list;

pub use list::ListPage;
