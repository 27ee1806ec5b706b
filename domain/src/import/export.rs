//! A document as Markdown that this importer reads back: `import(export(tree)) == tree`, but for lines.

use super::markers::escaped;
use super::tree::{Kind, Node};
use crate::codes::{self, Scheme};
use crate::markdown::begins_with_words;

/// Writes the whole tree.
pub fn to_markdown(title: &str, scheme: Scheme, nodes: &[Node]) -> String {
    let mut out = format!("# {title}\n");
    match scheme {
        Scheme::Abcd => abcd(nodes, &mut out),
        Scheme::Nine => nine(nodes, &mut out),
    }
    out
}

fn abcd(nodes: &[Node], out: &mut String) {
    let mut sections = 0;
    for section in nodes {
        if section.kind != Kind::Section {
            before(section, out);
            continue;
        }
        sections += 1;
        heading(section, &format!("## {}.", codes::letter(sections, 'A')), out);
        let mut goal = 0;
        for child in &section.children {
            if child.kind == Kind::Goal {
                goal += 1;
                heading(child, &format!("### {goal}."), out);
                body(&child.children, out);
            } else {
                body(std::slice::from_ref(child), out);
            }
        }
    }
}

/// Words that stand before the first heading.
fn before(node: &Node, out: &mut String) {
    out.push('\n');
    leaf(node, "", "", out);
}

fn heading(node: &Node, marks: &str, out: &mut String) {
    out.push_str(&format!("\n{marks} {}\n", node.title.as_deref().unwrap_or_default()));
    if let Some(d) = &node.definition {
        out.push_str(&format!("\n*{d}*\n"));
    }
}

fn body(nodes: &[Node], out: &mut String) {
    let mut list = false;
    for (at, n) in nodes.iter().enumerate() {
        match n.kind {
            Kind::Scope => {
                out.push_str(&format!("\n{}:", n.title.as_deref().unwrap_or_default()));
                let mut rest = n.children.as_slice();
                if let [first, more @ ..] = rest
                    && first.kind == Kind::Statement
                {
                    out.push_str(&format!(" {}", first.text.as_deref().unwrap_or_default()));
                    rest = more;
                }
                out.push('\n');
                body(rest, out);
                list = false;
            }
            // What follows a group's paragraph belongs to the group; a measure beside it needs the nested form.
            Kind::Group if list || nodes.iter().skip(at).any(|n| n.kind == Kind::Measure) => {
                if !list {
                    out.push('\n');
                }
                nested(n, 0, out);
                list = true;
            }
            Kind::Group => {
                out.push_str(&format!("\n{}:\n\n", n.title.as_deref().unwrap_or_default()));
                n.children.iter().for_each(|c| nested(c, 0, out));
                list = false;
            }
            Kind::Section | Kind::Goal | Kind::Measure | Kind::Statement => {
                let item = n.kind == Kind::Measure;
                if !(list && item) {
                    out.push('\n');
                }
                leaf(n, if item { "- " } else { "" }, if item { "  " } else { "" }, out);
                list = item;
            }
        }
    }
}

/// A group as a list item that holds its own list.
fn nested(n: &Node, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    if n.kind.is_leaf() {
        return leaf(n, &format!("{indent}- "), &format!("{indent}  "), out);
    }
    out.push_str(&format!("{indent}- {}:\n", n.title.as_deref().unwrap_or_default()));
    n.children.iter().for_each(|c| nested(c, depth + 1, out));
}

fn leaf(n: &Node, marker: &str, indent: &str, out: &mut String) {
    let text = n.text.as_deref().unwrap_or_default();
    // A list is none when it begins behind a label.
    let between = if text.contains('\n') && !begins_with_words(text) { "\n" } else { " " };
    let words = match &n.label {
        Some(l) if n.kind == Kind::Statement => format!("**{l}:**{between}{text}"),
        Some(l) => format!("{l}:{between}{text}"),
        None => text.to_owned(),
    };
    let words = escaped(&words).replace('\n', &format!("\n{indent}"));
    out.push_str(&format!("{marker}{words}\n"));
}

fn nine(nodes: &[Node], out: &mut String) {
    let mut sections = 0;
    for section in nodes {
        if section.kind != Kind::Section {
            before(section, out);
            continue;
        }
        sections += 1;
        heading(section, &format!("## {sections}."), out);
        if section.children.iter().any(has_statement) {
            // Between letters a paragraph would begin a new list.
            body(&section.children, out);
        } else {
            out.push('\n');
            numbered(&section.children, 1, out);
        }
    }
}

fn has_statement(n: &Node) -> bool {
    n.kind == Kind::Statement || n.children.iter().any(has_statement)
}

fn numbered(nodes: &[Node], depth: usize, out: &mut String) {
    for (i, n) in nodes.iter().enumerate() {
        let n_th = i as u32 + 1;
        let marker = match depth {
            1 => format!("{}. ", codes::letter(n_th, 'a')),
            2 => format!("   {}. ", codes::roman(n_th)),
            _ => format!("{}- ", "   ".repeat(depth)),
        };
        if n.kind.is_leaf() {
            leaf(n, &marker, &" ".repeat(marker.len()), out);
        } else {
            out.push_str(&format!("{marker}{}:\n", n.title.as_deref().unwrap_or_default()));
            numbered(&n.children, depth + 1, out);
        }
    }
}
