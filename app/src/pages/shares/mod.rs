//! Share links: the DPO's list of who holds which version, and the page that a customer opens.

mod api;
mod list;
mod open;

pub use list::ListPage;
pub use open::OpenPage;
