//! Jobs: claimed with a lease, retried with backoff, recovered when stale, safe to run twice.

mod render_release;
mod render_review;
mod sealed;
mod send_mail;

pub use render_review::outline as report;

use crate::Backend;
use crate::db::entity::jobs;
use crate::db::internal;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set,
};
use std::time::Duration;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::releases::Stage;

/// A job's failure is kept as text.
fn text(e: impl std::fmt::Display) -> String {
    e.to_string()
}

/// Why a job is not done.
pub(crate) enum Trouble {
    /// Tried again a few times, then given up.
    Broken(String),
    /// Somebody else is not there (a mail server, the storage): tried until they are.
    Waits(String),
    /// The time stamp authority is not there: the same, and people are told what is missing.
    Unstamped(String),
}

impl From<String> for Trouble {
    fn from(what: String) -> Trouble {
        Trouble::Broken(what)
    }
}

impl From<&str> for Trouble {
    fn from(what: &str) -> Trouble {
        Trouble::Broken(what.to_owned())
    }
}

/// The job that sends a mail.
pub(crate) const SEND_MAIL: &str = "send_mail";

/// A claimed job belongs to its worker for this long, in microseconds.
fn lease(kind: &str) -> i64 {
    // A mail is sent within eight seconds or not at all; a PDF may take longer.
    if kind == SEND_MAIL { 15_000_000 } else { 120_000_000 }
}
const ATTEMPTS: i64 = 8;

/// Claims one due job, if there is one. Of two workers only one gets it: the state is part of the condition.
async fn claim(b: &Backend) -> Result<Option<jobs::Model>, DomainError> {
    let now = b.clock.now().as_microsecond();
    let due = Condition::any()
        .add(Condition::all().add(jobs::Column::State.eq("queued")).add(jobs::Column::RunAt.lte(now)))
        .add(Condition::all().add(jobs::Column::State.eq("running")).add(jobs::Column::LeasedUntil.lt(now)));
    let found = jobs::Entity::find().filter(due).order_by_asc(jobs::Column::RunAt).one(&b.db).await;
    let Some(job) = found.map_err(internal)? else { return Ok(None) };
    let done = jobs::Entity::update_many()
        .col_expr(jobs::Column::State, Expr::value("running"))
        .col_expr(jobs::Column::LeasedUntil, Expr::value(now + lease(&job.kind)))
        .col_expr(jobs::Column::Attempts, Expr::value(job.attempts + 1))
        .filter(jobs::Column::Id.eq(&job.id))
        .filter(jobs::Column::State.eq(&job.state))
        .filter(jobs::Column::LeasedUntil.eq(job.leased_until))
        .exec(&b.db)
        .await
        .map_err(internal)?;
    if done.rows_affected == 1 {
        return Ok(Some(job));
    }
    // Another worker was faster; there may be more to do.
    Box::pin(claim(b)).await
}

async fn perform(b: Backend, job: jobs::Model) -> Result<(), Trouble> {
    match job.kind.as_str() {
        crate::usecases::RENDER => render_release::run(&b, &job.organisation_id, &job.object).await,
        crate::usecases::RENDER_REVIEW => render_review::run(&b, &job.organisation_id, &job.object).await,
        SEND_MAIL => send_mail::run(&b, &job.organisation_id, &job.object).await,
        other => Err(Trouble::Broken(format!("no such job: {other}"))),
    }
}

/// Runs one job. `false` when there was none.
pub async fn run_one(b: &Backend) -> Result<bool, DomainError> {
    let Some(job) = claim(b).await? else { return Ok(false) };
    // On its own: neither a panic nor something that hangs stops the jobs that come after it.
    let own = tokio::spawn(perform(b.clone(), job.clone()));
    let stop = own.abort_handle();
    let patience = Duration::from_micros(lease(&job.kind).unsigned_abs());
    let outcome = match tokio::time::timeout(patience, own).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(e)) => Err(Trouble::Broken(format!("the job broke off: {e}"))),
        Err(_) => {
            stop.abort();
            Err(Trouble::Waits("the job took longer than its lease".into()))
        }
    };
    let now = b.clock.now().as_microsecond();
    let attempts = job.attempts + 1;
    let mut row = job.clone().into_active_model();
    row.attempts = Set(attempts);
    row.leased_until = Set(0);
    match outcome {
        Ok(()) => {
            row.state = Set("done".into());
            row.error = Set(None);
        }
        Err(trouble) => {
            let (error, most, longest) = match trouble {
                Trouble::Broken(e) => (e, ATTEMPTS, 12),
                // At most about eight minutes apart.
                Trouble::Waits(e) | Trouble::Unstamped(e) => (e, i64::MAX, 9),
            };
            tracing::error!(job.id, job.kind, attempts, error, "job failed");
            let over = attempts >= most;
            if over {
                tell(b, &job, Stage::Failed).await?;
            }
            row.state = Set(if over { "failed" } else { "queued" }.into());
            row.run_at = Set(now + (1_000_000 << attempts.min(longest)));
            row.error = Set(Some(error));
        }
    }
    row.update(&b.db).await.map_err(internal)?;
    Ok(true)
}

/// Shows on the page of what a job makes how it stands with it.
async fn tell(b: &Backend, job: &jobs::Model, stage: Stage) -> Result<(), DomainError> {
    let told = match job.kind.as_str() {
        crate::usecases::RENDER => render_release::stage(b, &job.organisation_id, &job.object, stage).await,
        crate::usecases::RENDER_REVIEW => {
            render_review::stage(b, &job.organisation_id, &job.object, stage).await
        }
        _ => Ok(()),
    };
    told.map_err(internal)
}

/// Lets jobs that were given up begin anew; says how many there are. What was in their way is mended first.
pub async fn retry(b: &Backend) -> Result<usize, DomainError> {
    let failed = jobs::Entity::find().filter(jobs::Column::State.eq("failed")).all(&b.db).await;
    let failed = failed.map_err(internal)?;
    for job in &failed {
        tell(b, job, Stage::Queued).await?;
        let mut row = job.clone().into_active_model();
        row.state = Set("queued".into());
        row.attempts = Set(0);
        row.run_at = Set(b.clock.now().as_microsecond());
        row.update(&b.db).await.map_err(internal)?;
    }
    Ok(failed.len())
}

/// What has become due is looked for this often.
const REMIND: Duration = Duration::from_secs(3_600);

/// Works until the process ends.
pub async fn work(b: Backend) {
    let mut reminded: Option<std::time::Instant> = None;
    loop {
        if reminded.is_none_or(|at| at.elapsed() > REMIND) {
            if let Err(error) = b.remind().await {
                tracing::error!(%error, "reminders");
            }
            reminded = Some(std::time::Instant::now());
        }
        match run_one(&b).await {
            Ok(true) => {}
            Ok(false) | Err(_) => tokio::time::sleep(Duration::from_millis(400)).await,
        }
    }
}
