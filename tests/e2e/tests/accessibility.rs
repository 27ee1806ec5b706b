//! axe in Chromium on every screen: no serious or critical finding, light and dark, 1440 and 390 px; and none is wider than its window.

use thirtyfour::prelude::*;
use tomfolio_e2e::{Driver, Portal, at, click, documents, fill, press, root, see, settled};

async fn check(d: &WebDriver, axe: &str, name: &str) -> WebDriverResult<()> {
    settled(d, true).await?;
    d.execute(axe, vec![]).await?;
    let run = "const done = arguments[arguments.length - 1]; axe.run(document, {resultTypes: ['violations']}).then(r => done(r.violations.filter(v => ['serious','critical'].includes(v.impact)).map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).slice(0, 4).join(' | '))));";
    let found = d.execute_async(run, vec![]).await?;
    assert_eq!(found.json(), &serde_json::json!([]), "{name}");
    let aside = "return [...document.querySelectorAll('body *')].filter(e => document.documentElement.scrollWidth > innerWidth && e.getBoundingClientRect().right > innerWidth).map(e => e.tagName + '.' + e.className).slice(0, 4)";
    let aside = d.execute(aside, vec![]).await?;
    assert_eq!(aside.json(), &serde_json::json!([]), "{name}: wider than its window");
    Ok(())
}

async fn screens(
    p: &Portal,
    driver: &Driver,
    axe: &str,
    dark: bool,
    width: i64,
    role: &str,
) -> WebDriverResult<()> {
    let d = driver.browser(true, dark).await?;
    d.set_window_rect(0, 0, width as u32, 1000).await?;
    let inner = d.execute("return innerWidth", vec![]).await?;
    assert_eq!(inner.json(), &serde_json::json!(width), "the window has the width that is asked for");
    let mode = format!("{width} px, {}", if dark { "dark" } else { "light" });
    d.goto(format!("{}/sign-in", p.url)).await?;
    check(&d, axe, &format!("sign-in, {mode}")).await?;
    d.goto(p.sign_in[role].as_str().unwrap()).await?;
    check(&d, axe, &format!("welcome, {mode}")).await?;
    fill(&d, "#password", "ein langer Satz als Kennwort").await?;
    click(&d, "main button.primary").await?;
    see(&d, "#tasks").await?;
    check(&d, axe, &format!("overview, {mode}")).await?;
    d.goto(format!("{}/documents", p.url)).await?;
    check(&d, axe, &format!("documents, {mode}")).await?;
    click(&d, "a.row-link").await?;
    at(&d, "/documents/doc_").await?;
    check(&d, axe, &format!("document, {mode}")).await?;
    let document = d.current_url().await?.to_string();
    for page in ["hints", "promises", "coverage", "description", "baseline"] {
        d.goto(format!("{document}/{page}")).await?;
        check(&d, axe, &format!("{page}, {mode}")).await?;
    }
    // What is folded away is looked at too.
    d.goto(format!("{document}/coverage")).await?;
    click(&d, "#de-abcd summary").await?;
    check(&d, axe, &format!("an open catalogue, {mode}")).await?;
    d.goto(&document).await?;
    click(&d, "a.measure").await?;
    at(&d, "/measures/").await?;
    check(&d, axe, &format!("measure, {mode}")).await?;
    for folded in ["details.more > summary", "details.internal > summary", "#history summary"] {
        if let Some(summary) = d.find_all(By::Css(folded)).await?.first() {
            summary.scroll_into_view().await?;
            summary.click().await?;
        }
    }
    check(&d, axe, &format!("measure with all of it, {mode}")).await?;
    for page in ["catalogues", "subprocessors"] {
        d.goto(format!("{}/{page}", p.url)).await?;
        check(&d, axe, &format!("{page}, {mode}")).await?;
    }
    d.goto(format!("{}/documents/new", p.url)).await?;
    check(&d, axe, &format!("new document, {mode}")).await?;
    d.goto(format!("{}/documents/import", p.url)).await?;
    check(&d, axe, &format!("upload, {mode}")).await?;
    if role == "dpo" || role == "editor" {
        d.goto(format!("{}/subprocessors/new", p.url)).await?;
        check(&d, axe, &format!("new sub-processor, {mode}")).await?;
        d.goto(&document).await?;
        let add = see(&d, "a.add").await?.attr("href").await?.unwrap();
        d.goto(format!("{}{add}", p.url)).await?;
        see(&d, "textarea#text").await?;
        check(&d, axe, &format!("new measure, {mode}")).await?;
        d.goto(format!("{}/documents/import", p.url)).await?;
        let source = documents()[0].canonicalize().unwrap();
        see(&d, "#file").await?.send_keys(source.to_str().unwrap()).await?;
        click(&d, "form.card button.primary").await?;
        at(&d, "/imports/imp_").await?;
        check(&d, axe, &format!("import, {mode}")).await?;
        click(&d, ".becomes li.leaf a").await?;
        see(&d, "#hand blockquote").await?;
        check(&d, axe, &format!("a place of an import, {mode}")).await?;
        click(&d, "#against option:nth-child(2)").await?;
        click(&d, "#against button").await?;
        see(&d, ".beside li").await?;
        check(&d, axe, &format!("an import beside a document, {mode}")).await?;
    }
    for q in ["", "?q=Karten", "?q=verschl"] {
        d.goto(format!("{}/search{q}", p.url)).await?;
        check(&d, axe, &format!("search {q}, {mode}")).await?;
    }
    d.goto(format!("{}/evidence", p.url)).await?;
    check(&d, axe, &format!("evidence list, {mode}")).await?;
    click(&d, "a.row-link").await?;
    at(&d, "/evidence/evi_").await?;
    check(&d, axe, &format!("evidence, {mode}")).await?;
    d.goto(format!("{}/evidence/new", p.url)).await?;
    check(&d, axe, &format!("new evidence, {mode}")).await?;
    d.goto(format!("{}/customers", p.url)).await?;
    check(&d, axe, &format!("customers, {mode}")).await?;
    d.goto(&p.share).await?;
    check(&d, axe, &format!("customer's page, {mode}")).await?;
    d.goto(format!("{}/s/{}", p.url, "0".repeat(64))).await?;
    check(&d, axe, &format!("unknown link, {mode}")).await?;
    d.goto(format!("{}/reviews", p.url)).await?;
    check(&d, axe, &format!("reviews, {mode}")).await?;
    click(&d, ".rows li:last-child a.row-link").await?;
    at(&d, "/reviews/rev_").await?;
    check(&d, axe, &format!("review, {mode}")).await?;
    click(&d, ".verdicts a").await?;
    at(&d, "/measures/mea_").await?;
    check(&d, axe, &format!("judging, {mode}")).await?;
    d.goto(format!("{}/findings", p.url)).await?;
    check(&d, axe, &format!("findings, {mode}")).await?;
    d.goto(format!("{}/echt", p.url)).await?;
    check(&d, axe, &format!("the check of a file, {mode}")).await?;
    d.goto(format!("{}/releases", p.url)).await?;
    check(&d, axe, &format!("releases, {mode}")).await?;
    click(&d, "a.row-link").await?;
    at(&d, "/releases/rel_").await?;
    check(&d, axe, &format!("release, {mode}")).await?;
    d.goto(format!("{}/measures/mea_0", p.url)).await?;
    check(&d, axe, &format!("not found, {mode}")).await?;
    if role == "dpo" {
        // At the client whose document follows a baseline that has changed.
        d.goto(&p.url).await?;
        if let Some(more) = d.find_all(By::Css("details.more-tasks > summary")).await?.first() {
            more.scroll_into_view().await?;
            more.click().await?;
        }
        press(&d, "//li[contains(@class, 'task')][contains(., 'Stammdokument')]//button").await?;
        at(&d, "/baseline").await?;
        see(&d, ".offers ins").await?;
        check(&d, axe, &format!("offers of a baseline, {mode}")).await?;
    }
    // Who runs the place sees pages of their own.
    d.delete_all_cookies().await?;
    d.goto(p.sign_in["admin"].as_str().unwrap()).await?;
    fill(&d, "#password", "ein langer Satz als Kennwort").await?;
    click(&d, "main button.primary").await?;
    see(&d, "aside.side").await?;
    for page in ["members", "tokens", "audit"] {
        d.goto(format!("{}/{page}", p.url)).await?;
        check(&d, axe, &format!("{page}, {mode}")).await?;
    }
    d.quit().await
}

/// Every screen in one light and one width, each with another role.
async fn mode(dark: bool, width: i64, role: &str) {
    let path = root().join("tests/e2e/node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(&path)
        .unwrap_or_else(|e| panic!("{}: {e}; run npm ci in tests/e2e", path.display()));
    let (driver, portal) = (Driver::start(), Portal::start(&format!("axe-{role}")));
    screens(&portal, &driver, &axe, dark, width, role).await.unwrap();
}

#[tokio::test]
async fn no_screen_has_a_serious_finding_wide_and_light() {
    mode(false, 1440, "dpo").await;
}

#[tokio::test]
async fn no_screen_has_a_serious_finding_wide_and_dark() {
    mode(true, 1440, "editor").await;
}

#[tokio::test]
async fn no_screen_has_a_serious_finding_narrow_and_light() {
    mode(false, 390, "approver").await;
}

#[tokio::test]
async fn no_screen_has_a_serious_finding_narrow_and_dark() {
    mode(true, 390, "reviewer").await;
}
