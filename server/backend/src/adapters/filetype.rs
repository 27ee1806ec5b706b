//! What a file is, by its content: the name that somebody gave it says nothing.

/// How many bytes from a file's beginning decide.
pub const HEAD: usize = 8 * 1024;

/// Types that evidence may have, and nothing else: no HTML, no SVG, no script, no archive, no program.
const ALLOWED: [&str; 8] = [
    "application/pdf",
    "image/png",
    "image/jpeg",
    "image/webp",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
];

/// The type of a file whose first bytes are `head`; `None` where it may not be evidence.
pub fn of(head: &[u8]) -> Option<&'static str> {
    if let Some(known) = infer::get(head) {
        return ALLOWED.into_iter().find(|m| *m == known.mime_type());
    }
    plain_text(head).then_some("text/plain; charset=utf-8")
}

/// A name that says what the file is: where the given extension says otherwise, the true one is added. On the reader's disk
/// only the name counts.
pub fn named(given: &str, mime: &str) -> String {
    let fitting: &[&str] = match mime {
        "application/pdf" => &["pdf"],
        "image/png" => &["png"],
        "image/jpeg" => &["jpg", "jpeg"],
        "image/webp" => &["webp"],
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => &["docx"],
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => &["xlsx"],
        "application/vnd.oasis.opendocument.text" => &["odt"],
        "application/vnd.oasis.opendocument.spreadsheet" => &["ods"],
        _ => &["txt", "csv", "md", "log"],
    };
    let extension = given.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default();
    match fitting.first() {
        Some(own) if !fitting.contains(&extension.as_str()) => format!("{given}.{own}"),
        _ => given.to_owned(),
    }
}

/// UTF-8 without control characters that does not begin as markup does: a browser that guesses must not find a page.
fn plain_text(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(t) => t,
        // The head may end inside a character.
        Err(e) if e.error_len().is_none() && head.len() == HEAD => {
            std::str::from_utf8(head.get(..e.valid_up_to()).unwrap_or_default()).unwrap_or_default()
        }
        Err(_) => return false,
    };
    let text = text.trim_start_matches('\u{feff}').trim_start();
    !text.is_empty()
        && !text.starts_with('<')
        && !text.starts_with("%PDF")
        && text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t' | '\u{c}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_never_says_more_than_the_content() {
        let table = [
            ("Bericht.PDF", "application/pdf", "Bericht.PDF"),
            ("a.html", "application/pdf", "a.html.pdf"),
            ("a.exe", "image/png", "a.exe.png"),
            ("Konten.csv", "text/plain; charset=utf-8", "Konten.csv"),
            ("start.bat", "text/plain; charset=utf-8", "start.bat.txt"),
            ("Scan", "image/jpeg", "Scan.jpg"),
        ];
        for (given, mime, want) in table {
            assert_eq!(named(given, mime), want);
        }
    }

    #[test]
    fn the_content_decides_and_markup_is_no_evidence() {
        let table: [(&[u8], Option<&str>); 8] = [
            (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", Some("application/pdf")),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Some("image/png")),
            ("Konto;Faktor\nadm-01;ja\n".as_bytes(), Some("text/plain; charset=utf-8")),
            (b"<svg xmlns='http://www.w3.org/2000/svg'>", None),
            (b" \n<html><script>alert(1)</script>", None),
            (b"PK\x03\x04\x14\0\0\0\0\0some.exe", None),
            (b"MZ\x90\0\x03\0\0\0", None),
            (b"a\0b", None),
        ];
        for (head, want) in table {
            assert_eq!(of(head), want, "{}", String::from_utf8_lossy(head));
        }
    }
}
