//! Check boxes (Ankreuzlisten): `[x]`, `[ ]`, ☒, ☑, ☐, alone or several on a line.

/// What a box says.
const BOXES: [(&str, bool); 14] = [
    ("[x] ", true),
    ("[X] ", true),
    ("[ ] ", false),
    ("☒", true),
    ("☑", true),
    ("✓", true),
    ("✔", true),
    ("✅", true),
    ("☐", false),
    ("□", false),
    ("❑", false),
    ("❏", false),
    ("✗", false),
    ("✘", false),
];

/// A box at the start of a text: whether it is ticked, and the words behind it.
pub fn ticked(text: &str) -> Option<(bool, &str)> {
    BOXES.iter().find_map(|(mark, on)| {
        let rest = text.strip_prefix(mark)?.trim_start_matches('\u{fe0f}').trim_start();
        (!rest.is_empty()).then_some((*on, rest))
    })
}

/// Cuts a line with several boxes before each of them: `☒ Alarm ☐ Video`, `Zutritt: ☒ Alarm`.
pub fn parts(text: &str) -> Vec<&str> {
    let starts: Vec<usize> = text
        .char_indices()
        .filter(|(at, c)| {
            let glyph = *c as u32 > 0x7f && BOXES.iter().any(|(m, _)| m.starts_with(*c));
            glyph && text.get(..*at).is_some_and(|t| t.is_empty() || t.ends_with(char::is_whitespace))
        })
        .map(|(at, _)| at)
        .collect();
    // A line's own list marker stays with its box.
    let first = match starts.first() {
        Some(at) if text.get(..*at).is_some_and(|t| t.trim().chars().count() > 2) => 0,
        Some(_) if starts.len() > 1 => 1,
        _ => return vec![text],
    };
    let mut cuts = vec![0];
    cuts.extend(starts.into_iter().skip(first));
    cuts.push(text.len());
    cuts.windows(2).filter_map(|w| text.get(*w.first()?..*w.last()?)).map(str::trim).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_are_read_and_lines_cut_before_them() {
        assert_eq!(ticked("[x] Alarm"), Some((true, "Alarm")));
        assert_eq!(ticked("☐ Video"), Some((false, "Video")));
        assert_eq!(ticked("[Anlage] Video"), None);
        assert_eq!(parts("☒ Alarm ☐ Video  ☒ Schließanlage"), ["☒ Alarm", "☐ Video", "☒ Schließanlage"]);
        assert_eq!(parts("Zutritt: ☒ Alarm"), ["Zutritt:", "☒ Alarm"]);
        assert_eq!(parts("- ☒ Alarm"), ["- ☒ Alarm"]);
        assert_eq!(parts("- ☒ Alarm ☐ Video"), ["- ☒ Alarm", "☐ Video"]);
        assert_eq!(parts("Alarm"), ["Alarm"]);
    }
}
