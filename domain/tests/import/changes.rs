//! Changes by hand: each does what it says, and none loses a character.

use crate::{account, read, shape};
use proptest::prelude::*;
use tomfolio_domain::catalogues::GoalKey;
use tomfolio_domain::import::changes::{Change, NodeKey, Op, Refused, add, apply, keys};
use tomfolio_domain::import::{Kind, Scope};

const TEXT: &str = "# T\n\n## A. Vertraulichkeit\n\n### 1. Zutritt\n\n- Türen: sind zu. Fenster auch.\n- Besucher werden\n- begleitet.\n\nIm Rechenzentrum:\n\n- Kameras laufen.\n- Wachdienst.\n\n### 2. Zugang\n\n*Niemand kommt hinein.*\n\n- Kennwörter.\n\n---\n";

fn at(line: u32) -> NodeKey {
    NodeKey { line, nth: 0 }
}

fn after(changes: &[(u32, Op)]) -> Vec<String> {
    let list: Vec<Change> = changes.iter().map(|(l, op)| Change { at: at(*l), op: op.clone() }).collect();
    let (found, left_out) = apply(read(TEXT), &list);
    assert!(left_out.is_empty(), "{left_out:?}");
    account::check(TEXT, &found).unwrap();
    shape(&found)
}

fn refused(line: u32, op: Op) -> Refused {
    add(read(TEXT), &[], &Change { at: at(line), op }).unwrap_err()
}

#[test]
fn split_and_merge() {
    let got = after(&[(7, Op::Split(9)), (9, Op::Merge)]);
    assert_eq!(
        got[2..5],
        [
            "A.1.X1 measure Türen: sind zu.",
            "A.1.X2 measure Fenster auch.",
            "A.1.X3 measure Besucher werden begleitet."
        ]
    );
    assert_eq!(refused(7, Op::Split(3)), Refused::NoPlace);
    assert_eq!(refused(7, Op::Split(9_000)), Refused::NoPlace);
    assert_eq!(refused(7, Op::Merge), Refused::NothingBefore);
    assert_eq!(refused(5, Op::Split(1)), Refused::NoLeaf);
    assert_eq!(refused(99, Op::Merge), Refused::Gone);
}

#[test]
fn levels_and_order() {
    let got = after(&[(13, Op::Out), (9, Op::Up)]);
    assert_eq!(
        got[2..8],
        [
            "A.1.X1 measure Türen: sind zu. Fenster auch.",
            "A.1.X2 measure begleitet.",
            "A.1.X3 measure Besucher werden",
            "- group Im Rechenzentrum",
            "A.1.X4 measure Wachdienst.",
            "A.1.X5 measure Kameras laufen.",
        ]
    );
    let got = after(&[(13, Op::Out), (13, Op::In)]);
    assert_eq!(
        got[5..8],
        ["- group Im Rechenzentrum", "A.1.X4 measure Wachdienst.", "A.1.X5 measure Kameras laufen."]
    );
    assert_eq!(refused(7, Op::Up), Refused::AtTheEdge);
    assert_eq!(refused(14, Op::Down), Refused::AtTheEdge);
    assert_eq!(refused(7, Op::In), Refused::NothingBefore);
    assert_eq!(refused(5, Op::Out), Refused::AtTheEdge);
    let got = after(&[(16, Op::Up)]);
    assert_eq!(got[1], "A.1 goal Zugang");
    assert_eq!(got[3], "A.2 goal Zutritt");
}

#[test]
fn kinds() {
    let got = after(&[(8, Op::Kind(Kind::Group))]);
    assert_eq!(got[3..5], ["- group Besucher werden", "A.1.X2 measure begleitet."]);
    let got = after(&[(11, Op::Kind(Kind::Statement))]);
    assert_eq!(
        got[5..8],
        ["A.1.X4 statement Im Rechenzentrum", "A.1.X5 measure Kameras laufen.", "A.1.X6 measure Wachdienst."]
    );
    let got = after(&[(16, Op::Kind(Kind::Measure))]);
    assert_eq!(
        got[8..11],
        ["A.1.X6 measure Zugang", "A.1.X7 statement Niemand kommt hinein.", "A.1.X8 measure Kennwörter."]
    );
    let got = after(&[(8, Op::Kind(Kind::Goal))]);
    assert_eq!(
        got[3..6],
        ["A.2 goal Besucher werden", "A.2.X1 measure begleitet.", "- group Im Rechenzentrum"]
    );
    assert_eq!(refused(3, Op::Kind(Kind::Goal)), Refused::NoSection);
}

#[test]
fn scopes_and_goals_go_down_the_tree() {
    let set = [
        Change { at: at(5), op: Op::Scope(Scope::Customer) },
        Change { at: at(11), op: Op::Goals(vec![GoalKey::PhysicalAccess]) },
    ];
    let (found, _) = apply(read(TEXT), &set);
    let codes: Vec<_> = found.leaves().iter().map(|n| (n.code.clone().unwrap(), n.goals.len())).collect();
    let want = [("A.1.K1", 0), ("A.1.K2", 0), ("A.1.K3", 0), ("A.1.K4", 1), ("A.1.K5", 1), ("A.2.X1", 0)];
    assert_eq!(codes, want.map(|(c, n)| (c.to_owned(), n)));
}

#[test]
fn left_out_is_listed_and_can_be_taken_again() {
    let ignored = Change { at: at(11), op: Op::Ignore };
    let (found, _) = apply(read(TEXT), std::slice::from_ref(&ignored));
    account::check(TEXT, &found).unwrap();
    assert_eq!(found.not_taken[0].text, "Im Rechenzentrum");
    assert_eq!(shape(&found)[5], "A.1.X4 measure Kameras laufen.");
    let got = after(&[(11, Op::Ignore), (11, Op::Take)]);
    assert_eq!(got[5], "A.1.X4 measure Im Rechenzentrum");
    let got = after(&[(22, Op::Take)]);
    assert_eq!(got.last().map(String::as_str), Some("A.2.X2 measure ---"));
}

#[test]
fn a_change_whose_place_is_gone_is_told() {
    let list = [Change { at: at(8), op: Op::Ignore }, Change { at: at(8), op: Op::Merge }];
    let (_, left_out) = apply(read(TEXT), &list);
    assert_eq!(left_out, [1]);
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        prop::sample::select(Kind::ALL.to_vec()).prop_map(Op::Kind),
        prop::sample::select(Scope::ALL.to_vec()).prop_map(Op::Scope),
        prop::sample::select(vec![Op::In, Op::Out, Op::Up, Op::Down, Op::Merge, Op::Ignore, Op::Take]),
        (0..40usize).prop_map(Op::Split),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, ..ProptestConfig::default() })]

    /// Whatever is changed, in whatever order: nothing is lost, nothing doubled, and the names of all places are found again.
    #[test]
    fn no_row_of_changes_loses_a_character(list in prop::collection::vec((1..23u32, 0..3u32, op()), 1..25)) {
        let list: Vec<Change> =
            list.into_iter().map(|(line, nth, op)| Change { at: NodeKey { line, nth }, op }).collect();
        let (found, _) = apply(read(TEXT), &list);
        prop_assert_eq!(account::check(TEXT, &found), Ok(()), "{:?}", shape(&found));
        let names = keys(&found.nodes);
        let mut once: Vec<_> = names.iter().map(|(k, _)| *k).collect();
        once.sort();
        once.dedup();
        prop_assert_eq!(once.len(), names.len());
        for (_, n) in names {
            prop_assert!(n.children.is_empty() || !n.kind.is_leaf(), "a leaf holds nothing");
        }
    }
}
