//! Imports: files of every kind come in, changes by hand are kept and taken back, and nothing is stored before somebody says so.

use crate::world::{World, databases};
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tomfolio_backend::adapters::extract::{Extractor, read};
use tomfolio_domain::actor::Role;
use tomfolio_domain::documents::{DocumentService, measures};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::import::changes::{Change, NodeKey, Op, Refused, keys};
use tomfolio_domain::import::{ImportError, Kind, Node, import_source};
use tomfolio_domain::imports::{ImportRefusal, ImportService, ImportSheet, Line};
use tomfolio_domain::policy::Action;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("backend/tests/documents").join(name)
}

fn extractor() -> Extractor {
    Extractor { program: env!("CARGO_BIN_EXE_tomfolio").into() }
}

fn golden(n: &Node) -> Value {
    json!({
        "code": n.code, "kind": n.kind, "words": n.title.as_ref().or(n.text.as_ref()), "label": n.label, "scope": n.scope,
        "definition": n.definition, "children": n.children.iter().map(golden).collect::<Vec<_>>(),
    })
}

#[test]
fn pdf_files_come_in_to_their_golden_trees() {
    for name in ["letter", "bullets", "umlauts"] {
        let source = read(&std::fs::read(file(&format!("{name}.pdf"))).unwrap(), &extractor()).unwrap();
        let found = import_source(&source, &[]).unwrap();
        assert!(found.account().balanced());
        let want: Value =
            serde_json::from_slice(&std::fs::read(file(&format!("{name}.json"))).unwrap()).unwrap();
        let tree: Vec<Value> = found.nodes.iter().map(golden).collect();
        assert_eq!(Value::from(tree), want["nodes"], "{name}");
        assert_eq!(want["title"], found.title.as_str(), "{name}");
        let listed: Vec<Value> =
            found.not_taken.iter().map(|n| json!({"text": n.text, "reason": n.reason})).collect();
        assert_eq!(Value::from(listed), want["not_taken"], "{name}");
    }
}

#[test]
fn no_word_of_a_table_in_a_pdf_is_lost() {
    let source = read(&std::fs::read(file("table.pdf")).unwrap(), &extractor()).unwrap();
    let found = import_source(&source, &[]).unwrap();
    let all: String = found
        .leaves()
        .iter()
        .filter_map(|n| n.text.clone())
        .chain([found.title.clone()])
        .collect::<Vec<_>>()
        .join(" ");
    let want: Value = serde_json::from_slice(&std::fs::read(file("table.json")).unwrap()).unwrap();
    for word in want["words"].as_array().unwrap() {
        assert!(all.contains(word.as_str().unwrap()), "{word} is lost");
    }
}

#[test]
fn a_pdf_that_cannot_be_read_says_why() {
    let why = |bytes: &[u8]| read(bytes, &extractor()).unwrap_err();
    assert_eq!(why(&std::fs::read(file("locked.pdf")).unwrap()), ImportError::Locked);
    assert_eq!(why(b"%PDF-1.7\nnothing else"), ImportError::Damaged);
    let whole = std::fs::read(file("letter.pdf")).unwrap();
    assert_eq!(why(&whole[..whole.len() / 3]), ImportError::Damaged);
    let empty = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n163\n%%EOF";
    assert!(matches!(why(empty), ImportError::NoText | ImportError::Damaged));
}

const TEXT: &str = "# TOM Alt\n\n## A. Vertraulichkeit\n\n### 1. Zutrittskontrolle\n\n- Die Türen sind zu. Besucher werden begleitet.\n- Nachts wacht\n- ein Wachdienst.\n\nSeite 1 von 2\n";

async fn sheet(w: &World, id: tomfolio_domain::ids::ImportId) -> ImportSheet {
    ImportService::find(&w.backend, w.may(Role::Editor, Action::Import), id).await.unwrap()
}

fn at(line: u32) -> NodeKey {
    NodeKey { line, nth: 0 }
}

#[tokio::test]
async fn changes_by_hand_are_kept_taken_back_and_taken_over() {
    for database in databases() {
        let w = World::new(&database).await;
        let may = || w.may(Role::Editor, Action::Import);
        let id = ImportService::create(&w.backend, may(), "alt.md".into(), TEXT.into()).await.unwrap();
        let make = async |line, op| w.backend.change(may(), id, Change { at: at(line), op }).await;
        make(7, Op::Split(19)).await.unwrap();
        make(9, Op::Merge).await.unwrap();
        make(11, Op::Take).await.unwrap();
        let why = |why| Err(DomainError::Change { why });
        assert_eq!(make(7, Op::Split(1)).await, why(Refused::NoPlace));
        assert_eq!(make(99, Op::Up).await, why(Refused::Gone));
        let s = sheet(&w, id).await;
        assert_eq!(s.changes.len(), 3, "what was refused is not kept");
        assert!(s.account.balanced());
        let texts: Vec<_> = s.found.leaves().iter().filter_map(|n| n.text.clone()).collect();
        assert_eq!(
            texts,
            [
                "Die Türen sind zu.",
                "Besucher werden begleitet.",
                "Nachts wacht ein Wachdienst.",
                "Seite 1 von 2"
            ]
        );
        assert_eq!(w.backend.take_back(may(), id).await, Ok(at(11)));
        let s = sheet(&w, id).await;
        assert_eq!(s.found.not_taken.len(), 1);
        make(8, Op::Goals(vec![tomfolio_domain::catalogues::GoalKey::Incident])).await.unwrap();
        make(5, Op::Scope(tomfolio_domain::import::Scope::Own)).await.unwrap();
        let document = ImportService::take(&w.backend, may(), id, String::new()).await.unwrap();
        let read = w.may(Role::Reviewer, Action::ReadDocuments);
        let sheet = DocumentService::find(&w.backend, read, document).await.unwrap();
        let rows: Vec<_> =
            measures(&sheet.nodes).iter().filter_map(|n| n.measure.clone()).map(|m| m.goals).collect();
        let incident = tomfolio_domain::catalogues::GoalKey::Incident;
        assert_eq!(rows.iter().map(|g| g.contains(&incident)).collect::<Vec<_>>(), [false, false, true]);
        let codes: Vec<_> = measures(&sheet.nodes).iter().filter_map(|n| n.code.clone()).collect();
        assert_eq!(codes, ["A.1.E1", "A.1.E2", "A.1.E3"]);
        assert_eq!(make(7, Op::Up).await, Err(DomainError::NotFound), "the draft is gone");
    }
}

#[tokio::test]
async fn the_page_changes_without_script_and_says_why_it_refuses() {
    for database in databases() {
        let w = World::new(&database).await;
        let may = || w.may(Role::Dpo, Action::Import);
        let id = ImportService::create(&w.backend, may(), "alt.md".into(), TEXT.into()).await.unwrap();
        let cookie = w.sign_in(Role::Dpo).await;
        let to =
            w.plain("/api/imports/change", &cookie, &format!("id={id}&at=8.0&op=kind&value=statement")).await;
        assert_eq!(to, format!("/imports/{id}?at=8.0#hand"));
        let (status, _, page) = w.get(&format!("/imports/{id}?at=8.0"), &cookie).await;
        assert_eq!(status, StatusCode::OK);
        assert!(
            page.contains("Diese Stelle ändern")
                && page.contains("Von Hand geändert")
                && page.contains("Seite 1 von 2")
        );
        let back = w.refused("/api/imports/change", &cookie, &format!("id={id}&at=7.0&op=up")).await;
        let (_, _, page) = w.get(&back, &cookie).await;
        assert!(page.contains("Weiter geht es in dieser Richtung nicht."), "{back}");
        for bad in
            ["op=fly", "op=kind&value=dragon", "op=split&value=x", "op=split&value=99999999999999999999999"]
        {
            let (status, _, _) =
                w.post("/api/imports/change", &cookie, &format!("id={id}&at=7.0&{bad}")).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        }
        let (status, _, _) = w.post("/api/imports/change", &cookie, &format!("id={id}&at=x&op=up")).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        let reviewer = w.sign_in(Role::Reviewer).await;
        let form = format!("id={id}&at=7.0&op=down");
        assert_eq!(w.post("/api/imports/change", &reviewer, &form).await.0, StatusCode::FORBIDDEN);
        assert_eq!(w.post("/api/imports/take_back", &reviewer, &form).await.0, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn a_word_document_becomes_a_draft_and_a_locked_pdf_becomes_nothing() {
    for database in databases() {
        let w = World::new(&database).await;
        let may = || w.may(Role::Dpo, Action::Import);
        let word = std::fs::read(file("tables.docx")).unwrap();
        let id = ImportService::create(&w.backend, may(), "alt.docx".into(), word).await.unwrap();
        let s = sheet(&w, id).await;
        assert_eq!(s.found.title, "Maßnahmenkatalog der Probe AG");
        assert!(s.account.balanced());
        let first =
            keys(&s.found.nodes).into_iter().find(|(_, n)| n.kind == Kind::Measure).unwrap().1.clone();
        assert_eq!(first.group.as_deref(), Some("Technische Maßnahmen"));
        let locked = std::fs::read(file("locked.pdf")).unwrap();
        let refused = ImportService::create(&w.backend, may(), "zu.pdf".into(), locked).await;
        assert_eq!(refused, Err(ImportRefusal::Unreadable(ImportError::Locked)));
    }
}

#[tokio::test]
async fn a_newer_file_shows_what_changed_and_gives_no_second_copy() {
    for database in databases() {
        let w = World::new(&database).await;
        let may = || w.may(Role::Editor, Action::Import);
        let newer = crate::world::SOURCE.replace("werden begleitet.", "werden immer begleitet.")
            + "- Kameras: Der Hof wird überwacht.\n";
        let newer = newer.replace(
            "Die Türen sind verschlossen.",
            "Ein Pförtner sitzt am Eingang und prüft jeden, der kommt.",
        );
        let id = ImportService::create(&w.backend, may(), "neu.md".into(), newer.into()).await.unwrap();
        w.backend.against(may(), id, Some(w.document)).await.unwrap();
        let against = sheet(&w, id).await.against.unwrap();
        let kinds: Vec<_> = against
            .lines
            .iter()
            .map(|l| match l {
                Line::Same { .. } => "same",
                Line::Changed { .. } => "changed",
                Line::New { .. } => "new",
                Line::Gone { .. } => "gone",
            })
            .collect();
        assert_eq!(kinds, ["new", "changed", "same", "new", "gone"]);
        let mark = |l: &Line| match l {
            Line::Changed { at, .. } | Line::New { at, .. } => Some(*at),
            _ => None,
        };
        let chosen: Vec<NodeKey> = against.lines.iter().skip(1).filter_map(mark).collect();
        assert_eq!(w.backend.merge(may(), id, Vec::new()).await, Err(DomainError::missing("marks")));
        assert_eq!(w.backend.merge(may(), id, vec![at(99)]).await, Err(DomainError::invalid("marks")));
        assert_eq!(w.backend.merge(may(), id, chosen).await, Ok(w.document));
        let read = w.may(Role::Reviewer, Action::ReadDocuments);
        let now = DocumentService::find(&w.backend, read, w.document).await.unwrap();
        let rows: Vec<_> = measures(&now.nodes)
            .iter()
            .map(|n| {
                (
                    n.code.clone().unwrap(),
                    n.measure.as_ref().unwrap().heading(),
                    n.measure.as_ref().unwrap().status,
                )
            })
            .collect();
        assert_eq!(rows.len(), 4, "one is new, and what the file lacks stays: {rows:?}");
        assert_eq!(rows[3].0, "A.1.K3");
        assert_eq!(rows[3].1, "Kameras");
        assert_eq!(rows[3].2, tomfolio_domain::measures::Status::ToConfirm);
        let read = w.may(Role::Reviewer, Action::ReadDocuments);
        let documents = DocumentService::list(&w.backend, read).await.unwrap();
        assert_eq!(documents.len(), 1, "no second copy");
        let changed = measures(&now.nodes)[1].measure.as_ref().unwrap().id;
        let read = w.may(Role::Reviewer, Action::ReadDocuments);
        let m = tomfolio_domain::measures::MeasureService::find(&w.backend, read, changed).await.unwrap();
        assert_eq!(m.content.text, "Besucher werden immer begleitet.");
        assert_eq!(m.history[0].reason, "neu.md", "the history says where the step came from");
        // A document of another organisation is none that one may hold a file against.
        let (other, people) = crate::world::organisation(&w.backend, "Fremde AG", "x").await;
        let theirs = |action| {
            let actor = crate::world::actor(other, &people, Role::Dpo, w.now());
            tomfolio_domain::policy::permit(&actor, action, w.now()).unwrap()
        };
        let own = ImportService::create(&w.backend, theirs(Action::Import), "x.md".into(), TEXT.into())
            .await
            .unwrap();
        let refused = w.backend.against(theirs(Action::Import), own, Some(w.document)).await;
        assert_eq!(refused, Err(DomainError::NotFound));
    }
}

#[tokio::test]
async fn new_lines_under_an_unknown_heading_stay_beside_their_neighbour() {
    for database in databases() {
        let w = World::new(&database).await;
        let may = || w.may(Role::Editor, Action::Import);
        let old = "# T\n\n## A. Eins\n\n### 1. Zutritt\n\n- Türen: Die Türen sind verschlossen.\n\n\
                   ## B. Zwei\n\n### 1. Zugang\n\n- Kennwort: Kennwörter haben zwölf Zeichen.\n";
        let new = old.replace(
            "## B. Zwei",
            "## X. Ganz Neues\n\n### 1. Unbekanntes\n\n- Kamera: Der Hof wird gefilmt.\n- Hund: Ein Hund wacht.\n\n## C. Zwei",
        );
        let id = ImportService::create(&w.backend, may(), "alt.md".into(), old.into()).await.unwrap();
        let document = ImportService::take(&w.backend, may(), id, String::new()).await.unwrap();
        let id = ImportService::create(&w.backend, may(), "neu.md".into(), new.into()).await.unwrap();
        w.backend.against(may(), id, Some(document)).await.unwrap();
        let lines = sheet(&w, id).await.against.unwrap().lines;
        let marks = lines.iter().filter_map(|l| match l {
            Line::New { at, .. } => Some(*at),
            _ => None,
        });
        w.backend.merge(may(), id, marks.collect()).await.unwrap();
        let read = w.may(Role::Reviewer, Action::ReadDocuments);
        let now = DocumentService::find(&w.backend, read, document).await.unwrap();
        let codes: Vec<_> = measures(&now.nodes)
            .iter()
            .map(|n| (n.code.clone().unwrap(), n.measure.as_ref().unwrap().heading()))
            .collect();
        let at = |name: &str| codes.iter().find(|(_, h)| h == name).unwrap().0.clone();
        assert!(at("Kamera").starts_with("A.1") && at("Hund").starts_with("A.1"), "{codes:?}");
    }
}
