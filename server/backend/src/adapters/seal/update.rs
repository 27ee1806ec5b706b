//! The incremental update that carries a seal. lopdf only parses here: its own incremental writer puts a second
//! `%PDF-` head inside the file.

use super::SealError;
use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat, dictionary, text_string};

/// The gap is found by this marker: annotations have `/Contents` too.
const MARK: &[u8] = b"/SubFilter /ETSI.CAdES.detached /Contents <";
const RANGE: &str = "/ByteRange [0 0000000000 0000000000 0000000000]";

/// A file that waits for its seal.
pub struct Pending {
    bytes: Vec<u8>,
    /// Bytes reserved for the CMS, as hexadecimal twice as long.
    room: usize,
    gap: (usize, usize),
}

impl Pending {
    /// The bytes that the seal covers: everything but the hexadecimal string.
    pub fn covered(&self) -> [&[u8]; 2] {
        [self.bytes.get(..self.gap.0).unwrap_or_default(), self.bytes.get(self.gap.1..).unwrap_or_default()]
    }

    /// Puts the CMS into its place.
    pub fn finish(mut self, cms: &[u8]) -> Result<Vec<u8>, SealError> {
        let hex = hex::encode(cms);
        if hex.len() > self.room * 2 {
            return Err(SealError::Structure("room for a chain that long"));
        }
        let start = self.gap.0 + 1;
        let place =
            self.bytes.get_mut(start..start + hex.len()).ok_or(SealError::Structure("place for the seal"))?;
        place.copy_from_slice(hex.as_bytes());
        Ok(self.bytes)
    }
}

/// Appends field, signature dictionary, changed page and catalog. The field is empty of looks and stands outside the
/// crop box, so that PDF/UA asks for no tag and PDF/A for no appearance.
pub fn append(unsealed: &[u8], name: &str, at: &str, room: usize) -> Result<Pending, SealError> {
    let document = Document::load_mem(unsealed)?;
    let root = document.trailer.get(b"Root")?.as_reference()?;
    let mut catalog = document.catalog()?.clone();
    let page_id = document.get_pages().into_values().next().ok_or(SealError::Structure("page"))?;
    let mut page = document.get_dictionary(page_id)?.clone();
    let (sig, field): (ObjectId, ObjectId) = ((document.max_id + 1, 0), (document.max_id + 2, 0));
    let mut annotations = match page.get(b"Annots") {
        Ok(Object::Array(a)) => a.clone(),
        _ => Vec::new(),
    };
    annotations.push(Object::Reference(field));
    page.set("Annots", annotations);
    catalog.set("AcroForm", dictionary! { "Fields" => vec![Object::Reference(field)], "SigFlags" => 3i64 });
    catalog.set("Perms", dictionary! { "DocMDP" => sig });
    let outside = vec![Object::Integer(-10); 4];
    let widget = dictionary! {
        "Type" => "Annot", "Subtype" => "Widget", "FT" => "Sig", "T" => text_string("Siegel"), "TU" => text_string("Siegel"),
        "F" => 132i64, "Rect" => outside, "P" => page_id, "V" => sig,
    };
    let mut out = unsealed.to_vec();
    if !out.ends_with(b"\n") {
        out.push(b'\n');
    }
    let mut offsets: Vec<(ObjectId, usize)> = Vec::new();
    for (id, dict) in [(root, &catalog), (page_id, &page), (field, &widget)] {
        offsets.push((id, out.len()));
        out.extend(format!("{} {} obj\n", id.0, id.1).bytes());
        write(&Object::Dictionary(dict.clone()), &mut out);
        out.extend(b"\nendobj\n");
    }
    offsets.push((sig, out.len()));
    let mut signer = Vec::new();
    write(&text_string(name), &mut signer);
    out.extend(
        format!("{} 0 obj\n<</Type /Sig /Filter /Adobe.PPKLite {RANGE} /M (D:{at}Z) /Name ", sig.0).bytes(),
    );
    out.extend(signer);
    // DocMDP P=2: later signers may fill their fields, nothing else may change.
    out.extend(b" /Reference [<</Type /SigRef /TransformMethod /DocMDP /TransformParams <</Type /TransformParams /P 2 /V /1.2>>>>] ");
    out.extend(MARK);
    let start = out.len() - 1;
    out.extend(std::iter::repeat_n(b'0', room * 2));
    out.extend(b">");
    let end = out.len();
    out.extend(b">>\nendobj\n");
    trailer(&document, &mut out, &mut offsets, sig, field)?;
    let range = format!("/ByteRange [0 {start:010} {end:010} {:010}]", out.len() - end);
    let at = out
        .windows(RANGE.len())
        .rposition(|w| w == RANGE.as_bytes())
        .ok_or(SealError::Structure("byte range"))?;
    if let Some(place) = out.get_mut(at..at + RANGE.len()) {
        place.copy_from_slice(range.as_bytes());
    }
    Ok(Pending { bytes: out, room, gap: (start, end) })
}

fn trailer(
    document: &Document,
    out: &mut Vec<u8>,
    offsets: &mut [(ObjectId, usize)],
    sig: ObjectId,
    field: ObjectId,
) -> Result<(), SealError> {
    let tail = out.windows(9).rposition(|w| w == b"startxref").ok_or(SealError::Structure("startxref"))?;
    let digits: String = out
        .iter()
        .skip(tail + 9)
        .map(|b| *b as char)
        .skip_while(|c| c.is_whitespace())
        .take_while(char::is_ascii_digit)
        .collect();
    let previous: i64 = digits.parse().map_err(|_| SealError::Structure("startxref"))?;
    let xref = out.len();
    offsets.sort();
    out.extend(b"xref\n");
    for (id, offset) in offsets.iter() {
        out.extend(format!("{} 1\n{offset:010} {:05} n \n", id.0, id.1).bytes());
    }
    let mut dict: Dictionary =
        dictionary! { "Size" => i64::from(field.0.max(sig.0) + 1), "Prev" => previous };
    for key in [b"Root".as_slice(), b"Info", b"ID"] {
        dict.set(key, document.trailer.get(key)?.clone());
    }
    out.extend(b"trailer\n");
    write(&Object::Dictionary(dict), out);
    out.extend(format!("\nstartxref\n{xref}\n%%EOF\n").bytes());
    Ok(())
}

/// Writes one object; streams do not occur here.
fn write(object: &Object, out: &mut Vec<u8>) {
    match object {
        Object::Null | Object::Stream(_) => out.extend(b"null"),
        Object::Boolean(b) => out.extend(b.to_string().bytes()),
        Object::Integer(i) => out.extend(i.to_string().bytes()),
        Object::Real(r) => out.extend(r.to_string().bytes()),
        Object::Name(n) => {
            out.push(b'/');
            for b in n {
                if b.is_ascii_alphanumeric() || b"-_.+".contains(b) {
                    out.push(*b)
                } else {
                    out.extend(format!("#{b:02X}").bytes())
                }
            }
        }
        Object::String(s, StringFormat::Literal) => {
            out.push(b'(');
            for b in s {
                if b"()\\".contains(b) {
                    out.push(b'\\');
                }
                out.push(*b);
            }
            out.push(b')');
        }
        Object::String(s, StringFormat::Hexadecimal) => out.extend(format!("<{}>", hex::encode(s)).bytes()),
        Object::Array(list) => {
            out.push(b'[');
            for o in list {
                write(o, out);
                out.push(b' ');
            }
            out.push(b']');
        }
        Object::Dictionary(d) => {
            out.extend(b"<<");
            for (key, value) in d.iter() {
                write(&Object::Name(key.clone()), out);
                out.push(b' ');
                write(value, out);
            }
            out.extend(b">>");
        }
        Object::Reference(id) => out.extend(format!("{} {} R", id.0, id.1).bytes()),
    }
}
