//! From an outline to PDF bytes: layout, printpdf as the engine, and the conform layer that makes the file
//! PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1) at once.
//!
//! The same outline gives the same bytes, in every process: no clock, no randomness, fixed font names, an id made of
//! the content's hash.

mod conform;
mod display;
mod flow;
mod fonts;
mod frame;
mod layout;
mod lines;
mod paint;

use tomfolio_domain::outline::Outline;

/// Why a document could not be laid out. All of these are defects of ours, not of the input.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    #[error("an embedded font cannot be read")]
    Font,
    #[error("the font subset failed: {0}")]
    Subset(String),
    #[error("printpdf: {0}")]
    Engine(String),
    #[error("the file's structure: {0}")]
    Structure(#[from] lopdf::Error),
    #[error("writing: {0}")]
    Write(#[from] std::io::Error),
}

/// Renders the unsealed document.
pub fn render(outline: &Outline) -> Result<Vec<u8>, PdfError> {
    let fonts = fonts::Fonts::load().ok_or(PdfError::Font)?;
    let display = frame::document(outline, &mut fonts.shaper());
    let painted = paint::paint(&display)?;
    conform::finish(painted, &display, outline)
}
