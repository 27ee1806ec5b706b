//! What else is said of a measure: for whom it is told, further scopes, the law behind it, the sub-processors it relies on.

use crate::components::{scope_word, shown_date};
use crate::context::lang;
use leptos::prelude::*;
use tomfolio_domain::catalogues::law;
use tomfolio_domain::import::Scope;
use tomfolio_domain::measures::{Audience, Further, MeasureSheet, PLANS};
use tomfolio_locales::measure as w;

/// The fields of the editor's right column; `changed` hears what they say now.
#[component]
pub fn FurtherFields(m: MeasureSheet, shown: Further, changed: Callback<Further>) -> impl IntoView {
    let l = lang();
    let now = StoredValue::new(shown.clone());
    let change = move |f: &dyn Fn(&mut Further)| {
        now.update_value(|v| f(v));
        changed.run(now.get_value());
    };
    let audiences = Audience::ALL
        .into_iter()
        .map(|a| view! { <option value=a.as_str() selected=a == shown.audience>{w::word(l, &format!("for_{a}"))}</option> })
        .collect_view();
    let scopes = Scope::ALL.into_iter().filter(|s| *s != m.scope && *s != Scope::Unspecified).map(|s| {
        let checked = shown.also.contains(&s);
        let tick = move |e: leptos::ev::Event| {
            let on = event_target_checked(&e);
            change(&|f| toggle(&mut f.also, s, on));
        };
        view! { <label class="check"><input type="checkbox" name="further[also][]" value=s.as_str() checked=checked on:change=tick />{scope_word(l, s)}</label> }
    });
    let today = m.today;
    // What is in force can be chosen; what was chosen stays to be seen when it no longer is.
    let norms = law()
        .iter()
        .filter(|n| shown.law.contains(&n.key) || n.valid_to.is_none_or(|end| end >= today))
        .filter(|n| shown.law.contains(&n.key) || !n.is_standard());
    let norms = norms.map(|n| {
        let key = n.key.clone();
        let ended = n.valid_to.filter(|end| *end < today).map(|end| {
            view! { <span class="small warn-text">" "{w::law_ended(l, shown_date(l, end), n.successor())}</span> }
        });
        let tick = move |e: leptos::ev::Event| {
            let on = event_target_checked(&e);
            change(&|f| toggle(&mut f.law, key.clone(), on));
        };
        let checked = shown.law.contains(&n.key);
        view! { <label class="check"><input type="checkbox" name="further[law][]" value=n.key.clone() checked=checked on:change=tick /><span>{n.title.clone()}{ended}</span></label> }
    });
    let offered = m.offered.iter().cloned().map(|(id, name)| {
        let checked = shown.subprocessors.contains(&id);
        let tick = move |e: leptos::ev::Event| {
            let on = event_target_checked(&e);
            change(&|f| toggle(&mut f.subprocessors, id, on));
        };
        view! { <label class="check"><input type="checkbox" name="further[subprocessors][]" value=id.to_string() checked=checked on:change=tick />{name}</label> }
    });
    let none = m.offered.is_empty();
    let chosen = shown.law.len() + shown.also.len() + shown.subprocessors.len();
    let months = shown.months;
    let plans = PLANS
        .into_iter()
        .map(|n| view! { <option value=n.to_string() selected=months == Some(n)>{w::plan_months(l, n)}</option> })
        .collect_view();
    let some = chosen > 0;
    view! {
        <label for="audience">{w::audience(l)}</label>
        <select id="audience" name="further[audience]" on:change=move |e| { let a = event_target_value(&e).parse(); change(&|f| f.audience = a.clone().unwrap_or(f.audience)); }>{audiences}</select>
        <label for="plan">{w::plan(l)}</label>
        <select id="plan" name="further[months]" on:change=move |e| { let n = event_target_value(&e).parse().ok(); change(&|f| f.months = n); }><option value="" selected=shown.months.is_none()>{w::plan_none(l)}</option>{plans}</select>
        <details class="inline-form" open=some>
            <summary>{w::further(l)}{some.then(|| format!(" ({chosen})"))}</summary>
            <fieldset><legend>{w::also(l)}</legend>{scopes.collect_view()}</fieldset>
            <fieldset class="norms"><legend>{w::law(l)}</legend><div class="scroll">{norms.collect_view()}</div></fieldset>
            <fieldset><legend>{w::subprocessors(l)}</legend>{offered.collect_view()}{none.then(|| view! { <p class="small muted"><a href="/subprocessors">{w::subprocessors_none(l)}</a></p> })}</fieldset>
        </details>
    }
}

fn toggle<T: PartialEq>(list: &mut Vec<T>, item: T, on: bool) {
    list.retain(|x| *x != item);
    if on {
        list.push(item);
    }
}

/// The same for who reads only.
#[component]
pub fn FurtherPane(m: MeasureSheet) -> impl IntoView {
    let l = lang();
    let f = m.further.clone();
    let also = f.also.iter().map(|s| scope_word(l, *s)).collect::<Vec<_>>().join(", ");
    let norms = f.norms(m.today).into_iter().map(|n| {
        let ended = n.ended.map(|(end, next)| w::law_ended(l, shown_date(l, end), next));
        view! { <li>{n.title}{ended.map(|e| view! { <span class="warn-text">" "{e}</span> })}</li> }
    });
    let norms = norms.collect_view();
    let names = m.offered.iter().filter(|(id, _)| f.subprocessors.contains(id));
    let names = names.map(|(_, n)| n.clone()).collect::<Vec<_>>().join(", ");
    view! {
        <section class="card pane" id="further">
            <h2>{w::audience(l)}</h2>
            <p class="small">{w::word(l, &format!("for_{}", f.audience))}</p>
            {(!also.is_empty()).then(|| view! { <p class="small">{w::also(l)}": "{also}</p> })}
            <ul class="small">{norms}</ul>
            {(!names.is_empty()).then(|| view! { <p class="small">{w::subprocessors(l)}": "{names}</p> })}
            {(!f.internal.is_empty()).then(|| view! { <h3>{w::internal(l)}</h3><p class="small quoted">{f.internal.clone()}</p> })}
        </section>
    }
}
