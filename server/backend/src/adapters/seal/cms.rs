//! The detached CMS of a seal (RFC 5652): signed attributes content-type, message-digest, signing-certificate-v2.
//! No signing-time: PAdES forbids it, the time stands in `/M`. A time stamp over the signature (RFC 3161) goes into the unsigned
//! attributes: PAdES baseline T.

use super::SealError;
use super::keys::{SealKey, Secret};
use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignatureValue, SignedAttributes, SignedData, SignerIdentifier,
    SignerInfo, SignerInfos,
};
use der::asn1::{OctetString, SetOfVec};
use der::{Any, Decode, Encode, Sequence, Tag};
use p256::ecdsa::signature::Signer;
use p384::ecdsa::signature::hazmat::PrehashSigner;
use sha2::{Digest, Sha256};
use spki::{AlgorithmIdentifierOwned, ObjectIdentifier};
use x509_cert::Certificate;
use x509_cert::attr::Attribute;

const fn oid(s: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(s)
}
const ID_DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.1");
const ID_SIGNED_DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = oid("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = oid("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.47");
const TIME_STAMP_TOKEN: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.14");
const SHA256: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.1");
const ECDSA_SHA256: ObjectIdentifier = oid("1.2.840.10045.4.3.2");

/// RFC 5035. The hash algorithm is left out: SHA-256 is the default.
#[derive(Sequence)]
struct EssCertIdV2 {
    cert_hash: OctetString,
}

#[derive(Sequence)]
struct SigningCertificateV2 {
    certs: Vec<EssCertIdV2>,
}

fn algorithm(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: None }
}

fn attribute(oid: ObjectIdentifier, value: Any) -> der::Result<Attribute> {
    Ok(Attribute { oid, values: SetOfVec::try_from([value])? })
}

/// A signature that may still be stamped.
pub struct Signed {
    data: SignedData,
    pub signature: Vec<u8>,
}

/// Signs a digest.
pub fn sign(key: &SealKey, digest: [u8; 32]) -> Result<Signed, SealError> {
    let own = key.chain.first().ok_or(SealError::NoCertificate)?;
    let certificate = Certificate::from_der(own)?;
    let ess = SigningCertificateV2 {
        certs: vec![EssCertIdV2 { cert_hash: OctetString::new(Sha256::digest(own).to_vec())? }],
    };
    let attributes: SignedAttributes = SetOfVec::try_from([
        attribute(CONTENT_TYPE, Any::from(ID_DATA))?,
        attribute(MESSAGE_DIGEST, Any::new(Tag::OctetString, digest)?)?,
        attribute(SIGNING_CERTIFICATE_V2, Any::encode_from(&ess)?)?,
    ])?;
    let to_sign = attributes.to_der()?;
    let failed = |e: p256::ecdsa::Error| SealError::Signature(e.to_string());
    let signature = match &key.secret {
        Secret::P256(k) => {
            let s: p256::ecdsa::DerSignature = k.try_sign(&to_sign).map_err(failed)?;
            s.as_bytes().to_vec()
        }
        Secret::P384(k) => {
            let s: p384::ecdsa::Signature = k.sign_prehash(&Sha256::digest(&to_sign)).map_err(failed)?;
            s.to_der().as_bytes().to_vec()
        }
    };
    let signer = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: certificate.tbs_certificate.issuer.clone(),
            serial_number: certificate.tbs_certificate.serial_number.clone(),
        }),
        digest_alg: algorithm(SHA256),
        signed_attrs: Some(attributes),
        signature_algorithm: algorithm(ECDSA_SHA256),
        signature: SignatureValue::new(signature.clone())?,
        unsigned_attrs: None,
    };
    let mut certificates = Vec::new();
    for der in &key.chain {
        certificates.push(CertificateChoices::Certificate(Certificate::from_der(der)?));
    }
    let data = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from([algorithm(SHA256)])?,
        encap_content_info: EncapsulatedContentInfo { econtent_type: ID_DATA, econtent: None },
        certificates: Some(CertificateSet(SetOfVec::try_from(certificates)?)),
        crls: None,
        signer_infos: SignerInfos(SetOfVec::try_from([signer])?),
    };
    Ok(Signed { data, signature })
}

impl Signed {
    /// The DER of the content info, with the time stamp where there is one.
    pub fn assemble(mut self, token: Option<&[u8]>) -> Result<Vec<u8>, SealError> {
        if let Some(token) = token {
            let mut signers = self.data.signer_infos.0.into_vec();
            for signer in &mut signers {
                let stamp = attribute(TIME_STAMP_TOKEN, Any::from_der(token)?)?;
                signer.unsigned_attrs = Some(SetOfVec::try_from([stamp])?);
            }
            self.data.signer_infos = SignerInfos(SetOfVec::try_from(signers)?);
        }
        let content = Any::encode_from(&self.data)?;
        Ok(ContentInfo { content_type: ID_SIGNED_DATA, content }.to_der()?)
    }
}
