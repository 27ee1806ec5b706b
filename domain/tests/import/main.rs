//! The importer: rules one by one, whole documents against golden trees, and properties over generated ones.

mod account;
mod changes;
mod property;
mod rules;
mod shapes;

use tomfolio_domain::import::{Imported, Node, import};

fn read(text: &str) -> Imported {
    import(text.as_bytes(), &[]).unwrap()
}

/// Code (or a dash), kind and the words of each node, in reading order.
fn shape(found: &Imported) -> Vec<String> {
    fn go(nodes: &[Node], out: &mut Vec<String>) {
        for n in nodes {
            let words = n.title.as_deref().or(n.text.as_deref()).unwrap_or_default();
            let label = n.label.as_deref().map(|l| format!("{l}: ")).unwrap_or_default();
            out.push(format!("{} {} {label}{words}", n.code.as_deref().unwrap_or("-"), n.kind));
            go(&n.children, out);
        }
    }
    let mut out = Vec::new();
    go(&found.nodes, &mut out);
    out
}

/// The tree without lines: what an export and an import again must keep.
fn timeless(nodes: &[Node]) -> Vec<Node> {
    nodes.iter().map(|n| Node { line: 0, children: timeless(&n.children), ..n.clone() }).collect()
}
