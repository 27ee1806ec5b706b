//! The PDF holds what it promises: PDF/A-3a and PDF/UA-1 by an independent validator, the same bytes twice, every
//! entry once under its own heading, and a seal that `verify` accepts and any flipped byte breaks.

use page_validation::{ValidationOptions, ValidationProfile, validate_pdf_bytes};
use tomfolio_backend::adapters::{pdf, seal};
use tomfolio_domain::outline::{self, Outline, SignOff};
use tomfolio_domain::{canonical, import};
use tomfolio_verify::{Trusted, Verdict};

/// Rules that page_validation reports wrongly (shared design notes on PDF, section 3): multi-revision files, and a
/// compressed stream that happens to end in 0x0D.
const FALSE_POSITIVES: [&str; 2] = ["6.4.3:1", "6.1.7.1:1"];

fn fixture(name: &str) -> Outline {
    let path = format!("{}/../../domain/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).unwrap();
    let found = import::import(&bytes, &[]).unwrap();
    outline::of_import(&found, "Muster Systeme GmbH", "de", "22.11.2026", canonical::sha256_hex(&bytes))
}

fn failures(bytes: &[u8], profile: ValidationProfile) -> Vec<String> {
    let report = validate_pdf_bytes(bytes, &ValidationOptions::default().profile(profile)).unwrap();
    let found = report.failures.iter().map(|f| format!("{} {}", f.rule_id, f.message));
    found.filter(|f| !FALSE_POSITIVES.iter().any(|id| f.contains(id))).collect()
}

#[test]
fn the_pdf_is_archivable_and_accessible_before_and_after_the_seal() {
    for name in ["abcd.md", "nine.txt"] {
        let mut o = fixture(name);
        (o.number, o.replaces) = (Some(2), Some((1, "01.11.2025".into())));
        o.changes = Some(vec![("A.1.E1".into(), "Text geändert".into())]);
        o.sign_off = Some(SignOff { name: "Max Beispiel".into(), at: "22.11.2026, 10:00 Uhr".into() });
        let bytes = pdf::render(&o).unwrap();
        assert_eq!(failures(&bytes, ValidationProfile::PdfA3a), Vec::<String>::new(), "{name}");
        assert_eq!(failures(&bytes, ValidationProfile::PdfUa1), Vec::<String>::new(), "{name}");
        let (key, _) = seal::new_organisation_key("Muster Systeme GmbH", 1_795_000_000).unwrap();
        let sealed = seal::seal(&bytes, &key, "Muster Systeme GmbH", "20261122100000").unwrap();
        assert_eq!(failures(&sealed, ValidationProfile::PdfA3a), Vec::<String>::new(), "{name} sealed");
        assert_eq!(failures(&sealed, ValidationProfile::PdfUa1), Vec::<String>::new(), "{name} sealed");
        assert!(sealed.starts_with(&bytes), "the unsealed file is a prefix of the sealed one");
    }
}

#[test]
fn the_same_outline_gives_the_same_bytes() {
    let o = fixture("abcd.md");
    assert_eq!(
        canonical::sha256_hex(&pdf::render(&o).unwrap()),
        canonical::sha256_hex(&pdf::render(&o).unwrap())
    );
}

#[test]
fn a_seal_holds_and_every_change_is_seen() {
    let bytes = pdf::render(&fixture("nine.txt")).unwrap();
    let (key, pkcs8) = seal::new_organisation_key("Müller & Söhne, \"Test\" <b> #1", 1_795_000_000).unwrap();
    let sealed = seal::seal(&bytes, &key, "Müller", "20261122100000").unwrap();
    let cert = key.chain[0].clone();
    let report = tomfolio_verify::verify(&sealed, std::slice::from_ref(&cert));
    assert_eq!((report.verdict, report.trusted), (Verdict::Unchanged, Trusted::Yes), "{}", report.reason);
    assert_eq!(tomfolio_verify::verify(&sealed, &[]).trusted, Trusted::Unknown);
    let (stranger, _) = seal::new_organisation_key("Müller", 1_795_000_000).unwrap();
    assert_eq!(tomfolio_verify::verify(&sealed, &stranger.chain).verdict, Verdict::Untrusted);
    assert_eq!(tomfolio_verify::verify(&bytes, &[]).verdict, Verdict::Unsigned);
    for at in (100..sealed.len()).step_by(sealed.len() / 97) {
        let mut bad = sealed.clone();
        bad[at] ^= 0x01;
        assert!(
            !tomfolio_verify::verify(&bad, std::slice::from_ref(&cert)).ok(),
            "a flipped byte at {at} went unseen"
        );
    }
    let appended = [sealed.as_slice(), b"\n% more\n"].concat();
    assert_eq!(tomfolio_verify::verify(&appended, &[]).verdict, Verdict::Changed);
    let master = [7; 32];
    let wrapped = seal::wrap(&master, "org_1", &pkcs8).unwrap();
    assert_eq!(seal::unwrap(&master, "org_1", &wrapped).unwrap(), pkcs8);
    assert!(
        seal::unwrap(&master, "org_2", &wrapped).is_err()
            && seal::unwrap(&[8; 32], "org_1", &wrapped).is_err()
    );
}
