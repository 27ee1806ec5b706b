//! Files by their SHA-256: received into a spool and hashed while they flow, given their place, and only then the row
//! (trust.md 6.4). Nothing is ever overwritten, and never is a whole file in memory. The place is a folder (fsync, rename,
//! fsync of the folder) or a bucket of S3-compatible storage (docs/adr/0009).

use super::filetype;
use futures::TryStreamExt;
use object_store::aws::AmazonS3Builder;
use object_store::buffered::BufWriter;
use object_store::path::Path as Key;
use object_store::{ClientOptions, ObjectStore, ObjectStoreExt, RetryConfig};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tomfolio_domain::canonical::sha256_hex;

/// Where blobs are.
#[derive(Clone, Debug)]
pub struct Blobs {
    pub place: Place,
    /// Files on their way in; on the same file system as the folder, so that a rename is enough.
    pub spool: PathBuf,
}

/// A folder of this machine, or a bucket that several replicas share.
#[derive(Clone, Debug)]
pub enum Place {
    Folder(PathBuf),
    Bucket(Arc<dyn ObjectStore>),
}

/// How to reach a bucket.
#[derive(Clone)]
pub struct Bucket {
    pub name: String,
    /// `https://…` of the storage; AWS where empty.
    pub endpoint: String,
    pub region: String,
    pub key_id: String,
    pub secret: String,
}

impl Place {
    /// Opens a bucket. Nothing is asked of it yet.
    pub fn bucket(b: &Bucket) -> Result<Place, object_store::Error> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        // A large file takes as long as it takes; a storage that is gone is said within seconds.
        let patience = ClientOptions::new()
            .with_connect_timeout(Duration::from_secs(5))
            .with_timeout_disabled()
            .with_allow_http(b.endpoint.starts_with("http://"));
        let retry =
            RetryConfig { max_retries: 3, retry_timeout: Duration::from_secs(10), ..RetryConfig::default() };
        let mut builder = AmazonS3Builder::new()
            .with_client_options(patience)
            .with_retry(retry)
            .with_bucket_name(&b.name)
            .with_region(&b.region)
            .with_access_key_id(&b.key_id)
            .with_secret_access_key(&b.secret);
        if !b.endpoint.is_empty() {
            builder = builder.with_endpoint(&b.endpoint);
        }
        Ok(Place::Bucket(Arc::new(builder.build()?)))
    }
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

/// A piece of a file in memory at a time, in bytes.
const PIECE: usize = 256 * 1024;
/// A part of an upload to a bucket, in bytes; at most two are under way.
const PART: usize = 8 * 1024 * 1024;

fn key(organisation: &str, sha256: &str) -> Key {
    Key::from_iter([organisation, sha256])
}

fn broken(e: object_store::Error) -> std::io::Error {
    match e {
        object_store::Error::NotFound { .. } => std::io::Error::from(std::io::ErrorKind::NotFound),
        // The message may hold an address; what is asked for is in the caller's log already.
        other => std::io::Error::other(other.to_string()),
    }
}

impl Blobs {
    /// Begins to receive a file of at most `limit` bytes.
    pub async fn receive(&self, limit: u64) -> Result<Incoming, Refusal> {
        tokio::fs::create_dir_all(&self.spool).await?;
        let temp = Temp(self.spool.join(crate::ids::reference()));
        let file = tokio::fs::File::create(&temp.0).await?;
        Ok(Incoming { temp, file, hash: Sha256::new(), head: Vec::new(), size: 0, limit })
    }

    /// Gives a received file its place. What is there already under this hash is the same file.
    pub async fn keep(&self, organisation: &str, spooled: Spooled) -> std::io::Result<()> {
        match &self.place {
            Place::Folder(root) => {
                let path = root.join(organisation).join(&spooled.sha256);
                let work = move || place(&spooled.temp.0, &path);
                tokio::task::spawn_blocking(work).await.map_err(std::io::Error::other)?
            }
            Place::Bucket(store) => {
                let mut from = tokio::fs::File::open(&spooled.temp.0).await?;
                let key = key(organisation, &spooled.sha256);
                let mut to = BufWriter::with_capacity(store.clone(), key, PART).with_max_concurrency(2);
                match tokio::io::copy(&mut from, &mut to).await {
                    Ok(_) => to.shutdown().await,
                    Err(e) => {
                        // Parts that nobody finishes would be paid for: the storage is told to forget them.
                        let _ = to.abort().await;
                        Err(e)
                    }
                }
            }
        }
    }

    /// Stores bytes that were made here; returns their SHA-256.
    pub async fn put(&self, organisation: &str, bytes: Vec<u8>) -> std::io::Result<String> {
        let sha256 = sha256_hex(&bytes);
        match &self.place {
            Place::Folder(root) => {
                let path = root.join(organisation).join(&sha256);
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
            }
            Place::Bucket(store) => {
                store.put(&key(organisation, &sha256), bytes.into()).await.map_err(broken)?;
            }
        }
        Ok(sha256)
    }

    /// Reads bytes and refuses them when they are not what their name says.
    pub async fn get(&self, organisation: &str, sha256: &str) -> std::io::Result<Vec<u8>> {
        let bytes = match &self.place {
            Place::Folder(root) => tokio::fs::read(root.join(organisation).join(sha256)).await?,
            Place::Bucket(store) => {
                let found = store.get(&key(organisation, sha256)).await.map_err(broken)?;
                found.bytes().await.map_err(broken)?.to_vec()
            }
        };
        if sha256_hex(&bytes) == sha256 { Ok(bytes) } else { Err(changed()) }
    }

    /// Opens a file to hand it out piece by piece, after its hash was checked. From a bucket it is copied beside first: what
    /// is checked and what is handed out are the same bytes.
    pub async fn open(&self, organisation: &str, sha256: &str) -> std::io::Result<tokio::fs::File> {
        match &self.place {
            Place::Folder(root) => {
                self.check(organisation, sha256).await?;
                tokio::fs::File::open(root.join(organisation).join(sha256)).await
            }
            Place::Bucket(_) => {
                tokio::fs::create_dir_all(&self.spool).await?;
                let temp = Temp(self.spool.join(crate::ids::reference()));
                let mut file = tokio::fs::File::create(&temp.0).await?;
                self.read(organisation, sha256, Some(&mut file)).await?;
                file.flush().await?;
                // The name goes with `temp`, the bytes stay as long as the file is open.
                tokio::fs::File::open(&temp.0).await
            }
        }
    }

    /// Is the file there and what its name says? Read in pieces, whatever its size.
    pub async fn check(&self, organisation: &str, sha256: &str) -> std::io::Result<()> {
        self.read(organisation, sha256, None).await
    }

    /// Reads a file through its hash, and writes it beside where that is asked for.
    async fn read(
        &self,
        organisation: &str,
        sha256: &str,
        mut copy: Option<&mut tokio::fs::File>,
    ) -> std::io::Result<()> {
        let mut hash = Sha256::new();
        match &self.place {
            Place::Folder(root) => {
                let mut file = tokio::fs::File::open(root.join(organisation).join(sha256)).await?;
                let mut piece = vec![0u8; PIECE];
                loop {
                    let n = file.read(&mut piece).await?;
                    if n == 0 {
                        break;
                    }
                    hash.update(piece.get(..n).unwrap_or_default());
                }
            }
            Place::Bucket(store) => {
                let found = store.get(&key(organisation, sha256)).await.map_err(broken)?;
                let mut pieces = found.into_stream();
                while let Some(piece) = pieces.try_next().await.map_err(broken)? {
                    hash.update(&piece);
                    if let Some(copy) = copy.as_deref_mut() {
                        copy.write_all(&piece).await?;
                    }
                }
            }
        }
        if hex::encode(hash.finalize()) == sha256 { Ok(()) } else { Err(changed()) }
    }

    /// Every file that is kept: organisation and SHA-256.
    pub async fn all(&self) -> std::io::Result<Vec<(String, String)>> {
        match &self.place {
            Place::Folder(root) => {
                let name = |e: std::fs::DirEntry| e.file_name().to_string_lossy().into_owned();
                let list = |p: PathBuf| std::fs::read_dir(p).into_iter().flatten().filter_map(Result::ok);
                let of = |o: std::fs::DirEntry| {
                    let path = o.path();
                    let organisation = name(o);
                    list(path).map(name).map(move |n| (organisation.clone(), n)).collect::<Vec<_>>()
                };
                Ok(list(root.clone()).flat_map(of).collect())
            }
            Place::Bucket(store) => {
                let found: Vec<_> = store.list(None).try_collect().await.map_err(broken)?;
                let parts = |key: &Key| {
                    let mut parts = key.parts().map(|p| p.as_ref().to_owned());
                    (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
                };
                Ok(found.iter().map(|o| parts(&o.location)).collect())
            }
        }
    }

    /// Removes a file that no row knows.
    pub async fn remove(&self, organisation: &str, sha256: &str) -> std::io::Result<()> {
        let done = match &self.place {
            Place::Folder(root) => tokio::fs::remove_file(root.join(organisation).join(sha256)).await,
            Place::Bucket(store) => store.delete(&key(organisation, sha256)).await.map_err(broken),
        };
        match done {
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
