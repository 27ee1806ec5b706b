//! Mails: who is told what, nothing said, nobody told twice, and none lost when workers are killed.

use crate::services::mail_server;
use crate::world::{World, databases};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tomfolio_backend::jobs;
use tomfolio_domain::actor::Role;
use tomfolio_domain::measures::{MeasureService, Selection};
use tomfolio_domain::policy::Action;
use tomfolio_domain::users::SessionService;

/// All mails of a folder as text.
fn mails(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    files.map(|f| String::from_utf8_lossy(&std::fs::read(f.path()).unwrap()).into_owned()).collect()
}

fn head(mail: &str, name: &str) -> String {
    let line = mail.lines().find(|l| l.starts_with(&format!("{name}: "))).unwrap_or_default();
    line.trim_start_matches(&format!("{name}: ")).to_owned()
}

#[tokio::test]
async fn people_are_told_that_something_waits_once_and_never_what() {
    for database in databases() {
        let w = World::new(&database).await;
        let b = &w.backend;
        let folder = w.data.join("mail");
        let now = *w.now.lock().unwrap();
        // The review is due in nine days, the evidence ends in more than a year.
        crate::world::review(b, w.organisation, &w.people, w.document, now).await;
        crate::world::evidence(b, w.may(Role::Dpo, Action::EditEvidence), w.measure).await;
        b.speaks(w.actor(Role::Reviewer).user, "en").await.unwrap();
        assert_eq!(b.remind().await.unwrap(), 1);
        assert_eq!(b.remind().await.unwrap(), 0, "nobody is told twice");
        while jobs::run_one(b).await.unwrap() {}
        let told = mails(&folder);
        assert_eq!(told.len(), 1);
        assert_eq!(head(&told[0], "To"), "\"reviewer a\" <reviewer@a.example>");
        assert_eq!(head(&told[0], "Subject"), "A review is due soon", "in the person's language");
        assert!(told[0].contains("http://tom.example/reviews/rev_"), "{}", told[0]);
        for content in ["Besucher", "TOM Probe", "Zutritt", "Stand der Technik"] {
            assert!(!told[0].contains(content), "{content} leaves the house");
        }
        // Overdue: the reviewer again, and the DPO as well.
        w.advance(60 * 24 * 15);
        assert_eq!(b.remind().await.unwrap(), 2);
        // A release goes its way: each is told when it is their turn.
        let all = w.may(Role::Dpo, Action::ConfirmMeasures);
        b.confirm(all, w.document, Selection::All, "Leitung IT".into()).await.unwrap();
        let now = *w.now.lock().unwrap();
        crate::world::release(b, w.organisation, &w.people, w.document, now).await;
        while jobs::run_one(b).await.unwrap() {}
        let mut subjects: BTreeMap<String, usize> = BTreeMap::new();
        for mail in mails(&folder) {
            *subjects
                .entry(format!("{} {}", head(&mail, "To"), head(&mail, "Subject").len() > 5))
                .or_default() += 1;
        }
        let count =
            |who: &str| subjects.iter().filter(|(k, _)| k.contains(who)).map(|(_, n)| *n).sum::<usize>();
        assert_eq!((count("reviewer@"), count("dpo@"), count("approver@")), (2, 1, 1), "{subjects:?}");
        assert_eq!(b.remind().await.unwrap(), 0);
    }
}

/// Two workers on one outbox, killed ten times in all.
#[tokio::test]
async fn two_workers_ten_kills_and_no_reminder_is_lost() {
    for database in databases() {
        let folder = std::env::temp_dir().join(format!("tomfolio-mailbox-{}", uuid::Uuid::now_v7()));
        let Some(server) = mail_server(&folder) else { return };
        let w = World::new(&database).await;
        let b = &w.backend;
        // The workers' clock is the true one.
        *w.now.lock().unwrap() = jiff::Timestamp::now();
        for n in 0..199 {
            let (email, name) = (format!("d{n}@a.example"), format!("DSB {n}"));
            b.add_member(w.organisation, &email, &name, &[Role::Dpo]).await.unwrap();
        }
        let evidence = crate::world::evidence(b, w.may(Role::Dpo, Action::EditEvidence), w.measure).await;
        // It ends within two months from a day that the reminder is asked for.
        let true_now = *w.now.lock().unwrap();
        *w.now.lock().unwrap() = "2027-12-01T09:00:00Z".parse().unwrap();
        assert_eq!(b.remind().await.unwrap(), 200, "{evidence}");
        *w.now.lock().unwrap() = true_now;
        // The jobs were asked for in the future; the workers live now.
        crate::world::due_now(&w).await;
        let url = w.database.clone();
        let start = || -> Child {
            Command::new(env!("CARGO_BIN_EXE_tomfolio"))
                .args(["worker", "--data"])
                .arg(&w.data)
                .env_remove("TOMFOLIO_TEST_POSTGRES")
                .env("TOMFOLIO_DATABASE_URL", &url)
                .env("TOMFOLIO_PUBLIC_URL", "http://tom.example")
                .env("TOMFOLIO_MAIL_FROM", "Tomfolio <tom@tom.example>")
                .env("TOMFOLIO_SMTP_URL", format!("smtp://127.0.0.1:{}", server.port))
                .stderr(Stdio::null())
                .spawn()
                .unwrap()
        };
        let mut workers = [start(), start()];
        for kill in 0..10 {
            tokio::time::sleep(Duration::from_millis(250)).await;
            let victim = &mut workers[kill % 2];
            victim.kill().unwrap();
            victim.wait().unwrap();
            *victim = start();
        }
        let began = Instant::now();
        while crate::world::unsent(&w).await > 0 && began.elapsed() < Duration::from_secs(120) {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        for mut worker in workers {
            worker.kill().unwrap();
            worker.wait().unwrap();
        }
        let all = mails(&folder.join("new"));
        let mut by_id: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for mail in &all {
            by_id.entry(head(mail, "Message-ID")).or_default().push(head(mail, "To"));
        }
        assert_eq!(by_id.len(), 200, "none is missing: {} came", all.len());
        for (id, to) in &by_id {
            assert!(to.iter().all(|t| t == &to[0]), "{id} went to different people");
        }
        let mut to: Vec<&String> = by_id.values().map(|t| &t[0]).collect();
        to.sort();
        to.dedup();
        assert_eq!(to.len(), 200, "nobody got two different mails");
        println!("200 reminders, 10 kills: {} mails, {} of them twice", all.len(), all.len() - 200);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
