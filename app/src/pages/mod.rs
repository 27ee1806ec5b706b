//! Pages, one folder a noun; `api.rs` holds the noun's server functions.

pub mod documents;
pub mod evidence;
pub mod imports;
pub mod measures;
pub mod releases;
pub mod sessions;
pub mod shares;
