//! Raw rows, one file a table. Converted beside the queries; never seen outside `db` and the use cases' own files.

pub mod audit_entries;
pub mod blob_intents;
pub mod blobs;
pub mod documents;
pub mod drafts;
pub mod evidence;
pub mod evidence_measures;
pub mod evidence_versions;
pub mod import_drafts;
pub mod jobs;
pub mod measure_revisions;
pub mod measures;
pub mod memberships;
pub mod nodes;
pub mod one_time_links;
pub mod organisations;
pub mod releases;
pub mod scopes;
pub mod seal_keys;
pub mod sessions;
pub mod share_accesses;
pub mod shares;
pub mod users;
