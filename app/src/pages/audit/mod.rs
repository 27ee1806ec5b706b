//! The audit log (Protokoll): who did what when.

mod api;
mod list;

pub use list::ListPage;
