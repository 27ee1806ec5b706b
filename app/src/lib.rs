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
}

/// The document around the app. Scripts are left out where a page works without (sign-in).
pub fn shell(assets: Assets, lang: Lang, scripts: bool) -> impl IntoView {
    let boot = (scripts && !assets.js.is_empty()).then(|| {
        let code = format!("import init,{{hydrate}} from '{}';await init({{module_or_path:'{}'}});hydrate();", assets.js, assets.wasm);
        view! {
            <link rel="modulepreload" href=assets.js.clone() />
            <link rel="preload" href=assets.wasm.clone() r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
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
