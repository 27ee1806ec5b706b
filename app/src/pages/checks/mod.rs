//! Echtheit prüfen: a PDF is checked, in the browser where there is a script, else on the server. The page holds every answer.

mod show;

pub use show::{CheckPage, says};
