//! A time stamp (RFC 3161): an authority's word that something was there at an instant.

use crate::cms::{self, Bad, body, digest, items};
use ::cms::signed_data::SignedData;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use der::asn1::{ObjectIdentifier, OctetString};
use der::{AnyRef, DateTime, Decode, Tag, Tagged};
use x509_cert::ext::pkix::ExtendedKeyUsage;
use x509_cert::time::Validity;

const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");

/// A time stamp that holds. Whether its authority is one to trust is the reader's decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The instant, UTC, whole seconds: `2026-11-22T10:00:00Z`.
    pub at: String,
    /// CN of the authority's certificate, as it says of itself.
    pub authority: String,
    /// The authority's certificate, DER.
    pub certificate: Vec<u8>,
    /// What the asker had sent along, big-endian.
    pub nonce: Option<Vec<u8>>,
}

impl Stamp {
    /// Whether its instant lies within a validity.
    pub(crate) fn within(&self, validity: &Validity) -> bool {
        let Ok(at) = self.at.parse::<DateTime>() else { return false };
        (validity.not_before.to_unix_duration()..=validity.not_after.to_unix_duration())
            .contains(&at.unix_duration())
    }
}

impl core::fmt::Display for Stamp {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}, {}", self.at, self.authority)
    }
}

/// Checks a token over what it stamps: imprint, signature, binding of the certificate, its purpose and validity.
pub fn check(token: &[u8], stamped: &[u8]) -> Result<Stamp, Bad> {
    let mut info = Vec::new();
    let found = cms::check(token, TST_INFO, |data: &SignedData| {
        let content = data.encap_content_info.econtent.as_ref().ok_or(Bad::Structure)?;
        info = content.decode_as::<OctetString>()?.into_bytes();
        Ok(info.clone())
    })?;
    if !found.bound {
        return Err(Bad::Binding);
    }
    // TSTInfo: version, policy, messageImprint, serialNumber, genTime, then what may be missing. Read by hand, because
    // genTime may have fractions of a second, which `der` refuses.
    let parts = items(body(&info)?)?;
    let [_, _, imprint, _, time, rest @ ..] = parts.as_slice() else { return Err(Bad::Structure) };
    let imprint = items(body(imprint)?)?;
    let [algorithm, hash] = imprint.as_slice() else { return Err(Bad::Structure) };
    let algorithm = ObjectIdentifier::from_der(items(body(algorithm)?)?.first().ok_or(Bad::Structure)?)?;
    if body(hash)? != digest(algorithm, stamped).ok_or(Bad::Unsupported)?.as_slice() {
        return Err(Bad::Digest);
    }
    let time = AnyRef::from_der(time)?;
    if time.tag() != Tag::GeneralizedTime {
        return Err(Bad::Structure);
    }
    let at = instant(time.value()).ok_or(Bad::Structure)?;
    let tbs = &found.cert.tbs_certificate;
    // RFC 3161, 2.3: the certificate is for time stamps and for nothing else, critically.
    match tbs.get::<ExtendedKeyUsage>() {
        Ok(Some((true, ExtendedKeyUsage(uses)))) if uses == [TIME_STAMPING] => {}
        _ => return Err(Bad::Binding),
    }
    let nonce =
        rest.iter().find(|t| t.first() == Some(&0x02)).map(|t| body(t).map(<[u8]>::to_vec)).transpose()?;
    let stamp = Stamp { at: at.to_string(), authority: found.name, certificate: found.cert_der, nonce };
    if stamp.within(&tbs.validity) { Ok(stamp) } else { Err(Bad::Signature) }
}

/// `YYYYMMDDHHMMSS[.f…]Z`, cut to whole seconds.
fn instant(text: &[u8]) -> Option<DateTime> {
    let text = core::str::from_utf8(text).ok()?;
    let (digits, rest) = text.split_at_checked(14)?;
    let fraction = rest.strip_suffix('Z')?;
    let tail = fraction.strip_prefix('.').unwrap_or(fraction);
    if (fraction.is_empty() != tail.is_empty()) || !tail.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let iso = format!(
        "{}-{}-{}T{}:{}:{}Z",
        digits.get(..4)?,
        digits.get(4..6)?,
        digits.get(6..8)?,
        digits.get(8..10)?,
        digits.get(10..12)?,
        digits.get(12..14)?
    );
    iso.parse().ok()
}
