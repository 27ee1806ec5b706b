//! A plain form that was refused before it could say where to go back to.

use crate::components::Refused;
use crate::error::read;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

#[component]
pub fn ShowPage() -> impl IntoView {
    let why = use_location().query.with_untracked(|q| q.get("why").unwrap_or_default());
    view! { <Refused error=read(&why) /> }
}
