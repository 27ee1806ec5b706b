//! Properties over generated documents: the account adds up, and what was exported comes in again as it was.

use crate::{account, timeless};
use proptest::prelude::*;
use tomfolio_domain::import::{ImportError, Kind, Node, import, to_markdown};

/// Words of a line: ordinary ones, and those that look like something else.
fn words() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        8 => prop::sample::select(vec![
            "Zutritt", "Türen", "sind", "verschlossen", "alle", "Schlüssel", "Backup", "täglich", "Protokoll", "die", "nach",
            "90", "Tagen", "14", "Generationen", "Personal", "Server", "E-Mail", "GmbH", "Größe",
        ]),
        2 => prop::sample::select(vec![
            "d. h.", "z. B.", "99,95 %", "Art. 32", "§ 203", "(intern)", "a)", "Entwicklungs-,", "7x24", "**wichtig**", "*Hinweis*",
            "i.", "1.2", "A.", "ca.", "–", "und/oder", "„so“", "USV's", "50%", "<b>", "`code`", "ver-", "schlüsselt:",
        ]),
    ];
    prop::collection::vec(word, 1..7).prop_map(|w| w.join(" "))
}

fn line() -> impl Strategy<Value = String> {
    let marker = prop::sample::select(vec![
        "",
        "",
        "",
        "- ",
        "* ",
        "– ",
        "a. ",
        "b. ",
        "i. ",
        "ii. ",
        "1. ",
        "2. ",
        "3. ",
        "A. ",
        "B. ",
        "1.1 ",
        "a) ",
        "(a) ",
        "# ",
        "## ",
        "## A. ",
        "### 1. ",
        "### ",
        "  - ",
        "    - ",
        "- [x] ",
        "- [ ] ",
        "☒ ",
        "☐ ",
        "> ",
        "| ",
        "|---|---|",
        "",
        "   ",
    ]);
    let end = prop::sample::select(vec!["", ".", ":", "  ", " |", "-", ";", " ☐ Video"]);
    prop_oneof![
        6 => (marker, words(), end).prop_map(|(m, w, e)| format!("{m}{w}{e}")),
        2 => Just(String::new()),
        1 => prop::sample::select(vec![
            "Seite 1 von 3", "---", "===", "Stand: März 2024", "| Maßnahme | Umsetzung | Status |", "|---|---|---|",
            "| Tür | zu | ja |", "| Technische Maßnahmen | Organisatorische Maßnahmen |", "Verarbeitung eigener Daten:",
            "Verarbeitung von Kundendaten: Alles ist zu.", "*Eine Definition.*", "**Label:** Text", "```", "<!-- weg -->", "Hosting",
        ]).prop_map(str::to_owned),
    ]
}

fn document() -> impl Strategy<Value = String> {
    prop::collection::vec(line(), 1..40).prop_map(|l| l.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn every_character_of_any_document_is_accounted_for(text in document()) {
        match import(text.as_bytes(), &[]) {
            Ok(found) => prop_assert!(account::check(&text, &found).is_ok(), "{}\n{text}\n{found:#?}", account::check(&text, &found).unwrap_err()),
            Err(ImportError::Empty | ImportError::TooDeep { .. }) => {}
            Err(e) => prop_assert!(false, "{e}"),
        }
    }

    #[test]
    fn a_generated_tree_comes_in_as_it_was_made_and_goes_out_and_in_again(made in tree(), dialect in dialect()) {
        let text = write(&made, dialect);
        let found = import(text.as_bytes(), &[]).unwrap();
        prop_assert_eq!(account::check(&text, &found), Ok(()), "{}", text);
        prop_assert_eq!(outline(&found.nodes), expected(&made, dialect), "{}", text);
        let out = to_markdown(&found.title, found.scheme, &found.nodes);
        let again = import(out.as_bytes(), &[]).unwrap();
        prop_assert_eq!(timeless(&again.nodes), timeless(&found.nodes), "{}\n----\n{}", text, out);
        prop_assert_eq!(again.title, found.title, "{}\n----\n{}", text, out);
    }
}

/// A document as somebody means it: sections, perhaps goals in them, perhaps scopes, perhaps groups, then leaves.
#[derive(Clone, Debug)]
struct Made {
    sections: Vec<(String, Vec<Part>)>,
}

#[derive(Clone, Debug)]
enum Part {
    Measures(Vec<(Option<String>, String)>),
    Group(String, Vec<(Option<String>, String)>),
    Statement(String),
}

/// How it is written down.
#[derive(Clone, Copy, Debug)]
struct Dialect {
    plain: bool,
    goals: bool,
    bullet: &'static str,
    bold_labels: bool,
    crlf: bool,
    wrapped: bool,
}

fn dialect() -> impl Strategy<Value = Dialect> {
    let yes = any::<bool>;
    (yes(), yes(), prop::sample::select(vec!["-", "*", "•"]), yes(), yes(), yes()).prop_map(
        |(plain, goals, bullet, bold_labels, crlf, wrapped)| Dialect {
            plain,
            goals,
            bullet,
            bold_labels,
            crlf,
            wrapped,
        },
    )
}

/// A sentence as TOM documents have it, with what importers trip over.
fn sentence() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "Türen",
        "sind",
        "z. B.",
        "d. h.",
        "verschlossen,",
        "alle",
        "90",
        "Tage",
        "14",
        "Generationen",
        "E-Mail",
        "und/oder",
        "(intern)",
        "Art. 32 Abs. 1",
        "lit. b",
        "§ 203",
        "„so“",
        "USV's",
        "99,95 %",
        "7x24",
        "**wichtig**",
        "Entwicklungs-, Test-",
        "a) erstens",
        "a|b",
        "[x]",
        "1.2",
        "i. d. R.",
        "14:30 Uhr",
    ]);
    let start = prop::sample::select(vec![
        "Die", "Alle", "Wir", "Nur", "Zutritt", "1. Wer", "- So", "# Was", "> Wie", "| Wo", "(a) Wann",
    ]);
    (start, prop::collection::vec(word, 6..14)).prop_map(|(s, w)| format!("{s} {}.", w.join(" ")))
}

fn heading() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "Zutrittskontrolle",
        "Verschlüsselung und Hashing",
        "Physical access",
        "Verfügbarkeit (Art. 32 Abs. 1 lit. b)",
        "Löschung",
        "Backup & Recovery",
        "Auftragskontrolle – Dienstleister",
    ])
    .prop_map(str::to_owned)
}

fn label() -> impl Strategy<Value = Option<String>> {
    prop::option::of(
        prop::sample::select(vec![
            "Backup",
            "Türen und Tore",
            "Kennwörter (intern)",
            "Log-Dateien",
            "USV, Diesel",
        ])
        .prop_map(str::to_owned),
    )
}

fn measures() -> impl Strategy<Value = Vec<(Option<String>, String)>> {
    prop::collection::vec((label(), sentence()), 1..4)
}

fn tree() -> impl Strategy<Value = Made> {
    let part = prop_oneof![
        3 => measures().prop_map(Part::Measures),
        1 => (prop::sample::select(vec!["Im Rechenzentrum", "Es gilt"]), measures()).prop_map(|(t, m)| Part::Group(t.to_owned(), m)),
    ];
    // A statement stands alone: between others it could be read as a definition or as a lead-in, and that is right.
    let parts = prop_oneof![
        4 => prop::collection::vec(part, 1..3).prop_map(tidy),
        1 => sentence().prop_map(|s| vec![Part::Statement(s)]),
    ];
    prop::collection::vec((heading(), parts), 1..5).prop_map(|sections| Made { sections })
}

/// What comes after a group's list belongs to the group: groups last.
fn tidy(mut parts: Vec<Part>) -> Vec<Part> {
    parts.sort_by_key(|p| matches!(p, Part::Group(..)));
    parts
}

/// Writes the document down in a dialect.
fn write(made: &Made, d: Dialect) -> String {
    let mut out =
        String::from(if d.plain { "Maßnahmen der Probe AG\n" } else { "# Maßnahmen der Probe AG\n" });
    if d.goals {
        out += if d.plain { "\nA. Alles\n" } else { "\n## A. Alles\n" };
    }
    for (i, (title, parts)) in made.sections.iter().enumerate() {
        let marks = if d.plain {
            ""
        } else if d.goals {
            "### "
        } else {
            "## "
        };
        out += &format!("\n{marks}{}. {title}\n\n", i + 1);
        let mut letter = 'a';
        for part in parts {
            let (group, list) = match part {
                Part::Statement(text) => {
                    out += &format!("{}\n", d.wrap(&escaped(text), ""));
                    continue;
                }
                Part::Measures(list) => (None, list),
                Part::Group(title, list) => (Some(title), list),
            };
            let lettered = d.plain && !d.goals;
            match group {
                Some(title) if lettered => {
                    out += &format!("{letter}. {title}:\n");
                    letter = next(letter);
                }
                Some(title) => out += &format!("\n{title}:\n\n"),
                None => {}
            }
            for (n, (label, text)) in list.iter().enumerate() {
                let marker = match (lettered, group) {
                    (true, Some(_)) => format!("{}.", ["i", "ii", "iii", "iv"][n]),
                    (true, None) => {
                        let marker = format!("{letter}.");
                        letter = next(letter);
                        marker
                    }
                    (false, _) => d.bullet.to_owned(),
                };
                let label = match label {
                    Some(l) if d.bold_labels => format!("**{l}:** "),
                    Some(l) => format!("{l}: "),
                    None => String::new(),
                };
                out += &format!("{marker} {}\n", d.wrap(&format!("{label}{text}"), "  "));
            }
        }
    }
    if d.crlf { out.replace('\n', "\r\n") } else { out }
}

fn next(letter: char) -> char {
    char::from(letter as u8 + 1)
}

/// A paragraph that begins like a marker is written with a backslash, as Markdown asks.
fn escaped(text: &str) -> String {
    match text.chars().next() {
        Some('#' | '>' | '|' | '-') => format!("\\{text}"),
        Some('1') if text[1..].starts_with('.') => text.replacen('.', "\\.", 1),
        Some('(') if text[2..].starts_with(')') => text.replacen(')', "\\)", 1),
        _ => text.to_owned(),
    }
}

impl Dialect {
    /// Breaks lines where the next word cannot be taken for a marker and no word is divided.
    fn wrap(self, text: &str, indent: &str) -> String {
        if !self.wrapped {
            return text.to_owned();
        }
        let mut out = String::new();
        let mut width = 0;
        let mut words = text.split(' ').peekable();
        while let Some(word) = words.next() {
            out += word;
            width += word.len();
            let Some(after) = words.peek() else { break };
            let harmless = after.len() > 3 && after.chars().all(char::is_alphabetic);
            if width > 40 && harmless && !word.ends_with('-') {
                out += &format!("\n{indent}");
                width = 0;
            } else {
                out.push(' ');
            }
        }
        out
    }
}

type Line = (usize, Kind, Option<String>, String);

fn expected(made: &Made, d: Dialect) -> Vec<Line> {
    let mut out = Vec::new();
    let base = usize::from(d.goals);
    if d.goals {
        out.push((0, Kind::Section, None, "Alles".to_owned()));
    }
    for (title, parts) in &made.sections {
        out.push((base, if d.goals { Kind::Goal } else { Kind::Section }, None, title.clone()));
        for part in parts {
            let (depth, list) = match part {
                Part::Statement(text) => {
                    out.push((base + 1, Kind::Statement, None, text.clone()));
                    continue;
                }
                Part::Measures(list) => (base + 1, list),
                Part::Group(title, list) => {
                    out.push((base + 1, Kind::Group, None, title.clone()));
                    (base + 2, list)
                }
            };
            out.extend(list.iter().map(|(l, t)| (depth, Kind::Measure, l.clone(), t.clone())));
        }
    }
    out
}

fn outline(nodes: &[Node]) -> Vec<Line> {
    fn go(nodes: &[Node], depth: usize, out: &mut Vec<Line>) {
        for n in nodes {
            let words = n.title.clone().or_else(|| n.text.clone()).unwrap_or_default();
            out.push((depth, n.kind, n.label.clone(), words));
            go(&n.children, depth + 1, out);
        }
    }
    let mut out = Vec::new();
    go(nodes, 0, &mut out);
    out
}
