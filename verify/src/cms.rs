//! The detached CMS inside a seal: digest, signature, certificate binding (RFC 5652, RFC 5035).

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerIdentifier};
use der::asn1::{ObjectIdentifier, OctetString};
use der::{Any, AnyRef, Decode, Encode, ErrorKind, Reader, Sequence, SliceReader};
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
    let info: ContentInfo = r.decode()?;
    let used = usize::try_from(r.position())?;
    let (info_der, padding) = contents.split_at_checked(used).ok_or(Bad::Structure)?;
    if padding.iter().any(|b| *b != 0) {
        return Err(Bad::Padding);
    }
    if info.content_type != ID_SIGNED_DATA {
        return Err(Bad::Structure);
    }
    let data: SignedData = info.content.decode_as()?;
    let encap = &data.encap_content_info;
    if encap.econtent_type != ID_DATA || encap.econtent.is_some() || data.signer_infos.0.len() != 1 {
        return Err(Bad::Structure);
    }
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
    let attrs = signer.signed_attrs.as_ref().ok_or(Bad::Structure)?;
    let kind: ObjectIdentifier = one(attrs, CONTENT_TYPE).ok_or(Bad::Structure)?.decode_as()?;
    let digest_attr: OctetString = one(attrs, MESSAGE_DIGEST).ok_or(Bad::Structure)?.decode_as()?;
    if kind != ID_DATA {
        return Err(Bad::Structure);
    }
    if digest_attr.as_bytes() != digest(signer.digest_alg.oid, signed).ok_or(Bad::Unsupported)?.as_slice() {
        return Err(Bad::Digest);
    }
    let spki = &cert.tbs_certificate.subject_public_key_info;
    ecdsa(spki, signer.signature_algorithm.oid, &attrs.to_der()?, signer.signature.as_bytes())?;
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
    Ok(Found { cert_der: cert_der.to_vec(), name: common_name(&cert), bound })
}

/// Whether `issuer` (DER) signed `cert` (DER): one step, for a list of trusted issuers.
pub fn issued_by(cert: &[u8], issuer: &[u8]) -> bool {
    let check = || -> Result<(), Bad> {
        let (c, i) = (Certificate::from_der(cert)?, Certificate::from_der(issuer)?);
        if c.tbs_certificate.issuer != i.tbs_certificate.subject {
            return Err(Bad::Signature);
        }
        let tbs = items(body(cert)?)?.first().copied().ok_or(Bad::Structure)?;
        ecdsa(
            &i.tbs_certificate.subject_public_key_info,
            c.signature_algorithm.oid,
            tbs,
            c.signature.raw_bytes(),
        )
    };
    check().is_ok()
}

fn common_name(cert: &Certificate) -> String {
    let subject = &cert.tbs_certificate.subject;
    let cn = subject.0.iter().flat_map(|rdn| rdn.0.iter()).find(|a| a.oid == COMMON_NAME);
    cn.and_then(|a| core::str::from_utf8(a.value.value()).ok().map(ToString::to_string))
        .unwrap_or_else(|| subject.to_string())
}

fn body(tlv: &[u8]) -> der::Result<&[u8]> {
    Ok(AnyRef::from_der(tlv)?.value())
}

fn items(body: &[u8]) -> der::Result<Vec<&[u8]>> {
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

fn digest(alg: ObjectIdentifier, bytes: &[u8]) -> Option<Vec<u8>> {
    match alg {
        SHA256 => Some(Sha256::digest(bytes).to_vec()),
        SHA384 => Some(Sha384::digest(bytes).to_vec()),
        SHA512 => Some(Sha512::digest(bytes).to_vec()),
        _ => None,
    }
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
