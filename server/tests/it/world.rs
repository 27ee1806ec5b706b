//! The test world: an organisation with people of every role and one imported document, on either database.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use jiff::{SignedDuration, Timestamp};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use tomfolio_backend::clock::Clock;
use tomfolio_backend::usecases::sessions;
use tomfolio_backend::{Backend, db};
use tomfolio_domain::actor::{Actor, Role};
use tomfolio_domain::documents::{DocumentService, measures};
use tomfolio_domain::evidence::{Audience, EvidenceKind, Facts, NewEvidence, VersionFacts};
use tomfolio_domain::ids::{
    DocumentId, EvidenceId, MeasureId, OrganisationId, ReleaseId, ReviewId, ShareId, UserId,
};
use tomfolio_domain::imports::ImportService;
use tomfolio_domain::measures::{MeasureService, Selection};
use tomfolio_domain::policy::{self, Action, Permit};
use tomfolio_domain::releases::{Opinion, ReleaseService};
use tomfolio_domain::reviews::{
    Adequacy, Effectiveness, Grade, Judged, Method, NewFinding, Plan, ReviewService, Verdict,
};
use tomfolio_domain::shares::{NewShare, ShareService};
use tomfolio_domain::users::SessionService;
use tomfolio_server::config::Config;
use tomfolio_server::{compose, http};
use tower::ServiceExt;

pub const PASSWORD: &str = "ein langer Satz als Kennwort";
pub const SOURCE: &str = "# TOM Probe\n\n## A. Vertraulichkeit\n\n### 1. Zutrittskontrolle\n\n*Unbefugte kommen nicht hinein.*\n\nVerarbeitung eigener Daten: Die Türen sind verschlossen.\n\nVerarbeitung von Kundendaten:\n\n- Besucher: Besucher werden begleitet.\n- Schlüssel: Schlüssel werden quittiert.\n";

static COUNT: AtomicU32 = AtomicU32::new(0);

pub struct World {
    pub backend: Backend,
    pub router: Router,
    pub now: Arc<Mutex<Timestamp>>,
    pub organisation: OrganisationId,
    pub people: Vec<(Role, UserId)>,
    pub document: DocumentId,
    pub measure: MeasureId,
    pub data: PathBuf,
    /// For other processes on the same database.
    pub database: String,
}

/// Both databases; PostgreSQL only where the test command started one (it always does).
pub fn databases() -> Vec<String> {
    let n = COUNT.fetch_add(1, Ordering::SeqCst);
    let mut out = vec![String::new()];
    match std::env::var("TOMFOLIO_TEST_POSTGRES") {
        Ok(url) => out.push(format!("{url}#t{}_{n}", std::process::id())),
        Err(_) => {
            assert!(std::env::var("CI").is_err(), "CI must set TOMFOLIO_TEST_POSTGRES");
            eprintln!("SKIPPED LOUDLY: no TOMFOLIO_TEST_POSTGRES, this story ran on SQLite only");
        }
    }
    out
}

async fn fresh_postgres(url: &str) -> String {
    let (server, name) = url.split_once('#').unwrap();
    let admin = db::connect(server).await.unwrap();
    sea_orm::ConnectionTrait::execute_unprepared(&admin, &format!("CREATE DATABASE {name}")).await.unwrap();
    admin.close().await.unwrap();
    server.replacen("/postgres?", &format!("/{name}?"), 1)
}

impl World {
    pub async fn new(database: &str) -> World {
        World::with(database, |_| {}).await
    }

    /// A world whose operator has set something.
    pub async fn with(database: &str, set: impl FnOnce(&mut Config)) -> World {
        let data = std::env::temp_dir().join(format!(
            "tomfolio-it-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::SeqCst)
        ));
        let mut config = Config::default();
        if !database.is_empty() {
            config.database_url = fresh_postgres(database).await;
        }
        config.public_url = "http://tom.example".into();
        config.extractor = env!("CARGO_BIN_EXE_tomfolio").into();
        set(&mut config);
        let now = Arc::new(Mutex::new("2026-11-22T09:00:00Z".parse().unwrap()));
        let backend = compose::backend(&config, &data, Clock::Set(now.clone())).await.unwrap();
        let (organisation, people) = organisation(&backend, "Muster Systeme GmbH", "a").await;
        let mut w = World {
            router: http::router(compose::portal(backend.clone(), &config, "http://tom.example").unwrap()),
            backend,
            now,
            organisation,
            people,
            document: DocumentId::from_uuid(uuid::Uuid::nil()),
            measure: MeasureId::from_uuid(uuid::Uuid::nil()),
            database: config.database(&data),
            data,
        };
        (w.document, w.measure) = w.import(Role::Dpo).await;
        w
    }

    pub fn actor(&self, role: Role) -> Actor {
        actor(self.organisation, &self.people, role, *self.now.lock().unwrap())
    }

    pub fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    pub fn may(&self, role: Role, action: Action) -> Permit {
        policy::permit(&self.actor(role), action, self.now()).unwrap()
    }

    async fn import(&self, role: Role) -> (DocumentId, MeasureId) {
        import(&self.backend, || self.may(role, Action::Import), || self.may(role, Action::ReadDocuments))
            .await
    }

    pub fn advance(&self, minutes: i64) {
        let mut now = self.now.lock().unwrap();
        *now += SignedDuration::from_mins(minutes);
    }

    /// Signs a role in through its one-time link; returns the cookie.
    pub async fn sign_in(&self, role: Role) -> String {
        let user = self.people.iter().find(|(r, _)| *r == role).unwrap().1;
        let link = sessions::invite(&self.backend, user).await.unwrap();
        format!("tom={}", self.backend.accept(link, PASSWORD.into()).await.unwrap().0)
    }

    pub async fn get(&self, path: &str, cookie: &str) -> (StatusCode, HeaderMap, String) {
        let request = Request::get(path)
            .header(header::COOKIE, cookie)
            .header("sec-fetch-site", "same-origin")
            .header("accept", "text/html")
            .body(Body::empty())
            .unwrap();
        send(&self.router, request).await
    }

    /// A form of our own page, as a script posts it.
    pub async fn post(&self, path: &str, cookie: &str, form: &str) -> (StatusCode, HeaderMap, String) {
        self.posted(path, cookie, form, "application/json").await
    }

    /// The same as the browser posts it without script; returns where it leads.
    pub async fn plain(&self, path: &str, cookie: &str, form: &str) -> String {
        let (status, headers, _) = self.posted(path, cookie, form, "text/html").await;
        assert!(status.is_redirection() && headers.get("x-refused").is_none(), "{path}: {status}");
        headers["location"].to_str().unwrap().to_owned()
    }

    /// The same where it is refused: returns where it leads.
    pub async fn refused(&self, path: &str, cookie: &str, form: &str) -> String {
        let (status, headers, _) = self.posted(path, cookie, form, "text/html").await;
        assert!(status.is_redirection(), "{path}: {status}");
        headers["location"].to_str().unwrap().to_owned()
    }

    /// What the measure's page sends by itself while somebody types.
    pub fn draft(&self, measure: MeasureId, text: &str) -> String {
        format!(
            "typed[id]={measure}&typed[based_on]=1&typed[content][label]=&typed[content][text]={text}\
             &typed[content][owner]=&typed[status]=planned&typed[status_reason]=&typed[decided_by]=\
             &typed[scope]=own&typed[reason]="
        )
    }

    async fn posted(
        &self,
        path: &str,
        cookie: &str,
        form: &str,
        accept: &str,
    ) -> (StatusCode, HeaderMap, String) {
        let request = Request::post(path)
            .header(header::COOKIE, cookie)
            .header("sec-fetch-site", "same-origin")
            .header("accept", accept)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap();
        send(&self.router, request).await
    }
}

pub async fn send(router: &Router, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
    let response = router.clone().oneshot(request).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, headers, String::from_utf8_lossy(&body).into_owned())
}

pub async fn organisation(b: &Backend, name: &str, suffix: &str) -> (OrganisationId, Vec<(Role, UserId)>) {
    let id = b.create_organisation(name).await.unwrap();
    let mut people = Vec::new();
    for role in Role::ALL {
        let user = b
            .add_member(id, &format!("{role}@{suffix}.example"), &format!("{role} {suffix}"), &[role])
            .await
            .unwrap();
        people.push((role, user));
    }
    (id, people)
}

pub fn actor(organisation: OrganisationId, people: &[(Role, UserId)], role: Role, now: Timestamp) -> Actor {
    Actor {
        user: people.iter().find(|(r, _)| *r == role).unwrap().1,
        name: String::new(),
        organisation,
        organisation_name: String::new(),
        roles: vec![role],
        proved_at: now,
        organisations: Vec::new(),
        offers: Vec::new(),
    }
}

pub async fn import(
    b: &Backend,
    write: impl Fn() -> Permit,
    read: impl Fn() -> Permit,
) -> (DocumentId, MeasureId) {
    let draft = ImportService::create(b, write(), "probe.md".into(), SOURCE.into()).await.unwrap();
    let document = b.take(write(), draft, String::new()).await.unwrap();
    let sheet = DocumentService::find(b, read(), document).await.unwrap();
    let first = measures(&sheet.nodes)[0].measure.as_ref().unwrap().id;
    (document, first)
}

/// An evidence of a measure, with a small file.
pub async fn evidence(b: &Backend, permit: Permit, measure: MeasureId) -> EvidenceId {
    let facts = Facts {
        title: "Begehung".into(),
        kind: EvidenceKind::AuditReport,
        proves: "Besucher werden begleitet.".into(),
        audience: Audience::Internal,
    };
    let version = VersionFacts {
        issuer: "Leitung IT".into(),
        valid_from: None,
        valid_until: Some(jiff::civil::date(2027, 12, 31)),
        undated_reason: String::new(),
    };
    let mut incoming = b.blobs.receive(1_000).await.unwrap();
    incoming.write(b"%PDF-1.7 Besucher").await.unwrap();
    let cmd = NewEvidence { facts, version, measure: Some(measure) };
    b.add_evidence(permit, cmd, "b.pdf", incoming.finish().await.unwrap()).await.unwrap()
}

/// Puts a document without blockers through the four eyes: put forward, opinion, approval, in force.
pub async fn release(
    b: &Backend,
    organisation: OrganisationId,
    people: &[(Role, UserId)],
    document: DocumentId,
    now: Timestamp,
) -> ReleaseId {
    let may = |role, action| policy::permit(&actor(organisation, people, role, now), action, now).unwrap();
    let id = b.prepare(may(Role::Dpo, Action::PrepareRelease), document).await.unwrap();
    let sheet = ReleaseService::find(b, may(Role::Dpo, Action::ReadDocuments), id).await.unwrap();
    let seen = sheet.row.snapshot_sha256.unwrap();
    let opinion = Opinion { seen: seen.clone(), agrees: true, note: String::new() };
    b.opine(may(Role::Dpo, Action::Opine), id, opinion).await.unwrap();
    ReleaseService::approve(b, may(Role::Approver, Action::Approve), id, seen).await.unwrap();
    b.release(may(Role::Approver, Action::Release), id).await.unwrap();
    id
}

/// A review of a document, begun by the reviewer.
pub async fn review(
    b: &Backend,
    organisation: OrganisationId,
    people: &[(Role, UserId)],
    document: DocumentId,
    now: Timestamp,
) -> ReviewId {
    let may = |role, action| policy::permit(&actor(organisation, people, role, now), action, now).unwrap();
    let reviewer = people.iter().find(|(r, _)| *r == Role::Reviewer).unwrap().1;
    let plan = Plan { months: 12, due_on: jiff::civil::date(2026, 12, 1), lead_days: 42, reviewer };
    let id = b.plan(may(Role::Dpo, Action::PlanReview), document, plan).await.unwrap();
    b.start(may(Role::Reviewer, Action::Review), id, "Stand der Technik, 1. November 2026".into())
        .await
        .unwrap();
    id
}

/// A verdict that says that all is well, on a sample.
pub fn fine() -> Verdict {
    Verdict {
        method: Method::Sample,
        drawn: 2,
        population: 9,
        of_what: "Türen".into(),
        adequacy: Adequacy::Adequate,
        effectiveness: Effectiveness::Effective,
        comment: String::new(),
        finding: None,
    }
}

/// A finding of a grade, to be mended by the end of the year.
pub fn flaw(grade: Grade) -> Verdict {
    let finding = NewFinding {
        grade,
        text: "Eine Tür stand offen".into(),
        owner: "Leitung IT".into(),
        due: jiff::civil::date(2026, 12, 31),
    };
    let comment = "Eine von zwei Türen stand offen.".into();
    Verdict { effectiveness: Effectiveness::Ineffective, comment, finding: Some(finding), ..fine() }
}

/// Judges every measure, the first as given and the others as fine, and submits; returns the record's hash.
pub async fn judge_all(
    b: &Backend,
    may: impl Fn(Role, Action) -> Permit,
    id: ReviewId,
    first: Verdict,
) -> String {
    let mut verdict = first;
    let mut next = ReviewService::find(b, may(Role::Reviewer, Action::ReadDocuments), id).await.unwrap().next;
    while let Some(measure) = next {
        let judged = Judged::Verdict(std::mem::replace(&mut verdict, fine()));
        next =
            ReviewService::judge(b, may(Role::Reviewer, Action::Review), id, measure, judged).await.unwrap();
    }
    b.submit(may(Role::Reviewer, Action::Review), id, "Die Maßnahmen wirken.".into()).await.unwrap();
    let sheet = ReviewService::find(b, may(Role::Dpo, Action::ReadDocuments), id).await.unwrap();
    sheet.record_sha256.unwrap()
}

/// Confirms and releases a document and gives a customer a link to it.
pub async fn share(
    b: &Backend,
    organisation: OrganisationId,
    people: &[(Role, UserId)],
    document: DocumentId,
    now: Timestamp,
) -> ShareId {
    let may = |role, action| policy::permit(&actor(organisation, people, role, now), action, now).unwrap();
    b.confirm(may(Role::Dpo, Action::ConfirmMeasures), document, Selection::All, "IT".into()).await.unwrap();
    release(b, organisation, people, document, now).await;
    let until = jiff::civil::date(2027, 1, 31);
    let asked = NewShare { document, customer: "Kunde".into(), contract: String::new(), known: 0, until };
    ShareService::create(b, may(Role::Dpo, Action::Share), asked).await.unwrap();
    ShareService::list(b, may(Role::Dpo, Action::ReadDocuments)).await.unwrap().rows[0].id
}

/// Everything that waits in the outbox is due at once.
pub async fn due_now(w: &World) {
    let db = db::connect(&w.database).await.unwrap();
    sea_orm::ConnectionTrait::execute_unprepared(&db, "UPDATE jobs SET run_at = 0").await.unwrap();
}

/// How many mails have not gone out.
pub async fn unsent(w: &World) -> u64 {
    let db = db::connect(&w.database).await.unwrap();
    let sql = "SELECT COUNT(*) AS n FROM mails WHERE sent_at IS NULL";
    let row = sea_orm::ConnectionTrait::query_one_raw(
        &db,
        sea_orm::Statement::from_string(sea_orm::ConnectionTrait::get_database_backend(&db), sql),
    );
    let n: i64 = row.await.unwrap().unwrap().try_get("", "n").unwrap();
    db.close().await.unwrap();
    n.unsigned_abs()
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

/// A PKCS#12 file with a P-256 key of its own, password `geheim`, made by OpenSSL in a folder.
pub fn pkcs12(folder: &std::path::Path) -> Vec<u8> {
    let openssl = |args: &[&str]| {
        let done = std::process::Command::new("openssl").args(args).current_dir(folder).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    let out = ["-keyout", "k.pem", "-out", "c.pem", "-subj", "/O=Muster/CN=Muster Siegel", "-days", "30"];
    openssl(&[&["req", "-x509"], curve.as_slice(), &out].concat());
    openssl(&[
        "pkcs12",
        "-export",
        "-inkey",
        "k.pem",
        "-in",
        "c.pem",
        "-out",
        "own.p12",
        "-passout",
        "pass:geheim",
    ]);
    std::fs::read(folder.join("own.p12")).unwrap()
}
