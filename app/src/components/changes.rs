//! One line of a change list: what it was, what it is.

use super::{Diff, status_word};
use crate::context::lang;
use leptos::prelude::*;
use tomfolio_domain::releases::{ChangeLine, What};
use tomfolio_locales::release as w;

pub fn change_line(c: &ChangeLine) -> impl IntoView + use<> {
    let l = lang();
    let body = match &c.what {
        What::Added { text } => w::added(l, text).into_any(),
        What::Removed { text } => w::removed(l, text).into_any(),
        What::Withheld => w::withheld(l).into_any(),
        What::Status { old, new } => w::from_to(l, status_word(l, *new), status_word(l, *old)).into_any(),
        What::Owner { old, new } => {
            w::from_to(l, new, if old.is_empty() { "–" } else { old.as_str() }).into_any()
        }
        What::Code { old, new } => w::from_to(l, new, old).into_any(),
        What::Text { words } => view! { <Diff changes=words.clone() /> }.into_any(),
    };
    view! { <li><strong>{c.heading()}</strong><div>{body}</div></li> }
}
