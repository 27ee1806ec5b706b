//! Evidence: received while it flows, versioned, one for several measures; refused with a clear answer and nothing kept; never
//! lost once acknowledged, whoever kills the process.

use crate::binary::{Server, folder, status};
use crate::services::storage;
use crate::world::{World, databases, send};
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use object_store::ObjectStoreExt;
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use tomfolio_backend::adapters::storage::Place;
use tomfolio_backend::usecases::fsck;
use tomfolio_domain::actor::Role;
use tomfolio_domain::documents::{DocumentService, measures};
use tomfolio_domain::evidence::{EvidenceService, Freshness};
use tomfolio_domain::policy::Action;

const PDF: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n";

/// A form with its file at the end, as the page sends it.
fn form(fields: &[(&str, &str)], file: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        write!(body, "--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").unwrap();
    }
    write!(body, "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../Bericht.pdf\"\r\n\r\n")
        .unwrap();
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--x--\r\n");
    body
}

fn facts<'a>(measure: &'a str, until: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("measure", measure),
        ("title", "Begehung"),
        ("kind", "audit_report"),
        ("proves", "Die Türen waren bei der Begehung verschlossen."),
        ("audience", "customer"),
        ("issuer", "Leitung IT"),
        ("valid_from", "2026-01-01"),
        ("valid_until", until),
    ]
}

fn request(path: &str, cookie: &str, body: Body) -> Request<Body> {
    Request::post(path)
        .header(header::COOKIE, cookie)
        .header("sec-fetch-site", "same-origin")
        .header("accept", "text/plain")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .body(body)
        .unwrap()
}

async fn upload(w: &World, path: &str, cookie: &str, body: Vec<u8>) -> (StatusCode, HeaderMap, String) {
    send(&w.router, request(path, cookie, Body::from(body))).await
}

fn nothing_left(w: &World) {
    let left = |name: &str| std::fs::read_dir(w.data.join(name)).into_iter().flatten().count();
    assert_eq!((left("spool"), left("blobs")), (0, 0), "a refused file left something behind");
}

#[tokio::test]
async fn one_evidence_proves_several_measures_and_its_files_are_versions() {
    for database in databases() {
        let w = World::new(&database).await;
        let cookie = w.sign_in(Role::Editor).await;
        let measure = w.measure.to_string();
        let (status, _, address) =
            upload(&w, "/evidence/upload", &cookie, form(&facts(&measure, "2026-12-31"), PDF)).await;
        assert_eq!((status, address.as_str()), (StatusCode::OK, format!("/measures/{measure}").as_str()));
        let read = || w.may(Role::Reviewer, Action::ReadDocuments);
        let row = EvidenceService::list(&w.backend, read()).await.unwrap().remove(0);
        assert_eq!((row.freshness, row.measures, row.version), (Freshness::Ending, 1, 1));
        let id = row.id;
        // The measure and its document tell of it.
        let d = DocumentService::find(&w.backend, read(), w.document).await.unwrap();
        let all = measures(&d.nodes);
        let (first, second) = (all[0].measure.as_ref().unwrap(), all[1].measure.as_ref().unwrap());
        assert_eq!((first.evidence, first.freshness), (1, Some(Freshness::Ending)));
        let edit = || w.may(Role::Dpo, Action::EditEvidence);
        w.backend.link(edit(), id, second.id).await.unwrap();
        w.backend.link(edit(), id, second.id).await.unwrap();
        // A newer file holds longer; the older one stays.
        let version = [("issuer", "Leitung IT"), ("valid_from", "2026-01-01"), ("valid_until", "2028-12-31")];
        let newer = [PDF, b"% neu".as_slice()].concat();
        let path = format!("/evidence/{id}/versions");
        assert_eq!(upload(&w, &path, &cookie, form(&version, &newer)).await.0, StatusCode::OK);
        let sheet = EvidenceService::find(&w.backend, read(), id).await.unwrap();
        assert_eq!((sheet.freshness, sheet.proves.len(), sheet.versions.len()), (Freshness::Valid, 2, 2));
        assert_eq!(sheet.versions[1].file_name, "Bericht.pdf");
        assert_eq!(sheet.versions[0].mime, "application/pdf");
        let (status, headers, body) = w.get(&format!("/evidence/{id}/files/1"), &cookie).await;
        assert_eq!((status, body.len()), (StatusCode::OK, String::from_utf8_lossy(PDF).len()));
        let text = |name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
        assert!(text("content-disposition").starts_with("attachment"));
        assert!(text("content-security-policy").contains("sandbox"));
        assert_eq!(text("x-content-type-options"), "nosniff");
        w.backend.unlink(edit(), id, second.id).await.unwrap();
        assert_eq!(fsck::fsck(&w.backend).await.unwrap().problems, []);
        // A changed, a missing and an orphaned file are each found.
        let folder = w.data.join("blobs").join(w.organisation.to_string());
        let file = |n: usize| folder.join(&sheet.versions[n].sha256);
        std::fs::write(file(0), "geändert").unwrap();
        std::fs::remove_file(file(1)).unwrap();
        std::fs::write(folder.join("0".repeat(64)), "fremd").unwrap();
        assert_eq!(fsck::fsck(&w.backend).await.unwrap().problems.len(), 3);
    }
}

#[tokio::test]
async fn what_is_no_evidence_is_refused_with_a_sentence_and_leaves_nothing() {
    let w = World::new("").await;
    let cookie = w.sign_in(Role::Dpo).await;
    let measure = w.measure.to_string();
    let good = facts("", "2027-12-31");
    let undated = [&facts("", "")[..], &[("undated_reason", "kurz")]].concat();
    let backwards = facts("", "2025-12-31");
    let unknown = facts("mea_00000000000000000000000000000000", "2027-12-31");
    for (fields, file, want) in [
        (&good, b"<html><script>alert(1)</script>".as_slice(), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (&good, b"<svg xmlns='http://www.w3.org/2000/svg'/>", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (&good, b"MZ\x90\0\x03", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (&good, b"", StatusCode::UNPROCESSABLE_ENTITY),
        (&undated, PDF, StatusCode::UNPROCESSABLE_ENTITY),
        (&backwards, PDF, StatusCode::UNPROCESSABLE_ENTITY),
        (&unknown, PDF, StatusCode::NOT_FOUND),
    ] {
        let (status, _, sentence) = upload(&w, "/evidence/upload", &cookie, form(fields, file)).await;
        assert_eq!(status, want, "{sentence}");
        assert!(sentence.ends_with('.') || want == StatusCode::NOT_FOUND, "{sentence}");
        nothing_left(&w);
    }
    // A connection that breaks off in the middle of the file.
    let half = form(&good, PDF);
    let pieces = [Ok(half[..half.len() - 40].to_vec()), Err(std::io::Error::other("gone"))];
    let body = Body::from_stream(futures::stream::iter(pieces));
    let (status, ..) = send(&w.router, request("/evidence/upload", &cookie, body)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    nothing_left(&w);
    assert!(
        EvidenceService::list(&w.backend, w.may(Role::Dpo, Action::ReadDocuments)).await.unwrap().is_empty()
    );
    // Without script the same refusals are a page, and no text travels in the address.
    let of = facts(&measure, "2027-12-31");
    let mut plain = request("/evidence/upload", &cookie, Body::from(form(&of, b"MZ\x90\0\x03")));
    plain.headers_mut().insert("accept", "text/html".parse().unwrap());
    let (status, headers, _) = send(&w.router, plain).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(headers.get("location").unwrap(), "/evidence/new?refused=type");
    let (_, _, page) = w.get("/evidence/new?refused=type", &cookie).await;
    for typed in ["Begehung", "Leitung IT", "2027-12-31", "value=\"audit_report\" selected", &measure] {
        assert!(page.contains(typed), "{typed} is lost: {page}");
    }
}

#[tokio::test]
async fn only_who_edits_may_add_and_a_foreign_evidence_is_not_found() {
    for database in databases() {
        let w = World::new(&database).await;
        for (role, want) in [
            (Role::Dpo, StatusCode::OK),
            (Role::Editor, StatusCode::OK),
            (Role::Admin, StatusCode::FORBIDDEN),
            (Role::Reviewer, StatusCode::FORBIDDEN),
            (Role::Approver, StatusCode::FORBIDDEN),
        ] {
            let cookie = w.sign_in(role).await;
            let body = form(&facts("", "2027-12-31"), format!("%PDF-1.7 {role}").as_bytes());
            assert_eq!(upload(&w, "/evidence/upload", &cookie, body).await.0, want, "{role}");
        }
        let anonymous = upload(&w, "/evidence/upload", "", form(&facts("", "2027-12-31"), PDF)).await.0;
        assert_eq!(anonymous, StatusCode::SEE_OTHER, "to the sign-in page");
        // Another organisation's evidence and measure, on each way to them.
        let (other, people) = crate::world::organisation(&w.backend, "Andere AG", "b").await;
        let now = *w.now.lock().unwrap();
        let stranger = |action| {
            let actor = crate::world::actor(other, &people, Role::Dpo, now);
            tomfolio_domain::policy::permit(&actor, action, now).unwrap()
        };
        let own =
            EvidenceService::list(&w.backend, w.may(Role::Dpo, Action::ReadDocuments)).await.unwrap()[0].id;
        let b = &w.backend;
        use tomfolio_domain::error::DomainError::NotFound;
        assert_eq!(EvidenceService::find(b, stranger(Action::ReadDocuments), own).await, Err(NotFound));
        assert_eq!(b.link(stranger(Action::EditEvidence), own, w.measure).await, Err(NotFound));
        assert_eq!(b.unlink(stranger(Action::EditEvidence), own, w.measure).await, Err(NotFound));
        assert!(b.evidence_file(stranger(Action::ReadDocuments), own, 1).await.is_err_and(|e| e == NotFound));
        assert!(EvidenceService::list(b, stranger(Action::ReadDocuments)).await.unwrap().is_empty());
    }
}

fn fsck_code(data: &Path) -> (Option<i32>, String) {
    let mut c = Command::new(env!("CARGO_BIN_EXE_tomfolio"));
    let done = c.args(["fsck", "--data"]).arg(data).env_remove("TOMFOLIO_TEST_POSTGRES").output().unwrap();
    (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned())
}

#[tokio::test]
async fn fifty_kills_in_the_middle_of_uploads_lose_nothing_that_was_acknowledged() {
    let w = World::new("").await;
    let cookie = folder(&w).await;
    let mut acknowledged = 0;
    for round in 0..50u64 {
        let mut server = Server::start(&w.data, "100000000");
        // The moment of the kill wanders over the whole upload and beyond its end.
        let at = Instant::now() + Duration::from_millis(2 + round * 3);
        let sent = std::thread::scope(|s| {
            let (server, cookie) = (&server, &cookie);
            let sending = s.spawn(move || {
                let mut done = 0;
                for n in 0..20u32 {
                    let file = [format!("%PDF-1.7 {round}-{n} ").as_bytes(), &vec![b'x'; 300_000]].concat();
                    match server.upload(cookie, &form(&facts("", "2027-12-31"), &file)) {
                        Some(200) => done += 1,
                        _ => break,
                    }
                }
                done
            });
            std::thread::sleep(at.saturating_duration_since(Instant::now()));
            let _ = Command::new("kill").args(["-9", &server.child.id().to_string()]).status();
            sending.join().unwrap()
        });
        server.kill();
        acknowledged += sent;
        let (code, told) = fsck_code(&w.data);
        assert_eq!(code, Some(0), "round {round}: {told}");
    }
    let kept =
        EvidenceService::list(&w.backend, w.may(Role::Dpo, Action::ReadDocuments)).await.unwrap().len();
    assert!(acknowledged > 0, "no upload was ever acknowledged: the rounds prove nothing");
    // What was stored just before the kill may not have been acknowledged; what was acknowledged is stored.
    assert!(kept >= acknowledged, "{acknowledged} acknowledged, {kept} kept");
}

#[tokio::test]
async fn a_gigabyte_flows_through_without_being_in_memory() {
    const SIZE: u64 = 1024 * 1024 * 1024;
    let w = World::new("").await;
    let cookie = folder(&w).await;
    let server = Server::start(&w.data, &(SIZE + 1_000).to_string());
    let envelope = form(&facts("", "2027-12-31"), b"");
    let end = b"\r\n--x--\r\n";
    let start = &envelope[..envelope.len() - end.len()];
    let stream = |bytes: u64| {
        let mut s = TcpStream::connect(&server.address).unwrap();
        let length = start.len() as u64 + bytes + end.len() as u64;
        s.write_all(server.head(&cookie, length).as_bytes()).unwrap();
        s.write_all(start).unwrap();
        let mut piece = vec![b'y'; 1024 * 1024];
        piece[..9].copy_from_slice(b"%PDF-1.7 ");
        for _ in 0..bytes / piece.len() as u64 {
            // Over the limit the server answers and hangs up before the end.
            if s.write_all(&piece).is_err() {
                break;
            }
        }
        let _ = s.write_all(end);
        status(&mut s)
    };
    assert_eq!(stream(SIZE), Some(200));
    let peak = server.peak_kib();
    assert!(peak < 100 * 1024, "{peak} KiB resident");
    let too_large = stream(SIZE + 2 * 1024 * 1024);
    assert!(too_large == Some(413) || too_large.is_none(), "{too_large:?}");
    let kept = EvidenceService::list(&w.backend, w.may(Role::Dpo, Action::ReadDocuments)).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(std::fs::read_dir(w.data.join("spool")).unwrap().count(), 0);
}

#[tokio::test]
async fn a_full_disk_is_said_and_leaves_nothing() {
    let w = World::new("").await;
    let cookie = folder(&w).await;
    let server = Server::on_a_full_disk(&w.data);
    let file = [b"%PDF-1.7 ".as_slice(), &vec![b'x'; 3_000_000]].concat();
    assert_eq!(server.upload(&cookie, &form(&facts("", "2027-12-31"), &file)), Some(507));
    nothing_left(&w);
    let (code, told) = fsck_code(&w.data);
    assert_eq!(code, Some(0), "{told}");
    // What fits is taken by the same server.
    assert_eq!(server.upload(&cookie, &form(&facts("", "2027-12-31"), PDF)), Some(200));
}

/// A world whose files are in a bucket.
async fn in_a_bucket(database: &str, port: u16) -> World {
    // The process has one TLS provider, and our own client sets it.
    let _ = tomfolio_backend::adapters::egress::Client::new();
    let endpoint = format!("http://127.0.0.1:{port}");
    let made = reqwest::Client::new().put(format!("{endpoint}/tom")).send().await.unwrap();
    assert!(made.status().is_success(), "{}", made.status());
    World::with(database, |c| {
        c.s3_bucket = "tom".into();
        c.s3_endpoint = endpoint;
        c.s3_region = "us-east-1".into();
        c.s3_access_key_id = "key".into();
        c.s3_secret_access_key = "geheim".into();
    })
    .await
}

#[tokio::test]
async fn the_same_story_with_files_in_a_bucket() {
    for database in databases() {
        let Some(double) = storage() else { return };
        let w = in_a_bucket(&database, double.port).await;
        let b = &w.backend;
        let cookie = w.sign_in(Role::Dpo).await;
        // More than one part, so that it goes up in pieces.
        let large = [b"%PDF-1.7 ".as_slice(), &vec![b'x'; 20_000_000]].concat();
        for file in [PDF, &large] {
            let body = form(&facts("", "2027-12-31"), file);
            assert_eq!(upload(&w, "/evidence/upload", &cookie, body).await.0, StatusCode::OK);
        }
        let left = |name: &str| std::fs::read_dir(w.data.join(name)).into_iter().flatten().count();
        assert_eq!((left("spool"), left("blobs")), (0, 0), "nothing stays on this machine");
        let rows = EvidenceService::list(b, w.may(Role::Dpo, Action::ReadDocuments)).await.unwrap();
        for row in &rows {
            let (status, _, body) = w.get(&format!("/evidence/{}/files/1", row.id), &cookie).await;
            assert_eq!(status, StatusCode::OK);
            assert!(body.starts_with("%PDF-1.7"));
        }
        // A release is rendered, sealed, kept and handed out.
        let now = *w.now.lock().unwrap();
        crate::world::share(b, w.organisation, &w.people, w.document, now).await;
        while tomfolio_backend::jobs::run_one(b).await.unwrap() {}
        let releases =
            tomfolio_domain::releases::ReleaseService::list(b, w.may(Role::Dpo, Action::ReadDocuments)).await;
        let done = releases.unwrap().into_iter().find(|r| r.pdf_sha256.is_some()).unwrap();
        let permit = w.may(Role::Dpo, Action::ReadDocuments);
        let file = tomfolio_domain::releases::ReleaseService::pdf(b, permit, done.id).await.unwrap();
        assert!(tomfolio_verify::verify(&file.bytes, &[]).ok());
        assert_eq!(fsck::fsck(b).await.unwrap().problems, []);
        // Changed, missing, orphaned: each is found; what is changed is not handed out.
        let Place::Bucket(store) = &b.blobs.place else { panic!("no bucket") };
        let at = |sha256: &str| object_store::path::Path::from_iter([&w.organisation.to_string(), sha256]);
        store.put(&at(&rows[0].sha256), "changed".into()).await.unwrap();
        store.delete(&at(&rows[1].sha256)).await.unwrap();
        store.put(&at(&"0".repeat(64)), "fremd".into()).await.unwrap();
        let problems = fsck::fsck(b).await.unwrap().problems;
        assert_eq!(problems.len(), 3, "{problems:?}");
        let changed = w.get(&format!("/evidence/{}/files/1", rows[0].id), &cookie).await;
        assert!(!changed.0.is_success() && !changed.2.contains("changed"), "{}", changed.2);
        assert_eq!(left("spool"), 0);
        // The storage goes away: a sentence, and nothing that pretends to be kept.
        drop(double);
        let body = form(&facts("", "2027-12-31"), b"%PDF-1.7 spaeter");
        let (status, _, sentence) = upload(&w, "/evidence/upload", &cookie, body).await;
        assert!(status.is_server_error() && sentence.ends_with('.'), "{status} {sentence}");
        let after = EvidenceService::list(b, w.may(Role::Dpo, Action::ReadDocuments)).await.unwrap().len();
        assert_eq!(after, rows.len());
    }
}
