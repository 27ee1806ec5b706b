//! The importer: an old TOM document (Markdown or plain text) becomes a tree, and every repair is told.
//!
//! Invariants: every character of the source ends up in a node or in `not_taken`; the same bytes and the same
//! undone repairs always give the same tree; nothing is stored here. The rules are general (house: domain.md 1.5):
//! headings by Markdown level, by number, by letter and roman list, by bold or definition paragraphs.

mod account;
mod blocks;
mod build;
pub mod changes;
mod export;
mod lines;
mod markers;
mod scopes;
mod tables;
mod ticks;
mod tree;

use crate::codes::Scheme;
use serde::{Deserialize, Serialize};

pub use account::{Account, Books, Mark};
pub use export::to_markdown;
pub use tree::{Kind, Node, Scope};

/// Largest file that is read, in bytes (10 MB).
pub const MAX_BYTES: usize = 10_000_000;
/// Most nodes that one document may bring.
pub const MAX_NODES: usize = 5_000;

/// Most lines of a file: more is no document that somebody wrote.
pub const MAX_LINES: usize = 200_000;
/// Most columns of a table.
pub const MAX_COLUMNS: usize = 40;

/// What an import found, before anything is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    pub title: String,
    pub nodes: Vec<Node>,
    pub repairs: Vec<Repair>,
    pub not_taken: Vec<NotTaken>,
    #[serde(skip, default)]
    pub scheme: Scheme,
    #[serde(skip, default)]
    pub books: Books,
}

impl Imported {
    /// All leaves (measures and statements) in reading order.
    pub fn leaves(&self) -> Vec<&Node> {
        let mut out = Vec::new();
        tree::walk(&self.nodes, &mut |n, _| {
            if n.kind.is_leaf() {
                out.push(n)
            }
        });
        out
    }

    /// The language that the document is written in, by its little words: `de` or `en`.
    pub fn language(&self) -> &'static str {
        const GERMAN: [&str; 12] =
            ["der", "die", "das", "und", "ist", "sind", "werden", "wird", "nicht", "mit", "für", "von"];
        const ENGLISH: [&str; 12] =
            ["the", "and", "is", "are", "of", "to", "with", "for", "not", "by", "on", "all"];
        let text = account::taken(&self.title, &self.nodes).to_lowercase();
        let count =
            |list: [&str; 12]| text.split(|c: char| !c.is_alphabetic()).filter(|w| list.contains(w)).count();
        if count(ENGLISH) > count(GERMAN) { "en" } else { "de" }
    }

    pub fn node_count(&self) -> usize {
        let mut n = 0;
        tree::walk(&self.nodes, &mut |_, _| n += 1);
        n
    }
}

/// One place where the importer changed how the source reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repair {
    pub kind: RepairKind,
    /// The line that continues, from 1.
    pub line: u32,
    pub before: String,
    pub after: String,
}

impl Repair {
    /// The name under which a person undoes this repair.
    pub fn key(&self) -> RepairKey {
        RepairKey { kind: self.kind, line: self.line }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RepairKey {
    pub kind: RepairKind,
    pub line: u32,
}

impl std::fmt::Display for RepairKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.kind.as_str(), self.line)
    }
}

impl std::str::FromStr for RepairKey {
    type Err = ();
    fn from_str(s: &str) -> Result<Self, ()> {
        let (kind, line) = s.split_once(':').ok_or(())?;
        let kind = RepairKind::ALL.into_iter().find(|k| k.as_str() == kind).ok_or(())?;
        Ok(RepairKey { kind, line: line.parse().map_err(|_| ())? })
    }
}

macro_rules! words {
    ($(#[$m:meta])* $name:ident { $($(#[$vm:meta])* $v:ident = $s:literal),+ $(,)? }) => {
        $(#[$m])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vm])* #[serde(rename = $s)] $v),+ }
        impl $name {
            pub const ALL: [$name; [$($s),+].len()] = [$($name::$v),+];
            pub fn as_str(self) -> &'static str { match self { $($name::$v => $s),+ } }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::error::DomainError;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                match s { $($s => Ok($name::$v),)+ _ => Err($crate::error::DomainError::invalid(stringify!($name))) }
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }
    };
}
pub(crate) use words;

words! {
    /// The kinds of repair; a person can undo each single one.
    RepairKind {
        /// A word divided at a line's end was put together again.
        Dehyphenate = "dehyphenate",
        /// A blank line stood inside an item; the text goes on.
        BlankInside = "blank-inside",
        /// A page break tore an item; the text goes on.
        PageBreakJoin = "page-break-join",
        /// A heading or item began with stray white space.
        LeadingSpace = "leading-space",
        /// A heading's level contradicts its numbering.
        HeadingLevel = "heading-level",
        /// Emphasis inside a heading was taken off.
        BoldInHeading = "bold-in-heading",
        /// A label was emphasised; it is a label all the same.
        BoldLabel = "bold-label",
        /// A scope's heading carries an addition in brackets.
        ScopeLabelVariant = "scope-label-variant",
        /// A scope's text stood on the line of the definition.
        ScopeOnDefinitionLine = "scope-on-definition-line",
        /// A number is missing in the numbering.
        NumberGap = "number-gap",
    }
}

/// A line that became no part of the tree, with the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotTaken {
    pub line: u32,
    pub text: String,
    pub reason: NotTakenReason,
}

words! {
    NotTakenReason {
        PageNumber = "page-number",
        RepeatedLine = "repeated-line",
        DocumentData = "document-data",
        Rule = "rule",
        Comment = "comment",
        /// The heading of a table's column, where its cells became labels or texts.
        TableMark = "table-mark",
        /// A table's running number.
        Numbering = "numbering",
        /// A check box that is not ticked, in a document that ticks others.
        Unticked = "unticked",
        /// The head or foot of a page.
        PageHead = "page-head",
        /// A table of contents.
        Contents = "contents",
        /// Taken out by a tracked change.
        Deleted = "deleted",
        /// A person left it out.
        ByHand = "by-hand",
    }
}

/// Why a file cannot be read at all. Nothing is stored then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    #[error("the file has {0} bytes; at most {MAX_BYTES} are read")]
    TooLarge(usize),
    #[error("the file is not UTF-8 text (first bad byte at offset {0})")]
    NotUtf8(usize),
    #[error("the file holds a NUL byte or is no text, Word or PDF document")]
    NotText,
    #[error("the file is a Word document of before 2007 or behind a password")]
    OldWord,
    #[error("the file is damaged")]
    Damaged,
    #[error("the file is locked with a password")]
    Locked,
    #[error("the file holds no text; it may be a scan")]
    NoText,
    #[error("the file unpacks to far more than it seems, or is nested without end")]
    Bomb,
    #[error("line {line}: a table has more than {MAX_COLUMNS} columns")]
    TooWide { line: u32 },
    #[error("the file has more than {MAX_LINES} lines")]
    TooManyLines,
    #[error("the file holds nothing that could become a measure")]
    Empty,
    #[error("the document has more than {MAX_NODES} parts")]
    TooManyNodes,
    #[error("line {line}: one measure's text is longer than 64 KiB")]
    TextTooLong { line: u32 },
    #[error("line {line}: lists are nested deeper than 12 levels")]
    TooDeep { line: u32 },
}

/// A document's text before it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// LF or CRLF, NFC.
    pub text: String,
    /// A blank line is the end of a paragraph for certain (Word), not perhaps a page's (plain text).
    pub certain: bool,
    /// What the file held beside its text: page heads, comments, deleted words.
    pub listed: Vec<NotTaken>,
}

impl Source {
    /// A text file's bytes.
    pub fn of_text(bytes: &[u8]) -> Result<Source, ImportError> {
        checked(bytes).map(|text| Source { text: crate::text::nfc(text), certain: false, listed: Vec::new() })
    }

    /// What was read out of another kind of file.
    pub fn of_parts(text: String, certain: bool, listed: Vec<NotTaken>) -> Result<Source, ImportError> {
        checked(text.as_bytes())?;
        Ok(Source { text: crate::text::nfc(&text), certain, listed })
    }
}

/// Reads a text document. `undone` names the repairs that a person took back.
pub fn import(bytes: &[u8], undone: &[RepairKey]) -> Result<Imported, ImportError> {
    import_source(&Source::of_text(bytes)?, undone)
}

fn checked(bytes: &[u8]) -> Result<&str, ImportError> {
    if bytes.len() > MAX_BYTES {
        return Err(ImportError::TooLarge(bytes.len()));
    }
    // A PDF may be pure ASCII at its beginning; it is no text all the same.
    if bytes.contains(&0) || bytes.starts_with(b"%PDF-") {
        return Err(ImportError::NotText);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|e| ImportError::NotUtf8(e.valid_up_to()))
}

/// Reads a document of any kind.
pub fn import_source(source: &Source, undone: &[RepairKey]) -> Result<Imported, ImportError> {
    if source.text.bytes().filter(|b| *b == b'\n').count() > MAX_LINES {
        return Err(ImportError::TooManyLines);
    }
    let text = untabbed(source.text.clone());
    let mut log = Log { undone, certain: source.certain, not_taken: source.listed.clone(), ..Log::default() };
    let lines = lines::read(&text, &mut log);
    let blocks = blocks::read(&lines, &mut log)?;
    let found = build::tree(blocks, log)?;
    let listed: usize = source.listed.iter().map(|n| account::count(&n.text)).sum();
    let books = Books { source: account::count(&text) + listed, ..found.books };
    Ok(Imported { books, ..found })
}

/// A tab inside a text is a blank; at a line's start it is indentation.
fn untabbed(text: String) -> String {
    if !text.contains('\t') {
        return text;
    }
    let line = |l: &str| {
        let words = l.trim_start();
        let (indent, _) = l.split_at(l.len() - words.len());
        format!("{indent}{}", words.split('\t').map(str::trim_end).collect::<Vec<_>>().join(" "))
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Collects repairs and asks whether a person took one back; keeps the account of what is no content.
#[derive(Default)]
pub(crate) struct Log<'a> {
    undone: &'a [RepairKey],
    certain: bool,
    repairs: Vec<Repair>,
    not_taken: Vec<NotTaken>,
    books: Books,
}

impl Log<'_> {
    /// Records the repair; `false` when a person undid it and the source is to be read as it stands.
    fn repair(
        &mut self,
        kind: RepairKind,
        line: u32,
        before: impl Into<String>,
        after: impl Into<String>,
    ) -> bool {
        let repair = Repair { kind, line, before: before.into(), after: after.into() };
        let apply = !self.undone.contains(&repair.key());
        self.repairs.push(repair);
        apply
    }

    /// Characters that became the tree's shape.
    fn mark(&mut self, line: u32, text: &str) {
        if account::count(text) > 0 {
            self.books.structure.push(Mark { line, text: text.to_owned() });
        }
    }

    /// What `before` has and `after` has not became the tree's shape.
    fn stripped(&mut self, line: u32, before: &str, after: &str) {
        self.mark(line, &account::stripped(before, after));
    }

    /// Words that are written once more than the source has them.
    fn added(&mut self, line: u32, text: &str) {
        self.books.added.push(Mark { line, text: text.to_owned() });
    }

    fn not_taken(&mut self, line: u32, text: &str, reason: NotTakenReason) {
        self.not_taken.push(NotTaken { line, text: text.to_owned(), reason });
    }
}
