//! Use cases: begin, load, rule, save, commit.

mod documents;
pub mod fsck;
mod imports;
mod measures;
pub mod organisations;
mod releases;

pub use releases::RENDER;
pub mod sessions;
