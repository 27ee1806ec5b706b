//! C04 and C09: who has access, and what is encrypted, said twice and differently.

use super::document::All;
use super::rules::Rule;
use super::subject::{nouns, related};
use super::text::{Part, hint, quote};
use super::{Hint, Place};
use crate::parameters::patterns;
use crate::pattern::{Regex, pattern};
use std::collections::BTreeSet;
use std::sync::LazyLock;

patterns! {
    ONLY = r"\b(nur|ausschliesslich|allein|only|exclusively)\b";
    OBJECT = r"\b(fernzugriff|remote-zugriff|remote access|(?:zutritt|zugang|zugriff) (?:zum|zur|zu den|auf die|auf das|auf den|auf) [a-z-]+)";
    OUTSIDER = r"\b(extern\w*|fremd\w*|dritte[nr]?|wartungsfirma|external)\b";
    NONE_FOR = r"\b(kein\w*|nicht|no)\b";
    PLAIN_DATA = r"(unverschluesselt|nicht verschluesselt|unencrypted|not encrypted)";
    ENCRYPTED = r"\b(verschluesselt|encrypted)\b";
}

impl All<'_> {
    /// C04: who has access, said twice and differently.
    pub(super) fn access(&self, out: &mut Vec<Hint>) {
        struct Circle<'a> {
            measure: usize,
            part: &'a Part,
            object: String,
            only: bool,
            words: BTreeSet<String>,
            range: std::ops::Range<usize>,
        }
        let circles: Vec<Circle> = self
            .read
            .iter()
            .enumerate()
            .flat_map(|(measure, r)| r.sentences.iter().map(move |part| (measure, part)))
            .filter_map(|(measure, part)| {
                let m = OBJECT.find(&part.folded.text)?;
                let object = m.as_str().to_owned();
                let words = nouns(part).into_iter().filter(|w| !object.contains(w.as_str())).collect();
                Some(Circle {
                    measure,
                    part,
                    only: ONLY.is_match(&part.folded.text),
                    words,
                    range: m.range(),
                    object,
                })
            })
            .collect();
        for (n, c) in circles.iter().enumerate() {
            let said = circles.iter().take(n).find(|o| {
                let both_closed = o.only && c.only && o.words != c.words && o.part.source != c.part.source;
                let outsider = |x: &Circle| {
                    OUTSIDER.is_match(&x.part.folded.text) && !NONE_FOR.is_match(&x.part.folded.text)
                };
                let broken = (o.only && !c.only && outsider(c)) || (c.only && !o.only && outsider(o));
                o.object == c.object && o.measure != c.measure && (both_closed || broken)
            });
            if let Some(o) = said {
                out.push(self.at(
                    c.measure,
                    Hint {
                        about: self.code(o.measure),
                        ..hint(Rule::C04, quote(c.part, c.range.clone()), c.part)
                    },
                ));
            }
        }
    }

    /// C09: encrypted here, not encrypted there.
    pub(super) fn encryption(&self, out: &mut Vec<Hint>) {
        let plain: Vec<(usize, &str)> = out
            .iter()
            .filter(|h| h.rule == Rule::T05)
            .filter_map(|h| match h.place {
                Place::Measure(i) => Some((i, h.sentence.as_str())),
                _ => None,
            })
            .collect();
        let mut found = Vec::new();
        for (i, sentence) in plain {
            let Some(s) = self.read.get(i).and_then(|r| r.sentences.iter().find(|s| s.source == sentence))
            else {
                continue;
            };
            let other = self.read.iter().enumerate().find(|(j, r)| {
                *j != i
                    && r.sentences.iter().any(|o| {
                        ENCRYPTED.is_match(&o.folded.text)
                            && !PLAIN_DATA.is_match(&o.folded.text)
                            && o.folded.text.contains("gespeichert") == s.folded.text.contains("gespeichert")
                            && related(o, s)
                    })
            });
            if let Some((j, _)) = other {
                let at = PLAIN_DATA.find(&s.folded.text).map(|m| quote(s, m.range())).unwrap_or_default();
                found.push(self.at(i, Hint { about: self.code(j), ..hint(Rule::C09, at, s) }));
            }
        }
        out.extend(found);
    }
}
