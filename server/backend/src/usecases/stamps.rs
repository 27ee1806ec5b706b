//! The copy that a client's document begins as: a baseline's tree under new ids, with links back.

use super::documents::Loaded;
use super::measures::{further, further_row};
use super::trees::Rows;
use crate::db::Work;
use crate::db::entity::{measures, nodes, stamp_links};
use sea_orm::IntoActiveModel;
use tomfolio_domain::baselines::outward;
use tomfolio_domain::documents::NodeView;
use tomfolio_domain::measures::Status;

/// Copies a baseline's tree: the same words under new ids, and a link from each old one to its new one.
pub(super) fn copy(work: &Work, document: &str, theirs: &Loaded) -> (Rows, Vec<stamp_links::ActiveModel>) {
    let mut rows = Rows::default();
    let mut links = Vec::new();
    let mut link = |origin: String, own: &str, revision: i64| {
        let row = stamp_links::Model {
            organisation_id: work.organisation.clone(),
            document_id: document.to_owned(),
            origin,
            own: Some(own.to_owned()),
            revision,
        };
        links.push(row.into_active_model());
    };
    branch(&mut rows, &mut link, work, document, theirs, None, &theirs.nodes);
    (rows, links)
}

fn branch(
    rows: &mut Rows,
    link: &mut dyn FnMut(String, &str, i64),
    work: &Work,
    document: &str,
    theirs: &Loaded,
    parent: Option<&str>,
    list: &[NodeView],
) {
    for n in list {
        let mut measure_id = None;
        if let Some(m) = n.measure.as_ref().and_then(|m| theirs.measures.get(&m.id.to_string())) {
            // What the baseline has given up is not begun with.
            if m.status == Status::Retired.as_str() {
                continue;
            }
            let id = crate::ids::measure().to_string();
            link(m.id.clone(), &id, m.revision);
            rows.measure(
                work,
                measures::Model {
                    organisation_id: work.organisation.clone(),
                    id: id.clone(),
                    document_id: document.to_owned(),
                    label: m.label.clone(),
                    body: m.body.clone(),
                    // Who keeps it, and whether it is kept at all, is for the client to say.
                    owner: String::new(),
                    status: Status::ToConfirm.as_str().into(),
                    status_reason: String::new(),
                    scope: m.scope.clone(),
                    revision: 1,
                    gap_decided_by: None,
                    gap_until: None,
                    goals: m.goals.clone(),
                    kind: m.kind.clone(),
                    further: further_row(&further(&m.further).map(|f| outward(&f)).unwrap_or_default()),
                },
            );
            measure_id = Some(id);
        }
        let id = crate::ids::node().to_string();
        link(n.id.to_string(), &id, 0);
        let row = nodes::Model {
            organisation_id: work.organisation.clone(),
            id: id.clone(),
            document_id: document.to_owned(),
            parent_id: parent.map(str::to_owned),
            position: rows.nodes.len() as i64,
            kind: n.kind.as_str().into(),
            title: n.title.clone(),
            definition: n.definition.clone(),
            scope: n.scope.as_str().into(),
            empty_reason: None,
            measure_id,
            source_code: theirs.codes.get(&n.id).cloned(),
            source_line: None,
            layout: String::new(),
        };
        rows.nodes.push(row.into_active_model());
        branch(rows, link, work, document, theirs, Some(&id), &n.children);
    }
}
