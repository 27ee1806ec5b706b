//! From a document model to a sealed file in the storage: what every job that makes a PDF does.

use super::{Trouble, text};
use crate::Backend;
use crate::adapters::{pdf, seal, timestamp};
use crate::usecases::Kept;
use tomfolio_domain::outline::Outline;

/// A sealed file that no row knows yet, the certificate's fingerprint, and the time stamp where an authority is configured.
pub struct Sealed {
    pub file: Kept,
    pub certificate: String,
    pub stamp: Option<Stamped>,
}

/// Who stamped when.
pub struct Stamped {
    pub at: i64,
    pub authority: String,
}

/// Lays out; takes a while, so off the runtime's threads.
pub async fn render(b: &Backend, outline: Outline) -> Result<Vec<u8>, String> {
    let outline = Outline { check_at: format!("{}/echt", b.url), ..outline };
    tokio::task::spawn_blocking(move || pdf::render(&outline)).await.map_err(text)?.map_err(text)
}

/// Seals with the organisation's key, has it stamped where an authority is configured, checks the seal as a stranger would,
/// and stores the file. Without the stamp nothing is stored: the job waits for the authority.
pub async fn seal(b: &Backend, organisation: &str, name: &str, unsealed: &[u8]) -> Result<Sealed, Trouble> {
    let key = crate::usecases::open_seal_key(b, organisation).await?;
    let now = b.clock.now();
    let at = now.strftime("%Y%m%d%H%M%S").to_string();
    let signed = seal::sign(unsealed, &key, name, &at, b.stamps.is_some()).map_err(text)?;
    let token = match &b.stamps {
        Some(authority) => {
            let nonce = timestamp::nonce().map_err(text)?;
            let (token, _) = authority
                .stamp(signed.signature(), nonce, now)
                .await
                .map_err(|e| Trouble::Unstamped(e.to_string()))?;
            Some(token)
        }
        None => None,
    };
    let sealed = signed.finish(token.as_deref()).map_err(text)?;
    let report = tomfolio_verify::verify(&sealed, &key.chain);
    if !report.ok() {
        return Err(format!("the fresh seal does not verify: {}", report.reason).into());
    }
    let stamp = match report.stamp {
        Some(s) => {
            let at: jiff::Timestamp = s.at.parse().map_err(text)?;
            Some(Stamped { at: at.as_microsecond(), authority: s.authority })
        }
        None => None,
    };
    let file = b.keep_pdf(organisation, sealed).await.map_err(|e| Trouble::Waits(e.to_string()))?;
    Ok(Sealed { file, certificate: report.fingerprint.unwrap_or_default(), stamp })
}
