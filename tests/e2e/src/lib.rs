//! What the browser journeys share: a demo server of their own, chromedriver, small steps.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use thirtyfour::prelude::*;

/// The repository's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The binary under test: `TOMFOLIO_BIN`, else the debug build.
pub fn binary() -> PathBuf {
    std::env::var_os("TOMFOLIO_BIN")
        .map(PathBuf::from)
        .unwrap_or_else(|| root().join("target/debug/tomfolio"))
}

/// Both seed documents; without them the journeys run on the project's own fixtures, loudly.
pub fn documents() -> Vec<PathBuf> {
    let given = std::env::var_os("TOMFOLIO_SEEDS").map(PathBuf::from);
    let dir = given.unwrap_or_else(|| root().join("../shared/seeds"));
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path()).collect();
    found.sort();
    if found.is_empty() {
        assert!(std::env::var("CI").is_err(), "CI must have the seed documents");
        eprintln!("SKIPPED LOUDLY: no seed documents, the journeys run on fixtures");
        found = ["nine.txt", "abcd.md"].map(|f| root().join("domain/tests/fixtures").join(f)).to_vec();
    }
    found
}

/// A demo portal with its own data folder, gone when dropped.
pub struct Portal {
    child: Child,
    data: PathBuf,
    pub url: String,
    pub sign_in: serde_json::Value,
    /// A customer's link.
    pub share: String,
}

impl Portal {
    pub fn start(name: &str) -> Portal {
        let data = std::env::temp_dir().join(format!("tomfolio-e2e-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&data);
        let mut child = Command::new(binary())
            .args(["serve", "--demo", "--json", "--listen", "127.0.0.1:0", "--data"])
            .arg(&data)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("stdout")).read_line(&mut line).expect("the first line");
        let json: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        Portal {
            child,
            data,
            url: json["url"].as_str().unwrap_or_default().to_owned(),
            sign_in: json["sign_in"].clone(),
            share: json["share"].as_str().unwrap_or_default().to_owned(),
        }
    }

    /// A plain GET with one more header: the status and the bytes of the body.
    pub fn ask(&self, path: &str, header: &str) -> (u16, Vec<u8>) {
        let host = self.url.trim_start_matches("http://");
        let mut s = TcpStream::connect(host).expect("connect");
        write!(s, "GET {path} HTTP/1.1\r\nHost: {host}\r\n{header}\r\nConnection: close\r\n\r\n")
            .expect("send");
        let mut all = Vec::new();
        s.read_to_end(&mut all).expect("read");
        let status = String::from_utf8_lossy(all.get(9..12).unwrap_or_default()).parse().expect("a status");
        let at = all.windows(4).position(|w| w == b"\r\n\r\n").expect("a head") + 4;
        (status, all.split_off(at))
    }

    /// What a signed-in person gets at a path.
    pub fn download(&self, path: &str, cookie: &str) -> Vec<u8> {
        let (status, body) = self.ask(path, &format!("Cookie: tom={cookie}"));
        assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&body));
        body
    }

    /// The first mail with some words in it, as it was dropped; waits for it.
    pub fn mail(&self, words: &str) -> String {
        for _ in 0..200 {
            for found in std::fs::read_dir(self.data.join("mail")).into_iter().flatten().flatten() {
                // Long lines are folded on their way (quoted-printable).
                let text = std::fs::read_to_string(found.path()).unwrap_or_default().replace("=\r\n", "");
                if text.contains(words) {
                    return text;
                }
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("no mail with {words}");
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

/// chromedriver on a free port.
pub struct Driver {
    child: Child,
    url: String,
}

impl Driver {
    pub fn start() -> Driver {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
        let child = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let driver = Driver {
            child: child.expect("chromedriver (Debian: chromium-driver)"),
            url: format!("http://127.0.0.1:{port}"),
        };
        for _ in 0..100 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        driver
    }

    /// A new browser with its own profile. Without script, pages must work all the same.
    pub async fn browser(&self, script: bool, dark: bool) -> WebDriverResult<WebDriver> {
        // Built together with the server, thirtyfour shares its HTTP client, and that has no TLS provider of its own.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut caps = DesiredCapabilities::chrome();
        for arg in [
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--lang=de-DE",
            "--window-size=1440,1000",
        ] {
            caps.add_arg(arg)?;
        }
        if dark {
            caps.add_arg("--force-dark-mode")?;
        }
        let script = if script { 1 } else { 2 };
        caps.add_experimental_option("prefs", serde_json::json!({ "intl.accept_languages": "de-DE,de", "profile.managed_default_content_settings.javascript": script }))?;
        // A connection of its own for each command: one that chromedriver is just closing cannot be taken again.
        WebDriver::builder(&self.url, caps).keep_alive(false).connect().await
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for an element.
pub async fn see(d: &WebDriver, css: &str) -> WebDriverResult<WebElement> {
    d.query(By::Css(css)).wait(Duration::from_secs(20), Duration::from_millis(100)).first().await
}

/// Waits until an element is no longer there: what was sent has arrived. Going elsewhere before would call it back.
pub async fn gone(d: &WebDriver, css: &str) -> WebDriverResult<()> {
    vanished(d, By::Css(css)).await
}

/// The same of an element told in any way.
pub async fn vanished(d: &WebDriver, what: By) -> WebDriverResult<()> {
    for _ in 0..200 {
        if d.find_all(what.clone()).await?.is_empty() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{what:?} stays");
}

/// Waits for an element, told by XPath.
pub async fn find(d: &WebDriver, xpath: &str) -> WebDriverResult<WebElement> {
    d.query(By::XPath(xpath)).wait(Duration::from_secs(20), Duration::from_millis(100)).first().await
}

/// Clicks an element, told by XPath.
pub async fn press(d: &WebDriver, xpath: &str) -> WebDriverResult<()> {
    let e = find(d, xpath).await?;
    e.scroll_into_view().await?;
    e.click().await
}

pub async fn click(d: &WebDriver, css: &str) -> WebDriverResult<()> {
    let e = see(d, css).await?;
    e.scroll_into_view().await?;
    e.click().await
}

/// Clears a field and types into it.
pub async fn fill(d: &WebDriver, css: &str, text: &str) -> WebDriverResult<()> {
    let e = see(d, css).await?;
    e.clear().await?;
    e.send_keys(text).await
}

/// Waits until the address holds some words; returns it.
pub async fn at(d: &WebDriver, part: &str) -> WebDriverResult<String> {
    for _ in 0..200 {
        let url = d.current_url().await?.to_string();
        if url.contains(part) {
            return Ok(url);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let shown = d.find(By::Tag("body")).await?.text().await?;
    panic!(
        "never came to {part}, but to {}: {}",
        d.current_url().await?,
        shown.chars().take(600).collect::<String>()
    );
}

/// Waits until hydration is done: a page with script takes no input before. Without script there is nothing to wait for.
pub async fn settled(d: &WebDriver, script: bool) -> WebDriverResult<()> {
    if script && !d.find_all(By::Css("script[type=module]")).await?.is_empty() {
        see(d, "html[data-ready]").await?;
        // What an action brought is shown one turn later.
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    Ok(())
}
