//! A release from draft to sealed file, and who may not.

use crate::services::TimeStamps;
use crate::world::{World, databases};
use axum::http::StatusCode;
use tomfolio_backend::adapters::seal::certificates_from_pem;
use tomfolio_backend::jobs;
use tomfolio_backend::usecases::fsck;
use tomfolio_domain::actor::Role;
use tomfolio_domain::documents::DocumentService;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::measures::{MeasureService, Selection};
use tomfolio_domain::policy::{self, Action};
use tomfolio_domain::releases::{Opinion, ReleaseService, ReleaseState, Stage, Statement};
use tomfolio_domain::shares::{NewShare, ShareService};
use tomfolio_verify::{Trusted, Verdict};

#[tokio::test]
async fn a_document_is_confirmed_released_sealed_and_superseded() {
    for database in databases() {
        let w = World::new(&database).await;
        let b = &w.backend;
        assert_eq!(
            b.prepare(w.may(Role::Dpo, Action::PrepareRelease), w.document).await,
            Err(DomainError::Blocked)
        );
        assert_eq!(
            b.confirm(
                w.may(Role::Dpo, Action::ConfirmMeasures),
                w.document,
                Selection::All,
                "Leitung IT".into()
            )
            .await,
            Ok(3)
        );
        let id = b.prepare(w.may(Role::Dpo, Action::PrepareRelease), w.document).await.unwrap();
        let sheet = ReleaseService::find(b, w.may(Role::Dpo, Action::ReadDocuments), id).await.unwrap();
        assert_eq!((sheet.row.state, sheet.own), (ReleaseState::InReview, true));
        let seen = sheet.row.snapshot_sha256.unwrap();
        // The DPO advises; the function says 403 whatever the password.
        let dpo = w.sign_in(Role::Dpo).await;
        let form = format!("id={id}&seen={seen}&password={}", crate::world::PASSWORD.replace(' ', "+"));
        for step in ["approve", "release", "withdraw"] {
            let path = format!("/api/releases/{step}");
            assert_eq!(w.post(&path, &dpo, &form).await.0, StatusCode::FORBIDDEN, "{step}");
        }
        assert_eq!(
            policy::permit(&w.actor(Role::Dpo), Action::Release, *w.now.lock().unwrap()).err(),
            Some(DomainError::Forbidden)
        );
        let management = w.sign_in(Role::Approver).await;
        let wrong = format!("id={id}&seen={seen}&password=falsch");
        assert_eq!(w.post("/api/releases/approve", &management, &wrong).await.0, StatusCode::FORBIDDEN);
        // Without an opinion nothing is approved, and what is not approved is not released.
        assert_eq!(w.post("/api/releases/approve", &management, &form).await.0, StatusCode::CONFLICT);
        assert_eq!(w.post("/api/releases/release", &management, &form).await.0, StatusCode::CONFLICT);
        let agrees = format!("{form}&opinion=agrees");
        assert_eq!(w.post("/api/releases/opine", &management, &agrees).await.0, StatusCode::FORBIDDEN);
        // An opinion is said, not guessed.
        for nothing in ["", "&opinion=", "&opinion=x"] {
            let said = w.post("/api/releases/opine", &dpo, &format!("id={id}&seen={seen}{nothing}")).await;
            assert_eq!(said.0, StatusCode::UNPROCESSABLE_ENTITY, "{nothing}");
        }
        let dissent = format!("id={id}&seen={seen}&opinion=dissents&note=");
        assert_eq!(w.post("/api/releases/opine", &dpo, &dissent).await.0, StatusCode::UNPROCESSABLE_ENTITY);
        let dissent = format!("{dissent}Die+Protokolle+werden+zu+kurz+aufbewahrt.");
        assert_eq!(w.post("/api/releases/opine", &dpo, &dissent).await.0, StatusCode::OK);
        assert_eq!(
            w.post("/api/releases/approve", &management, &form.replace(&seen, "0")).await.0,
            StatusCode::CONFLICT
        );
        assert_eq!(w.post("/api/releases/approve", &management, &form).await.0, StatusCode::OK);
        assert_eq!(w.post("/api/releases/release", &management, &form).await.0, StatusCode::OK);
        while jobs::run_one(b).await.unwrap() {}
        let row = ReleaseService::find(b, w.may(Role::Dpo, Action::ReadDocuments), id).await.unwrap().row;
        assert_eq!((row.state, row.stage), (ReleaseState::Released, Stage::Done));
        let file = b.pdf(w.may(Role::Reviewer, Action::ReadDocuments), id).await.unwrap();
        let trust =
            certificates_from_pem(&b.certificate(w.may(Role::Dpo, Action::ReadDocuments)).await.unwrap());
        let report = tomfolio_verify::verify(&file.bytes, &trust);
        assert_eq!((report.verdict, report.trusted), (Verdict::Unchanged, Trusted::Yes), "{}", report.reason);
        // The next draft lists its changes; releasing it supersedes the first.
        let may = || w.may(Role::Dpo, Action::EditMeasure);
        let retired = b.retire(may(), w.measure, 2, "Umzug".into()).await.unwrap();
        assert_eq!(retired, tomfolio_domain::measures::EditOutcome::Saved { revision: 3 });
        let next =
            DocumentService::find(b, w.may(Role::Dpo, Action::ReadDocuments), w.document).await.unwrap();
        assert_eq!((next.draft.number, next.released.as_ref().map(|r| r.number)), (2, Some(1)));
        let changes = ReleaseService::find(b, w.may(Role::Dpo, Action::ReadDocuments), next.draft.id)
            .await
            .unwrap()
            .changes;
        assert_eq!(changes.len(), 1);
        // From here on the organisation seals with a key of its own; the first file must still hold.
        w.advance(1);
        b.take_seal_key(w.organisation, &crate::world::pkcs12(&w.data), "geheim").await.unwrap();
        let now = *w.now.lock().unwrap();
        crate::world::release(b, w.organisation, &w.people, w.document, now).await;
        while jobs::run_one(b).await.unwrap() {}
        let states: Vec<_> = ReleaseService::list(b, w.may(Role::Dpo, Action::ReadDocuments))
            .await
            .unwrap()
            .iter()
            .map(|r| (r.number, r.state))
            .collect();
        assert_eq!(
            states,
            [(3, ReleaseState::Draft), (2, ReleaseState::Released), (1, ReleaseState::Superseded)]
        );
        assert_eq!(fsck::fsck(b).await.unwrap().problems, []);
        // Whoever checks the first file learns that it is genuine and out of date.
        let key = report.fingerprint.unwrap();
        let asked = w.get(&format!("/echt/known?key={key}&file={}", report.sha256), "").await;
        assert!(asked.0 == StatusCode::GONE && asked.2.contains("inzwischen gilt Fassung 2"), "{}", asked.2);
        // A flipped byte on disk is found.
        let blob = std::fs::read_dir(w.data.join("blobs").join(w.organisation.to_string()))
            .unwrap()
            .flatten()
            .next()
            .unwrap()
            .path();
        let mut bytes = std::fs::read(&blob).unwrap();
        bytes[1000] ^= 1;
        std::fs::write(&blob, bytes).unwrap();
        assert_eq!(fsck::fsck(b).await.unwrap().problems.len(), 1);
    }
}

#[tokio::test]
async fn four_eyes_see_the_same_content_and_a_later_change_makes_their_sign_offs_void() {
    for database in databases() {
        let w = World::new(&database).await;
        let b = &w.backend;
        let all = w.may(Role::Dpo, Action::ConfirmMeasures);
        b.confirm(all, w.document, Selection::All, "Leitung IT".into()).await.unwrap();
        let id = b.prepare(w.may(Role::Dpo, Action::PrepareRelease), w.document).await.unwrap();
        let read = || w.may(Role::Dpo, Action::ReadDocuments);
        let seen = ReleaseService::find(b, read(), id).await.unwrap().row.snapshot_sha256.unwrap();
        let says = |agrees, note: &str| Opinion { seen: seen.clone(), agrees, note: note.into() };
        let opine = || w.may(Role::Dpo, Action::Opine);
        b.opine(opine(), id, says(false, "Die Protokolle werden zu kurz aufbewahrt.")).await.unwrap();
        w.advance(1);
        b.opine(opine(), id, says(true, "")).await.unwrap();
        w.advance(1);
        let approve = || w.may(Role::Approver, Action::Approve);
        ReleaseService::approve(b, approve(), id, seen.clone()).await.unwrap();
        let signed = ReleaseService::find(b, read(), id).await.unwrap().sign_offs;
        let told: Vec<_> = signed.iter().map(|s| (s.statement, s.voided_at.is_some())).collect();
        let want = [(Statement::Dissents, true), (Statement::Agrees, false), (Statement::Approved, false)];
        assert_eq!(told, want, "the newer opinion takes the place of the one before");
        assert!(signed.iter().all(|s| s.sha256 == seen), "each says what it was given on");
        // A measure changes after the approval: back to draft, nothing signed holds, nothing can be released.
        w.advance(1);
        let retire = w.may(Role::Dpo, Action::EditMeasure);
        b.retire(retire, w.measure, 2, "Umzug".into()).await.unwrap();
        let sheet = ReleaseService::find(b, read(), id).await.unwrap();
        assert_eq!(sheet.row.state, ReleaseState::Draft);
        assert!(sheet.sign_offs.iter().all(|s| s.voided_at.is_some()), "{:?}", sheet.sign_offs);
        let release = || w.may(Role::Approver, Action::Release);
        assert_eq!(b.release(release(), id).await, Err(DomainError::WrongState));
        // Who puts it forward does not approve it, whatever the role.
        let (org, people, now) = (w.organisation, w.people.clone(), *w.now.lock().unwrap());
        let id = crate::world::release(b, org, &people, w.document, now).await;
        let both = tomfolio_domain::actor::Actor {
            user: w.actor(Role::Approver).user,
            roles: vec![Role::Dpo],
            ..w.actor(Role::Dpo)
        };
        w.advance(1);
        let now = *w.now.lock().unwrap();
        let may = |action| policy::permit(&both, action, now).unwrap();
        let change = DocumentService::find(b, read(), w.document).await.unwrap();
        let left = tomfolio_domain::documents::measures(&change.nodes)[0].measure.clone().unwrap();
        b.retire(w.may(Role::Dpo, Action::EditMeasure), left.id, left.revision, "Umzug".into())
            .await
            .unwrap();
        let next = b.prepare(may(Action::PrepareRelease), w.document).await.unwrap();
        let seen = ReleaseService::find(b, read(), next).await.unwrap().row.snapshot_sha256.unwrap();
        b.opine(opine(), next, Opinion { seen: seen.clone(), agrees: true, note: String::new() })
            .await
            .unwrap();
        assert_eq!(ReleaseService::approve(b, approve(), next, seen).await, Err(DomainError::SamePerson));
        // A release that was taken back is in force for nobody, and customers are told.
        let until = jiff::civil::date(2027, 1, 31);
        let share =
            NewShare { document: w.document, customer: "K".into(), contract: String::new(), known: 0, until };
        let absurd = NewShare { known: 99, ..share.clone() };
        let dpo = || w.may(Role::Dpo, Action::Share);
        assert_eq!(ShareService::create(b, dpo(), absurd).await, Err(DomainError::invalid("known")));
        let token = ShareService::create(b, dpo(), share).await.unwrap();
        let withdraw = || w.may(Role::Approver, Action::Withdraw);
        let short = b.withdraw(withdraw(), id, "Fehler".into()).await;
        assert_eq!(short, Err(DomainError::ReasonTooShort));
        b.withdraw(withdraw(), id, "Ein Rechenzentrum ist falsch benannt.".into()).await.unwrap();
        let sheet = ReleaseService::find(b, read(), id).await.unwrap();
        assert_eq!(sheet.row.state, ReleaseState::Withdrawn);
        let doc = DocumentService::find(b, read(), w.document).await.unwrap();
        assert_eq!((doc.released, doc.withdrawn), (None, Some(1)), "withdrawn is not the same as never");
        let next = ReleaseService::find(b, read(), next).await.unwrap();
        assert_eq!(next.previous, Some(1), "what comes next is still compared with what customers had");
        let gone = w.get(&format!("/s/{token}"), "").await;
        assert_eq!(gone.0, StatusCode::GONE);
        assert!(gone.2.contains("zurückgezogen"), "{}", gone.2);
        while jobs::run_one(b).await.unwrap() {}
        assert_eq!(fsck::fsck(b).await.unwrap().problems, []);
    }
}

#[tokio::test]
async fn a_seal_waits_for_its_time_stamp_and_carries_it() {
    for database in databases() {
        let folder = std::env::temp_dir().join(format!("tomfolio-tsa-{}", uuid::Uuid::now_v7()));
        let authority = TimeStamps::start(&folder).await;
        authority.up.store(false, std::sync::atomic::Ordering::SeqCst);
        let w = World::with(&database, |c| {
            c.timestamp_url = authority.url.clone();
            c.timestamp_trust_file = authority.trust.display().to_string();
        })
        .await;
        let b = &w.backend;
        // The authority's clock is the true one.
        *w.now.lock().unwrap() = jiff::Timestamp::now();
        let all = w.may(Role::Dpo, Action::ConfirmMeasures);
        b.confirm(all, w.document, Selection::All, "Leitung IT".into()).await.unwrap();
        let now = *w.now.lock().unwrap();
        let id = crate::world::release(b, w.organisation, &w.people, w.document, now).await;
        while jobs::run_one(b).await.unwrap() {}
        let read = || w.may(Role::Dpo, Action::ReadDocuments);
        let row = ReleaseService::find(b, read(), id).await.unwrap().row;
        assert_eq!((row.stage, row.pdf_sha256, row.stamped), (Stage::Stamping, None, None));
        let dpo = w.sign_in(Role::Dpo).await;
        assert!(w.get(&format!("/releases/{id}"), &dpo).await.2.contains("Zeitstempel ausstehend"));
        assert_eq!(w.get(&format!("/releases/{id}/pdf"), &dpo).await.0, StatusCode::CONFLICT);
        assert_eq!(fsck::fsck(b).await.unwrap().problems, [], "waiting is no failure");
        // It answers again: the next try brings the stamp.
        authority.up.store(true, std::sync::atomic::Ordering::SeqCst);
        w.advance(1);
        while jobs::run_one(b).await.unwrap() {}
        let row = ReleaseService::find(b, read(), id).await.unwrap().row;
        assert_eq!(row.stage, Stage::Done);
        assert_eq!(row.stamped.unwrap().1, "Zeitstempel Nord");
        let file = b.pdf(read(), id).await.unwrap();
        let report = tomfolio_verify::verify(&file.bytes, &[]);
        assert!(report.ok(), "{}", report.reason);
        assert_eq!(report.stamp.unwrap().authority, "Zeitstempel Nord");
        assert!(w.get(&format!("/releases/{id}"), &dpo).await.2.contains("Zeitstempel Nord"));
        assert_eq!(fsck::fsck(b).await.unwrap().problems, []);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

#[tokio::test]
async fn a_job_that_is_given_up_is_told_on_the_page_and_can_begin_anew() {
    for database in databases() {
        let w = World::new(&database).await;
        let b = &w.backend;
        let all = w.may(Role::Dpo, Action::ConfirmMeasures);
        b.confirm(all, w.document, Selection::All, "Leitung IT".into()).await.unwrap();
        let id = crate::world::release(b, w.organisation, &w.people, w.document, w.now()).await;
        // With another master key the seal key cannot be opened.
        let broken = tomfolio_backend::Backend { master: std::sync::Arc::new([0; 32]), ..b.clone() };
        for _ in 0..8 {
            while jobs::run_one(&broken).await.unwrap() {}
            w.advance(90);
        }
        let read = || w.may(Role::Dpo, Action::ReadDocuments);
        assert_eq!(ReleaseService::find(b, read(), id).await.unwrap().row.stage, Stage::Failed);
        let dpo = w.sign_in(Role::Dpo).await;
        let page = w.get(&format!("/releases/{id}"), &dpo).await.2;
        assert!(page.contains("die Datei fehlt") && page.contains("tomfolio jobs retry"), "{page}");
        let found = fsck::fsck(b).await.unwrap().problems;
        assert!(found.iter().any(|p| p.what.contains("render_release failed")), "{found:?}");
        assert!(jobs::retry(b).await.unwrap() >= 1);
        assert_eq!(ReleaseService::find(b, read(), id).await.unwrap().row.stage, Stage::Queued);
        while jobs::run_one(b).await.unwrap() {}
        assert_eq!(ReleaseService::find(b, read(), id).await.unwrap().row.stage, Stage::Done);
        assert_eq!(fsck::fsck(b).await.unwrap().problems, []);
        assert_eq!(jobs::retry(b).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn who_wrote_a_text_does_not_approve_it() {
    for database in databases() {
        let w = World::new(&database).await;
        let (b, now) = (&w.backend, w.now());
        // Somebody from management who edits as well confirms, and so answers for, the measures.
        let both = tomfolio_domain::actor::Actor {
            roles: vec![Role::Editor, Role::Approver],
            ..w.actor(Role::Approver)
        };
        let may = |action| policy::permit(&both, action, now).unwrap();
        b.confirm(may(Action::ConfirmMeasures), w.document, Selection::All, "Leitung IT".into())
            .await
            .unwrap();
        let id = b.prepare(w.may(Role::Dpo, Action::PrepareRelease), w.document).await.unwrap();
        let sheet = ReleaseService::find(b, may(Action::ReadDocuments), id).await.unwrap();
        assert!(sheet.own, "the page says why there is no button");
        let leaves = serde_json::to_string(&sheet.content).unwrap();
        assert!(leaves.contains("Die Türen sind verschlossen."), "what is signed can be read: {leaves}");
        let seen = sheet.row.snapshot_sha256.unwrap();
        let opinion = Opinion { seen: seen.clone(), agrees: true, note: String::new() };
        b.opine(w.may(Role::Dpo, Action::Opine), id, opinion).await.unwrap();
        let asked = ReleaseService::approve(b, may(Action::Approve), id, seen).await;
        assert_eq!(asked, Err(DomainError::SamePerson));
    }
}

#[tokio::test]
async fn what_is_internal_leaves_the_house_in_no_release() {
    use tomfolio_domain::measures::Audience;
    for database in databases() {
        let w = World::new(&database).await;
        let b = &w.backend;
        let all = Selection::All;
        b.confirm(w.may(Role::Dpo, Action::ConfirmMeasures), w.document, all, "IT".into()).await.unwrap();
        let read = || w.may(Role::Dpo, Action::ReadDocuments);
        let edit = |id, audience, internal: &'static str| {
            let w = &w;
            async move {
                let mut form = MeasureService::find(b, read(), id).await.unwrap().form();
                form.further.audience = audience;
                form.further.internal = internal.into();
                form.further.law = vec!["DSGVO:32:1:b".into()];
                MeasureService::edit(b, w.may(Role::Dpo, Action::EditMeasure), form).await.unwrap();
            }
        };
        let tree = DocumentService::find(b, read(), w.document).await.unwrap();
        let ids: Vec<_> = tomfolio_domain::documents::measures(&tree.nodes)
            .iter()
            .map(|n| n.measure.as_ref().unwrap().id)
            .collect();
        edit(ids[0], Audience::Internal, "Der Ersatzschlüssel liegt im Tresor.").await;
        edit(ids[1], Audience::Customer, "Das Besucherbuch liegt in Raum 3.").await;
        let id = crate::world::release(b, w.organisation, &w.people, w.document, w.now()).await;
        while jobs::run_one(b).await.unwrap() {}
        let sheet = ReleaseService::find(b, read(), id).await.unwrap();
        let told = format!("{:?}", sheet.content);
        assert!(
            told.contains("Besucher werden begleitet") && !told.contains("Türen sind verschlossen"),
            "{told}"
        );
        for secret in ["Tresor", "Raum 3", "Ersatzschlüssel"] {
            assert!(!told.contains(secret), "{secret}");
        }
        // The PDF carries its own source: that, too, says nothing of it.
        let pdf = ReleaseService::pdf(b, read(), id).await.unwrap();
        let folder = w.data.join("told");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("f.pdf"), &pdf.bytes).unwrap();
        let run = |tool: &str, args: &[&str]| {
            let done = std::process::Command::new(tool).args(args).current_dir(&folder).output().unwrap();
            assert!(done.status.success(), "{tool}: {}", String::from_utf8_lossy(&done.stderr));
            String::from_utf8_lossy(&done.stdout).into_owned()
        };
        let text = run("pdftotext", &["-layout", "f.pdf", "-"]);
        assert!(
            text.contains("Besucher werden begleitet") && text.contains("Art. 32 Abs. 1 lit. b DSGVO"),
            "{text}"
        );
        assert!(text.contains("aus Sicherheitsgründen nicht mitgeteilt"), "{text}");
        run("pdfdetach", &["-saveall", "f.pdf"]);
        let mut all = text;
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|e| e != "pdf") {
                all += &std::fs::read_to_string(path).unwrap();
            }
        }
        for secret in ["Tresor", "Raum 3", "Türen sind verschlossen"] {
            assert!(!all.contains(secret), "{secret}: {all}");
        }
        // What a customer was told before and is no longer told is not called given up.
        edit(ids[1], Audience::Internal, "").await;
        let now = DocumentService::find(b, read(), w.document).await.unwrap();
        let changes = ReleaseService::find(b, read(), now.draft.id).await.unwrap().changes;
        let kinds: Vec<_> = changes.iter().map(|c| &c.what).collect();
        assert_eq!(kinds, [&tomfolio_domain::releases::What::Withheld]);
        // The house reads all of it.
        let m = MeasureService::find(b, read(), ids[0]).await.unwrap();
        assert_eq!(m.further.internal, "Der Ersatzschlüssel liegt im Tresor.");
    }
}
