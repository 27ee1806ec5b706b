//! A merged text with a choice for each sentence that both sides changed.

use super::Diff;
use crate::context::lang;
use leptos::prelude::*;
use tomfolio_domain::diff;
use tomfolio_domain::merge::{Part, Side};
use tomfolio_locales::merge as w;

/// The choices are sent as `sides[0]`, `sides[1]` and so on. `here` and `there` are what the two sides are called.
pub fn questions(
    label: &[Part],
    text: &[Part],
    here: &'static str,
    there: &'static str,
) -> impl IntoView + use<> {
    let l = lang();
    let mut n = 0;
    let parts = label.iter().chain(text).map(|p| match p {
        Part::Agreed(said) if said.trim().is_empty() => ().into_any(),
        Part::Agreed(said) => view! { <p class="muted agreed">{said.trim().to_owned()}</p> }.into_any(),
        Part::Conflict { base, mine, theirs } => {
            let name = format!("sides[{n}]");
            n += 1;
            let side = |side: Side, word: &'static str, said: &str| {
                let nothing = said.trim().is_empty().then(|| view! { <em>{w::nothing(l)}</em> });
                view! {
                    <label class="choice">
                        <input type="radio" name=name.clone() value=side.as_str() required />
                        <span><strong>{word}</strong>{nothing}<Diff changes=diff::words(base.trim(), said.trim()) /></span>
                    </label>
                }
            };
            let (mine, theirs) = (side(Side::Mine, here, mine), side(Side::Theirs, there, theirs));
            view! { <fieldset class="question"><legend>{w::which(l)}</legend><div class="two">{mine}{theirs}</div></fieldset> }.into_any()
        }
    });
    parts.collect_view()
}
