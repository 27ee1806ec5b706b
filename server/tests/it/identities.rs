//! Signing in at an OpenID provider: a real one, and everything that can come back wrong.

use crate::services::provider;
use crate::world::{World, databases};
use axum::http::{HeaderMap, StatusCode, header};
use tomfolio_backend::usecases::sessions;
use tomfolio_domain::actor::Role;
use tomfolio_domain::audit::{AuditService, Filter};
use tomfolio_domain::policy::Action;

/// What a browser is: it follows, and keeps cookies.
fn cookies(headers: &HeaderMap) -> String {
    let all = headers.get_all(header::SET_COOKIE).iter();
    let pairs = all.filter_map(|c| c.to_str().ok()?.split(';').next().map(str::to_owned));
    pairs.filter(|p| !p.ends_with('=')).collect::<Vec<_>>().join("; ")
}

fn location(headers: &HeaderMap) -> String {
    headers.get(header::LOCATION).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default()
}

/// The person says who they are; the provider sends the browser back.
async fn says(url: &str, name: &str) -> String {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let form = client.post(url).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = form.body(format!("sub={name}")).send().await.unwrap();
    let back = location(answer.headers());
    back.split_once("http://tom.example").map(|(_, path)| path.to_owned()).unwrap_or(back)
}

#[tokio::test]
async fn a_link_ties_an_identity_to_a_person_and_nothing_else_does() {
    for database in databases() {
        let Some(op) = provider() else { return };
        let w = World::with(&database, |c| {
            c.oidc_issuer = format!("http://127.0.0.1:{}", op.port);
            c.oidc_client_id = "tom".into();
            c.oidc_client_secret = "geheim".into();
            c.oidc_name = "Firmenkonto".into();
        })
        .await;
        // The provider's clock is the true one.
        *w.now.lock().unwrap() = jiff::Timestamp::now();
        assert!(w.get("/sign-in", "").await.2.contains("Mit Firmenkonto anmelden"));
        let away = async |query: &str| {
            let (status, headers, _) = w.get(&format!("/auth/oidc/start{query}"), "").await;
            assert_eq!(status, StatusCode::SEE_OTHER);
            (location(&headers), cookies(&headers))
        };
        // A stranger with an account there has none here, even if the name is an address that we know.
        let (url, browser) = away("?next=/documents").await;
        for part in ["code_challenge=", "code_challenge_method=S256", "state=", "nonce=", "scope=openid"] {
            assert!(url.contains(part), "{part} in {url}");
        }
        let back = says(&url, "dpo%40a.example").await;
        let (status, headers, page) = w.get(&back, &browser).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert!(!cookies(&headers).contains("tom=") && page.contains("Einladungslink"));
        // From the invitation link: the identity belongs to that person from now on, and the link is used up.
        let user = w.actor(Role::Dpo).user;
        let link = sessions::invite(&w.backend, user).await.unwrap();
        assert!(w.get(&format!("/welcome/{link}"), "").await.2.contains(&format!("start?link={link}")));
        let (url, browser) = away(&format!("?link={link}")).await;
        let back = says(&url, "anna").await;
        let (status, headers, _) = w.get(&back, &browser).await;
        assert_eq!((status, location(&headers).as_str()), (StatusCode::SEE_OTHER, "/"));
        let cookie = cookies(&headers);
        assert_eq!(w.get("/documents", &cookie).await.0, StatusCode::OK);
        assert_eq!(w.get(&format!("/welcome/{link}"), "").await.0, StatusCode::NOT_FOUND);
        // Somebody else's page cannot begin it: whoever follows would be tied to a stranger's account.
        let own = sessions::invite(&w.backend, w.actor(Role::Reviewer).user).await.unwrap();
        for site in ["cross-site", "same-site", "none"] {
            let request = axum::http::Request::get(format!("/auth/oidc/start?link={own}"))
                .header("sec-fetch-site", site)
                .body(axum::body::Body::empty())
                .unwrap();
            assert_eq!(crate::world::send(&w.router, request).await.0, StatusCode::UNAUTHORIZED, "{site}");
        }
        // A silent sign-in is no proof of being there: the place is not run on it.
        let status = w.post("/api/members/invite", &cookie, "name=x").await.0;
        assert_eq!(status, StatusCode::FORBIDDEN);
        // The same way back twice, from another browser, with another state, and with a made-up code.
        assert_eq!(w.get(&back, &browser).await.0, StatusCode::UNAUTHORIZED);
        let (url, browser) = away("?next=//evil.example").await;
        let back = says(&url, "anna").await;
        assert_eq!(w.get(&back, "tom-oidc=0").await.0, StatusCode::UNAUTHORIZED);
        assert_eq!(w.get(&back.replace("state=", "state=x"), &browser).await.0, StatusCode::UNAUTHORIZED);
        // Another provider answers: nothing is asked of either (RFC 9207).
        let mixed = w.get(&format!("{back}&iss=https%3A%2F%2Fevil.example"), &browser).await;
        assert_eq!(mixed.0, StatusCode::UNAUTHORIZED);
        let (url, browser) = away("?next=//evil.example").await;
        let back = says(&url, "anna").await;
        let (status, headers, _) = w.get(&back, &browser).await;
        assert_eq!(
            (status, location(&headers).as_str()),
            (StatusCode::SEE_OTHER, "/"),
            "never to another place"
        );
        let (url, browser) = away("").await;
        let back = says(&url, "anna").await;
        w.advance(11);
        assert_eq!(w.get(&back, &browser).await.0, StatusCode::UNAUTHORIZED, "after ten minutes it is over");
        // An identity that belongs to somebody is not given to somebody else.
        *w.now.lock().unwrap() = jiff::Timestamp::now();
        let editor = sessions::invite(&w.backend, w.actor(Role::Editor).user).await.unwrap();
        let (url, browser) = away(&format!("?link={editor}")).await;
        let back = says(&url, "anna").await;
        assert_eq!(w.get(&back, &browser).await.0, StatusCode::UNAUTHORIZED);
        assert_eq!(
            w.get(&format!("/welcome/{editor}"), "").await.0,
            StatusCode::OK,
            "the link is still good"
        );
        // Untied by whoever runs the place: nobody comes in by it any more, sessions are over, and it stands in the log.
        let (url, browser) = away("").await;
        let back = says(&url, "anna").await;
        let cookie = cookies(&w.get(&back, &browser).await.1);
        assert_eq!(w.get("/documents", &cookie).await.0, StatusCode::OK);
        w.backend.untie(user).await.unwrap();
        assert_eq!(w.get("/documents", &cookie).await.0, StatusCode::FOUND);
        let (url, browser) = away("").await;
        let back = says(&url, "anna").await;
        assert_eq!(w.get(&back, &browser).await.0, StatusCode::UNAUTHORIZED);
        let filter = Filter { action: "members/untie".into(), ..Filter::default() };
        assert_eq!(w.backend.log(w.may(Role::Admin, Action::ReadAudit), filter).await.unwrap().rows.len(), 1);
        for nonsense in ["/auth/oidc/callback", "/auth/oidc/callback?error=access_denied&state=x"] {
            assert_eq!(w.get(nonsense, "").await.0, StatusCode::UNAUTHORIZED, "{nonsense}");
        }
        assert_eq!(w.get("/auth/oidc/start?link=nonsense", "").await.0, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn without_a_provider_there_is_no_button_and_no_way() {
    let w = World::new("").await;
    assert!(!w.get("/sign-in", "").await.2.contains("/auth/oidc"));
    assert_eq!(w.get("/auth/oidc/start", "").await.0, StatusCode::NOT_FOUND);
    // A provider that does not answer is said, and the password still works.
    let w = World::with("", |c| {
        c.oidc_issuer = "http://127.0.0.1:9".into();
        c.oidc_client_id = "tom".into();
    })
    .await;
    let (status, _, page) = w.get("/auth/oidc/start", "").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.contains("antwortet gerade nicht"), "{page}");
}
