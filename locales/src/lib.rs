//! The words people read. One typed function a key, made by `build.rs` from `de.toml` and `en.toml`; a missing word
//! does not compile, nothing falls back silently.

/// A language of the desk and of documents. German first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    #[default]
    De,
    En,
}

impl Lang {
    /// BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::De => "de",
            Lang::En => "en",
        }
    }

    /// The language of a tag such as `en-GB`; German where it is neither.
    pub fn of(tag: &str) -> Lang {
        if tag.to_ascii_lowercase().starts_with("en") { Lang::En } else { Lang::De }
    }
}

include!(concat!(env!("OUT_DIR"), "/words.rs"));
