//! Findings: they hold a release back while critical and open, and nobody tests what they mended.

use crate::world::{World, databases, flaw, judge_all, review};
use axum::http::StatusCode;
use tomfolio_domain::actor::Role;
use tomfolio_domain::documents::{Blocker, DocumentService};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::findings::{FindingService, FindingState};
use tomfolio_domain::measures::{MeasureService, Selection};
use tomfolio_domain::policy::Action;
use tomfolio_domain::releases::ReleaseService;
use tomfolio_domain::reviews::{Grade, ReviewService};

#[tokio::test]
async fn a_critical_finding_blocks_until_somebody_else_has_tested_the_mend() {
    for database in databases() {
        let w = World::new(&database).await;
        let b = &w.backend;
        let confirm = w.may(Role::Dpo, Action::ConfirmMeasures);
        b.confirm(confirm, w.document, Selection::All, "Leitung IT".into()).await.unwrap();
        let now = *w.now.lock().unwrap();
        let id = review(b, w.organisation, &w.people, w.document, now).await;
        let seen = judge_all(b, |r, a| w.may(r, a), id, flaw(Grade::Critical)).await;
        let read = || w.may(Role::Dpo, Action::ReadDocuments);
        ReviewService::approve(b, w.may(Role::Dpo, Action::ApproveReview), id, seen).await.unwrap();
        let found = FindingService::list(b, read()).await.unwrap();
        assert_eq!((found.len(), found[0].grade, found[0].state), (1, Grade::Critical, FindingState::Open));
        let prepare = || w.may(Role::Dpo, Action::PrepareRelease);
        assert_eq!(b.prepare(prepare(), w.document).await, Err(DomainError::Blocked));
        let sheet = DocumentService::find(b, read(), w.document).await.unwrap();
        assert!(matches!(sheet.blockers[..], [Blocker::CriticalFinding { .. }]), "{:?}", sheet.blockers);
        let (id, done) = (found[0].id, "Die Tür hat jetzt einen Schließer.");
        // Nothing to test yet, and an empty word is no mend.
        let verify =
            |role| b.verify(w.may(role, Action::VerifyFinding), id, true, "Alle Türen schließen.".into());
        assert_eq!(verify(Role::Reviewer).await, Err(DomainError::WrongState));
        let short = b.mend(w.may(Role::Dpo, Action::MendFinding), id, "ok".into()).await;
        assert_eq!(short, Err(DomainError::missing("note")));
        b.mend(w.may(Role::Dpo, Action::MendFinding), id, done.into()).await.unwrap();
        assert_eq!(verify(Role::Dpo).await, Err(DomainError::SamePerson));
        // It does not hold: open again, mended again, tested again.
        let no = "Die Tür zum Keller steht noch immer offen.";
        b.verify(w.may(Role::Reviewer, Action::VerifyFinding), id, false, no.into()).await.unwrap();
        assert_eq!(FindingService::list(b, read()).await.unwrap()[0].state, FindingState::Open);
        b.mend(w.may(Role::Editor, Action::MendFinding), id, done.into()).await.unwrap();
        let approver = w.sign_in(Role::Approver).await;
        let form = format!("id={id}&holds=yes&note=Alle+Türen+schließen.");
        let (status, ..) = w.post("/api/findings/verify", &approver, &form).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        verify(Role::Reviewer).await.unwrap();
        assert_eq!(FindingService::list(b, read()).await.unwrap()[0].state, FindingState::Closed);
        b.prepare(prepare(), w.document).await.unwrap();
    }
}
