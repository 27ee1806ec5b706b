//! Files by their SHA-256, in a folder: temp file, fsync, rename, fsync of the folder, and only then the row
//! (trust.md 6.4). Nothing is ever overwritten.

use std::path::PathBuf;
use tomfolio_domain::canonical::sha256_hex;

/// The folder of blobs.
#[derive(Clone, Debug)]
pub struct Blobs {
    pub root: PathBuf,
}

impl Blobs {
    fn path(&self, organisation: &str, sha256: &str) -> PathBuf {
        self.root.join(organisation).join(sha256)
    }

    /// Stores bytes; returns their SHA-256.
    pub async fn put(&self, organisation: &str, bytes: Vec<u8>) -> std::io::Result<String> {
        let sha256 = sha256_hex(&bytes);
        let path = self.path(organisation, &sha256);
        let work = move || -> std::io::Result<()> {
            let Some(folder) = path.parent() else { return Ok(()) };
            std::fs::create_dir_all(folder)?;
            let temp = folder.join(format!(".{}", crate::ids::reference()));
            let mut file = std::fs::File::create(&temp)?;
            std::io::Write::write_all(&mut file, &bytes)?;
            file.sync_all()?;
            std::fs::rename(&temp, &path)?;
            std::fs::File::open(folder)?.sync_all()
        };
        tokio::task::spawn_blocking(work).await.map_err(std::io::Error::other)??;
        Ok(sha256)
    }

    /// Reads bytes and refuses them when they are not what their name says.
    pub async fn get(&self, organisation: &str, sha256: &str) -> std::io::Result<Vec<u8>> {
        let bytes = tokio::fs::read(self.path(organisation, sha256)).await?;
        if sha256_hex(&bytes) == sha256 {
            Ok(bytes)
        } else {
            Err(std::io::Error::other("the file was changed"))
        }
    }
}
