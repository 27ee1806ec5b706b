//! What people see: Leptos pages, components and server functions; native (feature `ssr`) and in the browser
//! (feature `hydrate`).
#![recursion_limit = "512"]
// Bodies of server functions exist on the server only; what they import is idle in the browser.
#![cfg_attr(not(feature = "ssr"), allow(unused_imports, dead_code))]

pub mod components;
pub mod context;
pub mod error;
pub mod pages;
mod routes;

pub use routes::App;

use leptos::prelude::*;
use leptos_meta::MetaTags;
use tomfolio_locales::Lang;

/// Names of the front end's files, hashed at build time.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    pub css: String,
    pub js: String,
    pub wasm: String,
    pub check_js: String,
    pub check_wasm: String,
}

/// Which script a page comes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scripts {
    /// None at all: sign-in, and the customer's page.
    None,
    Desk,
    /// Only what checks a PDF.
    Check,
}

/// The document around the app.
pub fn shell(assets: Assets, lang: Lang, scripts: Scripts) -> impl IntoView {
    let wanted = match scripts {
        Scripts::None => None,
        Scripts::Desk => Some((assets.js.clone(), assets.wasm.clone(), "hydrate();")),
        Scripts::Check => Some((assets.check_js.clone(), assets.check_wasm.clone(), "")),
    };
    let boot = wanted.filter(|(js, ..)| !js.is_empty()).map(|(js, wasm, then)| {
        let names = if then.is_empty() { "init" } else { "init,{hydrate}" };
        let code = format!("import {names} from '{js}';await init({{module_or_path:'{wasm}'}});{then}");
        view! {
            <link rel="modulepreload" href=js />
            <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
            <script type="module" nonce=leptos::nonce::use_nonce() inner_html=code></script>
        }
    });
    view! {
        <!DOCTYPE html>
        <html lang=lang.tag()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=assets.css.clone() />
                {boot}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}
