//! `tomfolio render`: import, layout, PDF, seal, without a database. A first look, and a thing to measure.

use crate::cli::{Failure, Outcome, read};
use std::path::PathBuf;
use tomfolio_backend::adapters::{extract, pdf, seal};
use tomfolio_domain::{canonical, import, outline};
use tomfolio_server::config::Config;

#[derive(clap::Args)]
pub struct Args {
    file: PathBuf,
    #[arg(long)]
    out: PathBuf,
    /// Seal the file, with --key or with a key made for this run
    #[arg(long)]
    sign: bool,
    /// PKCS#12 file with a P-256 or P-384 key; its password comes from TOMFOLIO_KEY_PASSWORD
    #[arg(long, requires = "sign")]
    key: Option<PathBuf>,
    /// As-of date, YYYY-MM-DD (else today)
    #[arg(long)]
    date: Option<jiff::civil::Date>,
    /// Language of the frame: de or en
    #[arg(long, default_value = "de", value_parser = ["de", "en"])]
    language: String,
    /// Organisation on the cover
    #[arg(long, default_value = "")]
    organisation: String,
}

pub fn run(args: Args) -> Outcome {
    let bytes = read(&args.file)?;
    let extractor = Config::default().extractor().map_err(Failure::CouldNot)?;
    let read_in = extract::read(&bytes, &extractor).and_then(|source| import::import_source(&source, &[]));
    let found = read_in.map_err(|e| Failure::CouldNot(format!("{}: {e}", args.file.display())))?;
    let now = jiff::Timestamp::now();
    let date = args.date.unwrap_or_else(|| now.to_zoned(jiff::tz::TimeZone::UTC).date());
    let shown =
        if args.language == "de" { date.strftime("%d.%m.%Y") } else { date.strftime("%Y-%m-%d") }.to_string();
    let organisation =
        if args.organisation.is_empty() { "Tomfolio".to_owned() } else { args.organisation.clone() };
    let mut o =
        outline::of_import(&found, &organisation, &args.language, &shown, canonical::sha256_hex(&bytes));
    o.sealed = args.sign;
    let mut file = pdf::render(&o).map_err(Failure::could_not)?;
    if args.sign {
        let key = match &args.key {
            Some(path) => {
                let password = std::env::var("TOMFOLIO_KEY_PASSWORD").unwrap_or_default();
                seal::open_pkcs12(&read(path)?, &password).map_err(Failure::could_not)?
            }
            None => seal::new_organisation_key(&organisation, now.as_second() as u64)
                .map_err(Failure::could_not)?,
        };
        let at = now.strftime("%Y%m%d%H%M%S").to_string();
        file = seal::seal(&file, &key, &organisation, &at).map_err(Failure::could_not)?;
        let pem = args.out.with_extension("pem");
        std::fs::write(&pem, key.certificates_pem()).map_err(Failure::could_not)?;
    }
    std::fs::write(&args.out, file)
        .map_err(|e| Failure::CouldNot(format!("cannot write {}: {e}", args.out.display())))
}
