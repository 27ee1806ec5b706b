//! Requests that leave the house: no redirects, ten seconds, at most 256 KiB back. Addresses come from the operator only.

use std::time::Duration;

/// Longest answer that is read, in bytes.
const LARGEST: usize = 256 * 1024;
const PATIENCE: Duration = Duration::from_secs(10);

/// Why nothing useful came back. Says nothing of the address.
#[derive(Debug, thiserror::Error)]
pub enum EgressError {
    #[error("{0}")]
    Broken(String),
    #[error("status {0}")]
    Status(u16),
    #[error("the answer is longer than 256 KiB")]
    TooLong,
}

impl From<reqwest::Error> for EgressError {
    fn from(e: reqwest::Error) -> EgressError {
        let what = if e.is_timeout() { "no answer within ten seconds" } else { "no connection" };
        tracing::warn!(error = %e.without_url(), "egress");
        EgressError::Broken(what.into())
    }
}

/// An HTTP client with these limits. Cheap to clone.
#[derive(Clone)]
pub struct Client(reqwest::Client);

impl Client {
    pub fn new() -> Result<Client, EgressError> {
        // One provider for the whole process; a second call changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let made = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .user_agent("Tomfolio")
            .build()?;
        Ok(Client(made))
    }

    /// Gets a document; anything but 200 is a failure.
    pub async fn get(&self, url: &str) -> Result<Vec<u8>, EgressError> {
        whole(self.0.get(url).header("accept", "application/json").send().await?).await
    }

    /// A request as another crate made it, with whatever status comes back.
    pub async fn send(&self, request: oauth2::HttpRequest) -> Result<oauth2::HttpResponse, EgressError> {
        let (parts, body) = request.into_parts();
        let url = parts.uri.to_string();
        let answer = self.0.request(parts.method, url).headers(parts.headers).body(body).send().await?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let mut made = oauth2::HttpResponse::new(bounded(answer).await?);
        *made.status_mut() = status;
        *made.headers_mut() = headers;
        Ok(made)
    }

    /// Posts bytes of a kind; anything but 200 is a failure.
    pub async fn post(&self, url: &str, kind: &str, body: Vec<u8>) -> Result<Vec<u8>, EgressError> {
        let answer = self.0.post(url).header("content-type", kind).body(body).send().await?;
        whole(answer).await
    }
}

async fn whole(answer: reqwest::Response) -> Result<Vec<u8>, EgressError> {
    if answer.status() != reqwest::StatusCode::OK {
        return Err(EgressError::Status(answer.status().as_u16()));
    }
    bounded(answer).await
}

async fn bounded(mut answer: reqwest::Response) -> Result<Vec<u8>, EgressError> {
    let mut out = Vec::new();
    while let Some(piece) = answer.chunk().await? {
        if out.len() + piece.len() > LARGEST {
            return Err(EgressError::TooLong);
        }
        out.extend_from_slice(&piece);
    }
    Ok(out)
}
