//! Numbers and durations as German and English texts write them: `99,95`, `99.95`, `1.000`, `vier`, `quartalsweise`.

/// A number as a plain decimal (`99.95`), from digits or a word of folded text.
pub(super) fn number(said: &str) -> Option<String> {
    const WORDS: [(&str, &str); 27] = [
        ("zwei", "2"),
        ("drei", "3"),
        ("vier", "4"),
        ("fuenf", "5"),
        ("sechs", "6"),
        ("sieben", "7"),
        ("acht", "8"),
        ("neun", "9"),
        ("zehn", "10"),
        ("elf", "11"),
        ("zwoelf", "12"),
        ("two", "2"),
        ("three", "3"),
        ("four", "4"),
        ("five", "5"),
        ("six", "6"),
        ("seven", "7"),
        ("eight", "8"),
        ("nine", "9"),
        ("ten", "10"),
        ("twelve", "12"),
        ("doppelt", "2"),
        ("dreifach", "3"),
        ("zweifach", "2"),
        ("twice", "2"),
        ("a", "1"),
        ("an", "1"),
    ];
    if let Some((_, n)) = WORDS.iter().find(|(w, _)| *w == said) {
        return Some((*n).to_owned());
    }
    if said.starts_with("ein") || said == "one" || said == "once" {
        return Some("1".to_owned());
    }
    if !said.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let groups: Vec<&str> = said.split(['.', ',']).collect();
    let thousands = groups.len() > 1
        && groups.iter().skip(1).all(|g| g.len() == 3)
        && groups.first().is_some_and(|g| *g != "0");
    match (thousands, groups.as_slice()) {
        (true, _) => Some(groups.concat()),
        (false, [whole]) => Some((*whole).to_owned()),
        (false, [whole, part]) => {
            let part = part.trim_end_matches('0');
            Some(if part.is_empty() { (*whole).to_owned() } else { format!("{whole}.{part}") })
        }
        _ => None,
    }
}

/// The ISO 8601 duration of `n` times a unit's word in folded text.
pub(super) fn duration(n: &str, unit: &str) -> Option<String> {
    let (time, letter) = match unit {
        u if u.starts_with("sek") || u.starts_with("sec") || u == "s" => (true, 'S'),
        u if u.starts_with("min") => (true, 'M'),
        u if u.starts_with("stund") || u.starts_with("std") || u.starts_with("hour") || u == "h" => {
            (true, 'H')
        }
        u if u.starts_with("tag")
            || u.starts_with("day")
            || u.starts_with("werktag")
            || u.contains("day")
            || u.contains("tag") =>
        {
            (false, 'D')
        }
        u if u.starts_with("woche") || u.starts_with("week") => (false, 'W'),
        u if u.starts_with("quartal") || u.starts_with("quarter") => {
            return Some(format!("P{}M", n.parse::<u32>().ok()? * 3));
        }
        u if u.starts_with("halbjahr") => return Some(format!("P{}M", n.parse::<u32>().ok()? * 6)),
        u if u.starts_with("monat") || u.starts_with("month") => (false, 'M'),
        u if u.starts_with("jahr") || u.starts_with("year") => (false, 'Y'),
        _ => return None,
    };
    n.contains('.').then_some(()).map_or_else(
        || Some(format!("{}{n}{letter}", if time { "PT" } else { "P" })),
        // Half an hour is thirty minutes; what is finer nobody promises.
        |()| {
            let minutes = n.parse::<f64>().ok()?
                * f64::from(match letter {
                    'H' => 60u32,
                    'D' => 1_440,
                    _ => return None,
                });
            Some(format!("PT{}M", minutes.round() as i64))
        },
    )
}

/// How often in a span: four times a year is every three months. Whole months or days only.
pub(super) fn often(times: u32, span: &str) -> Option<String> {
    if times == 0 {
        return None;
    }
    Some(match (times, span) {
        (1, s) => duration("1", s)?,
        (n, s) if s.starts_with("jahr") || s.starts_with("year") => match 12 % n {
            0 => format!("P{}M", 12 / n),
            _ => format!("P{}D", 365 / n),
        },
        (n, s) if s.starts_with("monat") || s.starts_with("month") => format!("P{}D", 30 / n.min(30)),
        (n, s) if s.starts_with("woche") || s.starts_with("week") => format!("P{}D", 7 / n.min(7)),
        (n, s) if s.starts_with("tag") || s.starts_with("day") => format!("PT{}H", 24 / n.min(24)),
        _ => return None,
    })
}

/// Seconds of an ISO 8601 duration; a month counts 30 days and a year 365, for comparing only.
pub(super) fn seconds(iso: &str) -> Option<i64> {
    let rest = iso.strip_prefix('P')?;
    let (mut time, mut total, mut digits) = (false, 0i64, String::new());
    for c in rest.chars() {
        match c {
            'T' => time = true,
            '0'..='9' => digits.push(c),
            _ => {
                let n: i64 = digits.parse().ok()?;
                digits.clear();
                let one = match (c, time) {
                    ('S', true) => 1,
                    ('M', true) => 60,
                    ('H', true) => 3_600,
                    ('D', false) => 86_400,
                    ('W', false) => 604_800,
                    ('M', false) => 2_592_000,
                    ('Y', false) => 31_536_000,
                    _ => return None,
                };
                total = total.checked_add(n.checked_mul(one)?)?;
            }
        }
    }
    digits.is_empty().then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_durations_are_read_in_both_languages() {
        let table = [
            ("99,95", "99.95"),
            ("99.99", "99.99"),
            ("1.000", "1000"),
            ("vier", "4"),
            ("eine", "1"),
            ("12", "12"),
            ("1,50", "1.5"),
        ];
        for (said, want) in table {
            assert_eq!(number(said).as_deref(), Some(want), "{said}");
        }
        assert_eq!(number("viele"), None);
        let table = [
            ("900", "sekunden", "PT900S"),
            ("14", "tage", "P14D"),
            ("2", "quartale", "P6M"),
            ("3", "years", "P3Y"),
            ("1.5", "stunden", "PT90M"),
        ];
        for (n, unit, want) in table {
            assert_eq!(duration(n, unit).as_deref(), Some(want), "{n} {unit}");
        }
        assert_eq!(often(4, "jahr").as_deref(), Some("P3M"));
        assert_eq!(often(1, "woche").as_deref(), Some("P1W"));
        assert_eq!(
            (seconds("PT15M"), seconds("P1W"), seconds("P3M"), seconds("15")),
            (Some(900), Some(604_800), Some(7_776_000), None)
        );
    }
}
