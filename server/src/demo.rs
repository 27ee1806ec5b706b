//! The demo: an invented processor with a hosting product and a data centre, two documents, one of each shape.

use tomfolio_backend::Backend;
use tomfolio_backend::usecases::sessions;
use tomfolio_domain::actor::{Actor, Role};
use tomfolio_domain::baselines::{BaselineService, Stamp};
use tomfolio_domain::documents::{DocumentService, EditDocument, ProcessingRole, ScopeRole, measures};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::evidence::{Audience, EvidenceKind, EvidenceService, Facts, NewEvidence, VersionFacts};
use tomfolio_domain::findings::FindingService;
use tomfolio_domain::hints::{DismissHints, HintService};
use tomfolio_domain::ids::{DocumentId, OrganisationId};
use tomfolio_domain::imports::{ImportRefusal, ImportService};
use tomfolio_domain::measures::{MeasureService, Selection};
use tomfolio_domain::policy::{self, Action, Permit};
use tomfolio_domain::promises::{self, DecidePromises, PromiseService};
use tomfolio_domain::releases::{Opinion, ReleaseService};
use tomfolio_domain::reviews::{
    Adequacy, Effectiveness, Grade, Judged, Method, NewFinding, Plan, ReviewService, Verdict,
};
use tomfolio_domain::shares::{NewShare, ShareService};

const NAME: &str = "Musterhaus Software GmbH";
const PEOPLE: [(Role, &str, &str); 5] = [
    (Role::Dpo, "dsb@musterhaus.example", "Dana Sommer"),
    (Role::Editor, "bearbeitung@musterhaus.example", "Emil Brandt"),
    (Role::Reviewer, "pruefung@musterhaus.example", "Petra Winkler"),
    (Role::Approver, "leitung@musterhaus.example", "Gerd Lange"),
    (Role::Admin, "verwaltung@musterhaus.example", "Vera Adler"),
];

/// What the demo prints: paths only.
pub struct Links {
    /// A fresh one-time link for each role.
    pub sign_in: Vec<(Role, String)>,
    /// A customer's link to the released document.
    pub share: Option<String>,
}

/// Somebody of the demo organisation in a role.
async fn actor(b: &Backend, organisation: OrganisationId, role: Role) -> Result<Actor, DomainError> {
    let email = PEOPLE.iter().find(|(r, ..)| *r == role).map_or("", |(_, email, _)| email);
    Ok(Actor {
        user: b.user_by_email(email).await?.ok_or(DomainError::NotFound)?,
        name: String::new(),
        organisation,
        organisation_name: NAME.into(),
        roles: vec![role],
        proved_at: b.clock.now(),
        organisations: Vec::new(),
        offers: Vec::new(),
    })
}

/// A finished review with one finding, whose mend waits for its test; the next one is a year ahead.
async fn review(b: &Backend, organisation: OrganisationId, document: DocumentId) -> Result<(), DomainError> {
    let dpo = actor(b, organisation, Role::Dpo).await?;
    let reviewer = actor(b, organisation, Role::Reviewer).await?;
    let editor = actor(b, organisation, Role::Editor).await?;
    let may = |actor: &Actor, action| policy::permit(actor, action, b.clock.now());
    let today = tomfolio_backend::clock::day(b.clock.now());
    let due_on = today.saturating_sub(jiff::Span::new().days(12));
    let plan = Plan { months: 12, due_on, lead_days: 42, reviewer: reviewer.user };
    let id = b.plan(may(&dpo, Action::PlanReview)?, document, plan).await?;
    let criteria = "Risiko normal; Stand der Technik nach IT-Grundschutz, Stichtag 1. November.";
    b.start(may(&reviewer, Action::Review)?, id, criteria.into()).await?;
    let mut next = ReviewService::find(b, may(&reviewer, Action::ReadDocuments)?, id).await?.next;
    let mut place = 0u32;
    while let Some(measure) = next {
        let found = (place == 5).then(|| NewFinding {
            grade: Grade::Minor,
            text: "Ein Konto ist ohne zweiten Faktor".into(),
            owner: "Leitung IT".into(),
            due: today.saturating_add(jiff::Span::new().days(18)),
        });
        let weak = found.is_some();
        let read = place.is_multiple_of(3);
        let verdict = Verdict {
            method: if read { Method::Document } else { Method::Sample },
            drawn: if read { 1 } else { 5 },
            population: if read { 1 } else { 34 },
            of_what: if read { "Richtlinie".into() } else { "Vorgängen".into() },
            adequacy: Adequacy::Adequate,
            effectiveness: if weak { Effectiveness::Partial } else { Effectiveness::Effective },
            comment: if weak {
                "Nach einem Gerätewechsel nicht wieder eingerichtet.".into()
            } else {
                String::new()
            },
            finding: found,
        };
        next =
            ReviewService::judge(b, may(&reviewer, Action::Review)?, id, measure, Judged::Verdict(verdict))
                .await?;
        place += 1;
    }
    b.submit(
        may(&reviewer, Action::Review)?,
        id,
        "Die Maßnahmen wirken. Eine Lücke wird geschlossen.".into(),
    )
    .await?;
    let sheet = ReviewService::find(b, may(&dpo, Action::ReadDocuments)?, id).await?;
    let seen = sheet.record_sha256.unwrap_or_default();
    ReviewService::approve(b, may(&dpo, Action::ApproveReview)?, id, seen).await?;
    for f in FindingService::list(b, may(&dpo, Action::ReadDocuments)?).await? {
        let done = "Der zweite Faktor ist für das Konto wieder eingerichtet.";
        b.mend(may(&editor, Action::MendFinding)?, f.id, done.into()).await?;
    }
    Ok(())
}

/// Management releases the first version; then a measure changes, so that the draft has something to tell.
async fn release(b: &Backend, organisation: OrganisationId, document: DocumentId) -> Result<(), DomainError> {
    let dpo = actor(b, organisation, Role::Dpo).await?;
    let management = actor(b, organisation, Role::Approver).await?;
    let may = |actor: &Actor, action| policy::permit(actor, action, b.clock.now());
    let id = b.prepare(may(&dpo, Action::PrepareRelease)?, document).await?;
    let sheet = ReleaseService::find(b, may(&dpo, Action::ReadDocuments)?, id).await?;
    let seen = sheet.row.snapshot_sha256.unwrap_or_default();
    let opinion = Opinion { seen: seen.clone(), agrees: true, note: String::new() };
    b.opine(may(&dpo, Action::Opine)?, id, opinion).await?;
    ReleaseService::approve(b, may(&management, Action::Approve)?, id, seen).await?;
    b.release(may(&management, Action::Release)?, id).await?;
    while tomfolio_backend::jobs::run_one(b).await? {}
    let read = may(&dpo, Action::ReadDocuments)?;
    let tree = DocumentService::find(b, read.clone(), document).await?;
    let Some(first) = measures(&tree.nodes).get(3).and_then(|n| n.measure.as_ref().map(|m| m.id)) else {
        return Ok(());
    };
    let m = MeasureService::find(b, read, first).await?;
    let mut cmd = m.form();
    cmd.content.text = cmd.content.text.replace("72 Stunden", "48 Stunden");
    cmd.reason = "Neue Vorgabe der Aufsicht".into();
    MeasureService::edit(b, may(&dpo, Action::EditMeasure)?, cmd).await?;
    Ok(())
}

/// A customer's link; made anew at each start, because only its hash is kept.
async fn share(b: &Backend, organisation: OrganisationId) -> Result<Option<String>, DomainError> {
    let dpo = actor(b, organisation, Role::Dpo).await?;
    let list = ShareService::list(b, policy::permit(&dpo, Action::ReadDocuments, b.clock.now())?).await?;
    let Some((document, ..)) = list.documents.first() else { return Ok(None) };
    let mut token = None;
    for (customer, contract) in [
        ("Praxisverbund Muster", "Vertrag vom 12.01.2026"),
        ("Gemeindewerke Beispieltal", "Vertrag vom 01.04.2025"),
    ] {
        let asked = NewShare {
            document: *document,
            customer: customer.into(),
            contract: contract.into(),
            known: 0,
            until: list.today.saturating_add(jiff::Span::new().days(180)),
        };
        if list.rows.is_empty() || customer.starts_with("Gemeinde") {
            let permit = policy::permit(&dpo, Action::Share, b.clock.now())?;
            token = Some(ShareService::create(b, permit, asked).await?);
        }
    }
    Ok(token.map(|t| format!("/s/{t}")))
}

/// Fills an empty database and makes fresh links.
pub async fn fill(b: &Backend) -> Result<Links, DomainError> {
    let organisation = match b.organisation_named(NAME).await? {
        Some(id) => id,
        None => create(b).await?,
    };
    let mut links = Vec::new();
    for (role, email, _) in PEOPLE {
        let user = b.user_by_email(email).await?.ok_or(DomainError::NotFound)?;
        links.push((role, format!("/welcome/{}", sessions::invite(b, user).await?)));
    }
    Ok(Links { sign_in: links, share: share(b, organisation).await? })
}

/// An evidence of the demo: title, kind, what it proves, audience, issuer, days from today until it ends (`None`: without end),
/// the measures by their place, and the file's text.
type Proof = (
    &'static str,
    EvidenceKind,
    &'static str,
    Audience,
    &'static str,
    Option<i64>,
    &'static [usize],
    &'static str,
);

/// Evidence of several kinds and ages: valid, ending, expired, without end.
const PROOFS: [Proof; 5] = [
    (
        "Zertifikat ISO/IEC 27001 des Rechenzentrums",
        EvidenceKind::Certificate,
        "Beide Rechenzentren sind nach ISO/IEC 27001:2022 zertifiziert.",
        Audience::Customer,
        "Prüfstelle Nord",
        Some(18),
        &[1, 2, 3],
        "Zertifikat\nISO/IEC 27001:2022\nGeltungsbereich: Betrieb zweier Rechenzentren\n",
    ),
    (
        "Kontenliste der Administration",
        EvidenceKind::LogExtract,
        "Jedes administrative Konto hat einen zweiten Faktor.",
        Audience::Internal,
        "Leitung IT",
        Some(120),
        &[5, 6],
        "Konto;Zweiter Faktor;zuletzt\nadm-01;ja;2026-11-16\nadm-02;ja;2026-11-15\nadm-03;ja;2026-11-14\n",
    ),
    (
        "Richtlinie Zutritt und Schlüssel",
        EvidenceKind::Policy,
        "Schlüssel werden nur gegen Unterschrift ausgegeben.",
        Audience::CustomerNda,
        "Geschäftsleitung",
        None,
        &[0, 4],
        "Richtlinie Zutritt und Schlüssel\n\n1. Schlüssel werden gegen Unterschrift ausgegeben.\n",
    ),
    (
        "Rücksicherungstest",
        EvidenceKind::TestReport,
        "Die Sicherung wurde vollständig zurückgespielt.",
        Audience::Customer,
        "Leitung IT",
        Some(-3),
        &[12],
        "Rücksicherungstest\nDauer: 2 Std. 40 Min.\nErgebnis: vollständig\n",
    ),
    (
        "Verpflichtungen auf Vertraulichkeit",
        EvidenceKind::Commitment,
        "Alle Beschäftigten sind auf Vertraulichkeit verpflichtet.",
        Audience::Internal,
        "Personal",
        Some(400),
        &[10],
        "Liste der Verpflichtungen, Stand der Personalakte\n",
    ),
];

async fn evidence(
    b: &Backend,
    may: &impl Fn(Action) -> Result<Permit, DomainError>,
    document: DocumentId,
) -> Result<(), DomainError> {
    let sheet = DocumentService::find(b, may(Action::ReadDocuments)?, document).await?;
    let all: Vec<_> =
        measures(&sheet.nodes).iter().filter_map(|n| n.measure.as_ref().map(|m| m.id)).collect();
    let today = tomfolio_backend::clock::day(b.clock.now());
    for (title, kind, proves, audience, issuer, days, places, text) in PROOFS {
        let facts = Facts { title: title.into(), kind, proves: proves.into(), audience };
        let until = days.map(|n| today.saturating_add(jiff::Span::new().days(n)));
        let from = today.saturating_sub(jiff::Span::new().days(300));
        let version = VersionFacts {
            issuer: issuer.into(),
            valid_from: Some(from),
            valid_until: until,
            undated_reason: "Die Richtlinie gilt, bis sie ersetzt wird.".into(),
        };
        let stored = async {
            let mut incoming = b.blobs.receive(100_000).await?;
            incoming.write(text.as_bytes()).await?;
            incoming.finish().await
        };
        let file = stored.await.map_err(|_| DomainError::invalid("demo"))?;
        let name = format!("{title}.txt");
        let id = b
            .add_evidence(
                may(Action::EditEvidence)?,
                NewEvidence { facts, version, measure: None },
                &name,
                file,
            )
            .await?;
        for measure in places.iter().filter_map(|p| all.get(*p)) {
            b.link(may(Action::EditEvidence)?, id, *measure).await?;
        }
    }
    Ok(())
}

/// Says what only a person can say: the role in each scope, which promises hold, and why an open error may stand.
async fn settle(
    b: &Backend,
    may: &impl Fn(Action) -> Result<Permit, DomainError>,
    document: DocumentId,
) -> Result<(), DomainError> {
    let sheet = DocumentService::find(b, may(Action::ReadDocuments)?, document).await?;
    let roles = sheet
        .scopes
        .iter()
        .map(|s| ScopeRole { scope: s.scope, role: Some(s.role.unwrap_or(ProcessingRole::Controller)) });
    let frame = EditDocument {
        id: document,
        title: sheet.title.clone(),
        language: sheet.language.clone(),
        roles: roles.collect(),
    };
    DocumentService::edit(b, may(Action::EditDocument)?, frame).await?;
    let hints = HintService::list(b, may(Action::ReadDocuments)?, document).await?.hints;
    let marks: Vec<String> = hints.into_iter().filter(|h| h.blocks()).map(|h| h.mark).collect();
    if !marks.is_empty() {
        let reason = Some("Der Aussteller hat den neuen Nachweis bis Monatsende zugesagt.".into());
        b.dismiss(may(Action::EditMeasure)?, DismissHints { document, marks, reason }).await?;
    }
    let lines = PromiseService::list(b, may(Action::ReadDocuments)?, document).await?.lines;
    let marks =
        lines.iter().filter(|l| !l.promise.parameter.is_vague()).take(5).map(|l| l.mark.clone()).collect();
    let verdict = promises::Verdict::Confirm { interval: None };
    b.decide(may(Action::EditMeasure)?, DecidePromises { document, marks, verdict }).await?;
    Ok(())
}

async fn create(b: &Backend) -> Result<OrganisationId, DomainError> {
    let organisation = b.create_organisation(NAME).await?;
    let other = b.create_organisation("Beispiel Datendienst eG").await?;
    for (role, email, name) in PEOPLE {
        b.add_member(organisation, email, name, &[role]).await?;
        if role == Role::Dpo {
            b.add_member(other, email, name, &[role]).await?;
        }
    }
    let actor = actor(b, organisation, Role::Dpo).await?;
    let may = |action| policy::permit(&actor, action, b.clock.now());
    for (file, text, confirm) in [
        ("TOM Hosting.md", include_str!("demo/hosting.md"), true),
        ("TOM Verwaltung.txt", include_str!("demo/verwaltung.txt"), false),
    ] {
        let draft = ImportService::create(b, may(Action::Import)?, file.into(), text.as_bytes().to_vec())
            .await
            .map_err(|e| match e {
                ImportRefusal::Refused(e) => e,
                ImportRefusal::Unreadable(_) => DomainError::invalid("demo"),
            })?;
        let document = b.take(may(Action::Import)?, draft, String::new()).await?;
        if confirm {
            b.confirm(may(Action::ConfirmMeasures)?, document, Selection::All, "Leitung IT".into()).await?;
            evidence(b, &may, document).await?;
            review(b, organisation, document).await?;
            settle(b, &may, document).await?;
            release(b, organisation, document).await?;
        } else {
            let reviewer = b.user_by_email(PEOPLE[2].1).await?.ok_or(DomainError::NotFound)?;
            let today = tomfolio_backend::clock::day(b.clock.now());
            let due_on = today.saturating_sub(jiff::Span::new().days(19));
            let plan = Plan { months: 12, due_on, lead_days: 42, reviewer };
            b.plan(may(Action::PlanReview)?, document, plan).await?;
            baseline(b, &actor, document, other).await?;
        }
    }
    Ok(organisation)
}

/// A document is the baseline of a client's, and has changed since: the client has something to decide.
async fn baseline(
    b: &Backend,
    actor: &Actor,
    document: DocumentId,
    client: OrganisationId,
) -> Result<(), DomainError> {
    let now = b.clock.now();
    let at_client = Actor { organisation: client, ..actor.clone() };
    let readable = policy::readable(&Actor {
        organisations: vec![(actor.organisation, String::new()), (client, String::new())],
        ..actor.clone()
    });
    b.mark(policy::permit(actor, Action::EditDocument, now)?, document, true).await?;
    let cmd = Stamp { organisation: actor.organisation, document, title: String::new() };
    b.stamp(policy::permit(&at_client, Action::CreateDocument, now)?, readable, cmd).await?;
    let read = || policy::permit(actor, Action::ReadDocuments, now);
    let sheet = DocumentService::find(b, read()?, document).await?;
    let first = measures(&sheet.nodes).first().and_then(|n| n.measure.as_ref()).map(|m| m.id);
    let first = first.ok_or(DomainError::NotFound)?;
    let mut form = MeasureService::find(b, read()?, first).await?.form();
    form.content.text += " Die Rohdaten werden spätestens nach 30 Tagen gelöscht.";
    form.reason = "Ergebnis der Begehung".into();
    MeasureService::edit(b, policy::permit(actor, Action::EditMeasure, now)?, form).await?;
    Ok(())
}
