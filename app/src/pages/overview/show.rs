//! The overview's page: tasks, protection goals, twelve months, organisations.

use super::api::find_overview;
use crate::components::{page_of, shown_date, stored};
use crate::context::lang;
use crate::pages::members::AnswerOffer;
use crate::pages::sessions::Switch;
use jiff::civil::Date;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use tomfolio_domain::ids::OrganisationId;
use tomfolio_domain::overview::{Client, Duty, Month, Overview, Share, Task, overdue};
use tomfolio_locales::{Lang, nav, overview as w, protection};

/// Tasks that are listed before "all".
const SHOWN: usize = 6;

#[component]
pub fn ShowPage() -> impl IntoView {
    let offer = ServerAction::<AnswerOffer>::new();
    let answered = stored(*offer);
    let found = Resource::new(move || answered.get(), |_| find_overview());
    view! {
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                page_of(found.await, "overview", |o, actor| {
                    let offers = actor.offers.clone().into_iter().map(|of| view! { <Offer of=of action=offer /> });
                    view! { {offers.collect_view()}<Sheet o=o here=actor.organisation /> }
                })
            })}
        </Suspense>
    }
}

/// An organisation asks the person to work with it.
#[component]
fn Offer(of: (OrganisationId, String), action: ServerAction<AnswerOffer>) -> impl IntoView {
    let l = lang();
    let (id, name) = of;
    view! {
        <section class="card pane notice offer" role="status">
            <p>{w::offer(l, name)}</p>
            <ActionForm action=action attr:class="actions">
                <input type="hidden" name="organisation" value=id.to_string() />
                <button class="primary" type="submit" name="take" value="yes">{w::offer_take(l)}</button>
                <button type="submit" name="take" value="no">{w::offer_decline(l)}</button>
            </ActionForm>
        </section>
    }
}

#[component]
fn Sheet(o: Overview, here: OrganisationId) -> impl IntoView {
    let l = lang();
    let (mine, others): (Vec<&Task>, Vec<&Task>) = o.tasks.iter().partition(|t| t.mine);
    let late = mine.iter().filter(|t| overdue(t, o.today)).count();
    let coming = mine.len() - late;
    let heading = match (late, coming) {
        (0, 0) if others.is_empty() => w::all_done(l).to_owned(),
        (0, 0) => w::not_yours(l).to_owned(),
        (0, n) => w::coming(l, n),
        (n, 0) => w::late(l, n),
        (late, coming) => format!("{}, {}", w::late(l, late), w::coming_too(l, coming)),
    };
    let count = mine.len();
    let of = |tasks: Vec<&Task>| -> Vec<AnyView> {
        tasks.into_iter().map(|t| task(t, o.today, here).into_any()).collect()
    };
    let (mut lines, others) = (of(mine), of(others));
    let waiting = others.len();
    let more = lines.split_off(lines.len().min(SHOWN));
    let rest = (!more.is_empty()).then(|| {
        view! { <details class="more-tasks"><summary>{w::all_n(l, count)}</summary><ul class="rows tasks">{more}</ul></details> }
    });
    let many = o.clients.len() > 1;
    let clients = o.clients.iter().map(|c| client(c, here)).collect_view();
    let shares = o.shares.iter().map(share).collect_view();
    let measured = !o.shares.is_empty();
    let whose = o.clients.iter().find(|c| many && c.id == here).map(|c| c.name.clone());
    view! {
        <Title text=nav::overview(l) />
        <header class="head"><div>
            <p class="crumbs">{weekday(l, o.today)}", "{shown_date(l, o.today)}</p>
            <h1>{heading}</h1>
        </div></header>
        <div class="overview">
            <section class="card" id="tasks">
                <h2 class="pane-head">{w::next(l)}<small>{w::tasks_n(l, count)}</small></h2>
                {(count == 0).then(|| view! { <p class="empty">{w::no_tasks(l)}</p> })}
                <ul class="rows tasks">{lines}</ul>
                {rest}
                {(waiting > 0).then(|| view! { <details class="more-tasks" id="others"><summary>{w::others_n(l, waiting)}</summary><ul class="rows tasks">{others}</ul></details> })}
            </section>
            {measured.then(|| view! {
                <section class="card" id="shares">
                    <h2 class="pane-head">{w::implementation(l)}<small>{whose}</small></h2>
                    <ul class="pane shares">{shares}</ul>
                    <p class="legend small muted"><span><i class="key ok"></i>{w::implemented(l)}</span><span><i class="key warn"></i>{w::partly(l)}</span><span><i class="key muted"></i>{w::planned(l)}</span><span><i class="key none"></i>{w::not_applicable(l)}</span></p>
                </section>
            })}
        </div>
        <section class="card" id="months">
            <h2 class="pane-head">{w::year(l)}<small class="legend"><span><i class="key accent"></i>{w::review(l)}</span><span><i class="key diamond"></i>{w::evidence_ends(l)}</span></small></h2>
            <div class="pane strip" tabindex="0" role="group" aria-label=w::year(l)><Strip months=o.months.clone() /></div>
        </section>
        {many.then(|| view! {
            <section class="card" id="clients" tabindex="0" aria-label=w::clients(l)>
                <h2 class="pane-head">{w::clients(l)}<small>{o.clients.len().to_string()}</small></h2>
                <table class="table">
                    <thead><tr><th scope="col">{w::client(l)}</th><th scope="col">{w::last_released(l)}</th><th scope="col" class="number">{w::overdue(l)}</th><th scope="col" class="number">{w::ending(l)}</th><th scope="col" class="number">{w::next_review(l)}</th></tr></thead>
                    <tbody>{clients}</tbody>
                </table>
            </section>
        })}
    }
}

/// Where a task is done, and what is pressed there.
fn target(l: Lang, duty: &Duty) -> (String, &'static str) {
    match duty {
        Duty::Review { id, of: 0, .. } => (format!("/reviews/{id}"), w::begin(l)),
        Duty::Review { id, .. } => (format!("/reviews/{id}"), w::go_on(l)),
        Duty::ReviewApproval { id } => (format!("/reviews/{id}"), w::read(l)),
        Duty::Evidence { id, .. } => (format!("/evidence/{id}"), w::renew(l)),
        Duty::Finding { id, .. } => (format!("/findings#{id}"), w::mend(l)),
        Duty::Retest { id } => (format!("/findings#{id}"), w::test(l)),
        Duty::Promises { id, .. } => (format!("/documents/{id}/promises#confirmed"), w::prove(l)),
        Duty::Tests { .. } => ("/reviews".to_owned(), w::test(l)),
        Duty::Baseline { id, .. } => (format!("/documents/{id}/baseline"), w::look(l)),
        Duty::Opinion { id, .. } | Duty::Approval { id, .. } | Duty::InForce { id, .. } => {
            (format!("/releases/{id}"), w::read(l))
        }
    }
}

fn task(t: &Task, today: Date, here: OrganisationId) -> impl IntoView + use<> {
    let l = lang();
    let about = &t.about;
    let (head, detail) = match &t.duty {
        Duty::Review { judged, of, .. } if *of > 0 => (w::task_review(l, about), w::judged(l, judged, of)),
        Duty::Review { .. } => (w::task_review(l, about), w::not_begun(l).to_owned()),
        Duty::ReviewApproval { .. } => (w::task_review_approval(l, about), String::new()),
        Duty::Evidence { measures, .. } if t.due.is_some_and(|d| d < today) => {
            (w::task_expired(l, about), w::proves(l, measures))
        }
        Duty::Evidence { measures, .. } => (w::task_ending(l, about), w::proves(l, measures)),
        Duty::Finding { owner, .. } => (w::task_finding(l, about), w::by(l, owner)),
        Duty::Retest { .. } => (w::task_retest(l, about), String::new()),
        Duty::Promises { count, .. } => (w::task_promises(l, count), about.clone()),
        Duty::Tests { count, .. } => (w::task_tests(l, count), about.clone()),
        Duty::Baseline { count, .. } => (w::task_baseline(l, count), about.clone()),
        Duty::Opinion { number, .. } => (w::task_opinion(l, number), about.clone()),
        Duty::Approval { number, .. } => (w::task_approval(l, number), about.clone()),
        Duty::InForce { number, .. } => (w::task_in_force(l, number), about.clone()),
    };
    let late = overdue(t, today);
    let class = if late {
        "task late"
    } else if t.due.is_some() {
        "task soon"
    } else {
        "task"
    };
    let days = t.due.and_then(|d| d.since(today).ok()).map(|s| i64::from(s.get_days()));
    let when = days.map(|n| match n {
        0 => w::today(l).to_owned(),
        n if n < 0 => w::since_days(l, -n),
        n => w::in_days(l, n),
    });
    let (href, word) = target(l, &t.duty);
    let word = if t.mine { word } else { w::look(l) };
    let detail = if detail.is_empty() { String::new() } else { format!(" · {detail}") };
    let label = format!("{word}: {head}");
    let go = if t.organisation == here {
        view! { <a class="button" href=href aria-label=label>{word}</a> }.into_any()
    } else {
        // Another client's: the session changes over first, by a plain form.
        view! {
            <form action=Switch::PATH method="post">
                <input type="hidden" name="organisation" value=t.organisation.to_string() />
                <input type="hidden" name="next" value=href />
                <button type="submit" aria-label=label>{word}</button>
            </form>
        }
        .into_any()
    };
    view! {
        <li class=class>
            <span class="row-link"><strong>{head}</strong><span class="muted">{t.organisation_name.clone()}{detail}</span></span>
            <span class="when">{when}</span>
            {go}
        </li>
    }
}

fn share(s: &Share) -> impl IntoView + use<> {
    let all = f64::from(s.all().max(1));
    let mut at = 0.0;
    let parts = [
        (s.implemented, "bar-ok"),
        (s.partly, "bar-warn"),
        (s.planned, "bar-muted"),
        (s.not_applicable, "bar-none"),
    ];
    let bars = parts
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, class)| {
            let width = f64::from(n) * 100.0 / all;
            let x = at;
            at += width;
            view! { <rect class=class x=format!("{x:.2}%") y="0" width=format!("{:.2}%", (width - 0.6).max(0.4)) height="8"></rect> }
        })
        .collect_view();
    let of = w::of(lang(), s.all());
    view! {
        <li><span>{protection::word(lang(), s.goal.as_str())}</span><span class="share-n"><strong>{s.implemented.to_string()}</strong>" "<span class="muted">{of}</span></span>
        <svg class="bar" width="100%" height="8" aria-hidden="true">{bars}</svg></li>
    }
}

/// Twelve months: a square for each review, a diamond for each evidence that ends; said in words for whoever cannot see it.
#[component]
fn Strip(months: Vec<Month>) -> impl IntoView {
    let l = lang();
    let columns = months
        .iter()
        .enumerate()
        .map(|(i, m)| {
            let reviews = (0..m.reviews.min(16)).map(|n| {
                let (x, y) = (10 + (n % 4) * 14, 62 - (n / 4) * 14);
                let class = if n < m.overdue { "late" } else { "due" };
                view! { <rect class=class x=x.to_string() y=y.to_string() width="10" height="10" rx="2"></rect> }
            });
            let ends = (0..m.evidence.min(8)).map(|n| {
                let (x, y) = (15 + (n % 4) * 14, 12 - (n / 4) * 14 + 14);
                view! { <path class="ends" d=format!("M{x} {} l6 6 -6 6 -6 -6Z", y - 6)></path> }
            });
            let said = w::month_said(l, m.evidence, m.reviews);
            let name = month(l, m.first, i == 0 || m.first.month() == 1);
            view! {
                <li class=if i == 0 { "now-month" } else { "" }>
                    <svg viewBox="0 0 76 78" width="76" height="78" role="img" aria-label=format!("{name}: {said}")>{ends.collect_view()}{reviews.collect_view()}</svg>
                    <span aria-hidden="true">{name.clone()}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="months">{columns}</ol> }
}

fn month(l: Lang, first: Date, year: bool) -> String {
    let names = match l {
        Lang::De => ["Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"],
        Lang::En => ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    };
    let name =
        names.get(usize::from(first.month().unsigned_abs()).saturating_sub(1)).copied().unwrap_or_default();
    if year { format!("{name} {:02}", first.year() % 100) } else { name.to_owned() }
}

fn weekday(l: Lang, day: Date) -> &'static str {
    let at = usize::from(day.weekday().to_monday_zero_offset().unsigned_abs());
    let names = match l {
        Lang::De => ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
        Lang::En => ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    };
    names.get(at).copied().unwrap_or_default()
}

fn client(c: &Client, here: OrganisationId) -> impl IntoView + use<> {
    let l = lang();
    let name = if c.id == here {
        view! { <strong>{c.name.clone()}</strong> }.into_any()
    } else {
        view! {
            <form action=Switch::PATH method="post">
                <input type="hidden" name="organisation" value=c.id.to_string() />
                <input type="hidden" name="next" value="/" />
                <button class="quiet" type="submit">{c.name.clone()}</button>
            </form>
        }
        .into_any()
    };
    let released = match &c.released {
        Some((_, title, number, at)) => w::released(l, at, number, title),
        None => w::never_released(l).to_owned(),
    };
    let next = c.next_review.map_or_else(|| "–".to_owned(), |d| shown_date(l, d));
    let late = if c.overdue > 0 { "number late" } else { "number muted" };
    view! {
        <tr><th scope="row">{name}</th><td>{released}</td><td class=late>{c.overdue.to_string()}</td><td class="number">{c.ending.to_string()}</td><td class="number">{next}</td></tr>
    }
}
