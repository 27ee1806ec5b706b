//! Renders and seals the report of an approved review (Prüfbericht). Safe to run twice.

use super::{Trouble, sealed, text};
use crate::Backend;
use crate::clock;
use crate::db::entity::{reviews, users};
use crate::db::{Fact, Work};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use tomfolio_domain::outline::{Outline, SignOff};
use tomfolio_domain::releases::Stage;
use tomfolio_domain::reviews::{NewFinding, Record, RecordWords, Tally, Verdict};
use tomfolio_locales::{Lang, review as w};

pub async fn run(b: &Backend, organisation: &str, review: &str) -> Result<(), Trouble> {
    let key = (organisation.to_owned(), review.to_owned());
    let row = reviews::Entity::find_by_id(key).one(&b.db).await.map_err(text)?.ok_or("no such review")?;
    if row.pdf_sha256.is_some() {
        return Ok(());
    }
    let record = crate::usecases::review_record(&row).map_err(text)?;
    let l = Lang::of(&record.language);
    let approver = match &row.approved_by {
        Some(id) => users::Entity::find_by_id(id.clone()).one(&b.db).await.map_err(text)?.map(|u| u.name),
        None => None,
    };
    let signed = |role: &str, name: &str, statement: &str, at: Option<i64>| SignOff {
        role: role.to_owned(),
        name: name.to_owned(),
        statement: statement.to_owned(),
        note: String::new(),
        at: at.map(clock::shown).unwrap_or_default(),
    };
    let sign_offs = vec![
        signed(w::signoff_reviewer(l), &record.reviewer, w::signoff_submitted(l), row.submitted_at),
        signed(
            w::signoff_approver(l),
            approver.as_deref().unwrap_or_default(),
            w::signoff_approved(l),
            row.approved_at,
        ),
    ];
    let sha256 = row.record_sha256.clone().unwrap_or_default();
    let unsealed = sealed::render(b, outline(&record, &sha256, sign_offs)).await?;
    let done = sealed::seal(b, organisation, &record.organisation, &unsealed).await;
    if matches!(done, Err(Trouble::Unstamped(_))) {
        stage(b, organisation, review, Stage::Stamping).await?;
    }
    let done = done?;
    let work =
        Work::of_system(&b.db, organisation.to_owned(), "reviews/seal", b.clock.now()).await.map_err(text)?;
    // Another worker may have been faster: a file that somebody has is never exchanged.
    let key = (organisation.to_owned(), review.to_owned());
    let row = reviews::Entity::find_by_id(key).one(&work.txn).await.map_err(text)?.ok_or("no such review")?;
    if row.pdf_sha256.is_some() {
        return Ok(());
    }
    done.file.known(&work).await.map_err(text)?;
    let mut fact =
        Fact::of(review).with("pdf_sha256", &done.file.sha256).with("certificate", done.certificate);
    let mut row = row.into_active_model();
    row.stage = Set(Stage::Done.as_str().into());
    row.pdf_sha256 = Set(Some(done.file.sha256));
    if let Some(stamp) = done.stamp {
        fact = fact.with("stamped_at", stamp.at);
        row.stamped_at = Set(Some(stamp.at));
        row.stamped_by = Set(stamp.authority);
    }
    row.update(&work.txn).await.map_err(text)?;
    Ok(work.commit(fact).await.map_err(text)?)
}

/// How far it is, as long as nobody else has finished it.
pub(super) async fn stage(b: &Backend, organisation: &str, review: &str, stage: Stage) -> Result<(), String> {
    reviews::Entity::update_many()
        .col_expr(reviews::Column::Stage, Expr::value(stage.as_str()))
        .filter(reviews::Column::OrganisationId.eq(organisation))
        .filter(reviews::Column::Id.eq(review))
        .filter(reviews::Column::PdfSha256.is_null())
        .exec(&b.db)
        .await
        .map_err(text)?;
    Ok(())
}

/// The record in the words of its document's language, ready to be laid out.
pub fn outline(r: &Record, sha256: &str, sign_offs: Vec<SignOff>) -> Outline {
    let l = Lang::of(&r.language);
    let date = |d: jiff::civil::Date| clock::shown_date(&d.to_string(), l == Lang::De);
    let facts = [
        (w::reviewer(l), r.reviewer.clone()),
        (w::period(l), w::from_to(l, date(r.started_on), date(r.submitted_on))),
        (w::due(l), date(r.due_on)),
        (w::criteria(l), r.criteria.clone()),
    ];
    r.outline(
        sha256,
        sign_offs,
        &RecordWords {
            kicker: w::kicker(l),
            result: &|t: &Tally| {
                w::result(
                    l,
                    t.all,
                    t.effective,
                    t.findings,
                    t.ineffective,
                    t.partial,
                    t.skipped,
                    t.untestable,
                )
            },
            summary_heading: w::summary_heading(l),
            findings_heading: w::findings_heading(l),
            earlier_heading: w::earlier_heading(l),
            measures_heading: w::measures_heading(l),
            tested: &|v: &Verdict| {
                let what = if v.of_what.is_empty() { String::new() } else { format!(" {}", v.of_what) };
                match v.drawn {
                    0 => w::tested_nothing(l, w::word(l, v.method.as_str())),
                    n => w::tested(l, n, w::word(l, v.method.as_str()), v.population, what),
                }
            },
            verdict: &|v: &Verdict| {
                w::verdict(l, w::word(l, v.adequacy.as_str()), w::word(l, v.effectiveness.as_str()))
            },
            effectiveness: &|e| w::word(l, e.as_str()).to_owned(),
            skipped: &|reason| w::skipped_because(l, reason),
            skipped_mark: w::skipped(l),
            finding: &|f: &NewFinding| {
                w::finding_line(l, date(f.due), w::word(l, f.grade.as_str()), &f.owner, &f.text)
            },
            earlier: &|f| {
                let state = tomfolio_locales::finding::word(l, f.state.as_str());
                w::earlier_line(l, date(f.due), w::word(l, f.grade.as_str()), &f.owner, state, &f.text)
            },
            evidence: &|titles| w::evidence_line(l, titles.join(", ")),
            date: &date,
            facts: facts.map(|(label, value)| (label.to_owned(), value)).into(),
        },
    )
}
