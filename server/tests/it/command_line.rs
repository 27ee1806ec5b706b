//! The binary as others rely on it: exit codes, storing and exporting, the same bytes from two processes.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("tomfolio-cli-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run(data: &Path, args: &[&str]) -> Output {
    // As an operator has it: nothing of the test run's own settings.
    let mut c = Command::new(env!("CARGO_BIN_EXE_tomfolio"));
    c.args(args).current_dir(data).env_remove("TOMFOLIO_TEST_POSTGRES");
    c.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_stored_document_comes_out_again_with_the_same_tree() {
    let f = Folder::new("store");
    f.file("probe.md", crate::world::SOURCE);
    let member = [
        "user",
        "invite",
        "--organisation",
        "Muster",
        "--email",
        "a@b.example",
        "--name",
        "A",
        "--role",
        "dpo",
    ];
    assert_eq!(run(&f.0, &member).status.code(), Some(0));
    let store = ["import", "probe.md", "--organisation", "Muster", "--document", "TOM Probe"];
    let stored = run(&f.0, &store);
    assert_eq!(stored.status.code(), Some(0), "{}", text(&stored.stderr));
    let id = text(&stored.stdout).trim().to_owned();
    assert!(id.starts_with("doc_"), "{id}");
    assert_eq!(run(&f.0, &store).status.code(), Some(1), "a second one of that title is refused");
    let by_id = run(&f.0, &["export", &id, "--format", "md"]);
    let by_title = run(&f.0, &["export", "TOM Probe", "--format", "md"]);
    assert_eq!(by_id.stdout, by_title.stdout);
    f.file("again.md", &text(&by_id.stdout));
    let tree = |file: &str| {
        let shown = run(&f.0, &["import", file, "--dry-run", "--json"]);
        let mut all: serde_json::Value = serde_json::from_slice(&shown.stdout).unwrap();
        forget_lines(&mut all["nodes"]);
        (all["title"].take(), all["nodes"].take())
    };
    assert_eq!(tree("probe.md"), tree("again.md"));
    assert_eq!(run(&f.0, &["fsck"]).status.code(), Some(0));
    assert_eq!(run(&f.0, &["audit", "verify"]).status.code(), Some(0));
}

fn forget_lines(v: &mut serde_json::Value) {
    for n in v.as_array_mut().unwrap() {
        n["line"] = 0.into();
        forget_lines(&mut n["children"]);
    }
}

#[test]
fn two_processes_render_the_same_bytes() {
    let f = Folder::new("render");
    f.file("probe.md", crate::world::SOURCE);
    for out in ["one.pdf", "two.pdf"] {
        let done = run(&f.0, &["render", "probe.md", "--out", out, "--date", "2026-11-22"]);
        assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    }
    let bytes = |name: &str| std::fs::read(f.0.join(name)).unwrap();
    assert!(bytes("one.pdf") == bytes("two.pdf"), "same input, date and fonts, different bytes");
}

#[test]
fn exit_codes_say_what_happened() {
    let f = Folder::new("codes");
    f.file("probe.md", crate::world::SOURCE);
    let table: [(&[&str], i32); 9] = [
        (&["import", "gone.md", "--dry-run"], 1),
        (&["import", "probe.md"], 2),
        (&["import", "probe.md", "--organisation", "Niemand", "--document", "x"], 1),
        (&["export", "Nichts", "--format", "md"], 1),
        (&["export", "Nichts", "--format", "docx"], 2),
        (&["verify", "probe.md"], 3),
        (&["verify", "gone.pdf"], 1),
        (&["render", "probe.md", "--out", "x.pdf", "--language", "fr"], 2),
        (&["nonsense"], 2),
    ];
    for (args, want) in table {
        let done = run(&f.0, args);
        assert_eq!(done.status.code(), Some(want), "{args:?}: {}", text(&done.stderr));
        assert!(want == 3 || !done.stderr.is_empty(), "{args:?} says nothing");
    }
    f.file("data/../tomfolio.toml", "");
    std::fs::create_dir_all(f.0.join("data")).unwrap();
    f.file("data/tomfolio.toml", "listn = \"127.0.0.1:1\"");
    let done = run(&f.0, &["fsck"]);
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).contains("listn"), "{}", text(&done.stderr));
}

#[test]
fn an_organisations_own_key_is_taken_with_its_password_only() {
    let f = Folder::new("key");
    std::fs::write(f.0.join("k.p12"), crate::world::pkcs12(&f.0)).unwrap();
    let member = [
        "user",
        "invite",
        "--organisation",
        "Muster",
        "--email",
        "a@b.example",
        "--name",
        "A",
        "--role",
        "dpo",
    ];
    assert_eq!(run(&f.0, &member).status.code(), Some(0));
    let take = |password: &str| {
        let mut c = Command::new(env!("CARGO_BIN_EXE_tomfolio"));
        c.args(["key", "take", "k.p12", "--organisation", "Muster"]).current_dir(&f.0);
        c.env_remove("TOMFOLIO_TEST_POSTGRES").env("TOMFOLIO_KEY_PASSWORD", password).output().unwrap()
    };
    assert_eq!(take("falsch").status.code(), Some(1));
    let done = take("geheim");
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    assert_eq!(run(&f.0, &["audit", "verify"]).status.code(), Some(0));
}
