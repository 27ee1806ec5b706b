//! The load script: a data folder with 200 organisations of 150 measures each, all of one person, the real binary over it, clients with kept
//! connections, and what each request costs the server: CPU milliseconds, bytes, p50 and p99.
//! `cargo bench -p tomfolio-server --bench load [-- SECONDS]`; an absolute figure holds for one machine and one minute.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tomfolio_backend::Backend;
use tomfolio_backend::clock::Clock;
use tomfolio_backend::usecases::sessions;
use tomfolio_domain::actor::{Actor, Role};
use tomfolio_domain::documents::{DocumentService, measures};
use tomfolio_domain::ids::{DocumentId, OrganisationId};
use tomfolio_domain::measures::{MeasureService, Selection};
use tomfolio_domain::policy::{self, Action};
use tomfolio_domain::releases::{Opinion, ReleaseService};
use tomfolio_domain::reviews::{Plan, ReviewService};
use tomfolio_domain::shares::{NewShare, ShareService};
use tomfolio_domain::tokens::TokenService;
use tomfolio_domain::users::SessionService;
use tomfolio_server::compose;
use tomfolio_server::config::Config;

const ORGANISATIONS: usize = 200;
const MEASURES: usize = 150;
const CLIENTS: usize = 4;

fn source(n: usize) -> String {
    let mut text = format!("# TOM {n}\n");
    for (s, section) in ["A. Vertraulichkeit", "B. Integrität", "C. Verfügbarkeit"].iter().enumerate() {
        text += &format!("\n## {section}\n");
        for goal in 1..=5 {
            text += &format!("\n### {goal}. Ziel {goal}\n\nVerarbeitung von Kundendaten:\n\n");
            for m in 0..MEASURES / 15 {
                text += &format!(
                    "- Maßnahme {s}-{goal}-{m}: Die Einrichtung {n} wird nach der Anweisung {m} betrieben, jährlich geprüft und das Ergebnis wird aufgezeichnet.\n"
                );
            }
        }
    }
    text
}

struct Made {
    cookie: String,
    document: String,
    measures: Vec<String>,
    /// A review that is under way.
    review: String,
    /// A customer's token.
    share: String,
    /// A token of the programming interface.
    token: String,
}

async fn fill(b: &Backend) -> Made {
    let mut made: Option<Made> = None;
    for n in 0..ORGANISATIONS {
        let organisation = b.create_organisation(&format!("Mandant {n}")).await.unwrap();
        let document = b.import_file(organisation, "TOM", source(n).as_bytes()).await.unwrap();
        // One person has all of them, each with a review that is due.
        let user = b.add_member(organisation, "dpo@a.example", "Dana", &[Role::Dpo]).await.unwrap();
        let due_on = jiff::civil::date(2026, 1 + (n % 12) as i8, 15);
        let plan = Plan { months: 12, due_on, lead_days: 42, reviewer: user };
        let dpo = actor(organisation, user, b);
        let permit = policy::permit(&dpo, Action::PlanReview, b.clock.now()).unwrap();
        let review = b.plan(permit, document, plan).await.unwrap();
        if made.is_none() {
            let actor = actor(organisation, user, b);
            let may = |action| policy::permit(&actor, action, b.clock.now()).unwrap();
            b.confirm(may(Action::ConfirmMeasures), document, Selection::All, "Leitung IT".into())
                .await
                .unwrap();
            let sheet = DocumentService::find(b, may(Action::ReadDocuments), document).await.unwrap();
            let link = sessions::invite(b, user).await.unwrap();
            let session = b.accept(link, "ein langer Satz als Kennwort".into()).await.unwrap();
            let ids = measures(&sheet.nodes)
                .iter()
                .filter_map(|n| n.measure.as_ref().map(|m| m.id.to_string()))
                .collect();
            b.start(may(Action::Review), review, "Stand der Technik".into()).await.unwrap();
            made = Some(Made {
                cookie: format!("tom={}", session.0),
                document: document.to_string(),
                measures: ids,
                review: review.to_string(),
                share: share(b, organisation, document).await,
                token: token(b, organisation).await,
            });
        }
    }
    made.unwrap()
}

/// Puts the document into force and makes a customer's link to it.
async fn share(b: &Backend, organisation: OrganisationId, document: DocumentId) -> String {
    let dpo = b.user_by_email("dpo@a.example").await.unwrap().unwrap();
    let approver = b.add_member(organisation, "leitung@a.example", "Gerd", &[Role::Approver]).await.unwrap();
    let dpo = actor(organisation, dpo, b);
    let management = Actor { roles: vec![Role::Approver], ..actor(organisation, approver, b) };
    let may = |actor: &Actor, action| policy::permit(actor, action, b.clock.now()).unwrap();
    let id = b.prepare(may(&dpo, Action::PrepareRelease), document).await.unwrap();
    let sheet = ReleaseService::find(b, may(&dpo, Action::ReadDocuments), id).await.unwrap();
    let seen = sheet.row.snapshot_sha256.unwrap();
    let opinion = Opinion { seen: seen.clone(), agrees: true, note: String::new() };
    b.opine(may(&dpo, Action::Opine), id, opinion).await.unwrap();
    ReleaseService::approve(b, may(&management, Action::Approve), id, seen).await.unwrap();
    b.release(may(&management, Action::Release), id).await.unwrap();
    while tomfolio_backend::jobs::run_one(b).await.unwrap() {}
    let until = tomfolio_backend::clock::day(b.clock.now()).saturating_add(jiff::Span::new().days(30));
    let asked = NewShare { document, customer: "Kunde".into(), contract: String::new(), known: 0, until };
    ShareService::create(b, may(&dpo, Action::Share), asked).await.unwrap()
}

/// Makes a token of the programming interface.
async fn token(b: &Backend, organisation: OrganisationId) -> String {
    let user = b.add_member(organisation, "betrieb@a.example", "Bea", &[Role::Admin]).await.unwrap();
    let admin = Actor { roles: vec![Role::Admin], ..actor(organisation, user, b) };
    let permit = policy::permit(&admin, Action::ManageTokens, b.clock.now()).unwrap();
    let until = tomfolio_backend::clock::day(b.clock.now()).saturating_add(jiff::Span::new().days(30));
    TokenService::create(b, permit, "Last".into(), until).await.unwrap()
}

fn actor(organisation: OrganisationId, user: tomfolio_domain::ids::UserId, b: &Backend) -> Actor {
    Actor {
        user,
        name: String::new(),
        organisation,
        organisation_name: String::new(),
        roles: vec![Role::Dpo],
        proved_at: b.clock.now(),
        organisations: Vec::new(),
        offers: Vec::new(),
    }
}

/// One kept connection.
struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    fn new(address: &str) -> Client {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Client { stream: BufReader::new(stream) }
    }

    /// Sends a request and reads its answer: status, body.
    fn ask(&mut self, head: &str, body: &str) -> (u16, Vec<u8>) {
        self.stream.get_mut().write_all(format!("{head}\r\n\r\n{body}").as_bytes()).unwrap();
        let (mut line, mut length, mut chunked, mut status) = (String::new(), 0, false, 0);
        loop {
            line.clear();
            self.stream.read_line(&mut line).unwrap();
            let l = line.trim().to_ascii_lowercase();
            if let Some(rest) = l.strip_prefix("http/1.1 ") {
                status = rest[..3].parse().unwrap();
            } else if let Some(n) = l.strip_prefix("content-length: ") {
                length = n.parse().unwrap();
            } else if l == "transfer-encoding: chunked" {
                chunked = true;
            } else if l.is_empty() {
                break;
            }
        }
        let mut out = Vec::new();
        if !chunked {
            out.resize(length, 0);
            self.stream.read_exact(&mut out).unwrap();
            return (status, out);
        }
        loop {
            line.clear();
            self.stream.read_line(&mut line).unwrap();
            let n = usize::from_str_radix(line.trim(), 16).unwrap();
            let at = out.len();
            out.resize(at + n + 2, 0);
            self.stream.read_exact(&mut out[at..]).unwrap();
            out.truncate(at + n);
            if n == 0 {
                return (status, out);
            }
        }
    }
}

/// User and system time of a process, in milliseconds.
fn cpu_ms(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: f64 = fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap();
    ticks * 10.0
}

fn resident_kib(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|l| l.starts_with("VmRSS")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn measure(
    name: &str,
    server: &Child,
    address: &str,
    seconds: u64,
    request: impl Fn(u64) -> (String, String) + Sync,
) {
    let (count, bytes) = (AtomicU64::new(0), AtomicU64::new(0));
    let times = Mutex::new(Vec::new());
    // Warm the caches.
    let (head, body) = request(0);
    Client::new(address).ask(&head, &body);
    let (cpu, start) = (cpu_ms(server.id()), Instant::now());
    std::thread::scope(|s| {
        for _ in 0..CLIENTS {
            s.spawn(|| {
                let mut client = Client::new(address);
                let mut own = Vec::new();
                while start.elapsed() < Duration::from_secs(seconds) {
                    let (head, body) = request(count.fetch_add(1, Ordering::Relaxed));
                    let at = Instant::now();
                    let (status, answer) = client.ask(&head, &body);
                    own.push(at.elapsed().as_secs_f64() * 1000.0);
                    assert!(status == 200, "{name}: {status} {}", String::from_utf8_lossy(&answer));
                    bytes.fetch_add(answer.len() as u64, Ordering::Relaxed);
                }
                times.lock().unwrap().extend(own);
            });
        }
    });
    let n = count.load(Ordering::Relaxed);
    let mut t = times.into_inner().unwrap();
    t.sort_by(f64::total_cmp);
    println!(
        "{name:<38} {:>8.0} {:>12.3} {:>10} {:>9.2} {:>9.2}",
        n as f64 / start.elapsed().as_secs_f64(),
        (cpu_ms(server.id()) - cpu) / n as f64,
        bytes.load(Ordering::Relaxed) / n,
        t[t.len() / 2],
        t[t.len() * 99 / 100],
    );
}

fn main() {
    let seconds = std::env::args().skip(1).find_map(|a| a.parse().ok()).unwrap_or(5);
    let data = std::env::temp_dir().join(format!("tomfolio-load-{}", std::process::id()));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let at = Instant::now();
    let made = runtime.block_on(async {
        let b = compose::backend(&Config::default(), &data, Clock::System).await.unwrap();
        let made = fill(&b).await;
        b.db.close().await.unwrap();
        made
    });
    println!(
        "{ORGANISATIONS} organisations x {MEASURES} measures filled in {:.1} s",
        at.elapsed().as_secs_f64()
    );
    let start = Instant::now();
    // The clients may be a debug build; what is measured should be a release.
    let binary = std::env::var("TOMFOLIO_BIN").unwrap_or_else(|_| env!("CARGO_BIN_EXE_tomfolio").to_owned());
    // Cargo runs a benchmark in its package's folder; people name the binary from where they stand, the workspace.
    let binary = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(binary);
    let mut server = Command::new(binary)
        .args(["serve", "--json", "--listen", "127.0.0.1:0", "--data"])
        .arg(&data)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line
        .split("127.0.0.1:")
        .nth(1)
        .map(|r| r.chars().take_while(char::is_ascii_digit).collect::<String>());
    let address = format!("127.0.0.1:{}", address.unwrap());
    println!(
        "start to first line: {:.3} s; idle {} KiB resident",
        start.elapsed().as_secs_f64(),
        resident_kib(server.id())
    );
    println!(
        "{:<38} {:>8} {:>12} {:>10} {:>9} {:>9}",
        "request", "per s", "CPU ms each", "bytes", "p50 ms", "p99 ms"
    );
    run(&made, &server, &address, seconds);
    println!("after load {} KiB resident", resident_kib(server.id()));
    server.kill().unwrap();
    server.wait().unwrap();
    clean(&data);
}

fn run(made: &Made, server: &Child, address: &str, seconds: u64) {
    let get = |path: String| {
        (
            format!("GET {path} HTTP/1.1\r\nhost: {address}\r\naccept: text/html\r\ncookie: {}", made.cookie),
            String::new(),
        )
    };
    let post = |path: &str, form: String| {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\naccept: application/json\r\nsec-fetch-site: same-origin\r\ncookie: {}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}",
            made.cookie,
            form.len()
        );
        (head, form)
    };
    let some = |n: u64| &made.measures[n as usize % made.measures.len()];
    measure("health", server, address, seconds, |_| get("/healthz".into()));
    measure("documents (list)", server, address, seconds, |_| get("/documents".into()));
    measure("search, a part of a word with 150 hits (page)", server, address, seconds, |_| {
        get("/search?q=richtung".into())
    });
    measure("search, two words with one hit (page)", server, address, seconds, |_| {
        get("/search?q=0-1-3+Anweisung".into())
    });
    measure("document: 150 measures (page)", server, address, seconds, |_| {
        get(format!("/documents/{}", made.document))
    });
    measure("measure (page)", server, address, seconds, |n| get(format!("/measures/{}", some(n))));
    measure("overview: 200 organisations (page)", server, address, seconds, |_| get("/".into()));
    measure("review: 150 measures (page)", server, address, seconds, |_| {
        get(format!("/reviews/{}", made.review))
    });
    measure("one measure under review (page)", server, address, seconds, |n| {
        get(format!("/reviews/{}/measures/{}", made.review, some(n)))
    });
    measure("a verdict", server, address, seconds, |n| {
        let form = format!(
            "id={}&measure={}&method=sample&drawn=5&population=34&adequacy=adequate&effectiveness=effective",
            made.review,
            some(n)
        );
        post("/api/reviews/judge", form)
    });
    measure("customer's page (counted)", server, address, seconds, |_| get(format!("/s/{}", made.share)));
    measure("interface: 150 measures (JSON)", server, address, seconds, |_| {
        let head = format!(
            "GET /api/v1/documents/{}/measures HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}",
            made.document, made.token
        );
        (head, String::new())
    });
    measure("sign in (Argon2id, two at once)", server, address, seconds, |_| {
        // Without the cookie: signing in anew would end the session that all other lines use.
        let (head, form) = post(
            "/api/sessions/sign_in",
            "email=dpo%40a.example&password=ein+langer+Satz+als+Kennwort".into(),
        );
        (head.replace(&format!("cookie: {}\r\n", made.cookie), ""), form)
    });
    measure("evidence: 64 KB file (fsync)", server, address, seconds, |n| upload(made, address, n));
    measure("keep a draft", server, address, seconds, |n| {
        let form = format!(
            "typed[id]={}&typed[based_on]=2&typed[content][label]=&typed[content][text]=Text+{n}&typed[content][owner]=IT\
             &typed[status]=implemented&typed[status_reason]=&typed[decided_by]=&typed[scope]=customer&typed[reason]=",
            some(n)
        );
        post("/api/measures/draft", form)
    });
    // A stale save is a conflict with both texts, a fresh one a new revision: the revision is asked for first.
    let revisions: Vec<AtomicU64> = made.measures.iter().map(|_| AtomicU64::new(2)).collect();
    measure("save (audit entry, chain, fsync)", server, address, seconds, |n| {
        let at = n as usize % made.measures.len();
        let based_on = revisions[at].fetch_add(1, Ordering::SeqCst);
        let form = format!(
            "id={}&based_on={based_on}&label=&text=Text+{n}&owner=Leitung+IT&status=implemented&goals%5B0%5D=physical_access&scope=customer&reason=Probe",
            made.measures[at]
        );
        post("/api/measures/edit", form)
    });
}

/// A text file of 64 KB as evidence, sent as a browser's form sends it.
fn upload(made: &Made, address: &str, n: u64) -> (String, String) {
    let mut body = String::new();
    let fields = [
        ("title", "Protokoll"),
        ("kind", "log_extract"),
        ("proves", "Es wurde aufgezeichnet."),
        ("audience", "internal"),
        ("issuer", "Leitung IT"),
        ("valid_from", ""),
        ("valid_until", "2030-12-31"),
        ("undated_reason", ""),
        ("measure", ""),
    ];
    for (name, value) in fields {
        body += &format!("--grenze\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    body += "--grenze\r\ncontent-disposition: form-data; name=\"file\"; filename=\"p.txt\"\r\ncontent-type: text/plain\r\n\r\n";
    body += &format!("Zeile {n}\n").repeat(64 * 1024 / 9);
    body += "\r\n--grenze--\r\n";
    let head = format!(
        "POST /evidence/upload HTTP/1.1\r\nhost: {address}\r\naccept: text/plain\r\nsec-fetch-site: same-origin\r\ncookie: {}\r\ncontent-type: multipart/form-data; boundary=grenze\r\ncontent-length: {}",
        made.cookie,
        body.len()
    );
    (head, body)
}

fn clean(data: &Path) {
    let _ = std::fs::remove_dir_all(data);
}
