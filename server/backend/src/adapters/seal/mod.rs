//! PAdES baseline B and T seals (ETSI EN 319 142-1) with ECDSA: certificates, CMS, and the incremental update that carries them.

mod cms;
mod keys;
mod update;

pub use keys::{
    SealKey, Wrapped, certificates_from_pem, new_organisation_key, open_pkcs12, pem, random, unwrap, wrap,
};

use sha2::{Digest, Sha256};

/// Why sealing failed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error("the PKCS#12 file cannot be opened: wrong password or damaged file")]
    Pkcs12,
    #[error("the key is no ECDSA key on P-256 or P-384; RSA is refused (RUSTSEC-2023-0071)")]
    KeyKind,
    #[error("the PKCS#12 file holds no certificate for its key")]
    NoCertificate,
    #[error("the wrapped key cannot be opened with this master key")]
    Wrapped,
    #[error("random numbers: {0}")]
    Random(String),
    #[error("ASN.1: {0}")]
    Der(#[from] der::Error),
    #[error("signature: {0}")]
    Signature(String),
    #[error("the file to seal: {0}")]
    Pdf(#[from] lopdf::Error),
    #[error("the file to seal has no {0}")]
    Structure(&'static str),
}

/// Room for the CMS: enough for ECDSA with a short chain, and for an authority's token with its own chain.
const ROOM: usize = 8_192;
const ROOM_STAMPED: usize = 24_576;

/// A signed document whose seal is not in its place yet: a time stamp may be asked for in between.
pub struct Signed {
    pending: update::Pending,
    cms: cms::Signed,
}

impl Signed {
    /// What a time stamp is asked for: the signature's own bytes (ETSI EN 319 122-1, 5.3).
    pub fn signature(&self) -> &[u8] {
        &self.cms.signature
    }

    /// Puts the seal into its place, with the time stamp where there is one.
    pub fn finish(self, token: Option<&[u8]>) -> Result<Vec<u8>, SealError> {
        self.pending.finish(&self.cms.assemble(token)?)
    }
}

/// Signs a document. The unsealed bytes stay a prefix of the sealed ones, so anyone can render again and compare.
///
/// `at` is the time of sealing as `YYYYMMDDHHMMSS` in UTC; `stamped` says that a time stamp will follow.
pub fn sign(
    unsealed: &[u8],
    key: &SealKey,
    name: &str,
    at: &str,
    stamped: bool,
) -> Result<Signed, SealError> {
    let pending = update::append(unsealed, name, at, if stamped { ROOM_STAMPED } else { ROOM })?;
    let mut hash = Sha256::new();
    for part in pending.covered() {
        hash.update(part);
    }
    let cms = cms::sign(key, hash.finalize().into())?;
    Ok(Signed { pending, cms })
}

/// Seals a document without a time stamp (PAdES B-B).
pub fn seal(unsealed: &[u8], key: &SealKey, name: &str, at: &str) -> Result<Vec<u8>, SealError> {
    sign(unsealed, key, name, at, false)?.finish(None)
}
