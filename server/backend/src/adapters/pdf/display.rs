//! The display list: what stands where on which page, and the structure tree that says what it means.

use super::fonts::{Face, Glyph};

pub const PAGE_W: f32 = 595.276;
pub const PAGE_H: f32 = 841.89;

/// Roles of PDF 1.7 structure elements that this document uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Document,
    H1,
    H2,
    H3,
    H4,
    P,
    L,
    LI,
    Lbl,
    LBody,
    Table,
    TR,
    TH,
    TD,
    Toc,
    Toci,
    Reference,
    Link,
    BlockQuote,
    Code,
}

impl Role {
    pub fn name(self) -> &'static str {
        match self {
            Role::Document => "Document",
            Role::H1 => "H1",
            Role::H2 => "H2",
            Role::H3 => "H3",
            Role::H4 => "H4",
            Role::P => "P",
            Role::L => "L",
            Role::LI => "LI",
            Role::Lbl => "Lbl",
            Role::LBody => "LBody",
            Role::Table => "Table",
            Role::TR => "TR",
            Role::TH => "TH",
            Role::TD => "TD",
            Role::Toc => "TOC",
            Role::Toci => "TOCI",
            Role::Reference => "Reference",
            Role::Link => "Link",
            Role::BlockQuote => "BlockQuote",
            Role::Code => "Code",
        }
    }
}

pub type ElemId = usize;

#[derive(Clone, Debug)]
pub enum Kid {
    Elem(ElemId),
    /// Page and marked-content id.
    Content(usize, usize),
    /// Index into the link list.
    Link(usize),
}

#[derive(Clone, Debug)]
pub struct Elem {
    pub role: Role,
    pub parent: Option<ElemId>,
    pub kids: Vec<Kid>,
    /// For TH: whether it heads a row or a column.
    pub scope: Option<&'static str>,
    /// For lists: whether the labels are numbers.
    pub numbered: bool,
}

/// The structure tree; element 0 is the document.
#[derive(Clone, Debug)]
pub struct Tree {
    pub elems: Vec<Elem>,
}

impl Tree {
    pub fn new() -> Tree {
        Tree {
            elems: vec![Elem {
                role: Role::Document,
                parent: None,
                kids: Vec::new(),
                scope: None,
                numbered: false,
            }],
        }
    }

    pub fn add(&mut self, parent: ElemId, role: Role) -> ElemId {
        let id = self.elems.len();
        self.elems.push(Elem { role, parent: Some(parent), kids: Vec::new(), scope: None, numbered: false });
        self.kid(parent, Kid::Elem(id));
        id
    }

    pub fn kid(&mut self, parent: ElemId, kid: Kid) {
        if let Some(e) = self.elems.get_mut(parent) {
            e.kids.push(kid);
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Color(pub f32, pub f32, pub f32);

/// `#rrggbb` as parts from 0 to 1.
const fn rgb(hex: u32) -> Color {
    Color(((hex >> 16) & 255) as f32 / 255.0, ((hex >> 8) & 255) as f32 / 255.0, (hex & 255) as f32 / 255.0)
}
pub const INK: Color = rgb(0x1d1c1a);
pub const MUTED: Color = rgb(0x5d5a54);
pub const ACCENT: Color = rgb(0x0a5a69);
pub const RULE: Color = rgb(0xc9c4b9);

#[derive(Clone, Debug)]
pub enum Paint {
    Text { x: f32, y: f32, size: f32, face: Face, color: Color, glyphs: Vec<Glyph> },
    Line { x1: f32, x2: f32, y: f32, width: f32, color: Color },
    Frame { x: f32, y: f32, w: f32, h: f32, color: Color },
    Fill { x: f32, y: f32, w: f32, h: f32, color: Color },
}

/// Something painted. `None` is an artifact: decoration, or a page's head and foot.
#[derive(Clone, Debug)]
pub struct Item {
    pub elem: Option<ElemId>,
    pub paint: Paint,
}

#[derive(Clone, Debug)]
pub enum Target {
    /// Page index and height on it.
    Page(usize, f32),
    Uri(String),
}

#[derive(Clone, Debug)]
pub struct Link {
    pub page: usize,
    pub rect: [f32; 4],
    pub target: Target,
    pub elem: ElemId,
    pub contents: String,
}

#[derive(Clone, Debug)]
pub struct Bookmark {
    pub level: u8,
    pub title: String,
    pub page: usize,
    pub y: f32,
}

/// A laid-out document.
#[derive(Clone, Debug)]
pub struct Display {
    pub pages: Vec<Vec<Item>>,
    pub tree: Tree,
    pub links: Vec<Link>,
    pub bookmarks: Vec<Bookmark>,
}
