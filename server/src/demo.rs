//! The demo: an invented processor with a hosting product and a data centre, two documents, one of each shape.

use tomfolio_backend::Backend;
use tomfolio_backend::usecases::sessions;
use tomfolio_domain::actor::{Actor, Role};
use tomfolio_domain::documents::{DocumentService, measures};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::evidence::{Audience, EvidenceKind, EvidenceService, Facts, NewEvidence, VersionFacts};
use tomfolio_domain::ids::{DocumentId, UserId};
use tomfolio_domain::imports::{ImportRefusal, ImportService};
use tomfolio_domain::measures::{MeasureService, Selection};
use tomfolio_domain::policy::{self, Action, Permit};

const NAME: &str = "Musterhaus Software GmbH";
const PEOPLE: [(Role, &str, &str); 5] = [
    (Role::Dpo, "dsb@musterhaus.example", "Dana Sommer"),
    (Role::Editor, "bearbeitung@musterhaus.example", "Emil Brandt"),
    (Role::Reviewer, "pruefung@musterhaus.example", "Petra Winkler"),
    (Role::Approver, "leitung@musterhaus.example", "Gerd Lange"),
    (Role::Admin, "verwaltung@musterhaus.example", "Vera Adler"),
];

/// Fills an empty database and gives each role a fresh one-time link (path only).
pub async fn fill(b: &Backend) -> Result<Vec<(Role, String)>, DomainError> {
    if b.organisation_named(NAME).await?.is_none() {
        create(b).await?;
    }
    let mut links = Vec::new();
    for (role, email, _) in PEOPLE {
        let user = b.user_by_email(email).await?.ok_or(DomainError::NotFound)?;
        links.push((role, format!("/welcome/{}", sessions::invite(b, user).await?)));
    }
    Ok(links)
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

async fn create(b: &Backend) -> Result<(), DomainError> {
    let organisation = b.create_organisation(NAME).await?;
    let other = b.create_organisation("Beispiel Datendienst eG").await?;
    let mut dpo: Option<UserId> = None;
    for (role, email, name) in PEOPLE {
        let id = b.add_member(organisation, email, name, &[role]).await?;
        if role == Role::Dpo {
            dpo = Some(id);
            b.add_member(other, email, name, &[role]).await?;
        }
    }
    let user = dpo.ok_or(DomainError::NotFound)?;
    let actor = Actor {
        user,
        name: String::new(),
        organisation,
        organisation_name: NAME.into(),
        roles: vec![Role::Dpo],
        proved_at: b.clock.now(),
        organisations: Vec::new(),
    };
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
        }
    }
    Ok(())
}
