//! The text of a PDF. The reader is a library that hostile files can make panic or eat memory: it works in a child process with
//! its own limits, and only text comes back.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tomfolio_domain::import::{ImportError, Source};

/// Most text that one file may bring, in bytes.
const MAX_TEXT: u64 = 64 * 1024 * 1024;
/// Longest time of the child.
const PATIENCE: Duration = Duration::from_secs(20);
/// What the child may take of memory, in bytes. The library holds the file several times over.
const MEMORY: u64 = 2 * 1024 * 1024 * 1024;

/// Who reads PDF: this program, started once more with `extract`.
#[derive(Clone, Debug)]
pub struct Extractor {
    pub program: PathBuf,
}

/// Exit codes of the child, beside 0.
const LOCKED: i32 = 4;
const BROKEN: i32 = 5;

impl Extractor {
    /// The text of a PDF, in lines as they stand on the pages.
    pub fn pdf(&self, bytes: &[u8]) -> Result<Source, ImportError> {
        let mut child = Command::new(&self.program)
            .arg("extract")
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|_| ImportError::Damaged)?;
        let (Some(mut to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(ImportError::Damaged);
        };
        let file = bytes.to_vec();
        // A child that dies early closes the pipe: its exit code says why.
        let writer = std::thread::spawn(move || to.write_all(&file).is_ok());
        let reader = std::thread::spawn(move || {
            let mut text = Vec::new();
            let whole = from.take(MAX_TEXT + 1).read_to_end(&mut text).is_ok();
            (text, whole)
        });
        let begun = Instant::now();
        let status = loop {
            match child.try_wait() {
                Ok(Some(status)) => break status.code(),
                Ok(None) if begun.elapsed() < PATIENCE => {
                    std::thread::sleep(Duration::from_millis(10));
                }
                _ => {
                    let _ = child.kill();
                    let _ = child.wait();
                    break None;
                }
            }
        };
        let _ = writer.join();
        let (text, whole) = reader.join().map_err(|_| ImportError::Damaged)?;
        match status {
            Some(0) if whole && text.len() as u64 <= MAX_TEXT => {}
            Some(LOCKED) => return Err(ImportError::Locked),
            Some(BROKEN) => return Err(ImportError::Damaged),
            // Killed, out of memory, out of time.
            _ => return Err(ImportError::Bomb),
        }
        let text = String::from_utf8(text).map_err(|_| ImportError::Damaged)?;
        if text.trim().is_empty() {
            return Err(ImportError::NoText);
        }
        Source::of_text(text.as_bytes())
    }
}

/// The child's work: a PDF on standard input, its text on standard output. Gives the exit code.
pub fn child() -> i32 {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let limit = |n| Rlimit { current: Some(n), maximum: Some(n) };
    let _ = setrlimit(Resource::As, limit(MEMORY));
    let _ = setrlimit(Resource::Cpu, limit(PATIENCE.as_secs()));
    let _ = setrlimit(Resource::Fsize, limit(0));
    let _ = setrlimit(Resource::Core, limit(0));
    let mut bytes = Vec::new();
    let max = tomfolio_domain::import::MAX_BYTES as u64 + 1;
    if std::io::stdin().take(max).read_to_end(&mut bytes).is_err() {
        return BROKEN;
    }
    // Deep nesting of objects needs stack; a panic stays in its thread.
    let read = std::thread::Builder::new().stack_size(64 * 1024 * 1024).spawn(move || text(&bytes));
    match read.map(std::thread::JoinHandle::join) {
        Ok(Ok(Ok(text))) => i32::from(std::io::stdout().write_all(text.as_bytes()).is_err()),
        Ok(Ok(Err(code))) => code,
        _ => BROKEN,
    }
}

fn text(bytes: &[u8]) -> Result<String, i32> {
    let text = pdf_extract::extract_text_from_mem(bytes).map_err(|e| match e {
        pdf_extract::OutputError::PdfError(e) if e.to_string().to_lowercase().contains("crypt") => LOCKED,
        _ => BROKEN,
    })?;
    // Ligatures and soft hyphens are how it was set, not what was written.
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{fb00}' => out.push_str("ff"),
            '\u{fb01}' => out.push_str("fi"),
            '\u{fb02}' => out.push_str("fl"),
            '\u{fb03}' => out.push_str("ffi"),
            '\u{fb04}' => out.push_str("ffl"),
            '\u{ad}' => out.push('-'),
            '\u{a0}' => out.push(' '),
            '\u{c}' => out.push_str("\n\n"),
            c if c.is_control() && !matches!(c, '\n' | '\t') => {}
            c => out.push(c),
        }
    }
    Ok(out)
}
