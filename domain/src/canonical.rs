//! Canonical JSON (RFC 8785): integers and strings only, so that anyone can hash it again.

use serde::Serialize;
use sha2::{Digest, Sha256};

/// The canonical bytes. Our records hold no floats, so this cannot fail on them.
pub fn to_vec<T: Serialize>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    serde_json_canonicalizer::to_vec(value)
}

/// SHA-256 as 64 lower-case hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
