//! The general description as a file: Markdown and Word.

use super::Portal;
use super::files::download;
use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use tomfolio_backend::adapters::docx::{self, Block};
use tomfolio_domain::actor::Actor;
use tomfolio_domain::documents::{DocumentSheet, Part, describe};
use tomfolio_domain::error::DomainError;
use tomfolio_locales::{Lang, description as w, scope};

fn blocks(doc: &DocumentSheet, organisation: &str, part: Part, l: Lang) -> Vec<Block> {
    let d = describe(&doc.nodes, &doc.scopes, part);
    let scopes = d.scopes.iter().map(|s| scope::word(l, s.as_str())).collect::<Vec<_>>().join(", ");
    let mut out = vec![
        Block::Title(w::word(l, part.as_str()).to_owned()),
        Block::Text(w::of(l, organisation, &doc.title)),
        Block::Text(w::for_scopes(l, scopes)),
    ];
    for s in d.sections {
        out.push(Block::Heading(s.title));
        out.extend(s.measures.into_iter().map(Block::Bullet));
    }
    out
}

fn markdown(blocks: &[Block]) -> String {
    let mut out = String::new();
    let mut list = false;
    for b in blocks {
        let (text, bullet) = match b {
            Block::Title(t) => (format!("# {t}"), false),
            Block::Heading(t) => (format!("## {t}"), false),
            Block::Text(t) => (t.clone(), false),
            Block::Bullet(t) => (format!("- {t}"), true),
        };
        let follows = bullet && list;
        if !(out.is_empty() || follows) {
            out.push('\n');
        }
        out.push_str(&text);
        out.push('\n');
        list = bullet;
    }
    out
}

/// `/documents/{id}/description/controller.docx`
pub async fn show(
    State(p): State<Portal>,
    Extension(actor): Extension<Option<Actor>>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Response {
    let name = path.as_ref().map(|p| p.0.1.clone()).unwrap_or_default();
    let word = name.ends_with(".docx");
    let kind = if word {
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    } else {
        "text/markdown; charset=utf-8"
    };
    let organisation = actor.as_ref().map(|a| a.organisation_name.clone()).unwrap_or_default();
    download(&p, actor, kind, async |permit| {
        let Path((id, name)) = path.map_err(|_| DomainError::NotFound)?;
        let (part, kind) =
            name.split_once('.').filter(|(_, k)| ["md", "docx"].contains(k)).ok_or(DomainError::NotFound)?;
        let part: Part = part.parse().map_err(|_| DomainError::NotFound)?;
        let doc = p.services.documents.find(permit, id.parse()?).await?;
        let l = Lang::of(&doc.language);
        let blocks = blocks(&doc, &organisation, part, l);
        let bytes = if kind == "docx" {
            let tag = if l == Lang::En { "en-GB" } else { "de-DE" };
            docx::write(&blocks, tag).map_err(|_| DomainError::Busy)?
        } else {
            markdown(&blocks).into_bytes()
        };
        Ok((format!("tom-{part}.{kind}"), bytes))
    })
    .await
}
