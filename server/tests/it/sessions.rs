//! Sessions end, drafts stay.

use crate::world::{PASSWORD, World, databases};
use axum::http::StatusCode;
use tomfolio_domain::actor::Role;

#[tokio::test]
async fn a_session_of_31_minutes_is_over_and_the_draft_is_still_there() {
    for database in databases() {
        let w = World::new(&database).await;
        let cookie = w.sign_in(Role::Dpo).await;
        let form = w.draft(w.measure, "Getippt");
        assert_eq!(w.post("/api/measures/draft", &cookie, &form).await.0, StatusCode::OK);
        w.advance(31);
        assert_eq!(w.post("/api/measures/draft", &cookie, &form).await.0, StatusCode::UNAUTHORIZED);
        let (status, headers, _) = w.get(&format!("/measures/{}", w.measure), &cookie).await;
        assert_eq!(status, StatusCode::FOUND);
        assert!(headers["location"].to_str().unwrap().starts_with("/sign-in?next=/measures/"));
        let again = w.sign_in(Role::Dpo).await;
        let (status, _, page) = w.get(&format!("/measures/{}", w.measure), &again).await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("Getippt"), "the draft is shown again");
    }
}

#[tokio::test]
async fn a_one_time_link_works_once_and_looking_does_not_use_it_up() {
    let w = World::new("").await;
    let user = w.people[0].1;
    let link = tomfolio_backend::usecases::sessions::invite(&w.backend, user).await.unwrap();
    for _ in 0..2 {
        assert_eq!(w.get(&format!("/welcome/{link}"), "").await.0, StatusCode::OK);
    }
    let form = format!("token={link}&password=kurz");
    assert_eq!(w.post("/api/sessions/accept", "", &form).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let form = format!("token={link}&password=lang+genug+fuer+alle");
    let (status, headers, _) = w.post("/api/sessions/accept", "", &form).await;
    assert_eq!(status, StatusCode::OK);
    assert!(headers["set-cookie"].to_str().unwrap().contains("HttpOnly"));
    assert_eq!(w.post("/api/sessions/accept", "", &form).await.0, StatusCode::NOT_FOUND);
    assert_eq!(w.get(&format!("/welcome/{link}"), "").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn guesses_side_by_side_make_the_account_wait_and_it_is_free_again_after_a_minute() {
    for database in databases() {
        let w = World::new(&database).await;
        w.sign_in(Role::Dpo).await;
        let form = |password: &str| format!("email=dpo%40a.example&password={password}");
        let wrong: Vec<String> = (0..24).map(|n| form(&format!("falsch{n}"))).collect();
        let guesses = wrong.iter().map(|f| w.post("/api/sessions/sign_in", "", f));
        for (status, ..) in futures::future::join_all(guesses).await {
            assert_eq!(status, StatusCode::UNAUTHORIZED);
        }
        let right = form(&crate::world::PASSWORD.replace(' ', "+"));
        assert_eq!(w.post("/api/sessions/sign_in", "", &right).await.0, StatusCode::UNAUTHORIZED);
        w.advance(2);
        assert_eq!(w.post("/api/sessions/sign_in", "", &right).await.0, StatusCode::OK);
    }
}

#[tokio::test]
async fn foreign_bytes_in_other_cookies_do_not_sign_anybody_out() {
    let w = World::new("").await;
    let cookie = w.sign_in(Role::Dpo).await;
    let request = axum::http::Request::get("/documents")
        .header("cookie", axum::http::HeaderValue::from_bytes(format!("x=ü; {cookie}").as_bytes()).unwrap())
        .header("accept", "text/html")
        .body(axum::body::Body::empty())
        .unwrap();
    assert_eq!(crate::world::send(&w.router, request).await.0, StatusCode::OK);
}

#[tokio::test]
async fn signing_in_anew_leaves_no_session_behind() {
    let w = World::new("").await;
    let old = w.sign_in(Role::Dpo).await;
    let form = format!("email=dpo%40a.example&password={}", PASSWORD.replace(' ', "+"));
    let (status, headers, _) = w.post("/api/sessions/sign_in", &old, &form).await;
    assert_eq!(status, StatusCode::OK);
    let new = headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    assert_eq!(w.get("/documents", &new).await.0, StatusCode::OK);
    assert_eq!(w.get("/documents", &old).await.0, StatusCode::FOUND);
}
