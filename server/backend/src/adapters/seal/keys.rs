//! Sealing keys: made by the portal for an organisation, or brought as PKCS#12. Never stored in the clear.

use super::SealError;
use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use der::asn1::{BitString, GeneralizedTime, OctetString, SetOfVec, UtcTime};
use der::{Any, DateTime, Decode, Encode, Tag};
use p256::ecdsa::signature::Signer;
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use sha2::{Digest, Sha256};
use spki::{AlgorithmIdentifierOwned, ObjectIdentifier, SubjectPublicKeyInfoOwned};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage, KeyUsages, SubjectKeyIdentifier};
use x509_cert::ext::{AsExtension, Extension};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::{Time, Validity};
use x509_cert::{Certificate, TbsCertificate, Version};

const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const ORGANISATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");

/// A key with its certificate chain (DER, the key's own first).
pub struct SealKey {
    pub(super) secret: Secret,
    pub chain: Vec<Vec<u8>>,
}

pub(super) enum Secret {
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
}

impl SealKey {
    /// From PKCS#8 and a chain whose first certificate belongs to the key.
    pub fn from_pkcs8(pkcs8: &[u8], chain: Vec<Vec<u8>>) -> Result<SealKey, SealError> {
        let secret = if let Ok(k) = p256::ecdsa::SigningKey::from_pkcs8_der(pkcs8) {
            Secret::P256(k)
        } else if let Ok(k) = p384::ecdsa::SigningKey::from_pkcs8_der(pkcs8) {
            Secret::P384(k)
        } else {
            return Err(SealError::KeyKind);
        };
        if chain.is_empty() {
            return Err(SealError::NoCertificate);
        }
        Ok(SealKey { secret, chain })
    }

    fn point(&self) -> Vec<u8> {
        match &self.secret {
            Secret::P256(k) => k.verifying_key().to_encoded_point(false).as_bytes().to_vec(),
            Secret::P384(k) => k.verifying_key().to_encoded_point(false).as_bytes().to_vec(),
        }
    }

    /// The key as PKCS#8, to be wrapped at once.
    pub fn to_pkcs8(&self) -> Result<Vec<u8>, SealError> {
        let made = match &self.secret {
            Secret::P256(k) => k.to_pkcs8_der(),
            Secret::P384(k) => k.to_pkcs8_der(),
        };
        Ok(made.map_err(|e| SealError::Signature(e.to_string()))?.as_bytes().to_vec())
    }

    /// The chain in PEM, the sealing certificate first: for `verify --trust` and for customers.
    pub fn certificates_pem(&self) -> String {
        self.chain.iter().map(|der| pem(der)).collect()
    }
}

/// A certificate as PEM text.
pub fn pem(der: &[u8]) -> String {
    der::pem::encode_string("CERTIFICATE", der::pem::LineEnding::LF, der).unwrap_or_default()
}

/// Bytes that nobody can guess.
pub fn random<const N: usize>() -> Result<[u8; N], SealError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| SealError::Random(e.to_string()))?;
    Ok(bytes)
}

/// A new P-256 key with a self-signed certificate: CN and O the organisation, 5 years (decisions.md "Records").
/// `now` is seconds since 1970.
pub fn new_organisation_key(organisation: &str, now: u64) -> Result<SealKey, SealError> {
    let key = loop {
        if let Ok(k) = p256::ecdsa::SigningKey::from_slice(&random::<32>()?) {
            break k;
        }
    };
    let certificate = self_signed(&key, organisation, now)?.to_der()?;
    Ok(SealKey { secret: Secret::P256(key), chain: vec![certificate] })
}

fn rdn(oid: ObjectIdentifier, text: &str) -> der::Result<RelativeDistinguishedName> {
    let value = Any::new(Tag::Utf8String, text.as_bytes())?;
    Ok(RelativeDistinguishedName(SetOfVec::try_from([AttributeTypeAndValue { oid, value }])?))
}

fn time(at: DateTime) -> der::Result<Time> {
    // RFC 5280, 4.1.2.5: UTCTime through 2049.
    Ok(if at.year() <= 2049 {
        Time::UtcTime(UtcTime::from_date_time(at)?)
    } else {
        Time::GeneralTime(GeneralizedTime::from_date_time(at))
    })
}

fn self_signed(
    key: &p256::ecdsa::SigningKey,
    organisation: &str,
    now: u64,
) -> Result<Certificate, SealError> {
    let algorithm = AlgorithmIdentifierOwned { oid: ECDSA_SHA256, parameters: None };
    let mut serial: [u8; 16] = random()?;
    serial[0] = (serial[0] & 0x7f) | 0x40;
    // X.520 bounds both names to 64 characters.
    let name: String = organisation.chars().take(64).collect();
    let subject: Name = RdnSequence(vec![rdn(ORGANISATION, &name)?, rdn(COMMON_NAME, &name)?]);
    let from = DateTime::from_unix_duration(std::time::Duration::from_secs(now))?;
    let day = if from.month() == 2 && from.day() == 29 { 28 } else { from.day() };
    let until =
        DateTime::new(from.year() + 5, from.month(), day, from.hour(), from.minutes(), from.seconds())?;
    let spki = SubjectPublicKeyInfoOwned::from_key(*key.verifying_key())
        .map_err(|e| SealError::Signature(e.to_string()))?;
    let key_id = Sha256::digest(spki.subject_public_key.raw_bytes());
    let mut extensions: Vec<Extension> = Vec::new();
    let e = BasicConstraints { ca: false, path_len_constraint: None }.to_extension(&subject, &extensions)?;
    extensions.push(e);
    let e = KeyUsage(KeyUsages::DigitalSignature | KeyUsages::NonRepudiation)
        .to_extension(&subject, &extensions)?;
    extensions.push(e);
    let e = SubjectKeyIdentifier(OctetString::new(key_id.get(..20).unwrap_or_default())?)
        .to_extension(&subject, &extensions)?;
    extensions.push(e);
    let tbs = TbsCertificate {
        version: Version::V3,
        serial_number: SerialNumber::new(&serial)?,
        signature: algorithm.clone(),
        issuer: subject.clone(),
        validity: Validity { not_before: time(from)?, not_after: time(until)? },
        subject,
        subject_public_key_info: spki,
        issuer_unique_id: None,
        subject_unique_id: None,
        extensions: Some(extensions),
    };
    let signature: p256::ecdsa::DerSignature =
        key.try_sign(&tbs.to_der()?).map_err(|e| SealError::Signature(e.to_string()))?;
    Ok(Certificate {
        tbs_certificate: tbs,
        signature_algorithm: algorithm,
        signature: BitString::from_bytes(signature.as_bytes())?,
    })
}

/// Opens a PKCS#12 file. The chain is ordered from the key's own certificate; a root at its end is left out of seals.
pub fn open_pkcs12(bytes: &[u8], password: &str) -> Result<SealKey, SealError> {
    let archive = p12_keystore::Pkcs12Archive::from_pkcs12(bytes, password).map_err(|_| SealError::Pkcs12)?;
    let pkcs8 = archive.keys.first().ok_or(SealError::NoCertificate)?.key.as_der().to_vec();
    let probe = SealKey::from_pkcs8(&pkcs8, vec![Vec::new()])?;
    let point = probe.point();
    let mut pool: Vec<(Vec<u8>, Certificate)> = Vec::new();
    for entry in &archive.certs {
        let der = entry.cert.as_der().to_vec();
        let parsed = Certificate::from_der(&der)?;
        pool.push((der, parsed));
    }
    let mut next = pool.iter().position(|(_, c)| {
        c.tbs_certificate.subject_public_key_info.subject_public_key.as_bytes() == Some(point.as_slice())
    });
    let mut chain: Vec<Vec<u8>> = Vec::new();
    while let Some(at) = next {
        let (der, cert) = pool.swap_remove(at);
        let tbs = &cert.tbs_certificate;
        let root = tbs.issuer == tbs.subject;
        next =
            if root { None } else { pool.iter().position(|(_, c)| c.tbs_certificate.subject == tbs.issuer) };
        if !root || chain.is_empty() {
            chain.push(der);
        }
    }
    SealKey::from_pkcs8(&pkcs8, chain)
}

/// A key under the master key: AES-256-GCM, with what it belongs to as additional data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrapped {
    pub nonce: [u8; 12],
    pub sealed: Vec<u8>,
}

/// Wraps a secret. `owner` (an organisation's id) binds it to its row.
pub fn wrap(master: &[u8; 32], owner: &str, secret: &[u8]) -> Result<Wrapped, SealError> {
    let nonce: [u8; 12] = random()?;
    let payload = Payload { msg: secret, aad: owner.as_bytes() };
    let sealed =
        Aes256Gcm::new(master.into()).encrypt(&nonce.into(), payload).map_err(|_| SealError::Wrapped)?;
    Ok(Wrapped { nonce, sealed })
}

/// Opens a wrapped secret.
pub fn unwrap(master: &[u8; 32], owner: &str, wrapped: &Wrapped) -> Result<Vec<u8>, SealError> {
    let payload = Payload { msg: &wrapped.sealed, aad: owner.as_bytes() };
    Aes256Gcm::new(master.into()).decrypt(&wrapped.nonce.into(), payload).map_err(|_| SealError::Wrapped)
}

/// Every certificate of a PEM text as DER, in order; other blocks are passed over.
pub fn certificates_from_pem(text: &str) -> Vec<Vec<u8>> {
    text.split_inclusive("-----END CERTIFICATE-----")
        .filter_map(|block| block.find("-----BEGIN CERTIFICATE-----").and_then(|at| block.get(at..)))
        .filter_map(|block| der::pem::decode_vec(block.as_bytes()).ok())
        .map(|(_, der)| der)
        .collect()
}
