//! The audit chain: one an organisation, each entry bound to the one before.
//!
//! What a verifier must reproduce: an entry is canonical JSON (RFC 8785) with `schema`, `seq`, `at`, `prev`, `actor`,
//! `action`, `object`, `fields`; `hash = SHA-256(0x00 || JSON)`; `prev` is the hash before, 64 zeros at the start.

use crate::actor::Actor;
use crate::canonical;
use crate::error::DomainError;
use crate::policy::Permit;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The hash that stands before the first entry.
pub const ZERO: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One entry. Personal values do not occur in it: the actor is a pseudonym id, texts are hashes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub schema: String,
    pub seq: i64,
    /// Microseconds since 1970, UTC.
    pub at: i64,
    pub prev: String,
    pub actor: String,
    pub action: String,
    pub object: String,
    pub fields: BTreeMap<String, String>,
}

/// Entry bytes and their hash.
pub fn seal(entry: &Entry) -> Result<(String, String), serde_json::Error> {
    let json = canonical::to_vec(entry)?;
    let hash = hash(&json);
    Ok((String::from_utf8_lossy(&json).into_owned(), hash))
}

fn hash(json: &[u8]) -> String {
    let mut h = Sha256::new();
    h.update([0u8]);
    h.update(json);
    hex::encode(h.finalize())
}

/// Which entries are asked for; an empty field asks for all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// Who acted, by id.
    pub actor: String,
    pub action: String,
    /// What it was done to, by id.
    pub object: String,
    /// Only entries before this number: the next page.
    pub before: Option<i64>,
}

/// An entry as a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryRow {
    pub seq: i64,
    pub at: String,
    /// Name of the person; empty where the machine acted.
    pub who: String,
    pub action: String,
    pub object: String,
    pub fields: Vec<(String, String)>,
    pub hash: String,
}

/// A page of the log, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Log {
    pub rows: Vec<EntryRow>,
    /// People and actions to choose from.
    pub people: Vec<(String, String)>,
    pub actions: Vec<String>,
    /// Where the next page begins.
    pub next: Option<i64>,
    pub filter: Filter,
}

/// Use case of the log.
#[async_trait::async_trait]
pub trait AuditService: Send + Sync {
    async fn log(&self, permit: Permit, filter: Filter) -> Result<Log, DomainError>;
    /// Something that a signed-in person asked for was refused: the path and the status, nothing that was sent.
    async fn denied(&self, actor: &Actor, path: &str, status: u16) -> Result<(), DomainError>;
}

/// What is wrong with a chain, and from which entry on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("entry {seq}: {what}")]
pub struct Broken {
    pub seq: i64,
    pub what: &'static str,
}

/// Checks stored entries (JSON, hash) in order of their number.
pub fn verify<'a>(entries: impl Iterator<Item = (&'a str, &'a str)>) -> Result<i64, Broken> {
    let (mut seq, mut prev) = (0, ZERO.to_owned());
    for (json, stored) in entries {
        seq += 1;
        let broken = |what| Broken { seq, what };
        let entry: Entry = serde_json::from_str(json).map_err(|_| broken("is no entry"))?;
        if entry.seq != seq {
            return Err(broken("number is out of order"));
        }
        if entry.prev != prev {
            return Err(broken("does not follow the entry before"));
        }
        if hash(json.as_bytes()) != stored {
            return Err(broken("was changed"));
        }
        prev = stored.to_owned();
    }
    Ok(seq)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_manipulation_is_seen() {
        let mut chain: Vec<(String, String)> = Vec::new();
        for seq in 1..=4 {
            let prev = chain.last().map_or(ZERO.to_owned(), |(_, h)| h.clone());
            let entry = Entry {
                schema: "tomfolio/audit/1".into(),
                seq,
                at: seq * 1_000,
                prev,
                actor: "usr".into(),
                action: "measures/edit".into(),
                object: format!("mea_{seq}"),
                fields: BTreeMap::new(),
            };
            chain.push(seal(&entry).unwrap());
        }
        let check = |c: &[(String, String)]| verify(c.iter().map(|(j, h)| (j.as_str(), h.as_str())));
        assert_eq!(check(&chain), Ok(4));
        let mut edited = chain.clone();
        edited[1].0 = edited[1].0.replace("mea_2", "mea_9");
        assert_eq!(check(&edited), Err(Broken { seq: 2, what: "was changed" }));
        let mut missing = chain.clone();
        missing.remove(2);
        assert!(check(&missing).is_err());
        let mut swapped = chain.clone();
        swapped.swap(1, 2);
        assert!(check(&swapped).is_err());
    }
}
