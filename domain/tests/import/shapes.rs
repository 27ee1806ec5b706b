//! Whole documents of other makers: each shape against its golden tree, its account, and its way out and in again.

use crate::{account, read, timeless};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tomfolio_domain::import::{Node, to_markdown};

fn sources() -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/shapes");
    let mut all: Vec<PathBuf> = std::fs::read_dir(dir)
        .unwrap()
        .map(|f| f.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "md" || e == "txt"))
        .collect();
    all.sort();
    all
}

fn golden(n: &Node) -> Value {
    json!({
        "code": n.code, "kind": n.kind, "words": n.title.as_ref().or(n.text.as_ref()), "label": n.label, "scope": n.scope,
        "definition": n.definition, "line": n.line, "children": n.children.iter().map(golden).collect::<Vec<_>>(),
    })
}

#[test]
fn every_shape_equals_its_golden_tree() {
    let all = sources();
    assert!(all.len() >= 12, "{} shapes", all.len());
    let mut wrong = Vec::new();
    for path in all {
        let text = std::fs::read_to_string(&path).unwrap();
        let found = read(&text);
        let got = json!({
            "language": found.language(), "title": found.title, "nodes": found.nodes.iter().map(golden).collect::<Vec<_>>(), "not_taken": found.not_taken,
        });
        let want: Value =
            serde_json::from_str(&std::fs::read_to_string(path.with_extension("json")).unwrap()).unwrap();
        if got != want {
            let lines = |v: &Value| serde_json::to_string_pretty(v).unwrap();
            let diff = similar::TextDiff::from_lines(lines(&want).as_str(), lines(&got).as_str())
                .unified_diff()
                .context_radius(2)
                .header("golden", "found")
                .to_string();
            wrong.push(format!("{}\n{diff}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_shape_adds_up_and_survives_export() {
    for path in sources() {
        let text = std::fs::read_to_string(&path).unwrap();
        let found = read(&text);
        account::check(&text, &found).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let out = to_markdown(&found.title, found.scheme, &found.nodes);
        let again = read(&out);
        let lines = |n: &[Node]| serde_json::to_string_pretty(&timeless(n)).unwrap();
        let (before, after) = (lines(&found.nodes), lines(&again.nodes));
        let diff =
            similar::TextDiff::from_lines(&before, &after).unified_diff().context_radius(2).to_string();
        assert!(diff.is_empty(), "{}\n{diff}\n{out}", path.display());
    }
}
