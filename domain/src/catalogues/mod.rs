//! Catalogues of goals as data: who published them, under which licence, since when; and the mapping that links them.
//!
//! A goal is keyed by (catalogue, code), never by its name: "Zugangskontrolle" is the log-in in the Anlage zu § 9 BDSG a.F. and
//! the door in § 64(3) BDSG. Between catalogues the 22 canonical goals ([`GoalKey`]) carry the mapping (`data/goals.json`); it is
//! our own expert judgement and has been reviewed by nobody else. The data files stand in `domain/data`.

mod propose;
mod protection;
mod suggest;

pub use propose::{Proposal, Why, misfiled, propose};
pub use protection::{Protection, protection};
pub use suggest::{Offered, offered};

use crate::codes::Scheme;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::LazyLock;

crate::import::words! {
    /// The 22 canonical goals (Kontrollziele), through which all catalogues are mapped.
    GoalKey {
        Pseudonymisation = "pseudonymisation",
        Encryption = "encryption",
        /// Doors (Zutritt).
        PhysicalAccess = "physical_access",
        /// The log-in (Zugang).
        SystemAccess = "system_access",
        /// Authorisations (Zugriff).
        DataAccess = "data_access",
        Separation = "separation",
        Transfer = "transfer",
        Input = "input",
        Availability = "availability",
        Resilience = "resilience",
        /// Art. 32(1)(c) GDPR.
        Recovery = "recovery",
        /// Art. 32(1)(d) GDPR.
        Review = "review",
        Incident = "incident",
        ByDefault = "by_default",
        Instructions = "instructions",
        Personnel = "personnel",
        Governance = "governance",
        Deletion = "deletion",
        Minimisation = "minimisation",
        Quality = "quality",
        Intervention = "intervention",
        Certification = "certification",
    }
}

crate::import::words! {
    /// The catalogues that are shipped. ISO text, BSI's ISO catalogue and associations' checklists are not.
    CatalogueCode {
        /// Nine sections after Art. 32(1) GDPR.
        Art32 = "de-art32-9",
        /// Control goals A to D, with the definitions of the Anlage zu § 9 BDSG a.F.
        Abcd = "de-abcd",
        Bdsg64 = "de-bdsg64",
        Bdsg22 = "de-bdsg22",
        /// SCC 2021/915, Annex III (controller and processor).
        Scc915 = "scc-2021-915-iii",
        /// SCC 2021/914, Annex II (third countries).
        Scc914 = "scc-2021-914-ii",
        /// Gewährleistungsziele of the Standard-Datenschutzmodell.
        Sdm = "sdm-3.1",
        /// ISO/IEC 27001:2022 Annex A: numbers and labels of our own.
        Iso27001 = "iso27001-2022-a",
    }
}

/// Words in both languages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub de: String,
    pub en: String,
}

impl Words {
    /// The words of a language; `en`, else German.
    pub fn of(&self, language: &str) -> &str {
        if language == "en" { &self.en } else { &self.de }
    }
}

/// Where a catalogue comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub name: String,
    pub url: String,
}

/// A catalogue of goals (Maßnahmenkatalog).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    pub code: String,
    pub version: String,
    pub title: Words,
    pub source: Source,
    pub licence: Words,
    pub attribution: Option<String>,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    pub note: Option<Words>,
    pub goals: Vec<Goal>,
}

/// A goal (Kontroll- oder Gewährleistungsziel) of a catalogue. `definition` is the source's own wording where it has one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    pub code: String,
    pub parent: Option<String>,
    pub title: Words,
    pub law: String,
    pub definition: Option<Words>,
}

impl Catalogue {
    /// The goals that measures are placed under: those that hold no others.
    pub fn leaves(&self) -> impl Iterator<Item = &Goal> {
        self.goals.iter().filter(|g| !self.goals.iter().any(|c| c.parent.as_deref() == Some(&g.code)))
    }
}

/// A canonical goal in the mapping file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mapped {
    key: GoalKey,
    /// Articles of the GDPR, as `32.1.b`.
    articles: Vec<String>,
    codes: HashMap<CatalogueCode, Vec<String>>,
}

/// Reads a data file of ours; a broken one is a mistake that every test shows.
#[allow(clippy::expect_used)]
fn data<T: serde::de::DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).expect("a data file of our own")
}

static CATALOGUES: LazyLock<Vec<Catalogue>> = LazyLock::new(|| {
    [
        include_str!("../../data/catalogues/de-art32-9.json"),
        include_str!("../../data/catalogues/de-abcd.json"),
        include_str!("../../data/catalogues/de-bdsg64.json"),
        include_str!("../../data/catalogues/de-bdsg22.json"),
        include_str!("../../data/catalogues/scc-2021-915-iii.json"),
        include_str!("../../data/catalogues/scc-2021-914-ii.json"),
        include_str!("../../data/catalogues/sdm-3.1.json"),
        include_str!("../../data/catalogues/iso27001-2022-a.json"),
    ]
    .map(data::<Catalogue>)
    .into()
});

static MAPPING: LazyLock<Vec<Mapped>> = LazyLock::new(|| data(include_str!("../../data/goals.json")));

/// A shipped catalogue.
#[allow(clippy::indexing_slicing)]
pub fn catalogue(code: CatalogueCode) -> &'static Catalogue {
    // The files stand in the order of the codes; a test holds them to it.
    &CATALOGUES[code as usize]
}

fn mapped(key: GoalKey) -> Option<&'static Mapped> {
    MAPPING.iter().find(|m| m.key == key)
}

/// The codes under which a canonical goal stands in a catalogue, the nearest first; empty where it has no place there.
pub fn codes_of(key: GoalKey, catalogue: CatalogueCode) -> &'static [String] {
    mapped(key).and_then(|m| m.codes.get(&catalogue)).map_or(&[], Vec::as_slice)
}

/// The articles of the GDPR that a canonical goal answers to, as `32.1.b`.
pub fn articles_of(key: GoalKey) -> &'static [String] {
    mapped(key).map_or(&[], |m| m.articles.as_slice())
}

/// The codes under which a measure with these goals stands: the first is its place, at the others it is referred to.
pub fn places(goals: &[GoalKey], catalogue: CatalogueCode) -> Vec<&'static str> {
    let mut out: Vec<&'static str> = Vec::new();
    for code in goals.iter().flat_map(|g| codes_of(*g, catalogue)) {
        if !out.contains(&code.as_str()) {
            out.push(code);
        }
    }
    out
}

/// The canonical goals behind a catalogue's code.
pub fn keys_of(catalogue: CatalogueCode, code: &str) -> Vec<GoalKey> {
    GoalKey::ALL.into_iter().filter(|k| codes_of(*k, catalogue).iter().any(|c| c == code)).collect()
}

/// The catalogue whose outline a scheme follows.
pub fn of_scheme(scheme: Scheme) -> CatalogueCode {
    match scheme {
        Scheme::Nine => CatalogueCode::Art32,
        Scheme::Abcd => CatalogueCode::Abcd,
    }
}

/// A suggested wording (Formulierungsbaustein) of our own, with what it promises and what would prove it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suggestion {
    pub id: String,
    pub goal: GoalKey,
    pub kind: String,
    pub label: Words,
    /// Parameters stand in braces: `nach {screen_lock}`.
    pub text: Words,
    pub parameters: Vec<SuggestedParameter>,
    pub evidence: Words,
    pub evidence_kind: crate::evidence::EvidenceKind,
    /// ISO 8601.
    pub interval: String,
}

/// A value that a suggestion proposes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuggestedParameter {
    pub key: String,
    pub op: crate::parameters::Op,
    pub value: String,
    pub unit: String,
    pub direction: crate::parameters::Direction,
}

static SUGGESTIONS: LazyLock<Vec<Suggestion>> =
    LazyLock::new(|| data(include_str!("../../data/suggestions.json")));

/// The suggested wordings for a goal.
pub fn suggestions(goal: GoalKey) -> impl Iterator<Item = &'static Suggestion> {
    SUGGESTIONS.iter().filter(move |s| s.goal == goal)
}

/// A legal provision or standard with the days between which it is in force (Rechtsnorm).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalReference {
    pub key: String,
    pub title: String,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    pub superseded_by: Option<String>,
    /// How texts write it, folded (`crate::prose`).
    #[serde(deserialize_with = "folded")]
    pub names: Vec<String>,
}

impl LegalReference {
    /// A standard or catalogue, which has editions; else a statute.
    pub fn is_standard(&self) -> bool {
        self.key.starts_with("ISO") || self.key.starts_with("C5")
    }

    /// The title of what stands in its place today, through all that came between; empty where nothing does.
    pub fn successor(&self) -> &'static str {
        let next = |key: Option<&String>| law().iter().find(|n| Some(&n.key) == key);
        let mut found = next(self.superseded_by.as_ref());
        // A chain in the data never runs in a circle; ten steps would be a mistake.
        for _ in 0..10 {
            match found.and_then(|f| next(f.superseded_by.as_ref())) {
                Some(later) => found = Some(later),
                None => break,
            }
        }
        found.map_or("", |n| n.title.as_str())
    }
}

/// Folds names while they are read: every text is held against them.
fn folded<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Vec<String>, D::Error> {
    let names = Vec::<String>::deserialize(d)?;
    Ok(names.iter().map(|n| crate::prose::Folded::of(n).text).collect())
}

static LAW: LazyLock<Vec<LegalReference>> = LazyLock::new(|| data(include_str!("../../data/law.json")));

/// All legal references that are kept as data.
pub fn law() -> &'static [LegalReference] {
    &LAW
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_catalogue_is_whole_and_says_where_it_comes_from() {
        let counts = CatalogueCode::ALL.map(|c| catalogue(c).leaves().count());
        assert_eq!(counts, [9, 14, 14, 10, 17, 17, 7, 93]);
        for code in CatalogueCode::ALL {
            let c = catalogue(code);
            assert_eq!(c.code, code.as_str());
            assert!(
                c.source.url.starts_with("https://") && !c.licence.de.is_empty() && !c.licence.en.is_empty(),
                "{code}"
            );
            let mut codes: Vec<&str> = c.goals.iter().map(|g| g.code.as_str()).collect();
            codes.sort_unstable();
            codes.dedup();
            assert_eq!(codes.len(), c.goals.len(), "{code}: a code stands twice");
            for g in &c.goals {
                assert!(!g.title.de.is_empty() && !g.title.en.is_empty(), "{code} {}", g.code);
                assert!(g.parent.as_ref().is_none_or(|p| codes.contains(&p.as_str())), "{code} {}", g.code);
            }
        }
        let four = [("5", 37), ("6", 8), ("7", 14), ("8", 34)];
        for (theme, count) in four {
            let of = |g: &&Goal| g.parent.as_deref() == Some(theme);
            assert_eq!(
                catalogue(CatalogueCode::Iso27001).goals.iter().filter(of).count(),
                count,
                "theme {theme}"
            );
        }
        assert!(
            catalogue(CatalogueCode::Iso27001).goals.iter().all(|g| {
                [&g.title.de, &g.title.en].into_iter().all(|t| t.split_whitespace().count() <= 6)
                    && g.definition.is_none()
            }),
            "ISO is numbers and short labels of our own only"
        );
    }

    #[test]
    fn the_mapping_names_goals_that_are_there() {
        assert_eq!(MAPPING.iter().map(|m| m.key).collect::<Vec<_>>(), GoalKey::ALL);
        for key in GoalKey::ALL {
            for code in CatalogueCode::ALL {
                let c = catalogue(code);
                for of in codes_of(key, code) {
                    assert!(c.leaves().any(|g| g.code == *of), "{key}: {code} has no goal {of}");
                }
            }
            assert!(
                !codes_of(key, CatalogueCode::Art32).is_empty()
                    && !codes_of(key, CatalogueCode::Abcd).is_empty(),
                "{key}"
            );
        }
        // The same word, two goals: doors in § 64 BDSG, the log-in in the Anlage zu § 9 BDSG a.F.
        assert_eq!(keys_of(CatalogueCode::Bdsg64, "1"), [GoalKey::PhysicalAccess]);
        assert_eq!(keys_of(CatalogueCode::Abcd, "A.2"), [GoalKey::SystemAccess]);
        assert_eq!(places(&[GoalKey::Encryption, GoalKey::Transfer], CatalogueCode::Abcd), ["A.5", "B.1"]);
        let every_bullet = catalogue(CatalogueCode::Scc915)
            .leaves()
            .all(|g| !keys_of(CatalogueCode::Scc915, &g.code).is_empty());
        assert!(every_bullet, "each bullet of Annex III is mapped");
    }

    #[test]
    fn each_goal_has_three_suggestions_with_their_values_in_both_texts() {
        for key in GoalKey::ALL {
            assert!(suggestions(key).count() >= 3, "{key}");
        }
        for s in SUGGESTIONS.iter() {
            for p in &s.parameters {
                let place = format!("{{{}}}", p.key);
                assert!(s.text.de.contains(&place) && s.text.en.contains(&place), "{}: {place}", s.id);
            }
            let places = |t: &str| t.matches('{').count();
            assert_eq!(
                (places(&s.text.de), places(&s.text.en)),
                (s.parameters.len(), s.parameters.len()),
                "{}",
                s.id
            );
            assert!(
                s.interval.starts_with('P') && !s.evidence.de.is_empty() && !s.evidence.en.is_empty(),
                "{}",
                s.id
            );
        }
    }

    #[test]
    fn what_was_repealed_names_its_successor() {
        for l in law() {
            assert!(l.valid_to.is_none_or(|end| end > l.valid_from), "{}", l.key);
            assert!(l.superseded_by.as_ref().is_none_or(|k| law().iter().any(|o| o.key == *k)), "{}", l.key);
        }
    }
}
