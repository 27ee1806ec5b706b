//! Renders and seals a release. Safe to run twice: the same snapshot gives the same pages, and a release that has its
//! file already is left alone.

use crate::Backend;
use crate::adapters::{pdf, seal};
use crate::clock;
use crate::db::entity::{blobs, releases};
use crate::db::{Fact, Work};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use tomfolio_domain::outline::{Outline, SignOff};
use tomfolio_domain::releases::{ChangeLine, Snapshot, Stage, What, Words};
use tomfolio_locales::{Lang, pdf as w, processing_role, scope, status};

fn text(e: impl std::fmt::Display) -> String {
    e.to_string()
}

pub async fn run(b: &Backend, organisation: &str, release: &str) -> Result<(), String> {
    let key = (organisation.to_owned(), release.to_owned());
    let row = releases::Entity::find_by_id(key).one(&b.db).await.map_err(text)?.ok_or("no such release")?;
    if row.pdf_sha256.is_some() {
        return Ok(());
    }
    stage(b, &row, Stage::Rendering).await?;
    let snapshot: Snapshot =
        serde_json::from_str(row.snapshot.as_deref().unwrap_or_default()).map_err(text)?;
    let sha256 = row.snapshot_sha256.clone().unwrap_or_default();
    let sign_off = SignOff {
        name: row.released_by.clone().unwrap_or_default(),
        at: clock::shown(row.released_at.unwrap_or_default()),
    };
    let outline = outline(&snapshot, &sha256, sign_off);
    let unsealed =
        tokio::task::spawn_blocking(move || pdf::render(&outline)).await.map_err(text)?.map_err(text)?;
    stage(b, &row, Stage::Sealing).await?;
    let key = crate::usecases::open_seal_key(b, organisation).await?;
    let at = b.clock.now().strftime("%Y%m%d%H%M%S").to_string();
    let sealed = seal::seal(&unsealed, &key, &snapshot.organisation, &at).map_err(text)?;
    let report = tomfolio_verify::verify(&sealed, &key.chain);
    if !report.ok() {
        return Err(format!("the fresh seal does not verify: {}", report.reason));
    }
    let size = sealed.len() as i64;
    let sha256 = b.blobs.put(organisation, sealed).await.map_err(text)?;
    let work = Work::of_system(&b.db, organisation.to_owned(), "releases/seal", b.clock.now())
        .await
        .map_err(text)?;
    let blob = blobs::ActiveModel {
        organisation_id: Set(organisation.to_owned()),
        sha256: Set(sha256.clone()),
        size: Set(size),
        created_at: Set(work.now.as_microsecond()),
    };
    blobs::Entity::insert(blob).exec_without_returning(&work.txn).await.map_err(text)?;
    let fact = Fact::of(release)
        .with("pdf_sha256", &sha256)
        .with("certificate", report.fingerprint.unwrap_or_default());
    let mut done = row.into_active_model();
    done.stage = Set(Stage::Done.as_str().into());
    done.pdf_sha256 = Set(Some(sha256));
    done.update(&work.txn).await.map_err(text)?;
    work.commit(fact).await.map_err(text)
}

async fn stage(b: &Backend, row: &releases::Model, stage: Stage) -> Result<(), String> {
    let mut row = row.clone().into_active_model();
    row.stage = Set(stage.as_str().into());
    row.update(&b.db).await.map_err(text)?;
    Ok(())
}

/// The snapshot in the words of its language.
fn outline(s: &Snapshot, sha256: &str, sign_off: SignOff) -> Outline {
    let l = Lang::of(&s.language);
    s.outline(
        sha256,
        Some(sign_off),
        &Words {
            status: &|s| status::word(l, s.as_str()).to_owned(),
            owner: &|name| w::owner(l, name),
            date: &|iso| clock::shown_date(iso, l == Lang::De),
            change: &|c| change(l, c),
            empty_goal: &|reason| w::empty_goal(l, reason),
            reason: &|reason| w::reason(l, reason),
            gap: &|g| w::gap(l, &g.decided_by, clock::shown_date(&g.until.to_string(), l == Lang::De)),
            role: &|s, r| {
                format!("{} ({})", processing_role::word(l, r.as_str()), scope::word(l, s.as_str()))
            },
        },
    )
}

fn change(l: Lang, c: &ChangeLine) -> String {
    use tomfolio_domain::diff::Change;
    match &c.what {
        What::Added { text } => w::change_added(l, text),
        What::Removed { text } => w::change_removed(l, text),
        What::Status { old, new } => {
            w::change_status(l, status::word(l, new.as_str()), status::word(l, old.as_str()))
        }
        What::Owner { old, new } => w::change_owner(l, new, if old.is_empty() { "–" } else { old }),
        What::Code { old, new } => w::change_code(l, new, old),
        What::Text { words } => {
            // Out and in are told by brackets, not by looks alone; long stretches that stay are cut.
            let parts = words.iter().map(|c| match c {
                Change::Same(t) if t.chars().count() > 60 => " … ".to_owned(),
                Change::Same(t) => t.clone(),
                Change::Out(t) => format!("[– {} ]", t.trim()),
                Change::In(t) => format!("[+ {} ]", t.trim()),
            });
            w::change_text(l, parts.collect::<String>())
        }
    }
}
