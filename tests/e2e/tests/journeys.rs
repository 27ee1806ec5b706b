//! The main job on each seed, in German, with script and without: import, edit, conflict, retire, add, release, verify.

use std::path::Path;
use std::process::Command;
use std::time::Duration;
use thirtyfour::prelude::*;
use tomfolio_e2e::{Driver, Portal, at, binary, click, documents, fill, see, settled};

/// Keeps what the progress line says.
const WATCH: &str = "new MutationObserver(() => { const t = document.querySelector('.uploading [role=status]'); if (t && t.textContent) sessionStorage.setItem('progress', t.textContent); }).observe(document.body, {subtree: true, childList: true, characterData: true});";

const PASSWORD: &str = "ein langer Satz als Kennwort";

async fn enter(p: &Portal, d: &WebDriver, role: &str) -> WebDriverResult<()> {
    d.goto(p.sign_in[role].as_str().unwrap()).await?;
    fill(d, "#password", PASSWORD).await?;
    click(d, "main button.primary").await?;
    at(d, "/documents").await?;
    Ok(())
}

fn exit_code(file: &Path, trust: &Path) -> i32 {
    Command::new(binary()).arg("verify").arg(file).arg("--trust").arg(trust).status().unwrap().code().unwrap()
}

async fn journey(p: &Portal, driver: &Driver, source: &Path, script: bool) -> WebDriverResult<()> {
    let d = driver.browser(script, false).await?;
    enter(p, &d, "dpo").await?;
    // Import: source, tree and repairs are shown before anything is stored.
    d.goto(format!("{}/documents/import", p.url)).await?;
    see(&d, "#file").await?.send_keys(source.to_str().unwrap()).await?;
    click(&d, "form.card button.primary").await?;
    at(&d, "/imports/imp_").await?;
    settled(&d, script).await?;
    assert!(!d.find_all(By::Css(".repairs li")).await?.is_empty(), "repairs are listed");
    click(&d, "#repairs .pane button").await?;
    see(&d, ".repairs li.yes").await?;
    settled(&d, script).await?;
    click(&d, "header form:last-child button.primary").await?;
    let document = at(&d, "/documents/doc_").await?;
    settled(&d, script).await?;
    let measures = d.find_all(By::Css("a.measure")).await?.len();
    assert!(measures >= 5, "{measures} measures came in");
    fill(&d, "#owner-all", "Leitung IT").await?;
    click(&d, "#release button").await?;
    see(&d, "#release p.yes").await?;
    // Edit one; a second window is faster on the same measure.
    let first = see(&d, "a.measure").await?.attr("href").await?.unwrap();
    let first = format!("{}{first}", p.url);
    d.goto(&first).await?;
    settled(&d, script).await?;
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
    click(&d, "button[name=save]").await?;
    let conflict = see(&d, "#conflict").await?.text().await?;
    assert!(
        conflict.contains("immer") && conflict.contains("alarmgesichert"),
        "both texts are shown: {conflict}"
    );
    settled(&d, script).await?;
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
    let report = std::env::temp_dir().join(format!("tomfolio-report-{}-{script}.pdf", std::process::id()));
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
    assert!(proofs.contains("Begehung") && proofs.contains("ohne Ende"), "{proofs}");
    let _ = std::fs::remove_file(&report);
    // Ask for the release.
    d.goto(&document).await?;
    settled(&d, script).await?;
    click(&d, "header button.primary").await?;
    let release = at(&d, "/releases/rel_").await?;
    settled(&d, script).await?;
    assert!(see(&d, "#release").await?.text().await?.contains("Geschäftsleitung"), "the DPO cannot release");
    d.quit().await?;
    // Management releases, watches the job, downloads.
    let d = driver.browser(script, false).await?;
    if script {
        enter(p, &d, "approver").await?;
    } else {
        d.goto(format!("{}/sign-in", p.url)).await?;
        fill(&d, "#email", "leitung@musterhaus.example").await?;
        fill(&d, "#password", PASSWORD).await?;
        click(&d, "main button.primary").await?;
        at(&d, "/documents").await?;
    }
    d.goto(&release).await?;
    settled(&d, script).await?;
    fill(&d, "#release #password", PASSWORD).await?;
    click(&d, "#release button.primary").await?;
    for _ in 0..100 {
        if !d.find_all(By::Css("#file[data-stage=done]")).await?.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        if !script {
            d.goto(&release).await?;
        }
    }
    see(&d, "#file[data-stage=done] a.primary").await?;
    let cookie = d.get_named_cookie("tom").await?.value;
    let dir = std::env::temp_dir().join(format!("tomfolio-journey-{}-{script}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let (pdf, pem) = (dir.join("tom.pdf"), dir.join("siegel.pem"));
    let bytes = p.download(&format!("{}/pdf", release.trim_start_matches(&p.url)), &cookie);
    std::fs::write(&pdf, &bytes).unwrap();
    std::fs::write(&pem, p.download("/certificate.pem", &cookie)).unwrap();
    assert_eq!(exit_code(&pdf, &pem), 0);
    let signed = Command::new("pdfsig").arg(&pdf).output().unwrap();
    let signed = String::from_utf8_lossy(&signed.stdout).into_owned();
    assert!(signed.contains("Signature is Valid") && signed.contains("Total document signed"), "{signed}");
    let mut bad = bytes;
    bad[2000] ^= 1;
    std::fs::write(&pdf, bad).unwrap();
    assert_eq!(exit_code(&pdf, &pem), 3);
    let _ = std::fs::remove_dir_all(&dir);
    d.quit().await
}

#[tokio::test]
async fn the_main_job_with_script() {
    let driver = Driver::start();
    for (i, source) in documents().iter().enumerate() {
        let portal = Portal::start(&format!("js{i}"));
        journey(&portal, &driver, &source.canonicalize().unwrap(), true).await.unwrap();
    }
}

/// The second journey signs management in by password, so that both ways in are walked.
#[tokio::test]
async fn the_main_job_without_script() {
    let driver = Driver::start();
    for (i, source) in documents().iter().enumerate() {
        let portal = Portal::start(&format!("plain{i}"));
        let d = driver.browser(false, false).await.unwrap();
        enter(&portal, &d, "approver").await.unwrap();
        d.quit().await.unwrap();
        journey(&portal, &driver, &source.canonicalize().unwrap(), false).await.unwrap();
    }
}
