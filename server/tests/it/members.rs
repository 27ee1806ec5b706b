//! Members: invited, given roles, taken out; sessions ended; refusals in the log.

use crate::world::{PASSWORD, World, databases};
use axum::http::StatusCode;
use tomfolio_backend::jobs;
use tomfolio_domain::actor::Role;
use tomfolio_domain::audit::{AuditService, Filter};
use tomfolio_domain::members::MemberService;
use tomfolio_domain::policy::{self, Action};
use tomfolio_domain::users::SessionService;

#[tokio::test]
async fn an_invited_person_comes_in_by_the_mail_and_leaves_with_everything_open() {
    for database in databases() {
        let w = World::new(&database).await;
        let b = &w.backend;
        let admin = w.sign_in(Role::Admin).await;
        let form = "name=Nina+Neu&email=nina%40a.example&roles%5B%5D=editor&roles%5B%5D=dpo";
        assert_eq!(w.post("/api/members/invite", &admin, form).await.0, StatusCode::OK);
        // The same person again, unknown and double roles, no role, no address: refused, nothing stored.
        for (bad, want) in [
            (form, StatusCode::CONFLICT),
            ("name=X&email=x%40a.example&roles%5B%5D=platform_admin", StatusCode::UNPROCESSABLE_ENTITY),
            ("name=X&email=x%40a.example&roles%5B%5D=dpo&roles%5B%5D=dpo", StatusCode::UNPROCESSABLE_ENTITY),
            ("name=X&email=x%40a.example&roles%5B%5D=true", StatusCode::UNPROCESSABLE_ENTITY),
            ("name=X&email=x%40a.example", StatusCode::UNPROCESSABLE_ENTITY),
            ("name=X&email=keine+Adresse&roles%5B%5D=dpo", StatusCode::UNPROCESSABLE_ENTITY),
            (
                "name=X%0d%0aBcc%3A+y%40z.example&email=x%40a.example&roles%5B%5D=dpo",
                StatusCode::UNPROCESSABLE_ENTITY,
            ),
        ] {
            assert_eq!(w.post("/api/members/invite", &admin, bad).await.0, want, "{bad}");
        }
        let read = || w.may(Role::Admin, Action::ReadMembers);
        let list = MemberService::list(b, read(), "").await.unwrap();
        assert_eq!(list.members.len(), 6);
        let nina = list.members.iter().find(|m| m.name == "Nina Neu").unwrap().clone();
        assert!(nina.invited);
        assert_eq!(nina.roles, [Role::Dpo, Role::Editor]);
        // The link is in the mail, and nowhere else.
        while jobs::run_one(b).await.unwrap() {}
        let mail = std::fs::read_dir(w.data.join("mail")).unwrap().flatten().next().unwrap().path();
        // Long lines are folded on their way (quoted-printable).
        let mail = std::fs::read_to_string(mail).unwrap().replace("=\r\n", "");
        let link = mail.split("/welcome/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        let page = w.get("/members", &admin).await.2;
        assert!(page.contains("Nina Neu") && !page.contains(&link[..16]));
        // Before the link is used nobody is let in by it alone.
        assert_eq!(w.get("/documents", &format!("tom={link}")).await.0, StatusCode::FOUND);
        let form = format!("token={link}&password={}", PASSWORD.replace(' ', "+"));
        let (status, headers, _) = w.post("/api/sessions/accept", "", &form).await;
        assert_eq!(status, StatusCode::OK);
        let cookie = headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        assert_eq!(w.get("/documents", &cookie).await.0, StatusCode::OK);
        assert!(
            !MemberService::list(b, read(), "")
                .await
                .unwrap()
                .members
                .iter()
                .any(|m| m.invited && m.name == "Nina Neu")
        );
        // Taken out: the open session is over with the next request.
        let form = format!("id={}", nina.user);
        assert_eq!(w.post("/api/members/remove", &admin, &form).await.0, StatusCode::OK);
        assert_eq!(w.get("/documents", &cookie).await.0, StatusCode::FOUND);
        assert_eq!(w.post("/api/members/remove", &admin, &form).await.0, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn who_has_an_account_elsewhere_keeps_it_and_the_last_admin_stays() {
    for database in databases() {
        let w = World::new(&database).await;
        let b = &w.backend;
        let (other, people) = crate::world::organisation(b, "Andere AG", "b").await;
        let them = people.iter().find(|(r, _)| *r == Role::Dpo).unwrap().1;
        // They have a password of their own: somebody else's admin gets no way in.
        let link = tomfolio_backend::usecases::sessions::invite(b, them).await.unwrap();
        tomfolio_domain::users::SessionService::accept(b, link, PASSWORD.into()).await.unwrap();
        let admin = w.sign_in(Role::Admin).await;
        let form = "name=X&email=dpo%40b.example&roles%5B%5D=reviewer";
        assert_eq!(w.post("/api/members/invite", &admin, form).await.0, StatusCode::OK);
        while jobs::run_one(b).await.unwrap() {}
        for mail in std::fs::read_dir(w.data.join("mail")).unwrap().flatten() {
            let mail = std::fs::read_to_string(mail.path()).unwrap();
            assert!(!mail.contains("/welcome/"), "{mail}");
        }
        // Until they answer they are no member: their name stays theirs, and they see nothing here.
        let read = || w.may(Role::Admin, Action::ReadMembers);
        let list = MemberService::list(b, read(), "").await.unwrap().members;
        let asked = list.iter().find(|m| m.user == them).unwrap();
        assert_eq!((asked.name.as_str(), asked.email.as_str(), asked.invited), ("", "dpo@b.example", true));
        assert!(!w.get("/members", &admin).await.2.contains("dpo b"));
        let sign_in = |email: &'static str| async {
            let token = SessionService::sign_in(b, email.into(), PASSWORD.into(), String::new()).await;
            format!("tom={}", token.unwrap().0)
        };
        let theirs = sign_in("dpo@b.example").await;
        let home = w.get("/", &theirs).await.2;
        assert!(
            home.contains("Andere AG") && home.contains("„Muster Systeme GmbH“ bietet Ihnen an"),
            "{home}"
        );
        let here = format!("organisation={}", w.organisation);
        assert_eq!(w.post("/api/sessions/switch", &theirs, &here).await.0, StatusCode::NOT_FOUND);
        assert_eq!(w.get(&format!("/documents/{}", w.document), &theirs).await.0, StatusCode::NOT_FOUND);
        let again = format!("id={them}");
        assert_eq!(w.post("/api/members/invite_again", &admin, &again).await.0, StatusCode::OK);
        // Declined, it is gone; asked once more and taken, they belong here, and nobody answers twice.
        assert_eq!(w.plain("/api/members/answer", &theirs, &format!("{here}&take=no")).await, "/");
        assert!(!MemberService::list(b, read(), "").await.unwrap().members.iter().any(|m| m.user == them));
        assert_eq!(w.post("/api/members/invite", &admin, form).await.0, StatusCode::OK);
        assert_eq!(w.plain("/api/members/answer", &theirs, &format!("{here}&take=yes")).await, "/");
        let twice = format!("{here}&take=yes");
        assert_eq!(w.post("/api/members/answer", &theirs, &twice).await.0, StatusCode::NOT_FOUND);
        assert_eq!(w.post("/api/sessions/switch", &theirs, &here).await.0, StatusCode::OK);
        assert_eq!(w.get(&format!("/documents/{}", w.document), &theirs).await.0, StatusCode::OK);
        assert_eq!(w.post("/api/members/invite_again", &admin, &again).await.0, StatusCode::CONFLICT);
        let filter = Filter { action: "members/offer".into(), ..Filter::default() };
        assert_eq!(b.log(w.may(Role::Admin, Action::ReadAudit), filter).await.unwrap().rows.len(), 2);
        // Who belongs to nobody any more takes what is offered by signing in.
        for org in [w.organisation, other] {
            let boss =
                policy::permit(&other_admin(&w, org, &people), Action::ManageMembers, w.now()).unwrap();
            MemberService::remove(b, boss, them).await.unwrap();
        }
        assert!(
            SessionService::sign_in(b, "dpo@b.example".into(), PASSWORD.into(), String::new()).await.is_err()
        );
        assert_eq!(w.post("/api/members/invite", &admin, form).await.0, StatusCode::OK);
        let theirs = sign_in("dpo@b.example").await;
        assert_eq!(w.get(&format!("/documents/{}", w.document), &theirs).await.0, StatusCode::OK);
        // Members of another organisation are not there, whatever is asked.
        let strange = people.iter().find(|(r, _)| *r == Role::Editor).unwrap().1;
        for (path, form) in [
            ("/api/members/remove", format!("id={strange}")),
            ("/api/members/invite_again", format!("id={strange}")),
            ("/api/members/roles", format!("id={strange}&roles%5B%5D=admin")),
            ("/api/members/end_session", "id=0123456789abcdef01234567".into()),
        ] {
            assert_eq!(w.post(path, &admin, &form).await.0, StatusCode::NOT_FOUND, "{path}");
        }
        let me = w.actor(Role::Admin).user;
        // Somebody who was invited and never came in does not run the place.
        let form = "name=Adm&email=adm%40a.example&roles%5B%5D=admin";
        assert_eq!(w.post("/api/members/invite", &admin, form).await.0, StatusCode::OK);
        let last = format!("id={me}&roles%5B%5D=dpo");
        assert_eq!(w.post("/api/members/roles", &admin, &last).await.0, StatusCode::CONFLICT);
        assert_eq!(w.post("/api/members/remove", &admin, &format!("id={me}")).await.0, StatusCode::CONFLICT);
    }
}

fn other_admin(
    w: &World,
    organisation: tomfolio_domain::ids::OrganisationId,
    people: &[(Role, tomfolio_domain::ids::UserId)],
) -> tomfolio_domain::actor::Actor {
    let people = if organisation == w.organisation { &w.people } else { people };
    crate::world::actor(organisation, people, Role::Admin, w.now())
}

#[tokio::test]
async fn running_the_place_asks_for_the_password_again_and_others_are_refused_and_noted() {
    for database in databases() {
        let w = World::new(&database).await;
        let b = &w.backend;
        let admin = w.sign_in(Role::Admin).await;
        let dpo = w.sign_in(Role::Dpo).await;
        let list =
            MemberService::list(b, w.may(Role::Admin, Action::ReadMembers), admin.trim_start_matches("tom="))
                .await;
        let theirs = list.unwrap().sessions.into_iter().find(|s| !s.own).unwrap();
        // After 16 minutes the password is asked for; with it everything goes on.
        w.advance(16);
        let end = format!("id={}", theirs.id);
        let (status, _, body) = w.post("/api/members/end_session", &admin, &end).await;
        assert_eq!((status, body.contains("step_up")), (StatusCode::FORBIDDEN, true), "{body}");
        assert!(w.get("/members", &admin).await.2.contains("Bitte bestätigen"));
        let wrong = w.post("/api/sessions/prove", &admin, "password=falsch").await.0;
        assert_eq!(wrong, StatusCode::FORBIDDEN);
        let right = format!("password={}", PASSWORD.replace(' ', "+"));
        assert_eq!(w.post("/api/sessions/prove", &admin, &right).await.0, StatusCode::OK);
        assert_eq!(w.get("/documents", &dpo).await.0, StatusCode::OK);
        assert_eq!(w.post("/api/members/end_session", &admin, &end).await.0, StatusCode::OK);
        assert_eq!(w.get("/documents", &dpo).await.0, StatusCode::FOUND, "that session is over");
        // Nobody else runs the place; each refusal stands in the log, with the path and nothing that was sent.
        let editor = w.sign_in(Role::Editor).await;
        let form = "name=Geheim&email=x%40a.example&roles%5B%5D=admin";
        assert_eq!(w.post("/api/members/invite", &editor, form).await.0, StatusCode::FORBIDDEN);
        assert_eq!(w.get("/audit", &editor).await.0, StatusCode::FORBIDDEN);
        // A plain form is answered with a redirect; the log is told all the same.
        w.plain("/api/members/remove", &editor, &end).await;
        let filter = Filter { action: "access/denied".into(), ..Filter::default() };
        let log = b.log(w.may(Role::Admin, Action::ReadAudit), filter).await.unwrap();
        let told: Vec<_> = log.rows.iter().map(|r| (r.who.as_str(), r.object.as_str())).collect();
        assert!(
            told.contains(&("editor a", "/api/members/invite"))
                && told.contains(&("editor a", "/audit"))
                && told.contains(&("editor a", "/api/members/remove")),
            "{told:?}"
        );
        assert!(!format!("{:?}", log.rows).contains("Geheim"));
        // Whoever asks again and again does not fill the log: sixty an hour are written down, and tomorrow it begins anew.
        let refusals = async || {
            let filter = Filter { action: "access/denied".into(), ..Filter::default() };
            b.log(w.may(Role::Admin, Action::ReadAudit), filter).await.unwrap().rows.len()
        };
        let before = refusals().await;
        let actor = w.actor(Role::Reviewer);
        for _ in 0..100 {
            b.denied(&actor, "/api/members/invite", 403).await.unwrap();
        }
        let page = Filter { action: "access/denied".into(), before: Some(i64::MAX), ..Filter::default() };
        let first = b.log(w.may(Role::Admin, Action::ReadAudit), page.clone()).await.unwrap();
        let rest = Filter { before: first.next, ..page };
        let rest = b.log(w.may(Role::Admin, Action::ReadAudit), rest).await.unwrap();
        assert_eq!(first.rows.len() + rest.rows.len(), before + 60);
        // The filter holds, page and all.
        let admin = w.sign_in(Role::Admin).await;
        let page = w.get("/audit?action=members%2Fmanage", &admin).await;
        assert_eq!(page.0, StatusCode::OK);
        assert!(page.2.contains("Personen geändert") && !page.2.contains("/api/members/invite"));
        let none = w.get("/audit?object=%25%27%22", &admin).await;
        assert!(none.0 == StatusCode::OK && none.2.contains("keinen Eintrag"));
        let mut findings = tomfolio_backend::usecases::fsck::Findings::default();
        tomfolio_backend::usecases::fsck::audit(b, &mut findings).await.unwrap();
        assert_eq!(findings.problems, []);
    }
}
