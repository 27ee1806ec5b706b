//! The page of the check. What the script shows and what the server answers are the same words.

use crate::components::Languages;
use crate::context::lang;
use leptos::prelude::*;
use leptos_meta::Title;
use tomfolio_domain::checks::{Checked, Known, KnownFile};
use tomfolio_domain::releases::ReleaseState;
use tomfolio_locales::{Lang, check as w};

/// What is known of a file whose key is one of ours.
pub fn says(l: Lang, known: &Known) -> String {
    let who = w::sealed_by(l, &known.organisation);
    let what = match &known.file {
        Some(KnownFile::Release { number, state: ReleaseState::Released, .. }) => w::in_force(l, number),
        Some(KnownFile::Release { number, state: ReleaseState::Withdrawn, .. }) => w::withdrawn(l, number),
        Some(KnownFile::Release { number, current: Some(current), .. }) => w::superseded(l, current, number),
        Some(KnownFile::Release { number, .. }) => w::not_in_force(l, number),
        Some(KnownFile::Report) => w::report(l).to_owned(),
        None => w::unknown_file(l).to_owned(),
    };
    format!("{who} {what}")
}

/// Every answer there is, with its class.
const VERDICTS: [(&str, &str); 12] = [
    ("none", "later"),
    ("working", "now"),
    ("genuine", "yes"),
    ("outdated", "now"),
    ("taken-back", "no"),
    ("stranger", "no"),
    ("unasked", "now"),
    ("changed", "no"),
    ("unsigned", "no"),
    ("unreadable", "no"),
    ("unsupported", "now"),
    ("too-large", "no"),
];

/// Which answer a check on the server gives.
fn verdict(c: &Checked) -> &str {
    match (c.verdict.as_str(), &c.known) {
        ("unchanged", Some(k)) if k.withdrawn() => "taken-back",
        ("unchanged", Some(k)) if k.outdated() => "outdated",
        ("unchanged", Some(_)) => "genuine",
        ("unchanged", None) => "stranger",
        (other, _) => other,
    }
}

#[component]
pub fn CheckPage() -> impl IntoView {
    let l = lang();
    let checked = use_context::<Checked>();
    let now = checked.as_ref().map_or("none", verdict).to_owned();
    let answers = VERDICTS
        .map(|(name, class)| {
            let shown = name == now;
            view! { <p class=class data-verdict=name hidden=!shown>{w::word(l, name)}</p> }
        })
        .collect_view();
    let c = checked.clone();
    let field = move |f: fn(&Checked) -> Option<String>| c.as_ref().and_then(f).unwrap_or_default();
    let known = checked.as_ref().and_then(|c| c.known.as_ref()).map(|k| says(l, k)).unwrap_or_default();
    view! {
        <Title text=w::title(l) />
        <main class="share" id="main">
            <p class="brand">"Tomfolio"</p>
            <h1>{w::title(l)}</h1>
            <div class="columns">
                <div class="main-column">
                    <form class="card pane form" id="check" action="/echt" method="post" enctype="multipart/form-data">
                        <label for="pdf">{w::choose(l)}</label>
                        <input id="pdf" name="file" type="file" accept="application/pdf,.pdf" required />
                        <button class="primary" type="submit">{w::submit(l)}</button>
                        <p class="small muted">{w::where_read(l)}</p>
                    </form>
                    <section class="card pane" id="answer" role="status">
                        <h2>{w::answer(l)}</h2>
                        {answers}
                        <p data-fill="says">{known}</p>
                        <dl class="small">
                            <dt class="muted">{w::file(l)}</dt><dd class="hash" data-fill="file">{field(|c| Some(c.file_name.clone()))}</dd>
                            <dt class="muted">{w::signer(l)}</dt><dd data-fill="signer">{field(|c| c.signer.clone())}</dd>
                            <dt class="muted">{w::stamp(l)}</dt><dd data-fill="stamp">{field(|c| c.stamp.clone())}</dd>
                            <dt class="muted">{w::key(l)}</dt><dd class="hash" data-fill="key">{field(|c| c.fingerprint.clone())}</dd>
                            <dt class="muted">"SHA-256"</dt><dd class="hash" data-fill="sha256">{field(|c| Some(c.sha256.clone()))}</dd>
                        </dl>
                    </section>
                </div>
                <div class="right">
                    <section class="card pane"><h2>{w::meaning(l)}</h2><p class="small">{w::meaning_text(l)}</p></section>
                    <Languages />
                </div>
            </div>
        </main>
    }
}
