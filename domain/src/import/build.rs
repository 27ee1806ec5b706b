//! Blocks become the tree: levels, scopes, groups, definitions, labels.

use super::blocks::{Block, Heading, Part};
use super::markers::{Marker, ends_sentence, marked};
use super::tables::{Cell, Found, Table};
use super::tree::{Kind, Node, Scope};
use super::{ImportError, Imported, Log, MAX_NODES, NotTakenReason, RepairKind, scopes};
use crate::codes::{self, Scheme};

/// Which numbering a heading carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Numbering {
    Upper,
    Number,
    Dotted(u32),
    None,
}

/// A heading, read: its numbering, its title, its level from 0.
struct Titled {
    at: usize,
    numbering: Numbering,
    title: String,
    hashes: Option<usize>,
    line: u32,
    level: usize,
}

/// Builds the tree and numbers it.
pub fn tree(mut blocks: Vec<Block>, mut log: Log) -> Result<Imported, ImportError> {
    if !blocks.iter().any(|b| matches!(b, Block::Heading(_))) {
        promote_paragraphs(&mut blocks, &mut log);
    }
    let mut titled = read_headings(&blocks, &mut log);
    let title = take_title(&mut blocks, &mut titled, &mut log);
    levels(&mut titled, &mut log);
    let any_ticked = blocks.iter().any(|b| matches!(b, Block::Item { tick: Some(true), .. }));
    let mut b = Builder {
        nodes: Vec::new(),
        headings: Vec::new(),
        scope: None,
        group: None,
        items: Vec::new(),
        roots: Vec::new(),
    };
    let mut next_heading = titled.iter().peekable();
    for (at, block) in blocks.iter().enumerate() {
        match block {
            Block::Heading(_) => {
                if let Some(h) = next_heading.next_if(|h| h.at == at) {
                    b.heading(h);
                }
            }
            Block::Item { depth, text, line, tick } => {
                let holds = matches!(blocks.get(at + 1), Some(Block::Item { depth: d, .. }) if d > depth);
                if *tick == Some(false) && any_ticked && !holds {
                    log.not_taken(*line, text, NotTakenReason::Unticked);
                } else {
                    b.item(*depth, text, *line);
                }
            }
            Block::Table(table) => b.table(table.clone(), &mut log),
            Block::Para { parts } => {
                let level = b.headings.last().map(|(l, _)| *l);
                let more = match blocks.get(at + 1) {
                    None => false,
                    Some(Block::Heading(_)) => {
                        next_heading.peek().is_some_and(|n| level.is_some_and(|l| n.level > l))
                    }
                    Some(_) => true,
                };
                let list_follows = matches!(blocks.get(at + 1), Some(Block::Item { .. } | Block::Table(_)));
                b.paragraph(parts, more, list_follows, &mut log);
            }
        }
        if b.nodes.len() > MAX_NODES {
            return Err(ImportError::TooManyNodes);
        }
    }
    let goals = b.nodes.iter().any(|n| n.node.kind == Kind::Goal);
    let mut nodes = b.finish(&mut log)?;
    if nodes.is_empty() {
        return Err(ImportError::Empty);
    }
    let scheme = if goals { Scheme::Abcd } else { Scheme::Nine };
    spread(&mut nodes, Scope::Unspecified, None);
    codes::assign(&mut nodes, scheme);
    log.repairs.sort_by_key(|r| r.line);
    log.not_taken.sort_by_key(|n| n.line);
    Ok(Imported { title, nodes, repairs: log.repairs, not_taken: log.not_taken, scheme, books: log.books })
}

/// No heading at all: a wholly bold paragraph, or a short one above an emphasised definition, is one.
fn promote_paragraphs(blocks: &mut [Block], log: &mut Log) {
    let emphasised = |b: Option<&Block>| matches!(b, Some(Block::Para { parts }) if parts.first().is_some_and(|p| emphasis(&p.text).is_some()));
    for at in 0..blocks.len() {
        let heading = match &blocks[at] {
            Block::Para { parts } => match parts.as_slice() {
                [p] => {
                    let bold = p.text.starts_with("**")
                        && p.text.ends_with("**")
                        && p.text.matches("**").count() == 2;
                    let short = p.text.chars().count() <= 80
                        && !ends_sentence(&p.text)
                        && emphasised(blocks.get(at + 1));
                    ((bold && scopes::named(&p.text).is_none()) || (short && at > 0)).then(|| Heading {
                        hashes: None,
                        text: if bold { scopes::plain(&p.text) } else { p.text.clone() },
                        line: p.line,
                    })
                }
                _ => None,
            },
            _ => None,
        };
        if let Some(h) = heading {
            if let Block::Para { parts } = &blocks[at] {
                parts.iter().for_each(|p| log.stripped(p.line, &p.text, &h.text));
            }
            blocks[at] = Block::Heading(h);
        }
    }
}

fn read_headings(blocks: &[Block], log: &mut Log) -> Vec<Titled> {
    let mut out = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        let Block::Heading(h) = block else { continue };
        let bare = scopes::plain(&h.text);
        let bold = bare != h.text && h.text.contains(['*', '_']);
        let keep = bold && !log.repair(RepairKind::BoldInHeading, h.line, h.text.clone(), bare.clone());
        let (numbering, title) = match marked(&bare) {
            Some(m) => match m.marker {
                Marker::Upper(_) => (Numbering::Upper, m.rest),
                Marker::Number(_) => (Numbering::Number, m.rest),
                Marker::Dotted(depth, _) => (Numbering::Dotted(depth), m.rest),
                Marker::Lower(_) | Marker::Bracketed(_) | Marker::Bullet => (Numbering::None, bare.as_str()),
            },
            None => (Numbering::None, bare.as_str()),
        };
        let title = if keep { h.text.clone() } else { title.to_owned() };
        log.stripped(h.line, &h.text, &title);
        out.push(Titled { at, numbering, title, hashes: h.hashes, line: h.line, level: 0 });
    }
    out
}

/// The document's title: the only heading of the highest level, else the paragraphs above the first heading.
fn take_title(blocks: &mut [Block], titled: &mut Vec<Titled>, log: &mut Log) -> String {
    let mut title = String::new();
    if let [first, rest @ ..] = titled.as_slice() {
        let above = |h: &Titled| match (first.hashes, h.hashes) {
            (Some(a), Some(b)) => b > a,
            _ => false,
        };
        let bold_title = first.hashes.is_none()
            && first.numbering == Numbering::None
            && rest.first().is_some_and(|n| n.at == first.at + 1);
        if first.numbering == Numbering::None && !rest.is_empty() && (rest.iter().all(above) || bold_title) {
            title = titled.remove(0).title;
        }
    }
    let first = titled.first().map_or(blocks.len(), |h| h.at);
    for block in blocks.iter_mut().take(first) {
        let Block::Para { parts } = block else { continue };
        let text = parts.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join(" ");
        if title.is_empty() && first > 0 && titled_below(first, titled) {
            title = scopes::plain(&text);
            log.stripped(parts.first().map_or(0, |p| p.line), &text, &title);
            parts.clear();
        } else if text.starts_with(char::is_lowercase) && !ends_sentence(&title) {
            title = format!("{title} {text}");
            parts.clear();
        } else if let Some(line) = parts.first().map(|p| p.line)
            && is_document_data(&text)
        {
            log.not_taken(line, &text, NotTakenReason::DocumentData);
            parts.clear();
        }
    }
    title
}

fn titled_below(first: usize, titled: &[Titled]) -> bool {
    titled.first().is_some_and(|h| h.at == first)
}

/// `Stand: März 2024`, `Version 3`: what the portal keeps as fields of its own.
fn is_document_data(text: &str) -> bool {
    const WORDS: [&str; 10] =
        ["Stand", "Version", "Fassung", "Datum", "Autor", "Date", "Author", "Status", "Revision", "As of"];
    text.chars().count() <= 80
        && WORDS.iter().any(|w| text.strip_prefix(w).is_some_and(|r| r.starts_with([':', ' '])))
}

/// A heading's level comes from its numbering; the number of `#` only where there is none.
fn levels(titled: &mut [Titled], log: &mut Log) {
    let mut classes: Vec<(Numbering, Option<usize>)> = Vec::new();
    for h in titled.iter().filter(|h| h.numbering != Numbering::None) {
        if !classes.iter().any(|(n, _)| *n == h.numbering) {
            classes.push((h.numbering, usual(titled, h.numbering)));
        }
    }
    let mut depths: Vec<usize> = titled.iter().filter_map(|h| h.hashes).collect();
    depths.sort_unstable();
    depths.dedup();
    for h in titled.iter_mut() {
        let by_hashes = |n: usize| match classes.is_empty() {
            true => depths.iter().position(|d| *d == n).unwrap_or(0),
            false => classes.iter().filter(|(_, u)| u.is_some_and(|u| u < n)).count(),
        };
        let by_number = classes.iter().position(|(n, _)| *n == h.numbering);
        h.level = match (by_number, h.hashes) {
            (Some(level), None) => level,
            (Some(level), Some(n)) => {
                let usual = classes.get(level).and_then(|c| c.1).unwrap_or(n);
                let show = |n: usize| format!("{} {}", "#".repeat(n), h.title);
                if n == usual || log.repair(RepairKind::HeadingLevel, h.line, show(n), show(usual)) {
                    level
                } else {
                    by_hashes(n)
                }
            }
            (None, Some(n)) => by_hashes(n),
            (None, None) => 0,
        };
    }
}

/// The number of `#` that most headings of a numbering have.
fn usual(titled: &[Titled], numbering: Numbering) -> Option<usize> {
    let count = |n: usize| titled.iter().filter(|h| h.numbering == numbering && h.hashes == Some(n)).count();
    (1..=6).filter(|n| count(*n) > 0).max_by_key(|n| (count(*n), usize::MAX - n))
}

/// Emphasised text at a paragraph's start: the run, and what follows it.
fn emphasis(text: &str) -> Option<(&str, &str)> {
    let mark = text.chars().next().filter(|c| matches!(c, '*' | '_'))?;
    let inner = text.get(1..)?;
    if inner.starts_with(mark) || inner.starts_with(' ') {
        return None;
    }
    let end = inner.find(mark)?;
    Some((inner.get(..end)?, inner.get(end + 1..)?.trim_start()))
}

/// A node under construction; children are indices.
struct Open {
    node: Node,
    children: Vec<usize>,
}

struct Builder {
    nodes: Vec<Open>,
    roots: Vec<usize>,
    headings: Vec<(usize, usize)>,
    scope: Option<usize>,
    group: Option<usize>,
    items: Vec<(usize, usize)>,
}

impl Builder {
    fn add(&mut self, parent: Option<usize>, node: Node) -> usize {
        let at = self.nodes.len();
        self.nodes.push(Open { node, children: Vec::new() });
        match parent {
            Some(p) => self.nodes[p].children.push(at),
            None => self.roots.push(at),
        }
        at
    }

    fn container(&self) -> Option<usize> {
        self.headings.last().map(|(_, at)| *at)
    }

    fn heading(&mut self, h: &Titled) {
        (self.scope, self.group) = (None, None);
        self.items.clear();
        self.headings.retain(|(level, _)| *level < h.level);
        let kind = match self.headings.len() {
            0 => Kind::Section,
            1 => Kind::Goal,
            _ if scopes::named(&h.title).is_some() => Kind::Scope,
            _ => Kind::Group,
        };
        let at = self.add(self.container(), Node::branch(kind, h.title.clone(), h.line));
        self.headings.push((h.level, at));
    }

    fn item(&mut self, depth: usize, text: &str, line: u32) {
        self.items.retain(|(d, _)| *d < depth);
        let parent = self.items.last().map(|(_, at)| *at).or(self.group).or(self.scope).or(self.container());
        let at = self.add(parent, Node::leaf(Kind::Measure, None, text.to_owned(), line));
        self.items.push((depth, at));
    }

    /// A table: its columns are groups, or its rows are measures.
    fn table(&mut self, table: Table, log: &mut Log) {
        self.items.clear();
        for found in table.read(log) {
            match found {
                Found::Group { title, line, cells } => {
                    let parent = self.group.or(self.scope).or(self.container());
                    let at = self.add(parent, Node::branch(Kind::Group, title, line));
                    self.cells(Some(at), cells);
                }
                Found::Rows(cells) => {
                    let parent = self.group.or(self.scope).or(self.container());
                    self.cells(parent, cells);
                }
            }
        }
    }

    fn cells(&mut self, parent: Option<usize>, cells: Vec<Cell>) {
        for c in cells {
            self.add(parent, Node::leaf(Kind::Measure, c.label, c.text, c.line));
        }
    }

    fn paragraph(&mut self, parts: &[Part], more: bool, list_follows: bool, log: &mut Log) {
        let Some(first) = parts.first() else { return };
        let untouched = self.scope.is_none()
            && self.container().is_some_and(|c| {
                let c = &self.nodes[c];
                c.children.is_empty()
                    && c.node.definition.is_none()
                    && matches!(c.node.kind, Kind::Section | Kind::Goal)
            });
        if untouched && let Some((run, rest)) = emphasis(&first.text) {
            let same_line = !rest.is_empty();
            if !same_line && parts.len() == 1 && !more {
                return self.words(&first.text, first.line, list_follows, log);
            }
            let apply = !same_line
                || log.repair(RepairKind::ScopeOnDefinitionLine, first.line, first.text.clone(), rest);
            let definition = if apply { run.to_owned() } else { first.text.clone() };
            if apply {
                log.stripped(first.line, &first.text, &format!("{definition}{rest}"));
            }
            if let Some(c) = self.container() {
                self.nodes[c].node.definition = Some(definition);
            }
            if same_line && apply {
                self.words(rest, first.line, list_follows, log);
            }
            if let Some(next) = parts.get(1) {
                self.words(&together(&parts[1..]), next.line, list_follows, log);
            }
            return;
        }
        let text = together(parts);
        let opens = scope_words(&text).is_some() || (text.ends_with(':') && list_follows);
        if untouched && more && !opens && ends_sentence(&text) {
            if let Some(c) = self.container() {
                self.nodes[c].node.definition = Some(text);
            }
            return;
        }
        self.words(&text, first.line, list_follows, log);
    }

    /// A paragraph that is a scope, a group, or a statement.
    fn words(&mut self, text: &str, line: u32, list_follows: bool, log: &mut Log) {
        self.items.clear();
        if let Some((title, rest)) = scope_words(text)
            && (!title.contains('(')
                || log.repair(RepairKind::ScopeLabelVariant, line, title.clone(), scope_bare(&title)))
        {
            self.group = None;
            log.stripped(line, text, &format!("{title}{rest}"));
            let at = self.add(self.container(), Node::branch(Kind::Scope, title, line));
            self.scope = Some(at);
            if !rest.is_empty() {
                self.add(Some(at), Node::leaf(Kind::Statement, None, rest, line));
            }
            return;
        }
        let parent = self.scope.or(self.container());
        let bare = scopes::plain(text);
        if let Some(title) = bare.strip_suffix(':')
            && list_follows
            && title.chars().count() <= 200
        {
            let title = title.trim_end_matches('*');
            log.stripped(line, text, title);
            let at = self.add(parent, Node::branch(Kind::Group, title.to_owned(), line));
            self.group = Some(at);
            return;
        }
        self.group = None;
        self.add(parent, Node::leaf(Kind::Statement, None, text.to_owned(), line));
    }

    /// Makes the nested tree, decides what list items with children are, and takes labels off the leaves.
    fn finish(mut self, log: &mut Log) -> Result<Vec<Node>, ImportError> {
        let roots = std::mem::take(&mut self.roots);
        roots.into_iter().map(|at| self.close(at, log)).collect()
    }

    fn close(&mut self, at: usize, log: &mut Log) -> Result<Node, ImportError> {
        let children = std::mem::take(&mut self.nodes[at].children);
        let children = children.into_iter().map(|c| self.close(c, log)).collect::<Result<Vec<_>, _>>()?;
        let mut node = self.nodes[at].node.clone();
        if node.kind.is_leaf() && !children.is_empty() {
            let text = node.text.take().unwrap_or_default();
            let bare = scopes::plain(&text);
            let short = bare.chars().count() <= 70 && !ends_sentence(&bare);
            let title = bare.trim_end_matches(':');
            let scope = scopes::named(title).is_some();
            if scope || short || bare.ends_with(':') {
                let kind = if scope { Kind::Scope } else { Kind::Group };
                log.stripped(node.line, &text, title);
                node = Node::branch(kind, title.to_owned(), node.line);
                node.children = children;
                return Ok(node);
            }
            let lines: String = children.iter().map(|c| as_list(c, 0, log)).collect();
            node.text = Some(text + "\n" + &lines);
        } else {
            node.children = children;
        }
        if let Some(text) = node.text.take() {
            let (label, text) = match node.label.take() {
                // A table says itself what is the label.
                Some(label) => (Some(label), text),
                None => split_label(node.kind, text, node.line, log),
            };
            if text.len() > crate::markdown::MAX_BYTES {
                return Err(ImportError::TextTooLong { line: node.line });
            }
            (node.label, node.text) = (label, Some(text));
        }
        Ok(node)
    }
}

fn together(parts: &[Part]) -> String {
    parts.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// `Verarbeitung eigener Daten (…): Text` as the scope's full words and the text after the colon.
fn scope_words(text: &str) -> Option<(String, String)> {
    if let Some((head, tail)) = scopes::label(text) {
        let head = scopes::plain(head);
        scopes::named(&head)?;
        return Some((head, tail.trim_start_matches(['*', '_']).trim().to_owned()));
    }
    let bare = scopes::plain(text);
    (!ends_sentence(&bare) && scopes::named(&bare).is_some()).then_some((bare, String::new()))
}

fn scope_bare(title: &str) -> String {
    title.split('(').next().unwrap_or_default().trim().to_owned()
}

/// A nested leaf that stays part of its parent's text, as a Markdown list.
fn as_list(node: &Node, depth: usize, log: &mut Log) -> String {
    log.added(node.line, if node.label.is_some() { "-:" } else { "-" });
    let words = match (&node.label, &node.text, &node.title) {
        (Some(l), Some(t), _) => format!("{l}: {t}"),
        (None, Some(t), _) => t.clone(),
        (_, None, t) => t.clone().unwrap_or_default(),
    };
    let own = format!("\n{}- {}", "  ".repeat(depth), words);
    node.children.iter().fold(own, |t, c| t + &as_list(c, depth + 1, log))
}

/// Takes the label off a leaf's text. A statement has one only where it is emphasised.
fn split_label(kind: Kind, text: String, line: u32, log: &mut Log) -> (Option<String>, String) {
    let bold = text.starts_with("**") || text.starts_with("__");
    if kind == Kind::Statement && !bold {
        return (None, text);
    }
    let Some((head, tail)) = scopes::label(&text) else { return (None, text) };
    let name = scopes::plain(head);
    let rest = tail.trim_start_matches(['*', '_']).trim();
    if name.is_empty()
        || rest.is_empty()
        || (bold && !log.repair(RepairKind::BoldLabel, line, format!("{head}:"), name.clone()))
    {
        return (None, text);
    }
    log.stripped(line, &text, &format!("{name}{rest}"));
    (Some(name), rest.to_owned())
}

/// Gives every leaf the scope and the group that stand above it.
fn spread(nodes: &mut [Node], scope: Scope, group: Option<&str>) {
    for n in nodes {
        let own = if n.kind == Kind::Scope {
            n.title.as_deref().and_then(scopes::named).unwrap_or(scope)
        } else {
            scope
        };
        n.scope = own;
        let title = n.title.clone();
        let group = match n.kind {
            Kind::Group => title.as_deref(),
            Kind::Section | Kind::Goal | Kind::Scope => None,
            Kind::Measure | Kind::Statement => {
                n.group = group.map(str::to_owned);
                group
            }
        };
        spread(&mut n.children, own, group);
    }
}
