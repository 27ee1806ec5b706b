//! The promise ledger: found in the texts, confirmed or declined by a person, due one interval later, and never for words that are gone.

use crate::world::{World, databases};
use axum::http::StatusCode;
use tomfolio_domain::actor::Role;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::measures::{EditMeasure, MeasureService};
use tomfolio_domain::overview::{Duty, OverviewService};
use tomfolio_domain::policy::Action;
use tomfolio_domain::promises::{DecidePromises, PromiseLine, PromiseService, PromiseState, Verdict};
use tomfolio_domain::reviews::Due;

async fn write(w: &World, text: &str) {
    let sheet =
        MeasureService::find(&w.backend, w.may(Role::Dpo, Action::ReadDocuments), w.measure).await.unwrap();
    let mut cmd: EditMeasure = sheet.form();
    cmd.content.text = text.into();
    MeasureService::edit(&w.backend, w.may(Role::Dpo, Action::EditMeasure), cmd).await.unwrap();
}

async fn lines(w: &World) -> Vec<PromiseLine> {
    let read = w.may(Role::Reviewer, Action::ReadDocuments);
    PromiseService::list(&w.backend, read, w.document).await.unwrap().lines
}

async fn decide(w: &World, marks: &[&str], verdict: Verdict) -> Result<u32, DomainError> {
    let marks = marks.iter().map(|m| (*m).to_owned()).collect();
    let cmd = DecidePromises { document: w.document, marks, verdict };
    w.backend.decide(w.may(Role::Editor, Action::EditMeasure), cmd).await
}

#[tokio::test]
async fn a_promise_is_confirmed_falls_due_and_is_kept_until_its_words_change() {
    for database in databases() {
        let w = World::new(&database).await;
        assert!(lines(&w).await.is_empty(), "the document promises nothing yet");
        write(&w, "Die Rücksicherung wird monatlich getestet. Es gibt 14 Generationen. Rechte werden regelmäßig geprüft.").await;
        let found = lines(&w).await;
        let quotes: Vec<_> = found.iter().map(|l| l.promise.parameter.quote.clone()).collect();
        assert_eq!(quotes, ["monatlich", "14 Generationen", "regelmäßig"]);
        let mark = |i: usize| found[i].mark.as_str();
        assert_eq!(decide(&w, &[mark(0)], Verdict::Confirm { interval: None }).await, Ok(1));
        let every = Some("P3M".to_owned());
        assert_eq!(decide(&w, &[mark(2)], Verdict::Confirm { interval: every }).await, Ok(1));
        let short = Verdict::Decline { reason: "nein".into() };
        assert_eq!(decide(&w, &[mark(1)], short).await, Err(DomainError::ReasonTooShort));
        let reason = "Die Zahl gilt nur für das Testsystem.".to_owned();
        assert_eq!(decide(&w, &[mark(1)], Verdict::Decline { reason }).await, Ok(1));
        let now = lines(&w).await;
        let said = |l: &PromiseLine| l.decision.as_ref().map(|d| (d.state, d.interval.clone(), d.due));
        assert_eq!(
            said(&now[0]),
            Some((PromiseState::Confirmed, "P1M".into(), Some(Due::Soon))),
            "a month is within its lead time"
        );
        assert_eq!(said(&now[1]), Some((PromiseState::Declined, "P3M".into(), None)));
        assert_eq!(said(&now[2]), Some((PromiseState::Confirmed, "P3M".into(), Some(Due::Later))));
        w.advance(60 * 24 * 40);
        assert_eq!(said(&lines(&w).await[0]).unwrap().2, Some(Due::Overdue));
        // Who watches over it is told by mail, once.
        assert_eq!((w.backend.remind().await, w.backend.remind().await), (Ok(1), Ok(0)));
        let duties = |o: &tomfolio_domain::overview::Overview| {
            o.tasks
                .iter()
                .filter(|t| matches!(t.duty, Duty::Promises { .. }))
                .map(|t| t.duty.clone())
                .collect::<Vec<_>>()
        };
        let read = w.may(Role::Dpo, Action::ReadDocuments);
        let overview = w.backend.overview(vec![read], w.organisation).await.unwrap();
        assert!(
            matches!(duties(&overview)[..], [Duty::Promises { id, count: 1 }] if id == w.document),
            "{:?}",
            duties(&overview)
        );
        assert_eq!(decide(&w, &[mark(0)], Verdict::Kept).await, Ok(1));
        let kept = lines(&w).await[0].decision.clone().unwrap();
        assert!(kept.kept_on.is_some() && kept.due == Some(Due::Later), "{kept:?}");
        assert_eq!(
            decide(&w, &[mark(1)], Verdict::Kept).await,
            Err(DomainError::Stale),
            "what was declined is not kept"
        );
        // Other words are another promise; the old one stays in sight until somebody decides.
        write(&w, "Die Rücksicherung wird jährlich getestet.").await;
        let after = lines(&w).await;
        assert_eq!(after.iter().filter(|l| l.gone).count(), 2);
        assert!(after.iter().any(|l| !l.gone && l.decision.is_none()));
        assert_eq!(
            decide(&w, &[mark(0)], Verdict::Confirm { interval: None }).await,
            Err(DomainError::Stale)
        );
        assert_eq!(decide(&w, &[mark(0), mark(2)], Verdict::Reopen).await, Ok(2));
        assert_eq!(lines(&w).await.len(), 1);
    }
}

#[tokio::test]
async fn only_who_edits_decides() {
    let w = World::new("").await;
    write(&w, "Die Rücksicherung wird monatlich getestet.").await;
    let mark = lines(&w).await[0].mark.clone();
    let form = format!("document={}&marks%5B%5D={mark}&verdict=confirm", w.document);
    for (role, want) in [
        (Role::Admin, StatusCode::FORBIDDEN),
        (Role::Reviewer, StatusCode::FORBIDDEN),
        (Role::Approver, StatusCode::FORBIDDEN),
        (Role::Editor, StatusCode::OK),
        (Role::Dpo, StatusCode::OK),
    ] {
        let cookie = w.sign_in(role).await;
        assert_eq!(w.post("/api/promises/decide", &cookie, &form).await.0, want, "{role}");
    }
    let dpo = w.sign_in(Role::Dpo).await;
    for bad in ["verdict=confirm&interval=P9Y", "verdict=burn", "verdict=confirm"] {
        let form = format!("document={}&{bad}", w.document);
        assert_eq!(
            w.post("/api/promises/decide", &dpo, &form).await.0,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{bad}"
        );
    }
}
