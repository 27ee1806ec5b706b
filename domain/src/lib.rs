//! What is true. Pure Rust: types, rules, importer, diff, snapshots, audit chain.
//! No web, no database, no clock, no randomness, no async runtime; builds for wasm32.

pub mod actor;
pub mod audit;
pub mod canonical;
pub mod catalogues;
pub mod checks;
pub mod codes;
pub mod diff;
pub mod documents;
pub mod error;
pub mod evidence;
pub mod findings;
pub mod hints;
pub mod identities;
pub mod ids;
pub mod import;
pub mod imports;
pub mod lint;
pub mod mails;
pub mod markdown;
pub mod measures;
pub mod members;
pub mod organisations;
pub mod outline;
pub mod overview;
pub mod parameters;
mod pattern;
pub mod policy;
pub mod promises;
pub mod prose;
pub mod releases;
pub mod reviews;
pub mod search;
pub mod shares;
pub mod text;
pub mod tokens;
pub mod users;
