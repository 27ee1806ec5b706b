//! One measure after the other, with its evidence beside it: method, sample, verdict, finding. Made for the keyboard.

use super::api::{Judge, Skip, find_subject};
use super::tested;
use crate::components::{
    Diff, Fresh, FreshnessMark, KeysOn, Markdown, Page, Refusal, StatusMark, TallyBar, TextArea, page_alone,
    shown_date, stored,
};
use crate::context::{kept, keyboard, lang, sure};
use crate::error::told;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use tomfolio_domain::evidence::EvidenceRow;
use tomfolio_domain::reviews::{
    Adequacy, Effectiveness, Grade, JudgeSheet, Judged, LastTime, Method, ReviewState, Verdict, owns,
};
use tomfolio_locales::{evidence, nav, review as w};

/// How long a mend may take where nobody has said otherwise.
const MEND: jiff::SignedDuration = jiff::SignedDuration::from_hours(30 * 24);

#[component]
pub fn JudgePage() -> impl IntoView {
    let params = use_params_map();
    let judge = ServerAction::<Judge>::new();
    let skip = ServerAction::<Skip>::new();
    let of = move || params.with(|p| (p.get("id").unwrap_or_default(), p.get("measure").unwrap_or_default()));
    let (judged, skipped) = (stored(*judge), stored(*skip));
    let found = Resource::new(
        move || (of(), judged.get(), skipped.get()),
        |((id, measure), ..)| find_subject(id, measure),
    );
    keyboard("#judge");
    view! {
        <Transition fallback=|| ()>
            {move || Suspend::new(async move {
                page_alone(found.await, |p: Page<JudgeSheet>| {
                    let own = owns(&p.actor.name, &p.body.subject.owner);
                    view! { <Sheet s=p.body theirs=own judge=judge skip=skip /> }
                })
            })}
        </Transition>
    }
}

#[component]
fn Sheet(s: JudgeSheet, theirs: bool, judge: ServerAction<Judge>, skip: ServerAction<Skip>) -> impl IntoView {
    let l = lang();
    let refused = use_location().query.with_untracked(|q| q.get("refused"));
    let (review, subject) = (s.review, s.subject.clone());
    let pause = format!("/reviews/{review}");
    let place = subject.path.join(" · ");
    let open = s.own && s.state == ReviewState::InProgress && !theirs;
    let begun = StoredValue::new(false);
    let form = if open {
        let form = s.clone();
        view! { <Fresh key=subject.measure.to_string()><Form s=form.clone() judge=judge skip=skip begun=begun /></Fresh> }
            .into_any()
    } else {
        let why = if theirs && s.own { w::own_work(l) } else { w::read_only(l) };
        view! { <p class="muted under">{why}</p><Said judged=s.judged.clone() /><Walk s=s.clone() /> }
            .into_any()
    };
    view! {
        <Title text=format!("{} {}", subject.code, subject.heading) />
        <header class="review-head">
            <div class="review-how">
                <p class="small muted"><a href=pause.clone()>{w::title(l, s.document_title.clone(), s.due_on.year())}</a></p>
                <p><strong>{w::position(l, s.tally.all, s.position)}</strong></p>
            </div>
            <div class="review-bar"><TallyBar tally=s.tally /></div>
            <details class="keys">
                <summary class="button" data-key="?">{w::keys(l)}" "<kbd>"?"</kbd></summary>
                <div class="card pane">
                    <ul class="small">
                        <li><kbd>"d s b i t"</kbd>" "{w::key_method(l)}</li>
                        <li><kbd>"1 2 3"</kbd>" "{w::adequacy(l)}</li>
                        <li><kbd>"6 7 8 9"</kbd>" "{w::effectiveness(l)}</li>
                        <li><kbd>"c"</kbd>" "{w::comment(l)}" · "<kbd>"f"</kbd>" "{w::finding(l)}" · "<kbd>"x"</kbd>" "{w::skip(l)}</li>
                        <li><kbd>"Enter"</kbd>" "{w::key_enter(l)}" · "<kbd>"Esc"</kbd>" "{w::key_escape(l)}</li>
                        <li><kbd>{w::key_send(l)}</kbd>" "{w::keep(l)}</li>
                        <li><kbd>"j k"</kbd>" "{w::key_walk(l)}</li>
                    </ul>
                    <KeysOn />
                </div>
            </details>
            <a class="button" href=pause on:click=leave(begun)>{w::pause(l)}</a>
        </header>
        <div class="review" data-walk="1">
            <section class="card pane judge">
                <p class="small muted">{place}</p>
                <h1>{subject.code.clone()}" "{subject.heading.clone()}</h1>
                <p class="facts small"><StatusMark status=s.status /><span>{subject.owner.clone()}</span></p>
                <blockquote class="quoted"><Markdown text=subject.text.clone() /></blockquote>
                {s.last.clone().map(|last| view! { <Last last=last /> })}
                {refused.map(|why| view! { <p class="alert" role="alert">{told(&why, l)}</p> })}
                <Refusal of=Signal::derive(move || judge.value().get().and_then(Result::err)) />
                <Refusal of=Signal::derive(move || skip.value().get().and_then(Result::err)) />
                {form}
            </section>
            <aside><Beside rows=s.evidence.clone() /></aside>
        </div>
    }
}

/// Whoever moves on with half a verdict is asked first: it is stored as a whole or not at all.
fn leave(begun: StoredValue<bool>) -> impl Fn(leptos::ev::MouseEvent) {
    let l = lang();
    move |e| {
        if begun.try_get_value().unwrap_or_default() && !sure(w::begun(l)) {
            e.prevent_default();
        }
    }
}

/// Whether a choice was made in a form that was refused; `None` where no form was.
fn again(name: &str, value: &str) -> Option<bool> {
    kept("method").or_else(|| kept("comment"))?;
    Some(kept(name).as_deref() == Some(value))
}

/// One choice of a row of choices, with the key that presses it.
fn choice(
    name: &'static str,
    value: &'static str,
    word: &'static str,
    key: &'static str,
    then: Option<&'static str>,
    chosen: bool,
) -> impl IntoView {
    view! {
        <label class="pick">
            <input type="radio" name=name value=value required checked=chosen data-key=key data-then=then />
            <kbd aria-hidden="true">{key}</kbd>{word}
        </label>
    }
}

#[component]
fn Form(
    s: JudgeSheet,
    judge: ServerAction<Judge>,
    skip: ServerAction<Skip>,
    begun: StoredValue<bool>,
) -> impl IntoView {
    let l = lang();
    begun.set_value(false);
    let said: Option<Verdict> = match &s.judged {
        Some(Judged::Verdict(v)) => Some(v.clone()),
        Some(Judged::Skipped { .. }) | None => None,
    };
    let reason = match &s.judged {
        Some(Judged::Skipped { reason }) => reason.clone(),
        Some(Judged::Verdict(_)) | None => String::new(),
    };
    let keys = |m: Method| match m {
        Method::Document => "d",
        Method::Sample => "s",
        Method::Watched => "b",
        Method::Interview => "i",
        Method::Test => "t",
    };
    let methods = Method::ALL.map(|m| {
        let chosen = again("method", m.as_str()).unwrap_or(said.as_ref().is_some_and(|v| v.method == m));
        choice("method", m.as_str(), w::word(l, m.as_str()), keys(m), Some("drawn"), chosen)
    });
    let adequacy = Adequacy::ALL.into_iter().zip(["1", "2", "3"]).map(|(a, key)| {
        let chosen = again("adequacy", a.as_str()).unwrap_or(said.as_ref().is_some_and(|v| v.adequacy == a));
        choice("adequacy", a.as_str(), w::word(l, a.as_str()), key, None, chosen)
    });
    let effectiveness = Effectiveness::ALL.into_iter().zip(["6", "7", "8", "9"]).map(|(e, key)| {
        let chosen =
            again("effectiveness", e.as_str()).unwrap_or(said.as_ref().is_some_and(|v| v.effectiveness == e));
        choice("effectiveness", e.as_str(), w::word(l, e.as_str()), key, None, chosen)
    });
    let (methods, adequacy, effectiveness) =
        (methods.collect_view(), adequacy.collect_view(), effectiveness.collect_view());
    let found = said.as_ref().and_then(|v| v.finding.clone());
    let grades = Grade::ALL
        .map(|g| {
            let chosen =
                again("finding[grade]", g.as_str()).unwrap_or(found.as_ref().is_some_and(|f| f.grade == g));
            view! { <option value=g.as_str() selected=chosen>{w::word(l, g.as_str())}</option> }
        })
        .collect_view();
    let number = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    let kept_or = |name: &str, value: String| kept(name).unwrap_or(value);
    let drawn = kept_or("drawn", number(said.as_ref().map(|v| v.drawn)));
    let population = kept_or("population", number(said.as_ref().map(|v| v.population)));
    let of_what = kept_or("of_what", said.as_ref().map(|v| v.of_what.clone()).unwrap_or_default());
    let comment = said.map(|v| v.comment).unwrap_or_default();
    let (id, measure) = (s.review.to_string(), s.subject.measure.to_string());
    let (skip_id, skip_measure) = (id.clone(), measure.clone());
    let has_finding = found.is_some() || kept("finding[text]").is_some_and(|t| !t.is_empty());
    let (text, owner, due) = found.map(|f| (f.text, f.owner, f.due.to_string())).unwrap_or_else(|| {
        (String::new(), s.subject.owner.clone(), s.today.saturating_add(MEND).to_string())
    });
    let (text, owner) = (kept_or("finding[text]", text), kept_or("finding[owner]", owner));
    let due = kept_or("finding[due]", due);
    let today = s.today.to_string();
    view! {
        <ActionForm action=judge attr:class="form" attr:id="judge" on:input=move |_| begun.set_value(true)>
            <input type="hidden" name="id" value=id />
            <input type="hidden" name="measure" value=measure />
            <fieldset><legend>{w::how(l)}</legend><div class="picks">{methods}</div></fieldset>
            <fieldset>
                <legend>{w::sample(l)}</legend>
                <div class="sample">
                    <input id="drawn" name="drawn" type="number" inputmode="numeric" min="0" aria-label=w::drawn(l) value=drawn data-then="population" />
                    <span>{w::of(l)}</span>
                    <input id="population" name="population" type="number" inputmode="numeric" min="0" aria-label=w::population(l) value=population data-then="of_what" />
                    <input id="of_what" name="of_what" maxlength="120" aria-label=w::of_what(l) placeholder=w::of_what(l) value=of_what />
                </div>
            </fieldset>
            <fieldset><legend>{w::adequacy(l)}</legend><div class="picks">{adequacy}</div></fieldset>
            <fieldset><legend>{w::effectiveness(l)}</legend><div class="picks">{effectiveness}</div></fieldset>
            <label for="comment">{w::comment(l)}" "<kbd>"c"</kbd></label>
            <TextArea id="comment" name="comment" rows=2 longest=8000 key="c" value=comment />
            <details class="finding" open=has_finding>
                <summary data-key="f" data-then="grade">{w::finding_add(l)}" "<kbd>"f"</kbd></summary>
                <div class="form">
                    <div class="pair">
                        <label>{w::grade(l)}<select id="grade" name="finding[grade]"><option value="">{w::grade_none(l)}</option>{grades}</select></label>
                        <label>{w::finding_due(l)}<input id="finding-due" name="finding[due]" type="date" min=today value=due /></label>
                    </div>
                    <label>{w::finding(l)}<input name="finding[text]" maxlength="300" data-then="finding-owner" value=text placeholder=w::finding_example(l) /></label>
                    <label>{w::finding_owner(l)}<input id="finding-owner" name="finding[owner]" maxlength="160" data-then="finding-due" value=owner /></label>
                    <p class="small muted">{w::retest(l)}</p>
                </div>
            </details>
            <div class="judge-foot">
                {s.previous.map(|m| view! { <a class="button" href=format!("/reviews/{}/measures/{m}", s.review) data-key="k" on:click=leave(begun)>{w::back(l)}" "<kbd>"k"</kbd></a> })}
                <span class="grow"></span>
                {s.next.map(|m| view! { <a class="plain" href=format!("/reviews/{}/measures/{m}", s.review) data-key="j" on:click=leave(begun)>{w::later_walk(l)}" "<kbd>"j"</kbd></a> })}
                <button class="primary" type="submit">{w::keep(l)}</button>
            </div>
        </ActionForm>
        <details class="more under">
            <summary data-key="x" data-then="skip-reason">{w::skip(l)}" "<kbd>"x"</kbd></summary>
            <ActionForm action=skip attr:class="form">
                <input type="hidden" name="id" value=skip_id />
                <input type="hidden" name="measure" value=skip_measure />
                <label for="skip-reason">{w::skip_reason(l)}</label>
                <TextArea id="skip-reason" name="reason" rows=2 required=true shortest=20 longest=2000 value=reason />
                <button type="submit">{w::skip_submit(l)}</button>
            </ActionForm>
        </details>
    }
}

/// A verdict that can no longer be changed here.
#[component]
fn Said(judged: Option<Judged>) -> impl IntoView {
    judged.map(|j| view! { <p>{sentence(&j)}</p> })
}

/// A verdict in words.
fn sentence(judged: &Judged) -> String {
    let l = lang();
    match judged {
        Judged::Skipped { reason } => w::skipped_because(l, reason),
        Judged::Verdict(v) => {
            let tested = tested(l, v);
            let verdict =
                w::verdict(l, w::word(l, v.adequacy.as_str()), w::word(l, v.effectiveness.as_str()));
            let found = v.finding.as_ref().map(|f| format!(" {}", super::found(l, f)));
            format!("{tested} {verdict} {}{}", v.comment, found.unwrap_or_default())
        }
    }
}

#[component]
fn Walk(s: JudgeSheet) -> impl IntoView {
    let l = lang();
    let to = move |m| format!("/reviews/{}/measures/{m}", s.review);
    view! {
        <div class="judge-foot">
            {s.previous.map(|m| view! { <a class="button" href=to(m) data-key="k">{w::back(l)}" "<kbd>"k"</kbd></a> })}
            <span class="grow"></span>
            {s.next.map(|m| view! { <a class="button" href=to(m) data-key="j">{w::later_walk(l)}" "<kbd>"j"</kbd></a> })}
        </div>
    }
}

#[component]
fn Last(last: LastTime) -> impl IntoView {
    let l = lang();
    let same = last.changed.is_empty();
    view! {
        <p class="small last"><strong>{w::last_time(l, shown_date(l, last.on))}</strong>" "{sentence(&last.judged)}" "
            {same.then(|| view! { <span class="muted">{w::unchanged(l)}</span> })}
        </p>
        {(!same).then(|| view! { <details class="small last" open=true><summary>{w::changed(l)}</summary><Diff changes=last.changed.clone() /></details> })}
    }
}

/// The evidence of the measure, ready to be opened.
#[component]
fn Beside(rows: Vec<EvidenceRow>) -> impl IntoView {
    let l = lang();
    let count = rows.len();
    let none = rows.is_empty();
    let lines = rows
        .into_iter()
        .map(|e| {
            let until = e.valid_until.map(|d| evidence::until(l, shown_date(l, d)));
            view! {
                <li class="card pane proof-card">
                    <p><strong><a href=format!("/evidence/{}", e.id) target="_blank">{e.title.clone()}</a></strong></p>
                    <p class="small"><FreshnessMark freshness=Some(e.freshness) />" "<span class="muted">{until}</span></p>
                    <dl class="small">
                        <dt class="muted">{evidence::issuer(l)}</dt><dd>{e.issuer.clone()}</dd>
                        <dt class="muted">"SHA-256"</dt><dd class="hash">{e.sha256.clone()}</dd>
                    </dl>
                    <a class="button small" rel="external" download href=format!("/evidence/{}/files/{}", e.id, e.version)>{evidence::download(l)}</a>
                </li>
            }
        })
        .collect_view();
    view! {
        <h2>{nav::evidence(l)}" "<small class="muted">{count.to_string()}</small></h2>
        {none.then(|| view! { <div class="card empty"><p>{w::no_evidence(l)}</p></div> })}
        <ul class="beside">{lines}</ul>
    }
}
