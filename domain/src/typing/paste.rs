//! A pasted page as Markdown: paragraphs, lists, bold and italic are kept; fonts, colours, pictures and scripts are dropped. Lists of
//! Word are no lists in its HTML but paragraphs with a style, and are read as what they mean.

/// A node of the page, as the browser's parser made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Text(String),
    Node { tag: String, style: String, children: Vec<Piece> },
}

/// Deepest nesting that is read; further in only the words count.
const DEEPEST: usize = 40;

/// What a page says, as Markdown.
pub fn markdown(page: &[Piece]) -> String {
    let mut out = Writer::default();
    out.blocks(page, 0);
    out.flush();
    out.done.join("\n\n").replace("\u{1}\n\n", "\n")
}

/// How a pasted text goes in behind what stands there: several blocks begin on a line of their own.
pub fn inserted(before: &str, said: &str) -> String {
    let open = before.lines().last().is_some_and(|l| !l.trim().is_empty()) && !before.ends_with('\n');
    let blocks = said.contains('\n') || is_item(said);
    if open && blocks { format!("\n\n{said}") } else { said.to_owned() }
}

/// The same page with its styles under another name: the browser's parser would try to apply them, and the page's own policy
/// forbids it, loudly. Words are not touched.
pub fn unstyled(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + 64);
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        let (text, tag) = rest.split_at(open);
        out.push_str(text);
        let end = tag.find('>').map_or(tag.len(), |e| e + 1);
        let (tag, after) = tag.split_at(end);
        let name = tag.trim_start_matches(['<', '/']);
        if name.get(..5).is_some_and(|n| n.eq_ignore_ascii_case("style")) {
            out.push_str(&tag.replacen(&name[..5], "x-style", 1));
        } else {
            out.push_str(&tag.replace(" style=", " data-style=").replace("\nstyle=", "\ndata-style="));
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[derive(Default)]
struct Writer {
    /// Blocks; an item that has another behind it ends in U+0001.
    done: Vec<String>,
    line: String,
    /// What the next line begins with, and the lists around it: ordered, and how many items there were.
    start: String,
    lists: Vec<(bool, usize)>,
    item: bool,
}

impl Writer {
    /// Ends the line that is being written.
    fn flush(&mut self) {
        let words = tidy(&std::mem::take(&mut self.line));
        let start = std::mem::take(&mut self.start);
        let item = std::mem::take(&mut self.item);
        if words.is_empty() {
            return;
        }
        if let Some(last) = self.done.last_mut().filter(|b| item && is_item(b)) {
            last.push('\u{1}');
        }
        self.done.push(format!("{start}{words}"));
    }

    fn begin_item(&mut self, level: usize, ordered: bool, n: usize) {
        self.flush();
        let indent = "   ".repeat(level.saturating_sub(1).min(6));
        self.start = if ordered { format!("{indent}{n}. ") } else { format!("{indent}- ") };
        self.item = true;
    }

    fn blocks(&mut self, pieces: &[Piece], depth: usize) {
        for piece in pieces {
            match piece {
                Piece::Text(text) => self.line.push_str(&escaped(text)),
                Piece::Node { tag, style, children } => self.node(tag, style, children, depth + 1),
            }
        }
    }

    fn node(&mut self, tag: &str, style: &str, children: &[Piece], depth: usize) {
        let style = style.to_lowercase().replace(' ', "");
        if depth > DEEPEST {
            return self.line.push_str(&escaped(&words(children)));
        }
        match tag {
            "style" | "x-style" | "script" | "head" | "title" | "meta" | "link" | "img" | "svg"
            | "object" | "del" | "s" | "xml" => {}
            "br" => self.line.push('\n'),
            "hr" => self.flush(),
            "ul" | "ol" => {
                self.flush();
                self.lists.push((tag == "ol", 0));
                self.blocks(children, depth);
                self.flush();
                self.lists.pop();
            }
            "li" => {
                let level = self.lists.len().max(1);
                let (ordered, n) = match self.lists.last_mut() {
                    Some((ordered, n)) => {
                        *n += 1;
                        (*ordered, *n)
                    }
                    None => (false, 1),
                };
                self.begin_item(level, ordered, n);
                self.blocks(children, depth);
            }
            "p" if style.contains("mso-list:") && !style.contains("mso-list:none") => {
                let marker = ignored(children).unwrap_or_default();
                let number: String = marker.chars().filter(char::is_ascii_digit).collect();
                let level =
                    style.split("level").nth(1).and_then(|s| s.chars().next()?.to_digit(10)).unwrap_or(1);
                self.begin_item(level as usize, !number.is_empty(), number.parse().unwrap_or(1));
                self.blocks(children, depth);
                self.flush();
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.flush();
                self.marked("**", children, depth);
                self.flush();
            }
            // The paragraph inside an item belongs to it.
            "p" | "div" if self.item && self.line.trim().is_empty() => self.blocks(children, depth),
            "p" | "div" | "section" | "article" | "blockquote" | "table" | "thead" | "tbody" | "pre" => {
                self.flush();
                self.blocks(children, depth);
                self.flush();
            }
            "tr" => {
                self.begin_item(1, false, 1);
                let cells = children.iter().filter_map(|c| match c {
                    Piece::Node { tag, children, .. } if tag == "td" || tag == "th" => {
                        Some(tidy(&words(children)).replace('\n', " "))
                    }
                    _ => None,
                });
                let cells: Vec<String> = cells.filter(|c| !c.is_empty()).collect();
                self.line.push_str(&escaped(&cells.join(" – ")));
                self.flush();
            }
            // What Word writes before an item for those who know no lists.
            _ if style.contains("mso-list:ignore") => {}
            // Google's documents come in a `b` that is none.
            "b" | "strong" if !style.contains("font-weight:normal") => self.marked("**", children, depth),
            "i" | "em" if !style.contains("font-style:normal") => self.marked("*", children, depth),
            _ if ["font-weight:bold", "font-weight:7", "font-weight:8"].iter().any(|b| style.contains(b)) => {
                self.marked("**", children, depth)
            }
            _ => self.blocks(children, depth),
        }
    }

    /// Words between marks; blanks at the ends stay outside, and what is marked already is not marked again.
    fn marked(&mut self, mark: &str, children: &[Piece], depth: usize) {
        if has_block(children) {
            return self.blocks(children, depth);
        }
        let outer = std::mem::take(&mut self.line);
        self.blocks(children, depth);
        let inner = std::mem::replace(&mut self.line, outer);
        let words = inner.trim();
        if words.is_empty() || words.contains(mark) || words.contains('\n') {
            return self.line.push_str(&inner);
        }
        let (before, after) = (inner.starts_with(char::is_whitespace), inner.ends_with(char::is_whitespace));
        let blank = |yes| if yes { " " } else { "" };
        self.line.push_str(&format!("{}{mark}{words}{mark}{}", blank(before), blank(after)));
    }
}

/// Marks go around words, not around paragraphs.
fn has_block(pieces: &[Piece]) -> bool {
    const BLOCKS: [&str; 16] = [
        "p",
        "div",
        "ul",
        "ol",
        "li",
        "table",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "section",
        "article",
        "blockquote",
    ];
    pieces.iter().any(|p| match p {
        Piece::Node { tag, children, .. } => BLOCKS.contains(&tag.as_str()) || has_block(children),
        Piece::Text(_) => false,
    })
}

fn is_item(block: &str) -> bool {
    let b = block.trim_start();
    b.starts_with("- ") || b.split_once(". ").is_some_and(|(n, _)| n.chars().all(|c| c.is_ascii_digit()))
}

/// The words below some nodes, without any structure.
fn words(pieces: &[Piece]) -> String {
    let mut out = String::new();
    let mut open: Vec<&Piece> = pieces.iter().rev().collect();
    while let Some(piece) = open.pop() {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Node { tag, .. } if ["style", "x-style", "script", "del", "s"].contains(&tag.as_str()) => {
            }
            Piece::Node { tag, children, .. } => {
                if ["p", "div", "br", "li"].contains(&tag.as_str()) {
                    out.push(' ');
                }
                open.extend(children.iter().rev());
            }
        }
    }
    out
}

/// The marker that Word wrote into an item's paragraph.
fn ignored(pieces: &[Piece]) -> Option<String> {
    pieces.iter().find_map(|p| match p {
        Piece::Node { style, children, .. }
            if style.to_lowercase().replace(' ', "").contains("mso-list:ignore") =>
        {
            Some(words(children))
        }
        Piece::Node { children, .. } => ignored(children),
        Piece::Text(_) => None,
    })
}

/// Words as text, not as marks; a page's own line breaks are blanks.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' | '\u{a0}' => out.push(' '),
            '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{1}' => {}
            '*' | '`' | '<' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// One blank between words, none at the ends of lines.
fn tidy(text: &str) -> String {
    let lines = text.split('\n').map(|l| l.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|l| !l.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn t(text: &str) -> Piece {
        Piece::Text(text.into())
    }

    fn n(tag: &str, style: &str, children: &[Piece]) -> Piece {
        Piece::Node { tag: tag.into(), style: style.into(), children: children.to_vec() }
    }

    #[test]
    fn lists_of_word_and_of_the_web_are_lists() {
        let item = |marker: &str, level: u32, text: &str| {
            let ignored =
                n("span", "mso-list:Ignore", &[t(marker), n("span", "font:7.0pt", &[t("\u{a0}\u{a0}")])]);
            n("p", &format!("margin-left:1cm; mso-list: l0 level{level} lfo1"), &[ignored, t(text)])
        };
        let page = [
            n("style", "", &[t("p.MsoNormal { color: red }")]),
            n("h2", "", &[t("Zutritt")]),
            n("p", "", &[t("Die Türen\nsind "), n("b", "", &[t("immer ")]), t("zu.")]),
            item("·", 1, "Haupttür"),
            item("·", 1, "Nebentür"),
            item("o", 2, "hinten"),
            item("1.", 1, "Eins"),
            item("2.", 1, "Zwei"),
        ];
        let want = "**Zutritt**\n\nDie Türen sind **immer** zu.\n\n- Haupttür\n- Nebentür\n   - hinten\n1. Eins\n2. Zwei";
        assert_eq!(markdown(&page), want);
        let li = |x: &[Piece]| n("li", "", x);
        let web = [
            n(
                "ul",
                "",
                &[li(&[n("p", "", &[t("a")])]), li(&[t("b"), n("ol", "", &[li(&[t("c")]), li(&[t("d")])])])],
            ),
            t("e"),
        ];
        assert_eq!(markdown(&web), "- a\n- b\n   1. c\n   2. d\n\ne");
    }

    #[test]
    fn what_is_no_structure_is_dropped_and_marks_in_the_text_are_text() {
        let page = [
            n(
                "b",
                "font-weight:normal",
                &[n("p", "", &[t("5 * 3 <b> ist "), n("span", "font-weight:700", &[t("15")])])],
            ),
            n("img", "", &[]),
            n("script", "", &[t("alert(1)")]),
            n(
                "table",
                "",
                &[n("tr", "", &[n("td", "", &[n("p", "", &[t("Tür")])]), n("td", "", &[t("zu")])])],
            ),
        ];
        assert_eq!(markdown(&page), "5 \\* 3 \\<b> ist **15**\n\n- Tür – zu");
    }

    #[test]
    fn styles_keep_their_words_under_another_name_and_blocks_begin_a_line() {
        let html = "<style>p{}</style><p class=a style='x'>der style=\"neu\" < 5</p>";
        let want = "<x-style>p{}</x-style><p class=a data-style='x'>der style=\"neu\" < 5</p>";
        // What follows a lone "<" up to the next ">" is taken for a tag, as the parser does.
        assert_eq!(unstyled(html), want);
        assert_eq!(inserted("Zwei", "a\n\nb"), "\n\na\n\nb");
        assert_eq!(inserted("Zwei ", "Wort"), "Wort");
        assert_eq!(inserted("Zwei\n", "- a"), "- a");
    }

    fn pieces() -> impl Strategy<Value = Vec<Piece>> {
        let leaf = "[a-z]{1,6}".prop_map(|s| Piece::Text(format!("{s} ")));
        let tags =
            proptest::sample::select(vec!["p", "div", "b", "i", "ul", "ol", "li", "span", "h2", "o:p"]);
        let tree = leaf.prop_recursive(5, 30, 4, move |inner| {
            (tags.clone(), prop::collection::vec(inner, 0..4))
                .prop_map(|(tag, children)| n(tag, "", &children))
        });
        prop::collection::vec(tree, 0..5)
    }

    proptest! {
        #[test]
        fn no_word_of_a_page_is_lost(page in pieces()) {
            let letters = |s: &str| s.chars().filter(char::is_ascii_lowercase).collect::<String>();
            prop_assert_eq!(letters(&markdown(&page)), letters(&words(&page)));
        }
    }
}
