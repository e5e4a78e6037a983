//! Webhooks: listeners by HTTPS that people add while the server runs. They are entries of the registry.

mod delivery;
mod guard;
mod sign;

pub(crate) use sign::Secret;

use super::{config::Webhooks as Config, filter::Filter, lease};
use crate::serve::caller::Costs;
use delivery::Listener;
use ims_core::{Offset, StoreError, StoreErrorKind, Timestamp};
use ims_sqlx::registry::{ENTRIES_PER_PAGE, Entry, Expected, Registry, Written};
use reqwest::Url;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

pub(super) use delivery::Http;

/// The kind of these entries.
const KIND: &str = "webhook";

/// A listener, as it was added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Webhook {
    /// Its id: that of the request that added it.
    pub(crate) id: String,
    /// Where it listens.
    pub(crate) url: String,
    /// What people call it; may be empty.
    pub(crate) description: String,
    /// Only events of these types or aliases; all, where there are none.
    pub(crate) types: Vec<String>,
    /// Only events that touch one of these; all, where there are none.
    pub(crate) rooms: Vec<String>,
    /// Whether events tell what goods cost.
    pub(crate) costs: Costs,
    /// What its deliveries are signed with.
    pub(crate) secret: Secret,
    /// When it was added.
    pub(crate) created_at: Timestamp,
}

/// Why there can be no such webhook.
#[derive(Debug)]
pub(crate) enum Unfit {
    /// A field of it; the line is for people.
    Field(&'static str, String),
    /// The same id was given to another one before.
    Reused,
    /// There are as many as there may be.
    TooMany(usize),
    /// The registry cannot be written.
    Store(StoreError),
}

impl From<StoreError> for Unfit {
    fn from(error: StoreError) -> Unfit {
        Unfit::Store(error)
    }
}

impl Webhook {
    /// The name of the relay that serves it.
    pub(crate) fn relay(id: &str) -> String {
        format!("{KIND}:{id}")
    }

    /// Which events it hears of.
    pub(super) fn filter(&self) -> Result<Filter, String> {
        Filter::new(&self.types, &self.rooms)
    }

    /// Where its deliveries go.
    pub(super) fn listener(&self, config: &Config) -> Result<Listener, String> {
        let url = checked_url(&self.url, config)?;
        Ok(Listener { url, secret: self.secret.clone() })
    }

    /// Whether the request that added it said what another one with its id says.
    fn is_said_again(&self, again: &Webhook) -> Result<Added, Unfit> {
        let said = |one: &Webhook| {
            let Webhook { url, description, types, rooms, costs, .. } = one.clone();
            (url, description, types, rooms, costs)
        };
        if said(self) == said(again) { Ok(Added::Before) } else { Err(Unfit::Reused) }
    }

    fn of(entry: &Entry) -> Result<Webhook, StoreError> {
        serde_json::from_str(&entry.body).map_err(|error| StoreError::new(StoreErrorKind::Corrupt, error))
    }
}

/// Reads a webhook.
pub(crate) async fn get(registry: &Registry, id: &str) -> Result<Option<Webhook>, StoreError> {
    registry.get(KIND, id).await?.as_ref().map(Webhook::of).transpose()
}

/// Reads all webhooks that come after an id, at most so many.
pub(crate) async fn list(registry: &Registry, after: &str, limit: u32) -> Result<Vec<Webhook>, StoreError> {
    registry.list(KIND, after, limit).await?.iter().map(Webhook::of).collect()
}

/// Whether a webhook was added now or before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Added {
    /// Now.
    Now,
    /// The same request had come before.
    Before,
}

/// Adds a webhook that hears of what happens after `begin`.
pub(crate) async fn add(
    registry: &Registry,
    config: &Config,
    webhook: &Webhook,
    begin: Offset,
) -> Result<Added, Unfit> {
    let in_field = |field| move |problem| Unfit::Field(field, problem);
    checked_url(&webhook.url, config).map_err(in_field("url"))?;
    webhook.filter().map_err(in_field("types"))?;
    let most = u32::try_from(config.webhooks_limit).unwrap_or(u32::MAX).min(ENTRIES_PER_PAGE);
    let there = list(registry, "", most).await?;
    if let Some(before) = there.iter().find(|one| one.id == webhook.id) {
        return before.is_said_again(webhook);
    }
    if there.len() >= config.webhooks_limit {
        return Err(Unfit::TooMany(config.webhooks_limit));
    }
    // Its position first: without it nobody relays, and alone it does nothing.
    let record = lease::Record::new(super::config::Kind::Webhook.word(), begin);
    let position = json(&record)?;
    // Where it is there already, an earlier try got so far.
    let _ = registry.put(lease::KIND, &Webhook::relay(&webhook.id), Expected::Absent, &position, None).await?;
    let body = json(webhook)?;
    match registry.put(KIND, &webhook.id, Expected::Absent, &body, None).await {
        Ok(Written::Done { .. }) => Ok(Added::Now),
        // Somebody sent it at the same moment.
        Ok(Written::Conflict) => {
            get(registry, &webhook.id).await?.map_or(Ok(Added::Before), |before| before.is_said_again(webhook))
        }
        Err(error) if error.kind == StoreErrorKind::OutOfRange => {
            Err(Unfit::Field("types", "this is more than is kept of a webhook".to_owned()))
        }
        Err(error) => Err(error.into()),
    }
}

/// Takes a webhook away. Says whether it was there.
pub(crate) async fn remove(registry: &Registry, id: &str) -> Result<Existed, StoreError> {
    let existed = registry.get(KIND, id).await?.map_or(Existed::No, |_| Existed::Yes);
    // Whatever version: nobody writes it after it was added, and its position goes with it.
    let _ = registry.delete(KIND, id, Expected::Any).await?;
    let _ = registry.delete(lease::KIND, &Webhook::relay(id), Expected::Any).await?;
    Ok(existed)
}

/// Whether something was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Existed {
    /// It was.
    Yes,
    /// It was not.
    No,
}

fn json(content: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(content).map_err(|error| StoreError::new(StoreErrorKind::Corrupt, error))
}

/// Reads a URL that may be called. A host that is a name is checked again whenever it is looked up.
fn checked_url(text: &str, config: &Config) -> Result<Url, String> {
    use super::config::Allowed;
    let url = Url::parse(text).map_err(|error| format!("this is no URL: {error}"))?;
    match (url.scheme(), config.plain_http) {
        ("https", _) | ("http", Allowed::Allowed) => {}
        _ => return Err("a webhook is called by https://".to_owned()),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("a webhook's URL must not have a user or a password in it".to_owned());
    }
    let host = url.host_str().ok_or("this URL has no host")?;
    let literal: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    let is_forbidden = literal.is_some_and(|ip| !guard::is_public(ip));
    if is_forbidden && config.private_addresses == Allowed::Refused {
        return Err("this address must not be called".to_owned());
    }
    Ok(url)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::config::Allowed;
    use super::*;

    fn refused(url: &str) -> String {
        checked_url(url, &Config::default()).unwrap_err()
    }

    #[test]
    fn a_url_must_be_fit_to_be_called() {
        checked_url("https://shop.example/hooks?from=ims", &Config::default()).unwrap();
        assert!(refused("shop.example").contains("no URL"));
        assert!(refused("http://shop.example/").contains("https"));
        assert!(refused("file:///etc/passwd").contains("https"));
        assert!(refused("https://me:pw@shop.example/").contains("password"));
    }

    #[test]
    fn an_address_inside_is_refused_however_it_is_written() {
        for host in ["127.0.0.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:10.0.0.1]", "169.254.169.254", "0"] {
            assert!(refused(&format!("https://{host}/")).contains("must not be called"), "{host}");
        }
        let open = Config { plain_http: Allowed::Allowed, private_addresses: Allowed::Allowed, ..Config::default() };
        checked_url("http://127.0.0.1:9/", &open).unwrap();
    }
}
