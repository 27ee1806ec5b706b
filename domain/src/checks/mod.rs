//! Checking a PDF (`/echt`): what the portal knows of a key and of a file, by their hashes alone.

use crate::error::DomainError;
use crate::releases::ReleaseState;
use serde::{Deserialize, Serialize};

/// A key of one of this portal's organisations, and the file if it was made here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    pub organisation: String,
    pub file: Option<KnownFile>,
}

impl Known {
    /// Genuine, but a newer one is in force.
    pub fn outdated(&self) -> bool {
        matches!(self.file, Some(KnownFile::Release { state: ReleaseState::Superseded, .. }))
    }

    /// Genuine, but taken back by who issued it.
    pub fn withdrawn(&self) -> bool {
        matches!(self.file, Some(KnownFile::Release { state: ReleaseState::Withdrawn, .. }))
    }
}

/// A file that was sealed here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum KnownFile {
    Release {
        number: u32,
        state: ReleaseState,
        /// The number that is in force now.
        current: Option<u32>,
    },
    Report,
}

/// What a check on the server found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    pub file_name: String,
    /// As the `verify` crate says it: unchanged, changed, unsigned, unreadable, unsupported.
    pub verdict: String,
    pub signer: Option<String>,
    pub fingerprint: Option<String>,
    /// The time stamp over the seal, as it says: instant and authority.
    pub stamp: Option<String>,
    pub sha256: String,
    pub known: Option<Known>,
}

/// Use case of the check. Asks nobody who they are: whoever holds a file knows its hashes.
#[async_trait::async_trait]
pub trait CheckService: Send + Sync {
    /// `key` is the certificate's SHA-256, `file` the file's; both hexadecimal.
    async fn known(&self, key: &str, file: &str) -> Result<Option<Known>, DomainError>;
}
