//! Server functions of sub-processors.

use crate::components::Page;
use crate::context::*;
use crate::error::AppError;
use leptos::prelude::*;
use tomfolio_domain::policy::Action;
use tomfolio_domain::subprocessors::{Facts, SaveSubprocessor as Command, SubprocessorList};

#[server(endpoint = "subprocessors/list")]
pub async fn list_subprocessors() -> Result<Page<SubprocessorList>, AppError> {
    let body = services().subprocessors.list(permit(Action::ReadDocuments)?).await?;
    Ok(Page { actor: actor()?, body, tree: None })
}

/// Stores one; an empty `id` is a new one. Days are ISO dates, `contract` an evidence's id; each may be empty.
#[server(endpoint = "subprocessors/save")]
pub async fn save_subprocessor(
    #[server(default)] id: String,
    #[server(default)] based_on: i64,
    #[server(default)] name: String,
    #[server(default)] address: String,
    #[server(default)] contact: String,
    #[server(default)] service: String,
    #[server(default)] locations: String,
    #[server(default)] transfer: String,
    #[server(default)] contract: String,
    #[server(default)] audited_on: String,
    #[server(default)] next_audit: String,
    state: String,
) -> Result<(), AppError> {
    let back = format!("/subprocessors/{}", if id.is_empty() { "new" } else { id.as_str() });
    let day = |text: &str, field: &'static str| match text {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| tomfolio_domain::error::DomainError::invalid(field)),
    };
    let cmd = (|| {
        Ok(Command {
            id: if id.is_empty() { None } else { Some(id.parse()?) },
            based_on,
            facts: Facts {
                name,
                address,
                contact,
                service,
                locations,
                transfer,
                contract: if contract.is_empty() { None } else { Some(contract.parse()?) },
                audited_on: day(&audited_on, "audited_on")?,
                next_audit: day(&next_audit, "next_audit")?,
                state: state.parse()?,
            },
        })
    })();
    let permit = permit_or(Action::EditSubprocessor, &back)?;
    let done = match cmd {
        Ok(cmd) => services().subprocessors.save(permit, cmd).await,
        Err(e) => Err(e),
    };
    answer(done.map(|id| format!("/subprocessors#{id}")), &back)
}
