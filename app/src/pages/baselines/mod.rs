//! Baselines: from which document others are made, and what its changes mean for them.

mod api;
mod from;
mod show;

pub use api::list_baselines;
pub use from::From;
pub use show::ShowPage;
