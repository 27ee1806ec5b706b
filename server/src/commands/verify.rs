//! `tomfolio verify`: what a file says about itself, in one sentence. Exit 0 unchanged (and trusted, if asked), else 3.

use crate::cli::{Failure, Outcome, read};
use std::path::PathBuf;
use tomfolio_verify::{Report, Trusted, Verdict};

#[derive(clap::Args)]
pub struct Args {
    file: PathBuf,
    /// Certificate (PEM or DER) that must stand behind the seal; may be given more than once
    #[arg(long)]
    trust: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> Outcome {
    let bytes = read(&args.file)?;
    let mut trust = Vec::new();
    for path in &args.trust {
        trust.extend(
            certificates(&read(path)?)
                .ok_or_else(|| Failure::CouldNot(format!("{} holds no certificate", path.display())))?,
        );
    }
    let report = tomfolio_verify::verify(&bytes, &trust);
    if args.json {
        println!("{}", json(&report));
    } else {
        println!("{}", sentence(&report));
    }
    if report.ok() { Ok(()) } else { Err(Failure::CheckFailed) }
}

/// DER as it stands, or every certificate of a PEM file.
fn certificates(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    if bytes.first() == Some(&0x30) {
        return Some(vec![bytes.to_vec()]);
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let found = tomfolio_backend::adapters::seal::certificates_from_pem(text);
    (!found.is_empty()).then_some(found)
}

fn json(r: &Report) -> serde_json::Value {
    serde_json::json!({
        "verdict": r.verdict.as_str(), "trusted": r.trusted.as_str(), "reason": r.reason, "signer": r.signer,
        "fingerprint": r.fingerprint, "sealed_at": r.sealed_at, "stamp": r.stamp.as_ref().map(|s| serde_json::json!({ "at": s.at, "authority": s.authority })), "sha256": r.sha256, "signatures": r.signatures,
    })
}

/// The answer for people.
pub fn sentence(r: &Report) -> String {
    let key = match (&r.signer, &r.fingerprint) {
        (Some(name), Some(print)) => {
            format!(" Siegel: {name}, Schlüssel {}…", print.chars().take(16).collect::<String>())
        }
        _ => String::new(),
    };
    let key = match &r.stamp {
        Some(stamp) => format!("{key}, Zeitstempel {stamp} (die Zeitstempelstelle selbst ist nicht geprüft)"),
        None => key,
    };
    match (r.verdict, r.trusted) {
        (Verdict::Unchanged, Trusted::Yes) => {
            format!("Unverändert seit dem Siegel, Schlüssel bekannt und vertraut.{key}")
        }
        (Verdict::Unchanged, _) => format!(
            "Unverändert seit dem Siegel; ob der Schlüssel vertrauenswürdig ist, ist nicht bekannt.{key}"
        ),
        (Verdict::Untrusted, _) => {
            format!("Unverändert seit dem Siegel, aber der Schlüssel ist keiner der vertrauten.{key}")
        }
        (Verdict::Changed, _) => format!("Nicht unverändert: {}.{key}", r.reason),
        (Verdict::Unsigned, _) => "Die Datei trägt kein Siegel.".to_owned(),
        (Verdict::Unreadable, _) => format!("Die Datei ist kein lesbares PDF: {}.", r.reason),
        (Verdict::Unsupported, _) => format!("Das Siegel kann nicht geprüft werden: {}.", r.reason),
    }
}
