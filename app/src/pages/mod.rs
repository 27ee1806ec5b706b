//! Pages, one folder a noun; `api.rs` holds the noun's server functions.

pub mod audit;
pub mod baselines;
pub mod checks;
pub mod documents;
pub mod evidence;
pub mod findings;
pub mod hints;
pub mod imports;
pub mod measures;
pub mod members;
pub mod overview;
pub mod promises;
pub mod refused;
pub mod releases;
pub mod reviews;
pub mod search;
pub mod sessions;
pub mod shares;
pub mod subprocessors;
pub mod titles;
pub mod tokens;
