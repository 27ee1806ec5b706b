//! Files by their SHA-256, in a folder: received into a spool and hashed while they flow, then fsync, rename, fsync of the
//! folder, and only then the row (trust.md 6.4). Nothing is ever overwritten, and never is a whole file in memory.

use super::filetype;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tomfolio_domain::canonical::sha256_hex;

/// The folder of blobs.
#[derive(Clone, Debug)]
pub struct Blobs {
    pub root: PathBuf,
    /// Files on their way in; on the same file system, so that a rename is enough.
    pub spool: PathBuf,
}

/// Why a file was not received.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("the file has more than {0} bytes")]
    TooLarge(u64),
    #[error("this kind of file is not taken as evidence")]
    Type,
    #[error("the file is empty")]
    Empty,
    #[error("storage: {0}")]
    Storage(#[from] std::io::Error),
}

/// A file in the spool; gone when dropped, unless it was kept.
#[derive(Debug)]
struct Temp(PathBuf);

impl Drop for Temp {
    fn drop(&mut self) {
        // Kept files have been renamed away: then there is nothing to remove, which is fine.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// A file that is being received.
pub struct Incoming {
    temp: Temp,
    file: tokio::fs::File,
    hash: Sha256,
    head: Vec<u8>,
    size: u64,
    limit: u64,
}

/// A file that arrived whole and is on disk, but belongs to nobody yet.
#[derive(Debug)]
pub struct Spooled {
    temp: Temp,
    pub sha256: String,
    pub size: u64,
    /// By content.
    pub mime: &'static str,
}

impl Incoming {
    /// Takes the next bytes; refuses as soon as there are too many.
    pub async fn write(&mut self, chunk: &[u8]) -> Result<(), Refusal> {
        self.size += chunk.len() as u64;
        if self.size > self.limit {
            return Err(Refusal::TooLarge(self.limit));
        }
        let room = filetype::HEAD.saturating_sub(self.head.len()).min(chunk.len());
        self.head.extend_from_slice(chunk.get(..room).unwrap_or_default());
        self.hash.update(chunk);
        Ok(self.file.write_all(chunk).await?)
    }

    /// The end: the type is judged, and the bytes are made to last.
    pub async fn finish(mut self) -> Result<Spooled, Refusal> {
        if self.size == 0 {
            return Err(Refusal::Empty);
        }
        let mime = filetype::of(&self.head).ok_or(Refusal::Type)?;
        self.file.flush().await?;
        self.file.sync_all().await?;
        Ok(Spooled { temp: self.temp, sha256: hex::encode(self.hash.finalize()), size: self.size, mime })
    }
}

impl Blobs {
    fn path(&self, organisation: &str, sha256: &str) -> PathBuf {
        self.root.join(organisation).join(sha256)
    }

    /// Begins to receive a file of at most `limit` bytes.
    pub async fn receive(&self, limit: u64) -> Result<Incoming, Refusal> {
        tokio::fs::create_dir_all(&self.spool).await?;
        let temp = Temp(self.spool.join(crate::ids::reference()));
        let file = tokio::fs::File::create(&temp.0).await?;
        Ok(Incoming { temp, file, hash: Sha256::new(), head: Vec::new(), size: 0, limit })
    }

    /// Gives a received file its place. What is there already under this hash is the same file.
    pub async fn keep(&self, organisation: &str, spooled: Spooled) -> std::io::Result<()> {
        let path = self.path(organisation, &spooled.sha256);
        let work = move || place(&spooled.temp.0, &path);
        tokio::task::spawn_blocking(work).await.map_err(std::io::Error::other)?
    }

    /// Stores bytes that were made here; returns their SHA-256.
    pub async fn put(&self, organisation: &str, bytes: Vec<u8>) -> std::io::Result<String> {
        let sha256 = sha256_hex(&bytes);
        let path = self.path(organisation, &sha256);
        let spool = self.spool.clone();
        let work = move || -> std::io::Result<()> {
            std::fs::create_dir_all(&spool)?;
            let temp = Temp(spool.join(crate::ids::reference()));
            let mut file = std::fs::File::create(&temp.0)?;
            std::io::Write::write_all(&mut file, &bytes)?;
            file.sync_all()?;
            place(&temp.0, &path)
        };
        tokio::task::spawn_blocking(work).await.map_err(std::io::Error::other)??;
        Ok(sha256)
    }

    /// Reads bytes and refuses them when they are not what their name says.
    pub async fn get(&self, organisation: &str, sha256: &str) -> std::io::Result<Vec<u8>> {
        let bytes = tokio::fs::read(self.path(organisation, sha256)).await?;
        if sha256_hex(&bytes) == sha256 { Ok(bytes) } else { Err(changed()) }
    }

    /// Opens a file to hand it out piece by piece, after its hash was checked.
    pub async fn open(&self, organisation: &str, sha256: &str) -> std::io::Result<tokio::fs::File> {
        self.check(organisation, sha256).await?;
        tokio::fs::File::open(self.path(organisation, sha256)).await
    }

    /// Is the file there and what its name says? Read in pieces, whatever its size.
    pub async fn check(&self, organisation: &str, sha256: &str) -> std::io::Result<()> {
        let mut file = tokio::fs::File::open(self.path(organisation, sha256)).await?;
        let (mut hash, mut piece) = (Sha256::new(), vec![0u8; 256 * 1024]);
        loop {
            let n = file.read(&mut piece).await?;
            if n == 0 {
                break;
            }
            hash.update(piece.get(..n).unwrap_or_default());
        }
        if hex::encode(hash.finalize()) == sha256 { Ok(()) } else { Err(changed()) }
    }

    /// Every file that is kept: organisation and SHA-256.
    pub fn all(&self) -> Vec<(String, String)> {
        let name = |e: std::fs::DirEntry| e.file_name().to_string_lossy().into_owned();
        let list = |p: PathBuf| std::fs::read_dir(p).into_iter().flatten().filter_map(Result::ok);
        list(self.root.clone())
            .flat_map(|o| {
                let path = o.path();
                let organisation = name(o);
                list(path).map(name).map(move |n| (organisation.clone(), n)).collect::<Vec<_>>()
            })
            .collect()
    }

    /// Removes a file that no row knows.
    pub async fn remove(&self, organisation: &str, sha256: &str) -> std::io::Result<()> {
        match tokio::fs::remove_file(self.path(organisation, sha256)).await {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    /// Empties the spool of what a killed process left: files that nobody has touched for an hour.
    pub fn sweep(&self) {
        let old = std::time::SystemTime::now() - std::time::Duration::from_secs(3_600);
        for entry in std::fs::read_dir(&self.spool).into_iter().flatten().flatten() {
            if entry.metadata().and_then(|m| m.modified()).is_ok_and(|at| at < old) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

fn changed() -> std::io::Error {
    std::io::Error::other("the file was changed")
}

/// Renames into place and makes the name last too.
fn place(temp: &Path, path: &Path) -> std::io::Result<()> {
    let Some(folder) = path.parent() else { return Ok(()) };
    std::fs::create_dir_all(folder)?;
    std::fs::rename(temp, path)?;
    std::fs::File::open(folder)?.sync_all()
}
