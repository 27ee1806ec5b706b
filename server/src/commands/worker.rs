//! `tomfolio worker`: works off jobs, without a portal in front: beside one that serves, or several.

use crate::cli::{Failure, Outcome};
use std::path::PathBuf;
use tomfolio_backend::clock::Clock;
use tomfolio_backend::jobs;
use tomfolio_server::compose;
use tomfolio_server::config::Config;

#[derive(clap::Args)]
pub struct Args {
    #[arg(long, default_value = "data")]
    data: PathBuf,
}

pub fn run(args: Args) -> Outcome {
    super::runtime()?.block_on(async {
        let config = Config::load(&args.data).map_err(Failure::could_not)?;
        // Mails lead somewhere: nobody else tells this process where that is.
        if config.public_url.is_empty() {
            return Err(Failure::CouldNot("a worker needs public_url (TOMFOLIO_PUBLIC_URL)".into()));
        }
        // A second master key would open nothing: the one of the portal is needed.
        let given = !config.master_key.is_empty() || !config.master_key_file.is_empty();
        if !given && !args.data.join("master.key").exists() {
            return Err(Failure::CouldNot("a worker needs the portal's master key (master_key_file)".into()));
        }
        let backend =
            compose::backend(&config, &args.data, Clock::System).await.map_err(Failure::could_not)?;
        tokio::select! {
            () = jobs::work(backend) => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        Ok(())
    })
}
