//! Configuration: a TOML file in the data folder, then `TOMFOLIO_*` variables. Unknown keys are errors.

use serde::Deserialize;
use std::path::{Path, PathBuf};
use tomfolio_backend::adapters::egress;
use tomfolio_backend::adapters::extract::Extractor;
use tomfolio_backend::adapters::mail::Mailer;
use tomfolio_backend::adapters::oidc::{Provider, Settings};
use tomfolio_backend::adapters::seal::certificates_from_pem;
use tomfolio_backend::adapters::storage::{Bucket, Place};
use tomfolio_backend::adapters::timestamp::Authority;

/// What an operator may set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// `sqlite:…` or `postgres:…`; a SQLite file in the data folder where empty.
    pub database_url: String,
    /// Where the portal listens.
    pub listen: String,
    /// The address that people use, e.g. `https://tom.example`. HTTPS makes cookies secure.
    pub public_url: String,
    /// Addresses of proxies that may say who asks (`X-Forwarded-For`), with commas between; one on this machine may anyway.
    pub trusted_proxies: String,
    /// 64 hexadecimal digits; made and kept in `master.key` of the data folder where empty.
    pub master_key: String,
    /// A file that holds the master key.
    pub master_key_file: String,
    /// Largest evidence file, in bytes.
    pub upload_limit: u64,
    /// The mail server: `smtps://user:password@host` or `smtp://host:587?tls=required`; where empty, mails are files in `mail` of
    /// the data folder.
    pub smtp_url: String,
    /// A file that holds the mail server's address.
    pub smtp_url_file: String,
    /// Who mails come from: `Tomfolio <tom@example.org>`.
    pub mail_from: String,
    /// A bucket of S3-compatible storage for files; a folder of the data folder where empty.
    pub s3_bucket: String,
    /// `https://…` of the storage; AWS where empty.
    pub s3_endpoint: String,
    pub s3_region: String,
    pub s3_access_key_id: String,
    pub s3_secret_access_key: String,
    pub s3_secret_access_key_file: String,
    /// An OpenID provider where people may sign in; none where empty. Needs `public_url`.
    pub oidc_issuer: String,
    pub oidc_client_id: String,
    pub oidc_client_secret: String,
    pub oidc_client_secret_file: String,
    /// What the provider is called on the button.
    pub oidc_name: String,
    /// An RFC 3161 authority that stamps every seal; none where empty.
    pub timestamp_url: String,
    /// PEM file: a stamp counts only from one of these certificates or from one that they issued.
    pub timestamp_trust_file: String,
    /// The program that reads PDF files; this one, where empty.
    #[serde(skip)]
    pub extractor: PathBuf,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            database_url: String::new(),
            listen: "127.0.0.1:8080".into(),
            public_url: String::new(),
            trusted_proxies: String::new(),
            master_key: String::new(),
            master_key_file: String::new(),
            upload_limit: tomfolio_domain::evidence::MAX_BYTES,
            smtp_url: String::new(),
            smtp_url_file: String::new(),
            mail_from: String::new(),
            s3_bucket: String::new(),
            s3_endpoint: String::new(),
            s3_region: "eu-central-1".into(),
            s3_access_key_id: String::new(),
            s3_secret_access_key: String::new(),
            s3_secret_access_key_file: String::new(),
            oidc_issuer: String::new(),
            oidc_client_id: String::new(),
            oidc_client_secret: String::new(),
            oidc_client_secret_file: String::new(),
            oidc_name: "OpenID".into(),
            timestamp_url: String::new(),
            timestamp_trust_file: String::new(),
            extractor: PathBuf::new(),
        }
    }
}

impl Config {
    /// Who reads PDF files: this program once more, in a process of its own.
    pub fn extractor(&self) -> Result<Extractor, String> {
        let own = || std::env::current_exe().map_err(|e| format!("this program's own path: {e}"));
        let program = if self.extractor.as_os_str().is_empty() { own()? } else { self.extractor.clone() };
        Ok(Extractor { program })
    }

    /// Reads `tomfolio.toml` of the data folder, then the environment.
    pub fn load(data: &Path) -> Result<Config, String> {
        let path = data.join("tomfolio.toml");
        let mut config = match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?,
            Err(_) => Config::default(),
        };
        for (key, value) in std::env::vars().filter(|(k, _)| k.starts_with("TOMFOLIO_")) {
            let field = match key.as_str() {
                "TOMFOLIO_DATABASE_URL" => &mut config.database_url,
                "TOMFOLIO_LISTEN" => &mut config.listen,
                "TOMFOLIO_PUBLIC_URL" => &mut config.public_url,
                "TOMFOLIO_TRUSTED_PROXIES" => &mut config.trusted_proxies,
                "TOMFOLIO_UPLOAD_LIMIT" => {
                    config.upload_limit =
                        value.parse().map_err(|_| format!("TOMFOLIO_UPLOAD_LIMIT is no number: {value}"))?;
                    continue;
                }
                "TOMFOLIO_MASTER_KEY" => &mut config.master_key,
                "TOMFOLIO_SMTP_URL" => &mut config.smtp_url,
                "TOMFOLIO_SMTP_URL_FILE" => &mut config.smtp_url_file,
                "TOMFOLIO_MAIL_FROM" => &mut config.mail_from,
                "TOMFOLIO_S3_BUCKET" => &mut config.s3_bucket,
                "TOMFOLIO_S3_ENDPOINT" => &mut config.s3_endpoint,
                "TOMFOLIO_S3_REGION" => &mut config.s3_region,
                "TOMFOLIO_S3_ACCESS_KEY_ID" => &mut config.s3_access_key_id,
                "TOMFOLIO_S3_SECRET_ACCESS_KEY" => &mut config.s3_secret_access_key,
                "TOMFOLIO_S3_SECRET_ACCESS_KEY_FILE" => &mut config.s3_secret_access_key_file,
                "TOMFOLIO_OIDC_ISSUER" => &mut config.oidc_issuer,
                "TOMFOLIO_OIDC_CLIENT_ID" => &mut config.oidc_client_id,
                "TOMFOLIO_OIDC_CLIENT_SECRET" => &mut config.oidc_client_secret,
                "TOMFOLIO_OIDC_CLIENT_SECRET_FILE" => &mut config.oidc_client_secret_file,
                "TOMFOLIO_OIDC_NAME" => &mut config.oidc_name,
                "TOMFOLIO_TIMESTAMP_URL" => &mut config.timestamp_url,
                "TOMFOLIO_TIMESTAMP_TRUST_FILE" => &mut config.timestamp_trust_file,
                "TOMFOLIO_MASTER_KEY_FILE" => &mut config.master_key_file,
                // Read elsewhere: tests and the render command.
                "TOMFOLIO_SEEDS"
                | "TOMFOLIO_KEY_PASSWORD"
                | "TOMFOLIO_LOG"
                | "TOMFOLIO_TEST_POSTGRES"
                | "TOMFOLIO_BIN" => continue,
                other => return Err(format!("{other} is no setting of tomfolio")),
            };
            *field = value;
        }
        Ok(config)
    }

    pub fn database(&self, data: &Path) -> String {
        if self.database_url.is_empty() {
            format!("sqlite:{}?mode=rwc", data.join("tomfolio.db").display())
        } else {
            self.database_url.clone()
        }
    }

    /// Proxies that may speak for others.
    pub fn proxies(&self) -> Result<Vec<std::net::IpAddr>, String> {
        let words = self.trusted_proxies.split(',').map(str::trim).filter(|w| !w.is_empty());
        words.map(|w| w.parse().map_err(|_| format!("trusted_proxies: {w} is no address"))).collect()
    }

    /// How mails go out.
    pub fn mailer(&self, data: &Path) -> Result<Mailer, String> {
        let url = secret(&self.smtp_url, &self.smtp_url_file)?;
        if url.is_empty() {
            return Ok(Mailer::Folder(data.join("mail")));
        }
        Mailer::smtp(&url, &self.mail_from)
    }

    /// Where files are kept.
    pub fn place(&self, data: &Path) -> Result<Place, String> {
        if self.s3_bucket.is_empty() {
            return Ok(Place::Folder(data.join("blobs")));
        }
        let bucket = Bucket {
            name: self.s3_bucket.clone(),
            endpoint: self.s3_endpoint.clone(),
            region: self.s3_region.clone(),
            key_id: self.s3_access_key_id.clone(),
            secret: secret(&self.s3_secret_access_key, &self.s3_secret_access_key_file)?,
        };
        Place::bucket(&bucket).map_err(|e| format!("S3: {e}"))
    }

    /// The OpenID provider, if one is configured.
    pub fn oidc(&self) -> Result<Option<Provider>, String> {
        if self.oidc_issuer.is_empty() {
            return Ok(None);
        }
        let here = |host: &str| self.oidc_issuer.starts_with(&format!("http://{host}"));
        if !self.oidc_issuer.starts_with("https://") && !here("127.0.0.1") && !here("localhost") {
            return Err("oidc_issuer has to be https".into());
        }
        if self.public_url.is_empty() || self.oidc_client_id.is_empty() {
            return Err("oidc_issuer needs public_url and oidc_client_id".into());
        }
        let settings = Settings {
            issuer: self.oidc_issuer.clone(),
            client_id: self.oidc_client_id.clone(),
            client_secret: secret(&self.oidc_client_secret, &self.oidc_client_secret_file)?,
            name: self.oidc_name.clone(),
            redirect: format!("{}/auth/oidc/callback", self.public_url.trim_end_matches('/')),
        };
        Provider::new(settings).map(Some).map_err(|e| format!("OpenID: {e}"))
    }

    /// The time stamp authority, if one is configured.
    pub fn stamps(&self) -> Result<Option<Authority>, String> {
        if self.timestamp_url.is_empty() {
            return Ok(None);
        }
        let file = &self.timestamp_trust_file;
        let trust = if file.is_empty() {
            Vec::new()
        } else {
            let text = std::fs::read_to_string(file).map_err(|e| format!("{file}: {e}"))?;
            let found = certificates_from_pem(&text);
            if found.is_empty() {
                return Err(format!("{file} holds no certificate"));
            }
            found
        };
        let client = egress::Client::new().map_err(|e| format!("time stamps: {e}"))?;
        Ok(Some(Authority { url: self.timestamp_url.clone(), trust, client }))
    }

    /// The master key. Where none is configured, one is made once, readable by its owner only.
    pub fn master(&self, data: &Path) -> Result<[u8; 32], String> {
        let own: PathBuf = data.join("master.key");
        let given = secret(&self.master_key, &self.master_key_file)?;
        let text = if !given.is_empty() {
            given
        } else if let Ok(text) = std::fs::read_to_string(&own) {
            text
        } else {
            let text = tomfolio_backend::ids::secret().map_err(|e| e.to_string())?;
            write_private(&own, &text).map_err(|e| format!("{}: {e}", own.display()))?;
            text
        };
        let bytes = hex::decode(text.trim()).map_err(|_| "the master key is not hexadecimal")?;
        bytes.try_into().map_err(|_| "the master key has not 64 digits".to_owned())
    }
}

/// A secret as it stands, or from its file.
fn secret(value: &str, file: &str) -> Result<String, String> {
    if !value.is_empty() || file.is_empty() {
        return Ok(value.to_owned());
    }
    std::fs::read_to_string(file).map(|t| t.trim().to_owned()).map_err(|e| format!("{file}: {e}"))
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
