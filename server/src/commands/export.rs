//! `tomfolio export`: a document as Markdown on standard output; importing it again gives the same tree.

use crate::cli::{Failure, Outcome};
use std::io::Write;
use std::path::PathBuf;
use tomfolio_domain::error::DomainError;

#[derive(clap::Args)]
pub struct Args {
    /// Id (`doc_…`) or title
    document: String,
    #[arg(long, value_parser = ["md"])]
    format: String,
    #[arg(long, default_value = "data")]
    data: PathBuf,
}

pub fn run(args: Args) -> Outcome {
    let text = super::runtime()?.block_on(async {
        super::check::open(&args.data).await?.export_called(&args.document).await.map_err(|e| match e {
            DomainError::NotFound => Failure::CouldNot(format!("there is no document “{}”", args.document)),
            DomainError::Stale => Failure::WrongUse(format!(
                "several documents are called “{}”; name one by its id",
                args.document
            )),
            other => Failure::could_not(other),
        })
    })?;
    std::io::stdout().write_all(text.as_bytes()).map_err(Failure::could_not)
}
