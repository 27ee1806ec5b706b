//! Findings (Feststellungen): what was found, who mends it until when, was the mend tested.

mod api;
mod list;

pub use list::ListPage;
