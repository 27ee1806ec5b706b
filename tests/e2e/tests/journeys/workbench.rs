//! The import as a workbench, and search: three repairs are judged, two places moved, one change taken back; a measure is found by a
//! part of a word. The DPO's whole desk once more in English.

use crate::{desk, enter, write};
use std::time::Duration;
use thirtyfour::prelude::*;
use tomfolio_e2e::{Driver, Portal, at, click, documents, press, see, settled};

/// Waits until there are so many of something.
async fn count(d: &WebDriver, css: &str, wanted: usize) -> WebDriverResult<()> {
    for _ in 0..200 {
        if d.find_all(By::Css(css)).await?.len() == wanted {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let found = d.find_all(By::Css(css)).await?.len();
    panic!("{found} of {css}, {wanted} expected at {}", d.current_url().await?)
}

/// The first two leaves that stand beside each other, below the `from`th: their positions in the list.
async fn neighbours(d: &WebDriver, from: usize) -> WebDriverResult<(usize, usize)> {
    let mut classes = Vec::new();
    for row in d.find_all(By::Css(".becomes li")).await? {
        classes.push(row.attr("class").await?.unwrap_or_default());
    }
    let leaf = |i: usize| classes.get(i).filter(|c| c.contains("leaf")).map(|c| c.replace(" open", ""));
    let both = (from..classes.len()).find(|i| leaf(*i).is_some() && leaf(*i) == leaf(i + 1));
    let first = both.expect("two leaves side by side");
    Ok((first, first + 1))
}

/// Opens a place of the tree; gives its words.
async fn open(d: &WebDriver, row: usize, script: bool) -> WebDriverResult<String> {
    let link = &d.find_all(By::Css(".becomes li")).await?[row].find(By::Tag("a")).await?;
    let words = link.text().await?;
    link.scroll_into_view().await?;
    link.click().await?;
    at(d, "?at=").await?;
    see(d, "#hand blockquote").await?;
    settled(d, script).await?;
    Ok(words)
}

async fn act(d: &WebDriver, op: &str) -> WebDriverResult<()> {
    press(d, &format!("//section[@id='hand']//form[input[@name='op' and @value='{op}']]//button")).await
}

/// On an open import: three repairs one by one, two places moved, one change taken back.
pub async fn mend(d: &WebDriver, script: bool) -> WebDriverResult<()> {
    click(d, ".repairs li.open .actions form:nth-child(1) button").await?;
    count(d, ".repairs li.yes", 1).await?;
    settled(d, script).await?;
    click(d, ".repairs li.open .actions form:nth-child(2) button").await?;
    count(d, ".repairs li.no", 1).await?;
    settled(d, script).await?;
    click(d, ".repairs li.no .actions form button").await?;
    count(d, ".repairs li.yes", 2).await?;
    settled(d, script).await?;
    click(d, ".repairs li.open .actions form:nth-child(1) button").await?;
    count(d, ".repairs li.yes", 3).await?;
    settled(d, script).await?;
    let (first, second) = neighbours(d, 0).await?;
    let words = open(d, first, script).await?;
    act(d, "down").await?;
    count(d, "#made li", 1).await?;
    settled(d, script).await?;
    let below = d.find_all(By::Css(".becomes li")).await?[second].find(By::Tag("a")).await?.text().await?;
    assert_eq!(below, words, "the first stands below the second now");
    let (_, other) = neighbours(d, second + 1).await?;
    open(d, other, script).await?;
    act(d, "up").await?;
    count(d, "#made li", 2).await?;
    settled(d, script).await?;
    open(d, other, script).await?;
    act(d, "ignore").await?;
    count(d, "#made li", 3).await?;
    settled(d, script).await?;
    assert!(!d.find_all(By::Css("#not-taken .not-taken li")).await?.is_empty(), "what is left out is listed");
    click(d, "#made form button").await?;
    count(d, "#made li", 2).await?;
    settled(d, script).await
}

/// A measure is found by a part of one of its words; with script as it is typed.
pub async fn search(p: &Portal, d: &WebDriver, part: &str, script: bool) -> WebDriverResult<()> {
    d.goto(format!("{}/documents", p.url)).await?;
    settled(d, script).await?;
    see(d, "#side-q").await?.send_keys(format!("{part}\n")).await?;
    at(d, "/search?q=").await?;
    settled(d, script).await?;
    see(d, ".results mark").await?;
    let mut longer = None;
    for mark in d.find_all(By::Css(".results mark")).await? {
        let text = mark.text().await?.to_lowercase();
        longer = longer.or((text.contains(part) && text.len() > part.len()).then_some(text));
    }
    assert!(longer.is_some(), "a longer word that holds {part} is marked");
    if script {
        let field = see(d, "#q").await?;
        field.clear().await?;
        field.send_keys("qqxxqq").await?;
        see(d, ".card.empty").await?;
        field.clear().await?;
        field.send_keys(part).await?;
        see(d, ".results mark").await?;
    }
    click(d, ".results a[href^='/measures/']").await?;
    at(d, "/measures/mea_").await?;
    settled(d, script).await
}

/// The desk in English, on the document of four sections.
async fn english(script: bool) {
    let (driver, p) = (Driver::start(), Portal::start(&format!("english-{script}")));
    let d = driver.browser(script, false).await.unwrap();
    let all = async {
        enter(&p, &d, "dpo").await?;
        settled(&d, script).await?;
        click(&d, ".who form:last-child button").await?;
        see(&d, "html[lang=en]").await?;
        let document = write(&p, &d, &documents().last().unwrap().canonicalize().unwrap(), script).await?;
        search(&p, &d, "karten", script).await?;
        desk(&p, &d, &document, script).await?;
        see(&d, "html[lang=en]").await?;
        WebDriverResult::Ok(())
    };
    let done = all.await;
    let _ = d.quit().await;
    done.unwrap();
}

#[tokio::test]
async fn the_desk_in_english_with_script() {
    english(true).await;
}

#[tokio::test]
async fn the_desk_in_english_without_script() {
    english(false).await;
}
