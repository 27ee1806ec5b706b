//! What may be asked of a document's frame: a new one from a catalogue, its title and language, its headings, its scopes.

use super::ScopeRole;
use crate::catalogues::{self, Goal};
use crate::codes::Scheme;
use crate::error::DomainError;
use crate::ids::{DocumentId, NodeId};
use crate::import::{Imported, Kind, Node};
use crate::text;
use serde::{Deserialize, Serialize};

/// Longest title of a document or heading, in characters.
pub const TITLE: usize = 300;
/// Longest reason for an empty goal, in bytes.
const REASON: usize = 4_000;

/// Asks for a new document with the headings of a catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDocument {
    pub title: String,
    pub scheme: Scheme,
    pub language: String,
}

/// Asks for another title, language or processing role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditDocument {
    pub id: DocumentId,
    pub title: String,
    pub language: String,
    pub roles: Vec<ScopeRole>,
}

/// Asks for another heading, or says why a goal has no measure. `was` is the heading that was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditNode {
    pub document: DocumentId,
    pub node: NodeId,
    pub was: String,
    pub title: String,
    pub empty_reason: String,
}

/// The language of a document's frame: `de` or `en` (BCP 47).
pub fn language(asked: &str) -> Result<String, DomainError> {
    match asked {
        "de" | "en" => Ok(asked.to_owned()),
        _ => Err(DomainError::invalid("language")),
    }
}

/// The checked title of a document or heading.
pub fn title(asked: &str) -> Result<String, DomainError> {
    text::name(asked, "title", TITLE)
}

/// The checked reason for an empty goal; nothing typed is no reason.
pub fn empty_reason(asked: &str) -> Result<Option<String>, DomainError> {
    let reason = text::prose(asked, "reason", REASON)?;
    match text::visible(&reason) {
        0 => Ok(None),
        n if n < text::SHORTEST_REASON => Err(DomainError::ReasonTooShort),
        _ => Ok(Some(reason)),
    }
}

/// The tree of a catalogue without measures, in the shape that an import has.
pub fn from_catalogue(scheme: Scheme, title: &str) -> Imported {
    let of = |g: &Goal, kind: Kind| {
        let title = match kind {
            Kind::Section => format!("{} ({})", g.title.de, g.law),
            _ => g.title.de.clone(),
        };
        heading(kind, &title, g.definition.as_ref().map(|d| sentence(&d.de)).as_deref())
    };
    let goals = &catalogues::catalogue(catalogues::of_scheme(scheme)).goals;
    let nodes = goals.iter().filter(|g| g.parent.is_none()).map(|section| {
        let under = goals.iter().filter(|g| g.parent.as_deref() == Some(&section.code));
        Node { children: under.map(|g| of(g, Kind::Goal)).collect(), ..of(section, Kind::Section) }
    });
    let nodes = nodes.collect();
    Imported {
        title: title.to_owned(),
        nodes,
        repairs: Vec::new(),
        not_taken: Vec::new(),
        scheme,
        books: Default::default(),
    }
}

/// A statute's half sentence ("zu verhindern, dass …") as one that stands by itself.
pub fn sentence(half: &str) -> String {
    let mut rest = half.chars();
    let first = rest.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{first}{}.", rest.as_str().trim_end_matches('.'))
}

fn heading(kind: Kind, title: &str, definition: Option<&str>) -> Node {
    Node { definition: definition.map(str::to_owned), ..Node::branch(kind, title.to_owned(), 0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_catalogue_becomes_headings_with_the_statutes_words() {
        let abcd = from_catalogue(Scheme::Abcd, "TOM");
        let counts: Vec<usize> = abcd.nodes.iter().map(|s| s.children.len()).collect();
        assert_eq!(counts, [5, 2, 2, 5]);
        assert!(abcd.nodes[0].children[0].definition.as_deref().unwrap().starts_with("Unbefugten"));
        let nine = from_catalogue(Scheme::Nine, "TOM");
        assert_eq!((nine.nodes.len(), nine.leaves().len()), (9, 0));
        assert_eq!(
            nine.nodes[0].title.as_deref(),
            Some("Pseudonymisierung und Anonymisierung (Art. 32 Abs. 1 lit. a DSGVO)")
        );
    }

    #[test]
    fn an_empty_goal_needs_a_real_reason() {
        assert_eq!(empty_reason(" \n"), Ok(None));
        assert_eq!(empty_reason("entfällt"), Err(DomainError::ReasonTooShort));
        assert!(empty_reason("Es werden keine Daten im Auftrag verarbeitet.").is_ok_and(|r| r.is_some()));
    }
}
