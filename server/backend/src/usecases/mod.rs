//! Use cases: begin, load, rule, save, commit.

mod audit;
mod beside;
mod blobs;
mod checks;
mod documents;
mod evidence;
mod findings;
pub mod fsck;
mod hints;
mod identities;
mod imports;
mod layouts;
mod mails;
mod measures;
mod members;
pub mod organisations;
mod overview;
mod placement;
mod promises;
mod releases;
mod reviews;
mod seal_keys;
pub(crate) mod search;

pub use audit::Refusals;
pub(crate) use blobs::Kept;
pub use hints::Cache as HintCache;
pub(crate) use organisations::{has_account, membership};
pub use releases::RENDER;
pub(crate) use releases::sign_offs as release_sign_offs;
pub use reviews::RENDER_REVIEW;
pub(crate) use reviews::parse as review_record;
pub use seal_keys::KeyRefusal;
pub(crate) use seal_keys::open as open_seal_key;
pub mod sessions;
mod shares;
mod tokens;
