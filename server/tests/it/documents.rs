//! Documents: from a catalogue, headings and reasons, scopes with their roles, measures moved to another heading.

use crate::world::{World, databases};
use axum::http::StatusCode;
use tomfolio_domain::actor::Role;
use tomfolio_domain::codes::Scheme;
use tomfolio_domain::documents::{
    Blocker, DocumentService, DocumentSheet, EditDocument, EditNode, NewDocument, ProcessingRole, ScopeRole,
    measures,
};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::DocumentId;
use tomfolio_domain::import::Scope;
use tomfolio_domain::measures::{AddMeasure, MeasureService, Place, Selection};
use tomfolio_domain::policy::Action;
use tomfolio_domain::users::SessionService;

async fn sheet(w: &World, id: DocumentId) -> DocumentSheet {
    DocumentService::find(&w.backend, w.may(Role::Dpo, Action::ReadDocuments), id).await.unwrap()
}

#[tokio::test]
async fn a_new_document_has_the_catalogues_goals_and_each_empty_one_needs_a_reason() {
    for database in databases() {
        let w = World::new(&database).await;
        let b = &w.backend;
        let cmd = NewDocument { title: "Neu".into(), scheme: Scheme::Abcd, language: "de".into() };
        let id = b.create(w.may(Role::Dpo, Action::CreateDocument), cmd).await.unwrap();
        let d = sheet(&w, id).await;
        let goal = d.nodes[0].children[0].clone();
        assert_eq!((goal.code.as_deref(), goal.title.as_str()), (Some("A.1"), "Zutrittskontrolle"));
        let empty =
            |d: &DocumentSheet| d.blockers.iter().filter(|b| matches!(b, Blocker::EmptyGoal { .. })).count();
        assert_eq!(empty(&d), 14);
        let edit = |was: &str, reason: &str| EditNode {
            document: id,
            node: goal.id,
            was: was.into(),
            title: "Zutritt".into(),
            empty_reason: reason.into(),
        };
        let may = || w.may(Role::Dpo, Action::EditDocument);
        assert_eq!(b.edit_node(may(), edit(&goal.title, "kurz")).await, Err(DomainError::ReasonTooShort));
        b.edit_node(may(), edit(&goal.title, "Es gibt keine eigenen Räume, alle arbeiten verteilt."))
            .await
            .unwrap();
        assert_eq!(
            b.edit_node(may(), edit(&goal.title, "")).await,
            Err(DomainError::Stale),
            "somebody was faster"
        );
        let d = sheet(&w, id).await;
        assert_eq!((empty(&d), d.nodes[0].children[0].title.as_str()), (13, "Zutritt"));
        // What is added under a goal settles it.
        let add = AddMeasure {
            document: id,
            parent: d.nodes[0].children[1].id,
            label: String::new(),
            text: "MFA.".into(),
        };
        b.add(w.may(Role::Dpo, Action::EditMeasure), add).await.unwrap();
        assert_eq!(empty(&sheet(&w, id).await), 12);
    }
}

#[tokio::test]
async fn roles_follow_the_scope_and_may_be_decided_otherwise() {
    for database in databases() {
        let w = World::new(&database).await;
        let usual = sheet(&w, w.document).await.scopes;
        let controller = ScopeRole { scope: Scope::Own, role: Some(ProcessingRole::Controller) };
        let processor = ScopeRole { scope: Scope::Customer, role: Some(ProcessingRole::Processor) };
        assert_eq!(usual, [controller, processor]);
        let joint = ScopeRole { scope: Scope::Own, role: Some(ProcessingRole::Joint) };
        let cmd = |title: &str| EditDocument {
            id: w.document,
            title: title.into(),
            language: "en".into(),
            roles: vec![joint],
        };
        let may = || w.may(Role::Editor, Action::EditDocument);
        assert_eq!(
            DocumentService::edit(&w.backend, may(), cmd(" ")).await,
            Err(DomainError::missing("title"))
        );
        DocumentService::edit(&w.backend, may(), cmd("TOM neu")).await.unwrap();
        DocumentService::edit(&w.backend, may(), cmd("TOM neu")).await.unwrap();
        let d = sheet(&w, w.document).await;
        assert_eq!(
            (d.title.as_str(), d.language.as_str(), d.scopes),
            ("TOM neu", "en", vec![joint, processor])
        );
    }
}

#[tokio::test]
async fn a_measure_moves_under_another_heading_and_takes_its_scope() {
    for database in databases() {
        let w = World::new(&database).await;
        let d = sheet(&w, w.document).await;
        let codes = |d: &DocumentSheet| {
            measures(&d.nodes).iter().map(|n| n.code.clone().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(codes(&d), ["A.1.E1", "A.1.K1", "A.1.K2"]);
        let customer = d.nodes[0].children[0].children[1].clone();
        w.backend
            .place(w.may(Role::Editor, Action::MoveMeasure), w.measure, Place::Under(customer.id))
            .await
            .unwrap();
        let d = sheet(&w, w.document).await;
        assert_eq!(codes(&d), ["A.1.K1", "A.1.K2", "A.1.K3"]);
        assert_eq!(measures(&d.nodes)[2].measure.as_ref().map(|m| m.id), Some(w.measure));
        let under_a_leaf = w.backend.place(
            w.may(Role::Editor, Action::MoveMeasure),
            w.measure,
            Place::Under(measures(&d.nodes)[0].id),
        );
        assert_eq!(under_a_leaf.await, Err(DomainError::invalid("parent")));
    }
}

#[tokio::test]
async fn only_who_edits_may_change_the_frame() {
    let w = World::new("").await;
    for (role, want) in [
        (Role::Dpo, StatusCode::OK),
        (Role::Editor, StatusCode::OK),
        (Role::Admin, StatusCode::FORBIDDEN),
        (Role::Reviewer, StatusCode::FORBIDDEN),
        (Role::Approver, StatusCode::FORBIDDEN),
    ] {
        let cookie = w.sign_in(role).await;
        let form = format!("document={}&title=TOM&language=de", w.document);
        assert_eq!(w.post("/api/documents/edit", &cookie, &form).await.0, want, "{role}");
        let form = "title=Neu&scheme=nine&language=de";
        assert_eq!(w.post("/api/documents/create", &cookie, form).await.0, want, "{role}");
    }
    let dpo = w.sign_in(Role::Dpo).await;
    for form in [
        "title=&scheme=nine&language=de",
        "title=x&scheme=ten&language=de",
        "title=x&scheme=nine&language=fr",
    ] {
        let (status, _, body) = w.post("/api/documents/create", &dpo, form).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{form}: {body}");
    }
}

#[tokio::test]
async fn the_chosen_language_is_kept() {
    let w = World::new("").await;
    let (status, headers, _) = w.post("/api/sessions/language", "", "language=en&next=/sign-in").await;
    assert_eq!(status, StatusCode::OK);
    let cookie = headers.get("set-cookie").unwrap().to_str().unwrap().to_owned();
    assert!(cookie.starts_with("language=en;"), "{cookie}");
    let (_, _, page) = w.get("/sign-in", "language=en").await;
    assert!(page.contains("<html lang=\"en\"") && page.contains("Sign in"), "{page}");
    let (_, _, page) = w.get("/sign-in", "").await;
    assert!(page.contains("Anmelden"));
}

#[tokio::test]
async fn the_general_description_names_what_is_done_by_role_and_comes_as_markdown_and_word() {
    for database in databases() {
        let w = World::new(&database).await;
        let cookie = w.sign_in(Role::Reviewer).await;
        let path = format!("/documents/{}/description", w.document);
        let (status, _, page) = w.get(&path, &cookie).await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("Noch ist in keinem Geltungsbereich"), "nothing is confirmed yet");
        let may = |action| w.may(Role::Dpo, action);
        w.backend
            .confirm(may(Action::ConfirmMeasures), w.document, Selection::All, "Leitung IT".into())
            .await
            .unwrap();
        let (_, _, page) = w.get(&path, &cookie).await;
        assert!(page.contains("Art. 30 Abs. 2 lit. d") && page.contains("Besucher"), "{page}");
        let (status, headers, text) = w.get(&format!("{path}/processor.md"), &cookie).await;
        assert_eq!(status, StatusCode::OK);
        assert!(headers["content-disposition"].to_str().unwrap().contains("tom-processor.md"));
        assert!(text.contains("## Zutrittskontrolle\n\n- Besucher\n- Schlüssel\n"), "{text}");
        assert!(!text.contains("quittiert"), "names, no texts");
        let (_, _, text) = w.get(&format!("{path}/controller.md"), &cookie).await;
        assert!(text.contains("Art. 30 Abs. 1 lit. g") && !text.contains("Besucher"), "{text}");
        let (status, headers, _) = w.get(&format!("{path}/processor.docx"), &cookie).await;
        assert_eq!(status, StatusCode::OK);
        assert!(headers["content-type"].to_str().unwrap().contains("wordprocessingml"));
        for wrong in ["processor.exe", "nobody.md", "processor", "..%2fx.md"] {
            assert_eq!(w.get(&format!("{path}/{wrong}"), &cookie).await.0, StatusCode::NOT_FOUND, "{wrong}");
        }
        assert_ne!(w.get(&format!("{path}/processor.md"), "").await.0, StatusCode::OK);
        let (other, people) = crate::world::organisation(&w.backend, "Fremde AG", "x").await;
        let _ = other;
        let link = tomfolio_backend::usecases::sessions::invite(&w.backend, people[0].1).await.unwrap();
        let theirs =
            format!("tom={}", w.backend.accept(link, crate::world::PASSWORD.into()).await.unwrap().0);
        assert_eq!(w.get(&format!("{path}/processor.md"), &theirs).await.0, StatusCode::NOT_FOUND);
    }
}
