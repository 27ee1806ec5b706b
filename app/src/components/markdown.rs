//! Checked Markdown as typed views: no HTML string is ever built from what people type.

use leptos::prelude::*;
use tomfolio_domain::markdown::{self, Block, Span, begins_with_words};

/// Shows text as the document will.
#[component]
pub fn Markdown(text: String) -> impl IntoView {
    view! { <div class="prose">{blocks(&markdown::blocks(&text))}</div> }
}

/// A text with its label before it, as in the document.
pub fn labelled(label: &str, text: &str) -> String {
    if label.is_empty() {
        return text.to_owned();
    }
    let between = if begins_with_words(text) { " " } else { "\n\n" };
    format!("**{}:**{between}{text}", label.replace('*', ""))
}

fn blocks(list: &[Block]) -> Vec<AnyView> {
    list.iter()
        .map(|b| match b {
            Block::Paragraph(s) => view! { <p>{spans(s)}</p> }.into_any(),
            Block::List { start: None, items } => view! { <ul>{rows(items)}</ul> }.into_any(),
            Block::List { start: Some(n), items } => {
                view! { <ol start=n.to_string()>{rows(items)}</ol> }.into_any()
            }
            Block::Quote(inner) => view! { <blockquote>{blocks(inner)}</blockquote> }.into_any(),
            Block::Code(code) => view! { <pre>{code.clone()}</pre> }.into_any(),
            Block::Table(cells) => {
                let rows = cells.iter().enumerate().map(|(i, row)| {
                    let cells = row.iter().map(|c| {
                        if i == 0 {
                            view! { <th scope="col">{spans(c)}</th> }.into_any()
                        } else {
                            view! { <td>{spans(c)}</td> }.into_any()
                        }
                    });
                    view! { <tr>{cells.collect_view()}</tr> }
                });
                view! { <table><tbody>{rows.collect_view()}</tbody></table> }.into_any()
            }
        })
        .collect()
}

fn rows(items: &[Vec<Block>]) -> Vec<AnyView> {
    items.iter().map(|i| view! { <li>{blocks(i)}</li> }.into_any()).collect()
}

fn spans(list: &[Span]) -> Vec<AnyView> {
    list.iter()
        .map(|s| {
            let text = s.text.clone();
            let inner = match (s.bold, s.italic, s.code) {
                (_, _, true) => view! { <code>{text}</code> }.into_any(),
                (true, true, _) => view! { <strong><em>{text}</em></strong> }.into_any(),
                (true, false, _) => view! { <strong>{text}</strong> }.into_any(),
                (false, true, _) => view! { <em>{text}</em> }.into_any(),
                (false, false, _) => text.into_any(),
            };
            match &s.link {
                Some(href) => {
                    view! { <a href=href.clone() rel="noopener noreferrer nofollow">{inner}</a> }.into_any()
                }
                None => inner,
            }
        })
        .collect()
}
