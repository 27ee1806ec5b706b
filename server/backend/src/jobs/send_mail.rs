//! Sends one mail of the outbox. Killed after the server took it and before that is known, it goes out once more, with the
//! same Message-ID.

use super::{Trouble, text};
use crate::Backend;
use crate::adapters::mail::{Mail, MailError};
use crate::db::entity::{mails, organisations, users};
use crate::usecases::sessions;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use std::time::{Duration, UNIX_EPOCH};
use tomfolio_domain::mails::MailKind;
use tomfolio_locales::{Lang, mail as w};

pub async fn run(b: &Backend, organisation: &str, id: &str) -> Result<(), Trouble> {
    let key = (organisation.to_owned(), id.to_owned());
    let row = mails::Entity::find_by_id(key).one(&b.db).await.map_err(text)?.ok_or("no such mail")?;
    if row.sent_at.is_some() {
        return Ok(());
    }
    let kind: MailKind = row.kind.parse().map_err(text)?;
    // Who left meanwhile is told nothing; who has not come yet, only that.
    let member = crate::usecases::membership(&b.db, organisation, &row.user_id).await.map_err(text)?;
    let asked = matches!(kind, MailKind::Invitation | MailKind::Added);
    if member.is_none_or(|m| m.pending && !asked) {
        return Ok(());
    }
    let who = users::Entity::find_by_id(row.user_id.clone()).one(&b.db).await.map_err(text)?;
    let who = who.ok_or("no such person")?;
    let place = organisations::Entity::find_by_id(organisation.to_owned()).one(&b.db).await.map_err(text)?;
    let place = place.map(|o| o.name).unwrap_or_default();
    // Whoever came in meanwhile needs no way in any more: a late link would be a second one.
    if kind == MailKind::Invitation && crate::usecases::has_account(&b.db, &who).await.map_err(text)? {
        return Ok(());
    }
    let object = match kind {
        // The link is made now: a secret has no place in an outbox.
        MailKind::Invitation => sessions::invite(b, who.id.parse().map_err(text)?).await.map_err(text)?,
        _ => row.object.clone(),
    };
    let l = Lang::of(&who.language);
    let address = format!("{}{}", b.url, kind.path(&object));
    let body = w::frame(l, address, who.name.clone(), place, w::word(l, &format!("{kind}_text")));
    let mail = Mail {
        id: row.id.clone(),
        host: host(&b.url),
        to: who.email,
        name: who.name,
        subject: w::word(l, &format!("{kind}_subject")).to_owned(),
        text: body,
        at: UNIX_EPOCH + Duration::from_micros(row.created_at.unsigned_abs()),
    };
    b.mailer.send(mail).await.map_err(|e| match e {
        MailError::Refused(_) => Trouble::Broken(e.to_string()),
        MailError::Unreachable(_) | MailError::Folder(_) => Trouble::Waits(e.to_string()),
    })?;
    let mut row = row.into_active_model();
    row.sent_at = Set(Some(b.clock.now().as_microsecond()));
    row.update(&b.db).await.map_err(text)?;
    Ok(())
}

/// `https://tom.example:8080/x` is `tom.example`.
fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let name = rest.split(['/', ':']).next().unwrap_or_default();
    if name.is_empty() { "localhost".to_owned() } else { name.to_owned() }
}
