//! Abuse cases by their ids: what is tried, that it is refused, that nothing is stored, and that the log tells of it. Cases that
//! other stories show are named in the table, and a test holds the table to the sources.

use crate::binary::Server;
use crate::world::{PASSWORD, World, databases, organisation, send};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use sea_orm::ConnectionTrait;
use tomfolio_domain::actor::Role;
use tomfolio_domain::audit::{AuditService, Filter};
use tomfolio_domain::documents::DocumentService;
use tomfolio_domain::evidence::EvidenceService;
use tomfolio_domain::policy::{self, Action};
use tomfolio_domain::releases::{ReleaseService, ReleaseState};

/// Where a case is shown: a file of the tests and a function in it; or why it is not.
enum Shown {
    By(&'static str, &'static str),
    Not(&'static str),
}
use Shown::{By, Not};

const CASES: [(&str, Shown); 53] = [
    ("T01", By("tenancy.rs", "another_organisations_ids_are_not_found_anywhere")),
    ("T02", By("abuse.rs", "t02_a_foreign_measure_in_the_body_is_not_found")),
    ("T03", By("abuse.rs", "t03_no_list_holds_a_word_of_another_organisation")),
    ("T04", Not("there is no function over several ids at once")),
    ("T05", By("abuse.rs", "t05_a_reviewer_who_calls_the_release_functions_is_refused_and_noted")),
    ("T06", Not("the role auditor comes later; reviewers' refusals are T05")),
    ("T07", By("abuse.rs", "t07_fields_that_nobody_asked_for_change_nothing")),
    ("T08", By("members.rs", "an_invited_person_comes_in_by_the_mail_and_leaves_with_everything_open")),
    ("T09", By("members.rs", "who_has_an_account_elsewhere_keeps_it_and_the_last_admin_stays")),
    ("T10", By("members.rs", "an_invited_person_comes_in_by_the_mail_and_leaves_with_everything_open")),
    ("T11", By("members.rs", "an_invited_person_comes_in_by_the_mail_and_leaves_with_everything_open")),
    ("T12", Not("there is no platform admin")),
    (
        "T13",
        By("releases.rs", "four_eyes_see_the_same_content_and_a_later_change_makes_their_sign_offs_void"),
    ),
    ("T14", By("http.rs", "every_server_function_stands_in_the_policy_table_and_refuses_the_anonymous")),
    ("T15", By("abuse.rs", "t15_empty_commands_and_unknown_words_are_the_clients_fault")),
    ("S01", By("abuse.rs", "s01_and_a03_an_address_that_guesses_waits_and_others_do_not")),
    ("S02", By("abuse.rs", "s02_an_ended_link_is_gone_by_every_method_and_counts_nothing")),
    ("S03", By("abuse.rs", "s03_a_link_opens_nothing_but_its_own_release")),
    ("S04", By("abuse.rs", "s04_a_link_leaks_by_no_referrer_and_no_log_entry")),
    ("S05", By("shares.rs", "only_the_dpo_shares_only_what_is_released_and_the_link_is_told_once")),
    ("A01", By("abuse.rs", "a01_a_planted_session_is_never_signed_in")),
    ("A02", By("abuse.rs", "a02_a_cookie_ends_by_idling_by_age_and_by_signing_out")),
    ("A03", By("abuse.rs", "s01_and_a03_an_address_that_guesses_waits_and_others_do_not")),
    ("A04", Not("there is no second factor yet")),
    ("A05", By("abuse.rs", "a05_mails_lead_to_the_configured_address_whatever_the_host_says")),
    ("A06", By("identities.rs", "a_link_ties_an_identity_to_a_person_and_nothing_else_does")),
    ("A07", By("identities.rs", "a_link_ties_an_identity_to_a_person_and_nothing_else_does")),
    ("A08", By("identities.rs", "a_link_ties_an_identity_to_a_person_and_nothing_else_does")),
    ("A09", Not("there are no passkeys yet")),
    (
        "A10",
        By("members.rs", "running_the_place_asks_for_the_password_again_and_others_are_refused_and_noted"),
    ),
    ("B01", By("http.rs", "cross_site_posts_gets_and_text_plain_are_refused")),
    ("B02", By("abuse.rs", "b02_no_redirect_leaves_this_place")),
    ("B03", By("http.rs", "pages_carry_a_nonce_policy_and_escape_what_people_typed")),
    ("B04", By("evidence.rs", "what_is_no_evidence_is_refused_with_a_sentence_and_leaves_nothing")),
    ("B05", By("abuse.rs", "b05_names_with_control_and_direction_characters_are_refused")),
    ("B06", By("abuse.rs", "b06_no_page_may_be_framed")),
    ("F01", By("evidence.rs", "one_evidence_proves_several_measures_and_its_files_are_versions")),
    ("F02", By("http.rs", "two_hundred_megabytes_are_refused_before_they_are_read")),
    ("F03", Not("there is no scanner for malware yet")),
    ("F04", Not("there are no quotas yet; the size of a file is limited")),
    ("F05", By("measures.rs", "guards_and_gates_refuse_with_a_clear_error_and_store_nothing")),
    ("F06", By("abuse.rs", "f06_malformed_requests_are_never_our_fault")),
    ("F07", By("abuse.rs", "f07_slow_and_silent_clients_go_and_others_are_served_meanwhile")),
    ("N01", Not("addresses of other services come from the operator only, not from tenants")),
    ("N02", Not("tenants cannot set a mail server")),
    ("G01", By("abuse.rs", "g01_a_file_changed_after_its_seal_is_told")),
    (
        "G02",
        Not(
            "truncation and a rolled back database need the outer checkpoint of a later issue; other manipulations are in domain::audit",
        ),
    ),
    ("G03", By("abuse.rs", "g03_a_flipped_bit_on_disk_is_not_handed_out")),
    ("G04", By("abuse.rs", "g04_the_check_takes_no_flood")),
    ("G05", By("releases.rs", "a_seal_waits_for_its_time_stamp_and_carries_it")),
    ("O01", By("abuse.rs", "o01_no_secret_and_no_word_of_a_document_stands_in_the_log")),
    ("O02", Not("nothing is exported as CSV or XLSX yet")),
    ("O03", By("abuse.rs", "o03_nothing_is_found_by_probing")),
];

#[test]
fn every_case_has_its_test_or_its_reason() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it");
    for (id, shown) in &CASES {
        match shown {
            By(file, function) => {
                let text = std::fs::read_to_string(format!("{folder}/{file}")).unwrap();
                assert!(text.contains(&format!("fn {function}(")), "{id}: {file} has no {function}");
            }
            Not(why) => assert!(why.len() > 20, "{id}"),
        }
    }
    let list = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/trust/abuse_cases.csv");
    let Ok(list) = std::fs::read_to_string(list) else {
        eprintln!("SKIPPED LOUDLY: the list of abuse cases is not here");
        return;
    };
    let ids: Vec<&str> = list.lines().skip(1).filter_map(|l| l.split(',').next()).collect();
    assert_eq!(ids, CASES.iter().map(|(id, _)| *id).collect::<Vec<_>>());
}

/// What a person was refused, newest first.
async fn denied(w: &World, who: &str) -> Vec<String> {
    let filter = Filter { action: "access/denied".into(), ..Filter::default() };
    let log = w.backend.log(w.may(Role::Admin, Action::ReadAudit), filter).await.unwrap();
    log.rows.into_iter().filter(|r| r.who == who).map(|r| r.object).collect()
}

/// Rows of a table, by its name.
async fn count(w: &World, table: &str) -> i64 {
    let db = &w.backend.db;
    let sql = format!("SELECT COUNT(*) AS n FROM {table}");
    let row =
        db.query_one_raw(sea_orm::Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    row.unwrap().try_get("", "n").unwrap()
}

#[tokio::test]
async fn t02_a_foreign_measure_in_the_body_is_not_found() {
    for database in databases() {
        let w = World::new(&database).await;
        let (other, people) = organisation(&w.backend, "Andere AG", "b").await;
        let now = *w.now.lock().unwrap();
        let may = |action| {
            policy::permit(&crate::world::actor(other, &people, Role::Dpo, now), action, now).unwrap()
        };
        let (_, foreign) =
            crate::world::import(&w.backend, || may(Action::Import), || may(Action::ReadDocuments)).await;
        let own = crate::world::evidence(&w.backend, w.may(Role::Dpo, Action::EditEvidence), w.measure).await;
        let cookie = w.sign_in(Role::Editor).await;
        let before = (count(&w, "evidence_measures").await, count(&w, "findings").await);
        let link = format!("id={own}&measure={foreign}");
        assert_eq!(w.post("/api/evidence/link", &cookie, &link).await.0, StatusCode::NOT_FOUND);
        assert_eq!((count(&w, "evidence_measures").await, count(&w, "findings").await), before);
        assert_eq!(denied(&w, "editor a").await, ["/api/evidence/link"]);
    }
}

#[tokio::test]
async fn t03_no_list_holds_a_word_of_another_organisation() {
    for database in databases() {
        let w = World::new(&database).await;
        // The canary: the whole of what the world imported, looked for from the neighbour's desk.
        let (_, people) = organisation(&w.backend, "Andere AG", "b").await;
        crate::world::evidence(&w.backend, w.may(Role::Dpo, Action::EditEvidence), w.measure).await;
        let user = people.iter().find(|(r, _)| *r == Role::Dpo).unwrap().1;
        let link = tomfolio_backend::usecases::sessions::invite(&w.backend, user).await.unwrap();
        let token = tomfolio_domain::users::SessionService::accept(&w.backend, link, PASSWORD.into()).await;
        let cookie = format!("tom={}", token.unwrap().0);
        for page in [
            "/",
            "/documents",
            "/evidence",
            "/reviews",
            "/findings",
            "/releases",
            "/customers",
            "/audit",
            "/members",
        ] {
            let (status, _, body) = w.get(page, &cookie).await;
            assert_eq!(status, StatusCode::OK, "{page}");
            for canary in ["TOM Probe", "Begehung", "Besucher", "dpo a", "Muster Systeme"] {
                assert!(!body.contains(canary), "{page} tells {canary}");
            }
        }
    }
}

#[tokio::test]
async fn t05_a_reviewer_who_calls_the_release_functions_is_refused_and_noted() {
    for database in databases() {
        let w = World::new(&database).await;
        let read = || w.may(Role::Dpo, Action::ReadDocuments);
        let draft = DocumentService::find(&w.backend, read(), w.document).await.unwrap().draft.id;
        let cookie = w.sign_in(Role::Reviewer).await;
        let password = PASSWORD.replace(' ', "+");
        for step in ["prepare", "opine", "approve", "release", "withdraw"] {
            let form = format!(
                "id={draft}&document={}&seen=0&opinion=agrees&password={password}&reason=weil+es+sein+muss+eben",
                w.document
            );
            let status = w.post(&format!("/api/releases/{step}"), &cookie, &form).await.0;
            assert_eq!(status, StatusCode::FORBIDDEN, "{step}");
        }
        let row = ReleaseService::find(&w.backend, read(), draft).await.unwrap().row;
        assert_eq!((row.state, row.pdf_sha256), (ReleaseState::Draft, None));
        assert_eq!(count(&w, "jobs").await, 0);
        assert_eq!(denied(&w, "reviewer a").await.len(), 5);
    }
}

#[tokio::test]
async fn t07_fields_that_nobody_asked_for_change_nothing() {
    for database in databases() {
        let w = World::new(&database).await;
        let cookie = w.sign_in(Role::Dpo).await;
        let (other, _) = organisation(&w.backend, "Andere AG", "b").await;
        let form = format!(
            "id={}&based_on=1&label=T&text=Neu&owner=IT&status=planned&reason=&organisation_id={other}&role=admin&roles%5B%5D=admin&revision=99&version=99&created_by=x&released_at=1&sha256=0",
            w.measure
        );
        let (status, _, body) = w.post("/api/measures/edit", &cookie, &form).await;
        assert!(status == StatusCode::OK || status.is_client_error(), "{status} {body}");
        let read = w.may(Role::Dpo, Action::ReadDocuments);
        let sheet =
            tomfolio_domain::measures::MeasureService::find(&w.backend, read, w.measure).await.unwrap();
        assert!(sheet.revision <= 2, "{}", sheet.revision);
        let members = w.get("/members", &cookie).await.2;
        assert!(!members.contains("Person einladen"), "the DPO did not become an admin");
    }
}

#[tokio::test]
async fn t15_empty_commands_and_unknown_words_are_the_clients_fault() {
    let w = World::new("").await;
    let cookie = w.sign_in(Role::Dpo).await;
    let before = count(&w, "audit_entries").await;
    for (path, _) in &tomfolio_server::http::policy::FUNCTIONS {
        let reads = ["/list", "/find", "/current", "/sign_out", "/language", "/provider"];
        if reads.iter().any(|end| path.ends_with(end)) {
            continue;
        }
        for form in ["", "id=&id=", "status=bogus&kind=bogus&scope=bogus&direction=sideways", "id=%00"] {
            let (status, _, body) = w.post(path, &cookie, form).await;
            assert!(status.is_client_error(), "{path} {form}: {status} {body}");
        }
    }
    // Only refusals were written down.
    let log = w.backend.log(w.may(Role::Admin, Action::ReadAudit), Filter::default()).await.unwrap();
    let new = usize::try_from(count(&w, "audit_entries").await - before).unwrap();
    assert!(log.rows.iter().take(new.min(50)).all(|r| r.action == "access/denied"));
}

/// A link of the world's document, and its path.
async fn link(w: &World) -> String {
    let now = *w.now.lock().unwrap();
    crate::world::share(&w.backend, w.organisation, &w.people, w.document, now).await;
    while tomfolio_backend::jobs::run_one(&w.backend).await.unwrap() {}
    let until = jiff::civil::date(2027, 1, 31);
    let asked = tomfolio_domain::shares::NewShare {
        document: w.document,
        customer: "Kunde".into(),
        contract: String::new(),
        known: 0,
        until,
    };
    let made =
        tomfolio_domain::shares::ShareService::create(&w.backend, w.may(Role::Dpo, Action::Share), asked);
    format!("/s/{}", made.await.unwrap())
}

#[tokio::test]
async fn s02_an_ended_link_is_gone_by_every_method_and_counts_nothing() {
    let w = World::new("").await;
    let path = link(&w).await;
    assert_eq!(w.get(&path, "").await.0, StatusCode::OK);
    w.advance(60 * 24 * 80);
    let opened = count(&w, "share_accesses").await;
    assert_eq!(w.get(&path, "").await.0, StatusCode::GONE);
    let ranged =
        Request::get(format!("{path}/pdf")).header("range", "bytes=0-10").body(Body::empty()).unwrap();
    let (status, headers, _) = send(&w.router, ranged).await;
    assert!(status == StatusCode::SEE_OTHER && headers["location"].to_str().unwrap() == path, "{status}");
    let head = Request::head(&path).body(Body::empty()).unwrap();
    assert_eq!(send(&w.router, head).await.0, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(count(&w, "share_accesses").await, opened);
}

#[tokio::test]
async fn s03_a_link_opens_nothing_but_its_own_release() {
    let w = World::new("").await;
    let path = link(&w).await;
    let token = path.trim_start_matches("/s/").to_owned();
    for cookie in [format!("tom={token}"), String::new()] {
        for page in ["/documents", "/evidence", "/releases", "/audit"] {
            assert_eq!(w.get(page, &cookie).await.0, StatusCode::FOUND, "{page} leads to the sign-in");
        }
    }
    for more in ["/markdown", "/evidence", "/releases/1", "/../documents"] {
        let status = w.get(&format!("{path}{more}"), "").await.0;
        assert_eq!(status, StatusCode::NOT_FOUND, "{more}");
    }
    let bearer = Request::get("/api/v1/documents").header("authorization", format!("Bearer {token}"));
    assert_eq!(send(&w.router, bearer.body(Body::empty()).unwrap()).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn s04_a_link_leaks_by_no_referrer_and_no_log_entry() {
    let w = World::new("").await;
    let path = link(&w).await;
    let cookie = w.sign_in(Role::Dpo).await;
    let (_, headers, page) = w.get(&path, &cookie).await;
    assert_eq!(headers["referrer-policy"], "same-origin");
    assert!(!page.contains("http://") || !page.contains("src=\"http"), "nothing is loaded from elsewhere");
    // A signed-in person who mistypes a link: the secret stays out of the log.
    assert_eq!(w.get(&format!("{path}0"), &cookie).await.0, StatusCode::NOT_FOUND);
    let db = &w.backend.db;
    let sql = format!("SELECT COUNT(*) AS n FROM audit_entries WHERE json LIKE '%{}%'", &path[3..]);
    let row =
        db.query_one_raw(sea_orm::Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    assert_eq!(row.unwrap().try_get::<i64>("", "n").unwrap(), 0);
}

#[tokio::test]
async fn a01_a_planted_session_is_never_signed_in() {
    let w = World::new("").await;
    let planted = format!("tom={}", "a".repeat(64));
    let user = w.actor(Role::Dpo).user;
    let link = tomfolio_backend::usecases::sessions::invite(&w.backend, user).await.unwrap();
    let form = format!("token={link}&password={}", PASSWORD.replace(' ', "+"));
    let (status, headers, _) = w.post("/api/sessions/accept", &planted, &form).await;
    assert_eq!(status, StatusCode::OK);
    assert!(!headers["set-cookie"].to_str().unwrap().contains(&"a".repeat(64)));
    assert_eq!(w.get("/documents", &planted).await.0, StatusCode::FOUND);
}

#[tokio::test]
async fn a02_a_cookie_ends_by_idling_by_age_and_by_signing_out() {
    let w = World::new("").await;
    let cookie = w.sign_in(Role::Dpo).await;
    // Active every twenty minutes it lives, but never for longer than twelve hours.
    for _ in 0..35 {
        w.advance(20);
        assert_eq!(w.get("/documents", &cookie).await.0, StatusCode::OK);
    }
    w.advance(21);
    assert_eq!(w.get("/documents", &cookie).await.0, StatusCode::FOUND, "after twelve hours");
    let cookie = w.sign_in(Role::Dpo).await;
    // What the page does by itself keeps nobody signed in.
    for want in [StatusCode::OK, StatusCode::UNAUTHORIZED] {
        w.advance(16);
        let kept = w.post("/api/measures/draft", &cookie, &w.draft(w.measure, "x")).await;
        assert_eq!(kept.0, want);
    }
    assert_eq!(
        w.get("/documents", &cookie).await.0,
        StatusCode::FOUND,
        "after half an hour without a person"
    );
    let cookie = w.sign_in(Role::Dpo).await;
    assert_eq!(w.post("/api/sessions/sign_out", &cookie, "").await.0, StatusCode::OK);
    assert_eq!(w.get("/documents", &cookie).await.0, StatusCode::FOUND, "after signing out");
}

#[tokio::test]
async fn a05_mails_lead_to_the_configured_address_whatever_the_host_says() {
    let w = World::new("").await;
    let cookie = w.sign_in(Role::Admin).await;
    let request = Request::post("/api/members/invite")
        .header(header::COOKIE, &cookie)
        .header(header::HOST, "evil.example")
        .header("x-forwarded-host", "evil.example")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("name=N&email=n%40a.example&roles%5B%5D=editor"))
        .unwrap();
    let status = send(&w.router, request).await.0;
    assert!(status.is_success() || status.is_redirection(), "{status}");
    while tomfolio_backend::jobs::run_one(&w.backend).await.unwrap() {}
    let mail = std::fs::read_dir(w.data.join("mail")).unwrap().flatten().next().unwrap().path();
    let mail = std::fs::read_to_string(mail).unwrap();
    assert!(mail.contains("http://tom.example/welcome/") && !mail.contains("evil.example"), "{mail}");
}

#[tokio::test]
async fn b02_no_redirect_leaves_this_place() {
    let w = World::new("").await;
    let cookie = w.sign_in(Role::Dpo).await;
    for next in ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)"] {
        for (path, form) in [
            ("/api/sessions/language", format!("language=de&next={next}")),
            ("/api/sessions/prove", format!("password=x&next={next}")),
            ("/api/measures/edit", format!("next={next}")),
        ] {
            let request = Request::post(path)
                .header(header::COOKIE, &cookie)
                .header("sec-fetch-site", "same-origin")
                .header("accept", "text/html")
                .header("referer", "https://evil.example/x")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from(form))
                .unwrap();
            let (_, headers, _) = send(&w.router, request).await;
            let to = headers.get("location").map(|v| v.to_str().unwrap()).unwrap_or("/");
            assert!(
                to.starts_with('/') && !to.starts_with("//") && !to.contains("evil") && !to.contains("__err"),
                "{path}: {to}"
            );
        }
    }
}

#[tokio::test]
async fn b05_names_with_control_and_direction_characters_are_refused() {
    let w = World::new("").await;
    let cookie = w.sign_in(Role::Admin).await;
    for name in ["A%0D%0ABcc%3A+x", "A%00", "A%E2%80%AEtxt", "A%E2%81%A6x", &"x".repeat(10_000)] {
        let form = format!("name={name}&email=n%40a.example&roles%5B%5D=editor");
        let status = w.post("/api/members/invite", &cookie, &form).await.0;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
    }
    assert_eq!(count(&w, "mails").await, 0);
    // What only looks dangerous is a name like any other, and stays text.
    let form = "name=%3Cb%3EN%3C%2Fb%3E+%22Q%22&email=n%40a.example&roles%5B%5D=editor";
    assert_eq!(w.post("/api/members/invite", &cookie, form).await.0, StatusCode::OK);
    let page = w.get("/members", &cookie).await.2;
    assert!(page.contains("&lt;b&gt;N&lt;/b&gt;") && !page.contains("<b>N</b>"));
}

#[tokio::test]
async fn b06_no_page_may_be_framed() {
    let w = World::new("").await;
    let path = link(&w).await;
    let cookie = w.sign_in(Role::Dpo).await;
    for page in ["/sign-in", "/echt", "/documents", path.as_str()] {
        let (_, headers, _) = w.get(page, &cookie).await;
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{page}: {policy}");
    }
}

#[tokio::test]
async fn f06_malformed_requests_are_never_our_fault() {
    let w = World::new("").await;
    let cookie = w.sign_in(Role::Admin).await;
    let kinds = [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "application/json",
        "application/cbor",
        "application/x-www-form-urlencoded",
        "",
    ];
    let bodies: [&[u8]; 5] =
        [b"", b"\0\xff\xfe", b"{\"id\":", b"--x\r\n\r\n", b"a=%ff%00&b[c][d][e]=1&roles[0][0]=x"];
    let paths = tomfolio_server::http::policy::FUNCTIONS.iter().map(|(p, _)| *p);
    let plain = ["/documents/import", "/evidence/upload", "/echt", "/api/v1/documents", "/nothing"];
    for path in paths.chain(plain) {
        // Every path meets each kind of body and each body once, in step with one another.
        for (n, kind) in kinds.iter().enumerate() {
            for body in [bodies[n % bodies.len()], bodies[(n + 2) % bodies.len()]] {
                let request = Request::post(path)
                    .header(header::COOKIE, &cookie)
                    .header("sec-fetch-site", "same-origin")
                    .header(header::CONTENT_TYPE, *kind)
                    .body(Body::from(body))
                    .unwrap();
                let status = send(&w.router, request).await.0;
                assert!(status.as_u16() < 500, "{path} {kind} {body:?}: {status}");
            }
        }
    }
}

#[tokio::test]
async fn g01_a_file_changed_after_its_seal_is_told() {
    let w = World::new("").await;
    let path = link(&w).await;
    let response = tower::ServiceExt::oneshot(
        w.router.clone(),
        Request::get(format!("{path}/pdf")).body(Body::empty()).unwrap(),
    );
    let bytes =
        http_body_util::BodyExt::collect(response.await.unwrap().into_body()).await.unwrap().to_bytes();
    assert!(tomfolio_verify::verify(&bytes, &[]).ok());
    // An update appended, the signature stripped, a byte of the page changed.
    let appended =
        [&bytes[..], b"9 0 obj\n<<>>\nendobj\nxref\n0 0\ntrailer\n<</Prev 1>>\nstartxref\n9\n%%EOF\n"]
            .concat();
    let end = bytes.windows(5).position(|w| w == b"%%EOF").unwrap() + 6;
    let mut flipped = bytes.to_vec();
    flipped[2_000] ^= 1;
    for (what, file) in [("appended", appended), ("stripped", bytes[..end].to_vec()), ("flipped", flipped)] {
        assert!(!tomfolio_verify::verify(&file, &[]).ok(), "{what}");
    }
}

#[tokio::test]
async fn g03_a_flipped_bit_on_disk_is_not_handed_out() {
    let w = World::new("").await;
    let id = crate::world::evidence(&w.backend, w.may(Role::Dpo, Action::EditEvidence), w.measure).await;
    let permit = w.may(Role::Dpo, Action::ReadDocuments);
    let sheet = EvidenceService::find(&w.backend, permit, id).await.unwrap();
    let file = w.data.join("blobs").join(w.organisation.to_string()).join(&sheet.versions[0].sha256);
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[3] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    let cookie = w.sign_in(Role::Dpo).await;
    let (status, _, body) = w.get(&format!("/evidence/{id}/files/1"), &cookie).await;
    assert!(!status.is_success() && !body.contains("Besucher"), "{status} {body}");
}

#[tokio::test]
async fn g04_the_check_takes_no_flood() {
    let w = World::new("").await;
    let send_file = async |file: Vec<u8>| {
        let mut body =
            b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n".to_vec();
        body.extend(file);
        body.extend(b"\r\n--x--\r\n");
        let request = Request::post("/echt")
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
            .body(Body::from(body))
            .unwrap();
        send(&w.router, request).await
    };
    assert_eq!(send_file(vec![b'%'; 21 * 1024 * 1024]).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    // Deep nesting, a hundred thousand signatures by name, a cross-reference that leads to itself.
    let deep =
        [b"%PDF-1.7\n1 0 obj\n".as_slice(), &vec![b'['; 1_000_000], b"\nendobj\nstartxref\n9\n%%EOF\n"]
            .concat();
    let many = [
        b"%PDF-1.7\n".as_slice(),
        &b"<</Type /Sig /ByteRange [0 1 2 3] /Contents <00>>>".repeat(100_000),
        b"\nstartxref\n9\n%%EOF\n",
    ]
    .concat();
    let round =
        b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Prev 9>>\nstartxref\n9\n%%EOF\n"
            .to_vec();
    for file in [deep, many, round] {
        let (status, _, page) = send_file(file).await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("data-verdict=\"unreadable\"") && page.contains("kein lesbares PDF"));
    }
}

#[tokio::test]
async fn o03_nothing_is_found_by_probing() {
    let w = World::new("").await;
    for path in ["/metrics", "/debug", "/.git/config", "/pkg/app.js.map", "/pkg/", "/.env", "/server-status"]
    {
        let (status, headers, _) = w.get(path, "").await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(headers.get("server").is_none());
    }
    for method in ["TRACE", "OPTIONS", "PUT", "DELETE", "CONNECT"] {
        let request = Request::builder().method(method).uri("/documents").body(Body::empty()).unwrap();
        let status = send(&w.router, request).await.0;
        assert!(
            status == StatusCode::METHOD_NOT_ALLOWED || status == StatusCode::NOT_FOUND,
            "{method}: {status}"
        );
    }
}

/// A request as it comes over a connection from an address.
fn from(address: &str, path: &str, forwarded: &str, form: Option<&str>) -> Request<Body> {
    let request = match form {
        None => Request::get(path).header("accept", "text/html").body(Body::empty()),
        Some(form) => Request::post(path)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned())),
    };
    let mut request = request.unwrap();
    request.headers_mut().insert("x-forwarded-for", forwarded.parse().unwrap());
    request.extensions_mut().insert(tomfolio_server::http::throttle::Peer(address.parse().unwrap()));
    request
}

#[tokio::test]
async fn s01_and_a03_an_address_that_guesses_waits_and_others_do_not() {
    let w = World::new("").await;
    let path = link(&w).await;
    w.sign_in(Role::Dpo).await;
    let right = format!("email=dpo%40a.example&password={}", PASSWORD.replace(' ', "+"));
    let guess = |n: usize| (format!("/s/{n:064x}"), format!("email=p{n}%40a.example&password=falsch"));
    for (attacker, spray) in [("198.51.100.9", false), ("198.51.100.10", true)] {
        for n in 0..20 {
            // Another forwarded address each time: a stranger's word counts for nothing.
            let (link, form) = guess(n);
            let forwarded = format!("203.0.113.{n}");
            let (path, form) =
                if spray { ("/api/sessions/sign_in", Some(form)) } else { (link.as_str(), None) };
            let (status, ..) = send(&w.router, from(attacker, path, &forwarded, form.as_deref())).await;
            let want = if spray { StatusCode::UNAUTHORIZED } else { StatusCode::NOT_FOUND };
            assert_eq!(status, want, "{attacker} {n}");
        }
        // From now on nothing is told, whether it exists or not.
        for (path, form) in [(path.as_str(), None), ("/api/sessions/sign_in", Some(right.as_str()))] {
            let (status, headers, body) = send(&w.router, from(attacker, path, "1.1.1.1", form)).await;
            assert_eq!(
                (status, headers["retry-after"].to_str().unwrap()),
                (StatusCode::TOO_MANY_REQUESTS, "60")
            );
            assert!(!body.contains("Kunde") && headers.get("set-cookie").is_none(), "{body}");
        }
    }
    // Others come in: from elsewhere, and through the proxy of this machine by its own last word.
    for (address, forwarded) in [("192.0.2.1", "198.51.100.9"), ("127.0.0.1", "198.51.100.9, 192.0.2.2")] {
        assert_eq!(
            send(&w.router, from(address, &path, forwarded, None)).await.0,
            StatusCode::OK,
            "{address}"
        );
        let (status, ..) =
            send(&w.router, from(address, "/api/sessions/sign_in", forwarded, Some(&right))).await;
        assert_eq!(status, StatusCode::OK, "{address}");
    }
    assert_eq!(count(&w, "share_accesses").await, 2, "a refused opening is none");
    w.advance(1);
    assert_eq!(
        send(&w.router, from("198.51.100.9", &path, "", None)).await.0,
        StatusCode::OK,
        "a minute later"
    );
}

#[tokio::test]
async fn f07_slow_and_silent_clients_go_and_others_are_served_meanwhile() {
    use std::io::{Read, Write};
    use std::net::TcpStream;
    let w = World::new("").await;
    let server = Server::start(&w.data, "1000000");
    let body = "POST /api/sessions/sign_in HTTP/1.1\r\nhost: x\r\nsec-fetch-site: same-origin\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 1000\r\n\r\nemail=";
    let begun = ["", "GET / HTTP/1.1\r\nhost: x\r\nx-slow: ", body];
    let slow: Vec<TcpStream> = (0..400)
        .map(|n| {
            let mut s = TcpStream::connect(&server.address).unwrap();
            // Those over an address's share are closed at once, perhaps before this arrives.
            let _ = s.write_all(begun[n % 3].as_bytes());
            s
        })
        .collect();
    // Somebody from another address of this machine asks meanwhile.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let mut other = socket.connect(server.address.parse().unwrap()).await.unwrap();
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    other.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    other.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    // And every slow one is let go, with an answer or without; a hang would stay for ever.
    for (n, mut s) in slow.into_iter().enumerate() {
        s.set_read_timeout(Some(std::time::Duration::from_secs(60))).unwrap();
        let mut rest = Vec::new();
        match s.read_to_end(&mut rest) {
            Ok(_) => {}
            Err(e) => assert_eq!(e.kind(), std::io::ErrorKind::ConnectionReset, "{n} hangs: {e}"),
        }
    }
    let again = TcpStream::connect(&server.address).map(|mut s| {
        s.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        crate::binary::status(&mut s)
    });
    assert_eq!(again.unwrap(), Some(200), "their own address is served again");
}

#[tokio::test]
async fn o01_no_secret_and_no_word_of_a_document_stands_in_the_log() {
    let w = World::new("").await;
    let cookie = crate::binary::folder(&w).await;
    let path = link(&w).await;
    let log = w.data.join("log");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tomfolio"));
    command.env("TOMFOLIO_LOG", "debug").stderr(std::fs::File::create(&log).unwrap());
    let mut server = Server::of(command, &w.data, "1000000");
    // Our own client chooses the cryptography that reqwest asks for.
    tomfolio_backend::adapters::egress::Client::new().unwrap();
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let url = |path: &str| format!("http://{}{path}", server.address);
    let post = |path: &str, form: String| {
        client
            .post(url(path))
            .header("cookie", &cookie)
            .header("sec-fetch-site", "same-origin")
            .header("accept", "text/html")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
    };
    let mut answers = Vec::new();
    for form in
        ["email=kanari%40vogel.example&password=Kanarienvogel-Kennwort", "password=Kanarienvogel-Kennwort"]
    {
        answers.push(post("/api/sessions/sign_in", form.into()).send().await.unwrap().status());
    }
    let edit = |id: String| {
        format!("id={id}&based_on=1&text=Kanarienvogeltext&status=planned&scope=own&owner=Kanarienowner")
    };
    answers.push(post("/api/measures/edit", edit(w.measure.to_string())).send().await.unwrap().status());
    answers.push(post("/api/measures/edit", edit("mea_kanarienid".into())).send().await.unwrap().status());
    answers.push(
        post("/api/measures/draft", w.draft(w.measure, "Kanarienvogelentwurf"))
            .send()
            .await
            .unwrap()
            .status(),
    );
    for path in [
        path.clone(),
        format!("{path}/pdf"),
        format!("/s/{}", "ca9a".repeat(16)),
        "/auth/oidc/callback?code=kanariencode&state=kanarienstate".into(),
    ] {
        answers.push(client.get(url(&path)).send().await.unwrap().status());
    }
    assert!(
        answers.iter().any(|s| s.is_success()) && answers.iter().all(|s| !s.is_server_error()),
        "{answers:?}"
    );
    server.kill();
    let text = std::fs::read_to_string(&log).unwrap().to_lowercase();
    assert!(!text.is_empty(), "a log of debug level that says nothing would prove nothing");
    let token = cookie.split('=').nth(1).unwrap().to_lowercase();
    for canary in ["kanari", "ca9aca9a", token.as_str(), &path[3..]] {
        let line = text.lines().find(|l| l.contains(canary));
        assert_eq!(line, None, "{canary} stands in the log");
    }
}
