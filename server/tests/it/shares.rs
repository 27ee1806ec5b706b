//! Share links: the true token opens one document's release in force, nothing else does; ended links are 410 and name nothing.

use crate::world::{World, databases};
use axum::http::StatusCode;
use tomfolio_backend::jobs;
use tomfolio_domain::actor::Role;
use tomfolio_domain::documents::DocumentService;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::measures::{MeasureService, Selection};
use tomfolio_domain::policy::Action;
use tomfolio_domain::shares::{Answer, Item, NewShare, ShareService, ShareState};

/// Releases the world's document once more.
async fn release(w: &World) {
    let now = *w.now.lock().unwrap();
    crate::world::release(&w.backend, w.organisation, &w.people, w.document, now).await;
    while jobs::run_one(&w.backend).await.unwrap() {}
}

async fn released(database: &str) -> World {
    let w = World::new(database).await;
    let confirm = w.may(Role::Dpo, Action::ConfirmMeasures);
    w.backend.confirm(confirm, w.document, Selection::All, "Leitung IT".into()).await.unwrap();
    release(&w).await;
    w
}

fn new(w: &World, known: u32) -> NewShare {
    NewShare {
        document: w.document,
        customer: "Gemeindewerke Beispieltal".into(),
        contract: "Vertrag vom 01.04.2025".into(),
        known,
        until: jiff::civil::date(2027, 6, 30),
    }
}

#[tokio::test]
async fn a_customer_reads_what_changed_and_downloads_and_the_list_knows() {
    for database in databases() {
        let w = released(&database).await;
        let share = || w.may(Role::Dpo, Action::Share);
        let token = ShareService::create(&w.backend, share(), new(&w, 1)).await.unwrap();
        assert_eq!(token.len(), 64, "256 bits");
        let page = w.backend.open(&token).await.unwrap();
        assert_eq!((page.number, page.changes.is_none()), (1, true), "the same version has no changes");
        let retire = w.may(Role::Dpo, Action::EditMeasure);
        w.backend.retire(retire, w.measure, 2, "Umzug".into()).await.unwrap();
        crate::world::evidence(
            &w.backend,
            w.may(Role::Dpo, Action::EditEvidence),
            tomfolio_domain::documents::measures(&document(&w).await.nodes)[0].measure.as_ref().unwrap().id,
        )
        .await;
        release(&w).await;
        let page = w.backend.open(&token).await.unwrap();
        assert_eq!((page.number, page.changes.map(|c| c.len())), (2, Some(1)));
        let answer = |item: Item| page.checklist.iter().find(|(i, _)| *i == item).unwrap().1.clone();
        assert_eq!(answer(Item::Implemented), Answer::Implemented { done: 2, of: 2 });
        assert_eq!(answer(Item::Processors), Answer::Unsaid, "nothing is made up");
        let (status, headers, body) = w.get(&format!("/s/{token}"), "").await;
        assert_eq!(status, StatusCode::OK);
        assert!(
            body.contains("Gemeindewerke Beispieltal") && body.contains("Seit Ihrer Fassung 1"),
            "{body}"
        );
        assert!(!body.contains("<script"), "the customer's page loads no script: {body}");
        assert!(body.len() < 30_000, "{} bytes", body.len());
        assert_eq!(headers.get("cache-control").unwrap(), "no-store");
        let (status, headers, pdf) = w.get(&format!("/s/{token}/pdf"), "").await;
        assert_eq!(
            (status, headers.get("content-type").unwrap().to_str().unwrap()),
            (StatusCode::OK, "application/pdf")
        );
        assert!(pdf.starts_with("%PDF"));
        let list =
            ShareService::list(&w.backend, w.may(Role::Reviewer, Action::ReadDocuments)).await.unwrap();
        let row = &list.rows[0];
        assert_eq!((row.opened, row.downloaded, row.state), (3, 1, ShareState::Active));
        // Where nobody said which version the customer has, it is the one before.
        let other =
            ShareService::create(&w.backend, w.may(Role::Dpo, Action::Share), new(&w, 0)).await.unwrap();
        assert!(w.get(&format!("/s/{other}"), "").await.2.contains("Geändert gegenüber Fassung 1"));
    }
}

async fn document(w: &World) -> tomfolio_domain::documents::DocumentSheet {
    DocumentService::find(&w.backend, w.may(Role::Dpo, Action::ReadDocuments), w.document).await.unwrap()
}

#[tokio::test]
async fn ended_links_are_gone_and_guessed_ones_are_not_found() {
    for database in databases() {
        let w = released(&database).await;
        let share = || w.may(Role::Dpo, Action::Share);
        let token = ShareService::create(&w.backend, share(), new(&w, 0)).await.unwrap();
        w.advance(1);
        let revoked = ShareService::create(&w.backend, share(), new(&w, 0)).await.unwrap();
        let id =
            ShareService::list(&w.backend, w.may(Role::Dpo, Action::ReadDocuments)).await.unwrap().rows[0].id;
        w.backend.revoke(share(), id).await.unwrap();
        let mut pages = Vec::new();
        for (path, want) in [
            (format!("/s/{}", "0".repeat(64)), StatusCode::NOT_FOUND),
            ("/s/x".into(), StatusCode::NOT_FOUND),
            (format!("/s/{}/pdf", "0".repeat(64)), StatusCode::NOT_FOUND),
            (format!("/s/{revoked}"), StatusCode::GONE),
        ] {
            let (status, _, body) = w.get(&path, "").await;
            assert_eq!(status, want, "{path}");
            assert!(
                !body.contains("Probe") && !body.contains("Muster") && !body.contains("Gemeindewerke"),
                "{body}"
            );
            pages.push(body);
        }
        // The stored list holds hashes only: a copy of the database opens nothing.
        let (status, ..) =
            w.get(&format!("/s/{}", tomfolio_domain::canonical::sha256_hex(token.as_bytes())), "").await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        w.advance(60 * 24 * 300);
        assert_eq!(w.get(&format!("/s/{token}"), "").await.0, StatusCode::GONE);
        assert_eq!(w.get(&format!("/s/{token}/pdf"), "").await.0, StatusCode::SEE_OTHER);
        let late = new(&w, 0);
        assert_eq!(
            ShareService::create(&w.backend, w.may(Role::Dpo, Action::Share), late).await,
            Err(DomainError::invalid("until"))
        );
    }
}

#[tokio::test]
async fn only_the_dpo_shares_only_what_is_released_and_the_link_is_told_once() {
    let w = released("").await;
    let form = format!("document={}&customer=Kunde&contract=&known=0&until=2027-01-31", w.document);
    for (role, want) in [
        (Role::Editor, StatusCode::FORBIDDEN),
        (Role::Reviewer, StatusCode::FORBIDDEN),
        (Role::Approver, StatusCode::FORBIDDEN),
        (Role::Admin, StatusCode::FORBIDDEN),
    ] {
        assert_eq!(w.post("/api/shares/create", &w.sign_in(role).await, &form).await.0, want, "{role}");
    }
    let dpo = w.sign_in(Role::Dpo).await;
    let (status, headers, body) = w.post("/api/shares/create", &dpo, &form).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let flash = headers.get("set-cookie").unwrap().to_str().unwrap().split(';').next().unwrap().to_owned();
    let (_, headers, page) = w.get("/customers", &format!("{dpo}; {flash}")).await;
    let token = flash.trim_start_matches("flash=");
    assert!(page.contains(&format!("http://tom.example/s/{token}")), "the link is shown");
    assert!(headers.get_all("set-cookie").iter().any(|c| c.to_str().unwrap().starts_with("flash=;")));
    assert!(!w.get("/customers", &dpo).await.2.contains(token), "and only once");
    // A document that was never released has nothing to share.
    let cmd = tomfolio_domain::documents::NewDocument {
        title: "Neu".into(),
        scheme: tomfolio_domain::codes::Scheme::Nine,
        language: "de".into(),
    };
    let fresh =
        DocumentService::create(&w.backend, w.may(Role::Dpo, Action::CreateDocument), cmd).await.unwrap();
    let asked = NewShare { document: fresh, ..new(&w, 0) };
    assert_eq!(
        ShareService::create(&w.backend, w.may(Role::Dpo, Action::Share), asked).await,
        Err(DomainError::WrongState)
    );
}
