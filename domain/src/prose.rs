//! Reading prose by rule: text folded to plain ASCII with a way back to where it stood, and its sentences.
//!
//! The patterns of `lint` and `parameters` are ASCII and small letters only. Folding makes "Prüfung", "Pruefung" and "PRÜFUNG" one
//! word, and lets a small engine (regex-lite, ASCII classes only) know where a German word ends.

use std::ops::Range;

/// Text in small ASCII letters; `ä` is `ae`, `ß` is `ss`, dashes, quotes and blanks are the plain ones, all else is `~`.
pub struct Folded {
    pub text: String,
    /// For every byte of `text` where the character that it came from begins and ends in the source.
    at: Vec<(u32, u32)>,
}

impl Folded {
    pub fn of(source: &str) -> Folded {
        let mut text = String::with_capacity(source.len() + 8);
        let mut at = Vec::with_capacity(source.len() + 9);
        for (i, c) in source.char_indices() {
            match c {
                'ä' | 'Ä' => text.push_str("ae"),
                'ö' | 'Ö' => text.push_str("oe"),
                'ü' | 'Ü' => text.push_str("ue"),
                'ß' | 'ẞ' => text.push_str("ss"),
                'é' | 'è' | 'ê' | 'á' | 'à' | 'â' => {
                    text.push(if "éèê".contains(c) { 'e' } else { 'a' })
                }
                '–' | '—' | '‐' | '‑' | '−' => text.push('-'),
                '„' | '“' | '”' | '»' | '«' => text.push('"'),
                '’' | '‘' | '´' => text.push('\''),
                '§' => text.push_str("par"),
                '≥' => text.push_str(">="),
                '≤' => text.push_str("<="),
                '×' => text.push('x'),
                // Emphasis stands in the middle of what is said: `**SSL**` is "SSL".
                '*' | '\u{ad}' | '\u{200b}' => {}
                c if c.is_ascii() => text.push(c.to_ascii_lowercase()),
                c if c.is_whitespace() => text.push(' '),
                _ => text.push('~'),
            }
            at.resize(text.len(), (i as u32, (i + c.len_utf8()) as u32));
        }
        Folded { text, at }
    }

    /// Where a range of the folded text stood in the source.
    pub fn source(&self, range: Range<usize>) -> Range<usize> {
        let first = self.at.get(range.start).map_or(0, |(begin, _)| *begin as usize);
        let last = range.end.checked_sub(1).and_then(|i| self.at.get(i)).map_or(0, |(_, end)| *end as usize);
        first..last.max(first)
    }
}

/// Words after whose full stop a sentence goes on.
const ABBREVIATIONS: [&str; 52] = [
    "insb", "ggf", "gem", "art", "abs", "nr", "ca", "bzw", "inkl", "usw", "etc", "lit", "kap", "vgl", "incl",
    "no", "abb", "anl", "az", "bspw", "bsp", "evtl", "exkl", "ff", "geb", "ges", "max", "min", "mind", "mio",
    "mrd", "mtl", "o", "u", "s", "sog", "std", "str", "tel", "tgl", "vs", "zzgl", "ziff", "zul", "e.g",
    "i.e", "approx", "sec", "para", "inc", "ltd", "co",
];

const MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];

/// The sentences of a text as byte ranges, in order, without the blanks between them. An empty line and a list item begin a new one.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    let mut push = |from: usize, to: usize| {
        let part = text.get(from..to).unwrap_or_default();
        let head = part.len() - part.trim_start().len();
        let body = part.trim();
        if body.chars().any(char::is_alphanumeric) {
            out.push(from + head..from + head + body.len());
        }
    };
    for (i, c) in text.char_indices() {
        let end = i + c.len_utf8();
        let rest = text.get(end..).unwrap_or_default();
        let breaks = match c {
            '\n' => {
                let line = rest.trim_start_matches([' ', '\t']);
                line.starts_with('\n')
                    || line.starts_with("- ")
                    || line.starts_with("* ")
                    || is_numbered(line)
            }
            '!' | '?' => rest.is_empty() || rest.starts_with(char::is_whitespace),
            '.' => ends(text.get(start..i).unwrap_or_default(), rest),
            _ => false,
        };
        if breaks {
            push(start, end);
            start = end;
        }
    }
    push(start, text.len());
    out
}

fn is_numbered(line: &str) -> bool {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    (1..=2).contains(&digits)
        && line.get(digits..).is_some_and(|r| r.starts_with(". ") || r.starts_with(") "))
}

/// Whether a full stop between `before` and `rest` ends a sentence.
fn ends(before: &str, rest: &str) -> bool {
    if rest.is_empty() {
        return true;
    }
    if !rest.starts_with(char::is_whitespace) {
        return false;
    }
    let next = rest.trim_start().trim_start_matches(['„', '"', '(', '*', '“', '_']);
    if !next.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) {
        return false;
    }
    let word = before.rsplit([' ', '\n', '(', '/']).next().unwrap_or_default().to_lowercase();
    let letters = word.trim_matches(|c: char| !c.is_alphanumeric());
    if letters.chars().count() == 1 && letters.chars().all(char::is_alphabetic) {
        return false;
    }
    if ABBREVIATIONS.contains(&letters) || letters.ends_with(".b") || letters.ends_with(".h") {
        return false;
    }
    let day = letters.len() <= 2 && letters.chars().all(|c| c.is_ascii_digit());
    !(day && MONTHS.iter().any(|m| next.starts_with(m)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_knows_the_way_back() {
        let source = "Die **Prüfung** – täglich – nach „Muster“ (≥ 2×)";
        let f = Folded::of(source);
        assert_eq!(f.text, "die pruefung - taeglich - nach \"muster\" (>= 2x)");
        let at = |word: &str| {
            let i = f.text.find(word).unwrap();
            source.get(f.source(i..i + word.len())).unwrap()
        };
        assert_eq!(
            (at("pruefung"), at("taeglich"), at(">= 2x"), at("muster")),
            ("Prüfung", "täglich", "≥ 2×", "Muster")
        );
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        let read = |text: &'static str| sentences(text).into_iter().map(|r| &text[r]).collect::<Vec<_>>();
        let table: [(&'static str, &[&str]); 7] = [
            ("Eins. Zwei! Drei?", &["Eins.", "Zwei!", "Drei?"]),
            (
                "Nach Art. 32 Abs. 1 lit. d DSGVO, z. B. Tests. Dann mehr",
                &["Nach Art. 32 Abs. 1 lit. d DSGVO, z. B. Tests.", "Dann mehr"],
            ),
            ("Bei 99.99 %. Am 3. Mai geprüft.", &["Bei 99.99 %.", "Am 3. Mai geprüft."]),
            ("Stufe 4. Die Firma", &["Stufe 4.", "Die Firma"]),
            ("Liste:\n- eins\n- zwei\n\nEnde", &["Liste:", "- eins", "- zwei", "Ende"]),
            ("d.h. Wir prüfen. insb. Brand", &["d.h. Wir prüfen. insb. Brand"]),
            ("", &[]),
        ];
        for (text, want) in table {
            assert_eq!(read(text), want, "{text}");
        }
    }
}
