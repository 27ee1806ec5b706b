//! Import (Übernehmen): source, tree and repairs side by side; nothing is stored before somebody says so.

mod against;
mod api;
mod hand;
mod new;
mod show;

pub use new::NewPage;
pub use show::ShowPage;
