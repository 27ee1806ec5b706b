//! A sub-processor, new or as it stands.

use super::api::{SaveSubprocessor, list_subprocessors};
use crate::components::{Refusal, TextArea, form_of};
use crate::context::{kept, lang};
use crate::error::told;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use tomfolio_domain::ids::EvidenceId;
use tomfolio_domain::policy::Action;
use tomfolio_domain::subprocessors::{Facts, SubprocessorRow, SubprocessorState};
use tomfolio_locales::{nav, subprocessor as w};

#[component]
pub fn EditPage() -> impl IntoView {
    let id = use_params_map().with_untracked(|p| p.get("id").unwrap_or_default());
    let found = Resource::new(|| (), |()| list_subprocessors());
    let save = ServerAction::<SaveSubprocessor>::new();
    view! {
        <Suspense fallback=|| ()>
            {move || {
                let id = id.clone();
                Suspend::new(async move {
                    let found = found.await;
                    // One that is not there is not found; "new" is none yet.
                    let there = found.as_ref().is_ok_and(|p| p.body.rows.iter().any(|r| r.id.to_string() == id));
                    let found = match found {
                        Ok(_) if !there && id != "new" => Err(tomfolio_domain::error::DomainError::NotFound.into()),
                        found => found,
                    };
                    form_of(found, "subprocessors", Action::EditSubprocessor, |s, _| {
                        let row = s.rows.into_iter().find(|r| r.id.to_string() == id);
                        view! { <Form row=row evidence=s.evidence save=save /> }
                    })
                })
            }}
        </Suspense>
    }
}

#[component]
fn Form(
    row: Option<SubprocessorRow>,
    evidence: Vec<(EvidenceId, String)>,
    save: ServerAction<SaveSubprocessor>,
) -> impl IntoView {
    let l = lang();
    let refused = use_location().query.with_untracked(|q| q.get("refused")).map(|why| told(&why, l));
    let title = row.as_ref().map_or_else(|| w::add(l).to_owned(), |r| r.facts.name.clone());
    let (id, based_on) = row.as_ref().map_or((String::new(), 0), |r| (r.id.to_string(), r.revision));
    let f = row.map(|r| r.facts);
    let (texts, days) = (f.clone(), f.clone());
    let of = move |take: fn(&Facts) -> String| texts.as_ref().map(take).unwrap_or_default();
    let day = move |take: fn(&Facts) -> Option<jiff::civil::Date>| {
        days.as_ref().and_then(take).map(|d| d.to_string()).unwrap_or_default()
    };
    let typed = |name: &str, stored: String| kept(name).unwrap_or(stored);
    let contract = typed("contract", of(|f| f.contract.map(|c| c.to_string()).unwrap_or_default()));
    let proofs = evidence
        .into_iter()
        .map(|(id, title)| view! { <option value=id.to_string() selected=id.to_string() == contract>{title}</option> })
        .collect_view();
    let state = typed("state", f.as_ref().map_or("proposed", |f| f.state.as_str()).to_owned());
    let states = SubprocessorState::ALL
        .into_iter()
        .map(|s| view! { <option value=s.as_str() selected=s.as_str() == state>{w::word(l, s.as_str())}</option> })
        .collect_view();
    view! {
        <Title text=title.clone() />
        <header class="head"><div>
            <p class="crumbs"><a href="/subprocessors">{nav::subprocessors(l)}</a></p>
            <h1>{title}</h1>
        </div></header>
        {refused.map(|why| view! { <p class="alert" role="alert">{why}</p> })}
        <Refusal of=Signal::derive(move || save.value().get().and_then(Result::err)) />
        <ActionForm action=save attr:class="card form wide">
            <input type="hidden" name="id" value=id />
            <input type="hidden" name="based_on" value=based_on.to_string() />
            <label for="name">{w::name(l)}</label>
            <input id="name" name="name" required maxlength="200" value=typed("name", of(|f| f.name.clone())) />
            <label for="service">{w::service(l)}</label>
            <TextArea name="service" id="service" value=of(|f| f.service.clone()) rows=3 required=true />
            <label for="address">{w::address(l)}</label>
            <TextArea name="address" id="address" value=of(|f| f.address.clone()) rows=3 />
            <label for="contact">{w::contact(l)}</label>
            <input id="contact" name="contact" maxlength="1000" value=typed("contact", of(|f| f.contact.clone())) />
            <label for="locations">{w::locations(l)}</label>
            <input id="locations" name="locations" maxlength="1000" value=typed("locations", of(|f| f.locations.clone())) />
            <label for="transfer">{w::transfer(l)}</label>
            <input id="transfer" name="transfer" maxlength="1000" placeholder=w::transfer_none(l) value=typed("transfer", of(|f| f.transfer.clone())) />
            <label for="contract">{w::contract_proof(l)}</label>
            <select id="contract" name="contract"><option value="">{w::contract_none(l)}</option>{proofs}</select>
            <label for="audited_on">{w::audited_on(l)}</label>
            <input id="audited_on" name="audited_on" type="date" value=typed("audited_on", day(|f| f.audited_on)) />
            <label for="next_audit">{w::next_audit(l)}</label>
            <input id="next_audit" name="next_audit" type="date" value=typed("next_audit", day(|f| f.next_audit)) />
            <label for="state">{w::state(l)}</label>
            <select id="state" name="state">{states}</select>
            <div class="actions"><a class="button" href="/subprocessors">{nav::cancel(l)}</a><button class="primary" type="submit" disabled=move || save.pending().get()>{w::save(l)}</button></div>
        </ActionForm>
    }
}
