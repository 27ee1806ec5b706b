//! Guessing is made slow: an address that missed too often in a minute (a link that is none, a password that is wrong) waits.
//! Each process counts for itself, in memory: a limit, not a record.

use super::guard::bare;
use super::{Portal, session};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tomfolio_locales::error;

/// Misses of one address in one minute, after which it waits until the minute is over.
pub const MISSES: u32 = 20;
const WINDOW: SignedDuration = SignedDuration::from_mins(1);
/// Addresses that are remembered at once: a flood of them must not become a flood of memory.
const REMEMBERED: usize = 50_000;

/// The other end of a connection, as the accept loop saw it.
#[derive(Clone, Copy)]
pub struct Peer(pub IpAddr);

/// When an address missed first, and how often since.
#[derive(Clone, Default)]
pub struct Misses(Arc<Mutex<HashMap<IpAddr, (Timestamp, u32)>>>);

impl Misses {
    fn over(&self, address: IpAddr, now: Timestamp) -> bool {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&address).is_some_and(|(since, n)| *n >= MISSES && now.duration_since(*since) < WINDOW)
    }

    fn count(&self, address: IpAddr, now: Timestamp) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= REMEMBERED {
            all.retain(|_, (since, _)| now.duration_since(*since) < WINDOW);
        }
        if all.len() >= REMEMBERED && !all.contains_key(&address) {
            return;
        }
        let entry = all.entry(address).or_insert((now, 0));
        if now.duration_since(entry.0) >= WINDOW {
            *entry = (now, 0);
        }
        entry.1 += 1;
        if entry.1 == MISSES {
            tracing::info!(network = %network(address), "an address missed too often and waits");
        }
    }
}

/// What the log may hold of an address: its network.
fn network(address: IpAddr) -> String {
    match address {
        IpAddr::V4(a) => {
            let [a, b, c, _] = a.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(a) => {
            let [a, b, c, ..] = a.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
    }
}

/// Who asks. Only a proxy on this machine, or one that the operator named, may speak for somebody else, and only its own word (the
/// last one) counts: what stands before it anybody can write. Of IPv6 the network counts; a household has billions of addresses.
fn client(headers: &HeaderMap, peer: IpAddr, proxies: &[IpAddr]) -> IpAddr {
    let spoken_for = || {
        let words = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
        words.rsplit(',').next()?.trim().parse().ok()
    };
    let trusted = peer.is_loopback() || proxies.contains(&peer);
    match if trusted { spoken_for().unwrap_or(peer) } else { peer }.to_canonical() {
        IpAddr::V6(a) => {
            let [a, b, c, d, ..] = a.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 => v4,
    }
}

/// Whether a path is one where somebody could guess.
fn guarded(path: &str) -> bool {
    ["/s/", "/welcome/", "/api/v1/"].iter().any(|p| path.starts_with(p))
        || ["/api/sessions/sign_in", "/api/sessions/accept", "/api/sessions/prove"].contains(&path)
}

/// Counts misses, and turns whoever has too many away before anything runs.
pub async fn slow(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    // Without a peer there is no connection: the router is called from within.
    let peer = request.extensions().get::<Peer>().copied().filter(|_| guarded(path));
    let Some(Peer(peer)) = peer else { return next.run(request).await };
    let address = client(request.headers(), peer, &portal.proxies);
    let now = portal.clock.now();
    if portal.misses.over(address, now) {
        let mut response = if session::wants_page(request.headers()) {
            let l = session::language(request.headers());
            bare(l, StatusCode::TOO_MANY_REQUESTS, error::too_many(l), None)
        } else {
            let body = r#"{"Domain":"too_many"}"#;
            (StatusCode::TOO_MANY_REQUESTS, [(header::CONTENT_TYPE, "application/json")], body)
                .into_response()
        };
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        return response;
    }
    let response = next.run(request).await;
    if matches!(
        session::true_status(&response),
        StatusCode::NOT_FOUND | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
    ) {
        portal.misses.count(address, now);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_trusted_proxy_speaks_for_others_and_only_its_last_word_counts() {
        let ip = |t: &str| t.parse::<IpAddr>().unwrap();
        let with = |words: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", words.parse().unwrap());
            headers
        };
        let spoofed = with("10.0.0.1, 192.0.2.7");
        assert_eq!(client(&spoofed, ip("198.51.100.9"), &[]), ip("198.51.100.9"), "a stranger's word");
        assert_eq!(client(&spoofed, ip("127.0.0.1"), &[]), ip("192.0.2.7"));
        assert_eq!(client(&spoofed, ip("198.51.100.9"), &[ip("198.51.100.9")]), ip("192.0.2.7"));
        assert_eq!(client(&with("nobody"), ip("127.0.0.1"), &[]), ip("127.0.0.1"));
        assert_eq!(client(&HeaderMap::new(), ip("::ffff:192.0.2.7"), &[]), ip("192.0.2.7"));
        assert_eq!(client(&HeaderMap::new(), ip("2001:db8:1:2:3::4"), &[]), ip("2001:db8:1:2::"));
        assert_eq!(
            (network(ip("192.0.2.7")), network(ip("2001:db8:1:2::"))),
            ("192.0.2.0/24".into(), "2001:db8:1::/48".into())
        );
    }
}
