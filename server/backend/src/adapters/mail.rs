//! Mails out: by SMTP, or as files in a folder where no server is configured.

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::{Address, AsyncTransport, Tokio1Executor};
use std::path::PathBuf;
use std::time::Duration;
use tokio::io::AsyncWriteExt;

/// A server that does not answer within this is tried again later; shorter than the lease of the job.
const PATIENCE: Duration = Duration::from_secs(8);

/// Why a mail did not go out.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The server will never take it: a wrong address.
    #[error("the mail is refused: {0}")]
    Refused(String),
    #[error("the mail server cannot be reached: {0}")]
    Unreachable(String),
    #[error("the mail folder: {0}")]
    Folder(#[from] std::io::Error),
}

/// Where mails go.
#[derive(Clone)]
pub enum Mailer {
    Smtp { server: AsyncSmtpTransport<Tokio1Executor>, from: Box<Mailbox> },
    Folder(PathBuf),
}

/// A mail, ready to go. The same `id` again is the same mail: whoever gets it twice can tell.
pub struct Mail {
    pub id: String,
    /// Host of the portal, for the Message-ID.
    pub host: String,
    pub to: String,
    pub name: String,
    pub subject: String,
    pub text: String,
    pub at: std::time::SystemTime,
}

impl Mailer {
    /// From `smtp://` (with `?tls=required`) or `smtps://`, user and password in it, and a sender.
    pub fn smtp(url: &str, from: &str) -> Result<Mailer, String> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let near = ["localhost", "127.0.0.1", "[::1]"].iter().any(|h| {
            url.split_once("://")
                .is_some_and(|(_, rest)| rest.rsplit('@').next().is_some_and(|r| r.starts_with(h)))
        });
        if !near && !url.starts_with("smtps://") && !url.contains("tls=required") {
            return Err("mails carry links: smtp_url needs smtps:// or ?tls=required".into());
        }
        // The address may hold a password: it is not repeated.
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|_| "the mail server's address cannot be read")?
            .timeout(Some(PATIENCE))
            .build();
        let from = from.parse().map_err(|_| format!("the sender of mails is no address: {from}"))?;
        Ok(Mailer::Smtp { server, from: Box::new(from) })
    }

    pub async fn send(&self, mail: Mail) -> Result<(), MailError> {
        match self {
            Mailer::Smtp { server, from } => {
                let message = message(&mail, (**from).clone())?;
                let sent = tokio::time::timeout(PATIENCE, server.send(message)).await;
                match sent {
                    Ok(Ok(_)) => Ok(()),
                    // 550 to 559 speak of this mail and its address; 530 and 535 of us, and we can be put right.
                    Ok(Err(e)) if e.status().is_some_and(|c| c.to_string().starts_with("55")) => {
                        Err(MailError::Refused(e.to_string()))
                    }
                    Ok(Err(e)) => Err(MailError::Unreachable(e.to_string())),
                    Err(_) => Err(MailError::Unreachable("no answer within eight seconds".into())),
                }
            }
            Mailer::Folder(folder) => {
                let from = Mailbox::new(
                    Some("Tomfolio".into()),
                    Address::new("tomfolio", &mail.host).map_err(refused)?,
                );
                let bytes = message(&mail, from)?.formatted();
                let (path, temp) =
                    (folder.join(format!("{}.eml", mail.id)), folder.join(format!("{}.new", mail.id)));
                // An invitation is a key: nobody else on this machine may read it.
                tokio::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).await?;
                let mut open = tokio::fs::OpenOptions::new();
                let mut file = open.write(true).create(true).truncate(true).mode(0o600).open(&temp).await?;
                file.write_all(&bytes).await?;
                file.sync_all().await?;
                Ok(tokio::fs::rename(temp, path).await?)
            }
        }
    }
}

fn refused(e: impl std::fmt::Display) -> MailError {
    MailError::Refused(e.to_string())
}

fn message(mail: &Mail, from: Mailbox) -> Result<Message, MailError> {
    let to = Mailbox::new(Some(mail.name.clone()), mail.to.parse().map_err(refused)?);
    Message::builder()
        .from(from)
        .to(to)
        .subject(mail.subject.clone())
        .message_id(Some(format!("<{}@{}>", mail.id, mail.host)))
        .date(mail.at)
        .header(ContentType::TEXT_PLAIN)
        .body(mail.text.clone())
        .map_err(refused)
}

/// Whether something can be written to.
pub fn is_address(text: &str) -> bool {
    text.parse::<Address>().is_ok()
}
