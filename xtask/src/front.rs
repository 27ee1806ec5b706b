//! The front end: cargo for wasm32, wasm-bindgen as a library (so its version can never differ), hashed names,
//! compressed twins, `assets.json`. No cargo-leptos: its install alone is longer than our whole test run.

use crate::setup::{node_tools, root, run};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::Path;
use std::process::Command;

/// What the front end is built for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// Quick to build.
    Demo,
    /// Through wasm-opt as a release is, or the journeys would not see what it does to a module.
    Tests,
    Release,
}

/// Builds `target/site`.
pub fn build(what: For) -> Result<(), String> {
    let release = what == For::Release;
    let profile = if release { "wasm-release" } else { "wasm-dev" };
    let level = match what {
        For::Demo => None,
        For::Tests => Some("-O0"),
        For::Release => Some("-Oz"),
    };
    if level.is_some() {
        node_tools()?;
    }
    println!("front end ({profile}) …");
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--locked", "-p", "tomfolio-hydrate", "-p", "tomfolio-verify-web"]);
    cargo.args(["--target", "wasm32-unknown-unknown", "--target-dir", "target/front", "--profile", profile]);
    run(&mut cargo)?;
    let desk = bind("tomfolio_hydrate", profile, level)?;
    let check = bind("tomfolio_verify_web", profile, level)?;
    let site = root().join("target/site");
    let _ = std::fs::remove_dir_all(&site);
    std::fs::create_dir_all(site.join("pkg")).map_err(text)?;
    let css = std::fs::read(root().join("style/main.css")).map_err(text)?;
    let files = [
        ("css", "css", &css),
        ("js", "js", &desk.0),
        ("wasm", "wasm", &desk.1),
        ("check_js", "js", &check.0),
        ("check_wasm", "wasm", &check.1),
    ];
    let names = files.map(|(key, kind, bytes)| {
        let name = format!("pkg/tomfolio.{}.{kind}", &hex::encode(Sha256::digest(bytes))[..16]);
        (key, name, bytes)
    });
    let mut map = serde_json::Map::new();
    for (key, name, bytes) in names {
        put(&site.join(&name), bytes, release)?;
        map.insert(key.into(), format!("/{name}").into());
    }
    std::fs::write(site.join("assets.json"), serde_json::to_vec(&map).map_err(text)?).map_err(text)?;
    for file in
        std::fs::read_dir(root().join("public")).map_err(text)?.flatten().filter(|f| f.path().is_file())
    {
        std::fs::copy(file.path(), site.join(file.file_name())).map_err(text)?;
    }
    if release {
        for (name, key, (_, wasm)) in [("desk", "wasm", &desk), ("check", "check_wasm", &check)] {
            let twin = map.get(key).and_then(|n| n.as_str()).map(|n| site.join(format!("{}.br", &n[1..])));
            let small = twin.and_then(|p| std::fs::metadata(p).ok()).map_or(0, |m| m.len());
            println!("  {name}: wasm {} bytes, brotli {small} bytes", wasm.len());
        }
    }
    Ok(())
}

/// The browser's side of a wasm crate: its script and its module.
fn bind(name: &str, profile: &str, level: Option<&str>) -> Result<(Vec<u8>, Vec<u8>), String> {
    let wasm = root().join(format!("target/front/wasm32-unknown-unknown/{profile}/{name}.wasm"));
    let out = root().join("target/front/bindgen");
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    bindgen.input_path(&wasm).web(true).map_err(text)?.typescript(false).generate(&out).map_err(text)?;
    let module = out.join(format!("{name}_bg.wasm"));
    if let Some(level) = level {
        optimise(&module, level)?;
    }
    let read = |path: &Path| std::fs::read(path).map_err(text);
    Ok((read(&out.join(format!("{name}.js")))?, read(&module)?))
}

fn text(e: impl std::fmt::Display) -> String {
    e.to_string()
}

/// binaryen's wasm-opt of our own lock file.
fn optimise(module: &Path, level: &str) -> Result<(), String> {
    let mut c = Command::new(root().join("tests/e2e/node_modules/.bin/wasm-opt"));
    c.args([
        level,
        "--enable-bulk-memory",
        "--enable-nontrapping-float-to-int",
        "--enable-sign-ext",
        "--enable-mutable-globals",
        "--enable-reference-types",
        "--enable-multivalue",
        "-o",
    ])
    .arg(module)
    .arg(module);
    run(&mut c)
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
    let _ = brotli::BrotliCompress(&mut &bytes[..], &mut out, &params);
    out
}

fn put(path: &Path, bytes: &[u8], compress: bool) -> Result<(), String> {
    std::fs::write(path, bytes).map_err(text)?;
    if compress {
        std::fs::write(format!("{}.br", path.display()), brotli(bytes)).map_err(text)?;
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gz.write_all(bytes).map_err(text)?;
        std::fs::write(format!("{}.gz", path.display()), gz.finish().map_err(text)?).map_err(text)?;
    }
    Ok(())
}
