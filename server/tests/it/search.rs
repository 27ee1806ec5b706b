//! Search: one truth for both databases, found as soon as it is written, and never beyond one's own organisation.

use crate::world::{World, databases, import};
use axum::http::StatusCode;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use tomfolio_domain::actor::Role;
use tomfolio_domain::documents::{DocumentService, measures};
use tomfolio_domain::imports::ImportService;
use tomfolio_domain::measures::MeasureService;
use tomfolio_domain::policy::Action;
use tomfolio_domain::search::{Hit, Object, Results, SearchService};

async fn search(w: &World, q: &str) -> Results {
    w.backend.search(w.may(Role::Reviewer, Action::ReadDocuments), q.to_owned()).await.unwrap()
}

#[tokio::test]
async fn both_databases_find_what_a_person_says_they_should() {
    let truth: Value = serde_json::from_str(include_str!("search.json")).unwrap();
    let rows = truth["measures"].as_array().unwrap();
    let list: String = rows
        .iter()
        .map(|m| format!("- {}: {}\n", m["label"].as_str().unwrap(), m["text"].as_str().unwrap()))
        .collect();
    for database in databases() {
        let w = World::new(&database).await;
        let source = format!("# Suche\n\n## 1. Alle\n\n{list}");
        let may = || w.may(Role::Dpo, Action::Import);
        let id = ImportService::create(&w.backend, may(), "suche.md".into(), source.into()).await.unwrap();
        let document = ImportService::take(&w.backend, may(), id, String::new()).await.unwrap();
        let read = w.may(Role::Reviewer, Action::ReadDocuments);
        let sheet = DocumentService::find(&w.backend, read, document).await.unwrap();
        let ids: Vec<_> =
            measures(&sheet.nodes).iter().filter_map(|n| n.measure.as_ref()).map(|m| m.id).collect();
        assert_eq!(ids.len(), rows.len());
        let keys: BTreeMap<_, _> =
            ids.iter().zip(rows).map(|(id, m)| (*id, m["key"].as_str().unwrap())).collect();
        let mut wrong = Vec::new();
        for q in truth["queries"].as_array().unwrap() {
            let words = q["q"].as_str().unwrap();
            // A parameter's name is found too, and stands marked below the hit: the truth is about labels and texts.
            let by_words = |h: &&Hit| {
                h.title.iter().chain(&h.excerpt).any(|(on, _)| *on) || !h.place.iter().any(|(on, _)| *on)
            };
            let found: BTreeSet<&str> = search(&w, words)
                .await
                .hits
                .iter()
                .filter(by_words)
                .filter_map(|h| match h.object {
                    Object::Measure(id) => keys.get(&id).copied(),
                    _ => None,
                })
                .collect();
            let want: BTreeSet<&str> =
                q["finds"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
            if found != want {
                wrong.push(format!("{words:?}: found {found:?}, want {want:?} ({})", q["why"]));
            }
        }
        assert!(
            wrong.is_empty(),
            "{} of {}:\n{}",
            wrong.len(),
            truth["queries"].as_array().unwrap().len(),
            wrong.join("\n")
        );
    }
}

#[tokio::test]
async fn what_is_written_is_found_at_once_and_what_was_there_before_no_longer() {
    for database in databases() {
        let w = World::new(&database).await;
        assert_eq!(search(&w, "Hubschrauberlandeplatz").await.total, 0);
        let read = || w.may(Role::Dpo, Action::ReadDocuments);
        let mut form = MeasureService::find(&w.backend, read(), w.measure).await.unwrap().form();
        form.content.text = "Der Hubschrauberlandeplatz ist umzäunt.".into();
        form.content.owner = "Leitung Flugbetrieb".into();
        MeasureService::edit(&w.backend, w.may(Role::Dpo, Action::EditMeasure), form).await.unwrap();
        for q in ["Landeplatz", "hubschrauber", "Flugbetrieb", "umzaeunt Flug"] {
            let found = search(&w, q).await;
            assert_eq!(
                found.hits.iter().map(|h| h.object).collect::<Vec<_>>(),
                [Object::Measure(w.measure)],
                "{q}"
            );
        }
        let hit = search(&w, "Landeplatz").await.hits.remove(0);
        assert!(
            hit.title.iter().chain(&hit.excerpt).any(|(on, t)| *on && t == "Hubschrauberlandeplatz"),
            "{hit:?}"
        );
        assert_eq!(search(&w, "verschlossen").await.total, 0, "the former words are gone");
        // A heading finds what stands below it, and its document.
        assert_eq!(search(&w, "Zutrittskontrolle").await.total, 4);
        let document = search(&w, "TOM Probe").await;
        assert!(document.hits.iter().any(|h| h.object == Object::Document(w.document)));
        crate::world::evidence(&w.backend, w.may(Role::Dpo, Action::EditEvidence), w.measure).await;
        assert_eq!(search(&w, "Begehung").await.hits.len(), 1);
    }
}

#[tokio::test]
async fn nobody_finds_words_of_another_organisation() {
    for database in databases() {
        let w = World::new(&database).await;
        let (other, people) = crate::world::organisation(&w.backend, "Fremde AG", "x").await;
        let may = |action| {
            let actor = crate::world::actor(other, &people, Role::Dpo, w.now());
            tomfolio_domain::policy::permit(&actor, action, w.now()).unwrap()
        };
        assert_eq!(w.backend.search(may(Action::ReadDocuments), "Besucher".into()).await.unwrap().total, 0);
        import(&w.backend, || may(Action::Import), || may(Action::ReadDocuments)).await;
        let own = w.backend.search(may(Action::ReadDocuments), "Besucher".into()).await.unwrap();
        assert_eq!(own.total, 1);
        let first = search(&w, "Besucher").await;
        assert_eq!(first.total, 1);
        assert_ne!(own.hits[0].object, first.hits[0].object);
        // What one organisation is marked with cannot be asked for.
        let id = other.to_string();
        for q in [id.as_str(), id.trim_start_matches("org_"), &format!("ø{}", id.trim_start_matches("org_"))]
        {
            assert_eq!(search(&w, q).await.total, 0, "{q}");
        }
    }
}

#[tokio::test]
async fn the_page_marks_its_hits_escapes_the_query_and_needs_a_session() {
    for database in databases() {
        let w = World::new(&database).await;
        let cookie = w.sign_in(Role::Reviewer).await;
        let (status, _, page) = w.get("/search?q=Besuch", &cookie).await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("<mark>Besucher"), "{}", &page[page.find("<main").unwrap_or(0)..]);
        let (status, _, page) = w.get("/search?q=%3Cscript%3Ealert(1)%3C/script%3E%00%27%22*", &cookie).await;
        assert_eq!(status, StatusCode::OK);
        assert!(!page.contains("<script>alert"));
        let (status, headers, _) = w.get("/search?q=Besuch", "").await;
        assert!(status.is_redirection() && headers["location"].to_str().unwrap().contains("/sign-in"));
        assert_eq!(w.post("/api/search/list", "", "query=Besuch").await.0, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn two_organisations_that_learn_the_same_words_at_once_do_not_stand_in_each_others_way() {
    for database in databases() {
        let w = World::new(&database).await;
        let (other, people) = crate::world::organisation(&w.backend, "Zweite AG", "z").await;
        let source = |turned: bool| {
            let mut lines: Vec<String> = (0..450)
                .map(|n| {
                    format!("- Wort{}: Die Einrichtung prueft Begriff{}x täglich.\n", letters(n), letters(n))
                })
                .collect();
            if turned {
                lines.reverse();
            }
            format!("# Viel\n\n## 1. Alles\n\n{}", lines.concat())
        };
        let may = |organisation, people: &[(Role, _)], action| {
            let actor = crate::world::actor(organisation, people, Role::Dpo, w.now());
            tomfolio_domain::policy::permit(&actor, action, w.now()).unwrap()
        };
        let mut drafts = Vec::new();
        for (organisation, people, turned) in [(w.organisation, &w.people, false), (other, &people, true)] {
            let permit = may(organisation, people, Action::Import);
            let id = ImportService::create(&w.backend, permit, "viel.md".into(), source(turned).into())
                .await
                .unwrap();
            drafts.push((organisation, people, id));
        }
        let take = async |i: usize| {
            let (organisation, people, id) = &drafts[i];
            ImportService::take(&w.backend, may(*organisation, people, Action::Import), *id, String::new())
                .await
        };
        let (a, b) = tokio::join!(take(0), take(1));
        assert!(a.is_ok() && b.is_ok(), "{a:?} {b:?}");
    }
}

/// A number in letters: only words are learned.
fn letters(n: usize) -> String {
    n.to_string().bytes().map(|b| char::from(b'a' + b - b'0')).collect()
}
