//! PDF objects from bytes: only what finding a signature needs. Depth and lengths are bounded.

use alloc::string::String;
use alloc::vec::Vec;

/// Deepest nesting of arrays and dictionaries.
const MAX_DEPTH: usize = 40;

#[derive(Clone, Debug, PartialEq)]
pub enum Object {
    Null,
    Bool,
    Number(f64),
    Name(Vec<u8>),
    String(Vec<u8>),
    Array(Vec<Object>),
    Dict(Dict),
    Ref(u32, u16),
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dict(pub Vec<(Vec<u8>, Object)>);

impl Dict {
    pub fn get(&self, key: &str) -> Option<&Object> {
        self.0.iter().rev().find(|(k, _)| k == key.as_bytes()).map(|(_, v)| v)
    }

    pub fn int(&self, key: &str) -> Option<usize> {
        self.get(key).and_then(Object::int)
    }

    pub fn is_name(&self, key: &str, value: &str) -> bool {
        matches!(self.get(key), Some(Object::Name(n)) if n == value.as_bytes())
    }
}

impl Object {
    pub fn int(&self) -> Option<usize> {
        match self {
            Object::Number(n) if *n >= 0.0 && *n < 1e15 => Some(*n as usize),
            _ => None,
        }
    }
}

pub struct Lexer<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
}

impl<'a> Lexer<'a> {
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Lexer { bytes, at }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub fn skip(&mut self) {
        while let Some(b) = self.peek() {
            match b {
                b'%' => {
                    while self.peek().is_some_and(|b| b != b'\n' && b != b'\r') {
                        self.at += 1;
                    }
                }
                _ if is_space(b) => self.at += 1,
                _ => break,
            }
        }
    }

    /// Consumes a keyword if it stands here.
    pub fn keyword(&mut self, word: &str) -> bool {
        self.skip();
        let ok = self.bytes.get(self.at..).is_some_and(|b| b.starts_with(word.as_bytes()));
        if ok {
            self.at += word.len();
        }
        ok
    }

    pub fn int(&mut self) -> Option<usize> {
        self.skip();
        let start = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_digit()) && self.at - start < 15 {
            self.at += 1;
        }
        core::str::from_utf8(self.bytes.get(start..self.at)?).ok()?.parse().ok()
    }

    pub fn object(&mut self) -> Option<Object> {
        self.nested(0)
    }

    fn nested(&mut self, depth: usize) -> Option<Object> {
        if depth > MAX_DEPTH {
            return None;
        }
        self.skip();
        let rest = self.bytes.get(self.at..)?;
        match rest.first()? {
            b'<' if rest.get(1) == Some(&b'<') => {
                self.at += 2;
                let mut dict = Vec::new();
                loop {
                    if self.keyword(">>") {
                        return Some(Object::Dict(Dict(dict)));
                    }
                    let Object::Name(key) = self.nested(depth + 1)? else { return None };
                    dict.push((key, self.nested(depth + 1)?));
                }
            }
            b'<' => {
                let end = rest.iter().position(|b| *b == b'>')?;
                self.at += end + 1;
                Some(Object::String(unhex(rest.get(1..end)?)))
            }
            b'(' => self.literal(),
            b'/' => {
                self.at += 1;
                let start = self.at;
                while self.peek().is_some_and(|b| !is_space(b) && !b"()<>[]{}/%".contains(&b)) {
                    self.at += 1;
                }
                Some(Object::Name(unescape_name(self.bytes.get(start..self.at)?)))
            }
            b'[' => {
                self.at += 1;
                let mut items = Vec::new();
                loop {
                    if self.keyword("]") {
                        return Some(Object::Array(items));
                    }
                    items.push(self.nested(depth + 1)?);
                }
            }
            b'0'..=b'9' | b'+' | b'-' | b'.' => self.number_or_ref(),
            _ if self.keyword("true") || self.keyword("false") => Some(Object::Bool),
            _ if self.keyword("null") => Some(Object::Null),
            _ => None,
        }
    }

    fn number_or_ref(&mut self) -> Option<Object> {
        let start = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_digit() || b"+-.".contains(&b)) {
            self.at += 1;
        }
        let text = core::str::from_utf8(self.bytes.get(start..self.at)?).ok()?;
        if let Ok(number) = text.parse::<u32>() {
            let back = self.at;
            if let Some(generation) = self.int()
                && self.keyword("R")
                && self.peek().is_none_or(|b| is_space(b) || b"]>/<(".contains(&b))
            {
                return Some(Object::Ref(number, u16::try_from(generation).ok()?));
            }
            self.at = back;
        }
        text.parse().ok().map(Object::Number)
    }

    fn literal(&mut self) -> Option<Object> {
        self.at += 1;
        let (mut depth, mut out) = (1, Vec::new());
        loop {
            let b = self.peek()?;
            self.at += 1;
            match b {
                b'\\' => {
                    let e = self.peek()?;
                    self.at += 1;
                    out.push(e);
                    continue;
                }
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(Object::String(out));
            }
            out.push(b);
        }
    }
}

pub fn is_space(b: u8) -> bool {
    matches!(b, 0 | 9 | 10 | 12 | 13 | 32)
}

/// Hexadecimal digits to bytes; white space is passed over, an odd digit is padded as the standard says.
pub fn unhex(digits: &[u8]) -> Vec<u8> {
    let nibbles: Vec<u8> = digits.iter().filter_map(|b| (*b as char).to_digit(16).map(|d| d as u8)).collect();
    nibbles.chunks(2).map(|c| c.first().copied().unwrap_or(0) << 4 | c.get(1).copied().unwrap_or(0)).collect()
}

fn unescape_name(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(b) = raw.get(at) {
        match (b, raw.get(at + 1..at + 3)) {
            (b'#', Some(hex)) if hex.iter().all(u8::is_ascii_hexdigit) => {
                out.extend(unhex(hex));
                at += 3;
            }
            _ => {
                out.push(*b);
                at += 1;
            }
        }
    }
    out
}

/// Text of a string object for people: Latin letters as they stand.
pub fn ascii(bytes: &[u8]) -> String {
    bytes.iter().filter(|b| b.is_ascii_graphic()).map(|b| *b as char).collect()
}
