//! Renders and seals a release. Safe to run twice: the same snapshot gives the same pages, and a release that has its
//! file already is left alone.

use super::{Trouble, sealed, text};
use crate::Backend;
use crate::clock;
use crate::db::entity::releases;
use crate::db::{Fact, Work};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use tomfolio_domain::outline::{Outline, SignOff};
use tomfolio_domain::releases::{ChangeLine, Reviewed, SignOffRow, Snapshot, Stage, Statement, What, Words};
use tomfolio_locales::{Lang, pdf as w, processing_role, scope, status};

pub async fn run(b: &Backend, organisation: &str, release: &str) -> Result<(), Trouble> {
    let key = (organisation.to_owned(), release.to_owned());
    let row = releases::Entity::find_by_id(key).one(&b.db).await.map_err(text)?.ok_or("no such release")?;
    if row.pdf_sha256.is_some() {
        return Ok(());
    }
    stage(b, organisation, release, Stage::Rendering).await?;
    let snapshot: Snapshot =
        serde_json::from_str(row.snapshot.as_deref().unwrap_or_default()).map_err(text)?;
    let sha256 = row.snapshot_sha256.clone().unwrap_or_default();
    let lang = Lang::of(&snapshot.language);
    let given = crate::usecases::release_sign_offs(&b.db, organisation, release).await.map_err(text)?;
    let sign_offs =
        given.into_iter().filter(|s| s.voided_at.is_none()).map(|s| sign_off(lang, snapshot.number, s));
    let outline = outline(&snapshot, &sha256, sign_offs.collect());
    let unsealed = sealed::render(b, outline).await?;
    stage(b, organisation, release, Stage::Sealing).await?;
    let sealed = sealed::seal(b, organisation, &snapshot.organisation, &unsealed).await;
    if matches!(sealed, Err(Trouble::Unstamped(_))) {
        stage(b, organisation, release, Stage::Stamping).await?;
    }
    let sealed::Sealed { file, certificate, stamp } = sealed?;
    let work = Work::of_system(&b.db, organisation.to_owned(), "releases/seal", b.clock.now())
        .await
        .map_err(text)?;
    // Another worker may have been faster: a file that customers have is never exchanged.
    let key = (organisation.to_owned(), release.to_owned());
    let row =
        releases::Entity::find_by_id(key).one(&work.txn).await.map_err(text)?.ok_or("no such release")?;
    if row.pdf_sha256.is_some() {
        return Ok(());
    }
    file.known(&work).await.map_err(text)?;
    let mut fact = Fact::of(release).with("pdf_sha256", &file.sha256).with("certificate", certificate);
    let mut done = row.into_active_model();
    done.stage = Set(Stage::Done.as_str().into());
    done.pdf_sha256 = Set(Some(file.sha256));
    if let Some(stamp) = stamp {
        fact = fact.with("stamped_at", stamp.at);
        done.stamped_at = Set(Some(stamp.at));
        done.stamped_by = Set(stamp.authority);
    }
    done.update(&work.txn).await.map_err(text)?;
    Ok(work.commit(fact).await.map_err(text)?)
}

/// How far it is, as long as nobody else has finished it.
pub(super) async fn stage(
    b: &Backend,
    organisation: &str,
    release: &str,
    stage: Stage,
) -> Result<(), String> {
    releases::Entity::update_many()
        .col_expr(releases::Column::Stage, Expr::value(stage.as_str()))
        .filter(releases::Column::OrganisationId.eq(organisation))
        .filter(releases::Column::Id.eq(release))
        .filter(releases::Column::PdfSha256.is_null())
        .exec(&b.db)
        .await
        .map_err(text)?;
    Ok(())
}

/// The snapshot in the words of its language.
fn outline(s: &Snapshot, sha256: &str, sign_offs: Vec<SignOff>) -> Outline {
    let l = Lang::of(&s.language);
    s.outline(
        sha256,
        sign_offs,
        &Words {
            status: &|s| status::word(l, s.as_str()).to_owned(),
            owner: &|name| w::owner(l, name),
            date: &|iso| clock::shown_date(iso, l == Lang::De),
            ended: &|date| w::evidence_ended(l, date),
            change: &|c| change(l, c),
            empty_goal: &|reason| w::empty_goal(l, reason),
            withheld: &|| w::withheld(l).to_owned(),
            reason: &|reason| w::reason(l, reason),
            gap: &|g| w::gap(l, &g.decided_by, clock::shown_date(&g.until.to_string(), l == Lang::De)),
            reviewed: &|r| reviewed(l, r),
            role: &|s, r| {
                format!("{} ({})", processing_role::word(l, r.as_str()), scope::word(l, s.as_str()))
            },
        },
    )
}

/// Who answered for the release, in which capacity.
fn sign_off(l: Lang, number: u32, s: SignOffRow) -> SignOff {
    let (role, statement) = match s.statement {
        Statement::Agrees => (w::signoff_dpo(l), w::signoff_agrees(l).to_owned()),
        Statement::Dissents => (w::signoff_dpo(l), w::signoff_dissents(l).to_owned()),
        Statement::Approved => (w::signoff_management(l), w::signoff_approved(l, number)),
        Statement::Released => (w::signoff_management(l), w::signoff_release(l, number)),
    };
    SignOff { role: role.to_owned(), name: s.name, statement, note: s.note, at: s.at }
}

/// The yearly review, as facts of the cover.
fn reviewed(l: Lang, r: &Reviewed) -> Vec<(String, String)> {
    let date = |d: jiff::civil::Date| clock::shown_date(&d.to_string(), l == Lang::De);
    let last = match r.last_on {
        Some(on) => w::reviewed_by(l, date(on), &r.last_by),
        None => w::never_reviewed(l).to_owned(),
    };
    let mut facts = vec![(w::reviewed(l).to_owned(), last)];
    facts.extend(r.next_on.map(|on| (w::review_next(l).to_owned(), date(on))));
    facts
}

fn change(l: Lang, c: &ChangeLine) -> String {
    use tomfolio_domain::diff::Change;
    match &c.what {
        What::Added { text } => w::change_added(l, text),
        What::Removed { text } => w::change_removed(l, text),
        What::Withheld => w::change_withheld(l).to_owned(),
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
                Change::Out(t) => format!("[– {}] ", t.trim()),
                Change::In(t) => format!("[+ {}] ", t.trim()),
            });
            w::change_text(l, parts.collect::<String>())
        }
    }
}
