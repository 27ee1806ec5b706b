//! What the main job costs, one step each: import, render, seal, verify, and how fast Markdown bombs are refused.
//! The seeds where they are there (`TOMFOLIO_SEEDS`, else `../shared/seeds`), else our own fixture.

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tomfolio_backend::adapters::{pdf, seal};
use tomfolio_domain::import::changes::{self, Change, NodeKey, Op};
use tomfolio_domain::lint::{self, Document, Measure};
use tomfolio_domain::{canonical, import, markdown, outline, promises};

fn sources() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let seeds =
        std::env::var_os("TOMFOLIO_SEEDS").map_or_else(|| root.join("../shared/seeds"), PathBuf::from);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(seeds).into_iter().flatten().flatten().map(|e| e.path()).collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "txt" || e == "md"));
    files.sort();
    let mut out: Vec<(String, Vec<u8>)> = files
        .iter()
        .enumerate()
        .map(|(i, p)| (format!("seed {}", i + 1), std::fs::read(p).unwrap()))
        .collect();
    if out.is_empty() {
        eprintln!("no seeds: measuring our own fixture");
        out.push(("fixture".into(), std::fs::read(root.join("domain/tests/fixtures/abcd.md")).unwrap()));
    }
    out
}

fn main_job(c: &mut Criterion) {
    let key = seal::new_organisation_key("Muster Systeme GmbH", 1_795_000_000).unwrap();
    for (name, bytes) in sources() {
        c.bench_function(&format!("import {name}"), |b| {
            b.iter(|| import::import(black_box(&bytes), &[]).unwrap())
        });
        let found = import::import(&bytes, &[]).unwrap();
        let o = outline::of_import(&found, "Muster", "de", "22.11.2026", canonical::sha256_hex(&bytes));
        c.bench_function(&format!("render {name}"), |b| b.iter(|| pdf::render(black_box(&o)).unwrap()));
        let file = pdf::render(&o).unwrap();
        c.bench_function(&format!("seal {name}"), |b| {
            b.iter(|| seal::seal(black_box(&file), &key, "Muster", "20261122100000").unwrap())
        });
        let sealed = seal::seal(&file, &key, "Muster", "20261122100000").unwrap();
        println!("{name}: PDF {} bytes, sealed {} bytes", file.len(), sealed.len());
        c.bench_function(&format!("verify {name}"), |b| {
            b.iter(|| assert!(tomfolio_verify::verify(black_box(&sealed), &key.chain).ok()))
        });
    }
}

/// A document of 5,000 items in a hundred sections: the largest that comes in.
fn large(c: &mut Criterion) {
    let mut text = String::from("# Maßnahmen\n");
    for section in 1..=100 {
        text += &format!("\n## {section}. Abschnitt\n\n");
        for item in 0..49 {
            text += &format!(
                "- Bezeichnung {item}: Die Einrichtung {section} wird jährlich geprüft, das Ergebnis wird aufge-\nzeichnet.\n"
            );
        }
    }
    let found = import::import(text.as_bytes(), &[]).unwrap();
    assert_eq!(found.node_count(), 5_000);
    println!("5,000 items: {} bytes, {} repairs", text.len(), found.repairs.len());
    c.bench_function("import 5,000 items", |b| {
        b.iter(|| import::import(black_box(text.as_bytes()), &[]).unwrap())
    });
    let change = |line| Change { at: NodeKey { line, nth: 0 }, op: Op::Kind(import::Kind::Statement) };
    let changes: Vec<Change> = (0..100).map(|n| change(5 + n * 50)).collect();
    c.bench_function("100 changes by hand on 5,000 items", |b| {
        b.iter(|| changes::apply(found.clone(), black_box(&changes)))
    });
}

/// The quality hints: of one text while somebody types it, of the seeds, and of 10,000 measures (150 documents' worth of seed 2).
fn hints(c: &mut Criterion) {
    let today = jiff::civil::date(2026, 11, 23);
    for (name, bytes) in sources() {
        let found = import::import(&bytes, &[]).unwrap();
        let measure = |n: &&import::Node| Measure {
            code: n.code.clone().unwrap_or_default(),
            label: n.label.clone().unwrap_or_default(),
            text: n.text.clone().unwrap_or_default(),
            goals: Vec::new(),
            scope: n.scope,
        };
        let measures: Vec<Measure> = found.leaves().iter().map(measure).collect();
        let of = |measures: Vec<Measure>| Document { measures, ..Document::default() };
        let one = of(measures.clone());
        c.bench_function(&format!("hints {name}"), |b| b.iter(|| lint::of_document(black_box(&one), today)));
        c.bench_function(&format!("hints of a text, {name}"), |b| {
            let longest = measures.iter().max_by_key(|m| m.text.len()).unwrap();
            b.iter(|| lint::of_text(&longest.label, black_box(&longest.text), today))
        });
        c.bench_function(&format!("promises {name}"), |b| {
            b.iter(|| measures.iter().map(|m| promises::find(&m.label, &m.text).len()).sum::<usize>())
        });
        if name == "seed 2" {
            let many = of(measures.iter().cycle().take(10_000).cloned().collect());
            let once = std::time::Instant::now();
            let count = lint::of_document(&many, today).len();
            println!("hints of 10,000 measures: {count} in {:?}, once", once.elapsed());
        }
    }
}

/// The corpus of the trust notes: each must be refused in under 50 ms.
fn bombs(c: &mut Criterion) {
    let wide = format!(
        "|{}\n|{}\n{}",
        "a|".repeat(1_000),
        "-|".repeat(1_000),
        format!("|{}\n", "b|".repeat(1_000)).repeat(28)
    );
    let corpus = [
        ("quotes", ">".repeat(60_000)),
        ("lists", "- ".repeat(32_000)),
        ("numbered lists", "1. ".repeat(20_000)),
        ("emphasis", "*a ".repeat(21_000)),
        ("brackets", "[".repeat(64_000)),
        ("links", "[a](b".repeat(12_000)),
        ("backticks", (1..350).map(|n| "`".repeat(n) + " ").collect()),
        ("table", wide),
        ("references", "[a]: b\n".repeat(9_000)),
        ("entities", "&amp;".repeat(13_000)),
        ("too long", "x".repeat(200_000)),
    ];
    for (name, text) in corpus {
        c.bench_function(&format!("bomb {name}"), |b| b.iter(|| markdown::check(black_box(&text))));
    }
}

criterion_group! {
    name = all;
    config = Criterion::default().sample_size(20).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    targets = main_job, large, hints, bombs
}
criterion_main!(all);
