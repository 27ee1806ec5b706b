//! Hints beside a text while it is typed: the browser runs the same rules as the server. What only the whole document or the portal
//! can tell is shown as it was when the page was asked for.

use super::list::about;
use crate::components::SeverityMark;
use crate::context::lang;
use jiff::civil::Date;
use leptos::prelude::*;
use tomfolio_domain::hints::{Dismissal, HintLine, mark};
use tomfolio_domain::ids::{DocumentId, MeasureId};
use tomfolio_domain::lint::of_text;
use tomfolio_locales::{Lang, hint, lint as w};

/// Label and text as they are typed.
type Typed = (String, String);

#[component]
pub fn Live(
    measure: MeasureId,
    document: DocumentId,
    code: String,
    /// What the server found when the page was asked for.
    found: Vec<HintLine>,
    today: Date,
    /// The text that those were found in.
    stored: Typed,
    #[prop(into)] typed: Signal<Typed>,
) -> impl IntoView {
    let l = lang();
    let of_stored: Vec<String> =
        of_text(&stored.0, &stored.1, today).iter().map(|h| mark(&measure.to_string(), h)).collect();
    let aside: Vec<(String, Dismissal)> =
        found.iter().filter_map(|h| h.dismissed.clone().map(|d| (h.mark.clone(), d))).collect();
    // What the text alone does not tell.
    let others: Vec<HintLine> =
        found.into_iter().filter(|h| !of_stored.contains(&h.mark) && h.dismissed.is_none()).collect();
    let now = Memo::new(move |_| {
        let (label, text) = typed.get();
        let of = of_text(&label, &text, today).into_iter().map(|h| HintLine {
            rule: h.rule,
            severity: h.severity(),
            mark: mark(&measure.to_string(), &h),
            measure: Some(measure),
            code: code.clone(),
            quote: h.quote,
            about: h.about,
            dismissed: None,
        });
        of.filter(|h| aside.iter().all(|(m, _)| *m != h.mark)).collect::<Vec<HintLine>>()
    });
    let (none, beside) = (others.is_empty(), others.len());
    let rest = others.iter().map(|h| line(l, h)).collect::<Vec<_>>();
    view! {
        <section class="card pane" id="hints">
            <h2>{w::title(l)}" "<small class="muted" data-count="">{move || (now.get().len() + beside).to_string()}</small></h2>
            <ul class="hint-lines" aria-live="polite" id="live-hints">
                {move || now.get().iter().map(|h| line(l, h)).collect::<Vec<_>>()}
            </ul>
            {move || now.get().is_empty().then(|| view! { <p class="muted small">{w::live_none(l)}</p> })}
            {(!none).then(|| view! { <h3 class="small muted">{w::live_saved(l)}</h3><ul class="hint-lines">{rest}</ul> })}
            <a class="small" href=format!("/documents/{document}/hints")>{w::live_all(l)}</a>
        </section>
    }
}

fn line(l: Lang, h: &HintLine) -> impl IntoView + use<> {
    let id = h.rule.as_str();
    let quote =
        (!h.quote.is_empty()).then(|| view! { <q>{h.quote.chars().take(80).collect::<String>()}</q> });
    let beside = (!h.about.is_empty()).then(|| view! { <span class="muted">" "{about(l, h)}</span> });
    view! {
        <li data-rule=id data-mark=h.mark.clone()>
            <details>
                <summary><SeverityMark severity=h.severity />" "{hint::word(l, id)}" "{quote}{beside}</summary>
                <p class="small">{hint::word(l, &format!("{id}_why"))}</p>
                <p class="small"><strong>{w::mend(l)}":"</strong>" "{hint::word(l, &format!("{id}_mend"))}</p>
                <p class="small muted">{w::source(l, h.rule.source())}</p>
            </details>
        </li>
    }
}
