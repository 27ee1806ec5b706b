//! On the seeds the hints equal a list that a person has read: rule by rule the codes of the measures that it hits.

use serde_json::{Map, Value, json};
use tomfolio_domain::catalogues::{of_scheme, propose};
use tomfolio_domain::import::{Imported, Kind, Node};
use tomfolio_domain::lint::{self, Document, Goal, Hint, Measure, Place, Rule};

const TODAY: jiff::civil::Date = jiff::civil::Date::constant(2026, 11, 23);

fn collect(nodes: &[Node], headings: &mut Vec<String>, d: &mut Document) {
    for n in nodes {
        let title = n.title.clone().unwrap_or_default();
        let goals = |label: &str, text: &str, headings: &[String]| {
            propose(headings.iter().map(String::as_str), label, text)
                .into_iter()
                .map(|p| p.goal)
                .take(1)
                .collect::<Vec<_>>()
        };
        if n.kind.is_leaf() {
            let (label, text) = (n.label.clone().unwrap_or_default(), n.text.clone().unwrap_or_default());
            let goals = goals(&label, &text, headings);
            d.measures.push(Measure {
                code: n.code.clone().unwrap_or_default(),
                goals,
                label,
                text,
                scope: n.scope,
            });
        } else if n.kind == Kind::Goal {
            d.goals.push(Goal {
                code: n.code.clone().unwrap_or_default(),
                goals: goals(&title, "", std::slice::from_ref(&title)),
                title: title.clone(),
                definition: n.definition.clone(),
            });
        }
        headings.push(title);
        collect(&n.children, headings, d);
        headings.pop();
    }
}

fn document(of: &Imported) -> Document {
    let mut d = Document { catalogue: Some(of_scheme(of.scheme)), ..Document::default() };
    collect(&of.nodes, &mut Vec::new(), &mut d);
    d
}

/// Rule by rule where it hits.
fn hits(d: &Document, hints: &[Hint]) -> Value {
    let mut out = Map::new();
    for rule in Rule::ALL {
        let mut codes: Vec<String> = hints
            .iter()
            .filter(|h| h.rule == rule)
            .map(|h| match h.place {
                Place::Measure(i) => d.measures[i].code.clone(),
                Place::Goal(i) => d.goals[i].code.clone(),
                Place::Document => h.about.split(' ').next().unwrap_or_default().to_owned(),
            })
            .collect();
        codes.dedup();
        if !codes.is_empty() {
            out.insert(rule.id(), json!(codes));
        }
    }
    Value::Object(out)
}

#[test]
fn the_hints_on_the_seeds_are_those_that_a_person_read() {
    let Some(dir) = crate::folder() else { return };
    let golden: Value = serde_json::from_str(include_str!("hints.json")).unwrap();
    for (prefix, name) in [("000", "seed1"), ("004", "seed2")] {
        let d = document(&crate::imported(&dir, prefix));
        let hints = lint::of_document(&d, TODAY);
        let found = hits(&d, &hints);
        if std::env::var_os("SHOW").is_some() {
            for h in &hints {
                let at = match h.place {
                    Place::Measure(i) => d.measures[i].code.clone(),
                    Place::Goal(i) => d.goals[i].code.clone(),
                    Place::Document => "-".into(),
                };
                println!(
                    "{at} {} «{}» {} | {}",
                    h.rule.id(),
                    h.quote,
                    h.about,
                    h.sentence.chars().take(150).collect::<String>().replace('\n', " ")
                );
            }
            println!("{}", serde_json::to_string(&found).unwrap());
        }
        assert_eq!(found, golden[name], "{name}");
    }
}
