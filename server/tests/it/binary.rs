//! The real binary over a data folder of a world: what only a process shows (kills, memory, full disks, slow clients, its log).

use crate::world::World;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tomfolio_domain::actor::Role;

/// The real binary over a data folder.
pub struct Server {
    pub child: Child,
    pub address: String,
}

impl Server {
    pub fn start(data: &Path, limit: &str) -> Server {
        Server::of(Command::new(env!("CARGO_BIN_EXE_tomfolio")), data, limit)
    }

    /// A server that may write no file of more than two megabytes (the database's own log takes one): a disk that is full as soon
    /// as something large comes.
    pub fn on_a_full_disk(data: &Path) -> Server {
        let mut shell = Command::new("sh");
        let script = "trap '' XFSZ; ulimit -f 4096; exec \"$0\" \"$@\"";
        shell.args(["-c", script, env!("CARGO_BIN_EXE_tomfolio")]);
        Server::of(shell, data, "100000000")
    }

    pub fn of(mut command: Command, data: &Path, limit: &str) -> Server {
        let mut child = command
            .args(["serve", "--json", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .env_remove("TOMFOLIO_TEST_POSTGRES")
            .env("TOMFOLIO_UPLOAD_LIMIT", limit)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let json: serde_json::Value = serde_json::from_str(&line).unwrap();
        Server { child, address: json["url"].as_str().unwrap().trim_start_matches("http://").to_owned() }
    }

    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    pub fn head(&self, cookie: &str, length: u64) -> String {
        format!(
            "POST /evidence/upload HTTP/1.1\r\nhost: {}\r\ncookie: {cookie}\r\naccept: text/plain\r\nsec-fetch-site: same-origin\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n",
            self.address
        )
    }

    /// The status, if an answer came.
    pub fn upload(&self, cookie: &str, body: &[u8]) -> Option<u16> {
        let mut s = TcpStream::connect(&self.address).ok()?;
        s.write_all(self.head(cookie, body.len() as u64).as_bytes()).ok()?;
        s.write_all(body).ok()?;
        status(&mut s)
    }

    pub fn peak_kib(&self) -> u64 {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = text.lines().find(|l| l.starts_with("VmHWM")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

pub fn status(s: &mut TcpStream) -> Option<u16> {
    let mut answer = Vec::new();
    s.read_to_end(&mut answer).ok()?;
    String::from_utf8_lossy(&answer).get(9..12)?.parse().ok()
}

/// A data folder with one DPO, and the cookie of that person's session.
pub async fn folder(w: &World) -> String {
    let cookie = w.sign_in(Role::Dpo).await;
    // The world's clock stands still; the binary's does not: the session must be of today.
    use sea_orm::ConnectionTrait;
    let now = jiff::Timestamp::now().as_microsecond();
    let sql = format!("UPDATE sessions SET created_at = {now}, active_at = {now}, proved_at = {now}");
    w.backend.db.execute_unprepared(&sql).await.unwrap();
    cookie
}
