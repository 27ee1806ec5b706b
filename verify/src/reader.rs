//! From `startxref` to the signature fields: classic and stream cross references, object streams, `/Prev`.

use crate::lexer::{Dict, Lexer, Object, ascii};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

const MAX_OBJECTS: usize = 2_000_000;
const MAX_REVISIONS: usize = 256;
/// Largest decompressed cross-reference or object stream.
const MAX_STREAM: usize = 64 * 1024 * 1024;

/// A signature dictionary, as found.
pub struct Signature {
    pub range: [usize; 4],
    pub contents: Vec<u8>,
    pub date: Option<String>,
}

#[derive(Clone, Copy)]
enum Place {
    Offset(usize),
    InStream { stream: u32, index: usize },
}

struct Reader<'a> {
    bytes: &'a [u8],
    places: BTreeMap<u32, Place>,
    root: Option<Object>,
}

/// All filled signature fields of the document's last revision.
pub fn signatures(bytes: &[u8]) -> Result<Vec<Signature>, &'static str> {
    let mut r = Reader { bytes, places: BTreeMap::new(), root: None };
    r.revisions()?;
    let root = r.dict(&r.root.clone().ok_or("no root")?, 0).ok_or("no root")?;
    let Some(form) = root.get("AcroForm").and_then(|f| r.dict(f, 0)) else { return Ok(Vec::new()) };
    let Some(Object::Array(fields)) = form.get("Fields").and_then(|f| r.resolve(f, 0)) else {
        return Ok(Vec::new());
    };
    let mut out = Vec::new();
    r.fields(&fields, &mut out, 0)?;
    Ok(out)
}

impl Reader<'_> {
    fn fields(&self, fields: &[Object], out: &mut Vec<Signature>, depth: usize) -> Result<(), &'static str> {
        if depth > 8 || fields.len() > 10_000 {
            return Err("form too deep");
        }
        for f in fields {
            let Some(field) = self.dict(f, 0) else { continue };
            if let Some(Object::Array(kids)) = field.get("Kids").and_then(|k| self.resolve(k, 0)) {
                self.fields(&kids, out, depth + 1)?;
            }
            if !field.is_name("FT", "Sig") {
                continue;
            }
            let Some(value) = field.get("V").and_then(|v| self.dict(v, 0)) else { continue };
            let Some(Object::Array(range)) = value.get("ByteRange") else {
                return Err("a seal without byte range");
            };
            let range: Vec<usize> = range.iter().filter_map(Object::int).collect();
            let range: [usize; 4] = range.try_into().map_err(|_| "a seal with a strange byte range")?;
            let Some(Object::String(contents)) = value.get("Contents") else {
                return Err("a seal without contents");
            };
            let date = match value.get("M") {
                Some(Object::String(s)) => Some(ascii(s)),
                _ => None,
            };
            out.push(Signature { range, contents: contents.clone(), date });
        }
        Ok(())
    }

    fn revisions(&mut self) -> Result<(), &'static str> {
        let tail_at = self.bytes.len().saturating_sub(2048);
        let tail = self.bytes.get(tail_at..).unwrap_or_default();
        let at = tail.windows(9).rposition(|w| w == b"startxref").ok_or("no startxref")?;
        let mut next = Lexer::new(self.bytes, tail_at + at + 9).int();
        let mut seen = Vec::new();
        while let Some(at) = next {
            if seen.contains(&at) || seen.len() > MAX_REVISIONS {
                return Err("revisions go in a circle");
            }
            seen.push(at);
            let mut l = Lexer::new(self.bytes, at);
            let trailer = if l.keyword("xref") { self.table(&mut l)? } else { self.xref_stream(at)? };
            if self.root.is_none() {
                self.root = trailer.get("Root").cloned();
            }
            next = trailer.int("Prev");
        }
        Ok(())
    }

    fn table(&mut self, l: &mut Lexer) -> Result<Dict, &'static str> {
        while !l.keyword("trailer") {
            let first = l.int().ok_or("broken xref")?;
            let count = l.int().ok_or("broken xref")?;
            for i in 0..count {
                let offset = l.int().ok_or("broken xref")?;
                l.int().ok_or("broken xref")?;
                if l.keyword("n") {
                    self.place(first + i, Place::Offset(offset))?;
                } else if !l.keyword("f") {
                    return Err("broken xref");
                }
            }
        }
        match l.object() {
            Some(Object::Dict(d)) => {
                if let Some(at) = d.int("XRefStm") {
                    self.xref_stream(at)?;
                }
                Ok(d)
            }
            _ => Err("no trailer"),
        }
    }

    fn place(&mut self, number: usize, place: Place) -> Result<(), &'static str> {
        if self.places.len() > MAX_OBJECTS {
            return Err("too many objects");
        }
        let number = u32::try_from(number).map_err(|_| "object number too large")?;
        self.places.entry(number).or_insert(place);
        Ok(())
    }

    fn xref_stream(&mut self, at: usize) -> Result<Dict, &'static str> {
        let (dict, data) = self.stream_at(at).ok_or("broken xref stream")?;
        let ints = |key: &str| match dict.get(key) {
            Some(Object::Array(a)) => a.iter().filter_map(Object::int).collect(),
            _ => Vec::new(),
        };
        let w: [usize; 3] = ints("W").try_into().map_err(|_| "broken xref stream")?;
        let width: usize = w.iter().sum();
        if width == 0 || width > 24 {
            return Err("broken xref stream");
        }
        let mut index = ints("Index");
        if index.is_empty() {
            index = alloc::vec![0, dict.int("Size").ok_or("broken xref stream")?];
        }
        let mut rows = data.chunks_exact(width);
        for pair in index.chunks_exact(2) {
            let &[first, count] = pair else { continue };
            for i in 0..count {
                let Some(row) = rows.next() else { return Ok(dict) };
                let (a, rest) = row.split_at(w[0]);
                let (b, c) = rest.split_at(w[1]);
                let number = |x: &[u8]| x.iter().fold(0usize, |n, b| n << 8 | usize::from(*b));
                match if w[0] == 0 { 1 } else { number(a) } {
                    1 => self.place(first + i, Place::Offset(number(b)))?,
                    2 => {
                        self.place(first + i, Place::InStream { stream: number(b) as u32, index: number(c) })?
                    }
                    _ => {}
                }
            }
        }
        Ok(dict)
    }

    /// A stream object at an offset, with its data taken out of Flate and PNG prediction.
    fn stream_at(&self, at: usize) -> Option<(Dict, Vec<u8>)> {
        let mut l = Lexer::new(self.bytes, at);
        l.int()?;
        l.int()?;
        if !l.keyword("obj") {
            return None;
        }
        let Object::Dict(dict) = l.object()? else { return None };
        if !l.keyword("stream") {
            return None;
        }
        l.at += if self.bytes.get(l.at) == Some(&b'\r') { 2 } else { 1 };
        let length = match dict.get("Length")? {
            Object::Ref(n, _) => self.object(*n, 1)?.int()?,
            other => other.int()?,
        };
        let raw = self.bytes.get(l.at..l.at.checked_add(length)?)?;
        let data = match dict.get("Filter") {
            None => raw.to_vec(),
            Some(Object::Name(n)) if n == b"FlateDecode" => inflate(raw)?,
            Some(Object::Array(a))
                if a.len() == 1 && a.first() == Some(&Object::Name(b"FlateDecode".to_vec())) =>
            {
                inflate(raw)?
            }
            Some(_) => return None,
        };
        let data = match dict.get("DecodeParms") {
            Some(Object::Dict(p)) if p.int("Predictor").is_some_and(|p| p >= 10) => {
                unpredict(&data, p.int("Columns").unwrap_or(1))?
            }
            _ => data,
        };
        Some((dict, data))
    }

    fn object(&self, number: u32, depth: usize) -> Option<Object> {
        if depth > 16 {
            return None;
        }
        match *self.places.get(&number)? {
            Place::Offset(at) => {
                let mut l = Lexer::new(self.bytes, at);
                (l.int()? == number as usize).then_some(())?;
                l.int()?;
                l.keyword("obj").then_some(())?;
                l.object()
            }
            Place::InStream { stream, index } => {
                let Place::Offset(at) = *self.places.get(&stream)? else { return None };
                let (dict, data) = self.stream_at(at)?;
                let mut head = Lexer::new(&data, 0);
                let mut offset = 0;
                for _ in 0..=index.min(MAX_OBJECTS) {
                    head.int()?;
                    offset = head.int()?;
                }
                Lexer::new(&data, dict.int("First")?.checked_add(offset)?).object()
            }
        }
    }

    fn resolve(&self, o: &Object, depth: usize) -> Option<Object> {
        match o {
            Object::Ref(n, _) => self.object(*n, depth + 1).and_then(|o| self.resolve(&o, depth + 1)),
            other => Some(other.clone()),
        }
    }

    fn dict(&self, o: &Object, depth: usize) -> Option<Dict> {
        match self.resolve(o, depth)? {
            Object::Dict(d) => Some(d),
            _ => None,
        }
    }
}

fn inflate(raw: &[u8]) -> Option<Vec<u8>> {
    miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(raw, MAX_STREAM).ok()
}

/// PNG prediction with one byte a sample; only None, Sub and Up occur in cross-reference streams.
fn unpredict(data: &[u8], columns: usize) -> Option<Vec<u8>> {
    let mut out: Vec<u8> = Vec::with_capacity(data.len());
    let mut above = alloc::vec![0u8; columns];
    for row in data.chunks_exact(columns.checked_add(1)?) {
        let (kind, row) = row.split_first()?;
        let mut line = Vec::with_capacity(columns);
        for (i, b) in row.iter().enumerate() {
            let add = match kind {
                0 => 0,
                1 => i.checked_sub(1).and_then(|j| line.get(j).copied()).unwrap_or(0),
                2 => above.get(i).copied().unwrap_or(0),
                _ => return None,
            };
            line.push(b.wrapping_add(add));
        }
        out.extend_from_slice(&line);
        above = line;
    }
    Some(out)
}
