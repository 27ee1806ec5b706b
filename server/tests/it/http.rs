//! The guard: what an attacker's page or an anonymous visitor meets.

use crate::world::{World, send};
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use std::collections::BTreeSet;
use tomfolio_domain::actor::Role;
use tomfolio_server::http::policy::{Access, FUNCTIONS};

#[tokio::test]
async fn every_server_function_stands_in_the_policy_table_and_refuses_the_anonymous() {
    let w = World::new("").await;
    let found: BTreeSet<&str> = leptos::server_fn::axum::server_fn_paths().map(|(p, _)| p).collect();
    let table: BTreeSet<&str> = FUNCTIONS.iter().map(|(p, _)| *p).collect();
    assert_eq!(found, table);
    for (path, access) in &FUNCTIONS {
        let (status, _, body) = w.post(path, "", "").await;
        match access {
            Access::Session => {
                assert_eq!((status, body.contains("signed_out")), (StatusCode::UNAUTHORIZED, true), "{path}")
            }
            Access::Open => assert_ne!(status, StatusCode::UNAUTHORIZED, "{path}"),
        }
        assert!(status.as_u16() < 500 || *access == Access::Open, "{path} answered {status}");
    }
}

#[tokio::test]
async fn cross_site_posts_gets_and_text_plain_are_refused() {
    let w = World::new("").await;
    let cookie = w.sign_in(Role::Dpo).await;
    let path = "/api/measures/edit";
    let post = |site: &str, kind: &str| {
        Request::post(path)
            .header(header::COOKIE, &cookie)
            .header("sec-fetch-site", site)
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from("id=x"))
            .unwrap()
    };
    let form = "application/x-www-form-urlencoded";
    assert_eq!(send(&w.router, post("cross-site", form)).await.0, StatusCode::FORBIDDEN);
    assert_eq!(send(&w.router, post("same-site", form)).await.0, StatusCode::FORBIDDEN);
    assert_eq!(
        send(&w.router, post("same-origin", "text/plain")).await.0,
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
    assert_eq!(w.get(path, &cookie).await.0, StatusCode::METHOD_NOT_ALLOWED);
    let foreign = Request::post(path)
        .header("origin", "https://evil.example")
        .header("host", "tom.example")
        .header(header::CONTENT_TYPE, form)
        .body(Body::empty())
        .unwrap();
    assert_eq!(send(&w.router, foreign).await.0, StatusCode::FORBIDDEN);
    let bare = Request::post(path).header(header::CONTENT_TYPE, form).body(Body::empty()).unwrap();
    assert_eq!(send(&w.router, bare).await.0, StatusCode::FORBIDDEN);
}

fn upload(cookie: &str, body: Vec<u8>) -> Request<Body> {
    let mut form =
        b"--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.md\"\r\n\r\n".to_vec();
    form.extend(body);
    form.extend(b"\r\n--X--\r\n");
    Request::post("/documents/import")
        .header(header::COOKIE, cookie)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=X")
        .body(Body::from(form))
        .unwrap()
}

#[tokio::test]
async fn bad_uploads_get_a_clear_answer_and_store_nothing() {
    let w = World::new("").await;
    let cookie = w.sign_in(Role::Dpo).await;
    let many = format!("# T\n\n## A\n\n{}", "- x\n".repeat(5_001)).into_bytes();
    let deep: Vec<u8> = (0..14).flat_map(|i| format!("{}- x\n", "  ".repeat(i)).into_bytes()).collect();
    let long = format!("# T\n\n## A\n\n- {}\n", "x".repeat(65 * 1024)).into_bytes();
    for (body, want) in [
        (vec![0xff, 0xfe, 0x41], "not-text"),
        (many, "too-large"),
        (deep, "too-deep"),
        (long, "too-long"),
        (Vec::new(), "empty"),
    ] {
        let (status, headers, _) = send(&w.router, upload(&cookie, body)).await;
        let location = headers.get("location").map(|l| l.to_str().unwrap().to_owned()).unwrap_or_default();
        assert_eq!(
            (status, location.as_str()),
            (StatusCode::SEE_OTHER, format!("/documents/import?refused={want}").as_str())
        );
        assert_eq!(w.get(&location, &cookie).await.0, StatusCode::OK);
    }
    let (status, _, page) = send(&w.router, upload(&cookie, vec![b'a'; 11_000_000])).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.contains("größer als 10 MB") && page.contains("href=\"/documents/import\""), "{page}");
    let no_boundary = Request::post("/documents/import")
        .header(header::COOKIE, &cookie)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "multipart/form-data")
        .body(Body::empty())
        .unwrap();
    assert_eq!(send(&w.router, no_boundary).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn pages_carry_a_nonce_policy_and_escape_what_people_typed() {
    let w = World::new("").await;
    let cookie = w.sign_in(Role::Dpo).await;
    let evil = "x</textarea><img src=x onerror=alert(1)><script>alert(1)</script>";
    let form = format!(
        "id={}&based_on=1&label={}&text={}&owner=IT&status=implemented&scope=own&goals%5B0%5D=system_access",
        w.measure,
        "%3C%2Ftitle%3E%3Cscript%3E1",
        urlencode(evil)
    );
    assert_eq!(w.post("/api/measures/edit", &cookie, &form).await.0, StatusCode::OK);
    let (status, headers, page) = w.get(&format!("/measures/{}", w.measure), &cookie).await;
    assert_eq!(status, StatusCode::OK);
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'nonce-") && !policy.contains("unsafe-inline"), "{policy}");
    assert!(
        !page.contains("<img src=x") && !page.contains("</textarea><img") && !page.contains("<script>alert")
    );
    assert!(!page.contains("</title><script>1"));
}

fn urlencode(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

#[tokio::test]
async fn control_characters_in_ids_and_addresses_are_refused_without_a_panic() {
    let w = World::new("").await;
    let cookie = w.sign_in(Role::Dpo).await;
    for (path, form) in [
        ("/api/sessions/sign_in", "email=a@b.example&password=x&next=/%01"),
        ("/api/measures/discard", "id=%01"),
        ("/api/measures/shift", "id=%01&direction=up"),
        ("/api/imports/judge", "id=%01&repair=all&verdict=undo"),
    ] {
        let (status, headers, _) = w.post(path, &cookie, form).await;
        assert!(status.is_client_error(), "{path}: {status}");
        assert!(headers.contains_key("x-content-type-options"), "{path}");
    }
    let (status, headers, _) = w.get("/documents/%ff/markdown", &cookie).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(headers.contains_key("content-security-policy"));
}

#[tokio::test]
async fn a_waiting_account_answers_as_an_unknown_one() {
    let w = World::new("").await;
    w.sign_in(Role::Dpo).await;
    let mut answers = Vec::new();
    for email in ["dpo@a.example", "nobody@a.example"] {
        for _ in 0..9 {
            let (status, _, body) =
                w.post("/api/sessions/sign_in", "", &format!("email={email}&password=falsch")).await;
            answers.push((status, body));
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}

#[tokio::test]
async fn two_hundred_megabytes_are_refused_before_they_are_read() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    let w = World::new("").await;
    let cookie = w.sign_in(Role::Dpo).await;
    const CHUNK: usize = 64 * 1024;
    for (path, kind) in [
        ("/documents/import", "multipart/form-data; boundary=x"),
        ("/api/measures/edit", "application/x-www-form-urlencoded"),
    ] {
        let sent = std::sync::Arc::new(AtomicUsize::new(0));
        let counted = sent.clone();
        // Chunked: no length is told beforehand.
        let body = futures::stream::iter((0..200_000_000 / CHUNK).map(move |_| {
            counted.fetch_add(CHUNK, Ordering::SeqCst);
            Ok::<_, std::io::Error>(vec![b'a'; CHUNK])
        }));
        let request = Request::post(path)
            .header(header::COOKIE, &cookie)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from_stream(body))
            .unwrap();
        assert_eq!(send(&w.router, request).await.0, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        assert!(sent.load(Ordering::SeqCst) < 12_000_000, "{path} read {sent:?} bytes");
    }
}

/// A form with one file, as a browser sends it.
async fn send_file(
    w: &World,
    path: &str,
    cookie: &str,
    name: &str,
    bytes: &[u8],
) -> (StatusCode, HeaderMap, String) {
    let head = format!(
        "--g\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: application/octet-stream\r\n\r\n"
    );
    let body = [head.as_bytes(), bytes, b"\r\n--g--\r\n"].concat();
    let request = Request::post(path)
        .header(header::COOKIE, cookie)
        .header("sec-fetch-site", "same-origin")
        .header("accept", "text/html")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=g")
        .body(Body::from(body))
        .unwrap();
    send(&w.router, request).await
}

#[tokio::test]
async fn files_up_to_their_own_limit_are_read_whole() {
    let w = World::new("").await;
    let dpo = w.sign_in(Role::Dpo).await;
    // Three million bytes: more than axum's own limit, less than ours.
    let line = "- Maßnahme: Die Anlage wird nach Anweisung betrieben und jährlich geprüft. ".repeat(20);
    let text = format!(
        "# TOM\n\n## A. Vertraulichkeit\n\n### 1. Zutrittskontrolle\n\n{}",
        (line + "\n").repeat(2_000)
    );
    assert!(text.len() > 3_000_000);
    let (status, headers, body) = send_file(&w, "/documents/import", &dpo, "tom.md", text.as_bytes()).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    let to = headers[header::LOCATION].to_str().unwrap();
    assert!(to.starts_with("/imports/imp_"), "{to}");
    // The check of a file is open to anybody, up to 20 MB; above that there is a sentence.
    let pdf = [b"%PDF-1.7 ".as_slice(), &vec![b'x'; 5_000_000]].concat();
    let (status, _, page) = send_file(&w, "/echt", "", "a.pdf", &pdf).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("kein lesbares PDF"), "{page}");
    let (status, _, why) = send_file(&w, "/echt", "", "a.pdf", &vec![b'x'; 21_000_000]).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(why.contains("Die Datei ist größer als 20 MB.") && why.contains("href=\"/echt\""), "{why}");
    // Who knows no key learns nothing.
    let zero = "0".repeat(64);
    let (status, _, said) = w.get(&format!("/echt/known?key={zero}&file={zero}"), "").await;
    assert_eq!((status, said.as_str()), (StatusCode::NOT_FOUND, ""));
    assert_eq!(w.get("/echt/known?key=1", "").await.0, StatusCode::BAD_REQUEST);
}
