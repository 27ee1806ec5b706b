//! Share links (Kundenzugänge): a customer opens the released document without an account. The token has 256 bits and is kept
//! only as a hash; a link ends by itself and can be revoked; what was opened and downloaded is listed.

mod checklist;

pub use checklist::{Answer, Item, checklist};

use crate::error::DomainError;
use crate::ids::{DocumentId, ShareId};
use crate::policy::Permit;
use crate::releases::ChangeLine;
use crate::text;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How long a link may hold, in days.
pub const LONGEST: i64 = 400;

crate::import::words! {
    /// What a customer did with a link.
    Access {
        Opened = "opened",
        Downloaded = "downloaded",
    }
}

crate::import::words! {
    /// How a link stands.
    ShareState {
        Active = "active",
        Expired = "expired",
        Revoked = "revoked",
    }
}

/// Asks for a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewShare {
    pub document: DocumentId,
    /// Who gets it, e.g. "Gemeindewerke Beispieltal".
    pub customer: String,
    /// Which contract it belongs to; may be empty.
    pub contract: String,
    /// Number of the release that the customer has already; 0: none.
    pub known: u32,
    /// Last day on which the link works.
    pub until: Date,
}

/// Checks what was asked, as of a day.
pub fn check(asked: &NewShare, today: Date) -> Result<NewShare, DomainError> {
    let latest = today.saturating_add(jiff::Span::new().days(LONGEST));
    if asked.until < today || asked.until > latest {
        return Err(DomainError::invalid("until"));
    }
    Ok(NewShare {
        customer: text::name(&asked.customer, "customer", 160)?,
        contract: text::optional_name(&asked.contract, "contract", 160)?,
        ..asked.clone()
    })
}

/// A link as a line of the list; its secret is not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareRow {
    pub id: ShareId,
    pub customer: String,
    pub contract: String,
    pub document: DocumentId,
    pub document_title: String,
    pub known: u32,
    pub until: Date,
    pub state: ShareState,
    pub opened: u32,
    pub downloaded: u32,
    pub last: Option<String>,
}

/// The page of all links, and what a new one may be for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareList {
    pub rows: Vec<ShareRow>,
    /// Documents with a release in force: id, title, numbers of all releases there have been.
    pub documents: Vec<(DocumentId, String, Vec<u32>)>,
    pub today: Date,
}

/// What a customer sees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SharePage {
    pub organisation: String,
    pub customer: String,
    pub contract: String,
    pub title: String,
    pub number: u32,
    pub as_of: String,
    pub released_at: String,
    pub released_by: String,
    pub content_sha256: String,
    /// `None` while the file is still being made.
    pub pdf_sha256: Option<String>,
    pub pdf_size: u64,
    pub known: u32,
    /// Since the customer's version; `None` where there is none or it is the same.
    pub changes: Option<Vec<ChangeLine>>,
    pub checklist: Vec<(Item, Answer)>,
}

/// Why a link shows nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShareRefusal {
    /// No such token: 404.
    #[error("not found")]
    Unknown,
    /// The holder had the true token: 410, one neutral page.
    #[error("the link has ended")]
    Gone,
    /// The token holds, but nothing is in force: the release was withdrawn. 410 as well, and said so.
    #[error("the release was withdrawn")]
    Withdrawn,
    #[error(transparent)]
    Refused(#[from] DomainError),
}

/// Use cases of share links. Opening one takes a token instead of a permit.
#[async_trait::async_trait]
pub trait ShareService: Send + Sync {
    async fn list(&self, permit: Permit) -> Result<ShareList, DomainError>;
    /// Makes a link; its token is told once.
    async fn create(&self, permit: Permit, cmd: NewShare) -> Result<String, DomainError>;
    async fn revoke(&self, permit: Permit, id: ShareId) -> Result<(), DomainError>;
    async fn open(&self, token: &str) -> Result<SharePage, ShareRefusal>;
    /// The sealed PDF: name and bytes.
    async fn file(&self, token: &str) -> Result<(String, Vec<u8>), ShareRefusal>;
}
