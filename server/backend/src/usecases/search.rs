//! Search: what a write leaves in the index, and what a query finds there. Both databases hold the same terms.

use crate::Backend;
use crate::db::entity::{documents, evidence, measures, nodes};
use crate::db::{View, Work, internal};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, Statement, Value,
};
use std::collections::{BTreeSet, HashMap};
use tomfolio_domain::canonical::sha256_hex;
use tomfolio_domain::error::DomainError;
use tomfolio_domain::measures::heading;
use tomfolio_domain::parameters;
use tomfolio_domain::policy::Permit;
use tomfolio_domain::search::{
    self as rules, Asked, Hit, MAX_QUERY, Object, PART, Results, SHOWN, SearchService, WEIGHED,
};
use tomfolio_locales::{Lang, parameter};

/// Rows of one statement.
const BATCH: usize = 200;
/// Most words that a word of a query stands for, beside its own beginning.
const WORDS: usize = 400;
/// Most terms of one entry.
const TERMS: usize = 5_000;
/// So much of a text is weighed and looked through for an excerpt, in bytes.
const LOOKED: usize = 8_000;
/// Longest excerpt, in characters.
const EXCERPT: usize = 220;

/// What stands in the index of one object.
struct Entry {
    object: String,
    document: Option<String>,
    title: String,
    body: String,
    /// Document, owner, names of parameters.
    place: String,
}

impl Entry {
    fn digest(&self) -> String {
        sha256_hex([&self.title, &self.body, &self.place].map(String::as_str).join("\0").as_bytes())
    }

    fn terms(&self) -> BTreeSet<String> {
        let all = [&self.title, &self.body, &self.place];
        all.into_iter().flat_map(|t| rules::terms(t)).map(|t| t.folded).take(TERMS).collect()
    }
}

fn of_measure(m: measures::Model, document: &Heading, above: &str) -> Entry {
    let keys: BTreeSet<_> = parameters::find(&m.label, &m.body).iter().map(|p| p.key.as_str()).collect();
    let names = keys.iter().map(|k| parameter::word(document.language, k)).collect::<Vec<_>>().join(", ");
    Entry {
        title: heading(&m.label, &m.body),
        place: [document.title.as_str(), above, m.owner.as_str(), &names]
            .into_iter()
            .filter(|t| !t.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
        document: Some(m.document_id),
        object: m.id,
        body: m.body,
    }
}

fn of_evidence(e: evidence::Model) -> Entry {
    Entry { object: e.id, document: None, title: e.title, body: e.proves, place: String::new() }
}

/// Brings the index up to what a write has changed; part of the write itself, so that no use case can forget it.
pub(crate) async fn follow(work: &Work, object: &str) -> Result<(), DomainError> {
    let entries = match object.split('_').next() {
        Some("mea") => measure(work, object).await?,
        Some("doc") => document(work, object).await?,
        Some("nod") => {
            let key = (work.organisation.clone(), object.to_owned());
            match nodes::Entity::find_by_id(key).one(&work.txn).await.map_err(internal)? {
                Some(n) => document(work, &n.document_id).await?,
                None => Vec::new(),
            }
        }
        Some("evi") => {
            let key = (work.organisation.clone(), object.to_owned());
            let found = evidence::Entity::find_by_id(key).one(&work.txn).await.map_err(internal)?;
            found.into_iter().map(of_evidence).collect()
        }
        _ => return Ok(()),
    };
    keep(work, entries).await
}

/// What a document's measures say of it.
struct Heading {
    title: String,
    language: Lang,
}

async fn heading_of(work: &Work, document: &str) -> Result<Option<Heading>, DomainError> {
    let key = (work.organisation.clone(), document.to_owned());
    let found = documents::Entity::find_by_id(key).one(&work.txn).await.map_err(internal)?;
    Ok(found.map(|d| Heading { title: d.title, language: Lang::of(&d.language) }))
}

/// The headings of a document, in the outline that it came with.
struct Titles {
    nodes: Vec<nodes::Model>,
    by_id: HashMap<String, usize>,
    by_measure: HashMap<String, usize>,
}

impl Titles {
    /// The section and goal above a measure.
    fn above(&self, measure: &str) -> String {
        let mut out = Vec::new();
        let mut at = self.by_measure.get(measure).and_then(|i| self.nodes[*i].parent_id.as_ref());
        while let Some(n) = at.and_then(|id| self.by_id.get(id)).map(|i| &self.nodes[*i]) {
            out.push(n.title.as_str());
            at = n.parent_id.as_ref();
        }
        out.reverse();
        out.join(" · ")
    }

    fn all(&self) -> String {
        let titles = self.nodes.iter().filter(|n| n.measure_id.is_none()).map(|n| n.title.as_str());
        titles.collect::<Vec<_>>().join(" · ")
    }
}

async fn titles(work: &Work, document: &str) -> Result<Titles, DomainError> {
    let found = nodes::Entity::find()
        .filter(nodes::Column::OrganisationId.eq(&work.organisation))
        .filter(nodes::Column::DocumentId.eq(document))
        .filter(nodes::Column::Layout.eq(""))
        .order_by_asc(nodes::Column::Position)
        .all(&work.txn)
        .await
        .map_err(internal)?;
    let by_id = found.iter().enumerate().map(|(i, n)| (n.id.clone(), i)).collect();
    let by_measure = found.iter().enumerate().filter_map(|(i, n)| Some((n.measure_id.clone()?, i))).collect();
    Ok(Titles { nodes: found, by_id, by_measure })
}

async fn measure(work: &Work, id: &str) -> Result<Vec<Entry>, DomainError> {
    let key = (work.organisation.clone(), id.to_owned());
    let Some(m) = measures::Entity::find_by_id(key).one(&work.txn).await.map_err(internal)? else {
        return Ok(Vec::new());
    };
    let Some(document) = heading_of(work, &m.document_id).await? else { return Ok(Vec::new()) };
    let titles = titles(work, &m.document_id).await?;
    let above = titles.above(&m.id);
    Ok(vec![of_measure(m, &document, &above)])
}

/// A document and all its measures: after an import, a change of many, a new title.
async fn document(work: &Work, id: &str) -> Result<Vec<Entry>, DomainError> {
    let Some(heading) = heading_of(work, id).await? else { return Ok(Vec::new()) };
    let found = measures::Entity::find()
        .filter(measures::Column::OrganisationId.eq(&work.organisation))
        .filter(measures::Column::DocumentId.eq(id))
        .all(&work.txn)
        .await
        .map_err(internal)?;
    let titles = titles(work, id).await?;
    let of = |m: measures::Model| {
        let above = titles.above(&m.id);
        of_measure(m, &heading, &above)
    };
    let mut out: Vec<Entry> = found.into_iter().map(of).collect();
    out.push(Entry {
        object: id.to_owned(),
        document: Some(id.to_owned()),
        title: heading.title,
        body: titles.all(),
        place: String::new(),
    });
    Ok(out)
}

/// The organisation as a term that nobody can type.
fn tenant(organisation: &str) -> String {
    format!("ø{}", organisation.trim_start_matches("org_"))
}

fn sql(db: &impl ConnectionTrait, text: &str, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(db.get_database_backend(), text, values)
}

/// `($1, $2), ($3, $4)`; `shape` says how each place is written.
fn places(rows: usize, shape: &[&str]) -> String {
    let row = |r: usize| {
        let cells: Vec<String> = shape
            .iter()
            .enumerate()
            .map(|(c, s)| s.replace('?', &format!("${}", r * shape.len() + c + 1)))
            .collect();
        format!("({})", cells.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

/// An entry that is written.
struct Changed<'a> {
    entry: &'a Entry,
    digest: String,
    terms: BTreeSet<String>,
}

/// Writes what is new or has changed.
async fn keep(work: &Work, entries: Vec<Entry>) -> Result<(), DomainError> {
    let postgres = work.txn.get_database_backend() == DbBackend::Postgres;
    let mut batches = Vec::new();
    let mut words = BTreeSet::new();
    for batch in entries.chunks(BATCH) {
        let known = digests(work, batch).await?;
        let changed: Vec<Changed> = batch
            .iter()
            .map(|e| (e, e.digest()))
            .filter(|(e, d)| known.get(&e.object).is_none_or(|(_, old)| old != d))
            .map(|(entry, digest)| Changed { entry, digest, terms: entry.terms() })
            .collect();
        if !changed.is_empty() {
            words.extend(changed.iter().flat_map(|c| c.terms.iter().cloned()));
            batches.push((known, changed));
        }
    }
    // All words at once and in order: two writers of different organisations who learn the same ones wait for each other, but
    // never both.
    learn(work, words).await?;
    for (known, changed) in batches {
        let old: Vec<i64> =
            changed.iter().filter_map(|c| known.get(&c.entry.object).map(|(id, _)| *id)).collect();
        for id in old {
            if !postgres {
                run(work, "DELETE FROM search_terms WHERE rowid = $1", vec![id.into()]).await?;
            }
            run(work, "DELETE FROM search_entries WHERE id = $1", vec![id.into()]).await?;
        }
        let mut columns = "organisation_id, object_id, document_id, title, body, place, digest".to_owned();
        let mut shape = vec!["?"; 7];
        if postgres {
            columns.push_str(", terms");
            shape.push("array_to_tsvector(string_to_array(?, ' '))");
        }
        let mut values: Vec<Value> = Vec::new();
        for Changed { entry: e, digest, terms } in &changed {
            values.extend([
                work.organisation.clone().into(),
                e.object.clone().into(),
                e.document.clone().into(),
                e.title.clone().into(),
                e.body.clone().into(),
                e.place.clone().into(),
                digest.clone().into(),
            ]);
            if postgres {
                values.push(joined(terms).into());
            }
        }
        let text = format!("INSERT INTO search_entries ({columns}) VALUES {}", places(changed.len(), &shape));
        run(work, &text, values).await?;
        if !postgres {
            let ids = digests(work, changed.iter().map(|c| c.entry)).await?;
            let mut values: Vec<Value> = Vec::new();
            for c in &changed {
                let Some((id, _)) = ids.get(&c.entry.object) else { continue };
                values.push((*id).into());
                values.push(format!("{} {}", tenant(&work.organisation), joined(&c.terms)).into());
            }
            let text = format!(
                "INSERT INTO search_terms (rowid, terms) VALUES {}",
                places(values.len() / 2, &["?", "?"])
            );
            run(work, &text, values).await?;
        }
    }
    Ok(())
}

fn joined(terms: &BTreeSet<String>) -> String {
    terms.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}

async fn run(work: &Work, text: &str, values: Vec<Value>) -> Result<(), DomainError> {
    work.txn.execute_raw(sql(&work.txn, text, values)).await.map_err(internal)?;
    Ok(())
}

/// Row and digest of the objects that stand in the index.
async fn digests<'a>(
    work: &Work,
    entries: impl IntoIterator<Item = &'a Entry>,
) -> Result<HashMap<String, (i64, String)>, DomainError> {
    let mut values: Vec<Value> = vec![work.organisation.clone().into()];
    values.extend(entries.into_iter().map(|e| Value::from(e.object.clone())));
    let list: Vec<String> = (2..=values.len()).map(|n| format!("${n}")).collect();
    let text = format!(
        "SELECT id, object_id, digest FROM search_entries WHERE organisation_id = $1 AND object_id IN ({})",
        list.join(", ")
    );
    let rows = work.txn.query_all_raw(sql(&work.txn, &text, values)).await.map_err(internal)?;
    rows.iter()
        .map(|r| {
            let get = |c: &str| r.try_get::<String>("", c).map_err(internal);
            Ok((get("object_id")?, (r.try_get::<i64>("", "id").map_err(internal)?, get("digest")?)))
        })
        .collect()
}

/// Adds words to those that exist. They are of all organisations together and belong to nobody.
async fn learn(work: &Work, words: BTreeSet<String>) -> Result<(), DomainError> {
    // A number is found by its beginning; only words have parts and stems.
    let words: Vec<String> =
        words.into_iter().filter(|w| !w.starts_with(|c: char| c.is_ascii_digit())).collect();
    for batch in words.chunks(BATCH) {
        let mut values: Vec<Value> = Vec::new();
        for word in batch {
            let stems = rules::stems(word);
            values.extend([Value::from(word.clone()), stems.german.into(), stems.english.into()]);
        }
        let text = format!(
            "INSERT INTO search_words (word, german, english) VALUES {} ON CONFLICT DO NOTHING",
            places(batch.len(), &["?"; 3])
        );
        run(work, &text, values).await?;
    }
    Ok(())
}

/// The existing words that a word of a query finds.
async fn asked(db: &impl ConnectionTrait, word: String) -> Result<Asked, DomainError> {
    if word.len() < 2 {
        return Ok(Asked { word, ..Asked::default() });
    }
    let stems = rules::stems(&word);
    let mut text = "SELECT word FROM search_words WHERE german = $1 OR english = $2".to_owned();
    let mut values: Vec<Value> = vec![stems.german.clone().into(), stems.english.clone().into()];
    let parts: BTreeSet<&str> =
        [word.as_str(), &stems.german, &stems.english].into_iter().filter(|s| s.len() >= PART).collect();
    for part in parts {
        values.push(format!("%{part}%").into());
        text.push_str(&format!(" OR word LIKE ${}", values.len()));
    }
    text.push_str(&format!(" ORDER BY length(word), word LIMIT {WORDS}"));
    let rows = db.query_all_raw(sql(db, &text, values)).await.map_err(internal)?;
    let existing: Result<Vec<String>, _> = rows.iter().map(|r| r.try_get::<String>("", "word")).collect();
    Ok(Asked::of(word, existing.map_err(internal)?))
}

/// The query in the words of the database's own search.
fn expression(organisation: &str, query: &[Asked], postgres: bool) -> String {
    let (quote, or, and, prefix) =
        if postgres { ("'", " | ", " & ", ":*") } else { ("\"", " OR ", " AND ", " *") };
    let mut all: Vec<String> = query
        .iter()
        .map(|q| {
            let own = if q.word.len() >= 2 { prefix } else { "" };
            let mut words = vec![format!("{quote}{}{quote}{own}", q.word)];
            let rest = q.known.iter().filter(|k| !k.starts_with(&q.word)).collect::<BTreeSet<_>>();
            words.extend(rest.into_iter().map(|k| format!("{quote}{k}{quote}")));
            format!("({})", words.join(or))
        })
        .collect();
    if !postgres {
        all.insert(0, format!("{quote}{}{quote}", tenant(organisation)));
    }
    all.join(and)
}

/// As much of a text as is looked through.
fn beginning(text: &str) -> &str {
    let mut end = text.len().min(LOOKED);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

fn object(id: &str) -> Result<Object, DomainError> {
    Ok(match id.split('_').next() {
        Some("doc") => Object::Document(id.parse()?),
        Some("evi") => Object::Evidence(id.parse()?),
        _ => Object::Measure(id.parse()?),
    })
}

impl Backend {
    /// Fills the index of organisations that have none yet: data of before there was a search.
    pub async fn fill_search(&self) -> Result<(), DomainError> {
        let text = "SELECT DISTINCT d.organisation_id AS o FROM documents d WHERE NOT EXISTS (SELECT 1 FROM search_entries e \
                    WHERE e.organisation_id = d.organisation_id)";
        let rows = self.db.query_all_raw(sql(&self.db, text, Vec::new())).await.map_err(internal)?;
        for row in rows {
            let organisation: String = row.try_get("", "o").map_err(internal)?;
            let work = Work::of_system(&self.db, organisation, "search/fill", self.clock.now()).await?;
            let all = documents::Entity::find()
                .filter(documents::Column::OrganisationId.eq(&work.organisation))
                .all(&work.txn)
                .await
                .map_err(internal)?;
            for d in &all {
                follow(&work, &d.id).await?;
            }
            let proofs = evidence::Entity::find()
                .filter(evidence::Column::OrganisationId.eq(&work.organisation))
                .all(&work.txn)
                .await
                .map_err(internal)?;
            keep(&work, proofs.into_iter().map(of_evidence).collect()).await?;
            let object = work.organisation.clone();
            work.commit(crate::db::Fact::of(object).with("documents", all.len())).await?;
        }
        Ok(())
    }
}

#[async_trait::async_trait]
impl SearchService for Backend {
    async fn search(&self, permit: Permit, query: String) -> Result<Results, DomainError> {
        let v = View::of(&self.db, &permit);
        let query: String = query.chars().take(MAX_QUERY).collect();
        let mut words = Vec::new();
        for word in rules::query(&query) {
            words.push(asked(&v.db, word).await?);
        }
        if words.is_empty() {
            return Ok(Results { query, hits: Vec::new(), total: 0 });
        }
        let postgres = v.db.get_database_backend() == DbBackend::Postgres;
        let columns = "e.object_id, e.title, e.body, e.place";
        let text = if postgres {
            format!(
                "SELECT {columns} FROM search_entries e WHERE e.organisation_id = $1 AND e.terms @@ $2::tsquery \
                 ORDER BY e.id LIMIT {WEIGHED}"
            )
        } else {
            // A cross join keeps this order: looking each entry up in the index of words again and again costs a hundred times as much.
            format!(
                "SELECT {columns} FROM search_terms CROSS JOIN search_entries e ON e.id = search_terms.rowid \
                 WHERE e.organisation_id = $1 AND search_terms MATCH $2 ORDER BY search_terms.rowid LIMIT {WEIGHED}"
            )
        };
        let values =
            vec![v.organisation.clone().into(), expression(&v.organisation, &words, postgres).into()];
        let rows = v.db.query_all_raw(sql(&v.db, &text, values)).await.map_err(internal)?;
        let mut found = Vec::new();
        for r in &rows {
            let get = |c: &str| r.try_get::<String>("", c).map_err(internal);
            let (id, title, body, place) = (get("object_id")?, get("title")?, get("body")?, get("place")?);
            found.push((rules::weight(&title, beginning(&body), &words), id, title, body, place));
        }
        // Heavier first; equal ones by title and then by age, alike on every database.
        found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.2.cmp(&b.2)).then_with(|| a.1.cmp(&b.1)));
        let total = found.len();
        let hits = found.into_iter().take(SHOWN).map(|(_, id, title, body, place)| {
            Ok(Hit {
                object: object(&id)?,
                title: rules::marked(&title, &words, 160),
                excerpt: rules::marked(beginning(&body), &words, EXCERPT),
                place: rules::marked(&place, &words, EXCERPT),
            })
        });
        Ok(Results { query, hits: hits.collect::<Result<_, DomainError>>()?, total })
    }
}
