//! Quality hints (Qualitätshinweise): what a careful data protection officer would object to in a TOM document.
//!
//! A pure library: the browser runs the rules of one text while it is typed ([`of_text`]), the server runs all of them as the truth
//! ([`of_document`]), and a test holds the two together. Rules whose finding is an error hold a release back until they are mended or
//! dismissed with a reason. They are tuned on few documents: a hint is a question, never a verdict. What each rule says and how to
//! mend it stands in `locales` under its id; where it comes from, here ([`Rule::source`]).

mod access;
mod document;
mod pattern;
mod rules;
mod state;
mod subject;
mod text;
mod values;

pub use document::{Document, Goal, Measure, of_document, of_texts, settle};
pub use rules::{Rule, Severity};
pub use state::{Certificate, Frame, MeasureState, State, Subprocessor, of_state};
pub use text::of_text;

use crate::canonical::sha256_hex;
use serde::{Deserialize, Serialize};

/// Where a hint stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A measure, by its place in the list that was asked about.
    Measure(usize),
    /// A goal, by its place in the list that was asked about.
    Goal(usize),
    Document,
}

/// One hint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {
    pub rule: Rule,
    pub place: Place,
    /// The words that it is about, as they stand in the text; empty where it is about something missing.
    pub quote: String,
    /// The sentence around them: a dismissal holds as long as it stands so.
    pub sentence: String,
    /// What else it is about: another measure's code, a proposed goal.
    pub about: String,
}

impl Hint {
    /// Tells a hint from others at the same place. It changes when the words change, so that a dismissed hint comes back.
    pub fn mark(&self) -> String {
        let said: Vec<&str> = self.sentence.split_whitespace().collect();
        let key = format!("{}\n{}\n{}", self.rule, said.join(" "), self.about);
        sha256_hex(key.as_bytes()).chars().take(16).collect()
    }
}
