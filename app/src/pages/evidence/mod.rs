//! Evidence (Nachweise): what proof we have, how long it holds, what it proves.

mod api;
mod list;
mod new;
mod show;
mod upload;

pub use list::ListPage;
pub use new::NewPage;
pub use show::ShowPage;
