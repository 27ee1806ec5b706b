//! Members (Personen): who belongs to the organisation, and who is signed in.

mod api;
mod list;

pub use api::AnswerOffer;
pub use list::ListPage;
