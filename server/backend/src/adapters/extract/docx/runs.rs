//! Stretches of one look, and how they are written as Markdown.

/// A stretch of text of one look.
#[derive(Clone, Default, PartialEq)]
pub struct Run {
    pub text: String,
    pub bold: bool,
    pub italic: bool,
}

/// Runs of white space are one blank; soft hyphens are none.
pub fn squeezed(text: &str) -> String {
    text.replace('\u{ad}', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Wingdings as Word inserts them: check boxes and bullets.
pub fn symbol(code: &str) -> &'static str {
    match code.to_ascii_uppercase().trim_start_matches('F').trim_start_matches('0') {
        "FE" | "FD" | "E" | "D" | "53" | "52" => "☒ ",
        "A8" | "6F" | "71" | "72" => "☐ ",
        "FC" | "C" => "✓ ",
        _ => "• ",
    }
}

/// The runs as Markdown: bold and italic stretches, white space outside of their marks.
pub fn marked_up(runs: &[Run], look: bool) -> String {
    let mut out = String::new();
    for (i, run) in runs.iter().enumerate() {
        let next = runs.get(i + 1).and_then(|r| r.text.chars().next());
        let inside_word = |a: Option<char>, b: Option<char>| {
            a.is_some_and(char::is_alphanumeric) && b.is_some_and(char::is_alphanumeric)
        };
        let cut = inside_word(out.chars().last(), run.text.chars().next())
            || inside_word(run.text.chars().last(), next);
        let mark = match (run.bold, run.italic) {
            // Half a word in italics is an accident of typing.
            _ if !look || cut => "",
            (true, _) => "**",
            (false, true) => "*",
            (false, false) => "",
        };
        let words = run.text.trim();
        if mark.is_empty()
            || words.is_empty()
            || words.contains(['*', '\n'])
            || words.chars().all(|c| !c.is_alphanumeric())
        {
            out.push_str(&run.text);
            continue;
        }
        let start = run.text.len() - run.text.trim_start().len();
        let (before, rest) = run.text.split_at(start);
        let after = rest.strip_prefix(words).unwrap_or_default();
        out.push_str(&format!("{before}{mark}{words}{mark}{after}"));
    }
    out.lines().map(squeezed).collect::<Vec<_>>().join("\n").trim().to_owned()
}
