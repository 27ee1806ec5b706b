//! Dumb parts: they show what they are given.

mod actions;
mod changes;
mod desk;
mod diff;
mod fields;
mod keys;
mod markdown;
mod marks;
mod merge;
mod progress;
mod toolbar;

pub use actions::stored;
pub use changes::change_line;
pub use desk::{Desk, Languages, Page, Refusal, Refused, Tree, form_of, page_alone, page_of};
pub use diff::Diff;
pub use fields::{Fresh, TextArea};
pub use keys::{Keys, KeysOn};
pub use markdown::{Markdown, labelled};
pub use marks::{
    DueMark, EffectMark, FindingMark, FreshnessMark, SeverityMark, StatusMark, duration, every, scope_word,
    shown_date, status_word,
};
pub use merge::questions;
pub use progress::{Stages, TallyBar, while_under_way};
pub use toolbar::Toolbar;
