//! Foreign and unknown objects are both 404, alike, on every page, file and function. Generated from the lists.

use crate::world::{World, actor, databases, flaw, import, organisation};
use axum::http::StatusCode;
use tomfolio_domain::actor::Role;
use tomfolio_domain::documents::DocumentService;
use tomfolio_domain::findings::FindingService;
use tomfolio_domain::policy::{self, Action};
use tomfolio_domain::reviews::{Grade, ReviewService};
use tomfolio_domain::tokens::TokenService;
use tomfolio_server::http::policy::{Access, FUNCTIONS};

#[tokio::test]
async fn another_organisations_ids_are_not_found_anywhere() {
    for database in databases() {
        let w = World::new(&database).await;
        let (other, people) = organisation(&w.backend, "Andere AG", "b").await;
        let now = *w.now.lock().unwrap();
        let may = |action| policy::permit(&actor(other, &people, Role::Dpo, now), action, now).unwrap();
        let (document, measure) =
            import(&w.backend, || may(Action::Import), || may(Action::ReadDocuments)).await;
        let sheet = DocumentService::find(&w.backend, may(Action::ReadDocuments), document).await.unwrap();
        let (release, node) = (sheet.draft.id, sheet.nodes[0].id);
        let draft = tomfolio_domain::imports::ImportService::create(
            &w.backend,
            may(Action::Import),
            "b.md".into(),
            crate::world::SOURCE.into(),
        )
        .await
        .unwrap();
        let share = crate::world::share(&w.backend, other, &people, document, now).await;
        let evidence = crate::world::evidence(&w.backend, may(Action::EditEvidence), measure).await;
        let review = crate::world::review(&w.backend, other, &people, document, now).await;
        let both = |role, action| policy::permit(&actor(other, &people, role, now), action, now).unwrap();
        let seen = crate::world::judge_all(&w.backend, both, review, flaw(Grade::Minor)).await;
        let approve = both(Role::Approver, Action::ApproveReview);
        ReviewService::approve(&w.backend, approve, review, seen).await.unwrap();
        let finding = FindingService::list(&w.backend, may(Action::ReadDocuments)).await.unwrap()[0].id;
        let titles = {
            use tomfolio_domain::titles::{ImportTitles, TitleService};
            let cmd =
                ImportTitles { name: "x".into(), licence: "x".into(), of: None, csv: "1;Besucher".into() };
            TitleService::import(&w.backend, may(Action::EditDocument), cmd).await.unwrap()
        };
        let subprocessor = {
            use tomfolio_domain::subprocessors::{
                Facts, SaveSubprocessor, SubprocessorService, SubprocessorState,
            };
            let facts = Facts {
                name: "Nord GmbH".into(),
                address: String::new(),
                contact: String::new(),
                service: "Besucher".into(),
                locations: String::new(),
                transfer: String::new(),
                contract: None,
                audited_on: None,
                next_audit: None,
                state: SubprocessorState::Active,
            };
            let cmd = SaveSubprocessor { id: None, based_on: 0, facts };
            SubprocessorService::save(&w.backend, may(Action::EditSubprocessor), cmd).await.unwrap()
        };
        let cookie = w.sign_in(Role::Dpo).await;
        for path in [
            format!("/subprocessors/{subprocessor}"),
            format!("/documents/{document}"),
            format!("/documents/{document}/markdown"),
            format!("/documents/{document}/hints"),
            format!("/documents/{document}/coverage"),
            format!("/documents/{document}/baseline"),
            format!("/documents/{document}/description"),
            format!("/documents/{document}/promises"),
            format!("/measures/{measure}"),
            format!("/imports/{draft}"),
            format!("/evidence/{evidence}"),
            format!("/evidence/{evidence}/files/1"),
            format!("/releases/{release}"),
            format!("/releases/{release}/pdf"),
            format!("/reviews/{review}"),
            format!("/reviews/{review}/measures/{measure}"),
            format!("/reviews/{review}/pdf"),
            "/measures/mea_00000000000000000000000000000000".into(),
            "/measures/nonsense".into(),
        ] {
            let (status, _, body) = w.get(&path, &cookie).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
            assert!(!body.contains("Besucher"), "{path} tells something");
        }
        let approver = w.sign_in(Role::Approver).await;
        let admin = w.sign_in(Role::Admin).await;
        let manage = || both(Role::Admin, Action::ManageTokens);
        TokenService::create(&w.backend, manage(), "x".into(), jiff::civil::date(2027, 1, 31)).await.unwrap();
        let token = TokenService::list(&w.backend, manage()).await.unwrap().rows[0].id.to_string();
        for (path, access) in &FUNCTIONS {
            let noun = path.trim_start_matches("/api/").split('/').next().unwrap();
            let id = match noun {
                "measures" => measure.to_string(),
                "documents" => document.to_string(),
                "evidence" => evidence.to_string(),
                "imports" => draft.to_string(),
                "releases" => release.to_string(),
                "shares" => share.to_string(),
                "reviews" => review.to_string(),
                "findings" => finding.to_string(),
                "members" => people[2].1.to_string(),
                "tokens" => token.clone(),
                "subprocessors" => subprocessor.to_string(),
                "titles" => titles.to_string(),
                _ => other.to_string(),
            };
            let kind = if noun == "measures" { "technical" } else { "policy" };
            let at = match *path {
                "/api/measures/place" => measure.to_string(),
                "/api/measures/split" => "1".into(),
                _ => "1.0".into(),
            };
            let mut form = format!(
                "id={id}&under={node}&customer=joint&known=0&until=2027-01-31&measure={measure}&kind={kind}&proves=x&audience=internal&document={document}&parent={node}&what={node}&owner=X&organisation={other}&based_on=1&node={node}&was=x&language=de&own=joint&label=&text=x&status=planned"
            );
            form += &format!(
                "&months=12&lead_days=42&due_on=2027-01-01&reviewer={}&criteria=x&method=test&drawn=1&population=1&adequacy=adequate&effectiveness=effective&roles%5B%5D=editor&holds=yes&note=alles+geprüft+und+gut&opinion=agrees",
                people[0].1
            );
            form += &format!(
                "&scope=own&reason=weil+es+eben+einmal+sein+muss&direction=up&repair=all&verdict=confirm&seen=x&title=x&password={}",
                crate::world::PASSWORD.replace(' ', "+")
            );
            form += &format!(
                "&{}&at={at}&op=up&marks%5B%5D=x&baseline={other}+{document}&origin={measure}&revision=1&take=yes&on=yes&name=x&service=x&state=active&other={measure}&sides%5B%5D=mine&measures%5B%5D={measure}&number=1&from=1&to=1",
                w.draft(measure, "x")
            );
            // Lists, the own session and new documents name no foreign object.
            if *access == Access::Open
                || path.ends_with("/list")
                || path.ends_with("/current")
                || *path == "/api/overview/find"
                || *path == "/api/titles/import"
                || ["/api/documents/create", "/api/members/invite", "/api/tokens/create"].contains(path)
                || *path == "/api/sessions/prove"
            {
                continue;
            }
            let of_management = ["approve", "release", "withdraw"].map(|s| format!("/api/releases/{s}"));
            let cookie = if of_management.iter().any(|p| p == path) {
                &approver
            } else if ["members", "tokens"].contains(&noun) {
                &admin
            } else {
                &cookie
            };
            let (status, _, body) = w.post(path, cookie, &form).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}: {body}");
        }
    }
}
