//! Server functions of reviews.

use crate::components::Page;
use crate::context::*;
use crate::error::AppError;
use leptos::prelude::*;
use tomfolio_domain::policy::Action;
use tomfolio_domain::reviews::{JudgeSheet, ReviewList, ReviewSheet};

#[server(endpoint = "reviews/list")]
pub async fn list_reviews() -> Result<Page<ReviewList>, AppError> {
    let body = services().reviews.list(permit(Action::ReadDocuments)?).await?;
    Ok(Page { actor: actor()?, body, tree: None })
}

#[server(endpoint = "reviews/find")]
pub async fn find_review(id: String) -> Result<Page<ReviewSheet>, AppError> {
    let body = services().reviews.find(permit(Action::ReadDocuments)?, id.parse()?).await?;
    Ok(Page { actor: actor()?, body, tree: None })
}

#[server(endpoint = "reviews/subject")]
pub async fn find_subject(id: String, measure: String) -> Result<Page<JudgeSheet>, AppError> {
    let body =
        services().reviews.subject(permit(Action::ReadDocuments)?, id.parse()?, measure.parse()?).await?;
    Ok(Page { actor: actor()?, body, tree: None })
}

/// Plans a document's review: `months` between two, the next day, days of lead time, who carries it out.
#[server(endpoint = "reviews/plan")]
pub async fn plan_review(
    document: String,
    months: u8,
    #[server(default)] due_on: String,
    lead_days: u16,
    reviewer: String,
) -> Result<(), AppError> {
    use tomfolio_domain::error::DomainError;
    use tomfolio_domain::reviews::Plan;
    const BACK: &str = "/reviews";
    let Ok(due_on) = due_on.parse() else { return answer(Err(DomainError::missing("due_on")), BACK) };
    let plan = Plan { months, due_on, lead_days, reviewer: reviewer.parse()? };
    let done = services().reviews.plan(permit(Action::PlanReview)?, document.parse()?, plan).await;
    answer(done.map(|id| format!("/reviews/{id}")), BACK)
}

/// Begins a review and goes to its first measure.
#[server(endpoint = "reviews/start")]
pub async fn start_review(id: String, #[server(default)] criteria: String) -> Result<(), AppError> {
    let path = format!("/reviews/{id}");
    let reviews = services().reviews;
    if let Err(e) = reviews.start(permit(Action::Review)?, id.parse()?, criteria).await {
        return answer(Err(e), &path);
    }
    let sheet = reviews.find(permit(Action::ReadDocuments)?, id.parse()?).await?;
    go(&sheet.next.map_or(path.clone(), |m| format!("{path}/measures/{m}")));
    Ok(())
}

/// What a form says about a finding; without a grade nothing was found.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct FindingForm {
    grade: String,
    text: String,
    owner: String,
    due: String,
}

/// A verdict; then the next measure without one.
#[server(endpoint = "reviews/judge")]
pub async fn judge(
    id: String,
    measure: String,
    #[server(default)] method: String,
    #[server(default)] drawn: String,
    #[server(default)] population: String,
    #[server(default)] of_what: String,
    #[server(default)] adequacy: String,
    #[server(default)] effectiveness: String,
    #[server(default)] comment: String,
    #[server(default)] finding: FindingForm,
) -> Result<(), AppError> {
    use tomfolio_domain::error::DomainError;
    use tomfolio_domain::reviews::{Judged, NewFinding, Verdict};
    let path = format!("/reviews/{id}/measures/{measure}");
    let permit = permit(Action::Review)?;
    let number = |text: &str| text.trim().parse::<u32>().unwrap_or(0);
    let read = || -> Result<Judged, DomainError> {
        let finding = if finding.grade.is_empty() {
            None
        } else {
            Some(NewFinding {
                grade: finding.grade.parse()?,
                text: finding.text,
                owner: finding.owner,
                due: finding.due.parse().map_err(|_| DomainError::missing("due"))?,
            })
        };
        Ok(Judged::Verdict(Verdict {
            method: method.parse().map_err(|_| DomainError::missing("method"))?,
            drawn: number(&drawn),
            population: number(&population),
            of_what,
            adequacy: adequacy.parse().map_err(|_| DomainError::missing("adequacy"))?,
            effectiveness: effectiveness.parse().map_err(|_| DomainError::missing("effectiveness"))?,
            comment,
            finding,
        }))
    };
    let review = id.parse()?;
    let of = measure.parse()?;
    let kept = match read() {
        Ok(judged) => services().reviews.judge(permit, review, of, judged).await,
        Err(e) => Err(e),
    };
    let next =
        kept.map(|next| next.map_or(format!("/reviews/{id}"), |m| format!("/reviews/{id}/measures/{m}")));
    answer(next, &path)
}

/// Leaves a measure out this time, with the reason.
#[server(endpoint = "reviews/skip")]
pub async fn skip(id: String, measure: String, #[server(default)] reason: String) -> Result<(), AppError> {
    use tomfolio_domain::reviews::Judged;
    let path = format!("/reviews/{id}/measures/{measure}");
    let judged = Judged::Skipped { reason };
    let kept = services().reviews.judge(permit(Action::Review)?, id.parse()?, measure.parse()?, judged).await;
    let next =
        kept.map(|next| next.map_or(format!("/reviews/{id}"), |m| format!("/reviews/{id}/measures/{m}")));
    answer(next, &path)
}

#[server(endpoint = "reviews/submit")]
pub async fn submit_review(id: String, #[server(default)] summary: String) -> Result<(), AppError> {
    let path = format!("/reviews/{id}");
    let done = services().reviews.submit(permit(Action::Review)?, id.parse()?, summary).await;
    answer(done.map(|()| path.clone()), &path)
}

#[server(endpoint = "reviews/give_back")]
pub async fn give_back(id: String, #[server(default)] reason: String) -> Result<(), AppError> {
    let path = format!("/reviews/{id}");
    let done = services().reviews.give_back(permit(Action::ApproveReview)?, id.parse()?, reason).await;
    answer(done.map(|()| path.clone()), &path)
}

/// Approves the record that was shown; `seen` is its hash.
#[server(endpoint = "reviews/approve")]
pub async fn approve_review(id: String, seen: String) -> Result<(), AppError> {
    let path = format!("/reviews/{id}");
    let done = services().reviews.approve(permit(Action::ApproveReview)?, id.parse()?, seen).await;
    answer(done.map(|()| path.clone()), &path)
}
