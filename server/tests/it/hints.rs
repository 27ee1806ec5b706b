//! Quality hints: errors hold a release back, a dismissal needs a reason and ends when the words change; outlines after other catalogues.

use crate::world::{World, databases};
use axum::http::StatusCode;
use tomfolio_domain::actor::Role;
use tomfolio_domain::catalogues::{CatalogueCode, GoalKey};
use tomfolio_domain::documents::{Blocker, DocumentService, measures};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::hints::{DismissHints, HintLine, HintService};
use tomfolio_domain::import::Scope;
use tomfolio_domain::lint::Rule;
use tomfolio_domain::measures::{
    AddMeasure, Content, EditMeasure, EditOutcome, MeasureKind, MeasureService, Selection, Status,
};
use tomfolio_domain::policy::Action;
use tomfolio_domain::releases::ReleaseService;

const REASON: &str = "Der Kunde verlangt im Vertrag genau dieses Wort.";

async fn edit(w: &World, text: &str) {
    let m = w.backend.find_measure(w).await;
    let cmd = EditMeasure {
        id: w.measure,
        based_on: m,
        content: Content { label: String::new(), text: text.into(), owner: "Leitung IT".into() },
        status: Status::Implemented,
        status_reason: String::new(),
        decided_by: String::new(),
        until: None,
        scope: Scope::Own,
        goals: vec![GoalKey::PhysicalAccess],
        kind: MeasureKind::Technical,
        further: Default::default(),
        reason: String::new(),
    };
    let done = MeasureService::edit(&w.backend, w.may(Role::Dpo, Action::EditMeasure), cmd).await.unwrap();
    assert!(matches!(done, EditOutcome::Saved { .. }));
}

trait Revision {
    async fn find_measure(&self, w: &World) -> i64;
}

impl Revision for tomfolio_backend::Backend {
    async fn find_measure(&self, w: &World) -> i64 {
        MeasureService::find(self, w.may(Role::Dpo, Action::ReadDocuments), w.measure).await.unwrap().revision
    }
}

async fn of_measure(w: &World) -> Vec<HintLine> {
    let sheet = HintService::list(&w.backend, w.may(Role::Reviewer, Action::ReadDocuments), w.document)
        .await
        .unwrap();
    sheet.hints.into_iter().filter(|h| h.measure == Some(w.measure) && h.rule == Rule::S05).collect()
}

fn ask(w: &World, marks: &[&str], reason: Option<&str>) -> DismissHints {
    DismissHints {
        document: w.document,
        marks: marks.iter().map(|m| (*m).to_owned()).collect(),
        reason: reason.map(str::to_owned),
    }
}

#[tokio::test]
async fn an_error_holds_the_release_back_until_it_is_mended_or_dismissed_and_comes_back_with_other_words() {
    for database in databases() {
        let w = World::new(&database).await;
        let b = &w.backend;
        let confirm = w.may(Role::Dpo, Action::ConfirmMeasures);
        b.confirm(confirm, w.document, Selection::All, "Leitung IT".into()).await.unwrap();
        edit(&w, "Die Türen sind jederzeit verschlossen.").await;
        let found = of_measure(&w).await;
        assert_eq!((found.len(), found[0].quote.as_str()), (1, "jederzeit"));
        let blockers = async || {
            let may = w.may(Role::Dpo, Action::ReadDocuments);
            DocumentService::find(b, may, w.document).await.unwrap().blockers
        };
        assert!(blockers().await.iter().any(|b| matches!(b, Blocker::Hints { count: 1 })));
        let prepare = || w.may(Role::Dpo, Action::PrepareRelease);
        assert_eq!(b.prepare(prepare(), w.document).await, Err(DomainError::Blocked));
        let mark = found[0].mark.clone();
        let may = || w.may(Role::Editor, Action::EditMeasure);
        assert_eq!(
            b.dismiss(may(), ask(&w, &[&mark], Some("passt"))).await,
            Err(DomainError::ReasonTooShort)
        );
        assert_eq!(b.dismiss(may(), ask(&w, &["0123"], Some(REASON))).await, Err(DomainError::Stale));
        assert_eq!(b.dismiss(may(), ask(&w, &[&mark], Some(REASON))).await, Ok(1));
        let said = of_measure(&w).await.remove(0).dismissed.unwrap();
        assert_eq!(said.reason, REASON);
        assert!(!blockers().await.iter().any(|b| matches!(b, Blocker::Hints { .. })));
        // Another sentence is another hint.
        edit(&w, "Die Türen sind jederzeit fest verschlossen.").await;
        assert!(of_measure(&w).await[0].dismissed.is_none());
        // Back to the words that were judged: the judgement holds again, until it is taken back.
        edit(&w, "Die Türen sind jederzeit verschlossen.").await;
        assert!(of_measure(&w).await[0].dismissed.is_some());
        assert_eq!(b.dismiss(may(), ask(&w, &[&mark], None)).await, Ok(1));
        assert!(of_measure(&w).await[0].dismissed.is_none());
        edit(&w, "Die Türen sind nach 18 Uhr verschlossen.").await;
        assert!(of_measure(&w).await.is_empty());
        b.prepare(prepare(), w.document).await.unwrap();
    }
}

#[tokio::test]
async fn a_draft_shows_the_hints_of_its_own_words_and_not_those_of_the_stored_text_again() {
    let w = World::new("").await;
    let cookie = w.sign_in(Role::Dpo).await;
    edit(&w, "Die Türen sind jederzeit verschlossen.").await;
    let page = async || w.get(&format!("/measures/{}", w.measure), &cookie).await.2;
    let hits = |page: &str| page.matches("data-rule=\"s05\"").count();
    assert_eq!(hits(&page().await), 1);
    let draft = w.draft(w.measure, "Die Türen der Werkstatt sind jederzeit verschlossen.");
    let draft = draft.replace("[based_on]=1", "[based_on]=2");
    assert_eq!(w.post("/api/measures/draft", &cookie, &draft).await.0, StatusCode::OK);
    assert!(page().await.contains("Die Türen der Werkstatt"));
    assert_eq!(hits(&page().await), 1);
}

#[tokio::test]
async fn only_who_edits_dismisses() {
    let w = World::new("").await;
    edit(&w, "Die Türen sind jederzeit verschlossen.").await;
    let mark = of_measure(&w).await[0].mark.clone();
    let form = format!("document={}&marks%5B%5D={mark}&reason={}", w.document, REASON.replace(' ', "+"));
    for (role, want) in [
        (Role::Admin, StatusCode::FORBIDDEN),
        (Role::Reviewer, StatusCode::FORBIDDEN),
        (Role::Approver, StatusCode::FORBIDDEN),
        (Role::Editor, StatusCode::OK),
        (Role::Dpo, StatusCode::OK),
    ] {
        let cookie = w.sign_in(role).await;
        assert_eq!(w.post("/api/hints/dismiss", &cookie, &form).await.0, want, "{role}");
        let layout = format!("document={}&layout=de-bdsg64", w.document);
        assert_eq!(w.post("/api/documents/lay_out", &cookie, &layout).await.0, want, "{role}");
    }
    let dpo = w.sign_in(Role::Dpo).await;
    for bad in ["iso27001-2022-a", "x", "../"] {
        let layout = format!("document={}&layout={bad}", w.document);
        assert_eq!(w.post("/api/documents/lay_out", &dpo, &layout).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    }
    // Without script a refusal comes back to the page with its sentence.
    let form = format!("document={}&marks%5B%5D={mark}&reason=kurz&rule=s05", w.document);
    let location = w.refused("/api/hints/dismiss", &dpo, &form).await;
    assert!(location.ends_with("/hints?refused=reason_too_short"), "{location}");
}

#[tokio::test]
async fn the_same_measures_stand_under_another_catalogue_and_come_back_as_they_were() {
    for database in databases() {
        let w = World::new(&database).await;
        let b = &w.backend;
        let read = || w.may(Role::Reviewer, Action::ReadDocuments);
        let codes = async || {
            let d = DocumentService::find(b, read(), w.document).await.unwrap();
            let all: Vec<String> =
                measures(&d.nodes).iter().map(|n| n.code.clone().unwrap_or_default()).collect();
            (d.nodes.len(), all)
        };
        let before = codes().await;
        assert_eq!(before.1, ["A.1.E1", "A.1.K1", "A.1.K2"]);
        let lay_out =
            async |c| b.lay_out(w.may(Role::Dpo, Action::EditDocument), w.document, c).await.unwrap();
        let seen = b.coverage(read(), w.document).await.unwrap();
        let of = |c: CatalogueCode| seen.catalogues.iter().find(|k| k.catalogue == Some(c)).unwrap();
        assert_eq!((of(CatalogueCode::Art32).gaps(), of(CatalogueCode::Bdsg64).unplaced.len()), (8, 0));
        lay_out(Some(CatalogueCode::Art32)).await;
        assert_eq!(codes().await, (9, vec!["3.a".into(), "3.b".into(), "3.c".into()]));
        // What is added here stands in the other outlines too, at its goal.
        let d = DocumentService::find(b, read(), w.document).await.unwrap();
        let add = AddMeasure {
            document: w.document,
            parent: d.nodes[1].id,
            label: "Notebooks".into(),
            text: "Datenträger sind mit AES-256 verschlüsselt.".into(),
        };
        let added = b.add(w.may(Role::Editor, Action::EditMeasure), add).await.unwrap();
        lay_out(Some(CatalogueCode::Abcd)).await;
        let (sections, all) = codes().await;
        assert_eq!(sections, 4);
        assert!(all.contains(&"A.5.X1".to_owned()) && all.len() == 4, "{all:?}");
        lay_out(None).await;
        let (sections, all) = codes().await;
        assert_eq!(
            (sections, all.len()),
            (before.0 + 1, 4),
            "what the old outline has no heading for stands at its end"
        );
        let sheet = MeasureService::find(b, read(), added).await.unwrap();
        assert_eq!(sheet.path.last().map(String::as_str), Some("B Weitere Maßnahmen"));
        // Switching twice makes nothing twice.
        lay_out(Some(CatalogueCode::Art32)).await;
        let again = codes().await;
        lay_out(None).await;
        lay_out(Some(CatalogueCode::Art32)).await;
        assert_eq!(codes().await, again);
        assert_eq!(again.1.len(), 4);
    }
}
