//! The whole job on each seed, in German, with script and without: import, edit, conflict, retire, add, prove; the yearly
//! review; release with four eyes; the customer's link and the check of the file. Then what the administration does.

mod steps;
mod workbench;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use thirtyfour::prelude::*;
use tomfolio_e2e::{
    Driver, Portal, at, binary, click, documents, fill, find, gone, press, see, settled, vanished,
};

/// Keeps what the progress line says.
const WATCH: &str = "new MutationObserver(() => { const t = document.querySelector('.uploading [role=status]'); if (t && t.textContent) sessionStorage.setItem('progress', t.textContent); }).observe(document.body, {subtree: true, childList: true, characterData: true});";

const PASSWORD: &str = "ein langer Satz als Kennwort";

async fn enter(p: &Portal, d: &WebDriver, role: &str) -> WebDriverResult<()> {
    d.goto(p.sign_in[role].as_str().unwrap()).await?;
    fill(d, "#password", PASSWORD).await?;
    click(d, "main button.primary").await?;
    see(d, "aside.side").await?;
    Ok(())
}

fn exit_code(file: &Path, trust: &Path) -> i32 {
    Command::new(binary()).arg("verify").arg(file).arg("--trust").arg(trust).status().unwrap().code().unwrap()
}

/// An old document comes in, is edited, met by a conflict, proved; returns its address.
async fn write(p: &Portal, d: &WebDriver, source: &Path, script: bool) -> WebDriverResult<String> {
    let d = d.clone();
    // Import: source, tree and repairs are shown before anything is stored.
    d.goto(format!("{}/documents/import", p.url)).await?;
    see(&d, "#file").await?.send_keys(source.to_str().unwrap()).await?;
    click(&d, "form.card button.primary").await?;
    at(&d, "/imports/imp_").await?;
    settled(&d, script).await?;
    assert!(!d.find_all(By::Css(".repairs li")).await?.is_empty(), "repairs are listed");
    workbench::mend(&d, script).await?;
    click(&d, "#repairs .pane button").await?;
    gone(&d, ".repairs li.open").await?;
    settled(&d, script).await?;
    click(&d, "header form:last-child button.primary").await?;
    let document = at(&d, "/documents/doc_").await?;
    settled(&d, script).await?;
    see(&d, "a.measure").await?;
    let measures = d.find_all(By::Css("a.measure")).await?.len();
    assert!(measures >= 5, "{measures} measures came in");
    fill(&d, "#owner-all", "Leitung IT").await?;
    click(&d, "#release button").await?;
    gone(&d, "#owner-all").await?;
    // Edit one; a second window is faster on the same measure.
    let first = see(&d, "a.measure").await?.attr("href").await?.unwrap();
    let first = format!("{}{first}", p.url);
    d.goto(&first).await?;
    settled(&d, script).await?;
    if script {
        // What was typed for one measure never stands under the next.
        fill(&d, "textarea#text", "Das gehört nur hierher.").await?;
        see(&d, "header .actions a:last-child").await?.click().await?;
        let here = d.current_url().await?.to_string();
        for _ in 0..100 {
            let field = see(&d, "input[name=id]").await?.value().await?.unwrap_or_default();
            if here.ends_with(&field) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let other = see(&d, "textarea#text").await?.value().await?.unwrap_or_default();
        assert!(!other.contains("nur hierher"), "{other}");
        // And it is not lost, however fast one moves on.
        tokio::time::sleep(Duration::from_millis(500)).await;
        d.goto(&first).await?;
        settled(&d, script).await?;
        let kept = see(&d, "textarea#text").await?.value().await?.unwrap_or_default();
        assert!(kept.contains("nur hierher"), "{kept}");
        click(&d, "button[form=discard]").await?;
        tokio::time::sleep(Duration::from_millis(500)).await;
        d.goto(&first).await?;
        settled(&d, script).await?;
        let text = see(&d, "textarea#text").await?.value().await?.unwrap_or_default();
        assert!(!text.contains("nur hierher"), "{text}");
    }
    let one = d.window().await?;
    let two = d.new_tab().await?;
    d.switch_to_window(two.clone()).await?;
    d.goto(&first).await?;
    settled(&d, script).await?;
    fill(&d, "textarea#text", "Die Türen sind **immer** verschlossen.").await?;
    fill(&d, "#reason", "Begehung").await?;
    click(&d, "button[name=save]").await?;
    see(&d, ".history li:nth-child(3)").await?;
    d.close_window().await?;
    d.switch_to_window(one).await?;
    fill(&d, "textarea#text", "Die Türen sind verschlossen und alarmgesichert.").await?;
    fill(&d, "#reason", "Alarmanlage").await?;
    click(&d, "button[name=save]").await?;
    let conflict = see(&d, "#conflict").await?.text().await?;
    assert!(
        conflict.contains("immer") && conflict.contains("alarmgesichert"),
        "both texts are shown: {conflict}"
    );
    settled(&d, script).await?;
    let reason = see(&d, "#reason").await?.value().await?;
    assert_eq!(reason.as_deref(), Some("Alarmanlage"), "a conflict keeps the whole form");
    click(&d, "button[name=save]").await?;
    see(&d, ".history li:nth-child(4)").await?;
    // Retire one and add one.
    d.goto(&document).await?;
    settled(&d, script).await?;
    let second = d.find_all(By::Css("a.measure")).await?[1].attr("href").await?.unwrap();
    d.goto(format!("{}{second}", p.url)).await?;
    settled(&d, script).await?;
    click(&d, "details.more summary").await?;
    fill(&d, "#retire-reason", "Ersetzt durch eine neue Maßnahme").await?;
    click(&d, "details.more button.danger").await?;
    see(&d, ".history li:nth-child(3)").await?;
    d.goto(&document).await?;
    settled(&d, script).await?;
    assert_eq!(d.find_all(By::Css("a.measure")).await?.len(), measures - 1);
    let add = see(&d, ".goal-part a.add, .part a.add").await?.attr("href").await?.unwrap();
    d.goto(format!("{}{add}", p.url)).await?;
    settled(&d, script).await?;
    fill(&d, "#label", "Empfang").await?;
    fill(&d, "textarea#text", "Der Empfang ist während der Geschäftszeiten besetzt.").await?;
    click(&d, "form.card button.primary").await?;
    at(&d, "/measures/mea_").await?;
    // Prove it: a PDF as evidence, its progress seen where there is a script.
    let measure = see(&d, "#evidence a.button").await?.attr("href").await?.unwrap();
    d.goto(format!("{}{measure}", p.url)).await?;
    settled(&d, script).await?;
    let report =
        std::env::temp_dir().join(format!("tomfolio-report-{}.pdf", p.url.rsplit(':').next().unwrap()));
    let bytes = [b"%PDF-1.7 ".as_slice(), &vec![b'x'; 40_000_000]].concat();
    std::fs::write(&report, bytes).unwrap();
    for (field, text) in
        [("#title", "Begehung"), ("#proves", "Der Empfang war besetzt."), ("#issuer", "Leitung IT")]
    {
        fill(&d, field, text).await?;
    }
    fill(&d, "#undated_reason", "Die Begehung wird jährlich wiederholt.").await?;
    see(&d, "#file").await?.send_keys(report.to_str().unwrap()).await?;
    if script {
        // A tenth of a second is enough for a bar that moves; it is gone with the page when all is there.
        d.execute(WATCH, vec![]).await?;
    }
    click(&d, "form.card button.primary").await?;
    at(&d, "/measures/mea_").await?;
    settled(&d, script).await?;
    if script {
        let seen = d.execute("return sessionStorage.getItem('progress')", vec![]).await?;
        assert!(
            seen.json().as_str().is_some_and(|s| s.contains('%')),
            "no progress was shown: {:?}",
            seen.json()
        );
    }
    let proofs = see(&d, "#evidence").await?.text().await?;
    assert!(
        proofs.contains("Begehung") && (proofs.contains("ohne Ende") || proofs.contains("without end")),
        "{proofs}"
    );
    let _ = std::fs::remove_file(&report);
    Ok(document)
}

/// Tab until the element that has the keys is the one that is wanted.
async fn tab_to(d: &WebDriver, css: &str) -> WebDriverResult<()> {
    for _ in 0..900 {
        let at = format!("return document.activeElement && document.activeElement.matches({css:?})");
        if d.execute(at, vec![]).await?.json() == &serde_json::json!(true) {
            return Ok(());
        }
        d.action_chain().send_keys(Key::Tab.value().to_string()).perform().await?;
    }
    panic!("no key leads to {css}");
}

/// Two measures get another owner, with the keyboard only.
async fn several_by_keyboard(d: &WebDriver, document: &str) -> WebDriverResult<()> {
    d.goto(document).await?;
    settled(d, true).await?;
    tab_to(d, ".tick").await?;
    d.action_chain().send_keys(" ").perform().await?;
    tab_to(d, ".tick:not(:checked)").await?;
    d.action_chain().send_keys(" ").perform().await?;
    tab_to(d, "#bulk input[name=owner]").await?;
    d.action_chain().send_keys("Haustechnik").perform().await?;
    d.action_chain().send_keys(Key::Enter.value().to_string()).perform().await?;
    find(d, "//span[contains(@class, 'owner') and contains(., 'Haustechnik')]").await?;
    settled(d, true).await?;
    let owners =
        d.find_all(By::XPath("//span[contains(@class, 'owner') and contains(., 'Haustechnik')]")).await?;
    assert_eq!(owners.len(), 2, "both changed, and no other");
    Ok(())
}

/// Saves the measure that is shown, and waits for the new step of its history.
async fn save(d: &WebDriver) -> WebDriverResult<()> {
    let steps = d.find_all(By::Css(".history ol > li")).await?.len();
    click(d, "button[name=save]").await?;
    see(d, &format!(".history ol > li:nth-child({})", steps + 1)).await?;
    Ok(())
}

/// What the browser says while somebody types is what the server says of the same text: the same rules, the same places.
async fn live_hints(p: &Portal, d: &WebDriver, document: &str) -> WebDriverResult<()> {
    const TEXT: &str = "Die Systeme sind jederzeit verfügbar. Passwörter haben mindestens 6 Zeichen und werden alle 90 Tage geändert. Übertragen wird per SSL; die Techniker sind nach § 88 TKG verpflichtet.";
    d.goto(document).await?;
    settled(d, true).await?;
    let path = see(d, "a.measure").await?.attr("href").await?.unwrap();
    d.goto(format!("{}{path}", p.url)).await?;
    settled(d, true).await?;
    let before = see(d, "textarea#text").await?.value().await?.unwrap_or_default();
    fill(d, "textarea#text", TEXT).await?;
    for rule in ["s05", "t02", "t03", "t04", "l02"] {
        see(d, &format!("#live-hints [data-rule={rule}]")).await?;
    }
    let marks = "return [...document.querySelectorAll('#live-hints li')].map(l => l.dataset.mark)";
    let typed: Vec<String> = serde_json::from_value(d.execute(marks, vec![]).await?.json().clone()).unwrap();
    save(d).await?;
    let cookie = d.get_named_cookie("tom").await?.value;
    let page = String::from_utf8(p.download(&path, &cookie)).unwrap();
    let list = page.split("id=\"live-hints\"").nth(1).unwrap().split("</ul>").next().unwrap();
    let served: Vec<&str> = list.split("data-mark=\"").skip(1).filter_map(|m| m.split('"').next()).collect();
    assert_eq!(typed, served, "browser and server agree");
    // Undone: the step from before comes back.
    d.goto(format!("{}{path}", p.url)).await?;
    settled(d, true).await?;
    click(d, ".history li:nth-child(2) form button").await?;
    for _ in 0..100 {
        // The form is made anew meanwhile: what was found may be gone when it is asked.
        let field = see(d, "textarea#text").await?;
        if field.value().await.ok().flatten().as_deref() == Some(before.as_str()) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the text from before did not come back")
}

/// The desk: hints are dismissed with a reason, five promises are confirmed, the document is seen through another catalogue.
async fn desk(p: &Portal, d: &WebDriver, document: &str, script: bool) -> WebDriverResult<()> {
    let errors = format!("{document}/hints?severity=error");
    d.goto(&errors).await?;
    settled(d, script).await?;
    let mut left = d.find_all(By::Css(".hint-group .hint-dismiss")).await?.len();
    assert!(left > 0, "the old document has errors");
    if script {
        // A reason that says nothing is refused, and it stays where it was typed.
        d.execute("document.querySelector('.hint-dismiss input').removeAttribute('minlength')", vec![])
            .await?;
        fill(d, ".hint-dismiss input", "passt").await?;
        click(d, ".hint-dismiss button").await?;
        see(d, "p.alert").await?;
        assert_eq!(see(d, ".hint-dismiss input").await?.prop("value").await?.as_deref(), Some("passt"));
    }
    while left > 0 {
        d.goto(&errors).await?;
        settled(d, script).await?;
        fill(d, ".hint-dismiss input", "Der alte Text gilt bis zur nächsten Prüfung im März.").await?;
        click(d, ".hint-dismiss button").await?;
        // The answer leads to all hints, without the filter.
        for _ in 0..200 {
            if !d.current_url().await?.as_str().contains("severity") {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        d.goto(&errors).await?;
        settled(d, script).await?;
        let now = d.find_all(By::Css(".hint-group .hint-dismiss")).await?.len();
        assert!(now < left, "{now} of {left} are left");
        left = now;
    }
    if script {
        live_hints(p, d, document).await?;
        several_by_keyboard(d, document).await?;
    }
    // Five promises become duties with a day.
    d.goto(format!("{document}/promises")).await?;
    settled(d, script).await?;
    let all = d.find_all(By::Css("#open input[type=checkbox]")).await?;
    let five = all.len().min(5);
    for (i, tick) in all.iter().enumerate() {
        if tick.is_selected().await? != (i < five) {
            tick.click().await?;
        }
    }
    click(d, "#open button.primary").await?;
    see(d, "#confirmed .promise-due .mark").await?;
    settled(d, script).await?;
    let confirmed = d.find_all(By::Css("#confirmed .promise-due .mark")).await?.len();
    assert_eq!(confirmed, five, "promises are confirmed");
    // The same measures through the other catalogue, and what is uncovered there.
    let measures = async || -> WebDriverResult<usize> {
        d.goto(document).await?;
        settled(d, script).await?;
        Ok(d.find_all(By::Css("a.measure")).await?.len())
    };
    let before = measures().await?;
    d.goto(format!("{document}/coverage")).await?;
    settled(d, script).await?;
    click(d, "#scc-2021-915-iii summary").await?;
    let gaps = d.find_all(By::Css("#scc-2021-915-iii tr.gap")).await?.len();
    assert!(gaps > 0, "no old document covers everything");
    for layout in ["de-abcd", "de-art32-9", ""] {
        d.goto(format!("{document}/coverage")).await?;
        settled(d, script).await?;
        d.find(By::Css(format!("#layout option[value='{layout}']"))).await?.click().await?;
        click(d, "#layout button.primary").await?;
        at(d, "/documents/doc_").await?;
        assert_eq!(measures().await?, before, "no measure is lost by laying out: {layout}");
    }
    Ok(())
}

/// Keys that somebody presses; Ctrl+Enter counts as two.
struct Keys<'a> {
    d: &'a WebDriver,
    pressed: usize,
}

impl Keys<'_> {
    async fn press(&mut self, keys: &str) -> WebDriverResult<()> {
        self.pressed += keys.chars().count();
        self.d.action_chain().send_keys(keys).perform().await
    }

    async fn send(&mut self) -> WebDriverResult<()> {
        self.pressed += 2;
        let chain = self.d.action_chain().key_down(Key::Control).send_keys(Key::Enter.value().to_string());
        chain.key_up(Key::Control).perform().await
    }
}

/// The measure that the form is for, once it is the one that the address names.
async fn on_measure(d: &WebDriver, after: &str) -> WebDriverResult<Option<String>> {
    for _ in 0..400 {
        let url = d.current_url().await?.to_string();
        if !url.contains("/measures/") {
            return Ok(None);
        }
        if let Some(field) = d.find_all(By::Css("#judge input[name=measure]")).await?.first()
            && let Ok(Some(id)) = field.value().await
            && url.ends_with(&id)
            && id != after
        {
            return Ok(Some(id));
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let shown = d.find(By::Css("section.judge")).await?.text().await?;
    let filled = "return JSON.stringify([...new FormData(document.querySelector('#judge'))])";
    let filled = d.execute(filled, vec![]).await?.json().to_string();
    panic!("the next measure never came after {after}: {}\n{shown}\n{filled}", d.current_url().await?)
}

/// Plans the yearly review, carries it out with one finding, has it approved; returns how many measures were judged, and the
/// most keys that one without a finding took.
async fn review(
    p: &Portal,
    driver: &Driver,
    dpo: &WebDriver,
    document: &str,
    script: bool,
) -> WebDriverResult<(usize, usize)> {
    let id = document.rsplit('/').next().unwrap();
    let form = format!("form:has(input[value='{id}'])");
    dpo.goto(format!("{}/reviews", p.url)).await?;
    settled(dpo, script).await?;
    let reviewer =
        format!("//form[.//input[@value='{id}']]//select[@name='reviewer']/option[contains(., 'Petra')]");
    dpo.find(By::XPath(reviewer)).await?.click().await?;
    click(dpo, &format!("{form} button.primary")).await?;
    let page = at(dpo, "/reviews/rev_").await?;
    let d = driver.browser(script, false).await?;
    enter(p, &d, "reviewer").await?;
    d.goto(&page).await?;
    settled(&d, script).await?;
    fill(&d, "#criteria", "Risiko normal, Stand der Technik zum 1. November 2026").await?;
    click(&d, "#start button.primary").await?;
    at(&d, "/measures/mea_").await?;
    settled(&d, script).await?;
    let (mut judged, mut most, mut last) = (0, 0, String::new());
    while let Some(measure) = on_measure(&d, &last).await? {
        if script {
            let mut keys = Keys { d: &d, pressed: 0 };
            // A sample of 2 of 9, adequate, effective. The first one does not work.
            keys.press("s2").await?;
            keys.press(&Key::Enter.value().to_string()).await?;
            keys.press("9").await?;
            // Past "of what", which may stay empty.
            keys.press(&Key::Enter.value().to_string()).await?;
            keys.press(&Key::Enter.value().to_string()).await?;
            if judged == 0 {
                keys.press("18cDie Tür stand offen.").await?;
                keys.press(&Key::Escape.value().to_string()).await?;
                keys.send().await?;
                still_typed(&d).await?;
                keys.press("f").await?;
                d.find(By::Css("#grade option[value=minor]")).await?.click().await?;
                fill(&d, "input[name='finding[text]']", "Eine Tür stand offen").await?;
            } else {
                keys.press("16").await?;
                most = most.max(keys.pressed + 2);
            }
            keys.send().await?;
        } else {
            click(&d, "label:has([value=sample])").await?;
            fill(&d, "#drawn", "2").await?;
            fill(&d, "#population", "9").await?;
            click(&d, "label:has([value=adequate])").await?;
            if judged == 0 {
                click(&d, "label:has([value=ineffective])").await?;
                fill(&d, "#comment", "Die Tür stand offen.").await?;
                click(&d, "#judge button.primary").await?;
                still_typed(&d).await?;
                click(&d, "details.finding summary").await?;
                d.find(By::Css("#grade option[value=minor]")).await?.click().await?;
                fill(&d, "input[name='finding[text]']", "Eine Tür stand offen").await?;
            } else {
                click(&d, "label:has([value=effective])").await?;
            }
            click(&d, "#judge button.primary").await?;
        }
        judged += 1;
        last = measure;
    }
    settled(&d, script).await?;
    fill(&d, "#summary", "Die Maßnahmen wirken.").await?;
    click(&d, "#submit button.primary").await?;
    gone(&d, "#submit").await?;
    d.goto(&page).await?;
    settled(&d, script).await?;
    assert!(d.find_all(By::Css("#approve")).await?.is_empty(), "the reviewer does not approve");
    d.quit().await?;
    dpo.goto(&page).await?;
    settled(dpo, script).await?;
    click(dpo, "#approve button.primary").await?;
    made(dpo, &page, "#report[data-stage=done] a.primary", script).await?;
    sealed(p, dpo, &format!("{}/pdf", page.trim_start_matches(&p.url)), &format!("review-{script}")).await?;
    Ok((judged, most))
}

/// What does not work needs a finding: without one it is refused, and nothing that was typed is lost.
async fn still_typed(d: &WebDriver) -> WebDriverResult<()> {
    see(d, ".judge .alert").await?;
    assert_eq!(see(d, "#comment").await?.prop("value").await?.as_deref(), Some("Die Tür stand offen."));
    assert_eq!(see(d, "#drawn").await?.prop("value").await?.as_deref(), Some("2"));
    assert!(see(d, "#judge [value=ineffective]").await?.is_selected().await?);
    Ok(())
}

/// Waits until a job has made its file.
async fn made(d: &WebDriver, page: &str, css: &str, script: bool) -> WebDriverResult<()> {
    for _ in 0..100 {
        if !d.find_all(By::Css(css)).await?.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        if !script {
            d.goto(page).await?;
        }
    }
    see(d, css).await?;
    Ok(())
}

/// Downloads a sealed file: unchanged and trusted, and not any more with one byte flipped.
async fn sealed(p: &Portal, d: &WebDriver, path: &str, name: &str) -> WebDriverResult<PathBuf> {
    let cookie = d.get_named_cookie("tom").await?.value;
    let dir =
        std::env::temp_dir().join(format!("tomfolio-journey-{}-{name}", p.url.rsplit(':').next().unwrap()));
    std::fs::create_dir_all(&dir).unwrap();
    let (pdf, pem, bad) = (dir.join("tom.pdf"), dir.join("siegel.pem"), dir.join("bad.pdf"));
    let mut bytes = p.download(path, &cookie);
    std::fs::write(&pdf, &bytes).unwrap();
    std::fs::write(&pem, p.download("/certificate.pem", &cookie)).unwrap();
    assert_eq!(exit_code(&pdf, &pem), 0);
    let signed = Command::new("pdfsig").arg(&pdf).output().unwrap();
    let signed = String::from_utf8_lossy(&signed.stdout).into_owned();
    assert!(signed.contains("Signature is Valid") && signed.contains("Total document signed"), "{signed}");
    bytes[2000] ^= 1;
    std::fs::write(&bad, bytes).unwrap();
    assert_eq!(exit_code(&bad, &pem), 3);
    Ok(dir)
}

/// Puts the draft forward, gives the opinion, has management approve and release it; returns the release's address.
async fn release(
    d: &WebDriver,
    management: &WebDriver,
    document: &str,
    script: bool,
) -> WebDriverResult<String> {
    d.goto(document).await?;
    settled(d, script).await?;
    click(d, "header button.primary").await?;
    let release = at(d, "/releases/rel_").await?;
    settled(d, script).await?;
    assert!(
        d.find_all(By::Css("#approve, #release")).await?.is_empty(),
        "the DPO neither approves nor releases"
    );
    management.goto(&release).await?;
    settled(management, script).await?;
    assert!(
        management.find_all(By::Css("#approve")).await?.is_empty(),
        "nothing is approved without an opinion"
    );
    click(d, "#opine label:has([value=agrees])").await?;
    click(d, "#opine button.primary").await?;
    see(d, "#sign-offs li.yes").await?;
    management.goto(&release).await?;
    settled(management, script).await?;
    fill(management, "#approve #password", PASSWORD).await?;
    click(management, "#approve button.primary").await?;
    see(management, "#release").await?;
    settled(management, script).await?;
    click(management, "#release button.primary").await?;
    made(management, &release, "#file[data-stage=done] a.primary", script).await?;
    Ok(release)
}

/// A customer with version 1 opens the link in a browser without a session, reads what changed since, downloads and checks.
async fn customer(p: &Portal, driver: &Driver, link: &str, script: bool) -> WebDriverResult<()> {
    let d = driver.browser(script, false).await?;
    d.goto(link).await?;
    let changes = see(&d, "#changes").await?.text().await?;
    assert!(changes.contains("Stahl"), "{changes}");
    let file = see(&d, "a[download]").await?.attr("href").await?.unwrap();
    let dir = std::env::temp_dir().join(format!("tomfolio-customer-{}", p.url.rsplit(':').next().unwrap()));
    std::fs::create_dir_all(&dir).unwrap();
    let (pdf, bad) = (dir.join("tom.pdf"), dir.join("bad.pdf"));
    let mut bytes = p.download(&file, "");
    std::fs::write(&pdf, &bytes).unwrap();
    bytes[2000] ^= 1;
    std::fs::write(&bad, bytes).unwrap();
    assert_eq!(Command::new(binary()).arg("verify").arg(&pdf).status().unwrap().code(), Some(0));
    for (file, verdict) in [(&pdf, "genuine"), (&bad, "changed")] {
        d.goto(format!("{}/echt", p.url)).await?;
        settled(&d, script).await?;
        see(&d, "#pdf").await?.send_keys(file.to_str().unwrap()).await?;
        if !script {
            click(&d, "#check button.primary").await?;
        }
        let Ok(shown) = see(&d, &format!("[data-verdict={verdict}]:not([hidden])")).await else {
            let page = d.find(By::Tag("body")).await?.text().await?;
            panic!("not {verdict} at {}: {page}", d.current_url().await?);
        };
        assert!(!shown.text().await?.is_empty());
        if verdict == "genuine" {
            let says = see(&d, "#answer").await?.text().await?;
            assert!(says.contains("Das ist Fassung 2; sie ist in Kraft."), "{says}");
        }
    }
    let _ = std::fs::remove_dir_all(&dir);
    d.quit().await
}

async fn journey(p: &Portal, driver: &Driver, source: &Path, script: bool) -> WebDriverResult<()> {
    let d = driver.browser(script, false).await?;
    enter(p, &d, "dpo").await?;
    let document = write(p, &d, source, script).await?;
    workbench::search(p, &d, "schlüssel", script).await?;
    steps::steps(p, &d, &document, script).await?;
    desk(p, &d, &document, script).await?;
    let (judged, most) = review(p, driver, &d, &document, script).await?;
    println!("{}: {judged} measures judged, at most {most} keys each", source.display());
    assert!(judged >= 5 && most <= 12, "{judged} measures, {most} keys");
    let management = driver.browser(script, false).await?;
    if script {
        enter(p, &management, "approver").await?;
    } else {
        management.goto(format!("{}/sign-in", p.url)).await?;
        fill(&management, "#email", "leitung@musterhaus.example").await?;
        fill(&management, "#password", PASSWORD).await?;
        click(&management, "main button.primary").await?;
        see(&management, "aside.side").await?;
    }
    let first = release(&d, &management, &document, script).await?;
    let path = format!("{}/pdf", first.trim_start_matches(&p.url));
    let dir = sealed(p, &management, &path, &format!("release-{script}")).await?;
    let _ = std::fs::remove_dir_all(&dir);
    // A customer gets a link and has this version; then a measure changes and the next version is released.
    let id = document.rsplit('/').next().unwrap();
    d.goto(format!("{}/customers", p.url)).await?;
    settled(&d, script).await?;
    d.find(By::Css(format!("#document option[value='{id}']"))).await?.click().await?;
    fill(&d, "#customer", "Gemeindewerke Beispieltal").await?;
    fill(&d, "#known", "1").await?;
    click(&d, "form:has(#customer) button.primary").await?;
    let link = see(&d, "#made a").await?.attr("href").await?.unwrap();
    d.goto(&document).await?;
    settled(&d, script).await?;
    let measure = see(&d, "a.measure").await?.attr("href").await?.unwrap();
    d.goto(format!("{}{measure}", p.url)).await?;
    settled(&d, script).await?;
    fill(&d, "textarea#text", "Die Türen sind aus Stahl und verschlossen.").await?;
    save(&d).await?;
    release(&d, &management, &document, script).await?;
    customer(p, driver, &link, script).await?;
    steps::baselines(p, &d, script).await?;
    management.quit().await?;
    d.quit().await
}

/// The whole job on one of the documents.
async fn whole(which: usize, script: bool) {
    let (driver, source) = (Driver::start(), documents()[which].canonicalize().unwrap());
    let portal = Portal::start(&format!("{which}-{script}"));
    if !script {
        // Without script management signs in by password: both ways in are walked.
        let d = driver.browser(false, false).await.unwrap();
        enter(&portal, &d, "approver").await.unwrap();
        d.quit().await.unwrap();
    }
    journey(&portal, &driver, &source, script).await.unwrap();
}

#[tokio::test]
async fn the_whole_job_on_the_first_document_with_script() {
    whole(0, true).await;
}

#[tokio::test]
async fn the_whole_job_on_the_first_document_without_script() {
    whole(0, false).await;
}

#[tokio::test]
async fn the_whole_job_on_the_second_document_with_script() {
    whole(1, true).await;
}

#[tokio::test]
async fn the_whole_job_on_the_second_document_without_script() {
    whole(1, false).await;
}

/// Whoever runs the place: invites somebody, gives roles, ends a session, makes a token, reads the log, takes somebody out.
async fn administration(script: bool) -> WebDriverResult<()> {
    let (driver, p) = (Driver::start(), Portal::start(&format!("admin-{script}")));
    let (d, nina) = (driver.browser(script, false).await?, driver.browser(script, false).await?);
    enter(&p, &d, "admin").await?;
    d.goto(format!("{}/members", p.url)).await?;
    settled(&d, script).await?;
    fill(&d, "#invite #name", "Nina Neu").await?;
    fill(&d, "#invite #email", "nina@muster.example").await?;
    click(&d, "#new-reviewer").await?;
    click(&d, "#invite button.primary").await?;
    let row = "//ul[@id='members']/li[contains(., 'Nina Neu')]";
    find(&d, &format!("{row}//span[contains(., 'eingeladen')]")).await?;
    // The mail brings her in.
    let mail = p.mail("/welcome/");
    let link = mail.split("/welcome/").nth(1).unwrap().split_whitespace().next().unwrap();
    nina.goto(format!("{}/welcome/{link}", p.url)).await?;
    fill(&nina, "#password", PASSWORD).await?;
    click(&nina, "main button.primary").await?;
    see(&nina, "#tasks").await?;
    // One more role; then her session is ended.
    d.goto(format!("{}/members", p.url)).await?;
    settled(&d, script).await?;
    press(&d, &format!("{row}//summary")).await?;
    press(&d, &format!("{row}//label[contains(., 'Bearbeitung')]//input")).await?;
    press(&d, &format!("{row}//button[contains(., 'Rollen speichern')]")).await?;
    find(&d, &format!("{row}//span[contains(., 'Bearbeitung')]")).await?;
    let ended = "//section[@id='sessions']//li[contains(., 'Nina Neu')]//button";
    press(&d, ended).await?;
    vanished(&d, By::XPath(ended)).await?;
    nina.goto(format!("{}/documents", p.url)).await?;
    at(&nina, "/sign-in").await?;
    // A token reads, until it is revoked.
    d.goto(format!("{}/tokens", p.url)).await?;
    settled(&d, script).await?;
    fill(&d, "#name", "Auswertung").await?;
    click(&d, ".right form button.primary").await?;
    let secret = see(&d, "#made code").await?.text().await?;
    let header = format!("Authorization: Bearer {secret}");
    let (status, body) = p.ask("/api/v1/documents", &header);
    assert!(status == 200 && String::from_utf8_lossy(&body).contains("doc_"), "{status}");
    settled(&d, script).await?;
    click(&d, ".rows li:first-child form button").await?;
    gone(&d, ".rows li:first-child form button").await?;
    assert_eq!(p.ask("/api/v1/documents", &header).0, 401);
    // She is taken out, and all of it stands in the log.
    d.goto(format!("{}/members", p.url)).await?;
    settled(&d, script).await?;
    press(&d, &format!("{row}//summary")).await?;
    press(&d, &format!("{row}//button[contains(., 'Aus der Organisation nehmen')]")).await?;
    vanished(&d, By::XPath(row)).await?;
    d.goto(format!("{}/audit?action=members%2Fmanage", p.url)).await?;
    let log = see(&d, "main").await?.text().await?;
    assert!(log.matches("Personen geändert").count() >= 4, "{log}");
    nina.quit().await?;
    d.quit().await
}

#[tokio::test]
async fn the_administration_with_script() {
    administration(true).await.unwrap();
}

#[tokio::test]
async fn the_administration_without_script() {
    administration(false).await.unwrap();
}
