//! Reading a title list: CSV as spreadsheets write it (RFC 4180), with semicolon, comma or tab between code, title and goals.

use super::{Title, known};
use crate::catalogues::{CatalogueCode, GoalKey};
use crate::error::DomainError;
use crate::text;

/// Most bytes and most lines of a list.
const BYTES: usize = 512 * 1024;
const LINES: usize = 5_000;

/// Reads and checks a list. An error names the line.
pub fn read(csv: &str, of: Option<CatalogueCode>) -> Result<Vec<Title>, DomainError> {
    if csv.len() > BYTES {
        return Err(DomainError::TooLong { field: "csv".into(), max: BYTES });
    }
    let out = parse(csv)?;
    if out.is_empty() {
        return Err(DomainError::missing("csv"));
    }
    for (line, title) in &out {
        let fits = of.is_none_or(|c| known(c, &title.code));
        let twice = out.iter().any(|(other, t)| other < line && t.code == title.code);
        if !fits || twice {
            return Err(DomainError::CsvLine { line: *line });
        }
    }
    Ok(out.into_iter().map(|(_, t)| t).collect())
}

/// The lines of a list with their numbers, from 1; a first line that only names the columns is left out.
pub fn parse(csv: &str) -> Result<Vec<(u32, Title)>, DomainError> {
    let csv = csv.trim_start_matches('\u{feff}');
    let first = csv.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
    // A code holds none of them: the first is the one that separates.
    let separator = first.chars().find(|c| [';', '\t', ','].contains(c));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator.unwrap_or(';') as u8)
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(csv.as_bytes());
    let mut out: Vec<(u32, Title)> = Vec::new();
    for (n, record) in reader.records().enumerate() {
        let line = |r: &csv::StringRecord| r.position().map_or(0, |p| p.line()) as u32;
        let record = record.map_err(|e| DomainError::CsvLine {
            line: e.position().map_or(n as u64 + 1, csv::Position::line) as u32,
        })?;
        let line = line(&record);
        let refused = || DomainError::CsvLine { line };
        if record.iter().all(str::is_empty) {
            continue;
        }
        let (code, title) = (record.get(0).unwrap_or_default(), record.get(1).unwrap_or_default());
        let header = ["code", "nr", "nr.", "nummer", "id", "control", "kennung", "ref"];
        if out.is_empty() && header.contains(&code.to_lowercase().as_str()) {
            continue;
        }
        let goals = record.get(2).unwrap_or_default().split([' ', '|']).filter(|g| !g.is_empty());
        let goals: Result<Vec<GoalKey>, _> = goals.map(str::parse).collect();
        if title.is_empty() || out.len() >= LINES {
            return Err(refused());
        }
        out.push((
            line,
            Title {
                code: text::name(code, "code", 40).map_err(|_| refused())?,
                title: text::name(title, "title", 300).map_err(|_| refused())?,
                goals: goals.map_err(|_| refused())?,
            },
        ));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_spreadsheet_writes_is_read() {
        let want = |goals: &[GoalKey]| Title {
            code: "5.1".into(),
            title: "Regeln; für alle".into(),
            goals: goals.to_vec(),
        };
        let table = [
            "\u{feff}Code;Titel\r\n5.1;\"Regeln; für alle\"\r\n\r\n",
            "\u{feff}Kennung;Titel;Ziele\r\n5.1;\"Regeln; für alle\";\r\n",
            "5.1\t\"Regeln; für alle\"\n",
            "5.1,Regeln; für alle",
        ];
        for csv in table {
            assert_eq!(read(csv, Some(CatalogueCode::Iso27001)), Ok(vec![want(&[])]), "{csv}");
        }
        let own = read("X1;Tür;physical_access encryption", None).unwrap();
        assert_eq!(own[0].goals, [GoalKey::PhysicalAccess, GoalKey::Encryption]);
    }

    #[test]
    fn an_error_names_its_line() {
        let line = |csv: &str, of| match read(csv, of) {
            Err(DomainError::CsvLine { line }) => line,
            other => panic!("{other:?}"),
        };
        let iso = Some(CatalogueCode::Iso27001);
        assert_eq!(line("Code;Titel\n5.1;Eins\n99.9;Gibt es nicht", iso), 3);
        assert_eq!(line("5.1;Eins\n5.1;Zweimal", iso), 2);
        assert_eq!(line("5.1;Eins\n5.2", iso), 2);
        assert_eq!(line("a;b;mondschein", None), 1);
        assert_eq!(read(" \n", None), Err(DomainError::missing("csv")));
    }

    proptest! {
        #[test]
        fn nothing_makes_it_fall_over(csv in ".{0,200}") {
            let _ = read(&csv, None);
        }
    }
}
