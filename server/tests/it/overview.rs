//! The overview shows what is due in all organisations of a person, and in no other.

use crate::world::{World, databases, flaw, import, judge_all, organisation, review};
use axum::http::StatusCode;
use tomfolio_domain::actor::{Actor, Role};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::FindingId;
use tomfolio_domain::measures::{MeasureService, Selection};
use tomfolio_domain::overview::{Duty, OverviewService, overdue};
use tomfolio_domain::policy::{self, Action};
use tomfolio_domain::releases::ReleaseService;
use tomfolio_domain::reviews::{Grade, Plan, ReviewService};

#[tokio::test]
async fn tasks_come_from_ones_own_organisations_only() {
    for database in databases() {
        let w = World::new(&database).await;
        let b = &w.backend;
        let now = *w.now.lock().unwrap();
        let (other, people) = organisation(b, "Andere AG", "b").await;
        let may = |action| {
            policy::permit(&crate::world::actor(other, &people, Role::Dpo, now), action, now).unwrap()
        };
        let (document, _) = import(b, || may(Action::Import), || may(Action::ReadDocuments)).await;
        let plan = Plan {
            months: 12,
            due_on: jiff::civil::date(2026, 11, 1),
            lead_days: 42,
            reviewer: people.iter().find(|(r, _)| *r == Role::Reviewer).unwrap().1,
        };
        b.plan(may(Action::PlanReview), document, plan).await.unwrap();
        let own = Actor { organisations: vec![(w.organisation, String::new())], ..w.actor(Role::Dpo) };
        let seen = |actor: &Actor| policy::readable(actor);
        let mine = b.overview(seen(&own), w.organisation).await.unwrap();
        assert_eq!((mine.tasks.len(), mine.clients.len()), (0, 1), "nothing of the other organisation");
        assert_eq!(mine.shares.iter().map(|s| s.all()).sum::<u32>(), 3);
        // Who belongs to both sees both, what is overdue first.
        let both =
            Actor { organisations: vec![(w.organisation, String::new()), (other, String::new())], ..own };
        let confirm = w.may(Role::Dpo, Action::ConfirmMeasures);
        b.confirm(confirm, w.document, Selection::All, "Leitung IT".into()).await.unwrap();
        let id = review(b, w.organisation, &w.people, w.document, now).await;
        let hash = judge_all(b, |r, a| w.may(r, a), id, flaw(Grade::Minor)).await;
        ReviewService::approve(b, w.may(Role::Approver, Action::ApproveReview), id, hash).await.unwrap();
        crate::world::evidence(b, w.may(Role::Dpo, Action::EditEvidence), w.measure).await;
        b.prepare(w.may(Role::Dpo, Action::PrepareRelease), w.document).await.unwrap();
        let all = b.overview(seen(&both), w.organisation).await.unwrap();
        let told: Vec<_> = all
            .tasks
            .iter()
            .map(|t| (t.organisation == other, overdue(t, all.today), std::mem::discriminant(&t.duty)))
            .collect();
        let kind = |d: Duty| std::mem::discriminant(&d);
        let opinion =
            Duty::Opinion { id: "rel_00000000000000000000000000000000".parse().unwrap(), number: 1 };
        let want = [
            (true, true, kind(Duty::Review { id, judged: 0, of: 0 })),
            (
                false,
                false,
                kind(Duty::Finding { id: FindingId::from_uuid(uuid::Uuid::nil()), owner: String::new() }),
            ),
            (false, false, kind(opinion)),
        ];
        assert_eq!(told, want, "{:?}", all.tasks);
        assert_eq!(
            all.months.iter().map(|m| m.reviews).sum::<u32>(),
            1,
            "the next one is more than a year ahead"
        );
        assert_eq!(all.months.iter().map(|m| m.evidence).sum::<u32>(), 0);
        let foreign = b.overview(seen(&both)[..1].to_vec(), other).await;
        assert_eq!(foreign, Err(DomainError::NotFound));
        let cookie = w.sign_in(Role::Reviewer).await;
        let (status, _, page) = w.get("/", &cookie).await;
        assert_eq!((status, page.contains("Andere AG")), (StatusCode::OK, false));
    }
}

#[tokio::test]
async fn a_measure_with_a_plan_of_its_own_asks_for_its_test() {
    for database in databases() {
        let w = World::new(&database).await;
        let b = &w.backend;
        let confirm = w.may(Role::Dpo, Action::ConfirmMeasures);
        b.confirm(confirm, w.document, Selection::All, "Leitung IT".into()).await.unwrap();
        let cookie = w.sign_in(Role::Editor).await;
        let form = |plan: &str| format!("document={}&measures%5B%5D={}&plan={plan}", w.document, w.measure);
        w.plain("/api/measures/edit_many", &cookie, &form("6")).await;
        let refused = w.refused("/api/measures/edit_many", &cookie, &form("5")).await;
        assert!(refused.ends_with("refused=invalid.months"), "{refused}");
        let own = Actor { organisations: vec![(w.organisation, String::new())], ..w.actor(Role::Reviewer) };
        let due = || async {
            let o = b.overview(policy::readable(&own), w.organisation).await.unwrap();
            let found = o.tasks.iter().find(|t| matches!(t.duty, Duty::Tests { .. })).cloned();
            found.map(|t| (t.duty, t.mine, t.due))
        };
        let one = Duty::Tests { id: w.document, count: 1 };
        assert_eq!(
            due().await,
            Some((one.clone(), true, Some(jiff::civil::date(2026, 11, 22)))),
            "never tested"
        );
        let id = review(b, w.organisation, &w.people, w.document, w.now()).await;
        let hash = judge_all(b, |r, a| w.may(r, a), id, crate::world::fine()).await;
        ReviewService::approve(b, w.may(Role::Approver, Action::ApproveReview), id, hash).await.unwrap();
        assert_eq!(due().await, None, "tested today");
        w.advance(60 * 24 * 160);
        assert_eq!(due().await, Some((one, true, Some(jiff::civil::date(2027, 5, 22)))));
        let cookie = w.sign_in(Role::Editor).await;
        let sheet = w.get(&format!("/measures/{}", w.measure), &cookie).await.2;
        assert!(sheet.contains("Prüfturnus 6 Monate, wieder am 22.05.2027"), "the measure says when");
        w.plain("/api/measures/edit_many", &cookie, &form("0")).await;
        assert_eq!(due().await, None, "the plan is taken away");
    }
}
