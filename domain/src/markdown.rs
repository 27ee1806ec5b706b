//! Untrusted text is never HTML: Markdown is parsed to events, checked, and becomes typed blocks.
//!
//! Both the screen and the PDF read these blocks. Raw HTML and images are dropped; links keep only http, https and
//! mailto. The gate stands where text is saved: at most 64 KiB, depth 12, 20,000 events.

use crate::error::DomainError;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

pub const MAX_BYTES: usize = 64 * 1024;
pub const MAX_DEPTH: usize = 12;
pub const MAX_EVENTS: usize = 20_000;

/// A block of checked text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Paragraph(Vec<Span>),
    /// `start` is the first number of an ordered list.
    List {
        start: Option<u64>,
        items: Vec<Vec<Block>>,
    },
    Quote(Vec<Block>),
    Code(String),
    /// First row is the head.
    Table(Vec<Vec<Vec<Span>>>),
}

/// A run of text with one look.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Span {
    pub text: String,
    pub bold: bool,
    pub italic: bool,
    pub code: bool,
    /// http, https or mailto only.
    pub link: Option<String>,
}

impl Span {
    /// Words without any emphasis.
    pub fn plain(text: String) -> Span {
        Span { text, bold: false, italic: false, code: false, link: None }
    }
}

/// Refuses text that a renderer should never see. Runs in time linear to the text.
pub fn check(text: &str) -> Result<(), DomainError> {
    // `>>>>…` gives pulldown-cmark a depth of one per character: look at the depth while parsing and stop early.
    if text.len() > MAX_BYTES {
        return Err(DomainError::MarkdownTooComplex);
    }
    let (mut depth, mut events) = (0usize, 0usize);
    for event in Parser::new_ext(text, options()) {
        events += 1;
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH || events > MAX_EVENTS {
            return Err(DomainError::MarkdownTooComplex);
        }
    }
    Ok(())
}

fn options() -> Options {
    Options::ENABLE_TABLES
}

/// Parses text to blocks. Text that [`check`] refuses comes back as one plain paragraph: shown, never run.
pub fn blocks(text: &str) -> Vec<Block> {
    if check(text).is_err() {
        return vec![Block::Paragraph(vec![Span { text: text.to_owned(), ..Span::default() }])];
    }
    let mut parser = Parser::new_ext(text, options());
    container(&mut parser)
}

/// Whether a text begins with a paragraph, so that a label can stand in its first line; a list or a table needs a line of its own.
pub fn begins_with_words(text: &str) -> bool {
    let first = Parser::new_ext(text, options()).next();
    matches!(first, None | Some(Event::Start(Tag::Paragraph | Tag::Heading { .. }) | Event::Text(_)))
}

/// The words alone, one space between blocks: for search, diff and short views.
pub fn plain(text: &str) -> String {
    fn go(blocks: &[Block], out: &mut Vec<String>) {
        for b in blocks {
            match b {
                Block::Paragraph(s) => out.push(spans_text(s)),
                Block::List { items, .. } => items.iter().for_each(|i| go(i, out)),
                Block::Quote(b) => go(b, out),
                Block::Code(c) => out.push(c.clone()),
                Block::Table(rows) => rows.iter().flatten().for_each(|c| out.push(spans_text(c))),
            }
        }
    }
    let mut out = Vec::new();
    go(&blocks(text), &mut out);
    out.join(" ")
}

pub fn spans_text(spans: &[Span]) -> String {
    spans.iter().map(|s| s.text.as_str()).collect()
}

fn container(parser: &mut Parser) -> Vec<Block> {
    let mut out = Vec::new();
    let mut loose: Vec<Span> = Vec::new();
    let flush = |loose: &mut Vec<Span>, out: &mut Vec<Block>| {
        if !loose.is_empty() {
            out.push(Block::Paragraph(std::mem::take(loose)));
        }
    };
    let mut style = Style::default();
    while let Some(event) = parser.next() {
        match event {
            Event::Start(Tag::Paragraph | Tag::Heading { .. }) => {
                flush(&mut loose, &mut out);
                let spans = inline(parser);
                if !spans.is_empty() {
                    out.push(Block::Paragraph(spans));
                }
            }
            Event::Start(Tag::List(start)) => {
                flush(&mut loose, &mut out);
                let mut items = Vec::new();
                while let Some(Event::Start(Tag::Item)) = parser.next() {
                    items.push(container(parser));
                }
                out.push(Block::List { start, items });
            }
            Event::Start(Tag::BlockQuote(_)) => {
                flush(&mut loose, &mut out);
                out.push(Block::Quote(container(parser)));
            }
            Event::Start(Tag::CodeBlock(_)) => {
                flush(&mut loose, &mut out);
                let mut code = String::new();
                for event in parser.by_ref() {
                    match event {
                        Event::Text(t) => code.push_str(&t),
                        Event::End(_) => break,
                        _ => {}
                    }
                }
                out.push(Block::Code(code.trim_end().to_owned()));
            }
            Event::Start(Tag::Table(_)) => {
                flush(&mut loose, &mut out);
                out.push(Block::Table(table(parser)));
            }
            Event::End(TagEnd::Item | TagEnd::BlockQuote(_)) => break,
            other => style.event(other, &mut loose),
        }
    }
    flush(&mut loose, &mut out);
    out
}

fn table(parser: &mut Parser) -> Vec<Vec<Vec<Span>>> {
    let mut rows: Vec<Vec<Vec<Span>>> = Vec::new();
    while let Some(event) = parser.next() {
        match event {
            Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(Vec::new()),
            Event::Start(Tag::TableCell) => {
                let cell = inline(parser);
                if let Some(row) = rows.last_mut() {
                    row.push(cell);
                }
            }
            Event::End(TagEnd::Table) => break,
            _ => {}
        }
    }
    rows
}

/// Spans until the block's own end.
fn inline(parser: &mut Parser) -> Vec<Span> {
    let mut out = Vec::new();
    let mut style = Style::default();
    for event in parser.by_ref() {
        if matches!(event, Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::TableCell)) {
            break;
        }
        style.event(event, &mut out);
    }
    out
}

#[derive(Default)]
struct Style {
    bold: usize,
    italic: usize,
    link: Option<String>,
}

impl Style {
    fn event(&mut self, event: Event, out: &mut Vec<Span>) {
        match event {
            Event::Start(Tag::Strong) => self.bold += 1,
            Event::End(TagEnd::Strong) => self.bold = self.bold.saturating_sub(1),
            Event::Start(Tag::Emphasis) => self.italic += 1,
            Event::End(TagEnd::Emphasis) => self.italic = self.italic.saturating_sub(1),
            Event::Start(Tag::Link { dest_url, .. }) => self.link = safe_link(&dest_url),
            Event::End(TagEnd::Link) => self.link = None,
            Event::Text(t) => self.push(&t, false, out),
            Event::Code(t) => self.push(&t, true, out),
            Event::SoftBreak => self.push(" ", false, out),
            Event::HardBreak => self.push("\n", false, out),
            // Not a word is lost: what looks like a tag is text as it stands, of an image its description stays.
            Event::InlineHtml(t) | Event::Html(t) if line_break(&t) => self.push("\n", false, out),
            Event::InlineHtml(t) | Event::Html(t) => self.push(&t, false, out),
            _ => {}
        }
    }

    fn push(&self, text: &str, code: bool, out: &mut Vec<Span>) {
        let span = Span {
            text: text.to_owned(),
            bold: self.bold > 0,
            italic: self.italic > 0,
            code,
            link: self.link.clone(),
        };
        match out.last_mut() {
            Some(last)
                if (last.bold, last.italic, last.code, &last.link)
                    == (span.bold, span.italic, span.code, &span.link) =>
            {
                last.text.push_str(text)
            }
            _ => out.push(span),
        }
    }
}

/// `<br>`, however it is written.
fn line_break(tag: &str) -> bool {
    let inner = tag.trim().trim_start_matches('<').trim_end_matches('>').trim_end_matches('/');
    inner.trim().eq_ignore_ascii_case("br")
}

fn safe_link(url: &str) -> Option<String> {
    let lower = url.trim().to_ascii_lowercase();
    let ok = ["http://", "https://", "mailto:"].iter().any(|s| lower.starts_with(s))
        && !url.chars().any(char::is_control);
    ok.then(|| url.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bombs_are_refused_and_ordinary_text_is_not() {
        for bomb in
            [">".repeat(60_000), "1. ".repeat(20_000), "*a ".repeat(21_000), "x".repeat(MAX_BYTES + 1)]
        {
            assert_eq!(check(&bomb), Err(DomainError::MarkdownTooComplex), "{}", &bomb[..8]);
        }
        assert_eq!(check(&"> ".repeat(12)), Ok(()));
        assert_eq!(check("- a\n  - b\n\n**c**"), Ok(()));
    }

    #[test]
    fn tags_are_text_images_are_their_words_and_script_links_do_not_survive() {
        let b = blocks(
            "a <script>x</script> ![a](http://e/x.png) [k](javascript:alert(1)) [l](https://e.example)",
        );
        let Some(Block::Paragraph(spans)) = b.first() else { unreachable!("a paragraph") };
        let links: Vec<_> = spans.iter().filter_map(|s| s.link.as_deref()).collect();
        assert_eq!(links, ["https://e.example"]);
        assert_eq!(spans_text(spans), "a <script>x</script> a k l");
        assert_eq!(plain("nur für <Name der Leitung> erlaubt"), "nur für <Name der Leitung> erlaubt");
        assert_eq!(plain("alle 90 Tage<br/>danach ![Lageplan](plan.png)"), "alle 90 Tage\ndanach Lageplan");
        assert_eq!(plain("<div>\nBlock\n</div>"), "<div>\nBlock\n</div>");
    }

    #[test]
    fn a_label_stands_before_words_and_over_a_list() {
        for words in ["", "täglich", "**täglich**, auch\n- sonntags", "`aes` gilt", "# Kopf"] {
            assert!(begins_with_words(words), "{words}");
        }
        for block in ["- eins\n- zwei", "1. eins", "> so", "| a |\n|---|\n| b |", "    starr"] {
            assert!(!begins_with_words(block), "{block}");
        }
    }

    #[test]
    fn lists_nest_and_plain_gives_the_words() {
        assert_eq!(plain("Es gilt:\n\n- eins\n- zwei\n  - *drei*"), "Es gilt: eins zwei drei");
    }
}
