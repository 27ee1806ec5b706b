//! Argon2id as OWASP gives it (19 MiB, two passes, one lane): slow on purpose, so few at once, each in memory that is kept.

use argon2::password_hash::{Output, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, PasswordHash, Version};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;
use tomfolio_domain::error::DomainError;

/// Checks at once, at most.
const AT_ONCE: usize = 2;
/// A hash that no password has: spends the same time on people who do not exist.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The gate in front of all checks. Memory taken anew for each check would stay with the allocator of whichever thread checked
/// (hundreds of megabytes after a busy morning), so as many blocks are kept as there are checks at once.
pub struct Passwords {
    gate: Arc<Semaphore>,
    memory: Arc<Mutex<Vec<Vec<Block>>>>,
}

impl Default for Passwords {
    fn default() -> Passwords {
        Passwords { gate: Arc::new(Semaphore::new(AT_ONCE)), memory: Arc::default() }
    }
}

fn params() -> Result<Params, argon2::Error> {
    Params::new(19_456, 2, 1, None)
}

/// The hash of a password, made in the memory given.
fn output(
    params: Params,
    password: &str,
    salt: &[u8],
    memory: &mut Vec<Block>,
) -> argon2::password_hash::Result<Output> {
    memory.resize(params.block_count(), Block::default());
    let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    Output::init_with(length, |out| {
        Ok(argon.hash_password_into_with_memory(password.as_bytes(), salt, out, memory)?)
    })
}

impl Passwords {
    async fn slow<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Vec<Block>) -> T + Send + 'static,
    ) -> Result<T, DomainError> {
        let permit = self.gate.clone().acquire_owned().await.map_err(|_| DomainError::Busy)?;
        let kept = self.memory.clone();
        let done = tokio::task::spawn_blocking(move || {
            let free = || kept.lock().unwrap_or_else(PoisonError::into_inner);
            let mut memory = free().pop().unwrap_or_default();
            let out = work(&mut memory);
            free().push(memory);
            drop(permit);
            out
        });
        done.await.map_err(crate::db::internal)
    }

    /// Hashes a new password.
    pub async fn hash(&self, password: String) -> Result<String, DomainError> {
        let mut bytes = [0u8; 16];
        getrandom::fill(&mut bytes).map_err(crate::db::internal)?;
        let work = move |memory: &mut Vec<Block>| -> Result<String, String> {
            let text = |e: argon2::password_hash::Error| e.to_string();
            let params = params().map_err(|e| e.to_string())?;
            let salt = SaltString::encode_b64(&bytes).map_err(text)?;
            let phc = PasswordHash {
                algorithm: argon2::ARGON2ID_IDENT,
                version: Some(Version::V0x13.into()),
                params: (&params).try_into().map_err(text)?,
                salt: Some(salt.as_salt()),
                hash: Some(output(params, &password, &bytes, memory).map_err(text)?),
            };
            Ok(phc.to_string())
        };
        self.slow(work).await?.map_err(crate::db::internal)
    }

    /// Checks a password; without a stored hash it takes the same time and says no.
    pub async fn check(&self, password: String, stored: Option<String>) -> Result<bool, DomainError> {
        let work = move |memory: &mut Vec<Block>| -> argon2::password_hash::Result<bool> {
            let phc = PasswordHash::new(stored.as_deref().unwrap_or(NOBODY))?;
            let mut bytes = [0u8; 64];
            let salt = phc.salt.ok_or(argon2::password_hash::Error::SaltInvalid(
                argon2::password_hash::errors::InvalidValue::Malformed,
            ))?;
            let given = output(Params::try_from(&phc)?, &password, salt.decode_b64(&mut bytes)?, memory)?;
            // `Output` compares in constant time.
            Ok(phc.hash.is_some_and(|right| right == given) && stored.is_some())
        };
        Ok(self.slow(work).await?.unwrap_or(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::{PasswordHasher, PasswordVerifier};

    #[tokio::test]
    async fn a_kept_block_gives_the_same_hashes_as_the_library() {
        let all = Passwords::default();
        let made = all.hash("ein langer Satz".into()).await.unwrap();
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params().unwrap());
        assert!(argon.verify_password(b"ein langer Satz", &PasswordHash::new(&made).unwrap()).is_ok());
        let salt = SaltString::encode_b64(&[7; 16]).unwrap();
        let theirs = argon.hash_password("anders".as_bytes(), &salt).unwrap().to_string();
        // The second and third check run in memory that the ones before left full.
        for (password, stored, want) in [
            ("ein langer Satz", Some(made.clone()), true),
            ("ein langer satz", Some(made), false),
            ("anders", Some(theirs), true),
            ("anders", None, false),
            ("anders", Some("kein Hash".into()), false),
        ] {
            assert_eq!(all.check(password.into(), stored.clone()).await, Ok(want), "{password} {stored:?}");
        }
        assert_eq!(all.memory.lock().unwrap().len(), 1, "one after the other needs one block");
    }
}
