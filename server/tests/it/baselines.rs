//! Baselines: a client's document is made from one, hears of its changes and decides about each; nobody else hears anything.

use crate::world::{World, actor, databases, organisation};
use axum::http::StatusCode;
use tomfolio_domain::actor::{Actor, Role};
use tomfolio_domain::baselines::{Answer, BaselineService, BaselineSheet, Offer, Origin, Stamp, What};
use tomfolio_domain::catalogues::CatalogueCode;
use tomfolio_domain::documents::{DocumentService, DocumentSheet, measures};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::{DocumentId, MeasureId, OrganisationId, UserId};
use tomfolio_domain::measures::{AddMeasure, EditOutcome, MeasureService, Selection, Status};
use tomfolio_domain::merge::Side;
use tomfolio_domain::overview::{Duty, OverviewService};
use tomfolio_domain::policy::{Action, Permit, permit, readable};

/// A DPO of the house that is DPO of a client too.
struct Both {
    w: World,
    client: OrganisationId,
    people: Vec<(Role, UserId)>,
}

impl Both {
    async fn new(database: &str) -> Both {
        let w = World::new(database).await;
        let (client, people) = organisation(&w.backend, "Kunde AG", "k").await;
        w.backend.add_member(client, "dpo@a.example", "", &[Role::Dpo]).await.unwrap();
        w.backend.mark(w.may(Role::Dpo, Action::EditDocument), w.document, true).await.unwrap();
        Both { w, client, people }
    }

    fn dpo(&self, here: OrganisationId) -> Actor {
        let organisations = vec![(self.w.organisation, String::new()), (self.client, String::new())];
        Actor { organisation: here, organisations, ..self.w.actor(Role::Dpo) }
    }

    fn may(&self, action: Action) -> Permit {
        permit(&self.dpo(self.client), action, self.w.now()).unwrap()
    }

    fn readable(&self) -> Vec<Permit> {
        readable(&self.dpo(self.client))
    }

    async fn stamped(&self) -> DocumentId {
        let cmd =
            Stamp { organisation: self.w.organisation, document: self.w.document, title: String::new() };
        self.w.backend.stamp(self.may(Action::CreateDocument), self.readable(), cmd).await.unwrap()
    }

    async fn here(&self, document: DocumentId) -> DocumentSheet {
        DocumentService::find(&self.w.backend, self.may(Action::ReadDocuments), document).await.unwrap()
    }

    async fn sheet(&self, document: DocumentId) -> BaselineSheet {
        let may = self.may(Action::ReadDocuments);
        BaselineService::find(&self.w.backend, may, self.readable(), document).await.unwrap()
    }

    async fn answer(
        &self,
        o: &Offer,
        document: DocumentId,
        take: bool,
        sides: &[Side],
    ) -> Result<(), DomainError> {
        let cmd = Answer { document, origin: o.origin, revision: o.revision, take, sides: sides.to_vec() };
        self.w.backend.answer(self.may(Action::EditMeasure), self.readable(), cmd).await
    }

    /// Writes another text into a measure, in the house or at the client.
    async fn say(&self, at: OrganisationId, measure: MeasureId, text: &str, reason: &str) {
        let who = self.dpo(at);
        let may = |a| permit(&who, a, self.w.now()).unwrap();
        let b = &self.w.backend;
        let mut form = MeasureService::find(b, may(Action::ReadDocuments), measure).await.unwrap().form();
        form.content.text = text.into();
        form.reason = reason.into();
        let done = MeasureService::edit(b, may(Action::EditMeasure), form).await.unwrap();
        assert!(matches!(done, EditOutcome::Saved { .. }));
    }
}

fn rows(s: &DocumentSheet) -> Vec<(MeasureId, String, Status, String)> {
    let all = measures(&s.nodes);
    let row = |n: &&tomfolio_domain::documents::NodeView| {
        let m = n.measure.clone().unwrap();
        (m.id, n.code.clone().unwrap(), m.status, m.owner)
    };
    all.iter().map(row).collect()
}

#[tokio::test]
async fn a_clients_document_is_made_from_a_baseline_and_decides_about_its_changes() {
    for database in databases() {
        let t = Both::new(&database).await;
        let b = &t.w.backend;
        let house = t.w.organisation;
        let all = BaselineService::list(b, t.readable()).await.unwrap();
        assert_eq!((all.len(), all[0].measures, all[0].document), (1, 3, t.w.document));
        let document = t.stamped().await;
        let before = t.here(document).await;
        let codes: Vec<_> = rows(&before).into_iter().map(|r| (r.1, r.2, r.3)).collect();
        assert_eq!(codes.len(), 3);
        assert!(codes.iter().all(|c| c.1 == Status::ToConfirm && c.2.is_empty()), "{codes:?}");
        assert_eq!(codes[1].0, "A.1.K1");
        assert_eq!(t.sheet(document).await.offers, []);
        // The client says that all of it is so; then the baseline changes its mind.
        let all = Selection::All;
        b.confirm(t.may(Action::ConfirmMeasures), document, all, "Empfang".into()).await.unwrap();
        t.say(house, t.w.measure, "Die Türen sind immer verschlossen.", "Vorfall im Mai").await;
        let house_may = |a| t.w.may(Role::Dpo, a);
        let tree = DocumentService::find(b, house_may(Action::ReadDocuments), t.w.document).await.unwrap();
        let parent = tree.nodes[0].children[0].children[1].id;
        let add = AddMeasure {
            document: t.w.document,
            parent,
            label: "Kameras".into(),
            text: "Der Hof wird überwacht.".into(),
        };
        MeasureService::add(b, house_may(Action::EditMeasure), add).await.unwrap();
        let sheet = t.sheet(document).await;
        assert!(matches!(&sheet.origin, Origin::Known { title, .. } if title == "TOM Probe"));
        assert_eq!(sheet.offers.len(), 2);
        assert_eq!(sheet.offers[0].reason, "Vorfall im Mai");
        assert!(matches!(sheet.offers[1].what, What::New { .. }));
        let duties = b.overview(t.readable(), t.client).await.unwrap().tasks;
        let waits = duties.iter().find_map(|d| match d.duty {
            Duty::Baseline { id, count } if d.mine => Some((id, count)),
            _ => None,
        });
        assert_eq!(waits, Some((document, 2)), "the overview tells");
        let followers = {
            let may = house_may(Action::ReadDocuments);
            BaselineService::find(b, may, t.readable(), t.w.document).await.unwrap().followers
        };
        assert_eq!((followers.len(), followers[0].open), (1, 2));
        // Both in one go; another outline in use loses nothing.
        let may = t.may(Action::EditDocument);
        b.lay_out(may, document, Some(CatalogueCode::Art32)).await.unwrap();
        t.w.advance(1);
        assert_eq!(b.take_all(t.may(Action::EditMeasure), t.readable(), document).await, Ok(2));
        // Taken back, both offers stand again; and are taken again.
        let step = t.here(document).await.last.unwrap().id;
        b.undo(t.may(Action::EditMeasure), document, step).await.unwrap();
        assert_eq!(rows(&t.here(document).await).len(), 3);
        assert_eq!(t.sheet(document).await.offers.len(), 2);
        assert_eq!(b.take_all(t.may(Action::EditMeasure), t.readable(), document).await, Ok(2));
        let now = rows(&t.here(document).await);
        assert_eq!(now.len(), 4);
        b.lay_out(t.may(Action::EditDocument), document, None).await.unwrap();
        let now = rows(&t.here(document).await);
        assert_eq!((now.len(), now[3].1.as_str(), now[3].2), (4, "A.1.K3", Status::ToConfirm));
        assert_eq!((now[0].2, now[0].3.as_str()), (Status::ToConfirm, "Empfang"), "confirmed words changed");
        assert_eq!(now[1].2, Status::Implemented, "what did not change stays confirmed");
        let changed = MeasureService::find(b, t.may(Action::ReadDocuments), now[0].0).await.unwrap();
        assert_eq!(changed.content.text, "Die Türen sind immer verschlossen.");
        assert_eq!(changed.history[0].reason, "TOM Probe");
        assert_eq!(t.sheet(document).await.offers, []);
        let again = b.take_all(t.may(Action::EditMeasure), t.readable(), document).await;
        assert_eq!(again, Err(DomainError::Stale), "nothing is left to take");
    }
}

#[tokio::test]
async fn two_changes_of_a_sentence_are_a_question_and_an_end_is_decided_one_by_one() {
    for database in databases() {
        let t = Both::new(&database).await;
        let b = &t.w.backend;
        let house = t.w.organisation;
        let document = t.stamped().await;
        let own = rows(&t.here(document).await)[0].0;
        t.say(t.client, own, "Die Türen sind nachts verschlossen. Es gibt einen Empfang.", "").await;
        t.say(house, t.w.measure, "Die Türen sind immer verschlossen.", "").await;
        let offer = t.sheet(document).await.offers.remove(0);
        assert_eq!((offer.questions(), offer.in_bulk()), (1, false));
        let none = b.take_all(t.may(Action::EditMeasure), t.readable(), document).await;
        assert_eq!(none, Err(DomainError::Stale));
        assert_eq!(t.answer(&offer, document, true, &[]).await, Err(DomainError::missing("sides")));
        // The baseline moves on while somebody reads: what was read is not what is decided about.
        t.say(house, t.w.measure, "Die Türen sind stets verschlossen.", "").await;
        assert_eq!(t.answer(&offer, document, true, &[Side::Theirs]).await, Err(DomainError::Stale));
        let offer = t.sheet(document).await.offers.remove(0);
        t.answer(&offer, document, true, &[Side::Theirs]).await.unwrap();
        let m = MeasureService::find(b, t.may(Action::ReadDocuments), own).await.unwrap();
        assert!(m.content.text.starts_with("Die Türen sind stets verschlossen."), "{}", m.content.text);
        // Left as it is until the baseline changes again.
        t.say(house, t.w.measure, "Türen sind zu.", "").await;
        let offer = t.sheet(document).await.offers.remove(0);
        t.answer(&offer, document, false, &[]).await.unwrap();
        assert_eq!(t.sheet(document).await.offers, []);
        let revision = {
            let may = t.w.may(Role::Dpo, Action::ReadDocuments);
            MeasureService::find(b, may, t.w.measure).await.unwrap().revision
        };
        let may = t.w.may(Role::Dpo, Action::EditMeasure);
        b.retire(may, t.w.measure, revision, "Die Pforte ist aufgelöst.".into()).await.unwrap();
        let offer = t.sheet(document).await.offers.remove(0);
        assert!(matches!(offer.what, What::Gone { .. }) && !offer.in_bulk());
        t.answer(&offer, document, true, &[]).await.unwrap();
        let m = MeasureService::find(b, t.may(Action::ReadDocuments), own).await.unwrap();
        assert_eq!(m.status, Status::Retired);
        assert_eq!(t.answer(&offer, document, true, &[]).await, Err(DomainError::Stale), "decided before");
        // No longer offered: no new documents, but those that are there go on.
        b.mark(t.w.may(Role::Dpo, Action::EditDocument), t.w.document, false).await.unwrap();
        let cmd = Stamp { organisation: house, document: t.w.document, title: String::new() };
        let refused = b.stamp(t.may(Action::CreateDocument), t.readable(), cmd).await;
        assert_eq!(refused, Err(DomainError::NotFound));
        assert!(matches!(t.sheet(document).await.origin, Origin::Known { .. }));
    }
}

#[tokio::test]
async fn who_does_not_belong_to_the_baselines_house_hears_nothing_of_it() {
    for database in databases() {
        let t = Both::new(&database).await;
        let b = &t.w.backend;
        let document = t.stamped().await;
        t.say(t.w.organisation, t.w.measure, "Geheime neue Worte des Hauses.", "").await;
        let editor = actor(t.client, &t.people, Role::Editor, t.w.now());
        let editor = Actor { organisations: vec![(t.client, String::new())], ..editor };
        let may = |a| permit(&editor, a, t.w.now()).unwrap();
        let mine = || readable(&editor);
        assert_eq!(BaselineService::list(b, mine()).await, Ok(vec![]));
        let seen = BaselineService::find(b, may(Action::ReadDocuments), mine(), document).await.unwrap();
        assert_eq!((seen.origin, seen.offers), (Origin::Hidden, vec![]));
        let cmd = Stamp { organisation: t.w.organisation, document: t.w.document, title: String::new() };
        let refused = b.stamp(may(Action::CreateDocument), mine(), cmd).await;
        assert_eq!(refused, Err(DomainError::NotFound));
        let all = b.take_all(may(Action::EditMeasure), mine(), document).await;
        assert_eq!(all, Err(DomainError::NotFound));
        let tasks = b.overview(mine(), t.client).await.unwrap().tasks;
        assert!(!tasks.iter().any(|d| matches!(d.duty, Duty::Baseline { .. })));
    }
}

#[tokio::test]
async fn the_pages_work_without_script_and_only_for_who_may() {
    for database in databases() {
        let t = Both::new(&database).await;
        let cookie = t.w.sign_in(Role::Dpo).await;
        let switch = format!("organisation={}&next=%2Fdocuments%2Fnew", t.client);
        t.w.plain("/api/sessions/switch", &cookie, &switch).await;
        let (_, _, body) = t.w.get("/documents/new", &cookie).await;
        assert!(body.contains("TOM Probe") && body.contains("Muster Systeme GmbH"));
        let form = format!("baseline={}+{}&title=Unser+TOM", t.w.organisation, t.w.document);
        let to = t.w.plain("/api/baselines/stamp", &cookie, &form).await;
        let document: DocumentId = to.strip_prefix("/documents/").unwrap().parse().unwrap();
        t.say(t.w.organisation, t.w.measure, "Neu gefasst.", "Audit").await;
        let page = format!("/documents/{document}/baseline");
        let (_, _, body) = t.w.get(&page, &cookie).await;
        assert!(
            body.contains("Neu") && body.contains("Grund: Audit") && body.contains("Übernehmen"),
            "{body}"
        );
        let offer = t.sheet(document).await.offers.remove(0);
        let form =
            format!("document={document}&origin={}&revision={}&take=yes", offer.origin, offer.revision);
        assert_eq!(t.w.plain("/api/baselines/answer", &cookie, &form).await, page);
        let back = t.w.refused("/api/baselines/answer", &cookie, &form).await;
        assert_eq!(back, format!("{page}?refused=stale"));
        let reviewer = t.w.sign_in(Role::Reviewer).await;
        let mark = format!("document={}&on=yes", t.w.document);
        let (status, ..) = t.w.post("/api/baselines/mark", &reviewer, &mark).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        let (status, _, body) = t.w.get(&format!("/documents/{}/baseline", t.w.document), &reviewer).await;
        assert_eq!(status, StatusCode::OK);
        assert!(!body.contains("Nicht mehr anbieten"), "a reviewer sees no form");
        // The reviewer belongs to the house only: that a client follows is not for them.
        assert!(!body.contains("Kunde AG"));
    }
}
