//! Text out of files: Word documents here, PDF in a process of its own that may die.

mod docx;
mod pdf;
mod xml;

pub use pdf::{Extractor, child};

use tomfolio_domain::import::{ImportError, Source};

/// What a file is, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Text,
    Docx,
    Pdf,
    /// Word before 2007, or a Word file behind a password: both are the same container.
    OldWord,
}

impl Format {
    fn of(bytes: &[u8]) -> Format {
        match bytes {
            [b'P', b'K', 3, 4, ..] => Format::Docx,
            [0xD0, 0xCF, 0x11, 0xE0, ..] => Format::OldWord,
            _ if bytes.get(..1024.min(bytes.len())).is_some_and(|h| h.windows(5).any(|w| w == b"%PDF-")) => {
                Format::Pdf
            }
            _ => Format::Text,
        }
    }
}

/// Reads a document of any kind that comes in. Blocks: call it where blocking is allowed.
pub fn read(bytes: &[u8], extractor: &Extractor) -> Result<Source, ImportError> {
    if bytes.len() > tomfolio_domain::import::MAX_BYTES {
        return Err(ImportError::TooLarge(bytes.len()));
    }
    match Format::of(bytes) {
        Format::Text => Source::of_text(bytes),
        Format::Docx => docx::read(bytes),
        Format::Pdf => extractor.pdf(bytes),
        Format::OldWord => Err(ImportError::OldWord),
    }
}
