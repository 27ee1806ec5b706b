//! One measure: what we promise, who keeps it, how it came to read as it does.

mod add;
mod api;
mod conflict;
mod edit;
mod further;
mod more;
mod show;

pub use add::AddPage;
pub use api::{EditMany, EditMeasure, PlaceMeasure};
pub use show::ShowPage;
