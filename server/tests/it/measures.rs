//! Edits: one with their audit entry, never lost, conflicts as values.

use crate::world::{World, databases};
use axum::http::StatusCode;
use tomfolio_backend::usecases::fsck;
use tomfolio_domain::actor::Role;
use tomfolio_domain::catalogues::GoalKey;
use tomfolio_domain::diff::Change;
use tomfolio_domain::documents::measures;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::import::Scope;
use tomfolio_domain::measures::{
    Content, EditMany, EditMeasure, EditOutcome, MeasureKind, MeasureService, Status,
};
use tomfolio_domain::policy::Action;

fn edit(w: &World, based_on: i64, text: &str) -> EditMeasure {
    EditMeasure {
        id: w.measure,
        based_on,
        content: Content { label: String::new(), text: text.into(), owner: "Leitung IT".into() },
        status: Status::Implemented,
        status_reason: String::new(),
        decided_by: String::new(),
        until: None,
        scope: Scope::Own,
        goals: vec![GoalKey::SystemAccess],
        kind: MeasureKind::Technical,
        further: Default::default(),
        reason: "Probe".into(),
    }
}

#[tokio::test]
async fn a_stale_edit_is_a_conflict_with_both_texts_and_the_typing_is_kept() {
    for database in databases() {
        let w = World::new(&database).await;
        let may = || w.may(Role::Dpo, Action::EditMeasure);
        assert_eq!(
            w.backend.edit(may(), edit(&w, 1, "Erster")).await.unwrap(),
            EditOutcome::Saved { revision: 2 }
        );
        let second =
            w.backend.edit(w.may(Role::Editor, Action::EditMeasure), edit(&w, 1, "Zweiter")).await.unwrap();
        let EditOutcome::Conflict { revision: 2, theirs, .. } = second else { panic!("{second:?}") };
        assert_eq!(theirs.text, "Erster");
        let sheet = MeasureService::find(&w.backend, w.may(Role::Editor, Action::ReadDocuments), w.measure)
            .await
            .unwrap();
        let typed = sheet.form();
        assert_eq!((sheet.content.text.as_str(), typed.content.text.as_str()), ("Erster", "Zweiter"));
        assert_eq!(typed.reason, "Probe", "whatever was typed is kept, not the text alone");
        assert_eq!(sheet.history.len(), 2);
    }
}

#[tokio::test]
async fn a_form_that_is_sent_twice_or_with_nothing_changed_makes_no_step() {
    for database in databases() {
        let w = World::new(&database).await;
        let save = async |based_on, reason: &str| {
            let form = EditMeasure { reason: reason.into(), ..edit(&w, based_on, "Erster") };
            w.backend.edit(w.may(Role::Dpo, Action::EditMeasure), form).await.unwrap()
        };
        for (based_on, reason, revision) in [(1, "", 2), (1, "", 2), (2, "", 2), (2, "Begehung", 3)] {
            assert_eq!(save(based_on, reason).await, EditOutcome::Saved { revision }, "{based_on} {reason}");
        }
        let sheet = MeasureService::find(&w.backend, w.may(Role::Dpo, Action::ReadDocuments), w.measure)
            .await
            .unwrap();
        assert_eq!((sheet.history.len(), sheet.draft), (3, None));
    }
}

#[tokio::test]
async fn a_draft_that_arrives_after_its_own_save_is_no_conflict() {
    let w = World::new("").await;
    let saved = edit(&w, 1, "Fertig");
    w.backend.edit(w.may(Role::Dpo, Action::EditMeasure), saved.clone()).await.unwrap();
    w.backend.keep_draft(w.may(Role::Dpo, Action::EditMeasure), saved).await.unwrap();
    let sheet =
        MeasureService::find(&w.backend, w.may(Role::Dpo, Action::ReadDocuments), w.measure).await.unwrap();
    assert_eq!(sheet.draft, None);
}

#[tokio::test]
async fn a_failing_audit_insert_undoes_the_edit() {
    for database in databases() {
        let w = World::new(&database).await;
        sea_orm::ConnectionTrait::execute_unprepared(
            &w.backend.db,
            "ALTER TABLE audit_entries RENAME TO gone",
        )
        .await
        .unwrap();
        let outcome = w.backend.edit(w.may(Role::Dpo, Action::EditMeasure), edit(&w, 1, "Neu")).await;
        assert!(matches!(outcome, Err(DomainError::Internal { .. })), "{outcome:?}");
        let sheet = MeasureService::find(&w.backend, w.may(Role::Dpo, Action::ReadDocuments), w.measure)
            .await
            .unwrap();
        assert_eq!((sheet.revision, sheet.content.text.as_str()), (1, "Die Türen sind verschlossen."));
    }
}

#[tokio::test]
async fn fifty_clients_with_twenty_edits_each_lose_nothing() {
    for database in databases() {
        let w = std::sync::Arc::new(World::new(&database).await);
        let mut tasks = Vec::new();
        for client in 0..50 {
            let w = w.clone();
            tasks.push(tokio::spawn(async move {
                let mut accepted = Vec::new();
                let mut based_on = 1;
                for n in 0..20 {
                    let text = format!("Text {client}-{n}");
                    match w
                        .backend
                        .edit(w.may(Role::Dpo, Action::EditMeasure), edit(&w, based_on, &text))
                        .await
                        .unwrap()
                    {
                        EditOutcome::Saved { revision } => {
                            accepted.push((revision, text));
                            based_on = revision;
                        }
                        EditOutcome::Conflict { revision, .. } => based_on = revision,
                    }
                }
                accepted
            }));
        }
        let mut accepted = Vec::new();
        for t in tasks {
            accepted.extend(t.await.unwrap());
        }
        accepted.sort();
        let revisions: Vec<i64> = accepted.iter().map(|(r, _)| *r).collect();
        assert_eq!(
            revisions,
            (2..2 + accepted.len() as i64).collect::<Vec<_>>(),
            "each accepted edit has its own revision"
        );
        let sheet = MeasureService::find(&w.backend, w.may(Role::Dpo, Action::ReadDocuments), w.measure)
            .await
            .unwrap();
        assert_eq!(Some(&(sheet.revision, sheet.content.text)), accepted.last());
        assert_eq!(fsck::fsck(&w.backend).await.unwrap().problems, []);
    }
}

#[tokio::test]
async fn guards_and_gates_refuse_with_a_clear_error_and_store_nothing() {
    let w = World::new("").await;
    let may = || w.may(Role::Dpo, Action::EditMeasure);
    let bomb = ">".repeat(60_000);
    let long = "x".repeat(65 * 1024);
    for (text, want) in [(bomb.as_str(), DomainError::MarkdownTooComplex), ("", DomainError::missing("text"))]
    {
        assert_eq!(w.backend.edit(may(), edit(&w, 1, text)).await, Err(want));
    }
    assert!(matches!(w.backend.edit(may(), edit(&w, 1, &long)).await, Err(DomainError::TooLong { .. })));
    assert!(matches!(
        w.backend.edit(may(), edit(&w, 1, "a\u{0}b")).await,
        Err(DomainError::ControlCharacter { .. })
    ));
    let sheet =
        MeasureService::find(&w.backend, w.may(Role::Dpo, Action::ReadDocuments), w.measure).await.unwrap();
    assert_eq!(sheet.revision, 1);
}

#[tokio::test]
async fn a_refused_form_without_script_comes_back_whole() {
    let w = World::new("").await;
    let cookie = w.sign_in(Role::Editor).await;
    let form = format!(
        "id={}&based_on=1&text=Neuer+Text&owner=&status=not_applicable&status_reason=zu+kurz&scope=customer&reason=Umzug",
        w.measure
    );
    let to = w.plain("/api/measures/edit", &cookie, &form).await;
    let (_, _, page) = w.get(&to, &cookie).await;
    for typed in ["Neuer Text", "value=\"zu kurz\"", "value=\"Umzug\""] {
        assert!(page.contains(typed), "{typed} is lost: {page}");
    }
    let sheet = MeasureService::find(&w.backend, w.may(Role::Editor, Action::ReadDocuments), w.measure)
        .await
        .unwrap();
    let typed = sheet.form();
    assert_eq!((typed.status, typed.scope), (Status::NotApplicable, Scope::Customer));
    assert_eq!(sheet.revision, 1, "nothing of it is stored as the measure");
}

#[tokio::test]
async fn what_could_not_even_be_a_draft_comes_back_with_its_reason() {
    let w = World::new("").await;
    let cookie = w.sign_in(Role::Editor).await;
    let long = "o".repeat(900);
    let id = w.measure;
    let edit =
        format!("id={id}&based_on=1&text=Neu%0BText&owner={long}&status=planned&scope=own&reason=Umzug");
    let to = w.plain("/api/measures/edit", &cookie, &edit).await;
    let (_, _, page) = w.get(&to, &cookie).await;
    assert!(to.contains("refused=") && page.contains("role=\"alert\""), "{to}");
    assert!(page.contains(&long) && page.contains("value=\"Umzug\""), "the form comes back as it was typed");
    // The same for a new measure: back to its form, not to the document.
    let read = w.may(Role::Editor, Action::ReadDocuments);
    let under =
        tomfolio_domain::documents::DocumentService::find(&w.backend, read, w.document).await.unwrap().nodes
            [0]
        .id;
    let add = format!("document={}&parent={under}&label={long}&text=Besetzt+bis+acht", w.document);
    let to = w.plain("/api/measures/add", &cookie, &add).await;
    assert!(
        to.starts_with(&format!("/documents/{}/add?under={under}&refused=too_long.label", w.document)),
        "{to}"
    );
    let (_, _, page) = w.get(&to, &cookie).await;
    assert!(page.contains(&long) && page.contains("Besetzt bis acht"), "{page}");
}

#[tokio::test]
async fn any_two_steps_are_compared_and_an_earlier_one_comes_back_even_after_retiring() {
    for database in databases() {
        let w = World::new(&database).await;
        let b = &w.backend;
        let may = || w.may(Role::Dpo, Action::EditMeasure);
        let read = || w.may(Role::Reviewer, Action::ReadDocuments);
        b.edit(may(), edit(&w, 1, "Die Türen sind verschlossen und alarmgesichert.")).await.unwrap();
        b.retire(may(), w.measure, 2, "Umzug".into()).await.unwrap();
        let seen = b.compare(read(), w.measure, 1, 2).await.unwrap();
        assert!(seen.changes.contains(&Change::In(" und alarmgesichert.".into())) || seen.changes.len() > 1);
        let names: Vec<&str> = seen.fields.iter().map(|(n, ..)| n.as_str()).collect();
        assert_eq!(names, ["status", "owner", "goals"]);
        assert_eq!(b.compare(read(), w.measure, 1, 99).await, Err(DomainError::NotFound));
        let stale = b.restore(may(), w.measure, 2, 2).await.unwrap();
        assert!(matches!(stale, EditOutcome::Conflict { revision: 3, .. }), "{stale:?}");
        assert_eq!(b.restore(may(), w.measure, 3, 2).await.unwrap(), EditOutcome::Saved { revision: 4 });
        let sheet = MeasureService::find(b, read(), w.measure).await.unwrap();
        assert_eq!((sheet.status, sheet.revision), (Status::Implemented, 4));
        assert!(sheet.content.text.contains("alarmgesichert"));
        assert_eq!(sheet.history.len(), 4, "nothing of the history goes");
    }
}

#[tokio::test]
async fn many_measures_change_alike_or_none_does() {
    for database in databases() {
        let w = World::new(&database).await;
        let b = &w.backend;
        let read = || w.may(Role::Reviewer, Action::ReadDocuments);
        let d = tomfolio_domain::documents::DocumentService::find(b, read(), w.document).await.unwrap();
        let all: Vec<_> =
            measures(&d.nodes).iter().filter_map(|n| n.measure.as_ref().map(|m| m.id)).collect();
        let ask = |status, owner: Option<&str>| EditMany {
            document: w.document,
            measures: all.clone(),
            status: Some(status),
            owner: owner.map(str::to_owned),
            scope: None,
            goal: None,
            plan: None,
            reason: String::new(),
        };
        let may = || w.may(Role::Editor, Action::EditMeasure);
        assert_eq!(
            b.edit_many(may(), ask(Status::Implemented, None)).await,
            Err(DomainError::ImplementedNeedsOwner)
        );
        assert_eq!(b.edit_many(may(), ask(Status::Implemented, Some("Leitung IT"))).await, Ok(3));
        assert_eq!(
            b.edit_many(may(), ask(Status::Implemented, Some("Leitung IT"))).await,
            Ok(0),
            "nothing is left to do"
        );
        // One that cannot be: none changes.
        let too_short = b.edit_many(may(), ask(Status::NotApplicable, None)).await;
        assert_eq!(too_short, Err(DomainError::ReasonTooShort));
        let d = tomfolio_domain::documents::DocumentService::find(b, read(), w.document).await.unwrap();
        let owners: Vec<_> = measures(&d.nodes)
            .iter()
            .filter_map(|n| n.measure.as_ref().map(|m| (m.status, m.owner.clone(), m.revision)))
            .collect();
        assert!(owners.iter().all(|o| *o == (Status::Implemented, "Leitung IT".into(), 2)), "{owners:?}");
    }
    let w = World::new("").await;
    let form = format!("document={}&measures%5B%5D={}&owner=IT", w.document, w.measure);
    let back = format!("id={}&based_on=1&number=1", w.measure);
    for (role, want) in [
        (Role::Admin, axum::http::StatusCode::FORBIDDEN),
        (Role::Reviewer, axum::http::StatusCode::FORBIDDEN),
        (Role::Approver, axum::http::StatusCode::FORBIDDEN),
        (Role::Editor, axum::http::StatusCode::OK),
    ] {
        let cookie = w.sign_in(role).await;
        assert_eq!(w.post("/api/measures/restore", &cookie, &back).await.0, want, "{role}");
        assert_eq!(w.post("/api/measures/edit_many", &cookie, &form).await.0, want, "{role}");
    }
}

#[tokio::test]
async fn a_suggested_wording_fills_the_form_of_a_new_measure() {
    for database in databases() {
        let w = World::new(&database).await;
        let cookie = w.sign_in(Role::Editor).await;
        let read = w.may(Role::Editor, Action::ReadDocuments);
        let sheet =
            tomfolio_domain::documents::DocumentService::find(&w.backend, read, w.document).await.unwrap();
        let goal = sheet.nodes[0].children[0].id;
        let path = format!("/documents/{}/add?under={goal}", w.document);
        let (status, _, page) = w.get(&path, &cookie).await;
        assert_eq!(status, StatusCode::OK);
        assert!(
            page.contains("Formulierungsbausteine") && page.contains("suggested=physical_access-1"),
            "{page}"
        );
        let (_, _, page) = w.get(&format!("{path}&suggested=physical_access-1"), &cookie).await;
        let field = page.split("<textarea").nth(1).unwrap().split("</textarea>").next().unwrap();
        let words =
            tomfolio_domain::catalogues::suggestions(tomfolio_domain::catalogues::GoalKey::PhysicalAccess)
                .next()
                .unwrap()
                .words("de");
        assert!(field.contains(&words[..60]), "{field}");
        // Nobody else's suggestion, and nothing where the goal has none.
        let (status, _, page) = w.get(&format!("{path}&suggested=%3Cb%3E"), &cookie).await;
        assert!(status == StatusCode::OK && !page.contains("<b>"));
    }
}
