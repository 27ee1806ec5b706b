//! One measure: what we promise, who keeps it, how it came to read as it does.

mod add;
mod api;
mod edit;
mod show;

pub use add::AddPage;
pub use api::{AddMeasure, Discard, EditMany, EditMeasure, Retire, Shift};
pub use show::ShowPage;
