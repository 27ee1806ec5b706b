//! Argon2id as OWASP gives it (19 MiB, two passes, one lane), behind a semaphore: it is slow on purpose.

use argon2::password_hash::SaltString;
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tomfolio_domain::error::DomainError;

/// A hash that no password has: spends the same time on people who do not exist.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn argon() -> Result<Argon2<'static>, argon2::Error> {
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19_456, 2, 1, None)?))
}

async fn slow<T: Send + 'static>(
    gate: &Arc<Semaphore>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, DomainError> {
    let permit = gate.clone().acquire_owned().await.map_err(|_| DomainError::Busy)?;
    let done = tokio::task::spawn_blocking(move || {
        let out = work();
        drop(permit);
        out
    });
    done.await.map_err(crate::db::internal)
}

/// Hashes a new password.
pub async fn hash(gate: &Arc<Semaphore>, password: String) -> Result<String, DomainError> {
    let mut salt = [0u8; 16];
    getrandom::fill(&mut salt).map_err(crate::db::internal)?;
    let work = move || -> Result<String, String> {
        let salt = SaltString::encode_b64(&salt).map_err(|e| e.to_string())?;
        let argon = argon().map_err(|e| e.to_string())?;
        argon.hash_password(password.as_bytes(), &salt).map(|h| h.to_string()).map_err(|e| e.to_string())
    };
    slow(gate, work).await?.map_err(crate::db::internal)
}

/// Checks a password; without a stored hash it takes the same time and says no.
pub async fn check(
    gate: &Arc<Semaphore>,
    password: String,
    stored: Option<String>,
) -> Result<bool, DomainError> {
    let work = move || {
        let phc = stored.as_deref().unwrap_or(NOBODY);
        match (argon(), PasswordHash::new(phc)) {
            (Ok(argon), Ok(hash)) => {
                argon.verify_password(password.as_bytes(), &hash).is_ok() && stored.is_some()
            }
            _ => false,
        }
    };
    slow(gate, work).await
}
