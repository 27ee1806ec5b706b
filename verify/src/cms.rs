//! The CMS inside a seal or a time stamp: digest, signature, certificate binding (RFC 5652, RFC 5035).

use crate::stamp::{self, Stamp};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerIdentifier};
use der::asn1::{ObjectIdentifier, OctetString};
use der::{Any, AnyRef, Decode, Encode, ErrorKind, Reader, Sequence, SliceReader};
use num_bigint::BigUint;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use sha2::{Digest, Sha256, Sha384, Sha512};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::Certificate;
use x509_cert::attr::Attributes;
use x509_cert::ext::pkix::SubjectKeyIdentifier;

const fn oid(s: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(s)
}
const ID_DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.1");
const ID_SIGNED_DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = oid("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = oid("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.47");
const SHA256: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.3");
const ECDSA_SHA256: ObjectIdentifier = oid("1.2.840.10045.4.3.2");
const ECDSA_SHA384: ObjectIdentifier = oid("1.2.840.10045.4.3.3");
const ECDSA_SHA512: ObjectIdentifier = oid("1.2.840.10045.4.3.4");
const RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.1");
const RSA_SHA256: ObjectIdentifier = oid("1.2.840.113549.1.1.11");
const RSA_SHA384: ObjectIdentifier = oid("1.2.840.113549.1.1.12");
const RSA_SHA512: ObjectIdentifier = oid("1.2.840.113549.1.1.13");
const TIME_STAMP_TOKEN: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.14");
const EC_PUBLIC_KEY: ObjectIdentifier = oid("1.2.840.10045.2.1");
const CURVE_P256: ObjectIdentifier = oid("1.2.840.10045.3.1.7");
const CURVE_P384: ObjectIdentifier = oid("1.3.132.0.34");
const COMMON_NAME: ObjectIdentifier = oid("2.5.4.3");

/// What is wrong with a seal.
#[derive(Debug)]
pub enum Bad {
    Structure,
    Padding,
    NoSigner,
    Unsupported,
    Digest,
    Binding,
    Signature,
    /// The time stamp inside the seal is not one for this seal, or is damaged.
    Stamp,
}

impl Bad {
    pub fn words(&self) -> &'static str {
        match self {
            Bad::Structure => "the seal is damaged",
            Bad::Padding => "bytes stand behind the seal inside its own place",
            Bad::NoSigner => "the seal names no certificate that it carries",
            Bad::Unsupported => "the seal uses an unknown algorithm",
            Bad::Digest => "the document was changed after it was sealed",
            Bad::Binding => "the certificate is not the one that was sealed with",
            Bad::Signature => "the seal does not fit its certificate",
            Bad::Stamp => "the time stamp does not belong to the seal",
        }
    }
}

impl From<der::Error> for Bad {
    fn from(_: der::Error) -> Self {
        Bad::Structure
    }
}

/// A seal that holds.
pub struct Found {
    pub cert_der: Vec<u8>,
    pub name: String,
    /// Whether ESS signing-certificate-v2 binds the certificate.
    pub bound: bool,
    /// The time stamp over the seal's signature (PAdES B-T), checked as well.
    pub stamp: Option<Stamp>,
}

/// Who signed a CMS, with what is signed and checked.
pub(crate) struct Signed {
    pub data: SignedData,
    pub cert: Certificate,
    pub cert_der: Vec<u8>,
    pub name: String,
    pub bound: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct EssCertIdV2 {
    hash_algorithm: Option<AlgorithmIdentifierOwned>,
    cert_hash: OctetString,
    issuer_serial: Option<Any>,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct SigningCertificateV2 {
    certs: Vec<EssCertIdV2>,
    policies: Option<Any>,
}

/// Checks one seal over the bytes that it covers.
pub fn verify(contents: &[u8], signed: &[u8]) -> Result<Found, Bad> {
    let mut r = SliceReader::new(contents)?;
    let _: ContentInfo = r.decode()?;
    let used = usize::try_from(r.position())?;
    let (info, padding) = contents.split_at_checked(used).ok_or(Bad::Structure)?;
    if padding.iter().any(|b| *b != 0) {
        return Err(Bad::Padding);
    }
    let found = check(info, ID_DATA, |data| match data.encap_content_info.econtent {
        None => Ok(signed.to_vec()),
        Some(_) => Err(Bad::Structure),
    })?;
    let signer = found.data.signer_infos.0.get(0).ok_or(Bad::Structure)?;
    let token = match &signer.unsigned_attrs {
        None => None,
        // Unsigned attributes stand under no signature: what is not known here could have been anything before.
        Some(attrs) if attrs.iter().any(|a| a.oid != TIME_STAMP_TOKEN) => return Err(Bad::Unsupported),
        Some(attrs) => Some(one(attrs, TIME_STAMP_TOKEN).ok_or(Bad::Stamp)?.to_der()?),
    };
    let stamp = match token {
        Some(token) => match stamp::check(&token, signer.signature.as_bytes()) {
            // A key cannot have sealed before it was there, nor may it after its end.
            Ok(stamp) if stamp.within(&found.cert.tbs_certificate.validity) => Some(stamp),
            Ok(_) => return Err(Bad::Stamp),
            Err(Bad::Unsupported) => return Err(Bad::Unsupported),
            Err(_) => return Err(Bad::Stamp),
        },
        None => None,
    };
    Ok(Found { cert_der: found.cert_der, name: found.name, bound: found.bound, stamp })
}

/// Checks a CMS with one signer over content of a kind; `content` says which bytes were signed.
pub(crate) fn check(
    info_der: &[u8],
    kind: ObjectIdentifier,
    content: impl FnOnce(&SignedData) -> Result<Vec<u8>, Bad>,
) -> Result<Signed, Bad> {
    let info = ContentInfo::from_der(info_der)?;
    if info.content_type != ID_SIGNED_DATA {
        return Err(Bad::Structure);
    }
    let data: SignedData = info.content.decode_as()?;
    if data.encap_content_info.econtent_type != kind || data.signer_infos.0.len() != 1 {
        return Err(Bad::Structure);
    }
    let signed = content(&data)?;
    let signer = data.signer_infos.0.get(0).ok_or(Bad::Structure)?;
    let (cert_der, cert) = certificates(info_der)?
        .into_iter()
        .filter_map(|d| Certificate::from_der(d).ok().map(|c| (d, c)))
        .find(|(_, c)| match &signer.sid {
            SignerIdentifier::IssuerAndSerialNumber(i) => {
                i.issuer == c.tbs_certificate.issuer && i.serial_number == c.tbs_certificate.serial_number
            }
            SignerIdentifier::SubjectKeyIdentifier(s) => {
                matches!(c.tbs_certificate.get::<SubjectKeyIdentifier>(), Ok(Some((_, k))) if k == *s)
            }
        })
        .ok_or(Bad::NoSigner)?;
    // The other certificates stand under no signature of this one: a root that does not even hold for itself was changed.
    for other in certificates(info_der)?.into_iter().filter(|d| *d != cert_der) {
        let c = Certificate::from_der(other)?;
        if c.tbs_certificate.issuer == c.tbs_certificate.subject && !issued_by(other, other) {
            return Err(Bad::Binding);
        }
    }
    let attrs = signer.signed_attrs.as_ref().ok_or(Bad::Structure)?;
    let of: ObjectIdentifier = one(attrs, CONTENT_TYPE).ok_or(Bad::Structure)?.decode_as()?;
    let digest_attr: OctetString = one(attrs, MESSAGE_DIGEST).ok_or(Bad::Structure)?.decode_as()?;
    if of != kind {
        return Err(Bad::Structure);
    }
    let hash = signer.digest_alg.oid;
    if digest_attr.as_bytes() != digest(hash, &signed).ok_or(Bad::Unsupported)?.as_slice() {
        return Err(Bad::Digest);
    }
    let spki = &cert.tbs_certificate.subject_public_key_info;
    let (alg, bytes) = (signer.signature_algorithm.oid, signer.signature.as_bytes());
    signature(spki, alg, Some(hash), &attrs.to_der()?, bytes)?;
    let bound = attrs.iter().any(|a| a.oid == SIGNING_CERTIFICATE_V2);
    if bound {
        let ess: SigningCertificateV2 =
            one(attrs, SIGNING_CERTIFICATE_V2).ok_or(Bad::Structure)?.decode_as()?;
        let id = ess.certs.first().ok_or(Bad::Structure)?;
        let want =
            digest(id.hash_algorithm.as_ref().map_or(SHA256, |a| a.oid), cert_der).ok_or(Bad::Unsupported)?;
        if id.cert_hash.as_bytes() != want.as_slice() {
            return Err(Bad::Binding);
        }
    }
    let (name, cert_der) = (common_name(&cert), cert_der.to_vec());
    Ok(Signed { cert, cert_der, name, bound, data })
}

/// Whether `issuer` (DER) signed `cert` (DER): one step, for a list of trusted issuers.
pub fn issued_by(cert: &[u8], issuer: &[u8]) -> bool {
    let check = || -> Result<(), Bad> {
        let (c, i) = (Certificate::from_der(cert)?, Certificate::from_der(issuer)?);
        if c.tbs_certificate.issuer != i.tbs_certificate.subject {
            return Err(Bad::Signature);
        }
        let tbs = items(body(cert)?)?.first().copied().ok_or(Bad::Structure)?;
        let spki = &i.tbs_certificate.subject_public_key_info;
        signature(spki, c.signature_algorithm.oid, None, tbs, c.signature.raw_bytes())
    };
    check().is_ok()
}

fn common_name(cert: &Certificate) -> String {
    let subject = &cert.tbs_certificate.subject;
    let cn = subject.0.iter().flat_map(|rdn| rdn.0.iter()).find(|a| a.oid == COMMON_NAME);
    cn.and_then(|a| core::str::from_utf8(a.value.value()).ok().map(ToString::to_string))
        .unwrap_or_else(|| subject.to_string())
}

pub(crate) fn body(tlv: &[u8]) -> der::Result<&[u8]> {
    Ok(AnyRef::from_der(tlv)?.value())
}

pub(crate) fn items(body: &[u8]) -> der::Result<Vec<&[u8]>> {
    let mut r = SliceReader::new(body)?;
    let mut out = Vec::new();
    while !r.is_finished() {
        out.push(r.tlv_bytes()?);
    }
    Ok(out)
}

/// The certificates as they stand, byte for byte: encoding one again could differ from what was hashed.
fn certificates(info: &[u8]) -> der::Result<Vec<&[u8]>> {
    let bad = || der::Error::from(ErrorKind::Failed);
    let data = body(items(body(info)?)?.get(1).copied().ok_or_else(bad)?)?;
    match items(body(data)?)?.into_iter().find(|t| t.first() == Some(&0xA0)) {
        Some(set) => items(body(set)?),
        None => Ok(Vec::new()),
    }
}

pub(crate) fn digest(alg: ObjectIdentifier, bytes: &[u8]) -> Option<Vec<u8>> {
    match alg {
        SHA256 => Some(Sha256::digest(bytes).to_vec()),
        SHA384 => Some(Sha384::digest(bytes).to_vec()),
        SHA512 => Some(Sha512::digest(bytes).to_vec()),
        _ => None,
    }
}

/// Checks a signature by ECDSA or RSA. A CMS may name plain RSA and say the hash elsewhere.
fn signature(
    spki: &SubjectPublicKeyInfoOwned,
    alg: ObjectIdentifier,
    hash: Option<ObjectIdentifier>,
    message: &[u8],
    sig: &[u8],
) -> Result<(), Bad> {
    match alg {
        RSA => rsa(spki, hash.ok_or(Bad::Unsupported)?, message, sig),
        RSA_SHA256 => rsa(spki, SHA256, message, sig),
        RSA_SHA384 => rsa(spki, SHA384, message, sig),
        RSA_SHA512 => rsa(spki, SHA512, message, sig),
        _ => ecdsa(spki, alg, message, sig),
    }
}

/// RSASSA-PKCS1-v1_5 (RFC 8017, 8.2.2): the padded digest is built and compared whole. Everything here is public, so
/// nothing can leak by timing.
fn rsa(
    spki: &SubjectPublicKeyInfoOwned,
    hash: ObjectIdentifier,
    message: &[u8],
    sig: &[u8],
) -> Result<(), Bad> {
    if spki.algorithm.oid != RSA {
        return Err(Bad::Unsupported);
    }
    let key = spki.subject_public_key.as_bytes().ok_or(Bad::Structure)?;
    let parts = items(body(key)?)?;
    let [n, e] = parts.as_slice() else { return Err(Bad::Structure) };
    let (n, e) = (BigUint::from_bytes_be(body(n)?), BigUint::from_bytes_be(body(e)?));
    // Smaller is broken, larger is a way to keep a browser busy.
    if !(2048..=8192).contains(&n.bits()) || e.bits() > 33 {
        return Err(Bad::Unsupported);
    }
    let size = usize::try_from(n.bits().div_ceil(8)).map_err(|_| Bad::Structure)?;
    if sig.len() != size {
        return Err(Bad::Signature);
    }
    let digest = digest(hash, message).ok_or(Bad::Unsupported)?;
    // DigestInfo: SEQUENCE { SEQUENCE { hash, NULL }, OCTET STRING }.
    let algorithm = AlgorithmIdentifierOwned { oid: hash, parameters: Some(Any::null()) };
    let info = DigestInfo { algorithm, digest: OctetString::new(digest)? }.to_der()?;
    let fill = size.checked_sub(info.len() + 3).filter(|n| *n >= 8).ok_or(Bad::Signature)?;
    let mut want = Vec::with_capacity(size);
    want.extend([0, 1]);
    want.extend(core::iter::repeat_n(0xFF, fill));
    want.push(0);
    want.extend(info);
    let found = BigUint::from_bytes_be(sig).modpow(&e, &n);
    if found == BigUint::from_bytes_be(&want) { Ok(()) } else { Err(Bad::Signature) }
}

#[derive(Sequence)]
struct DigestInfo {
    algorithm: AlgorithmIdentifierOwned,
    digest: OctetString,
}

fn ecdsa(
    spki: &SubjectPublicKeyInfoOwned,
    alg: ObjectIdentifier,
    message: &[u8],
    sig: &[u8],
) -> Result<(), Bad> {
    let hash = match alg {
        ECDSA_SHA256 => SHA256,
        ECDSA_SHA384 => SHA384,
        ECDSA_SHA512 => SHA512,
        _ => return Err(Bad::Unsupported),
    };
    let hash = digest(hash, message).ok_or(Bad::Unsupported)?;
    if spki.algorithm.oid != EC_PUBLIC_KEY {
        return Err(Bad::Unsupported);
    }
    let curve: ObjectIdentifier = spki.algorithm.parameters.as_ref().ok_or(Bad::Unsupported)?.decode_as()?;
    let point = spki.subject_public_key.as_bytes().ok_or(Bad::Structure)?;
    let checked = match curve {
        CURVE_P256 => p256::ecdsa::VerifyingKey::from_sec1_bytes(point)
            .and_then(|k| k.verify_prehash(&hash, &p256::ecdsa::Signature::from_der(sig)?)),
        CURVE_P384 => p384::ecdsa::VerifyingKey::from_sec1_bytes(point)
            .and_then(|k| k.verify_prehash(&hash, &p384::ecdsa::Signature::from_der(sig)?)),
        _ => return Err(Bad::Unsupported),
    };
    checked.map_err(|_| Bad::Signature)
}

/// The only value of an attribute that stands exactly once.
fn one(attrs: &Attributes, oid: ObjectIdentifier) -> Option<&Any> {
    let mut found = attrs.iter().filter(|a| a.oid == oid);
    let a = found.next()?;
    if found.next().is_some() || a.values.len() != 1 {
        return None;
    }
    a.values.get(0)
}
