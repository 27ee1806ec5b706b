//! Line breaking: total fit, ragged right, German or English hyphenation.
//!
//! The cost of a line is the square of the room it leaves; hyphens cost extra, the last line is free (Knuth and Plass,
//! "Breaking paragraphs into lines", 1981, without stretching).

use super::fonts::{Face, Shaper};
use hypher::Lang;

/// A run of text with one look, as the breaker takes it.
#[derive(Clone, Debug)]
pub struct Run {
    pub text: String,
    pub face: Face,
    pub link: Option<String>,
}

/// A broken line: runs with their texts, soft hyphen included.
#[derive(Clone, Debug, Default)]
pub struct Line {
    pub runs: Vec<Run>,
}

/// A piece of a word that may end a line.
struct Atom {
    run: usize,
    text: String,
    width: f32,
    /// White space stands before this piece.
    space: bool,
    /// A line must end after it.
    forced: bool,
}

/// Breaks runs into lines no wider than `width` points at `size` points.
pub fn break_lines(shaper: &mut Shaper, runs: &[Run], size: f32, width: f32, lang: Lang) -> Vec<Line> {
    let atoms = atoms(shaper, runs, size, width, lang);
    if atoms.is_empty() {
        return Vec::new();
    }
    let spaces: Vec<f32> = runs.iter().map(|r| shaper.width(r.face, " ") * size / 1000.0).collect();
    let hyphens: Vec<f32> = runs.iter().map(|r| shaper.width(r.face, "\u{ad}") * size / 1000.0).collect();
    let at = |list: &[f32], a: &Atom| list.get(a.run).copied().unwrap_or(0.0);
    let n = atoms.len();
    let mut best: Vec<(f32, usize)> = vec![(f32::INFINITY, 0); n + 1];
    best[0] = (0.0, 0);
    for start in 0..n {
        let base = best[start].0;
        if !base.is_finite() {
            continue;
        }
        let mut used = 0.0;
        for end in start..n {
            let a = &atoms[end];
            used += a.width + if a.space && end > start { at(&spaces, a) } else { 0.0 };
            let last = end + 1 == n;
            let hyphen = !last && !a.forced && !atoms[end + 1].space && !a.text.ends_with(['-', '/', '–']);
            let total = used + if hyphen { at(&hyphens, a) } else { 0.0 };
            if total > width && end > start {
                if used > width * 1.3 {
                    break;
                }
                continue;
            }
            let room = (width - total).max(0.0);
            let mut cost = if last || a.forced { 0.0 } else { (room / width * 10.0).powi(2) };
            if hyphen {
                cost += 18.0;
            }
            if total > width {
                cost += 10_000.0;
            }
            if base + cost < best[end + 1].0 {
                best[end + 1] = (base + cost, start);
            }
            if a.forced {
                break;
            }
        }
    }
    let mut ends = Vec::new();
    let mut end = n;
    while end > 0 {
        ends.push((best[end].1, end));
        end = best[end].1;
    }
    ends.iter().rev().map(|(s, e)| line(&atoms[*s..*e], atoms.get(*e), runs)).collect()
}

/// Cuts runs into pieces. A word wider than a line may break anywhere.
fn atoms(shaper: &mut Shaper, runs: &[Run], size: f32, width: f32, lang: Lang) -> Vec<Atom> {
    let mut out: Vec<Atom> = Vec::new();
    let mut space = false;
    for (run, r) in runs.iter().enumerate() {
        for (i, line) in r.text.split('\n').enumerate() {
            if i > 0 {
                if let Some(last) = out.last_mut() {
                    last.forced = true;
                }
                space = false;
            }
            let mut rest = line;
            while !rest.is_empty() {
                let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
                if blank > 0 {
                    space = true;
                    rest = rest.get(blank..).unwrap_or_default();
                    continue;
                }
                let end = rest.find([' ', '\t']).unwrap_or(rest.len());
                let (word, tail) = rest.split_at(end);
                for piece in pieces(word, lang) {
                    for piece in fit(shaper, r.face, piece, size, width) {
                        let w = shaper.width(r.face, &piece) * size / 1000.0;
                        out.push(Atom { run, text: piece, width: w, space, forced: false });
                        space = false;
                    }
                }
                rest = tail;
            }
        }
    }
    out
}

/// Where a word may be divided: after hyphens and slashes, and by the language's patterns.
fn pieces(word: &str, lang: Lang) -> Vec<String> {
    let mut out = Vec::new();
    for part in word.split_inclusive(['-', '/', '–']) {
        let letters_start = part.find(char::is_alphabetic).unwrap_or(part.len());
        let (head, tail) = part.split_at(letters_start);
        let letters_end = tail.find(|c: char| !c.is_alphabetic()).unwrap_or(tail.len());
        let (letters, after) = tail.split_at(letters_end);
        let all_caps = letters.chars().all(char::is_uppercase);
        if letters.chars().count() < 6 || all_caps || after.chars().any(char::is_alphabetic) {
            out.push(part.to_owned());
            continue;
        }
        let mut syllables: Vec<String> =
            hypher::hyphenate_bounded(letters, lang, 2, 3).map(str::to_owned).collect();
        if let Some(first) = syllables.first_mut() {
            first.insert_str(0, head);
        }
        if let Some(last) = syllables.last_mut() {
            last.push_str(after);
        }
        out.extend(syllables);
    }
    if out.is_empty() {
        out.push(word.to_owned());
    }
    out
}

fn fit(shaper: &mut Shaper, face: Face, piece: String, size: f32, width: f32) -> Vec<String> {
    if shaper.width(face, &piece) * size / 1000.0 <= width * 0.9 {
        return vec![piece];
    }
    let chars: Vec<char> = piece.chars().collect();
    chars.chunks(12).map(|c| c.iter().collect()).collect()
}

/// Joins the pieces of one line to runs again.
fn line(atoms: &[Atom], next: Option<&Atom>, runs: &[Run]) -> Line {
    let mut out: Line = Line::default();
    let mut open: Option<usize> = None;
    for (i, a) in atoms.iter().enumerate() {
        let Some(run) = runs.get(a.run) else { continue };
        if open != Some(a.run) {
            out.runs.push(Run { text: String::new(), face: run.face, link: run.link.clone() });
            open = Some(a.run);
        }
        if let Some(last) = out.runs.last_mut() {
            if a.space && i > 0 {
                last.text.push(' ');
            }
            last.text.push_str(&a.text);
        }
    }
    if let (Some(last), Some(next), Some(run)) = (atoms.last(), next, out.runs.last_mut())
        && !last.forced
        && !next.space
        && !last.text.ends_with(['-', '/', '–'])
    {
        run.text.push('\u{ad}');
    }
    out
}

/// Hyphenation patterns for a language tag.
pub fn language(tag: &str) -> Lang {
    if tag.starts_with("en") { Lang::English } else { Lang::German }
}
