//! `ims site`

use super::{entry::Entry, item::word};
use crate::{
    failure::{Failure, Outcome},
    output::{Column, Line, Show, Tone},
    session::Session,
};
use clap::Subcommand;
use ims_core::{
    Location, LocationKind, Patch, Standing,
    location::{CreateLocation, UpdateLocation},
};
use serde::Serialize;

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Add a site: a shop or a warehouse with stock of its own
    Add {
        /// Its short code: order numbers begin with it
        code: String,
        /// What it is called
        name: String,
    },
    /// Rename a site
    Update {
        /// Its code
        code: String,
        /// What it is called from now on
        #[arg(long)]
        name: String,
    },
    /// Take a site out of use; its history stays
    Retire {
        /// Its code
        code: String,
    },
    /// Put a site back into use
    Restore {
        /// Its code
        code: String,
    },
    /// List sites
    List {
        /// Retired ones and the virtual ones too
        #[arg(long)]
        all: bool,
    },
}

impl Command {
    /// What it enters in the books.
    pub(super) fn entry(&self) -> Entry {
        match self {
            Command::List { .. } => Entry::Nothing,
            _ => Entry::Made,
        }
    }

    pub(super) async fn run(self, session: &Session) -> Outcome {
        match self {
            Command::Add { code, name } => {
                let create = CreateLocation { code: code.as_str().into(), name: name.as_str().into() };
                let receipt = session.execute(create).await?;
                session.done(&format!("Added the site {code}."), Some(&code), &receipt)
            }
            Command::Update { code, name } => update(session, &code, Some(name), None, "Changed").await,
            Command::Retire { code } => update(session, &code, None, Some(Standing::Retired), "Retired").await,
            Command::Restore { code } => update(session, &code, None, Some(Standing::Active), "Restored").await,
            Command::List { all } => list(session, all).await,
        }
    }
}

async fn update(
    session: &Session,
    code: &str,
    name: Option<String>,
    standing: Option<Standing>,
    done: &str,
) -> Outcome {
    let site = session.site_named(code).await?;
    if site.kind != LocationKind::Site {
        return Err(Failure::from(&ims_core::Rejection::NotASite { location: site.code.clone() }));
    }
    let name = name.map_or(Patch::Keep, |name| Patch::Set(name.as_str().into()));
    let receipt =
        session.execute(UpdateLocation { location: site.id, name, standing: standing.into(), if_tag: None }).await?;
    session.done(&format!("{done} the site {}.", site.code), Some(&site.code), &receipt)
}

#[derive(Serialize)]
struct SiteRow {
    code: String,
    name: String,
    kind: LocationKind,
    standing: Standing,
    id: ims_core::LocationId,
}

impl From<&Location> for SiteRow {
    fn from(site: &Location) -> SiteRow {
        let (code, name) = (site.code.to_string(), site.name.to_string());
        SiteRow { code, name, kind: site.kind, standing: site.standing, id: site.id }
    }
}

impl Line for SiteRow {
    const KEYS: &'static [&'static str] = &["code", "name", "kind", "standing", "id"];
    const COLUMNS: &'static [Column] =
        &[Column::text("Code"), Column::text("Name"), Column::text("Kind"), Column::text("Standing")];

    fn cells(&self, _: &Show) -> Vec<String> {
        vec![self.code.clone(), self.name.clone(), word(&self.kind), word(&self.standing)]
    }

    fn tone(&self) -> Tone {
        if self.standing == Standing::Retired { Tone::Faint } else { Tone::Plain }
    }
}

async fn list(session: &Session, all: bool) -> Outcome {
    let show = session.show().await?;
    let locations = session.locations().await?;
    let listed = |site: &&std::sync::Arc<Location>| {
        all || (site.kind == LocationKind::Site && site.standing == Standing::Active)
    };
    let mut listing = session.out.listing::<SiteRow>(&show);
    listing.add(locations.iter().filter(listed).map(|site| SiteRow::from(&**site)))?;
    let nothing = match locations.iter().any(|site| site.kind == LocationKind::Site) {
        true => {
            "All sites are retired: `ims site list --all` shows them, `ims site restore CODE` puts one back in use."
        }
        false => "There is no site yet: `ims site add CODE NAME` adds one.",
    };
    listing.end_or(nothing)
}
