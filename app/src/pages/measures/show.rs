//! The measure's page: text at the left, facts at the right, history below.

use super::api::{
    Discard, DuplicateMeasure, EditMeasure, JoinMeasure, MergeDraft, MoveTo, Restore, Retire, Shift,
    SplitMeasure, compare, find_measure,
};
use super::conflict::Conflict;
use super::edit::Editor;
use super::further::FurtherPane;
use super::more::More;
use crate::components::{
    Diff, EffectMark, Fresh, FreshnessMark, Markdown, Refusal, StatusMark, page_of, scope_word, shown_date,
    status_word, stored,
};
use crate::context::lang;
use crate::error::{AppError, sentence, told};
use crate::pages::documents::{LastStepBar, UndoStep};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use leptos_router::params::ParamsMap;
use tomfolio_domain::catalogues::GoalKey;
use tomfolio_domain::codes::short;
use tomfolio_domain::diff::Change;
use tomfolio_domain::evidence::EvidenceRow;
use tomfolio_domain::ids::MeasureId;
use tomfolio_domain::measures::{
    Audience, Comparison, EditOutcome, MeasureSheet, Revision, Status, heading, next_test,
};
use tomfolio_domain::policy::{Action, allowed};
use tomfolio_domain::reviews::Tested;
use tomfolio_locales::{Lang, evidence, goal, measure as w, nav, review};

#[component]
pub fn ShowPage() -> impl IntoView {
    let params = use_params_map();
    let f = Forms::new();
    let id = move || params.with(|p| p.get("id").unwrap_or_default());
    let versions = f.versions();
    let found = Resource::new(move || (id(), versions.get()), |(id, _)| find_measure(id));
    view! {
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                page_of(found.await, "documents", |m, actor| {
                    let may_restore = actor.roles.iter().any(|r| allowed(*r, Action::EditMeasure));
                    let may = may_restore && m.status != Status::Retired;
                    view! { <Sheet m=m may=may may_restore=may_restore f=f /> }
                })
            })}
        </Suspense>
    }
}

/// Everything that can be done on this page.
#[derive(Clone, Copy)]
pub struct Forms {
    edit: ServerAction<EditMeasure>,
    pub discard: ServerAction<Discard>,
    pub merge: ServerAction<MergeDraft>,
    pub retire: ServerAction<Retire>,
    pub shift: ServerAction<Shift>,
    pub moved: ServerAction<MoveTo>,
    pub split: ServerAction<SplitMeasure>,
    pub join: ServerAction<JoinMeasure>,
    pub copy: ServerAction<DuplicateMeasure>,
    restore: ServerAction<Restore>,
    undo: ServerAction<UndoStep>,
}

impl Forms {
    fn new() -> Forms {
        Forms {
            edit: ServerAction::new(),
            discard: ServerAction::new(),
            merge: ServerAction::new(),
            retire: ServerAction::new(),
            shift: ServerAction::new(),
            moved: ServerAction::new(),
            split: ServerAction::new(),
            join: ServerAction::new(),
            copy: ServerAction::new(),
            restore: ServerAction::new(),
            undo: ServerAction::new(),
        }
    }

    /// A number that grows with everything that was stored: a refused edit leaves the form as it was typed; only what was stored, or
    /// met a conflict, is asked for again.
    fn versions(self) -> Signal<usize> {
        let done = [
            stored(*self.edit),
            stored(*self.discard),
            stored(*self.merge),
            stored(*self.retire),
            stored(*self.shift),
            stored(*self.moved),
            stored(*self.split),
            stored(*self.join),
            stored(*self.copy),
            stored(*self.restore),
            stored(*self.undo),
        ];
        Signal::derive(move || done.iter().map(|d| d.get()).sum())
    }

    /// Why the last of them was refused. What a plain form says in an address, an edit says from its draft.
    fn refusals(self) -> impl IntoView {
        fn of<F: leptos::server_fn::ServerFn<Error = AppError> + Clone + Send + Sync + 'static>(
            a: ServerAction<F>,
        ) -> impl IntoView
        where
            F::Output: Clone + Send + Sync + 'static,
        {
            view! { <Refusal of=Signal::derive(move || a.value().get().and_then(Result::err)) /> }
        }
        view! { {of(self.edit)}{of(self.merge)}{of(self.retire)}{of(self.shift)}{of(self.moved)}{of(self.split)}{of(self.join)}{of(self.copy)}{of(self.restore)}{of(self.undo)} }
    }
}

#[component]
fn Sheet(m: MeasureSheet, may: bool, may_restore: bool, f: Forms) -> impl IntoView {
    let l = lang();
    let name = heading(&m.content.label, &m.content.text);
    let code = m.code.clone().unwrap_or_default();
    let conflict = f.edit.value().get_untracked().and_then(|r| match r {
        Ok(EditOutcome::Conflict { .. }) => Some(()),
        _ => None,
    });
    let refused = use_location().query.with_untracked(|q| q.get("refused")).map(|why| told(&why, l));
    let refusal = refused.or_else(|| m.draft.as_ref()?.refusal.as_ref().map(|r| sentence(r, l)));
    let stale = conflict.is_some() || m.draft.as_ref().is_some_and(|d| d.typed.based_on != m.revision);
    let go = |id: Option<MeasureId>, word: &'static str, key: &'static str| {
        id.map(|id| view! { <a class="button" href=format!("/measures/{id}") data-key=key>{word}</a> })
    };
    let (sheet, more) = (m.clone(), m.clone());
    let key = format!(
        "{} {} {}",
        m.id,
        m.revision,
        f.discard.version().get_untracked() + f.merge.version().get_untracked()
    );
    view! {
        <Title text=name.clone() />
        <header class="head">
            <div>
                <p class="crumbs"><a href=format!("/documents/{}", m.document)>{m.document_title.clone()}</a>" / "{m.path.join(" / ")}" / "{short(&code).to_owned()}</p>
                <h1>{name}</h1>
                <p class="facts"><StatusMark status=m.status /><span>{m.content.owner.clone()}</span><span>{goal_words(l, &m.goals)}</span>{(m.further.audience != Audience::Customer).then(|| view! { <span class="pill">{w::word(l, &format!("for_{}", m.further.audience))}</span> })}<span>{scope_word(l, m.scope)}</span>{m.gap.clone().map(|g| view! { <span>{w::gap(l, g.decided_by, shown_date(l, g.until))}</span> })}</p>
            </div>
            <div class="actions">{go(m.previous, w::previous(l), "k")}{go(m.next, w::next(l), "j")}</div>
        </header>
        {refusal.filter(|_| !stale).map(|r| view! { <p class="alert" role="alert">{r}</p> })}
        {f.refusals()}
        {(may && m.waits).then(|| view! { <p class="card pane notice" id="waits">{w::release_waits(l)}</p> })}
        <Conflict m=m.clone() show=stale f=f />
        {may_restore.then(|| view! { <LastStepBar last=m.last.clone() document=m.document measure=m.id undo=f.undo /> })}
        <div class="columns measure-page">
            {if may {
                view! { <Fresh key=key><Editor m=sheet.clone() edit=f.edit discard=f.discard /></Fresh> }.into_any()
            } else {
                view! {
                    <div class="card pane"><Markdown text=m.content.text.clone() />{(!m.status_reason.is_empty()).then(|| view! { <p class="muted">{w::why(l, m.status_reason.clone())}</p> })}</div>
                    <div class="right"><FurtherPane m=m.clone() /><EvidencePane rows=m.evidence.clone() add=None /><TestedPane tested=m.tested.clone() months=m.further.months /></div>
                }
                .into_any()
            }}
            <div class="rest">
                {may.then(|| view! { <Fresh key=format!("{} {}", more.id, more.revision)><More m=more.clone() f=f /></Fresh> })}
                <History rows=m.history.clone() id=m.id revision=m.revision may=may_restore restore=f.restore />
            </div>
        </div>
    }
}

/// Goals in words, the first first.
pub(super) fn goal_words(l: Lang, goals: &[GoalKey]) -> String {
    goals.iter().map(|g| goal::word(l, g.as_str())).collect::<Vec<_>>().join(", ")
}

/// What proves this measure, and how long that holds; `add` where the person may attach more.
#[component]
pub fn EvidencePane(rows: Vec<EvidenceRow>, add: Option<MeasureId>) -> impl IntoView {
    let l = lang();
    let none = rows.is_empty();
    let lines = rows.into_iter().map(|e| {
        let until = e.valid_until.map(|d| evidence::until(l, shown_date(l, d)));
        view! {
            <li>
                <a href=format!("/evidence/{}", e.id)>{e.title}</a>
                <span class="small muted"><FreshnessMark freshness=Some(e.freshness) />" "{until}</span>
            </li>
        }
    });
    view! {
        <section class="card pane" id="evidence">
            <h2>{nav::evidence(l)}</h2>
            {none.then(|| view! { <p class="muted small">{evidence::missing(l)}</p> })}
            <ul class="proofs">{lines.collect_view()}</ul>
            {add.map(|m| view! { <a class="button" href=format!("/evidence/new?measure={m}")>{evidence::add(l)}</a> })}
        </section>
    }
}

/// Whether it works, as the last approved review saw it.
#[component]
pub fn TestedPane(tested: Option<Tested>, months: Option<u16>) -> impl IntoView {
    let l = lang();
    let plan = months.map(|n| {
        let next = tested.as_ref().map(|t| next_test(t.on, n));
        next.map_or_else(|| w::plan_never(l, n), |d| w::plan_next(l, shown_date(l, d), n))
    });
    let said = tested.as_ref().map(|t| t.effectiveness);
    view! {
        <section class="card pane" id="tested">
            <h2>{review::effectiveness(l)}</h2>
            <EffectMark effectiveness=said />
            {tested.map(|t| view! {
                <p class="small muted"><a href=format!("/reviews/{}", t.review)>{review::tested_on(l, shown_date(l, t.on))}</a></p>
                {t.stale.then(|| view! { <p class="small no">{review::stale(l)}</p> })}
            })}
            {plan.map(|p| view! { <p class="small muted">{p}</p> })}
        </section>
    }
}

/// What became of the measure, step by step; two steps side by side; an earlier one brought back.
#[component]
fn History(
    rows: Vec<Revision>,
    id: MeasureId,
    revision: i64,
    may: bool,
    restore: ServerAction<Restore>,
) -> impl IntoView {
    let l = lang();
    let count = rows.len();
    let numbers: Vec<i64> = rows.iter().map(|r| r.number).collect();
    let query = use_location().query;
    let pair = |q: &ParamsMap| {
        let number = |name: &str| q.get(name).and_then(|n| n.parse::<i64>().ok());
        number("from").zip(number("to"))
    };
    let asked = move || query.with(pair);
    let compared = Resource::new(asked, move |pair| async move {
        match pair {
            Some((from, to)) => compare(id.to_string(), from, to).await.ok(),
            None => None,
        }
    });
    let options = move |chosen: Option<i64>| {
        let of = numbers.iter().map(
            |n| view! { <option value=n.to_string() selected=chosen == Some(*n)>{n.to_string()}</option> },
        );
        of.collect::<Vec<_>>()
    };
    let (from, to) = query
        .with_untracked(pair)
        .map_or((rows.get(1).map(|r| r.number), rows.first().map(|r| r.number)), |(f, t)| (Some(f), Some(t)));
    let several = count > 1;
    let form = several.then(|| {
        view! {
            <form class="compare" action="#history" method="get">
                <label>{w::compare_from(l)}<select name="from">{options(from)}</select></label>
                <label>{w::compare_to(l)}<select name="to">{options(to)}</select></label>
                <button type="submit">{w::compare(l)}</button>
            </form>
        }
    });
    let lines = rows.into_iter().map(move |r| {
        let back = (may && r.number != revision).then(|| {
            view! {
                <ActionForm action=restore>
                    <input type="hidden" name="id" value=id.to_string() />
                    <input type="hidden" name="based_on" value=revision.to_string() />
                    <input type="hidden" name="number" value=r.number.to_string() />
                    <button class="quiet small" type="submit">{w::restore(l)}</button>
                </ActionForm>
            }
        });
        // A step that brought another back says which.
        let reason = match r.reason.strip_prefix("← ") {
            Some(n) => w::restored(l, n),
            None => r.reason.clone(),
        };
        view! {
            <li>
                <p class="muted small">{w::revision(l, r.number)}" · "{r.at}" · "{r.author}</p>
                {(!reason.is_empty()).then(|| view! { <p>{reason}</p> })}
                {(!r.changes.is_empty()).then(|| view! { <Diff changes=r.changes.clone() /> })}
                <StatusMark status=r.status />
                {back}
            </li>
        }
    });
    view! {
        <section class="card pane history" id="history">
            <h2>{nav::history(l)}" "<small>{count.to_string()}</small></h2>
            {form}
            <Suspense fallback=|| ()>
                {move || Suspend::new(async move { compared.await.map(|c| view! { <Compared c=c /> }) })}
            </Suspense>
            <ol>{lines.collect_view()}</ol>
        </section>
    }
}

#[component]
fn Compared(c: Comparison) -> impl IntoView {
    let l = lang();
    let same = c.changes.iter().all(|c| matches!(c, Change::Same(_)));
    let word = move |name: &str, value: &str| match name {
        "status" => value.parse().map_or_else(|_| value.to_owned(), |s| status_word(l, s).to_owned()),
        "scope" => value.parse().map_or_else(|_| value.to_owned(), |s| scope_word(l, s).to_owned()),
        "goals" => value.split(' ').map(|g| goal::word(l, g)).collect::<Vec<_>>().join(", "),
        "kind" => w::word(l, value).to_owned(),
        "audience" => w::word(l, &format!("for_{value}")).to_owned(),
        "also" => value
            .split(' ')
            .filter_map(|s| s.parse().ok())
            .map(|s| scope_word(l, s))
            .collect::<Vec<_>>()
            .join(", "),
        _ => value.to_owned(),
    };
    let lines = c.fields.iter().map(|(name, old, new)| {
        let changes =
            vec![Change::Out(word(name, old)), Change::Same(" ".into()), Change::In(word(name, new))];
        let label = if name == "goals" { w::goal(l) } else { w::word(l, name) };
        view! { <dt>{label}</dt><dd><Diff changes=changes /></dd> }
    });
    let lines = lines.collect::<Vec<_>>();
    view! {
        <div class="compared" id="compared">
            <h3>{w::compared(l, c.from, c.to)}</h3>
            {if same { view! { <p class="muted">{w::compared_same(l)}</p> }.into_any() } else { view! { <Diff changes=c.changes.clone() /> }.into_any() }}
            <dl class="differs small">{lines}</dl>
        </div>
    }
}
