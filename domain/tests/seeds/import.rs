//! Both seeds come in whole: equal to the golden trees of `shared/domain`, every repair listed.

use serde_json::Value;
use tomfolio_domain::import::{self, Imported, Kind, Node};

fn load(prefix: &str, golden: &str) -> Option<(Imported, Value, Value)> {
    let dir = crate::folder()?;
    Some((
        crate::imported(&dir, prefix),
        crate::truth(&dir, golden),
        crate::truth(&dir, "import_repairs.json"),
    ))
}

fn repairs(found: &Imported) -> Vec<(String, u64)> {
    let mut all: Vec<_> =
        found.repairs.iter().map(|r| (r.kind.as_str().to_owned(), u64::from(r.line))).collect();
    all.sort();
    all
}

fn golden_repairs(v: &Value) -> Vec<(String, u64)> {
    let mut all: Vec<_> = v
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r[0].as_str().unwrap().to_owned(), r[1].as_u64().unwrap()))
        .collect();
    all.sort();
    all
}

fn nine(n: &Node) -> Value {
    serde_json::json!({
        "code": n.code, "text": n.title.as_ref().or(n.text.as_ref()), "line": n.line,
        "children": n.children.iter().map(nine).collect::<Vec<_>>(),
    })
}

#[test]
fn the_nine_section_seed_equals_its_golden_tree() {
    let Some((found, golden, fixes)) = load("000_", "seed1.json") else { return };
    assert_eq!(found.title, golden["title"].as_str().unwrap());
    let tree: Vec<Value> = found.nodes.iter().map(nine).collect();
    assert_eq!(Value::from(tree), golden["sections"]);
    assert_eq!(found.leaves().len(), 28);
    assert_eq!(repairs(&found), golden_repairs(&fixes["seed1"]));
    assert!(found.not_taken.is_empty(), "{:?}", found.not_taken);
    assert!(found.account().balanced(), "{:?}", found.account());
    let scopes: Vec<_> =
        found.nodes[1].children.iter().map(|n| (n.kind.as_str(), n.scope.as_str())).collect();
    assert_eq!(scopes, [("scope", "hosting"), ("scope", "internal")]);
}

fn items<'a>(n: &'a Node, out: &mut Vec<&'a Node>) {
    for c in &n.children {
        if c.kind.is_leaf() {
            out.push(c);
        }
        items(c, out);
    }
}

#[test]
fn the_a_to_d_seed_equals_its_golden_tree() {
    let Some((found, golden, fixes)) = load("004_", "seed2.json") else { return };
    assert_eq!(found.title, golden["title"].as_str().unwrap());
    let sections: Vec<Value> = found
        .nodes
        .iter()
        .map(|s| {
            let goals: Vec<Value> = s.children.iter().map(|g| {
                let mut leaves = Vec::new();
                items(g, &mut leaves);
                let leaves: Vec<Value> = leaves.iter().map(|i| serde_json::json!({
                    "code": i.code, "scope": i.scope, "group": i.group, "label": i.label, "text": i.text, "line": i.line,
                    "kind": if i.kind == Kind::Measure { "item" } else { "statement" },
                })).collect();
                serde_json::json!({"code": g.code, "title": g.title, "line": g.line, "definition": g.definition, "items": leaves})
            }).collect();
            serde_json::json!({"code": s.code, "title": s.title, "line": s.line, "goals": goals})
        })
        .collect();
    let mut want = golden["sections"].clone();
    for s in want.as_array_mut().unwrap() {
        for g in s["goals"].as_array_mut().unwrap() {
            g.as_object_mut().unwrap().remove("level");
        }
    }
    assert_eq!(Value::from(sections), want);
    assert_eq!(found.leaves().len(), 68);
    assert!(found.account().balanced(), "{:?}", found.account());
    assert_eq!(repairs(&found), golden_repairs(&fixes["seed2"]));
    assert!(found.not_taken.is_empty(), "{:?}", found.not_taken);
}

fn without_lines(mut nodes: Vec<Node>) -> Vec<Node> {
    for n in &mut nodes {
        n.line = 0;
        n.children = without_lines(std::mem::take(&mut n.children));
    }
    nodes
}

#[test]
fn export_and_import_again_is_the_same_tree() {
    for (prefix, golden) in [("000_", "seed1.json"), ("004_", "seed2.json")] {
        let Some((found, _, _)) = load(prefix, golden) else { return };
        let text = import::to_markdown(&found.title, found.scheme, &found.nodes);
        let again = import::import(text.as_bytes(), &[]).unwrap();
        assert_eq!(again.title, found.title);
        assert_eq!(without_lines(again.nodes), without_lines(found.nodes), "{prefix}");
    }
}
