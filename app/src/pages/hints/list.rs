//! All hints of a document, rule by rule, the worst first: what is the case, why it matters, what to do; and what was dismissed.

use super::api::{DismissHints, list_hints};
use crate::components::{Refusal, SeverityMark, page_of, stored};
use crate::context::{kept, lang};
use crate::error::told;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use tomfolio_domain::hints::{HintLine, HintSheet};
use tomfolio_domain::ids::DocumentId;
use tomfolio_domain::lint::{Rule, Severity};
use tomfolio_domain::policy::{Action, allowed};
use tomfolio_locales::{Lang, goal, hint, lint as w};

#[component]
pub fn ListPage() -> impl IntoView {
    let params = use_params_map();
    let id = move || params.with(|p| p.get("id").unwrap_or_default());
    let dismiss = ServerAction::<DismissHints>::new();
    let done = stored(*dismiss);
    let found = Resource::new(move || (id(), done.get()), |(id, _)| list_hints(id));
    view! {
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                page_of(found.await, "documents", |s, actor| {
                    let may = actor.roles.iter().any(|r| allowed(*r, Action::EditMeasure));
                    view! { <Sheet s=s may=may dismiss=dismiss /> }
                })
            })}
        </Suspense>
    }
}

/// So many of a severity, in words.
fn counted(l: Lang, severity: Severity, n: usize) -> String {
    match severity {
        Severity::Error => w::errors(l, n),
        Severity::Warn => w::warnings(l, n),
        Severity::Info => w::suggestions(l, n),
    }
}

/// What a hint is about beside its words: another measure's code, a goal, what is missing.
pub fn about(l: Lang, h: &HintLine) -> String {
    let said = about_word(l, h);
    match h.rule {
        Rule::C01
        | Rule::C02
        | Rule::C03
        | Rule::C04
        | Rule::C05
        | Rule::C06
        | Rule::C09
        | Rule::D01
        | Rule::I01 => w::about(l, said),
        Rule::S15 => w::fits(l, said),
        Rule::L02 | Rule::L08 | Rule::E04 => w::now(l, said),
        Rule::S13 => w::sentences(l, said),
        _ => said,
    }
}

fn about_word(l: Lang, h: &HintLine) -> String {
    let known = [goal::word(l, &h.about), w::word(l, &h.about)].into_iter().find(|word| *word != "?");
    known.map_or_else(|| h.about.clone(), str::to_owned)
}

#[component]
fn Sheet(s: HintSheet, may: bool, dismiss: ServerAction<DismissHints>) -> impl IntoView {
    let l = lang();
    let query = use_location().query;
    let refused = query.with_untracked(|q| q.get("refused")).map(|why| told(&why, l));
    let only = query.with_untracked(|q| q.get("severity")).and_then(|s| s.parse::<Severity>().ok());
    let open = |h: &&HintLine| h.dismissed.is_none();
    let count = |sev: Severity| s.hints.iter().filter(open).filter(|h| h.severity == sev).count();
    let all = s.hints.iter().filter(open).count();
    let errors = s.hints.iter().filter(|h| h.blocks()).count();
    let lead = match (all, errors) {
        (0, _) => w::none(l).to_owned(),
        (_, 0) => w::lead_free(l).to_owned(),
        (_, n) => w::lead_blocked(l, n),
    };
    let document = s.document;
    let here = format!("/documents/{document}/hints");
    let chips = Severity::ALL.into_iter().filter(|sev| count(*sev) > 0).map(|sev| {
        let current = (only == Some(sev)).then_some("true");
        view! { <a class="chip" aria-current=current href=format!("{here}?severity={sev}")>{counted(l, sev, count(sev))}</a> }
    });
    let chips = chips.collect::<Vec<_>>();
    let mut rules: Vec<Rule> =
        Rule::ALL.into_iter().filter(|r| s.hints.iter().any(|h| h.rule == *r)).collect();
    rules.sort_by_key(|r| {
        (s.hints.iter().filter(open).filter(|h| h.rule == *r).map(|h| h.severity).min(), *r)
    });
    let groups = rules.into_iter().map(|rule| {
        let of = |dismissed: bool| -> Vec<HintLine> {
            let of_rule = s.hints.iter().filter(|h| h.rule == rule && h.dismissed.is_some() == dismissed);
            of_rule.filter(|h| only.is_none_or(|sev| h.severity == sev)).cloned().collect()
        };
        view! { <Group rule=rule open=of(false) aside=of(true) document=document may=may dismiss=dismiss /> }
    });
    let groups = groups.collect::<Vec<_>>();
    view! {
        <Title text=w::title(l) />
        <header class="head"><div>
            <p class="crumbs"><a href=format!("/documents/{document}")>{s.document_title.clone()}</a></p>
            <h1>{w::title(l)}</h1>
            <p class="muted">{lead}</p>
        </div></header>
        {refused.map(|why| view! { <p class="alert" role="alert">{why}</p> })}
        <Refusal of=Signal::derive(move || dismiss.value().get().and_then(Result::err)) />
        <p class="chips">
            <a class="chip" aria-current=only.is_none().then_some("true") href=here.clone()>{w::all(l, all)}</a>
            {chips}
        </p>
        <div class="hint-groups">{groups}</div>
    }
}

/// The hints of one rule.
#[component]
fn Group(
    rule: Rule,
    open: Vec<HintLine>,
    aside: Vec<HintLine>,
    document: DocumentId,
    may: bool,
    dismiss: ServerAction<DismissHints>,
) -> impl IntoView {
    let l = lang();
    if open.is_empty() && aside.is_empty() {
        return ().into_any();
    }
    let id = rule.as_str();
    let word = move |suffix: &str| hint::word(l, &format!("{id}{suffix}"));
    let worst = |of: &[HintLine]| of.iter().map(|h| h.severity).min();
    let severity = worst(&open).or_else(|| worst(&aside)).unwrap_or(Severity::Info);
    let none_open = open.is_empty();
    let lines = open.iter().map(|h| line(l, h, may, "marks[]")).collect::<Vec<_>>();
    let count = aside.len();
    let dismissed = aside.iter().map(|h| line(l, h, may, "marks[]")).collect::<Vec<_>>();
    // A refused form comes back to the rule that it was for.
    let mine = kept("rule").is_some_and(|r| r == id);
    let reason = if mine { kept("reason").unwrap_or_default() } else { String::new() };
    view! {
        <section class="card pane hint-group" id=id>
            <h2><span class="code">{rule.id()}</span>" "{word("")}" "<SeverityMark severity=severity /></h2>
            <p class="small">{word("_why")}" "<strong>{w::mend(l)}":"</strong>" "{word("_mend")}</p>
            <p class="small muted">{w::source(l, rule.source())}</p>
            {(!none_open).then(|| view! {
                <ActionForm action=dismiss attr:class="hint-form">
                    <input type="hidden" name="document" value=document.to_string() />
                    <input type="hidden" name="rule" value=id />
                    <ul class="hint-lines">{lines}</ul>
                    {may.then(|| view! {
                        <div class="hint-dismiss">
                            <label>{w::reason(l)}<input name="reason" required minlength="20" maxlength="1000" value=reason /></label>
                            <button type="submit">{w::dismiss(l)}</button>
                        </div>
                    })}
                </ActionForm>
            })}
            {(count > 0).then(|| view! {
                <details class="inline-form" open=none_open>
                    <summary>{w::dismissed_n(l, count)}</summary>
                    <ActionForm action=dismiss attr:class="hint-form">
                        <input type="hidden" name="document" value=document.to_string() />
                        <input type="hidden" name="restore" value="true" />
                        <ul class="hint-lines">{dismissed}</ul>
                        {may.then(|| view! { <button type="submit">{w::restore(l)}</button> })}
                    </ActionForm>
                </details>
            })}
        </section>
    }
    .into_any()
}

fn line(l: Lang, h: &HintLine, may: bool, name: &'static str) -> impl IntoView + use<> {
    let place = if h.code.is_empty() { w::at_document(l).to_owned() } else { h.code.clone() };
    let link = match h.measure {
        Some(m) => view! { <a href=format!("/measures/{m}")>{place.clone()}</a> }.into_any(),
        None => view! { <span>{place.clone()}</span> }.into_any(),
    };
    let beside = (!h.about.is_empty()).then(|| view! { <span class="muted">{about(l, h)}</span> });
    let said = h
        .dismissed
        .as_ref()
        .map(|d| view! { <span class="muted small">{w::dismissed_by(l, &d.at, &d.by, &d.reason)}</span> });
    let quote =
        (!h.quote.is_empty()).then(|| view! { <q>{h.quote.chars().take(160).collect::<String>()}</q> });
    let (mark, label) = (h.mark.clone(), format!("{} {}", place, h.quote));
    // All are chosen at first: whoever gives one reason mostly means all of a rule.
    let tick =
        may.then(|| view! { <input type="checkbox" name=name value=mark checked=true aria-label=label /> });
    view! { <li>{tick}<span class="hint-what">{link}" "{quote}" "{beside}{said}</span></li> }
}
