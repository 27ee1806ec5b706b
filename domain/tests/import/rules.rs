//! Documents of other wording and other nesting: the importer's rules are general.

use crate::{read, shape};
use tomfolio_domain::import::{ImportError, Kind, Node, NotTakenReason, RepairKind, import, to_markdown};

#[test]
fn english_headings_by_markdown_level_without_numbers() {
    let found = read(
        "# Security measures\n\n## Confidentiality\n\n### Physical access\n\n_Keep strangers out._\n\nProcessing of own data: Doors are locked.\n\nProcessing of customer data:\n\n* Visitors: Visitors are accompanied.\n* Badges are worn.\n\n## Availability\n\n### Backup\n\nDaily, kept for 30 days.\n",
    );
    assert_eq!(found.title, "Security measures");
    assert_eq!(
        shape(&found),
        [
            "A section Confidentiality",
            "A.1 goal Physical access",
            "- scope Processing of own data",
            "A.1.E1 statement Doors are locked.",
            "- scope Processing of customer data",
            "A.1.K1 measure Visitors: Visitors are accompanied.",
            "A.1.K2 measure Badges are worn.",
            "B section Availability",
            "B.1 goal Backup",
            "B.1.X1 statement Daily, kept for 30 days.",
        ]
    );
    assert_eq!(found.nodes[0].children[0].definition.as_deref(), Some("Keep strangers out."));
}

#[test]
fn plain_sections_with_bullets_page_numbers_and_repeated_heads() {
    let found = read(
        "Datenschutz bei der Probe GmbH\n\n1. Zutritt\n- Türen sind verschlossen.\n- Besucher tragen Aus-\nweise.\n\nProbe GmbH vertraulich\n\nSeite 1 von 3\n\n2. Sicherung\n- Täglich, siehe Konzept.\n\nProbe GmbH vertraulich\n\nSeite 2 von 3\n\n3. Löschung\n- Nach 90 Tagen.\n\nProbe GmbH vertraulich\n\nSeite 3 von 3\n",
    );
    assert_eq!(
        shape(&found),
        [
            "1 section Zutritt",
            "1.a measure Türen sind verschlossen.",
            "1.b measure Besucher tragen Ausweise.",
            "2 section Sicherung",
            "2.a measure Täglich, siehe Konzept.",
            "3 section Löschung",
            "3.a measure Nach 90 Tagen.",
        ]
    );
    let reasons: Vec<_> = found.not_taken.iter().map(|n| n.reason).collect();
    assert_eq!(reasons.iter().filter(|r| **r == NotTakenReason::PageNumber).count(), 3);
    assert_eq!(reasons.iter().filter(|r| **r == NotTakenReason::RepeatedLine).count(), 3);
}

#[test]
fn upper_letters_and_numbers_in_plain_text_are_sections_and_goals() {
    let found = read(
        "TOM der Beispiel eG\n\nA. Vertraulichkeit\n\n1. Zutrittskontrolle\n- Die Türen sind zu.\n\n2. Zugangskontrolle\n- Kennwörter haben 12 Zeichen.\n\nB. Integrität\n\n1. Weitergabekontrolle\n- Nur über TLS.\n",
    );
    assert_eq!(
        shape(&found),
        [
            "A section Vertraulichkeit",
            "A.1 goal Zutrittskontrolle",
            "A.1.X1 measure Die Türen sind zu.",
            "A.2 goal Zugangskontrolle",
            "A.2.X1 measure Kennwörter haben 12 Zeichen.",
            "B section Integrität",
            "B.1 goal Weitergabekontrolle",
            "B.1.X1 measure Nur über TLS.",
        ]
    );
}

#[test]
fn bold_paragraphs_are_headings_where_nothing_else_is() {
    let found = read(
        "Maßnahmen der Probe AG\n\n**Zutrittskontrolle**\n\n- Alarmanlage\n- Werkschutz\n\n**Datensicherung**\n\n- Bandsicherung: jede Nacht\n",
    );
    assert_eq!(found.title, "Maßnahmen der Probe AG");
    assert_eq!(
        shape(&found),
        [
            "1 section Zutrittskontrolle",
            "1.a measure Alarmanlage",
            "1.b measure Werkschutz",
            "2 section Datensicherung",
            "2.a measure Bandsicherung: jede Nacht",
        ]
    );
}

#[test]
fn short_paragraphs_above_an_emphasised_definition_are_headings() {
    let found = read(
        "Unsere Maßnahmen\n\nZutrittskontrolle\n\n*Unbefugte kommen nicht hinein.*\n\n- Alarmanlage\n\nZugangskontrolle\n\n*Unbefugte melden sich nicht an.*\n\n- Zweiter Faktor\n",
    );
    assert_eq!(
        shape(&found),
        [
            "1 section Zutrittskontrolle",
            "1.a measure Alarmanlage",
            "2 section Zugangskontrolle",
            "2.a measure Zweiter Faktor"
        ]
    );
    assert_eq!(found.nodes[1].definition.as_deref(), Some("Unbefugte melden sich nicht an."));
}

#[test]
fn letters_to_i_are_letters_and_roman_numbers_nest_below_them() {
    let letters: String = ('a'..='j').map(|c| format!("{c}. Punkt {c}.\n")).collect();
    let found = read(&format!(
        "T\n\n1. Eins\n{letters}2. Zwei\na. Hosting\ni. Erstens.\nii. Zweitens.\nb. Schluss.\n"
    ));
    let codes: Vec<_> = found.leaves().iter().map(|n| n.code.clone().unwrap()).collect();
    assert_eq!(
        codes,
        ["1.a", "1.b", "1.c", "1.d", "1.e", "1.f", "1.g", "1.h", "1.i", "1.j", "2.a.i", "2.a.ii", "2.b"]
    );
    assert_eq!(found.nodes[1].children[0].kind, Kind::Scope);
}

#[test]
fn an_undone_repair_leaves_the_source_as_it_stands() {
    let text = "T\n\n1. Eins\na. Wir ver-\nschlüsseln.\n";
    let found = read(text);
    let repair = found.repairs.iter().find(|r| r.kind == RepairKind::Dehyphenate).unwrap();
    assert_eq!(found.leaves()[0].text.as_deref(), Some("Wir verschlüsseln."));
    let undone = import(text.as_bytes(), &[repair.key()]).unwrap();
    assert_eq!(undone.leaves()[0].text.as_deref(), Some("Wir ver- schlüsseln."));
    assert_eq!(undone.repairs.len(), found.repairs.len(), "an undone repair is still listed");
}

#[test]
fn what_cannot_be_read_is_a_clear_error() {
    let table: [(&[u8], ImportError); 3] = [
        (b"\xff\xfe", ImportError::NotUtf8(0)),
        (b"a\0b", ImportError::NotText),
        (b"  \n", ImportError::Empty),
    ];
    for (bytes, want) in table {
        assert_eq!(import(bytes, &[]), Err(want));
    }
    assert!(matches!(import(&vec![b'a'; 10_000_001], &[]), Err(ImportError::TooLarge(_))));
}

#[test]
fn fixtures_survive_export_and_import_again() {
    for text in [include_str!("../fixtures/nine.txt"), include_str!("../fixtures/abcd.md")] {
        let found = read(text);
        let again = read(&to_markdown(&found.title, found.scheme, &found.nodes));
        assert_eq!(shape(&again), shape(&found));
    }
}

#[test]
fn a_list_under_a_label_goes_out_as_a_list() {
    let mut found = read(include_str!("../fixtures/abcd.md"));
    fn first(nodes: &mut [Node]) -> Option<&mut Node> {
        nodes.iter_mut().find_map(|n| if n.kind == Kind::Measure { Some(n) } else { first(&mut n.children) })
    }
    let m = first(&mut found.nodes).unwrap();
    (m.label, m.text) = (Some("Anmeldung".into()), Some("- Karte\n- Kennwort".into()));
    let out = to_markdown(&found.title, found.scheme, &found.nodes);
    assert!(out.contains("- Anmeldung:\n  - Karte\n  - Kennwort\n"), "{out}");
}

#[test]
fn a_pdf_is_no_text_document() {
    let file = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n";
    assert_eq!(import(file, &[]), Err(ImportError::NotText));
}

#[test]
fn markers_inside_bold_labels_and_letters_in_brackets_are_items() {
    let found = read(
        "# Maßnahmen\n\n## 1) Zugang\n\n**a) Kennwörter:** mindestens zehn Zeichen.\n**b) Sperre:** nach 5 Minuten.\n\n(c) Rollen: siehe Anlage.\n\n## 2) Sicherung\n\nTäglich.\n",
    );
    assert_eq!(
        shape(&found),
        [
            "1 section Zugang",
            "1.a measure Kennwörter: mindestens zehn Zeichen.",
            "1.b measure Sperre: nach 5 Minuten.",
            "1.c measure Rollen: siehe Anlage.",
            "2 section Sicherung",
            "2.a statement Täglich.",
        ]
    );
    assert_eq!(found.nodes[0].definition, None);
}

#[test]
fn words_before_the_first_heading_quotes_and_underlined_titles_come_in_and_go_out_again() {
    let found = read(
        "TOM der Schlosserei\n===================\n\nHinweis: Entwurf von Frau Öztürk.\n\n## A. Vertraulichkeit\n\n**a) Türen:** verschlossen.\n(a) Schlüsselbuch\n(b) Besucherbuch\n\n## B. Verfügbarkeit\n\n- Feuerlöscher\n> Anmerkung: Rauchmelder fehlt.\n> Nachrüsten!\n\n- Datensicherung\n",
    );
    assert_eq!(found.title, "TOM der Schlosserei");
    let want = [
        "- statement Hinweis: Entwurf von Frau Öztürk.",
        "1 section Vertraulichkeit",
        "1.a measure Türen: verschlossen.\n\n- Schlüsselbuch\n- Besucherbuch",
        "2 section Verfügbarkeit",
        "2.a measure Feuerlöscher",
        "2.b statement > Anmerkung: Rauchmelder fehlt. Nachrüsten!",
        "2.c measure Datensicherung",
    ];
    assert_eq!(shape(&found), want);
    let again = read(&to_markdown(&found.title, found.scheme, &found.nodes));
    assert_eq!(again.title, found.title);
    assert_eq!(shape(&again)[..2], want[..2], "nothing before the first heading is lost, and numbers stay");
    assert_eq!(shape(&again).len(), want.len(), "{:#?}", shape(&again));
}

#[test]
fn what_nobody_wrote_by_hand_is_refused_at_once() {
    let wide = format!("|{}|\n", "x|".repeat(60));
    assert_eq!(import(wide.as_bytes(), &[]), Err(ImportError::TooWide { line: 1 }));
    assert_eq!(import("a\n".repeat(200_002).as_bytes(), &[]), Err(ImportError::TooManyLines));
}
