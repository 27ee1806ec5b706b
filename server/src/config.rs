//! Configuration: a TOML file in the data folder, then `TOMFOLIO_*` variables. Unknown keys are errors.

use serde::Deserialize;
use std::path::{Path, PathBuf};

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
    /// 64 hexadecimal digits; made and kept in `master.key` of the data folder where empty.
    pub master_key: String,
    /// A file that holds the master key.
    pub master_key_file: String,
    /// Largest evidence file, in bytes.
    pub upload_limit: u64,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            database_url: String::new(),
            listen: "127.0.0.1:8080".into(),
            public_url: String::new(),
            master_key: String::new(),
            master_key_file: String::new(),
            upload_limit: tomfolio_domain::evidence::MAX_BYTES,
        }
    }
}

impl Config {
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
                "TOMFOLIO_UPLOAD_LIMIT" => {
                    config.upload_limit =
                        value.parse().map_err(|_| format!("TOMFOLIO_UPLOAD_LIMIT is no number: {value}"))?;
                    continue;
                }
                "TOMFOLIO_MASTER_KEY" => &mut config.master_key,
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

    /// The master key. Where none is configured, one is made once, readable by its owner only.
    pub fn master(&self, data: &Path) -> Result<[u8; 32], String> {
        let own: PathBuf = data.join("master.key");
        let text = if !self.master_key.is_empty() {
            self.master_key.clone()
        } else if !self.master_key_file.is_empty() {
            std::fs::read_to_string(&self.master_key_file)
                .map_err(|e| format!("{}: {e}", self.master_key_file))?
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

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
