//! The toolbar's rule: marks around words, markers before lines; pressed again, they go.

crate::import::words! {
    /// A button.
    Format {
        Bold = "bold",
        Italic = "italic",
        Bullets = "bullets",
        Numbers = "numbers",
    }
}

/// Replace the bytes `from..to` by `text`, then select `select` (bytes of the new text).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub from: usize,
    pub to: usize,
    pub text: String,
    pub select: (usize, usize),
}

/// What a button does where the bytes `from..to` of a text are selected. Bounds that are none are moved to the next that are.
pub fn apply(format: Format, text: &str, from: usize, to: usize) -> Edit {
    let from = text.floor_char_boundary(from.min(text.len()));
    let to = text.ceil_char_boundary(to.clamp(from, text.len()));
    match format {
        Format::Bold => wrap(text, from, to, "**"),
        Format::Italic => wrap(text, from, to, "*"),
        Format::Bullets => mark(text, from, to, |_| "- ".to_owned()),
        Format::Numbers => mark(text, from, to, |n| format!("{n}. ")),
    }
}

fn wrap(text: &str, from: usize, to: usize, mark: &str) -> Edit {
    // Blanks at the ends stay outside: "** x**" is no emphasis.
    let chosen = &text[from..to];
    let from = from + (chosen.len() - chosen.trim_start().len());
    let to = (to - (chosen.len() - chosen.trim_end().len())).max(from);
    let (before, words, after) = (&text[..from], &text[from..to], &text[to..]);
    let stars = |s: &str| s.chars().take_while(|c| *c == '*').count();
    let around = stars(&before.chars().rev().collect::<String>()).min(stars(after));
    let has = match mark.len() {
        1 => around % 2 == 1,
        _ => around >= 2,
    };
    if has && !words.is_empty() {
        let start = from - mark.len();
        return Edit {
            from: start,
            to: to + mark.len(),
            text: words.to_owned(),
            select: (start, start + words.len()),
        };
    }
    let start = from + mark.len();
    Edit { from, to, text: format!("{mark}{words}{mark}"), select: (start, start + words.len()) }
}

/// What a list's line begins with, blanks before it included.
fn marker(line: &str) -> usize {
    let inner = line.trim_start();
    let blanks = line.len() - inner.len();
    let digits = inner.chars().take_while(char::is_ascii_digit).count();
    if inner.starts_with("- ") || inner.starts_with("* ") {
        return blanks + 2;
    }
    let numbered = digits > 0 && (inner[digits..].starts_with(". ") || inner[digits..].starts_with(") "));
    if numbered { blanks + digits + 2 } else { 0 }
}

fn mark(text: &str, from: usize, to: usize, marker_of: impl Fn(usize) -> String) -> Edit {
    let start = text[..from].rfind('\n').map_or(0, |i| i + 1);
    let end = text[to..].find('\n').map_or(text.len(), |i| to + i);
    let lines: Vec<&str> = text[start..end].split('\n').collect();
    let said = |l: &&&str| !l.trim().is_empty();
    let number = |l: &str| l.trim_start().starts_with(|c: char| c.is_ascii_digit());
    let wants_number = number(&marker_of(1));
    let all = lines.iter().filter(said).all(|l| marker(l) > 0 && number(l) == wants_number);
    let any = lines.iter().any(|l| said(&l));
    let mut n = 0;
    let out: Vec<String> = lines
        .iter()
        .map(|l| {
            if l.trim().is_empty() && any {
                return (*l).to_owned();
            }
            n += 1;
            let words = &l[marker(l)..];
            if all && any { words.to_owned() } else { format!("{}{words}", marker_of(n)) }
        })
        .collect();
    let text = out.join("\n");
    let select = (start, start + text.len());
    Edit { from: start, to: end, text, select }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn done(format: Format, text: &str, from: usize, to: usize) -> String {
        let e = apply(format, text, from, to);
        format!("{}{}{}", &text[..e.from], e.text, &text[e.to..])
    }

    #[test]
    fn a_button_marks_and_pressed_again_takes_the_mark_away() {
        assert_eq!(done(Format::Bold, "Türen sind zu.", 0, 7), "**Türen** sind zu.");
        assert_eq!(done(Format::Bold, "**Türen** sind zu.", 2, 8), "Türen sind zu.");
        assert_eq!(done(Format::Italic, "**Türen** sind", 2, 8), "***Türen*** sind");
        assert_eq!(done(Format::Italic, "***Türen*** sind", 3, 9), "**Türen** sind");
        assert_eq!(apply(Format::Bold, "", 0, 0).select, (2, 2));
        assert_eq!(done(Format::Bullets, "Eins\n\nZwei", 1, 8), "- Eins\n\n- Zwei");
        assert_eq!(done(Format::Bullets, "- Eins\n- Zwei", 1, 8), "Eins\nZwei");
        assert_eq!(done(Format::Numbers, "- Eins\n- Zwei", 0, 13), "1. Eins\n2. Zwei");
        assert_eq!(done(Format::Numbers, "", 0, 0), "1. ");
    }

    proptest! {
        #[test]
        fn no_letter_is_lost(text in "[a-zä*\n -]{0,30}", from in 0usize..40, to in 0usize..40) {
            let letters = |t: &str| t.chars().filter(|c| c.is_alphabetic()).collect::<String>();
            for format in Format::ALL {
                prop_assert_eq!(letters(&done(format, &text, from, to)), letters(&text));
                let e = apply(format, &text, from, to);
                prop_assert!(e.select.0 <= e.select.1 && e.select.1 <= e.from + e.text.len());
            }
        }
    }
}
