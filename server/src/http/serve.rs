//! The accept loop: axum::serve has no time-outs, so slow and silent connections would stay for ever.

use super::throttle::Peer;
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::collections::HashMap;
use std::future::Future;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower_http::add_extension::AddExtension;
use tower_http::timeout::RequestBodyTimeoutLayer;

const FIRST_BYTE: Duration = Duration::from_secs(5);
const HEADER: Duration = Duration::from_secs(5);
const BODY_IDLE: Duration = Duration::from_secs(10);
const CONNECTIONS: usize = 1024;
const PER_ADDRESS: usize = 64;

/// How many connections each address has.
type Counts = Arc<Mutex<HashMap<IpAddr, usize>>>;

struct Slot {
    counts: Counts,
    ip: IpAddr,
}

impl Slot {
    fn take(counts: &Counts, ip: IpAddr) -> Option<Slot> {
        let mut all = counts.lock().ok()?;
        let n = all.entry(ip).or_insert(0);
        if *n >= PER_ADDRESS {
            return None;
        }
        *n += 1;
        Some(Slot { counts: counts.clone(), ip })
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if let Ok(mut all) = self.counts.lock()
            && let Some(n) = all.get_mut(&self.ip)
        {
            *n -= 1;
            if *n == 0 {
                all.remove(&self.ip);
            }
        }
    }
}

/// Serves until `stop` ends, then lets running requests finish.
pub async fn serve(listener: TcpListener, app: Router, stop: impl Future<Output = ()>) {
    let app = app.layer(RequestBodyTimeoutLayer::new(BODY_IDLE));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADER).max_headers(100);
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let counts: Counts = Counts::default();
    let mut stop = std::pin::pin!(stop);
    loop {
        let (io, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(x) => x,
                Err(_) => {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let (Ok(permit), Some(slot)) = (room.clone().try_acquire_owned(), Slot::take(&counts, peer.ip()))
        else {
            continue;
        };
        let watcher = graceful.watcher();
        let (http, app) = (http.clone(), AddExtension::new(app.clone(), Peer(peer.ip())));
        tokio::spawn(async move {
            let _held = (permit, slot);
            if first_byte(&io).await {
                let connection =
                    watcher.watch(http.serve_connection(TokioIo::new(io), TowerToHyperService::new(app)));
                if let Err(error) = connection.await {
                    tracing::debug!(%error, "connection ended");
                }
            }
        });
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(Duration::from_secs(20)) => {}
    }
}

/// hyper's header timer does not cover a socket that never says anything.
async fn first_byte(io: &TcpStream) -> bool {
    let mut byte = [0u8; 1];
    matches!(tokio::time::timeout(FIRST_BYTE, io.peek(&mut byte)).await, Ok(Ok(n)) if n > 0)
}
