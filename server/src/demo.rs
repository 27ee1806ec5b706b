//! The demo: an invented processor with a hosting product and a data centre, two documents, one of each shape.

use tomfolio_backend::Backend;
use tomfolio_backend::usecases::sessions;
use tomfolio_domain::actor::{Actor, Role};
use tomfolio_domain::error::DomainError;
use tomfolio_domain::ids::UserId;
use tomfolio_domain::imports::{ImportRefusal, ImportService};
use tomfolio_domain::measures::{MeasureService, Selection};
use tomfolio_domain::policy::{self, Action};

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
        let draft = b.create(may(Action::Import)?, file.into(), text.as_bytes().to_vec()).await.map_err(
            |e| match e {
                ImportRefusal::Refused(e) => e,
                ImportRefusal::Unreadable(_) => DomainError::invalid("demo"),
            },
        )?;
        let document = b.take(may(Action::Import)?, draft, String::new()).await?;
        if confirm {
            b.confirm(may(Action::ConfirmMeasures)?, document, Selection::All, "Leitung IT".into()).await?;
        }
    }
    Ok(())
}
