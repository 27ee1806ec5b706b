//! `tomfolio serve`: migrates, works off jobs, answers.

use crate::cli::{Failure, Outcome};
use std::path::PathBuf;
use tomfolio_backend::clock::Clock;
use tomfolio_backend::jobs;
use tomfolio_server::config::Config;
use tomfolio_server::{compose, demo, http};

#[derive(clap::Args)]
pub struct Args {
    /// Fill an invented organisation and print sign-in links
    #[arg(long)]
    demo: bool,
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// Address and port, e.g. 127.0.0.1:8080 (port 0 takes a free one)
    #[arg(long)]
    listen: Option<String>,
    /// First line on stdout is one JSON object: url, sign_in, share
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> Outcome {
    super::runtime()?.block_on(serve(args))
}

async fn serve(args: Args) -> Outcome {
    std::fs::create_dir_all(&args.data)
        .map_err(|e| Failure::CouldNot(format!("{}: {e}", args.data.display())))?;
    if http::assets::names().css.is_empty() {
        let how = "the front end is not built into this program: run `cargo xtask build`";
        return Err(Failure::CouldNot(how.to_owned()));
    }
    let config = Config::load(&args.data).map_err(Failure::could_not)?;
    let mut backend =
        compose::backend(&config, &args.data, Clock::System).await.map_err(Failure::could_not)?;
    let links = if args.demo { Some(demo::fill(&backend).await.map_err(Failure::could_not)?) } else { None };
    let listen = args.listen.unwrap_or_else(|| config.listen.clone());
    let listener = tokio::net::TcpListener::bind(&listen)
        .await
        .map_err(|e| Failure::CouldNot(format!("cannot listen on {listen}: {e}")))?;
    let address = listener.local_addr().map_err(Failure::could_not)?;
    let url = if config.public_url.is_empty() {
        format!("http://{address}")
    } else {
        config.public_url.trim_end_matches('/').to_owned()
    };
    backend.url.clone_from(&url);
    let share = links.as_ref().and_then(|l| l.share.as_ref()).map(|path| format!("{url}{path}"));
    if args.json {
        let sign_in: serde_json::Map<String, serde_json::Value> = links
            .iter()
            .flat_map(|l| &l.sign_in)
            .map(|(role, path)| (role.as_str().to_owned(), format!("{url}{path}").into()))
            .collect();
        println!("{}", serde_json::json!({ "url": url, "sign_in": sign_in, "share": share }));
    } else {
        println!("Tomfolio: {url}");
        for (role, path) in links.iter().flat_map(|l| &l.sign_in) {
            println!("  {:<9} {url}{path}", role.as_str());
        }
        if let Some(share) = share {
            println!("  {:<9} {share}", "customer");
        }
    }
    let portal = compose::portal(backend.clone(), &config, &url).map_err(Failure::could_not)?;
    backend.sweep().await.map_err(Failure::could_not)?;
    tokio::spawn(jobs::work(backend));
    http::serve::serve(listener, http::router(portal), async {
        let _ = tokio::signal::ctrl_c().await;
    })
    .await;
    Ok(())
}
