//! Makes one typed function of each key. A key that only one language has, or whose placeholders differ, breaks the build.

// A build script reports by failing the build.
#![allow(clippy::panic, clippy::expect_used)]

use std::collections::BTreeMap;
use std::fmt::Write;

fn main() {
    println!("cargo::rerun-if-changed=de.toml");
    println!("cargo::rerun-if-changed=en.toml");
    let (de, en) = (read("de.toml"), read("en.toml"));
    for key in de.keys().chain(en.keys()) {
        assert!(de.contains_key(key) && en.contains_key(key), "key {key} stands in one language only");
    }
    let mut modules: BTreeMap<String, String> = BTreeMap::new();
    let mut lists: BTreeMap<String, String> = BTreeMap::new();
    for (key, german) in &de {
        let english = &en[key];
        let (module, name) = key.split_once('.').unwrap_or_else(|| panic!("{key}: keys stand in a table"));
        assert_eq!(placeholders(german), placeholders(english), "{key}: placeholders differ");
        let out = modules.entry(module.to_owned()).or_default();
        if name.ends_with("_one") {
            assert!(de.contains_key(key.trim_end_matches("_one")), "{key}: stands alone");
            continue;
        }
        let one = de.get(&format!("{key}_one")).zip(en.get(&format!("{key}_one")));
        function(out, name, german, english, one);
        if placeholders(german).is_empty() {
            // Names of values may be written with hyphens.
            let hyphens = name.replace('_', "-");
            let other = if hyphens == *name { String::new() } else { format!(" | {hyphens:?}") };
            let arm = format!("{name:?}{other} => {name}(l), ");
            lists.entry(module.to_owned()).or_default().push_str(&arm);
        }
    }
    let mut code = String::new();
    for (name, body) in modules {
        let arms = lists.remove(&name).unwrap_or_default();
        // Values of a list (a status, a role) are found by their name; `app` tests that each one has its word.
        let word = format!(
            "/// The word of a list's value; `?` where there is none.\n\
             pub fn word(l: Lang, of_value: &str) -> &'static str {{ match of_value {{ {arms}_ => \"?\" }} }}"
        );
        writeln!(code, "pub mod {name} {{ use crate::Lang;\n{body}\n{word}}}").expect("string");
    }
    let out = std::env::var("OUT_DIR").expect("OUT_DIR");
    std::fs::write(format!("{out}/words.rs"), code).expect("write words.rs");
}

fn read(file: &str) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(file).expect(file);
    let table: toml::Table = toml::from_str(&text).unwrap_or_else(|e| panic!("{file}: {e}"));
    let mut out = BTreeMap::new();
    for (module, words) in table {
        for (name, word) in words.as_table().unwrap_or_else(|| panic!("{file}: {module} is no table")) {
            let word = word.as_str().unwrap_or_else(|| panic!("{file}: {module}.{name} is no text"));
            out.insert(format!("{module}.{name}"), word.to_owned());
        }
    }
    out
}

fn placeholders(text: &str) -> Vec<String> {
    let mut out: Vec<String> =
        text.split('{').skip(1).filter_map(|p| p.split_once('}')).map(|(n, _)| n.to_owned()).collect();
    out.sort();
    out.dedup();
    out
}

/// `one` is what is said where `{n}` is 1.
fn function(out: &mut String, name: &str, german: &str, english: &str, one: Option<(&String, &String)>) {
    let args = placeholders(german);
    let singular = one.map_or_else(String::new, |(de, en)| {
        let (de, en) = (made(de), made(en));
        format!("let n = n.to_string(); if n == \"1\" {{ return match l {{ Lang::De => {de}, Lang::En => {en} }}; }}")
    });
    writeln!(out, "/// {}", german.replace('\n', " ")).expect("string");
    if args.is_empty() {
        writeln!(out, "pub fn {name}(l: Lang) -> &'static str {{ match l {{ Lang::De => {german:?}, Lang::En => {english:?} }} }}")
    } else {
        let list: String = args.iter().map(|a| format!(", {a}: impl std::fmt::Display")).collect();
        writeln!(out, "pub fn {name}(l: Lang{list}) -> String {{ {singular} match l {{ Lang::De => format!({german:?}), Lang::En => format!({english:?}) }} }}")
    }
    .expect("string");
}

/// The expression that makes a text.
fn made(text: &str) -> String {
    if placeholders(text).is_empty() { format!("{text:?}.to_owned()") } else { format!("format!({text:?})") }
}
