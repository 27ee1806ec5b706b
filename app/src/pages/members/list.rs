//! All members with their roles, an invitation, and the open sessions.

use super::api::{EndSession, Invite, InviteAgain, Remove, SetRoles, list_members};
use crate::components::{Fresh, Refusal, page_of, stored};
use crate::context::lang;
use crate::error::told;
use crate::pages::sessions::{Prove, ProveForm};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use tomfolio_domain::actor::Role;
use tomfolio_domain::members::{MemberList, MemberRow, SessionRow};
use tomfolio_domain::policy::{Action, allowed};
use tomfolio_locales::{member as w, nav, role};

/// What can be done here.
#[derive(Clone, Copy)]
struct Forms {
    invite: ServerAction<Invite>,
    again: ServerAction<InviteAgain>,
    roles: ServerAction<SetRoles>,
    remove: ServerAction<Remove>,
    end: ServerAction<EndSession>,
    prove: ServerAction<Prove>,
}

#[component]
pub fn ListPage() -> impl IntoView {
    let f = Forms {
        invite: ServerAction::new(),
        again: ServerAction::new(),
        roles: ServerAction::new(),
        remove: ServerAction::new(),
        end: ServerAction::new(),
        prove: ServerAction::new(),
    };
    let (invited, again, given) = (stored(*f.invite), stored(*f.again), stored(*f.roles));
    let (removed, ended, proved) = (stored(*f.remove), stored(*f.end), stored(*f.prove));
    let done = move || (invited.get() + again.get() + given.get(), removed.get() + ended.get(), proved.get());
    let found = Resource::new(done, |_| list_members());
    view! {
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                page_of(found.await, "members", |(list, proved), actor| {
                    let admin = actor.roles.iter().any(|r| allowed(*r, Action::ManageMembers));
                    view! { <List list=list may=admin && proved admin=admin f=f /> }
                })
            })}
        </Suspense>
    }
}

#[component]
fn List(list: MemberList, may: bool, admin: bool, f: Forms) -> impl IntoView {
    let l = lang();
    let query = use_location().query.get_untracked();
    let refused = query.get("refused");
    let invited = query.get("told").is_some();
    let wrong = refused.as_deref() == Some("step_up");
    let count = list.members.len();
    let rows = list.members.iter().map(|m| row(m, may, f)).collect_view();
    let sessions = list.sessions.iter().map(|s| session(s, may, f)).collect_view();
    let errors = Signal::derive(move || {
        let of = [
            f.invite.value().get().and_then(Result::err),
            f.again.value().get().and_then(Result::err),
            f.roles.value().get().and_then(Result::err),
            f.remove.value().get().and_then(Result::err),
            f.end.value().get().and_then(Result::err),
            f.prove.value().get().and_then(Result::err),
        ];
        of.into_iter().flatten().next()
    });
    let key = format!("{count}-{may}");
    let side = match (admin, may) {
        (true, true) => view! { <Fresh key=key><NewMember f=f /></Fresh> }.into_any(),
        (true, false) => view! { <ProveForm action=f.prove next="/members" wrong=wrong /> }.into_any(),
        (false, _) => {
            view! { <section class="card pane"><p class="small">{w::admins_only(l)}</p></section> }.into_any()
        }
    };
    view! {
        <Title text=nav::members(l) />
        <header class="head"><div><h1>{w::heading(l, count)}</h1></div></header>
        {invited.then(|| view! { <p class="card pane notice" role="status">{w::invited_told(l)}</p> })}
        {refused.filter(|_| !wrong).map(|why| view! { <p class="alert" role="alert">{told(&why, l)}</p> })}
        <Refusal of=errors />
        <div class="columns">
            <div class="main-column">
                <ul class="card rows" id="members">{rows}</ul>
                <section class="card" id="sessions">
                    <div class="pane-head"><h2>{w::sessions(l)}</h2><small>{w::sessions_text(l)}</small></div>
                    <ul class="rows">{sessions}</ul>
                </section>
            </div>
            <div class="right">{side}</div>
        </div>
    }
}

/// The five roles to choose from.
#[component]
fn Roles(chosen: Vec<Role>, prefix: String) -> impl IntoView {
    let l = lang();
    let choices = Role::ALL.map(|r| {
        let id = format!("{prefix}-{r}");
        let on = chosen.contains(&r);
        view! {
            <label class="check" for=id.clone()>
                <input type="checkbox" id=id.clone() name="roles[]" value=r.as_str() checked=on />
                {role::word(l, r.as_str())}
            </label>
        }
    });
    view! { <fieldset><legend>{w::roles(l)}</legend>{choices.collect_view()}</fieldset> }
}

#[component]
fn RolesForm(id: String, chosen: Vec<Role>, set: ServerAction<SetRoles>) -> impl IntoView {
    view! {
        <ActionForm action=set attr:class="form">
            <input type="hidden" name="id" value=id.clone() />
            <Roles chosen=chosen prefix=id />
            <button type="submit">{w::save_roles(lang())}</button>
        </ActionForm>
    }
}

fn row(m: &MemberRow, may: bool, f: Forms) -> impl IntoView + use<> {
    let l = lang();
    let (id, roles) = (m.user.to_string(), m.roles.clone());
    let words = roles.iter().map(|r| role::word(l, r.as_str())).collect::<Vec<_>>().join(", ");
    let (own, invited) = (m.own, m.invited);
    let key = format!("{id}{words}");
    let (of, away) = (id.clone(), id.clone());
    view! {
        <li class="finding-row">
            <div class="row-link">
                <strong>{if m.name.is_empty() { m.email.clone() } else { m.name.clone() }}</strong>
                {(!m.name.is_empty()).then(|| view! { <span class="muted">{m.email.clone()}</span> })}
                <span class="small">{words}</span>
                {may.then(|| view! {
                    <details class="more inline-form">
                        <summary>{w::change(l)}</summary>
                        <Fresh key=key><RolesForm id=of.clone() chosen=roles.clone() set=f.roles /></Fresh>
                        <div class="actions under">
                            {invited.then(|| view! {
                                <ActionForm action=f.again><input type="hidden" name="id" value=id.clone() /><button class="small" type="submit">{w::invite_again(l)}</button></ActionForm>
                            })}
                            {(!own).then(|| view! {
                                <ActionForm action=f.remove><input type="hidden" name="id" value=away.clone() /><button class="danger small" type="submit">{w::remove(l)}</button></ActionForm>
                            })}
                        </div>
                    </details>
                })}
            </div>
            <span class="row-end">
                {invited.then(|| view! { <span class="pill warn">{w::invited(l)}</span> })}
                {own.then(|| view! { <span class="pill">{w::you(l)}</span> })}
            </span>
        </li>
    }
}

fn session(s: &SessionRow, may: bool, f: Forms) -> impl IntoView + use<> {
    let l = lang();
    let (id, own) = (s.id.clone(), s.own);
    view! {
        <li>
            <div class="row-link">
                <strong>{s.name.clone()}</strong>
                <span class="muted">{w::since(l, s.active.clone(), s.since.clone())}</span>
            </div>
            <span class="row-end">
                {own.then(|| view! { <span class="pill">{w::this_session(l)}</span> })}
                {(may && !own).then(|| view! {
                    <ActionForm action=f.end><input type="hidden" name="id" value=id /><button class="quiet small" type="submit">{w::end_session(l)}</button></ActionForm>
                })}
            </span>
        </li>
    }
}

#[component]
fn NewMember(f: Forms) -> impl IntoView {
    let l = lang();
    view! {
        <section class="card pane" id="invite">
            <h2>{w::invite(l)}</h2>
            <ActionForm action=f.invite attr:class="form">
                <label for="name">{w::name(l)}</label>
                <input id="name" name="name" required maxlength="120" autocomplete="off" />
                <label for="email">{w::email(l)}</label>
                <input id="email" name="email" type="email" required maxlength="200" autocomplete="off" />
                <Roles chosen=Vec::new() prefix="new".to_owned() />
                <p class="small muted">{w::invite_text(l)}</p>
                <button class="primary" type="submit">{w::invite_submit(l)}</button>
            </ActionForm>
        </section>
    }
}
