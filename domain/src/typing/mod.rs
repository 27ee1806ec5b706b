//! Aids for whoever types Markdown: what a button of the toolbar does to the text, and what a pasted page becomes.

mod format;
mod paste;

pub use format::{Edit, Format, apply};
pub use paste::{Piece, inserted, markdown, unstyled};
