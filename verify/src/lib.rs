//! Is this PDF genuine? Bytes in, verdict out: pure, no key, no network, no clock, no other crate of ours.
//!
//! What a reader must reproduce: the last signature's `/ByteRange` covers every byte of the file but its own
//! `/Contents`; the CMS inside is a detached PAdES baseline signature (ETSI EN 319 142-1) whose certificate is bound
//! by ESS signing-certificate-v2 (RFC 5035); nothing stands after the last `%%EOF`. Known: a self-signed stranger is
//! never called genuine: trust is the caller's list of certificates, nothing else.

#![forbid(unsafe_code)]
#![no_std]
extern crate alloc;

mod cms;
mod lexer;
mod reader;
mod stamp;

pub use cms::{Bad, issued_by};
pub use stamp::{Stamp, check as check_stamp};

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use alloc::{format, vec};
use sha2::{Digest, Sha256};

/// Largest file that is looked at, in bytes.
pub const MAX_BYTES: usize = 100_000_000;
/// Most signatures that are checked in one file.
pub const MAX_SIGNATURES: usize = 64;

/// What was found, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Unchanged since the seal, and nothing in the caller's list speaks against the key.
    Unchanged,
    /// Sealed, but not by a key of the caller's list.
    Untrusted,
    /// Changed after it was sealed, or the seal itself is broken.
    Changed,
    /// Carries no seal.
    Unsigned,
    /// Not a PDF that can be read.
    Unreadable,
    /// Sealed in a way that this check does not know (RSA-PSS, unknown digest).
    Unsupported,
}

impl Verdict {
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Unchanged => "unchanged",
            Verdict::Untrusted => "untrusted",
            Verdict::Changed => "changed",
            Verdict::Unsigned => "unsigned",
            Verdict::Unreadable => "unreadable",
            Verdict::Unsupported => "unsupported",
        }
    }
}

/// Whether the sealing key is on the caller's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trusted {
    Yes,
    No,
    /// The caller gave no list.
    Unknown,
}

impl Trusted {
    pub fn as_str(self) -> &'static str {
        match self {
            Trusted::Yes => "yes",
            Trusted::No => "no",
            Trusted::Unknown => "unknown",
        }
    }
}

/// The whole answer.
#[derive(Clone, Debug)]
pub struct Report {
    pub verdict: Verdict,
    pub trusted: Trusted,
    /// Why not, as a short English phrase; empty when all is well.
    pub reason: String,
    /// CN and O of the sealing certificate, as it says of itself.
    pub signer: Option<String>,
    /// SHA-256 of the sealing certificate, hexadecimal.
    pub fingerprint: Option<String>,
    /// `/M` of the seal as written, e.g. `D:20261122100000Z`. A statement of the sealer, not a time stamp.
    pub sealed_at: Option<String>,
    /// The time stamp over the seal, if there is one.
    pub stamp: Option<Stamp>,
    /// SHA-256 of the whole file, hexadecimal.
    pub sha256: String,
    pub signatures: usize,
}

impl Report {
    /// `true` only for an unchanged file whose key is not refused by the caller's list.
    pub fn ok(&self) -> bool {
        self.verdict == Verdict::Unchanged
    }

    fn failed(verdict: Verdict, reason: impl Into<String>, bytes: &[u8]) -> Report {
        Report {
            verdict,
            trusted: Trusted::Unknown,
            reason: reason.into(),
            signer: None,
            fingerprint: None,
            sealed_at: None,
            stamp: None,
            sha256: hex(&Sha256::digest(bytes)),
            signatures: 0,
        }
    }
}

/// Checks a file. `trust` holds DER certificates: sealing certificates themselves, or issuers of them.
pub fn verify(bytes: &[u8], trust: &[Vec<u8>]) -> Report {
    if bytes.len() > MAX_BYTES {
        return Report::failed(Verdict::Unreadable, "the file is larger than 100 MB", &[]);
    }
    if !bytes.starts_with(b"%PDF-") {
        return Report::failed(Verdict::Unreadable, "the file is no PDF", bytes);
    }
    let signatures = match reader::signatures(bytes) {
        Ok(s) => s,
        Err(e) => {
            return Report::failed(
                Verdict::Unreadable,
                format!("the file's structure cannot be read: {e}"),
                bytes,
            );
        }
    };
    if signatures.is_empty() {
        return Report::failed(Verdict::Unsigned, "the file carries no seal", bytes);
    }
    if signatures.len() > MAX_SIGNATURES {
        return Report::failed(Verdict::Unreadable, "more than 64 seals", bytes);
    }
    let mut report = Report::failed(Verdict::Unchanged, "", bytes);
    report.signatures = signatures.len();
    let mut whole = false;
    for s in &signatures {
        let (start, end) = match covered(bytes, s) {
            Ok(gap) => gap,
            Err(reason) => return Report { verdict: Verdict::Changed, reason: reason.to_string(), ..report },
        };
        let mut signed = vec![0; 0];
        signed.extend_from_slice(bytes.get(..start).unwrap_or_default());
        signed.extend_from_slice(bytes.get(end..s.range[2] + s.range[3]).unwrap_or_default());
        let last = s.range[2] + s.range[3] == bytes.len();
        match cms::verify(&s.contents, &signed) {
            Ok(found) => {
                if last || report.signer.is_none() {
                    report.signer = Some(found.name);
                    report.fingerprint = Some(hex(&Sha256::digest(&found.cert_der)));
                    report.sealed_at = s.date.clone();
                    report.stamp = found.stamp;
                    report.trusted = trusted(&found.cert_der, trust);
                }
                if !found.bound {
                    return Report {
                        verdict: Verdict::Changed,
                        reason: "the certificate is not bound by the seal".into(),
                        ..report
                    };
                }
            }
            Err(cms::Bad::Unsupported) => {
                return Report {
                    verdict: Verdict::Unsupported,
                    reason: "the seal uses an algorithm that this check does not know".into(),
                    ..report
                };
            }
            Err(e) => return Report { verdict: Verdict::Changed, reason: e.words().into(), ..report },
        }
        whole |= last;
    }
    if !whole {
        return Report {
            verdict: Verdict::Changed,
            reason: "something was added after the last seal".into(),
            ..report
        };
    }
    if report.trusted == Trusted::No {
        report.verdict = Verdict::Untrusted;
        report.reason = "the sealing key is none of those given".into();
    }
    report
}

/// The gap of a byte range: exactly the hexadecimal string of `/Contents`.
fn covered(bytes: &[u8], s: &reader::Signature) -> Result<(usize, usize), &'static str> {
    let [zero, a, b, c] = s.range;
    let end = b.checked_add(c).ok_or("the byte range overflows")?;
    if zero != 0 || a >= b || end > bytes.len() {
        return Err("the byte range does not fit the file");
    }
    let gap = bytes.get(a..b).ok_or("the byte range does not fit the file")?;
    let inner = gap
        .strip_prefix(b"<")
        .and_then(|g| g.strip_suffix(b">"))
        .ok_or("the byte range leaves more out than the seal")?;
    if !inner.iter().all(u8::is_ascii_hexdigit) || lexer::unhex(inner) != s.contents {
        return Err("the byte range leaves more out than the seal");
    }
    if end == bytes.len() {
        let tail = bytes.get(b..).unwrap_or_default();
        let tail = tail.strip_suffix(b"\n").unwrap_or(tail);
        let tail = tail.strip_suffix(b"\r").unwrap_or(tail);
        if !tail.ends_with(b"%%EOF") {
            return Err("bytes stand after the end of the document");
        }
    }
    Ok((a, b))
}

fn trusted(cert: &[u8], trust: &[Vec<u8>]) -> Trusted {
    if trust.is_empty() {
        Trusted::Unknown
    } else if trust.iter().any(|t| t == cert || cms::issued_by(cert, t)) {
        Trusted::Yes
    } else {
        Trusted::No
    }
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
