//! The embedded faces (Noto Sans, OFL-1.1), shaping, and word widths.

use harfrust::{
    Buffer, BufferFlags, Direction, Font, GlyphId, Language, Script, ShapeOptions, ShaperFont, shape,
};
use std::collections::HashMap;

/// One of the four embedded faces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Face {
    Regular,
    Bold,
    Italic,
    BoldItalic,
}

impl Face {
    pub const ALL: [Face; 4] = [Face::Regular, Face::Bold, Face::Italic, Face::BoldItalic];

    pub fn of(bold: bool, italic: bool) -> Face {
        match (bold, italic) {
            (false, false) => Face::Regular,
            (true, false) => Face::Bold,
            (false, true) => Face::Italic,
            (true, true) => Face::BoldItalic,
        }
    }

    /// The whole font file.
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Face::Regular => include_bytes!("../../../assets/fonts/NotoSans-Regular.ttf"),
            Face::Bold => include_bytes!("../../../assets/fonts/NotoSans-Bold.ttf"),
            Face::Italic => include_bytes!("../../../assets/fonts/NotoSans-Italic.ttf"),
            Face::BoldItalic => include_bytes!("../../../assets/fonts/NotoSans-BoldItalic.ttf"),
        }
    }

    /// Fixed names: printpdf's own ids come from a counter of the process and would change the bytes.
    pub fn id(self) -> &'static str {
        match self {
            Face::Regular => "TOMFNA",
            Face::Bold => "TOMFNB",
            Face::Italic => "TOMFNC",
            Face::BoldItalic => "TOMFND",
        }
    }

    pub fn postscript(self) -> &'static str {
        match self {
            Face::Regular => "NotoSans-Regular",
            Face::Bold => "NotoSans-Bold",
            Face::Italic => "NotoSans-Italic",
            Face::BoldItalic => "NotoSans-BoldItalic",
        }
    }
}

/// A shaped glyph: the font's own id, the text that it stands for, and how far the pen moves (1/1000 em).
#[derive(Clone, Debug)]
pub struct Glyph {
    pub gid: u16,
    pub text: String,
    pub advance: f32,
    /// The width that the PDF's width table will give this glyph (1/1000 em, cut to an integer as printpdf does).
    pub width: f32,
}

/// The parsed faces. They live as long as one rendering.
pub struct Fonts {
    fonts: Vec<Font>,
}

impl Fonts {
    /// `None` only if the embedded files were damaged at build time.
    pub fn load() -> Option<Fonts> {
        Face::ALL
            .iter()
            .map(|f| Font::new(f.bytes(), 0))
            .collect::<Option<Vec<_>>>()
            .map(|fonts| Fonts { fonts })
    }

    pub fn shaper(&self) -> Shaper<'_> {
        Shaper {
            faces: self.fonts.iter().map(ShaperFont::new).collect(),
            upem: self.fonts.iter().map(|f| f32::from(f.units_per_em())).collect(),
            widths: HashMap::new(),
            buffer: Some(Buffer::new()),
        }
    }
}

/// Shapes text and remembers the widths of words.
pub struct Shaper<'f> {
    faces: Vec<ShaperFont<'f, 'f>>,
    upem: Vec<f32>,
    widths: HashMap<(Face, String), f32>,
    buffer: Option<Buffer>,
}

impl Shaper<'_> {
    /// Width of a text in 1/1000 em.
    pub fn width(&mut self, face: Face, text: &str) -> f32 {
        if let Some(w) = self.widths.get(&(face, text.to_owned())) {
            return *w;
        }
        let w = self.shape(face, text).iter().map(|g| g.advance).sum();
        self.widths.insert((face, text.to_owned()), w);
        w
    }

    /// Shapes one run. Characters that the face lacks become a question mark with the character as its text.
    pub fn shape(&mut self, face: Face, text: &str) -> Vec<Glyph> {
        let at = face as usize;
        let (Some(font), Some(upem)) = (self.faces.get(at), self.upem.get(at).copied()) else {
            return Vec::new();
        };
        let text: String = text.chars().map(|c| substitute(c, font)).collect();
        let mut buffer = self.buffer.take().unwrap_or_default();
        buffer.clear();
        buffer.push_str(&text);
        buffer.set_direction(Direction::LeftToRight);
        buffer.set_script(Some(Script::LATIN));
        buffer.set_language(Language::new("de"));
        // The soft hyphen at a line's end must stay a glyph of its own, so that copied text joins the word again.
        buffer.set_flags(BufferFlags::PRESERVE_DEFAULT_IGNORABLES);
        let mut out = Vec::new();
        if shape(font, &mut buffer, ShapeOptions::new()).is_ok() {
            let infos = buffer.glyph_infos();
            for (i, (info, pos)) in infos.iter().zip(buffer.glyph_positions()).enumerate() {
                let start = info.cluster as usize;
                let end = infos
                    .get(i + 1..)
                    .and_then(|r| r.iter().map(|n| n.cluster as usize).find(|c| *c > start))
                    .unwrap_or(text.len());
                let first = i == 0 || infos.get(i - 1).is_none_or(|p| p.cluster != info.cluster);
                let advance = font.glyph_h_advance(GlyphId::new(info.glyph_id));
                out.push(Glyph {
                    gid: info.glyph_id as u16,
                    text: if first {
                        text.get(start..end).unwrap_or_default().to_owned()
                    } else {
                        "\u{200b}".to_owned()
                    },
                    advance: pos.x_advance as f32 * 1000.0 / upem,
                    width: (advance as f32 * 1000.0 / upem).trunc(),
                });
            }
        }
        self.buffer = Some(buffer);
        out
    }
}

/// Characters that share a glyph are made one, and characters without a glyph get a visible stand-in.
fn substitute(c: char, font: &ShaperFont) -> char {
    match c {
        '\u{a0}' | '\u{202f}' | '\u{2009}' | '\t' | '\n' => ' ',
        '\u{2010}' | '\u{2011}' => '-',
        c if font.nominal_glyph(c as u32).is_some() => c,
        _ => '?',
    }
}
