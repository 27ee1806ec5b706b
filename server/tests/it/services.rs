//! Services that others run, as doubles: an RFC 3161 authority behind HTTP, a mail server, S3-compatible storage, an OpenID
//! provider. The last three are Python programs that `cargo xtask test` installs.

use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::post;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

#[path = "../../backend/tests/authority/mod.rs"]
mod authority;

/// A time stamp authority: key, certificate, configuration in a folder; answers while it is up.
pub struct TimeStamps {
    pub url: String,
    pub up: Arc<AtomicBool>,
    /// The authority's root, PEM.
    pub trust: PathBuf,
}

impl TimeStamps {
    pub async fn start(folder: &Path) -> TimeStamps {
        std::fs::create_dir_all(folder).unwrap();
        authority::authority(folder, &["rsa:2048"]);
        let up = Arc::new(AtomicBool::new(true));
        let (dir, answering) = (folder.to_owned(), up.clone());
        let answer = move |question: Bytes| {
            let (dir, up) = (dir.clone(), answering.load(Ordering::SeqCst));
            async move {
                match up {
                    true => (StatusCode::OK, authority::reply(&dir, &question)),
                    false => (StatusCode::SERVICE_UNAVAILABLE, Vec::new()),
                }
            }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/", post(answer))).await });
        TimeStamps { url, up, trust: folder.join("root.pem") }
    }
}

/// A program of the test environment that listens on a port of its own; gone when dropped.
pub struct Service {
    child: Child,
    pub port: u16,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts a program of the Python environment. Where that is missing the story says so, and in CI fails.
fn service(program: &str, args: impl FnOnce(u16) -> Vec<String>) -> Option<Service> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/venv/bin").join(program);
    if !path.exists() {
        assert!(std::env::var("CI").is_err(), "{} is missing", path.display());
        eprintln!("SKIPPED LOUDLY: {program} is missing, `cargo xtask test` installs it");
        return None;
    }
    let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).unwrap().port();
    let child =
        Command::new(path).args(args(port)).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let service = Service { child, port };
    for _ in 0..600 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Some(service);
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("{program} never listened");
}

/// A mail server that keeps every mail as a file in `folder/new`.
pub fn mail_server(folder: &Path) -> Option<Service> {
    let folder = folder.display().to_string();
    service("aiosmtpd", |port| {
        let listen = format!("127.0.0.1:{port}");
        ["-n", "-l", &listen, "-c", "aiosmtpd.handlers.Mailbox", &folder].map(str::to_owned).into()
    })
}

/// S3-compatible storage without any bucket.
pub fn storage() -> Option<Service> {
    service("moto_server", |port| ["-H", "127.0.0.1", "-p", &port.to_string()].map(str::to_owned).into())
}

/// An OpenID provider that lets anybody in under any name.
pub fn provider() -> Option<Service> {
    service("oidc-provider-mock", |port| ["-p", &port.to_string()].map(str::to_owned).into())
}
