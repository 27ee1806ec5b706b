//! Steps and the way back: two of one, taken back; a conflict that is merged; typing with the toolbar, from Word and by keys.

use std::time::Duration;
use thirtyfour::prelude::*;
use tomfolio_e2e::{Portal, at, click, fill, find, press, see, settled};

async fn text(d: &WebDriver) -> WebDriverResult<String> {
    Ok(see(d, "textarea#text").await?.prop("value").await?.unwrap_or_default())
}

/// Waits until the field says so.
async fn says(d: &WebDriver, wanted: &str) -> WebDriverResult<()> {
    for _ in 0..200 {
        // The page may be on its way: then the field is asked again.
        if text(d).await.is_ok_and(|t| t == wanted) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{:?} expected, {:?} found at {}", wanted, text(d).await?, d.current_url().await?)
}

async fn store(d: &WebDriver, words: &str, script: bool) -> WebDriverResult<()> {
    let before = d.find_all(By::Css(".history ol > li")).await?.len();
    fill(d, "textarea#text", words).await?;
    click(d, "button[name=save]").await?;
    see(d, &format!(".history ol > li:nth-child({})", before + 1)).await?;
    settled(d, script).await
}

/// On the third measure of a document: everything that is done is taken back at the end.
pub async fn steps(p: &Portal, d: &WebDriver, document: &str, script: bool) -> WebDriverResult<()> {
    d.goto(document).await?;
    settled(d, script).await?;
    let rows = d.find_all(By::Css("a.measure")).await?;
    let count = rows.len();
    let path = rows[2].attr("href").await?.unwrap();
    let page = format!("{}{path}", p.url);
    d.goto(&page).await?;
    settled(d, script).await?;
    let begin = text(d).await?;
    let two = "Erster Satz hier. Zweiter Satz dort.";
    store(d, two, script).await?;
    click(d, "details.more summary").await?;
    click(d, "#split button").await?;
    says(d, "Erster Satz hier.").await?;
    settled(d, script).await?;
    d.goto(document).await?;
    settled(d, script).await?;
    assert_eq!(d.find_all(By::Css("a.measure")).await?.len(), count + 1, "two of one");
    click(d, "#last-step button").await?;
    at(d, "/documents/doc_").await?;
    for _ in 0..200 {
        if d.find_all(By::Css("a.measure")).await?.len() == count {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    d.goto(&page).await?;
    settled(d, script).await?;
    says(d, two).await?;
    // Somebody else changes the one sentence while the other is typed here: both are merged, then saved.
    let one = d.window().await?;
    let other = d.new_tab().await?;
    d.switch_to_window(other).await?;
    d.goto(&page).await?;
    settled(d, script).await?;
    store(d, "Erster Satz anders. Zweiter Satz dort.", script).await?;
    d.close_window().await?;
    d.switch_to_window(one).await?;
    fill(d, "textarea#text", "Erster Satz hier. Zweiter Satz auch anders.").await?;
    click(d, "button[name=save]").await?;
    see(d, "#merge").await?;
    settled(d, script).await?;
    click(d, "#merge button").await?;
    says(d, "Erster Satz anders. Zweiter Satz auch anders.").await?;
    settled(d, script).await?;
    let before = d.find_all(By::Css(".history ol > li")).await?.len();
    click(d, "button[name=save]").await?;
    see(d, &format!(".history ol > li:nth-child({})", before + 1)).await?;
    settled(d, script).await?;
    if script {
        typing(d).await?;
    }
    // Three steps back, the newest first.
    for wanted in ["Erster Satz anders. Zweiter Satz dort.", two, begin.as_str()] {
        d.goto(&page).await?;
        settled(d, script).await?;
        click(d, "#last-step button").await?;
        says(d, wanted).await?;
        settled(d, script).await?;
    }
    Ok(())
}

/// The toolbar, a page pasted from Word, and the keys.
async fn typing(d: &WebDriver) -> WebDriverResult<()> {
    fill(d, "textarea#text", "Eins\nZwei").await?;
    d.execute("const t = document.querySelector('#text'); t.focus(); t.setSelectionRange(0, 4);", vec![])
        .await?;
    click(d, ".tool.bold").await?;
    says(d, "**Eins**\nZwei").await?;
    let pasted = r#"
        const t = document.querySelector('#text'); t.focus(); t.setSelectionRange(t.value.length, t.value.length);
        const data = new DataTransfer();
        data.setData('text/html', '<html><head><style>p{color:red}</style></head><body><p>Neu und <b>fett</b></p>'
          + '<p style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">·<span> </span></span>Punkt</p></body></html>');
        t.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));"#;
    d.execute(pasted, vec![]).await?;
    says(d, "**Eins**\nZwei\n\nNeu und **fett**\n\n- Punkt").await?;
    // What was typed is no step: it is thrown away.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    d.refresh().await?;
    settled(d, true).await?;
    click(d, "button[form=discard]").await?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    d.refresh().await?;
    settled(d, true).await?;
    let focused = || async {
        let id = d.execute("return document.activeElement.id", vec![]).await?;
        WebDriverResult::Ok(id.json().as_str().unwrap_or_default().to_owned())
    };
    let keys = |keys: &'static str| async move { d.action_chain().send_keys(keys).perform().await };
    keys("/").await?;
    assert_eq!(focused().await?, "side-q");
    keys("\u{e00c}").await?;
    keys("e").await?;
    assert_eq!(focused().await?, "text");
    keys("\u{e00c}").await?;
    keys("?").await?;
    see(d, ".desk-keys[open] #keys-on").await?;
    keys("gm").await?;
    at(d, "/documents").await?;
    find(d, "//h1").await?;
    settled(d, true).await?;
    d.back().await?;
    see(d, "textarea#text").await?;
    settled(d, true).await
}

/// A document is offered as a baseline, and the client's answer waits on the overview. The demo has a client that follows one.
pub async fn baselines(p: &Portal, d: &WebDriver, script: bool) -> WebDriverResult<()> {
    d.goto(&p.url).await?;
    settled(d, script).await?;
    let folded = d.find_all(By::Css("details.more-tasks > summary")).await?;
    if let Some(more) = folded.first() {
        more.scroll_into_view().await?;
        more.click().await?;
    }
    press(d, "//li[contains(@class, 'task')][contains(., 'Stammdokument')]//button").await?;
    at(d, "/baseline").await?;
    settled(d, script).await?;
    let offered = see(d, ".offers ins").await?.text().await?;
    assert!(offered.contains("30 Tagen"), "{offered}");
    click(d, ".offers button[value=yes]").await?;
    tomfolio_e2e::gone(d, ".offers").await?;
    settled(d, script).await
}
