//! A release from draft to sealed file, and who may not.

use crate::world::{World, databases};
use axum::http::StatusCode;
use tomfolio_backend::adapters::seal::certificates_from_pem;
use tomfolio_backend::jobs;
use tomfolio_backend::usecases::fsck;
use tomfolio_domain::actor::Role;
use tomfolio_domain::documents::DocumentService;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::measures::{MeasureService, Selection};
use tomfolio_domain::policy::{self, Action};
use tomfolio_domain::releases::{ReleaseService, ReleaseState, Stage};
use tomfolio_verify::{Trusted, Verdict};

#[tokio::test]
async fn a_document_is_confirmed_released_sealed_and_superseded() {
    for database in databases() {
        let w = World::new(&database).await;
        let b = &w.backend;
        assert_eq!(
            b.prepare(w.may(Role::Dpo, Action::PrepareRelease), w.document).await,
            Err(DomainError::Blocked)
        );
        assert_eq!(
            b.confirm(
                w.may(Role::Dpo, Action::ConfirmMeasures),
                w.document,
                Selection::All,
                "Leitung IT".into()
            )
            .await,
            Ok(3)
        );
        let id = b.prepare(w.may(Role::Dpo, Action::PrepareRelease), w.document).await.unwrap();
        let sheet = ReleaseService::find(b, w.may(Role::Dpo, Action::ReadDocuments), id).await.unwrap();
        assert_eq!(sheet.row.state, ReleaseState::Ready);
        let seen = sheet.row.snapshot_sha256.unwrap();
        // The DPO advises; the function says 403 whatever the password.
        let dpo = w.sign_in(Role::Dpo).await;
        let form = format!("id={id}&seen={seen}&password={}", crate::world::PASSWORD.replace(' ', "+"));
        assert_eq!(w.post("/api/releases/release", &dpo, &form).await.0, StatusCode::FORBIDDEN);
        assert_eq!(
            policy::permit(&w.actor(Role::Dpo), Action::Release, *w.now.lock().unwrap()).err(),
            Some(DomainError::Forbidden)
        );
        let management = w.sign_in(Role::Approver).await;
        let wrong = format!("id={id}&seen={seen}&password=falsch");
        assert_eq!(w.post("/api/releases/release", &management, &wrong).await.0, StatusCode::FORBIDDEN);
        assert_eq!(
            w.post("/api/releases/release", &management, &form.replace(&seen, "0")).await.0,
            StatusCode::CONFLICT
        );
        assert_eq!(w.post("/api/releases/release", &management, &form).await.0, StatusCode::OK);
        while jobs::run_one(b).await.unwrap() {}
        let row = ReleaseService::find(b, w.may(Role::Dpo, Action::ReadDocuments), id).await.unwrap().row;
        assert_eq!((row.state, row.stage), (ReleaseState::Released, Stage::Done));
        let file = b.pdf(w.may(Role::Reviewer, Action::ReadDocuments), id).await.unwrap();
        let trust =
            certificates_from_pem(&b.certificate(w.may(Role::Dpo, Action::ReadDocuments)).await.unwrap());
        let report = tomfolio_verify::verify(&file.bytes, &trust);
        assert_eq!((report.verdict, report.trusted), (Verdict::Unchanged, Trusted::Yes), "{}", report.reason);
        // The next draft lists its changes; releasing it supersedes the first.
        let may = || w.may(Role::Dpo, Action::EditMeasure);
        let retired = b.retire(may(), w.measure, 2, "Umzug".into()).await.unwrap();
        assert_eq!(retired, tomfolio_domain::measures::EditOutcome::Saved { revision: 3 });
        let next =
            DocumentService::find(b, w.may(Role::Dpo, Action::ReadDocuments), w.document).await.unwrap();
        assert_eq!((next.draft.number, next.released.as_ref().map(|r| r.number)), (2, Some(1)));
        let changes = ReleaseService::find(b, w.may(Role::Dpo, Action::ReadDocuments), next.draft.id)
            .await
            .unwrap()
            .changes;
        assert_eq!(changes.len(), 1);
        // From here on the organisation seals with a key of its own; the first file must still hold.
        w.advance(1);
        b.take_seal_key(w.organisation, &crate::world::pkcs12(&w.data), "geheim").await.unwrap();
        let id = b.prepare(w.may(Role::Dpo, Action::PrepareRelease), w.document).await.unwrap();
        let seen = ReleaseService::find(b, w.may(Role::Dpo, Action::ReadDocuments), id)
            .await
            .unwrap()
            .row
            .snapshot_sha256
            .unwrap();
        b.release(w.may(Role::Approver, Action::Release), id, seen).await.unwrap();
        while jobs::run_one(b).await.unwrap() {}
        let states: Vec<_> = ReleaseService::list(b, w.may(Role::Dpo, Action::ReadDocuments))
            .await
            .unwrap()
            .iter()
            .map(|r| (r.number, r.state))
            .collect();
        assert_eq!(
            states,
            [(3, ReleaseState::Draft), (2, ReleaseState::Released), (1, ReleaseState::Superseded)]
        );
        assert_eq!(fsck::fsck(b).await.unwrap().problems, []);
        // A flipped byte on disk is found.
        let blob = std::fs::read_dir(w.data.join("blobs").join(w.organisation.to_string()))
            .unwrap()
            .flatten()
            .next()
            .unwrap()
            .path();
        let mut bytes = std::fs::read(&blob).unwrap();
        bytes[1000] ^= 1;
        std::fs::write(&blob, bytes).unwrap();
        assert_eq!(fsck::fsck(b).await.unwrap().problems.len(), 1);
    }
}
