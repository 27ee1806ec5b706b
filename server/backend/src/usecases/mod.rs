//! Use cases: begin, load, rule, save, commit.

mod blobs;
mod documents;
mod evidence;
pub mod fsck;
mod imports;
mod measures;
pub mod organisations;
mod placement;
mod releases;
mod seal_keys;

pub use releases::RENDER;
pub use seal_keys::KeyRefusal;
pub(crate) use seal_keys::open as open_seal_key;
pub mod sessions;
mod shares;
