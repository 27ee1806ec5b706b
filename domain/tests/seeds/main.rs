//! The two seed documents and what people found in them: test data that stays outside the repository.

mod hints;
mod import;
mod parameters;

use serde_json::Value;
use std::path::{Path, PathBuf};
use tomfolio_domain::import::{Imported, import as read};

/// The seeds' folder: `TOMFOLIO_SEEDS`, else `../shared/seeds` beside the repository. Missing is loud, in CI a failure.
pub fn folder() -> Option<PathBuf> {
    let given = std::env::var_os("TOMFOLIO_SEEDS").map(PathBuf::from);
    let dir = given.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/seeds"));
    if dir.is_dir() {
        return Some(dir);
    }
    let ci = std::env::var("CI").is_ok_and(|v| v == "true" || v == "1");
    assert!(!ci, "CI must have the seed documents at {}", dir.display());
    eprintln!("SKIPPED LOUDLY: no seed documents at {}; own fixtures carry on", dir.display());
    None
}

/// The seed whose file name begins with these digits, imported.
pub fn imported(dir: &Path, prefix: &str) -> Imported {
    let file = std::fs::read_dir(dir)
        .unwrap()
        .filter_map(Result::ok)
        .map(|e| e.path())
        .find(|p| p.file_name().is_some_and(|n| n.to_string_lossy().starts_with(prefix)));
    read(&std::fs::read(file.expect("seed file")).unwrap(), &[]).unwrap()
}

/// What people found, as JSON.
pub fn truth(dir: &Path, name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(dir.join("../domain").join(name)).unwrap()).unwrap()
}
