//! Word and PDF files of other makers: each comes in to its golden tree, no word of it is lost, and hostile ones are refused.

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tomfolio_backend::adapters::extract::{Extractor, read};
use tomfolio_domain::import::{ImportError, Imported, Node, import_source};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents")
}

/// PDF is read by the portal's own program, which belongs to another package: its stories read PDF files.
fn nobody() -> Extractor {
    Extractor { program: "/nonexistent".into() }
}

fn imported(file: &Path) -> Imported {
    let source = read(&std::fs::read(file).unwrap(), &nobody()).unwrap();
    let found = import_source(&source, &[]).unwrap();
    assert!(found.account().balanced(), "{}: {:?}", file.display(), found.account());
    found
}

fn golden(n: &Node) -> Value {
    json!({
        "code": n.code, "kind": n.kind, "words": n.title.as_ref().or(n.text.as_ref()), "label": n.label, "scope": n.scope,
        "definition": n.definition, "children": n.children.iter().map(golden).collect::<Vec<_>>(),
    })
}

#[test]
fn every_word_document_equals_its_golden_tree() {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder())
        .unwrap()
        .map(|f| f.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "docx"))
        .collect();
    files.sort();
    assert!(files.len() >= 8);
    let mut wrong = Vec::new();
    for file in files {
        let found = imported(&file);
        let listed: Vec<Value> =
            found.not_taken.iter().map(|n| json!({"text": n.text, "reason": n.reason})).collect();
        let got = json!({
            "title": found.title, "nodes": found.nodes.iter().map(golden).collect::<Vec<_>>(), "not_taken": listed,
        });
        let mut want: Value =
            serde_json::from_slice(&std::fs::read(file.with_extension("json")).unwrap()).unwrap();
        want.as_object_mut().unwrap().remove("language");
        if got != want {
            let lines = |v: &Value| serde_json::to_string_pretty(v).unwrap();
            let diff = similar::TextDiff::from_lines(lines(&want).as_str(), lines(&got).as_str())
                .unified_diff()
                .context_radius(3)
                .header("golden", "found")
                .to_string();
            let source = read(&std::fs::read(&file).unwrap(), &nobody()).unwrap();
            wrong.push(format!("{}\n{diff}\n{}", file.display(), source.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

fn docx(document: &str) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(document.as_bytes()).unwrap();
    zip.finish().unwrap().into_inner()
}

fn refused(bytes: &[u8]) -> ImportError {
    read(bytes, &nobody()).unwrap_err()
}

#[test]
fn hostile_and_broken_files_are_refused_with_their_reason() {
    let body = |inner: &str| format!("<w:document xmlns:w=\"w\"><w:body>{inner}</w:body></w:document>");
    assert!(read(&docx(&body("<w:p><w:r><w:t>Wort</w:t></w:r></w:p>")), &nobody()).is_ok());
    // Sixty megabytes of blanks pack to sixty kilobytes.
    assert_eq!(refused(&docx(&body(&" ".repeat(60_000_000)))), ImportError::Bomb);
    assert_eq!(refused(&docx(&body(&"<w:sdt>".repeat(100_000)))), ImportError::Bomb);
    let laughs = "<!DOCTYPE w [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><w:document><w:body>&b;</w:body></w:document>";
    assert_eq!(refused(&docx(laughs)), ImportError::Bomb);
    assert_eq!(refused(&docx(&body("<w:p><w:r><w:t>&b;</w:t></w:r></w:p>"))), ImportError::Damaged);
    assert_eq!(refused(&docx(&body("<w:p><w:r><w:t>x</w:r></w:p>"))), ImportError::Damaged);
    assert_eq!(refused(&docx(&body(""))), ImportError::NoText);
    assert_eq!(refused(b"PK\x03\x04 no archive at all"), ImportError::Damaged);
    assert_eq!(refused(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1]), ImportError::OldWord);
    assert_eq!(refused(b"\xff\xfe\x00T"), ImportError::NotText);
    let whole = std::fs::read(folder().join("headings.docx")).unwrap();
    assert_eq!(refused(&whole[..whole.len() / 2]), ImportError::Damaged);
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
    assert_eq!(refused(&zip.finish().unwrap().into_inner()), ImportError::NotText);
}
