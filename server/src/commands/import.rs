//! `tomfolio import`: reads a document; shows what it becomes, or stores it.

use crate::cli::{Failure, Outcome, read};
use std::io::Write;
use std::path::PathBuf;
use tomfolio_backend::adapters::extract;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::import::{self, Account, Imported, Node};
use tomfolio_domain::imports::ImportRefusal;
use tomfolio_domain::lint::{self, Hint};
use tomfolio_domain::parameters::{self, NotParameter, Parameter};
use tomfolio_domain::promises::{self, Promise};
use tomfolio_server::config::Config;

#[derive(clap::Args)]
pub struct Args {
    file: PathBuf,
    /// Show the tree and the repairs; store nothing
    #[arg(long, conflicts_with_all = ["organisation", "document"])]
    dry_run: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Name or id of the organisation that gets the document
    #[arg(long, required_unless_present = "dry_run", requires = "document")]
    organisation: Option<String>,
    /// Title of the new document
    #[arg(long, requires = "organisation")]
    document: Option<String>,
    #[arg(long, default_value = "data")]
    data: PathBuf,
}

pub fn run(args: Args) -> Outcome {
    let bytes = read(&args.file)?;
    match (&args.organisation, &args.document) {
        (Some(organisation), Some(document)) => store(&args, organisation, document, &bytes),
        _ => show(&bytes, &args.file, args.json),
    }
}

/// Stores a new document; its measures wait for somebody to confirm them.
fn store(args: &Args, organisation: &str, document: &str, bytes: &[u8]) -> Outcome {
    super::runtime()?.block_on(async {
        let b = super::check::open(&args.data).await?;
        let organisation = super::organisation(&b, organisation).await?;
        let id = b.import_file(organisation, document, bytes).await.map_err(|e| match e {
            ImportRefusal::Refused(DomainError::WrongState) => {
                Failure::CouldNot(format!("the organisation has a document “{document}” already"))
            }
            other => Failure::could_not(other),
        })?;
        if args.json {
            println!("{}", serde_json::json!({ "document": id }));
        } else {
            println!("{id}");
        }
        Ok(())
    })
}

fn show(bytes: &[u8], file: &std::path::Path, json: bool) -> Outcome {
    let extractor = Config::default().extractor().map_err(Failure::CouldNot)?;
    let read = extract::read(bytes, &extractor).and_then(|source| import::import_source(&source, &[]));
    let found = read.map_err(|e| Failure::CouldNot(format!("{}: {e}", file.display())))?;
    let read: Vec<Read> = found.leaves().into_iter().map(Read::of).collect();
    if json {
        let all =
            Shown { found: &found, characters: found.account(), language: found.language(), measures: &read };
        let text = serde_json::to_string_pretty(&all).map_err(Failure::could_not)?;
        let _ = std::io::stdout().write_all(format!("{text}\n").as_bytes());
        return Ok(());
    }
    let mut out = format!("{}\n\n", found.title);
    tree(&found.nodes, 0, &mut out);
    let (leaves, repairs, left) = (found.leaves().len(), found.repairs.len(), found.not_taken.len());
    out += &format!("\n{leaves} leaves, {repairs} repairs, {left} lines not taken\n");
    let a = found.account();
    out += &format!(
        "{} characters: {} taken, {} markers, {} not taken, {} written more than once\n",
        a.source, a.taken, a.structure, a.not_taken, a.added
    );
    for r in &read {
        for p in &r.promises {
            out += &format!(
                "  {} promises: {} ({})\n",
                r.code,
                p.parameter.quote,
                promises::short(&p.parameter)
            );
        }
    }
    for r in &found.repairs {
        out += &format!("  line {}: {} | {} -> {}\n", r.line, r.kind, r.before, r.after);
    }
    for n in &found.not_taken {
        out += &format!("  line {} not taken ({}): {}\n", n.line, n.reason, n.text);
    }
    // Whoever reads the first lines only (`| head`) closes the pipe: that is no failure.
    let _ = std::io::stdout().write_all(out.as_bytes());
    Ok(())
}

/// What is printed as JSON: the tree, repairs and what was not taken, and what each measure's text holds.
#[derive(serde::Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    found: &'a Imported,
    characters: Account,
    language: &'static str,
    measures: &'a [Read],
}

/// What the rules read out of one measure's text.
#[derive(serde::Serialize)]
struct Read {
    code: String,
    line: u32,
    parameters: Vec<Parameter>,
    /// What looks like a parameter and is none, with the reason.
    not_parameters: Vec<(String, NotParameter)>,
    promises: Vec<Promise>,
    hints: Vec<Hint>,
}

impl Read {
    fn of(n: &Node) -> Read {
        let (label, text) = (n.label.as_deref().unwrap_or_default(), n.text.as_deref().unwrap_or_default());
        let today = jiff::Zoned::now().date();
        Read {
            code: n.code.clone().unwrap_or_default(),
            line: n.line,
            parameters: parameters::find(label, text),
            not_parameters: parameters::not_parameters(text),
            promises: promises::find(label, text),
            hints: lint::of_text(label, text, today),
        }
    }
}

fn tree(nodes: &[Node], depth: usize, out: &mut String) {
    for n in nodes {
        let words = n.label.as_deref().or(n.title.as_deref()).or(n.text.as_deref()).unwrap_or_default();
        let words: String = words.chars().take(70).collect();
        *out += &format!("{}{:<8} {}\n", "  ".repeat(depth), n.code.as_deref().unwrap_or("-"), words);
        tree(&n.children, depth + 1, out);
    }
}
