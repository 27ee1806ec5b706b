//! XML of an office file as a small tree: local names, attributes, text. No entities of its own, no depth without end.

use quick_xml::XmlVersion;
use quick_xml::events::Event;
use quick_xml::reader::Reader;
use tomfolio_domain::import::ImportError;

/// Deepest nesting; Word's own files stay below 60.
const MAX_DEPTH: usize = 200;
/// Most elements of one part.
const MAX_ELEMENTS: usize = 2_000_000;

#[derive(Debug, Default)]
pub struct Element {
    /// Without its prefix.
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Item>,
}

#[derive(Debug)]
pub enum Item {
    Element(Element),
    Text(String),
}

impl Element {
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|c| match c {
            Item::Element(e) => Some(e),
            Item::Text(_) => None,
        })
    }

    pub fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|e| e.name == name)
    }

    /// `pPr/numPr/ilvl`
    pub fn at(&self, path: &str) -> Option<&Element> {
        path.split('/').try_fold(self, |e, name| e.child(name))
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    pub fn val(&self) -> Option<&str> {
        self.attribute("val")
    }

    /// `<w:b/>` is on, `<w:b w:val="0"/>` is off.
    pub fn is_on(&self) -> bool {
        !matches!(self.val(), Some("0" | "false" | "off" | "none"))
    }

    /// Any element of that name below.
    pub fn descendant(&self, name: &str) -> Option<&Element> {
        self.elements().find_map(|e| if e.name == name { Some(e) } else { e.descendant(name) })
    }

    /// All text below, as it stands.
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.collect(&mut out);
        out
    }

    fn collect(&self, out: &mut String) {
        for c in &self.children {
            match c {
                Item::Text(t) => out.push_str(t),
                Item::Element(e) => e.collect(out),
            }
        }
    }
}

fn damaged<E>(_: E) -> ImportError {
    ImportError::Damaged
}

/// Reads one part of the file.
pub fn parse(bytes: &[u8]) -> Result<Element, ImportError> {
    let mut reader = Reader::from_reader(bytes);
    let mut stack = vec![Element::default()];
    let mut elements = 0;
    loop {
        match reader.read_event().map_err(damaged)? {
            Event::Start(s) => {
                elements += 1;
                if elements > MAX_ELEMENTS || stack.len() > MAX_DEPTH {
                    return Err(ImportError::Bomb);
                }
                stack.push(element(&s)?);
            }
            Event::Empty(s) => {
                elements += 1;
                if elements > MAX_ELEMENTS {
                    return Err(ImportError::Bomb);
                }
                let e = element(&s)?;
                stack.last_mut().ok_or(ImportError::Damaged)?.children.push(Item::Element(e));
            }
            Event::End(_) => {
                let done = stack.pop().ok_or(ImportError::Damaged)?;
                stack.last_mut().ok_or(ImportError::Damaged)?.children.push(Item::Element(done));
            }
            Event::Text(t) => {
                let text = t.xml_content(XmlVersion::Implicit1_0).map_err(damaged)?.into_owned();
                push(&mut stack, &text)?;
            }
            Event::CData(t) => {
                let text = t.xml_content(XmlVersion::Implicit1_0).map_err(damaged)?.into_owned();
                push(&mut stack, &text)?;
            }
            Event::GeneralRef(r) => {
                let text = match r.resolve_char_ref().map_err(damaged)? {
                    Some(c) => c.to_string(),
                    None => {
                        let name = r.decode().map_err(damaged)?;
                        // An entity of its own is a bomb or a mistake; an office file has none.
                        quick_xml::escape::resolve_predefined_entity(&name)
                            .ok_or(ImportError::Damaged)?
                            .to_owned()
                    }
                };
                push(&mut stack, &text)?;
            }
            Event::DocType(_) => return Err(ImportError::Bomb),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    match (stack.pop(), stack.is_empty()) {
        (Some(root), true) => Ok(root),
        _ => Err(ImportError::Damaged),
    }
}

fn push(stack: &mut [Element], text: &str) -> Result<(), ImportError> {
    let children = &mut stack.last_mut().ok_or(ImportError::Damaged)?.children;
    match children.last_mut() {
        Some(Item::Text(t)) => t.push_str(text),
        _ => children.push(Item::Text(text.to_owned())),
    }
    Ok(())
}

fn element(s: &quick_xml::events::BytesStart) -> Result<Element, ImportError> {
    let name = String::from_utf8_lossy(s.local_name().as_ref()).into_owned();
    let mut attributes = Vec::new();
    for a in s.attributes() {
        let a = a.map_err(damaged)?;
        let value = a.normalized_value(XmlVersion::Implicit1_0).map_err(damaged)?.into_owned();
        attributes.push((String::from_utf8_lossy(a.key.local_name().as_ref()).into_owned(), value));
    }
    Ok(Element { name, attributes, children: Vec::new() })
}
