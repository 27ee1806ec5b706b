//! The commands, step by step, each with its time.

use crate::front::{self, For};
use crate::setup::{postgres_bin, root, run, test_tools, wasm_target};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

fn cargo(args: &[&str]) -> Result<(), String> {
    run(Command::new("cargo").args(args))
}

/// `cargo xtask build`.
pub fn build(release: bool) -> Result<(), String> {
    wasm_target()?;
    front::build(if release { For::Release } else { For::Demo })?;
    println!("server …");
    let mut args = vec!["build", "--locked", "-p", "tomfolio-server"];
    if release {
        args.push("--release");
    }
    cargo(&args)
}

/// `cargo xtask serve`.
pub fn serve(rest: &[String]) -> Result<(), String> {
    build(false)?;
    let mut c = Command::new(root().join("target/debug/tomfolio"));
    c.arg("serve").args(rest);
    run(&mut c)
}

/// A step's outcome for the table.
struct Table(Vec<(&'static str, f32)>);

impl Table {
    fn step(&mut self, name: &'static str, work: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
        println!("\n=== {name}");
        let start = Instant::now();
        let done = work();
        self.0.push((name, start.elapsed().as_secs_f32()));
        done.map_err(|e| format!("{name}: {e}"))
    }
}

/// `cargo xtask test`.
pub fn test() -> Result<(), String> {
    let mut t = Table(Vec::new());
    let outcome = all(&mut t);
    println!("\n{:<44} seconds", "step");
    for (name, seconds) in &t.0 {
        println!("{name:<44} {seconds:7.1}");
    }
    outcome
}

const PURE: [&str; 2] = ["tomfolio-domain", "tomfolio-verify"];

fn all(t: &mut Table) -> Result<(), String> {
    t.step("set-up", || {
        wasm_target()?;
        test_tools()
    })?;
    t.step("format", || cargo(&["fmt", "--all", "--check"]))?;
    t.step("front end", || front::build(For::Tests))?;
    t.step("clippy, native", || cargo(&["clippy", "--locked", "--", "-D", "warnings"]))?;
    // In tests an unwrap is an assertion.
    t.step("clippy, tests and benchmarks", || {
        let calm = ["-A", "clippy::unwrap_used", "-A", "clippy::expect_used", "-A", "clippy::panic"];
        cargo(
            &[&["clippy", "--locked", "--tests", "--benches", "--", "-D", "warnings"], calm.as_slice()]
                .concat(),
        )
    })?;
    t.step("clippy, wasm32", || {
        cargo(&[
            "clippy",
            "--locked",
            "-p",
            "tomfolio-hydrate",
            "-p",
            "tomfolio-verify-web",
            "--target",
            "wasm32-unknown-unknown",
            "--target-dir",
            "target/front",
            "--profile",
            "wasm-dev",
            "--",
            "-D",
            "warnings",
        ])
    })?;
    t.step("domain and verify build for wasm32", || {
        PURE.iter().try_for_each(|p| {
            cargo(&[
                "build",
                "--locked",
                "-p",
                p,
                "--target",
                "wasm32-unknown-unknown",
                "--target-dir",
                "target/front",
                "--profile",
                "wasm-dev",
            ])
        })
    })?;
    t.step("binary", || cargo(&["build", "--locked", "-p", "tomfolio-server"]))?;
    let cluster = Cluster::start()?;
    t.step("tests", || {
        let mut c = Command::new("cargo");
        c.args(["test", "--locked", "--no-fail-fast"])
            .env("TOMFOLIO_TEST_POSTGRES", &cluster.url)
            .env("TOMFOLIO_BIN", root().join("target/debug/tomfolio"))
            // Journeys mostly wait for a browser: more of them than there are cores.
            .env("RUST_TEST_THREADS", "4");
        run(&mut c)
    })?;
    Ok(())
}

/// A throw-away PostgreSQL: own folder, socket only, gone with the run. `initdb` refuses root.
struct Cluster {
    url: String,
    dir: PathBuf,
    bin: PathBuf,
    as_postgres: bool,
}

impl Cluster {
    fn start() -> Result<Cluster, String> {
        let bin = postgres_bin().ok_or("no PostgreSQL")?;
        let as_postgres = Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout.starts_with(b"0"));
        let dir = std::env::temp_dir().join(format!("tomfolio-pg-{}", std::process::id()));
        std::fs::create_dir_all(&dir).map_err(|e| e.to_string())?;
        if as_postgres {
            run(Command::new("chown").arg("postgres").arg(&dir))?;
        }
        let c = Cluster {
            url: format!("postgres:///postgres?host={}&user=postgres", dir.display()),
            dir,
            bin,
            as_postgres,
        };
        c.tool(
            "initdb",
            &["-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale", "-D"],
            &c.dir.join("d"),
            &[],
        )?;
        let options =
            format!("-k {} -c listen_addresses='' -c fsync=off -c max_connections=200", c.dir.display());
        c.tool(
            "pg_ctl",
            &["-w", "-s", "-l", "/dev/null", "-o", &options, "-D"],
            &c.dir.join("d"),
            &["start"],
        )?;
        Ok(c)
    }

    fn tool(&self, name: &str, args: &[&str], data: &Path, rest: &[&str]) -> Result<(), String> {
        let mut c = if self.as_postgres {
            let mut c = Command::new("runuser");
            c.args(["-u", "postgres", "--"]).arg(self.bin.join(name));
            c
        } else {
            Command::new(self.bin.join(name))
        };
        run(c.args(args).arg(data).args(rest).stdout(std::process::Stdio::null()))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.tool("pg_ctl", &["-m", "immediate", "-s", "-D"], &self.dir.join("d"), &["stop"]);
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}
