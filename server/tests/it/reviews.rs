//! Yearly reviews: planned, carried out on frozen measures, approved by somebody else, kept as a sealed report.

use crate::world::{World, databases, fine, flaw, judge_all, review};
use axum::http::StatusCode;
use tomfolio_backend::adapters::seal::certificates_from_pem;
use tomfolio_backend::jobs;
use tomfolio_backend::usecases::fsck;
use tomfolio_domain::actor::Role;
use tomfolio_domain::documents::DocumentService;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::measures::{MeasureService, Selection};
use tomfolio_domain::policy::{Action, Permit};
use tomfolio_domain::releases::{ReleaseService, Stage};
use tomfolio_domain::reviews::{
    Due, Effectiveness, Grade, Judged, Plan, ReviewService, ReviewState, Verdict,
};
use tomfolio_verify::{Trusted, Verdict as Verified};

async fn confirmed(database: &str) -> World {
    let w = World::new(database).await;
    let confirm = w.may(Role::Dpo, Action::ConfirmMeasures);
    w.backend.confirm(confirm, w.document, Selection::All, "Leitung IT".into()).await.unwrap();
    w
}

fn permits(w: &World) -> impl Fn(Role, Action) -> Permit {
    |role, action| w.may(role, action)
}

#[tokio::test]
async fn a_review_is_planned_carried_out_approved_and_the_next_one_waits() {
    for database in databases() {
        let w = confirmed(&database).await;
        let b = &w.backend;
        let now = *w.now.lock().unwrap();
        let read = || w.may(Role::Dpo, Action::ReadDocuments);
        crate::world::evidence(b, w.may(Role::Dpo, Action::EditEvidence), w.measure).await;
        let id = review(b, w.organisation, &w.people, w.document, now).await;
        let list = ReviewService::list(b, read()).await.unwrap();
        assert_eq!((list.rows.len(), list.rows[0].due, list.rows[0].measures), (1, Due::Soon, 3));
        // What has begun keeps its day and its reviewer; the plan counts from the next one on.
        let dpo = w.actor(Role::Dpo).user;
        let plan = |due_on| Plan { months: 12, due_on, lead_days: 42, reviewer: dpo };
        let may = || w.may(Role::Dpo, Action::PlanReview);
        let later = b.plan(may(), w.document, plan(jiff::civil::date(2028, 3, 1))).await;
        assert_eq!(later, Err(DomainError::Frozen));
        b.plan(may(), w.document, plan(jiff::civil::date(2026, 12, 1))).await.unwrap();
        let page = b.subject(read(), id, w.measure).await.unwrap();
        assert_eq!((page.position, page.tally.all, page.evidence.len()), (1, 3, 1));
        // The frozen text is judged, whatever happens to the measure meanwhile.
        b.retire(w.may(Role::Dpo, Action::EditMeasure), w.measure, 2, "Umzug".into()).await.unwrap();
        // Nothing is submitted before every measure has its verdict.
        let early = b.submit(w.may(Role::Reviewer, Action::Review), id, String::new()).await;
        assert_eq!(early, Err(DomainError::Unjudged));
        let seen = judge_all(b, permits(&w), id, flaw(Grade::Minor)).await;
        let sheet = ReviewService::find(b, read(), id).await.unwrap();
        assert_eq!((sheet.row.state, sheet.row.judged), (ReviewState::Submitted, 3));
        let judged = Judged::Verdict(fine());
        let late =
            ReviewService::judge(b, w.may(Role::Reviewer, Action::Review), id, w.measure, judged).await;
        assert_eq!(late, Err(DomainError::WrongState), "the record is frozen");
        let approve = || w.may(Role::Approver, Action::ApproveReview);
        assert_eq!(ReviewService::approve(b, approve(), id, "0".into()).await, Err(DomainError::Stale));
        ReviewService::approve(b, approve(), id, seen.clone()).await.unwrap();
        while jobs::run_one(b).await.unwrap() {}
        let sheet = ReviewService::find(b, read(), id).await.unwrap();
        assert_eq!((sheet.stage, sheet.record_sha256), (Stage::Done, Some(seen)));
        let file = b.report(w.may(Role::Reviewer, Action::ReadDocuments), id).await.unwrap();
        let trust = certificates_from_pem(&b.certificate(read()).await.unwrap());
        let verified = tomfolio_verify::verify(&file.bytes, &trust);
        assert_eq!(
            (verified.verdict, verified.trusted),
            (Verified::Unchanged, Trusted::Yes),
            "{}",
            verified.reason
        );
        // A year later the same day is due, by the same person.
        let list = ReviewService::list(b, read()).await.unwrap();
        let days: Vec<_> = list.rows.iter().map(|r| (r.state, r.due_on.to_string(), r.due)).collect();
        let want = [
            (ReviewState::Planned, "2027-12-01".to_owned(), Due::Later),
            (ReviewState::Approved, "2026-12-01".to_owned(), Due::Done),
        ];
        assert_eq!(days, want);
        // The measure knows that it does not work; the next review shows what was said.
        let m = MeasureService::find(b, read(), w.measure).await.unwrap();
        let tested = m.tested.unwrap();
        assert_eq!((tested.effectiveness, tested.stale), (Effectiveness::Ineffective, true));
        let next = list.rows[0].id;
        let old = b.start(w.may(Role::Reviewer, Action::Review), next, "2027".into()).await;
        assert_eq!(old, Err(DomainError::Forbidden), "the plan's reviewer took over");
        b.start(w.may(Role::Dpo, Action::Review), next, "2027".into()).await.unwrap();
        let tree = DocumentService::find(b, read(), w.document).await.unwrap();
        let left = tomfolio_domain::documents::measures(&tree.nodes)[0].measure.clone().unwrap().id;
        let last = b.subject(read(), next, left).await.unwrap().last.unwrap();
        assert_eq!((last.judged, last.changed.is_empty()), (Judged::Verdict(fine()), true));
        assert_eq!(fsck::fsck(b).await.unwrap().problems, []);
    }
}

#[tokio::test]
async fn the_reviewer_is_not_the_owner_and_the_approver_is_not_the_reviewer() {
    for database in databases() {
        let w = confirmed(&database).await;
        let b = &w.backend;
        let now = *w.now.lock().unwrap();
        let id = review(b, w.organisation, &w.people, w.document, now).await;
        // Everything fine without a sample does not come through; nor does somebody else's hand.
        let judge = |role, v: Verdict| {
            ReviewService::judge(b, w.may(role, Action::Review), id, w.measure, Judged::Verdict(v))
        };
        let none = judge(Role::Reviewer, Verdict { drawn: 0, population: 0, ..fine() }).await;
        assert_eq!(none, Err(DomainError::missing("sample")));
        assert_eq!(judge(Role::Dpo, fine()).await, Err(DomainError::Forbidden));
        // The same people by HTTP: 403 for roles that may not, 422 for what is missing.
        let reviewer = w.sign_in(Role::Reviewer).await;
        let form =
            format!("id={id}&measure={}&method=sample&adequacy=adequate&effectiveness=effective", w.measure);
        let said = w.post("/api/reviews/judge", &reviewer, &form).await;
        assert_eq!(said.0, StatusCode::UNPROCESSABLE_ENTITY, "{}", said.2);
        let editor = w.sign_in(Role::Editor).await;
        for path in ["judge", "skip", "submit", "start", "approve", "give_back", "plan"] {
            let whole = format!(
                "{form}&seen=x&document={}&months=12&lead_days=1&due_on=2027-01-01&reviewer={}",
                w.document,
                w.actor(Role::Reviewer).user
            );
            let (status, ..) = w.post(&format!("/api/reviews/{path}"), &editor, &whole).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
        }
        // A plan that names somebody who may not review is refused.
        let plan = Plan {
            months: 12,
            due_on: jiff::civil::date(2027, 1, 1),
            lead_days: 42,
            reviewer: w.actor(Role::Editor).user,
        };
        let planned = b.plan(w.may(Role::Dpo, Action::PlanReview), w.document, plan.clone()).await;
        assert_eq!(planned, Err(DomainError::invalid("reviewer")));
        // The DPO reviews this one, and so does not approve it.
        let seen = judge_all(b, permits(&w), id, fine()).await;
        let back = b.give_back(w.may(Role::Dpo, Action::ApproveReview), id, "zu kurz".into()).await;
        assert_eq!(back, Err(DomainError::ReasonTooShort));
        let reason = "Bitte die Stichprobe der Türen vergrößern.";
        b.give_back(w.may(Role::Dpo, Action::ApproveReview), id, reason.into()).await.unwrap();
        let read = || w.may(Role::Dpo, Action::ReadDocuments);
        let sheet = ReviewService::find(b, read(), id).await.unwrap();
        assert_eq!((sheet.row.state, sheet.returned.as_str()), (ReviewState::InProgress, reason));
        let stale = ReviewService::approve(b, w.may(Role::Approver, Action::ApproveReview), id, seen).await;
        assert_eq!(stale, Err(DomainError::WrongState));
        let seen = judge_all(b, permits(&w), id, fine()).await;
        ReviewService::approve(b, w.may(Role::Approver, Action::ApproveReview), id, seen).await.unwrap();
        let own = Plan { reviewer: w.actor(Role::Dpo).user, ..plan };
        let id = b.plan(w.may(Role::Dpo, Action::PlanReview), w.document, own).await.unwrap();
        b.start(w.may(Role::Dpo, Action::Review), id, "2027".into()).await.unwrap();
        let as_dpo = |role, action| w.may(if role == Role::Reviewer { Role::Dpo } else { role }, action);
        let seen = judge_all(b, as_dpo, id, fine()).await;
        let same = ReviewService::approve(b, w.may(Role::Dpo, Action::ApproveReview), id, seen).await;
        assert_eq!(same, Err(DomainError::SamePerson));
        while jobs::run_one(b).await.unwrap() {}
    }
}

#[tokio::test]
async fn a_refused_form_without_script_comes_back_with_what_was_typed() {
    for database in databases() {
        let w = confirmed(&database).await;
        let b = &w.backend;
        let id = review(b, w.organisation, &w.people, w.document, w.now()).await;
        let cookie = w.sign_in(Role::Reviewer).await;
        let sheet = ReviewService::find(b, w.may(Role::Reviewer, Action::ReadDocuments), id).await.unwrap();
        let measure = sheet.next.unwrap();
        let page = format!("/reviews/{id}/measures/{measure}");
        // What does not work needs a finding: refused, and everything typed stands there again, once.
        let form = format!(
            "id={id}&measure={measure}&method=interview&drawn=7&population=31&of_what=Konten&adequacy=to_adapt\
             &effectiveness=ineffective&comment=Drei+%3Cb%3EKonten%3C%2Fb%3E+ohne+Besitzer&finding%5Bgrade%5D=\
             &finding%5Btext%5D=Konten+ohne+Besitzer"
        );
        let back = w.plain("/api/reviews/judge", &cookie, &form).await;
        assert_eq!(back, format!("{page}?refused=missing.finding"));
        let (status, _, html) = w.get(&back, &cookie).await;
        assert_eq!(status, StatusCode::OK);
        assert!(html.contains("Drei &lt;b&gt;Konten&lt;/b&gt; ohne Besitzer</textarea>"), "{html}");
        let chosen = |name: &str, value: &str| {
            let at = html.find(&format!("name=\"{name}\" value=\"{value}\"")).unwrap();
            html[at..at + 120].split('>').next().unwrap().contains("checked")
        };
        assert!(chosen("method", "interview") && !chosen("method", "test"));
        assert!(chosen("adequacy", "to_adapt") && chosen("effectiveness", "ineffective"));
        for value in ["value=\"7\"", "value=\"31\"", "value=\"Konten\"", "value=\"Konten ohne Besitzer\""] {
            assert!(html.contains(value), "{value}");
        }
        assert!(!w.get(&back, &cookie).await.2.contains("ohne Besitzer"), "told once");
        // Another page does not get it, and with it it is gone.
        w.plain("/api/reviews/judge", &cookie, &form).await;
        assert!(!w.get(&format!("/reviews/{id}?refused=stale"), &cookie).await.2.contains("ohne Besitzer"));
        assert!(!w.get(&back, &cookie).await.2.contains("ohne Besitzer"));
        // What cannot be read at all is said on a page, with the status of a refusal.
        let dpo = w.sign_in(Role::Dpo).await;
        let who = w.actor(Role::Reviewer).user;
        let form =
            format!("document={}&months=abc&due_on=2027-01-01&lead_days=42&reviewer={who}", w.document);
        let to = w.plain("/api/reviews/plan", &dpo, &form).await;
        assert_eq!(to, "/refused?why=transport");
        let (status, _, html) = w.get(&to, &dpo).await;
        assert!(status == StatusCode::BAD_REQUEST && html.contains("href=\"/documents\""), "{status}");
        assert_eq!(
            w.plain("/api/reviews/plan", &cookie, &form.replace("abc", "12")).await,
            "/refused?why=forbidden"
        );
        assert_eq!(w.get("/refused?why=%22%3E%3Cscript%3E", "").await.0, StatusCode::CONFLICT);
    }
}
