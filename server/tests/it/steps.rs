//! Two of one, one of two, a copy, another place; and each step taken back by who made it, as long as nobody built on it.

use crate::world::{World, databases, evidence};
use axum::http::StatusCode;
use tomfolio_domain::actor::Role;
use tomfolio_domain::documents::{DocumentService, DocumentSheet, EditDocument, StepKind, measures};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::MeasureId;
use tomfolio_domain::measures::{
    Direction, EditMany, EditOutcome, MeasureService, MeasureSheet, Place, Selection, SplitMeasure, Status,
    cuts,
};
use tomfolio_domain::merge::Side;
use tomfolio_domain::policy::Action;

async fn document(w: &World, role: Role) -> DocumentSheet {
    DocumentService::find(&w.backend, w.may(role, Action::ReadDocuments), w.document).await.unwrap()
}

/// Code and words of each measure in force.
async fn words(w: &World) -> Vec<(String, String)> {
    let d = document(w, Role::Dpo).await;
    measures(&d.nodes)
        .iter()
        .map(|n| (n.code.clone().unwrap(), n.measure.as_ref().unwrap().text.clone()))
        .collect()
}

async fn sheet(w: &World, role: Role, id: MeasureId) -> MeasureSheet {
    MeasureService::find(&w.backend, w.may(role, Action::ReadDocuments), id).await.unwrap()
}

async fn say(w: &World, role: Role, id: MeasureId, text: &str) {
    let mut form = sheet(w, role, id).await.form();
    form.content.text = text.into();
    let done = MeasureService::edit(&w.backend, w.may(role, Action::EditMeasure), form).await.unwrap();
    assert!(matches!(done, EditOutcome::Saved { .. }));
}

async fn undo(w: &World, role: Role) -> Result<(), DomainError> {
    let step = document(w, role).await.last.map(|l| l.id).unwrap_or_default();
    w.backend.undo(w.may(role, Action::EditMeasure), w.document, step).await
}

async fn ids(w: &World) -> Vec<MeasureId> {
    let d = document(w, Role::Dpo).await;
    measures(&d.nodes).iter().map(|n| n.measure.as_ref().unwrap().id).collect()
}

#[tokio::test]
async fn one_becomes_two_and_two_become_one_without_losing_a_word_or_a_proof() {
    for database in databases() {
        let w = World::new(&database).await;
        let edit = || w.may(Role::Editor, Action::EditMeasure);
        say(&w, Role::Editor, w.measure, "Die Türen sind zu. Der Empfang ist besetzt.").await;
        evidence(&w.backend, w.may(Role::Dpo, Action::EditEvidence), w.measure).await;
        let m = sheet(&w, Role::Editor, w.measure).await;
        let at = cuts(&m.content.text)[0].0;
        let cmd = |based_on, at| SplitMeasure { id: w.measure, based_on, at, label: "Empfang".into() };
        assert_eq!(w.backend.split(edit(), cmd(m.revision, 2)).await, Err(DomainError::invalid("at")));
        assert_eq!(w.backend.split(edit(), cmd(1, at)).await, Err(DomainError::Stale));
        let second = w.backend.split(edit(), cmd(m.revision, at)).await.unwrap();
        let now = words(&w).await;
        assert_eq!(now[0], ("A.1.E1".into(), "Die Türen sind zu.".into()));
        assert_eq!(now[1], ("A.1.E2".into(), "Der Empfang ist besetzt.".into()), "right after the first");
        let two = sheet(&w, Role::Editor, second).await;
        assert_eq!((two.evidence.len(), two.content.label.as_str()), (1, "Empfang"));
        // Back to one.
        let m = sheet(&w, Role::Editor, w.measure).await;
        assert_eq!(m.beside.clone().map(|b| b.0), Some(second));
        w.backend.join(edit(), w.measure, m.revision, second).await.unwrap();
        let one = sheet(&w, Role::Editor, w.measure).await;
        assert_eq!(one.content.text, "Die Türen sind zu.\n\n**Empfang:** Der Empfang ist besetzt.");
        let gone = sheet(&w, Role::Editor, second).await;
        assert_eq!(gone.status, Status::Retired);
        assert_eq!(words(&w).await.len(), 3);
        assert_eq!(
            w.backend.join(edit(), w.measure, one.revision, second).await,
            Err(DomainError::WrongState)
        );
        assert_eq!(
            w.backend.join(edit(), w.measure, one.revision, w.measure).await,
            Err(DomainError::NotFound)
        );
        let copy = w.backend.duplicate(edit(), w.measure).await.unwrap();
        let copy = sheet(&w, Role::Editor, copy).await;
        assert_eq!(
            (copy.content.text, copy.status, copy.evidence.len()),
            (one.content.text, Status::Planned, 0)
        );
    }
}

#[tokio::test]
async fn the_last_step_is_taken_back_by_who_made_it_and_the_one_before_after_it() {
    for database in databases() {
        let w = World::new(&database).await;
        let begin = words(&w).await;
        assert_eq!(document(&w, Role::Editor).await.last, None, "an import is no step");
        assert_eq!(undo(&w, Role::Editor).await, Err(DomainError::WrongState));
        let edit = || w.may(Role::Editor, Action::EditMeasure);
        // Confirm all, change two, split, move, shift, copy: and everything back, one after the other.
        let confirm = w.may(Role::Editor, Action::ConfirmMeasures);
        w.backend.confirm(confirm, w.document, Selection::All, "IT".into()).await.unwrap();
        w.advance(1);
        let all = ids(&w).await;
        let many = EditMany {
            document: w.document,
            measures: all[1..].to_vec(),
            status: None,
            owner: Some("Empfang".into()),
            scope: None,
            goal: None,
            plan: None,
            reason: String::new(),
        };
        w.backend.edit_many(edit(), many).await.unwrap();
        let last = document(&w, Role::Editor).await.last.unwrap();
        assert_eq!((last.kind, last.count), (StepKind::Changed, 2));
        w.advance(1);
        say(&w, Role::Editor, w.measure, "Eins. Zwei.").await;
        w.advance(1);
        let m = sheet(&w, Role::Editor, w.measure).await;
        let cmd = SplitMeasure { id: w.measure, based_on: m.revision, at: 6, label: String::new() };
        let second = w.backend.split(edit(), cmd).await.unwrap();
        w.advance(1);
        let place = |id, place| w.backend.place(w.may(Role::Editor, Action::MoveMeasure), id, place);
        place(second, Place::Before(w.measure)).await.unwrap();
        let told: Vec<String> = words(&w).await.into_iter().map(|r| r.1).collect();
        assert_eq!(told[..2], ["Zwei.", "Eins."]);
        w.advance(1);
        place(w.measure, Place::Beside(Direction::Up)).await.unwrap();
        let told: Vec<String> = words(&w).await.into_iter().map(|r| r.1).collect();
        assert_eq!(told[..2], ["Eins.", "Zwei."]);
        // Somebody else has nothing to take back here.
        assert_eq!(document(&w, Role::Dpo).await.last, None);
        assert_eq!(undo(&w, Role::Dpo).await, Err(DomainError::WrongState));
        undo(&w, Role::Editor).await.unwrap();
        let told: Vec<String> = words(&w).await.into_iter().map(|r| r.1).collect();
        assert_eq!(told[..2], ["Zwei.", "Eins."]);
        undo(&w, Role::Editor).await.unwrap();
        undo(&w, Role::Editor).await.unwrap();
        assert_eq!(words(&w).await[0].1, "Eins. Zwei.", "one again");
        assert_eq!(sheet(&w, Role::Editor, second).await.status, Status::Retired);
        undo(&w, Role::Editor).await.unwrap();
        assert_eq!(words(&w).await, begin);
        undo(&w, Role::Editor).await.unwrap();
        assert_eq!(sheet(&w, Role::Editor, all[1]).await.content.owner, "IT");
        undo(&w, Role::Editor).await.unwrap();
        let m = sheet(&w, Role::Editor, w.measure).await;
        assert_eq!((m.status, m.content.owner.as_str()), (Status::ToConfirm, ""));
        assert_eq!(m.history[0].reason, "Zurückgenommen");
        assert_eq!(undo(&w, Role::Editor).await, Err(DomainError::WrongState), "nothing is left");
    }
}

#[tokio::test]
async fn what_somebody_built_on_is_not_taken_back() {
    for database in databases() {
        let w = World::new(&database).await;
        say(&w, Role::Editor, w.measure, "Vom Bearbeiter.").await;
        w.advance(1);
        say(&w, Role::Dpo, w.measure, "Von der Beauftragten.").await;
        assert_eq!(document(&w, Role::Editor).await.last, None, "not even offered");
        assert_eq!(undo(&w, Role::Editor).await, Err(DomainError::Stale));
        assert_eq!(words(&w).await[0].1, "Von der Beauftragten.");
        let cookie = w.sign_in(Role::Dpo).await;
        let page = format!("/documents/{}", w.document);
        let (_, _, body) = w.get(&page, &cookie).await;
        assert!(body.contains("1 Maßnahme geändert") && body.contains("Rückgängig machen"));
        let step = document(&w, Role::Dpo).await.last.unwrap().id;
        let form = format!("document={}&step={step}", w.document);
        // A window that shows an older step takes no newer one back.
        let older = w.refused("/api/documents/undo", &cookie, &form.replace(&step, "0")).await;
        assert_eq!(older, format!("{page}?refused=stale"));
        assert_eq!(w.plain("/api/documents/undo", &cookie, &form).await, page);
        assert_eq!(words(&w).await[0].1, "Vom Bearbeiter.");
        let reviewer = w.sign_in(Role::Reviewer).await;
        let (status, ..) = w.post("/api/documents/undo", &reviewer, &form).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        // After a month the history is the way back.
        say(&w, Role::Dpo, w.measure, "Noch einmal.").await;
        assert!(document(&w, Role::Dpo).await.last.is_some());
        w.advance(60 * 24 * 31);
        w.backend.sweep().await.unwrap();
        assert_eq!(document(&w, Role::Dpo).await.last, None);
        // An outline is a step as well.
        w.advance(1);
        let nine = Some(tomfolio_domain::catalogues::CatalogueCode::Art32);
        w.backend.lay_out(w.may(Role::Dpo, Action::EditDocument), w.document, nine).await.unwrap();
        assert_eq!(document(&w, Role::Dpo).await.last.unwrap().kind, StepKind::LaidOut);
        undo(&w, Role::Dpo).await.unwrap();
        assert_eq!(document(&w, Role::Dpo).await.layout, None);
        // So are title, language and roles.
        w.advance(1);
        let cmd =
            EditDocument { id: w.document, title: "Anders".into(), language: "en".into(), roles: vec![] };
        DocumentService::edit(&w.backend, w.may(Role::Dpo, Action::EditDocument), cmd).await.unwrap();
        assert_eq!(document(&w, Role::Dpo).await.last.unwrap().kind, StepKind::Framed);
        undo(&w, Role::Dpo).await.unwrap();
        let back = document(&w, Role::Dpo).await;
        assert_eq!((back.title.as_str(), back.language.as_str()), ("TOM Probe", "de"));
    }
}

#[tokio::test]
async fn what_two_people_changed_apart_is_merged_and_one_sentence_is_a_question() {
    for database in databases() {
        let w = World::new(&database).await;
        say(&w, Role::Dpo, w.measure, "Eins. Zwei. Drei.").await;
        let mut mine = sheet(&w, Role::Editor, w.measure).await.form();
        mine.content.text = "Eins neu. Zwei. Drei von mir.".into();
        say(&w, Role::Dpo, w.measure, "Eins. Zwei neu. Drei von dort.").await;
        let edit = || w.may(Role::Editor, Action::EditMeasure);
        let done = MeasureService::edit(&w.backend, edit(), mine).await.unwrap();
        assert!(matches!(done, EditOutcome::Conflict { .. }));
        let cookie = w.sign_in(Role::Editor).await;
        let page = format!("/measures/{}", w.measure);
        let (_, _, body) = w.get(&page, &cookie).await;
        assert!(
            body.contains("Drei von dort.") && body.contains("sides[0]") && body.contains("Zusammenführen")
        );
        let form = format!("id={}", w.measure);
        let back = w.refused("/api/measures/merge", &cookie, &form).await;
        assert_eq!(back, format!("{page}?refused=missing.sides"));
        let form = format!("{form}&sides%5B0%5D=theirs");
        assert_eq!(w.plain("/api/measures/merge", &cookie, &form).await, page);
        let m = sheet(&w, Role::Editor, w.measure).await;
        let form = m.form();
        assert_eq!(form.content.text, "Eins neu. Zwei neu. Drei von dort.");
        assert_eq!((form.based_on, m.merge), (m.revision, None));
        assert!(m.content.text.starts_with("Eins. Zwei neu."), "nothing is stored before somebody saves");
        let saved = MeasureService::edit(&w.backend, edit(), form).await.unwrap();
        assert_eq!(saved, EditOutcome::Saved { revision: m.revision + 1 });
        let refused = w.backend.merge_draft(edit(), w.measure, vec![Side::Mine]).await;
        assert_eq!(refused, Err(DomainError::NotFound), "there is no draft any more");
    }
}

#[tokio::test]
async fn a_measure_does_not_leave_its_document_and_is_not_joined_across_two() {
    for database in databases() {
        let w = World::new(&database).await;
        let write = || w.may(Role::Dpo, Action::Import);
        let read = || w.may(Role::Dpo, Action::ReadDocuments);
        let (_, stranger) = crate::world::import(&w.backend, write, read).await;
        let before = words(&w).await;
        let move_it = w.may(Role::Editor, Action::MoveMeasure);
        let moved = w.backend.place(move_it, w.measure, Place::Before(stranger)).await;
        assert_eq!(moved, Err(DomainError::NotFound));
        let join = w.may(Role::Editor, Action::EditMeasure);
        assert_eq!(w.backend.join(join, w.measure, 1, stranger).await, Err(DomainError::NotFound));
        assert_eq!(words(&w).await, before);
    }
}
