//! Title lists: what a user has a licence for and we may not ship (ISO's own titles, an association's checklist), imported as CSV.
//! A list either names the codes of a shipped catalogue, or is a catalogue of its own with goals that it maps to.

mod read;

pub use read::{parse, read};

use crate::catalogues::{CatalogueCode, GoalKey, keys_of};
use crate::documents::{Cell, Covered, Placed};
use crate::error::DomainError;
use crate::ids::TitleListId;
use crate::policy::Permit;
use crate::text;
use serde::{Deserialize, Serialize};

/// A line of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    pub code: String,
    pub title: String,
    /// The canonical goals behind it, where the list is a catalogue of its own.
    #[serde(default)]
    pub goals: Vec<GoalKey>,
}

/// A list as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TitleList {
    pub id: TitleListId,
    pub name: String,
    /// What allows this organisation to use it.
    pub licence: String,
    /// The catalogue whose codes it names; `None`: one of its own.
    pub of: Option<CatalogueCode>,
    pub titles: Vec<Title>,
}

/// Asks to take a list in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportTitles {
    pub name: String,
    pub licence: String,
    pub of: Option<CatalogueCode>,
    pub csv: String,
}

/// The checked request.
pub fn import(cmd: &ImportTitles) -> Result<(String, String, Vec<Title>), DomainError> {
    let (name, licence) = (text::name(&cmd.name, "name", 120)?, text::name(&cmd.licence, "licence", 300)?);
    Ok((name, licence, read(&cmd.csv, cmd.of)?))
}

/// How a document covers a list that is a catalogue of its own.
pub fn covered(list: &TitleList, measures: &[Placed]) -> Covered {
    let serves = |t: &Title, m: &Placed| t.goals.iter().any(|g| m.goals.contains(g));
    let name = |m: &Placed| (m.id, m.code.clone());
    Covered {
        catalogue: None,
        id: list.id.to_string(),
        title: list.name.clone(),
        source: String::new(),
        licence: list.licence.clone(),
        note: String::new(),
        cells: list
            .titles
            .iter()
            .map(|t| Cell {
                code: t.code.clone(),
                title: t.title.clone(),
                measures: measures.iter().filter(|m| serves(t, m)).map(name).collect(),
            })
            .collect(),
        unplaced: measures.iter().filter(|m| !list.titles.iter().any(|t| serves(t, m))).map(name).collect(),
    }
}

/// Puts a list's titles in the place of the shipped labels.
pub fn rename(list: &TitleList, covered: &mut Covered) {
    for cell in &mut covered.cells {
        if let Some(t) = list.titles.iter().find(|t| t.code == cell.code) {
            cell.title.clone_from(&t.title);
        }
    }
    covered.licence = format!("{}; {}: {}", covered.licence, list.name, list.licence);
}

/// Use cases of title lists.
#[async_trait::async_trait]
pub trait TitleService: Send + Sync {
    async fn list(&self, permit: Permit) -> Result<Vec<TitleList>, DomainError>;
    /// A list of the same name takes the place of the former one.
    async fn import(&self, permit: Permit, cmd: ImportTitles) -> Result<TitleListId, DomainError>;
    async fn remove(&self, permit: Permit, id: TitleListId) -> Result<(), DomainError>;
}

/// The codes that a catalogue has, for a list that names them.
fn known(of: CatalogueCode, code: &str) -> bool {
    !keys_of(of, code).is_empty() || crate::catalogues::catalogue(of).goals.iter().any(|g| g.code == code)
}
