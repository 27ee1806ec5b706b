//! From a document model to a sealed file in the storage: what every job that makes a PDF does.

use super::text;
use crate::Backend;
use crate::adapters::{pdf, seal};
use crate::usecases::Kept;
use tomfolio_domain::outline::Outline;

/// A sealed file that no row knows yet, and the certificate's fingerprint.
pub struct Sealed {
    pub file: Kept,
    pub certificate: String,
}

/// Lays out; takes a while, so off the runtime's threads.
pub async fn render(outline: Outline) -> Result<Vec<u8>, String> {
    tokio::task::spawn_blocking(move || pdf::render(&outline)).await.map_err(text)?.map_err(text)
}

/// Seals with the organisation's key, checks the seal as a stranger would, and stores the file.
pub async fn seal(b: &Backend, organisation: &str, name: &str, unsealed: &[u8]) -> Result<Sealed, String> {
    let key = crate::usecases::open_seal_key(b, organisation).await?;
    let at = b.clock.now().strftime("%Y%m%d%H%M%S").to_string();
    let sealed = seal::seal(unsealed, &key, name, &at).map_err(text)?;
    let report = tomfolio_verify::verify(&sealed, &key.chain);
    if !report.ok() {
        return Err(format!("the fresh seal does not verify: {}", report.reason));
    }
    let file = b.keep_pdf(organisation, sealed).await.map_err(text)?;
    Ok(Sealed { file, certificate: report.fingerprint.unwrap_or_default() })
}
