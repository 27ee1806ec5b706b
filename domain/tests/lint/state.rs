//! Rules that need what only the portal knows, each with a hit and a near miss; and a table of all 73 that shows none is untested.

use jiff::civil::{Date, date};
use serde_json::Value;
use tomfolio_domain::catalogues::{CatalogueCode, GoalKey};
use tomfolio_domain::evidence::{Audience, EvidenceKind, Freshness};
use tomfolio_domain::import::Scope;
use tomfolio_domain::lint::{
    self, Certificate, Document, Frame, Measure, MeasureState, Rule, Severity, State, Subprocessor,
};
use tomfolio_domain::measures::Status;
use tomfolio_domain::reviews::Effectiveness;

const TODAY: Date = date(2026, 11, 23);

fn proof(title: &str, kind: EvidenceKind, freshness: Freshness) -> Certificate {
    Certificate { title: title.into(), kind, freshness, audience: Audience::Customer }
}

/// A document of one measure with which nothing is wrong.
fn whole() -> Document {
    let text = "Der Serverraum ist mit einer Stahltür und einem Kartenleser gesichert.";
    let state = State {
        measures: vec![MeasureState {
            status: Status::Implemented,
            owner: "Leitung IT".into(),
            evidence: vec![proof(
                "Wartungsprotokoll der Schließanlage",
                EvidenceKind::TestReport,
                Freshness::Valid,
            )],
            effectiveness: Some((Effectiveness::Effective, 3)),
        }],
        frame: Frame { organisation: true, version: true, date: true, role: true, signatory: true },
        subprocessors: vec![],
        since: date(2025, 1, 1),
        last_review: Some(date(2026, 3, 1)),
        interval: Some(12),
        open_major: 0,
        weakened: vec![],
        cites_review: true,
    };
    let goals = vec![GoalKey::PhysicalAccess];
    let measure =
        Measure { code: "A.1.E1".into(), label: String::new(), text: text.into(), goals, scope: Scope::Own };
    Document { goals: vec![], measures: vec![measure], catalogue: None, state: Some(state) }
}

fn hit(d: &Document, rule: Rule) -> bool {
    lint::of_document(d, TODAY).iter().any(|h| h.rule == rule)
}

type Change = fn(&mut Document);

fn state(d: &mut Document) -> &mut State {
    d.state.as_mut().unwrap()
}

fn first(d: &mut Document) -> &mut MeasureState {
    &mut state(d).measures[0]
}

/// Rule, what makes it hit, what nearly does.
const TABLE: [(Rule, Change, Change); 16] = [
    (
        Rule::E01,
        |d| first(d).owner.clear(),
        |d| {
            first(d).owner.clear();
            first(d).status = Status::Planned
        },
    ),
    (
        Rule::E02,
        |d| first(d).evidence.clear(),
        |d| {
            first(d).evidence.clear();
            first(d).status = Status::NotApplicable
        },
    ),
    (
        Rule::E03,
        |d| first(d).evidence[0].freshness = Freshness::Expired,
        |d| first(d).evidence[0].freshness = Freshness::NotYetValid,
    ),
    (
        Rule::E04,
        |d| first(d).evidence[0].title = "Zertifikat ISO/IEC 27001:2013".into(),
        |d| first(d).evidence[0].title = "Zertifikat ISO/IEC 27001:2022".into(),
    ),
    (
        Rule::E05,
        |d| first(d).evidence[0].title = "Teilnehmerliste der Schulung".into(),
        |d| first(d).evidence[0].title = "Bestätigung: 14 von 14 geschult".into(),
    ),
    (
        Rule::E06,
        |d| {
            first(d).evidence.push(proof(
                "ISO-Zertifikat des Rechenzentrums",
                EvidenceKind::Certificate,
                Freshness::Valid,
            ))
        },
        |d| {
            first(d).evidence.push(proof(
                "ISO-Zertifikat des Rechenzentrums",
                EvidenceKind::Certificate,
                Freshness::Valid,
            ));
            d.measures[0].scope = Scope::Customer;
        },
    ),
    (
        Rule::P02,
        |d| d.measures[0].text = "Der Betrieb ist nach ISO/IEC 27001:2022 zertifiziert.".into(),
        |d| {
            d.measures[0].text = "Der Betrieb ist nach ISO/IEC 27001:2022 zertifiziert.".into();
            first(d).evidence.push(proof("Zertifikat", EvidenceKind::Certificate, Freshness::Ending));
        },
    ),
    (
        Rule::P05,
        |d| {
            state(d).subprocessors.push(Subprocessor {
                name: "Muster Hosting GmbH".into(),
                has_contract: true,
                was_audited: false,
                has_plan: true,
            })
        },
        |d| {
            state(d).subprocessors.push(Subprocessor {
                name: "Muster Hosting GmbH".into(),
                has_contract: true,
                was_audited: true,
                has_plan: true,
            })
        },
    ),
    (
        Rule::P06,
        |d| first(d).evidence[0].title = "Lageplan des Serverraums".into(),
        |d| {
            first(d).evidence[0].title = "Lageplan des Serverraums".into();
            first(d).evidence[0].audience = Audience::Internal
        },
    ),
    (
        Rule::R01,
        |d| state(d).last_review = Some(date(2025, 11, 22)),
        |d| state(d).last_review = Some(date(2025, 11, 23)),
    ),
    (
        Rule::R02,
        |d| state(d).interval = None,
        |d| {
            state(d).interval = None;
            state(d).cites_review = false
        },
    ),
    (
        Rule::R03,
        |d| first(d).effectiveness = Some((Effectiveness::Effective, 0)),
        |d| first(d).effectiveness = Some((Effectiveness::Partial, 0)),
    ),
    (Rule::R04, |d| state(d).open_major = 1, |d| state(d).open_major = 0),
    (Rule::D04, |d| state(d).frame.role = false, |d| state(d).frame.role = true),
    (
        Rule::D05,
        |d| d.catalogue = Some(CatalogueCode::Art32),
        // The whole of Annex III as one measure's goals.
        |d| {
            d.catalogue = Some(CatalogueCode::Art32);
            d.measures[0].goals = GoalKey::ALL.to_vec()
        },
    ),
    (Rule::D06, |d| state(d).weakened.push("A.1.E1".into()), |d| state(d).weakened.clear()),
];

#[test]
fn what_the_portal_knows_is_held_against_the_document() {
    assert!(lint::of_document(&whole(), TODAY).is_empty(), "{:?}", lint::of_document(&whole(), TODAY));
    for (rule, wrong, near) in TABLE {
        let (mut bad, mut good) = (whole(), whole());
        wrong(&mut bad);
        near(&mut good);
        assert!(hit(&bad, rule), "{rule} does not hit");
        assert!(!hit(&good, rule), "{rule} hits the near miss");
    }
}

#[test]
fn evidence_that_ends_soon_warns_and_a_young_document_is_not_late_with_its_review() {
    let mut d = whole();
    first(&mut d).evidence[0].freshness = Freshness::Ending;
    let ending = lint::of_document(&d, TODAY).into_iter().find(|h| h.rule == Rule::E03).unwrap();
    assert_eq!(ending.severity(), Severity::Warn);
    let mut d = whole();
    (state(&mut d).last_review, state(&mut d).since) = (None, date(2026, 1, 1));
    assert!(!hit(&d, Rule::R01));
    state(&mut d).since = date(2025, 1, 1);
    assert!(hit(&d, Rule::R01));
}

#[test]
fn each_of_the_73_rules_has_a_hit_and_a_near_miss() {
    let texts: Value = serde_json::from_str(include_str!("examples.json")).unwrap();
    let documents: Value = serde_json::from_str(include_str!("documents.json")).unwrap();
    assert_eq!(Rule::ALL.len(), 73);
    for rule in Rule::ALL {
        let of_text = texts.get(rule.id()).is_some_and(|e| {
            !e["hit"].as_array().unwrap().is_empty() && !e["miss"].as_array().unwrap().is_empty()
        });
        let has = |hit: bool| {
            documents.as_array().unwrap().iter().any(|c| c["rule"] == rule.id() && c["hit"] == hit)
        };
        let of_state = TABLE.iter().any(|(r, _, _)| *r == rule);
        assert!(of_text || (has(true) && has(false)) || of_state, "{rule} has no examples");
        assert!(!rule.source().is_empty());
    }
}
