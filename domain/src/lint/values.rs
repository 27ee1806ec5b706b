//! C03, C05 and C06: numbers of one document that do not go together.

use super::Hint;
use super::document::All;
use super::rules::Rule;
use super::subject::same_subject;
use super::text::{Part, hint, quote};
use crate::parameters::{Key, Op, Parameter, patterns};
use crate::pattern::{Regex, pattern};
use std::sync::LazyLock;

patterns! {
    ABSOLUTE = r"(hoechste[rn]? verfuegbarkeit|jederzeit [^.]*(verfuegbar|erreichbar)|(always|at all times) available|available at all times)";
    BACKUP = r"(sicherung|backup)";
    OTHER_THINGS = r"(papier|besucherliste|akten\b|paper|auch aus (den )?(sicherung|backup))";
}

impl All<'_> {
    /// C03, C05 and C06: values that do not go together.
    pub(super) fn values(&self, out: &mut Vec<Hint>) {
        let all: Vec<(usize, &Part, &Parameter)> = self
            .read
            .iter()
            .enumerate()
            .flat_map(|(i, r)| {
                r.parameters.iter().filter_map(move |p| {
                    r.sentences.iter().find(|s| s.source.contains(&p.quote)).map(|s| (i, s, p))
                })
            })
            .collect();
        const ONE: [Key; 6] = [
            Key::PasswordMin,
            Key::PasswordMax,
            Key::UsernameMax,
            Key::SessionIdleTimeout,
            Key::ScreenLock,
            Key::BackupGenerations,
        ];
        for (n, (i, s, p)) in all.iter().enumerate() {
            let rule = match p.key {
                Key::Availability => Rule::C05,
                key if ONE.contains(&key) => Rule::C03,
                _ => continue,
            };
            let other = all.iter().take(n).find(|(_, earlier, q)| {
                q.key == p.key && q.unit == p.unit && q.measure() != p.measure() && same_subject(earlier, s)
            });
            if let Some((j, _, q)) = other {
                let about = if i == j { q.quote.clone() } else { self.code(*j) };
                out.push(self.at(*i, Hint { about, ..hint(rule, p.quote.clone(), s) }));
            }
        }
        if let Some((j, _, _)) = all.iter().find(|(_, _, p)| p.key == Key::Availability) {
            for (i, r) in self.read.iter().enumerate() {
                for s in &r.sentences {
                    if let Some(m) = ABSOLUTE.find(&s.folded.text) {
                        out.push(
                            self.at(
                                i,
                                Hint { about: self.code(*j), ..hint(Rule::C05, quote(s, m.range()), s) },
                            ),
                        );
                    }
                }
            }
        }
        self.backups(&all, out);
    }

    /// C06: data are gone sooner than their last backup.
    fn backups(&self, all: &[(usize, &Part, &Parameter)], out: &mut Vec<Hint>) {
        let of_backup = |i: usize, s: &Part| {
            BACKUP.is_match(&s.folded.text) || self.read.get(i).is_some_and(|r| BACKUP.is_match(&r.folded))
        };
        // The longest that a backup lives for certain, in seconds; "at least" may be longer still.
        let kept = all
            .iter()
            .filter_map(|(i, s, p)| match p.key {
                Key::Retention if of_backup(*i, s) => Some((p.measure()?, p.op == Op::Min, *i)),
                Key::BackupGenerations => {
                    // Where nothing is said a generation is a day: nobody backs up less often and counts generations.
                    Some((p.measure()? / 1000 * 86_400, p.op == Op::Min, *i))
                }
                _ => None,
            })
            .max();
        let Some((longest, open, j)) = kept else { return };
        for (i, s, p) in all.iter().filter(|(_, _, p)| p.key == Key::DeletionPeriod) {
            let Some(value) = p.measure() else { continue };
            let sooner = value < longest || (open && value == longest);
            if sooner && !OTHER_THINGS.is_match(&s.folded.text) {
                out.push(self.at(*i, Hint { about: self.code(j), ..hint(Rule::C06, p.quote.clone(), s) }));
            }
        }
    }
}
