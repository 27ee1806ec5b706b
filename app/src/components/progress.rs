//! How far something is: verdicts as a bar and in words, a job's stages as a list.

use crate::context::{every, lang};
use leptos::prelude::*;
use std::time::Duration;
use tomfolio_domain::releases::Stage;
use tomfolio_domain::reviews::Tally;
use tomfolio_locales::{release, review as w};

/// Verdicts of a review: a bar, and the same in words.
#[component]
pub fn TallyBar(tally: Tally) -> impl IntoView {
    let l = lang();
    let parts = [
        (tally.effective, "bar-ok", w::effective(l)),
        (tally.partial, "bar-warn", w::partial(l)),
        (tally.ineffective, "bar-danger", w::ineffective(l)),
        (tally.untestable + tally.skipped, "bar-muted", w::left_open(l)),
    ];
    let mut at = 0.0;
    let bars = parts
        .into_iter()
        .filter(|(n, ..)| *n > 0)
        .map(|(n, class, _)| {
            let width = f64::from(n) * 100.0 / f64::from(tally.all.max(1));
            let x = at;
            at += width;
            view! { <rect class=class x=format!("{x:.2}%") y="0" width=format!("{:.2}%", (width - 0.3).max(0.3)) height="9"></rect> }
        })
        .collect_view();
    let mut said: Vec<String> =
        parts.into_iter().filter(|(n, ..)| *n > 0).map(|(n, _, word)| format!("{n} {word}")).collect();
    if tally.findings > 0 {
        said.push(w::findings_n(l, tally.findings));
    }
    if tally.done() < tally.all {
        said.push(w::open_n(l, tally.all - tally.done()));
    }
    view! {
        <svg class="bar sunk" width="100%" height="9" aria-hidden="true">{bars}</svg>
        <p class="small muted">{said.join(" · ")}</p>
    }
}

/// The steps of a job that renders and seals.
#[component]
pub fn Stages(stage: Stage) -> impl IntoView {
    let l = lang();
    // The time stamp is a step only where it is waited for.
    let all = [Stage::Queued, Stage::Rendering, Stage::Sealing, Stage::Stamping, Stage::Done];
    if stage == Stage::Failed {
        return view! {
            <p class="alert">{release::word(l, stage.as_str())}</p>
            <p class="small">{release::failed_text(l)}</p>
        }
        .into_any();
    }
    let steps = all.into_iter().filter(|s| *s != Stage::Stamping || stage == *s).map(|step| {
        let at = |s: Stage| Stage::ALL.iter().position(|x| *x == s).unwrap_or(0);
        let class = if at(step) < at(stage) || stage == Stage::Done {
            "yes"
        } else if step == stage {
            "now"
        } else {
            "later"
        };
        view! { <li class=class>{release::word(l, step.as_str())}</li> }
    });
    view! { <ul class="checks">{steps.collect_view()}</ul> }.into_any()
}

/// Asks again and again while a job is under way, as the page was told last.
pub fn while_under_way(tick: RwSignal<u32>, under_way: impl Fn() -> bool + 'static) {
    let busy = StoredValue::new(false);
    Effect::new(move |_| busy.set_value(under_way()));
    every(Duration::from_millis(1500), move || {
        if busy.try_get_value().unwrap_or_default() {
            tick.update(|n| *n += 1);
        }
    });
}
