//! What a Word document's styles and lists say of a paragraph.

use super::super::xml::Element;
use std::collections::HashMap;

#[derive(Clone, Default)]
pub struct Style {
    pub name: String,
    pub based_on: Option<String>,
    pub outline: Option<usize>,
    pub list: Option<(String, usize)>,
    pub bold: Option<bool>,
    pub italic: Option<bool>,
}

#[derive(Default)]
pub struct Styles(HashMap<String, Style>);

impl Styles {
    pub fn of(root: &Element) -> Styles {
        let all =
            root.descendant("styles").into_iter().flat_map(|s| s.elements()).filter(|e| e.name == "style");
        let read = |e: &Element| Style {
            name: e.child("name").and_then(Element::val).unwrap_or_default().to_lowercase(),
            based_on: e.child("basedOn").and_then(Element::val).map(str::to_owned),
            outline: e.at("pPr/outlineLvl").and_then(Element::val).and_then(|v| v.parse().ok()),
            list: e.at("pPr/numPr").and_then(list_of),
            bold: e.at("rPr/b").map(Element::is_on),
            italic: e.at("rPr/i").map(Element::is_on),
        };
        Styles(all.map(|e| (e.attribute("styleId").unwrap_or_default().to_owned(), read(e))).collect())
    }

    /// The first answer along the chain of styles that one is based on.
    pub fn ask<T>(&self, id: Option<&str>, question: impl Fn(&Style) -> Option<T>) -> Option<T> {
        let mut id = id?.to_owned();
        for _ in 0..20 {
            let style = self.0.get(&id)?;
            if let Some(answer) = question(style) {
                return Some(answer);
            }
            id = style.based_on.clone()?;
        }
        None
    }
}

/// `numId` and level.
pub fn list_of(e: &Element) -> Option<(String, usize)> {
    let id = e.child("numId").and_then(Element::val)?;
    let level = e.child("ilvl").and_then(Element::val).and_then(|v| v.parse().ok()).unwrap_or(0);
    Some((id.to_owned(), level))
}

/// Which lists have bullets at which level; all others are numbered.
pub fn bullets(root: &Element) -> HashMap<(String, usize), bool> {
    let Some(root) = root.descendant("numbering") else { return HashMap::new() };
    let level = |l: &Element| {
        let at: usize = l.attribute("ilvl")?.parse().ok()?;
        Some((at, l.child("numFmt").and_then(Element::val)? == "bullet"))
    };
    let abstracts: HashMap<&str, Vec<(usize, bool)>> = root
        .elements()
        .filter(|e| e.name == "abstractNum")
        .filter_map(|e| Some((e.attribute("abstractNumId")?, e.elements().filter_map(level).collect())))
        .collect();
    let mut out = HashMap::new();
    for num in root.elements().filter(|e| e.name == "num") {
        let (Some(id), Some(of)) =
            (num.attribute("numId"), num.child("abstractNumId").and_then(Element::val))
        else {
            continue;
        };
        for (level, bullet) in abstracts.get(of).into_iter().flatten() {
            out.insert((id.to_owned(), *level), *bullet);
        }
    }
    out
}
