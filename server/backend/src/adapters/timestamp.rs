//! Time stamps by an RFC 3161 authority over HTTP. A stamp that does not fit what was asked is none: the file waits for a true one.

use super::{egress, seal};
use cmpv2::status::PkiStatus;
use der::asn1::{Int, OctetString};
use der::{Decode, Encode};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use spki::{AlgorithmIdentifier, ObjectIdentifier};
use tomfolio_verify::{Stamp, check_stamp, issued_by};
use x509_tsp::{MessageImprint, TimeStampReq, TimeStampResp, TspVersion};

const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
/// An authority's clock and ours may be this far apart.
const SKEW: SignedDuration = SignedDuration::from_mins(10);

/// Why there is no time stamp. Another try may bring one.
#[derive(Debug, thiserror::Error)]
pub enum StampError {
    #[error("the time stamp authority cannot be reached: {0}")]
    Egress(#[from] egress::EgressError),
    #[error("the time stamp authority refuses")]
    Refused,
    #[error("the answer of the time stamp authority is damaged: {0}")]
    Damaged(#[from] der::Error),
    #[error("the time stamp does not hold: {0}")]
    Bad(&'static str),
}

/// An authority, as configured.
#[derive(Clone)]
pub struct Authority {
    pub url: String,
    /// Certificates (DER) one of which must stand behind a stamp; none given: any authority is taken.
    pub trust: Vec<Vec<u8>>,
    pub client: egress::Client,
}

impl Authority {
    /// Asks for a stamp over some bytes. `nonce` is what only this question knows.
    pub async fn stamp(
        &self,
        bytes: &[u8],
        nonce: [u8; 8],
        now: Timestamp,
    ) -> Result<(Vec<u8>, Stamp), StampError> {
        let asked = query(bytes, nonce)?;
        let reply = self.client.post(&self.url, "application/timestamp-query", asked).await?;
        token(&reply, bytes, nonce, now, &self.trust)
    }
}

/// The question, DER.
pub fn query(bytes: &[u8], nonce: [u8; 8]) -> Result<Vec<u8>, StampError> {
    let ask = TimeStampReq {
        version: TspVersion::V1,
        message_imprint: MessageImprint {
            hash_algorithm: AlgorithmIdentifier { oid: SHA256, parameters: None },
            hashed_message: OctetString::new(Sha256::digest(bytes).to_vec())?,
        },
        req_policy: None,
        nonce: Some(Int::new(&positive(nonce))?),
        cert_req: true,
        extensions: None,
    };
    Ok(ask.to_der()?)
}

/// As DER writes a positive number.
fn positive(nonce: [u8; 8]) -> Vec<u8> {
    let mut out: Vec<u8> = nonce.iter().copied().skip_while(|b| *b == 0).collect();
    if out.first().is_none_or(|b| *b >= 0x80) {
        out.insert(0, 0);
    }
    out
}

/// The token of an answer, checked against the question: imprint, nonce, signature, purpose, time, authority.
pub fn token(
    reply: &[u8],
    bytes: &[u8],
    nonce: [u8; 8],
    now: Timestamp,
    trust: &[Vec<u8>],
) -> Result<(Vec<u8>, Stamp), StampError> {
    let reply = TimeStampResp::from_der(reply)?;
    if !matches!(reply.status.status, PkiStatus::Accepted | PkiStatus::GrantedWithMods) {
        return Err(StampError::Refused);
    }
    let token = reply.time_stamp_token.ok_or(StampError::Refused)?.to_der()?;
    let stamp = check_stamp(&token, bytes).map_err(|e| StampError::Bad(e.words()))?;
    if stamp.nonce.as_deref() != Some(positive(nonce).as_slice()) {
        return Err(StampError::Bad("it answers another question"));
    }
    let at: Timestamp = stamp.at.parse().map_err(|_| StampError::Bad("its time cannot be read"))?;
    if at.duration_since(now).abs() > SKEW {
        return Err(StampError::Bad("its time is more than ten minutes from ours"));
    }
    let known = |t: &Vec<u8>| *t == stamp.certificate || issued_by(&stamp.certificate, t);
    if !trust.is_empty() && !trust.iter().any(known) {
        return Err(StampError::Bad("its authority is none of those configured"));
    }
    Ok((token, stamp))
}

/// Eight bytes that nobody can guess.
pub fn nonce() -> Result<[u8; 8], seal::SealError> {
    seal::random()
}
