//! Somebody else was faster: both versions side by side, and the ways on from there.

use super::show::{Forms, goal_words};
use crate::components::{Diff, questions, scope_word, shown_date, status_word};
use crate::context::lang;
use leptos::form::ActionForm;
use leptos::prelude::*;
use tomfolio_domain::diff::Change;
use tomfolio_domain::measures::{Audience, EditMeasure as Typed, MeasureSheet, Status};
use tomfolio_domain::merge::conflicts;
use tomfolio_locales::{Lang, measure as w};

/// Both texts, word by word, when somebody else was faster.
#[component]
pub fn Conflict(m: MeasureSheet, show: bool, f: Forms) -> impl IntoView {
    let l = lang();
    let mine = m.draft.as_ref().filter(|_| show).map(|_| m.form());
    mine.map(|mine| {
        let changes = tomfolio_domain::diff::words(&m.content.text, &mine.content.text);
        let (at, by) = m.history.first().map(|r| (r.at.clone(), r.author.clone())).unwrap_or_default();
        view! {
            <section class="card pane notice" role="alert" id="conflict">
                <h2>{w::conflict_title(l, at, by)}</h2>
                <p>{w::conflict_text(l)}</p>
                <Diff changes=changes />
                {beside(l, &m, &mine)}
                {m.merge.as_ref().map(|merge| {
                    let asked = conflicts(&merge.label) + conflicts(&merge.text);
                    let questions = (asked > 0).then(|| questions(&merge.label, &merge.text, w::side_mine(l), w::side_theirs(l)));
                    let id = m.id.to_string();
                    view! {
                        <ActionForm action=f.merge attr:class="merge" attr:id="merge">
                            <input type="hidden" name="id" value=id />
                            <p class="small muted">{if asked > 0 { w::merge_asks(l) } else { w::merge_means(l) }}</p>
                            {questions}
                            <button class="primary" type="submit">{w::merge(l)}</button>
                        </ActionForm>
                    }
                })}
                <ActionForm action=f.discard>
                    <input type="hidden" name="id" value=m.id.to_string() />
                    <button type="submit">{w::take_theirs(l)}</button>
                </ActionForm>
            </section>
        }
    })
}

/// What else differs between what is stored and what was typed, field by field.
fn beside(l: Lang, m: &MeasureSheet, mine: &Typed) -> impl IntoView + use<> {
    let gap = |by: &str, until: Option<jiff::civil::Date>| {
        until.map(|d| w::gap(l, by, shown_date(l, d))).unwrap_or_default()
    };
    let stored = m.gap.as_ref().map(|g| gap(&g.decided_by, Some(g.until))).unwrap_or_default();
    // A decision counts for a deliberate deviation only; with any other status saving would not take it.
    let typed = match mine.status {
        Status::AcceptedGap => gap(&mine.decided_by, mine.until),
        _ => String::new(),
    };
    let of = |a: Audience| w::word(l, &format!("for_{a}")).to_owned();
    let fields = [
        (w::label(l), m.content.label.clone(), mine.content.label.clone()),
        (w::status(l), status_word(l, m.status).to_owned(), status_word(l, mine.status).to_owned()),
        (w::status_reason(l), m.status_reason.clone(), mine.status_reason.clone()),
        (w::gap_title(l), stored, typed),
        (w::owner(l), m.content.owner.clone(), mine.content.owner.clone()),
        (w::goal(l), goal_words(l, &m.goals), goal_words(l, &mine.goals)),
        (w::kind(l), w::word(l, m.kind.as_str()).to_owned(), w::word(l, mine.kind.as_str()).to_owned()),
        (w::audience(l), of(m.further.audience), of(mine.further.audience)),
        (w::internal(l), m.further.internal.clone(), mine.further.internal.clone()),
        (w::scope(l), scope_word(l, m.scope).to_owned(), scope_word(l, mine.scope).to_owned()),
    ];
    let lines = fields.into_iter().filter(|(_, theirs, mine)| theirs != mine).map(|(name, theirs, mine)| {
        let changes = [Change::Out(theirs), Change::Same(" ".into()), Change::In(mine)];
        let said = |c: &Change| !matches!(c, Change::Out(t) | Change::In(t) if t.is_empty());
        view! { <dt>{name}</dt><dd><Diff changes=changes.into_iter().filter(said).collect() /></dd> }
    });
    let lines = lines.collect::<Vec<_>>();
    (!lines.is_empty()).then(|| view! { <dl class="differs small">{lines}</dl> })
}
