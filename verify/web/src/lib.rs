//! The wasm entry of `/echt`: the file is read and checked in the browser and does not leave it. The server is asked about two
//! hashes only: the key's and the file's. All words stand in the page already; here the right ones are shown.

use js_sys::Uint8Array;
use tomfolio_verify::{Report, verify};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Document, Element, Event, File, HtmlInputElement, Response};

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

fn find(selector: &str) -> Option<Element> {
    document()?.query_selector(selector).ok().flatten()
}

/// Shows one verdict and hides the others.
fn show(verdict: &str) {
    let all = document().and_then(|d| d.query_selector_all("[data-verdict]").ok());
    for i in 0..all.as_ref().map_or(0, |l| l.length()) {
        let Some(e) = all.as_ref().and_then(|l| l.item(i)).and_then(|n| n.dyn_into::<Element>().ok()) else {
            continue;
        };
        let mine = e.get_attribute("data-verdict").is_some_and(|v| v == verdict);
        let _ = if mine { e.remove_attribute("hidden") } else { e.set_attribute("hidden", "") };
    }
}

fn fill(name: &str, text: &str) {
    if let Some(e) = find(&format!("[data-fill='{name}']")) {
        e.set_text_content(Some(text));
    }
}

/// What the server knows of this key and this file: 200 and a sentence where the key is one of its own, 409 where the file was
/// taken back, 410 where a newer one is in force.
async fn known(report: &Report) -> Result<(u16, String), JsValue> {
    let key = report.fingerprint.clone().unwrap_or_default();
    let address = format!("/echt/known?key={key}&file={}", report.sha256);
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let response: Response = JsFuture::from(window.fetch_with_str(&address)).await?.dyn_into()?;
    let says = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    Ok((response.status(), says))
}

/// Largest file that is checked, in bytes; the server's check takes no more either.
const LARGEST: f64 = 20_000_000.0;

async fn check(file: File) -> Result<(), JsValue> {
    if file.size() > LARGEST {
        for name in ["file", "signer", "key", "stamp", "sha256", "says"] {
            fill(name, "");
        }
        show("too-large");
        return Ok(());
    }
    show("working");
    let bytes = Uint8Array::new(&JsFuture::from(file.array_buffer()).await?).to_vec();
    let report = verify(&bytes, &[]);
    fill("file", &file.name());
    fill("signer", report.signer.as_deref().unwrap_or_default());
    fill("key", report.fingerprint.as_deref().unwrap_or_default());
    fill("stamp", &report.stamp.as_ref().map(ToString::to_string).unwrap_or_default());
    fill("sha256", &report.sha256);
    fill("says", "");
    if !report.ok() {
        show(report.verdict.as_str());
        return Ok(());
    }
    match known(&report).await {
        Ok((status @ (200 | 409 | 410), says)) => {
            fill("says", &says);
            show(match status {
                200 => "genuine",
                410 => "outdated",
                _ => "taken-back",
            });
        }
        Ok((404, _)) => show("stranger"),
        Ok(_) | Err(_) => show("unasked"),
    }
    Ok(())
}

/// Takes over the form: whoever has no script sends the file to the server instead.
#[wasm_bindgen(start)]
pub fn start() -> Result<(), JsValue> {
    let (Some(form), Some(input)) = (find("#check"), find("#check input[type=file]")) else { return Ok(()) };
    let input: HtmlInputElement = input.dyn_into()?;
    let run = Closure::<dyn FnMut(Event)>::new(move |e: Event| {
        e.prevent_default();
        let Some(file) = input.files().and_then(|f| f.get(0)) else { return };
        spawn_local(async move {
            if check(file).await.is_err() {
                show("unreadable");
            }
        });
    });
    form.add_event_listener_with_callback("submit", run.as_ref().unchecked_ref())?;
    form.add_event_listener_with_callback("change", run.as_ref().unchecked_ref())?;
    // The form is there as long as the page is.
    run.forget();
    // As the desk does: whoever drives this page knows that it takes input now.
    document().and_then(|d| d.document_element()).map_or(Ok(()), |root| root.set_attribute("data-ready", ""))
}
