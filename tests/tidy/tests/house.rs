//! The house's rules, asked of Cargo and of the files.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All crates that a package of ours reaches, without its tests.
fn tree(package: &str, extra: &[&str]) -> String {
    let out = Command::new(env!("CARGO"))
        .current_dir(root())
        .args([
            "tree",
            "--locked",
            "--offline",
            "-e",
            "normal",
            "--prefix",
            "none",
            "-f",
            "{p}",
            "-p",
            package,
        ])
        .args(extra)
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

fn reaches(tree: &str, name: &str) -> bool {
    tree.lines().any(|l| l.split(' ').next() == Some(name))
}

#[test]
fn edges_of_the_house_hold() {
    let web = ["axum", "hyper", "leptos", "tokio"];
    let database = ["sea-orm", "sqlx", "sqlx-core"];
    let cases: [(&str, Vec<&str>); 4] = [
        ("tomfolio-domain", [web.as_slice(), &database, &["getrandom"]].concat()),
        ("tomfolio-app", [database.as_slice(), &["tomfolio-backend", "tomfolio-verify"]].concat()),
        ("tomfolio-backend", vec!["axum", "leptos", "tomfolio-app"]),
        ("tomfolio-verify", [web.as_slice(), &database, &["tomfolio-domain", "getrandom"]].concat()),
    ];
    for (package, banned) in cases {
        let found = tree(package, &[]);
        for name in banned {
            assert!(!reaches(&found, name), "{package} reaches {name}");
        }
    }
    for name in ["rsa", "openssl", "aws-lc-rs", "native-tls"] {
        assert!(!reaches(&tree("tomfolio-server", &[]), name), "the server reaches {name}");
    }
}

fn sources(dir: &Path, out: &mut Vec<PathBuf>) {
    for e in std::fs::read_dir(dir).unwrap().flatten() {
        let (path, name) = (e.path(), e.file_name());
        if path.is_dir() && !matches!(name.to_str(), Some("target" | "node_modules" | ".git" | "data")) {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

#[test]
fn every_file_says_what_room_it_is_and_habits_hold() {
    let mut files = Vec::new();
    sources(&root(), &mut files);
    assert!(files.len() > 60);
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let shown = path.display();
        assert!(text.starts_with("//!"), "{shown} does not begin with //!");
        let unix = path.to_string_lossy().replace('\\', "/");
        if unix.contains("/app/src/") {
            assert!(
                unix.ends_with("components/fields.rs") || !text.contains("<textarea"),
                "{shown} has a textarea of its own"
            );
            assert!(
                unix.ends_with("context.rs") || !text.contains("#[cfg(feature"),
                "{shown} has cfg(feature)"
            );
            if unix.ends_with("/api.rs") {
                assert_eq!(
                    text.matches("#[server(").count(),
                    text.matches("#[server(endpoint").count() + text.matches("#[server(default)]").count(),
                    "{shown}"
                );
            }
        }
    }
}
