//! Every rule has texts that it hits and near misses that it leaves alone, written by somebody who did not write the rules.

mod state;

use serde_json::Value;
use tomfolio_domain::catalogues::GoalKey;
use tomfolio_domain::import::Scope;
use tomfolio_domain::lint::{self, Document, Goal, Measure, Rule, of_text};

const TODAY: jiff::civil::Date = jiff::civil::Date::constant(2026, 11, 23);

fn text<'a>(v: &'a Value, key: &str) -> &'a str {
    v[key].as_str().unwrap_or_default()
}

#[test]
fn texts_are_hit_and_near_misses_are_left_alone() {
    let all: Value = serde_json::from_str(include_str!("examples.json")).unwrap();
    let mut wrong = Vec::new();
    for (id, examples) in all.as_object().unwrap() {
        let rule: Rule = id.to_lowercase().parse().unwrap();
        for (kind, want) in [("hit", true), ("miss", false)] {
            for e in examples[kind].as_array().unwrap() {
                let found = of_text(text(e, "label"), text(e, "text"), TODAY);
                if found.iter().any(|h| h.rule == rule) != want {
                    let said: Vec<_> =
                        found.iter().filter(|h| h.rule == rule).map(|h| h.quote.as_str()).collect();
                    wrong.push(format!("{id} {kind}: [{}] {} {said:?}", text(e, "label"), text(e, "text")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn documents_are_hit_and_near_misses_are_left_alone() {
    let all: Value = serde_json::from_str(include_str!("documents.json")).unwrap();
    let mut wrong = Vec::new();
    for case in all.as_array().unwrap() {
        let rule: Rule = text(case, "rule").to_lowercase().parse().unwrap();
        let parts = case["document"].as_array().unwrap();
        let goal = |v: &Value| text(v, "goal").parse::<GoalKey>().unwrap();
        let d = Document {
            goals: parts
                .iter()
                .filter(|v| v.get("definition").is_some())
                .map(|v| Goal {
                    code: String::new(),
                    title: text(v, "goal").into(),
                    definition: v["definition"].as_str().map(str::to_owned),
                    goals: vec![goal(v)],
                })
                .collect(),
            measures: parts
                .iter()
                .enumerate()
                .map(|(i, v)| Measure {
                    code: format!("X{}", i + 1),
                    label: text(v, "label").into(),
                    text: text(v, "text").into(),
                    goals: vec![goal(v)],
                    scope: text(v, "scope").parse::<Scope>().unwrap(),
                })
                .collect(),
            ..Document::default()
        };
        let found = lint::of_document(&d, TODAY);
        if found.iter().any(|h| h.rule == rule) != case["hit"].as_bool().unwrap() {
            let said: Vec<_> = parts.iter().map(|p| text(p, "text")).collect();
            wrong.push(format!("{rule} hit={}: {} | {said:?}", case["hit"], text(case, "name")));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
