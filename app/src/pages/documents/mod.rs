//! TOM documents: the list, and how one document stands.

mod api;
mod coverage;
mod description;
mod list;
mod new;
mod nodes;
mod settings;
mod show;
mod undo;

pub use api::{Confirm, Prepare, UndoStep};
pub use coverage::CoveragePage;
pub use description::DescriptionPage;
pub use list::ListPage;
pub use new::NewPage;
pub use show::ShowPage;
pub use undo::LastStepBar;
