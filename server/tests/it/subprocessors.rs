//! Sub-processors: recorded by who edits, named by measures, missed by rule P05, and nobody else's.

use crate::world::{World, databases, evidence, organisation};
use axum::http::StatusCode;
use tomfolio_domain::actor::Role;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::hints::HintService;
use tomfolio_domain::ids::SubprocessorId;
use tomfolio_domain::lint::Rule;
use tomfolio_domain::measures::{EditOutcome, MeasureService};
use tomfolio_domain::policy::{self, Action};
use tomfolio_domain::subprocessors::{Facts, SaveSubprocessor, SubprocessorService, SubprocessorState};

fn facts(name: &str) -> Facts {
    Facts {
        name: name.into(),
        address: "Hafen 1, Hamburg".into(),
        contact: "datenschutz@nord.example".into(),
        service: "Hosting".into(),
        locations: "Hamburg".into(),
        transfer: String::new(),
        contract: None,
        audited_on: None,
        next_audit: None,
        state: SubprocessorState::Active,
    }
}

async fn save(
    w: &World,
    id: Option<SubprocessorId>,
    based_on: i64,
    facts: Facts,
) -> Result<SubprocessorId, DomainError> {
    let may = w.may(Role::Editor, Action::EditSubprocessor);
    SubprocessorService::save(&w.backend, may, SaveSubprocessor { id, based_on, facts }).await
}

/// Names that rule P05 misses something of.
async fn missed(w: &World) -> Vec<String> {
    let may = w.may(Role::Dpo, Action::ReadDocuments);
    let all = HintService::list(&w.backend, may, w.document).await.unwrap();
    all.hints.iter().filter(|h| h.rule == Rule::P05).map(|h| h.about.clone()).collect()
}

#[tokio::test]
async fn what_a_measure_relies_on_is_proved_or_holds_the_release_back() {
    for database in databases() {
        let w = World::new(&database).await;
        let read = || w.may(Role::Reviewer, Action::ReadDocuments);
        assert!(SubprocessorService::list(&w.backend, read()).await.unwrap().rows.is_empty());
        let id = save(&w, None, 0, facts("Nord GmbH")).await.unwrap();
        assert_eq!(missed(&w).await, [""; 0], "nobody relies on it");
        let mut form = MeasureService::find(&w.backend, read(), w.measure).await.unwrap().form();
        form.further.subprocessors = vec![id];
        form.further.law = vec!["DSGVO:32:1:b".into()];
        let edit = || w.may(Role::Editor, Action::EditMeasure);
        let saved = MeasureService::edit(&w.backend, edit(), form.clone()).await.unwrap();
        assert!(matches!(saved, EditOutcome::Saved { .. }));
        let sheet = MeasureService::find(&w.backend, read(), w.measure).await.unwrap();
        assert_eq!(sheet.further, form.further);
        assert_eq!(missed(&w).await, ["Nord GmbH"]);
        let list = SubprocessorService::list(&w.backend, read()).await.unwrap();
        assert_eq!(list.rows[0].measures[0].measure, w.measure);
        // Contract, audit and plan: nothing is missing.
        let proof = evidence(&w.backend, w.may(Role::Dpo, Action::EditEvidence), w.measure).await;
        let whole = Facts {
            contract: Some(proof),
            audited_on: Some(jiff::civil::date(2026, 3, 1)),
            next_audit: Some(jiff::civil::date(2027, 3, 1)),
            ..facts("Nord GmbH")
        };
        assert_eq!(save(&w, Some(id), 0, whole.clone()).await, Err(DomainError::Stale));
        save(&w, Some(id), 1, whole).await.unwrap();
        assert_eq!(missed(&w).await, [""; 0]);
        let list = SubprocessorService::list(&w.backend, read()).await.unwrap();
        assert_eq!((list.rows[0].contract.as_deref(), list.rows[0].revision), (Some("Begehung"), 2));
        // One that has ended can still be seen where it is named: the form would drop it otherwise.
        let ended = Facts { state: SubprocessorState::Ended, ..list.rows[0].facts.clone() };
        save(&w, Some(id), 2, ended).await.unwrap();
        let sheet = MeasureService::find(&w.backend, read(), w.measure).await.unwrap();
        assert_eq!(sheet.offered.len(), 1);
        // What is no measure's any more relies on nothing.
        form.content.text = "Ein anderer Text auf altem Stand.".into();
        let stale = MeasureService::edit(&w.backend, edit(), form).await.unwrap();
        assert!(matches!(stale, EditOutcome::Conflict { .. }));
    }
}

#[tokio::test]
async fn another_houses_sub_processor_and_contract_are_none_of_ours() {
    for database in databases() {
        let w = World::new(&database).await;
        let (other, people) = organisation(&w.backend, "Andere AG", "o").await;
        let theirs = |action| {
            let actor = crate::world::actor(other, &people, Role::Dpo, w.now());
            policy::permit(&actor, action, w.now()).unwrap()
        };
        let cmd = SaveSubprocessor { id: None, based_on: 0, facts: facts("Süd GmbH") };
        let id = SubprocessorService::save(&w.backend, theirs(Action::EditSubprocessor), cmd).await.unwrap();
        let (_, measure) =
            crate::world::import(&w.backend, || theirs(Action::Import), || theirs(Action::ReadDocuments))
                .await;
        let proof = evidence(&w.backend, theirs(Action::EditEvidence), measure).await;
        assert_eq!(save(&w, Some(id), 1, facts("x")).await, Err(DomainError::NotFound));
        let contract = Facts { contract: Some(proof), ..facts("x") };
        assert_eq!(save(&w, None, 0, contract).await, Err(DomainError::NotFound));
        let read = w.may(Role::Editor, Action::ReadDocuments);
        let mut form = MeasureService::find(&w.backend, read, w.measure).await.unwrap().form();
        form.further.subprocessors = vec![id];
        let edit = w.may(Role::Editor, Action::EditMeasure);
        assert_eq!(MeasureService::edit(&w.backend, edit, form).await, Err(DomainError::NotFound));
    }
}

#[tokio::test]
async fn the_pages_work_without_script_and_only_for_who_may() {
    for database in databases() {
        let w = World::new(&database).await;
        let editor = w.sign_in(Role::Editor).await;
        let (_, _, body) = w.get("/subprocessors", &editor).await;
        assert!(body.contains("Noch kein Unterauftragsverarbeiter"), "{body}");
        let form = "name=Nord+GmbH&service=&state=active&locations=Hamburg";
        let back = w.refused("/api/subprocessors/save", &editor, form).await;
        assert_eq!(back, "/subprocessors/new?refused=missing.service");
        let (_, _, body) = w.get(&back, &editor).await;
        assert!(body.contains("Nord GmbH") && body.contains("Leistung"), "what was typed comes back");
        let bad = format!("{form}&service=x&next_audit=morgen").replace("service=&", "");
        let back = w.refused("/api/subprocessors/save", &editor, &bad).await;
        assert_eq!(back, "/subprocessors/new?refused=invalid.next_audit");
        let to =
            w.plain("/api/subprocessors/save", &editor, &form.replace("service=", "service=Hosting")).await;
        assert!(to.starts_with("/subprocessors#sub_"), "{to}");
        let (_, _, body) = w.get("/subprocessors", &editor).await;
        assert!(body.contains("fehlt: Vertrag, Erstprüfung, nächste Prüfung"), "{body}");
        let reviewer = w.sign_in(Role::Reviewer).await;
        let (status, ..) = w.post("/api/subprocessors/save", &reviewer, form).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        let (status, _, body) = w.get("/subprocessors", &reviewer).await;
        assert!(status == StatusCode::OK && !body.contains("/subprocessors/new"));
        let (status, ..) = w.get("/subprocessors/new", &reviewer).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        let (status, ..) = w.get("/subprocessors/sub_00000000000000000000000000000000", &editor).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    }
}
