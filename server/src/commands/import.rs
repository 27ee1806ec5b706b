//! `tomfolio import`: reads a document and shows what it becomes.

use crate::cli::{Failure, Outcome, read};
use std::path::PathBuf;
use tomfolio_domain::import::{self, Node};

#[derive(clap::Args)]
pub struct Args {
    file: PathBuf,
    /// Show the tree and the repairs; store nothing
    #[arg(long)]
    dry_run: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> Outcome {
    if !args.dry_run {
        return Err(Failure::WrongUse(
            "storing from the command line is not built yet; add --dry-run, or import in the browser".into(),
        ));
    }
    let found = import::import(&read(&args.file)?, &[]).map_err(Failure::could_not)?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&found).map_err(Failure::could_not)?);
        return Ok(());
    }
    println!("{}\n", found.title);
    print(&found.nodes, 0);
    println!(
        "\n{} leaves, {} repairs, {} lines not taken",
        found.leaves().len(),
        found.repairs.len(),
        found.not_taken.len()
    );
    for r in &found.repairs {
        println!("  line {}: {} | {} -> {}", r.line, r.kind, r.before, r.after);
    }
    for n in &found.not_taken {
        println!("  line {} not taken ({}): {}", n.line, n.reason, n.text);
    }
    Ok(())
}

fn print(nodes: &[Node], depth: usize) {
    for n in nodes {
        let words = n.label.as_deref().or(n.title.as_deref()).or(n.text.as_deref()).unwrap_or_default();
        let words: String = words.chars().take(70).collect();
        println!("{}{:<8} {}", "  ".repeat(depth), n.code.as_deref().unwrap_or("-"), words);
        print(&n.children, depth + 1);
    }
}
