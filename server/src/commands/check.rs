//! `tomfolio migrate`, `fsck`, `audit verify`, `jobs retry`, `user …`, `key take`: short commands over the data folder.

use crate::cli::{Failure, Outcome, read};
use std::path::PathBuf;
use tomfolio_backend::Backend;
use tomfolio_backend::clock::Clock;
use tomfolio_backend::jobs;
use tomfolio_backend::usecases::fsck::{self, Findings};
use tomfolio_backend::usecases::sessions;
use tomfolio_domain::actor::Role;
use tomfolio_server::compose;
use tomfolio_server::config::Config;

#[derive(clap::Args)]
pub struct Data {
    #[arg(long, default_value = "data")]
    data: PathBuf,
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
pub struct Invite {
    #[arg(long, default_value = "data")]
    data: PathBuf,
    #[arg(long)]
    organisation: String,
    #[arg(long)]
    email: String,
    #[arg(long)]
    name: String,
    /// admin, dpo, editor, reviewer, approver; may be given more than once
    #[arg(long, required = true)]
    role: Vec<String>,
}

/// Configuration, database and storage of a data folder.
pub async fn open(data: &std::path::Path) -> Result<Backend, Failure> {
    let config = Config::load(data).map_err(Failure::could_not)?;
    compose::backend(&config, data, Clock::System).await.map_err(Failure::could_not)
}

pub fn migrate(args: Data) -> Outcome {
    super::runtime()?.block_on(async { open(&args.data).await.map(|_| ()) })
}

pub fn fsck(args: Data) -> Outcome {
    super::runtime()?.block_on(async {
        let found = fsck::fsck(&open(&args.data).await?).await.map_err(Failure::could_not)?;
        tell(&found, args.json)
    })
}

pub fn audit(args: Data) -> Outcome {
    super::runtime()?.block_on(async {
        let mut found = Findings::default();
        fsck::audit(&open(&args.data).await?, &mut found).await.map_err(Failure::could_not)?;
        tell(&found, args.json)
    })
}

fn tell(found: &Findings, json: bool) -> Outcome {
    if json {
        println!("{}", serde_json::to_string(found).map_err(Failure::could_not)?);
    } else {
        println!(
            "{} organisations, {} audit entries, {} blobs, {} releases: {} problems",
            found.organisations,
            found.audit_entries,
            found.blobs,
            found.releases,
            found.problems.len()
        );
        for p in &found.problems {
            println!("  {} {}: {}", p.organisation, p.object, p.what);
        }
    }
    if found.problems.is_empty() { Ok(()) } else { Err(Failure::CheckFailed) }
}

/// Makes the organisation where it is new, the member, and a one-time link.
pub fn invite(args: Invite) -> Outcome {
    let roles: Vec<Role> = args
        .role
        .iter()
        .map(|r| r.parse())
        .collect::<Result<_, _>>()
        .map_err(|_| Failure::WrongUse("roles: admin, dpo, editor, reviewer, approver".into()))?;
    super::runtime()?.block_on(async {
        let b = open(&args.data).await?;
        let organisation = match b.organisation_named(&args.organisation).await.map_err(Failure::could_not)? {
            Some(id) => id,
            None => b.create_organisation(&args.organisation).await.map_err(Failure::could_not)?,
        };
        let user =
            b.add_member(organisation, &args.email, &args.name, &roles).await.map_err(Failure::could_not)?;
        println!("/welcome/{}", sessions::invite(&b, user).await.map_err(Failure::could_not)?);
        Ok(())
    })
}

/// Lets jobs that were given up begin anew.
pub fn retry(args: Data) -> Outcome {
    super::runtime()?.block_on(async {
        let jobs = jobs::retry(&open(&args.data).await?).await.map_err(Failure::could_not)?;
        if args.json {
            println!("{}", serde_json::json!({ "jobs": jobs }));
        } else {
            println!("{jobs} jobs begin anew");
        }
        Ok(())
    })
}

#[derive(clap::Args)]
pub struct Untie {
    #[arg(long, default_value = "data")]
    data: PathBuf,
    #[arg(long)]
    email: String,
}

/// Takes away what a provider knows a person by: it was lost, or somebody else's.
pub fn untie(args: Untie) -> Outcome {
    super::runtime()?.block_on(async {
        let b = open(&args.data).await?;
        let user = b.user_by_email(&args.email).await.map_err(Failure::could_not)?;
        let user = user.ok_or_else(|| Failure::CouldNot("nobody has this address".into()))?;
        b.untie(user).await.map_err(Failure::could_not)?;
        println!("/welcome/{}", sessions::invite(&b, user).await.map_err(Failure::could_not)?);
        Ok(())
    })
}

#[derive(clap::Args)]
pub struct Key {
    /// PKCS#12 file with a P-256 or P-384 key; its password comes from TOMFOLIO_KEY_PASSWORD
    file: PathBuf,
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// Name or id
    #[arg(long)]
    organisation: String,
}

/// Seals with the organisation's own key from now on.
pub fn take_key(args: Key) -> Outcome {
    let bytes = read(&args.file)?;
    let password = std::env::var("TOMFOLIO_KEY_PASSWORD").unwrap_or_default();
    super::runtime()?.block_on(async {
        let b = open(&args.data).await?;
        let organisation = super::organisation(&b, &args.organisation).await?;
        b.take_seal_key(organisation, &bytes, &password).await.map_err(Failure::could_not)
    })
}
