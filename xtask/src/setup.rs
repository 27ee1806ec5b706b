//! What a fresh machine lacks: the wasm target, and for tests PostgreSQL, Chromium and the PDF judges. As root on Debian
//! it is installed; elsewhere the missing thing is named.

use std::path::PathBuf;
use std::process::Command;

/// The repository's folder.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Runs a command in the repository, showing its output.
pub fn run(c: &mut Command) -> Result<(), String> {
    c.current_dir(root());
    let shown = format!("{c:?}");
    match c.status() {
        Ok(s) if s.success() => Ok(()),
        Ok(s) => Err(format!("{shown}: {s}")),
        Err(e) => Err(format!("{shown}: {e}")),
    }
}

fn works(program: &str, arg: &str) -> bool {
    Command::new(program).arg(arg).output().is_ok_and(|o| o.status.success())
}

/// The wasm target, by rustup.
pub fn wasm_target() -> Result<(), String> {
    let out = Command::new("rustup").args(["target", "list", "--installed"]).output();
    if out.is_ok_and(|o| String::from_utf8_lossy(&o.stdout).contains("wasm32-unknown-unknown")) {
        return Ok(());
    }
    run(Command::new("rustup").args(["target", "add", "wasm32-unknown-unknown"]))
}

/// PostgreSQL's own binaries stand outside PATH on Debian.
pub fn postgres_bin() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> =
        std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|e| e.path().join("bin")).collect();
    found.retain(|p| p.join("initdb").is_file());
    found.sort();
    found.pop()
}

/// A judge of PDFs, a mail server, S3-compatible storage, an OpenID provider, a judge of OpenAPI files.
const PACKAGES: [&str; 6] = [
    "pyhanko==0.38.0",
    "pyhanko-cli==0.6.0",
    "aiosmtpd==1.4.6",
    "moto[s3,server]==5.2.5",
    "oidc-provider-mock==0.3.4",
    "openapi-spec-validator==0.9.0",
];

/// Everything that the tests need beside cargo.
pub fn test_tools() -> Result<(), String> {
    debian_packages(&[
        ("postgresql", postgres_bin().is_some()),
        ("chromium", works("chromium", "--version")),
        ("chromium-driver", works("chromedriver", "--version")),
        ("poppler-utils", Command::new("pdfsig").arg("-v").output().is_ok()),
        ("qpdf", works("qpdf", "--version")),
        ("openssl", works("openssl", "version")),
        (
            "python3-venv",
            Command::new("python3")
                .args(["-c", "import ensurepip"])
                .output()
                .is_ok_and(|o| o.status.success()),
        ),
    ])?;
    let venv = root().join("target/venv");
    // What is installed stands beside it: a list that grew is installed again.
    let (installed, wanted) = (venv.join("packages"), PACKAGES.join("\n"));
    if std::fs::read_to_string(&installed).unwrap_or_default() != wanted {
        println!("installing Python packages …");
        run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
        run(Command::new(venv.join("bin/pip")).args(["install", "-q"]).args(PACKAGES))?;
        std::fs::write(&installed, wanted).map_err(|e| format!("{}: {e}", installed.display()))?;
    }
    node_tools()
}

/// wasm-opt and axe, in the versions of our own lock file: Debian's wasm-opt (108) numbers tables wrongly, and no browser
/// takes what it wrote.
pub fn node_tools() -> Result<(), String> {
    let there = |tool: &str| root().join("tests/e2e/node_modules").join(tool).exists();
    if there("axe-core/axe.min.js") && there(".bin/wasm-opt") {
        return Ok(());
    }
    debian_packages(&[("npm", works("npm", "--version"))])?;
    run(Command::new("npm").args(["ci", "--prefix", "tests/e2e", "--no-audit", "--no-fund"]))
}

/// Installs what is not there, as root on Debian; elsewhere says what is missing.
fn debian_packages(wanted: &[(&str, bool)]) -> Result<(), String> {
    let missing: Vec<&str> = wanted.iter().filter(|(_, there)| !there).map(|(name, _)| *name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let debian = std::path::Path::new("/etc/debian_version").exists();
    let root_user = Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout.starts_with(b"0"));
    if !(debian && root_user) {
        return Err(format!(
            "missing: {}; install these Debian packages (or what your system calls them)",
            missing.join(", ")
        ));
    }
    println!("installing {} …", missing.join(", "));
    run(Command::new("apt-get").args(["update", "-qq"]))?;
    run(Command::new("apt-get")
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["install", "-y", "-qq", "--no-install-recommends"])
        .args(&missing))
}
