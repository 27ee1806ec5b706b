//! One set of measures, many dialects: the same measures under the goals of another catalogue.
//!
//! A document has the outline that it came with, and one for every catalogue in which somebody wanted to see it. Nothing is lost by
//! switching: a measure that a catalogue has no goal for stands in a section of its own at the end, and is named as unplaced.

use crate::catalogues::{self, Catalogue, CatalogueCode, Goal, GoalKey};
use crate::codes::Scheme;
use crate::error::DomainError;
use crate::ids::MeasureId;
use serde::{Deserialize, Serialize};

/// The catalogues that a document can be laid out by. ISO's 93 controls are a statement of applicability, not a TOM document.
pub const LAYOUTS: [CatalogueCode; 7] = [
    CatalogueCode::Art32,
    CatalogueCode::Abcd,
    CatalogueCode::Bdsg64,
    CatalogueCode::Bdsg22,
    CatalogueCode::Scc915,
    CatalogueCode::Scc914,
    CatalogueCode::Sdm,
];

/// The checked layout; empty is the document's own outline.
pub fn layout(asked: &str) -> Result<Option<CatalogueCode>, DomainError> {
    if asked.is_empty() {
        return Ok(None);
    }
    let code: CatalogueCode = asked.parse()?;
    if LAYOUTS.contains(&code) { Ok(Some(code)) } else { Err(DomainError::invalid("layout")) }
}

/// How a layout numbers its parts: a flat catalogue as the nine sections do.
pub fn scheme_of(layout: Option<CatalogueCode>, own: Scheme) -> Scheme {
    match layout {
        None => own,
        Some(CatalogueCode::Abcd) => Scheme::Abcd,
        Some(_) => Scheme::Nine,
    }
}

/// Where a measure goes in a catalogue: the code of its goal, `None` where there is no goal for it.
pub fn place(goals: &[GoalKey], catalogue: CatalogueCode) -> Option<&'static str> {
    catalogues::places(goals, catalogue).into_iter().next()
}

/// How one goal of a catalogue is covered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    pub code: String,
    pub title: String,
    /// Measures in force that stand there or are referred to: id and code in the document.
    pub measures: Vec<(MeasureId, String)>,
}

/// How a document covers one catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covered {
    /// A shipped catalogue; `None`: a title list of the organisation's own.
    pub catalogue: Option<CatalogueCode>,
    /// What the page calls it by.
    pub id: String,
    pub title: String,
    pub source: String,
    pub licence: String,
    pub note: String,
    pub cells: Vec<Cell>,
    /// Measures that no goal of this catalogue is for.
    pub unplaced: Vec<(MeasureId, String)>,
}

impl Covered {
    /// Goals without a measure.
    pub fn gaps(&self) -> usize {
        self.cells.iter().filter(|c| c.measures.is_empty()).count()
    }
}

/// How one canonical goal is served, with its places in each catalogue: a row of the matrix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub goal: GoalKey,
    pub measures: u32,
    /// One for each of [`CatalogueCode::ALL`].
    pub codes: Vec<Vec<String>>,
}

/// How a document covers all catalogues, side by side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    pub document: crate::ids::DocumentId,
    pub document_title: String,
    pub layout: Option<CatalogueCode>,
    pub rows: Vec<Row>,
    pub catalogues: Vec<Covered>,
    pub headings: Vec<super::Heading>,
}

/// A measure in force as coverage sees it.
pub struct Placed {
    pub id: MeasureId,
    pub code: String,
    pub goals: Vec<GoalKey>,
}

/// How these measures cover a catalogue, in a language (`de` or `en`).
pub fn covered(code: CatalogueCode, measures: &[Placed], language: &str) -> Covered {
    let c: &Catalogue = catalogues::catalogue(code);
    let at: Vec<Vec<&str>> = measures.iter().map(|m| catalogues::places(&m.goals, code)).collect();
    let name = |m: &Placed| (m.id, m.code.clone());
    let cell = |g: &Goal| Cell {
        code: g.code.clone(),
        title: g.title.of(language).to_owned(),
        measures: measures
            .iter()
            .zip(&at)
            .filter(|(_, p)| p.contains(&g.code.as_str()))
            .map(|(m, _)| name(m))
            .collect(),
    };
    Covered {
        catalogue: Some(code),
        id: code.as_str().to_owned(),
        title: c.title.of(language).to_owned(),
        source: c.source.name.clone(),
        licence: c.licence.of(language).to_owned(),
        note: c.note.as_ref().map(|n| n.of(language).to_owned()).unwrap_or_default(),
        cells: c.leaves().map(cell).collect(),
        unplaced: measures.iter().zip(&at).filter(|(_, p)| p.is_empty()).map(|(m, _)| name(m)).collect(),
    }
}

/// The rows of the matrix.
pub fn rows(measures: &[Placed]) -> Vec<Row> {
    let row = |goal: GoalKey| Row {
        goal,
        measures: measures.iter().filter(|m| m.goals.contains(&goal)).count() as u32,
        codes: CatalogueCode::ALL.iter().map(|c| catalogues::codes_of(goal, *c).to_vec()).collect(),
    };
    GoalKey::ALL.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(n: u128, goals: &[GoalKey]) -> Placed {
        Placed {
            id: MeasureId::from_uuid(uuid::Uuid::from_u128(n)),
            code: format!("A.1.E{n}"),
            goals: goals.to_vec(),
        }
    }

    #[test]
    fn a_catalogue_says_what_is_uncovered_and_what_has_no_place() {
        let all = [
            placed(1, &[GoalKey::PhysicalAccess]),
            placed(2, &[GoalKey::Encryption, GoalKey::Transfer]),
            placed(3, &[GoalKey::Review]),
            placed(4, &[]),
        ];
        let jh = covered(CatalogueCode::Bdsg64, &all, "de");
        let codes = |c: &str| {
            jh.cells
                .iter()
                .find(|x| x.code == c)
                .unwrap()
                .measures
                .iter()
                .map(|m| m.1.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            (codes("1"), codes("3"), codes("6")),
            (vec!["A.1.E1".into()], vec!["A.1.E2".into()], vec!["A.1.E2".into()])
        );
        assert_eq!(
            jh.unplaced.iter().map(|m| m.1.as_str()).collect::<Vec<_>>(),
            ["A.1.E3", "A.1.E4"],
            "§ 64 knows no review"
        );
        assert_eq!(jh.gaps(), 14 - 5, "transfer stands at three of its goals");
        assert_eq!(rows(&all).iter().map(|r| r.measures).sum::<u32>(), 4);
    }

    #[test]
    fn a_layout_is_a_catalogue_of_sections() {
        assert_eq!(layout(""), Ok(None));
        assert_eq!(layout("de-abcd"), Ok(Some(CatalogueCode::Abcd)));
        assert!(layout("iso27001-2022-a").is_err() && layout("x").is_err());
        assert_eq!(place(&[GoalKey::Transfer], CatalogueCode::Abcd), Some("B.1"));
        assert_eq!(place(&[GoalKey::Review], CatalogueCode::Bdsg64), None);
    }
}
