//! The patterns by which parameters are found, over folded text (`crate::prose`).

use crate::pattern::{Regex, pattern};
use std::sync::LazyLock;

/// Patterns that are compiled when they are first asked.
macro_rules! patterns {
    ($($name:ident = $text:expr;)+) => { $(pub(super) static $name: LazyLock<Regex> = LazyLock::new(|| pattern($text));)+ };
}

/// A number in digits or as a word.
const N: &str = r"(?:\d{1,3}(?:[.,]\d{3})+|\d+(?:[.,]\d+)?|eine?[mnrs]?|zwei|drei|vier|fuenf|sechs|sieben|acht|neun|zehn|elf|zwoelf|one|two|three|four|five|six|seven|eight|nine|ten|twelve)";
const SPAN: &str = r"(?:sekunden?|seconds?|minuten?|minutes?|stunden?|std\.?|hours?|werktage?n?|arbeitstage?n?|business days?|kalendertage?n?|tage?n?|days?|wochen?|weeks?|monate?n?|monats|months?|quartale?n?|quarters?|halbjahre?n?|jahre?n?s?|years?)";
/// Words that bind a number, right before it.
const BOUND: &str = r"(?:\b(mindestens|wenigstens|mind\.|minimum|minimal|at least|nicht weniger als|maximal|max\.|hoechstens|bis zu|spaetestens|innerhalb von|innerhalb|innert|binnen|at most|within|up to|no later than|laengstens|ca\.|circa|etwa|rund|approximately|approx\.|about|unter|below|ueber|zwischen|between|nach|after|alle|every|each|je)\s+)?(?:\b(?:als|von|of|nach|after|der|den|the)\s+)?";

pub(crate) use patterns;

patterns! {
    QUANTITY = &format!(r"{BOUND}\b({N})[ -]?({SPAN}|zeichen\b|characters?\b|generationen?|generations?|%|prozent|percent|[gm]bit/s|megawatt|mw\b|bit\b|kopien|copies)");
    BETWEEN = &format!(r"(?:zwischen|between|von|from)\s+({N})\s+(?:bis|und|and|to)\s+({N})\s+({SPAN}|zeichen|characters?)");
    PAIR = &format!(r"\b({N})\s+(?:und|and|oder|or)\s+({N})\s+([gm]bit/s)");
    TIMES = &format!(r"\b(?:(mindestens|wenigstens|at least|maximal|hoechstens)\s+)?(einmal|zweimal|dreimal|viermal|sechsmal|zwoelfmal|once|twice|\d+ ?x|\d+[ -]?mal|{N} (?:mal|times))\s+(?:pro|im|in der|am|je|jeden?|a|an|per|every|each|pro angefangenem)\s+({SPAN})");
    ADVERB_TIMES = r"\b(jaehrlich|monatlich|woechentlich|taeglich)\s+(zweimal|dreimal|viermal|sechsmal|zwoelfmal|\d+ ?x|\d+[ -]?mal)";
    TIMES_ADVERB = r"\b(?:(mindestens|wenigstens|at least)\s+)?(einmal|zweimal|dreimal|viermal|sechsmal|\d+ ?x|\d+[ -]?mal|once|twice)\s+(jaehrlich|monatlich|woechentlich|taeglich|yearly|monthly|weekly|daily)";
    ADVERB = r"\b(?:(mindestens|wenigstens|at least)\s+)?(halbstuendlich\w*|stuendlich\w*|taeglich\w*|arbeitstaeglich\w*|werktaeglich\w*|naechtlich\w*|woechentlich\w*|vierzehntaegig\w*|zweiwoechentlich\w*|monatlich\w*|quartalsweise|quartalsmaessig\w*|vierteljaehrlich\w*|halbjaehrlich\w*|zweijaehrlich\w*|jaehrlich\w*|hourly|daily|nightly|weekly|fortnightly|monthly|quarterly|half-yearly|semi-annual\w*|yearly|annual\w*)\b";
    VAGUE = r"\b((?:in )?(?:angemessenen|regelmaessigen) (?:zeit)?abstaenden|regelmaessig\w*|laufenden? pruefung\w*|turnusmaessig\w*|periodisch\w*|von zeit zu zeit|regularly|periodically|at regular intervals|from time to time)\b";
    SOON = r"\b(unverzueglich\w*|umgehend\w*|schnellstmoeglich\w*|without undue delay|promptly|immediately)\b";
    SEVERAL = r"\b(mehrere (?:tage|wochen|monate|jahre)|several (?:days|weeks|months|years))\b";
    AROUND = r"\b(24 ?x ?7|7 ?x ?24|24/7|7/24|rund um die uhr|around the clock|round the clock|24[ -]?stunden[ -]?(?:hotline|support|dienst|bereitschaft)\w*)\b";
    COPIES = r"\b(?:(mindestens|at least)\s+)?(doppelt|zweifach|dreifach|twice)\b";
    CERTIFICATE = r"\b((?:din |en )*iso(?:[ /]iec)? ?\d{4,5}(?:-\d+)?(?::\d{4})?|c5(?::\d{4})?(?: typ [12]| type [12])|soc ?[12](?: type (?:1|2|i|ii))?|tisax|pci[- ]dss|it-grundschutz[- ]zertifi\w+)\b";
    PROTOCOL = r"\b(ssl ?/ ?(?:tls|ip-?sec)|tls ?1\.[0-3](?: oder hoeher| or higher)?|tls|ssl|ip-?sec|s/mime|open-?pgp|pgp|wireguard|sftp|https|aes-?(?:128|192|256)(?:-gcm|-cbc|-xts)?|aes|rsa-?\d{4}|mta-sts|dane)\b";
    LEVELS = r"\b((?:sicherheitsstufe|schutzklasse|security level|protection class)\s+(?:[hpeftod]-)?)(\d)\b";
    CLASSES = r"\(([a-z]+ )?(\w+), (\w+) (?:und|and) (\w+)\)";
    FAILED = &format!(r"\b(?:nach|after)\s+({N})\s+(?:erfolglosen |falschen |fehlgeschlagenen |failed |unsuccessful )?(?:fehl\w*|anmeldeversuche\w*|versuche\w*|passwoerter\w*|kennwoerter\w*|eingaben|log-?in attempts|attempts|tries)");
    COUNTED = &format!(r"\b(?:(mindestens|at least|maximal|at most)\s+)?({N})\s+(selbstaendige\w*|unabhaengige\w*|getrennte\w*|redundante\w*|independent|separate|redundant)?\s*([a-z-]{{4,}})");
    AT_LEAST = r"\b(mindestens|wenigstens|at least)\s+(zwei|drei|vier|two|three|four|\d+)\b";
    HARD = r"\b(nach|after) (?:einer|one) minute\b";
}
