//! `ims user`: those who may come in over the network. Whoever can open the store needs no other right.

use super::item::word;
use crate::{
    failure::{Failure, Outcome},
    output::{Column, Line, Show, Tone},
    serve::{AuthConfig, Gate, Name, NewUser, Role, Secret, Standing, UserChange, UserShown},
    session::Session,
    store_url::{self, Purpose},
};
use clap::Subcommand;
use ims_core::report::PageRequest;
use std::io::BufRead;

/// What changes are written down as having been made by.
const BY: &str = "cli";
/// A variable that has a password, for programs that give one.
const PASSWORD: &str = "IMS_PASSWORD";

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Add a user; the password is read from IMS_PASSWORD or the standard input
    Add {
        /// By which they sign in
        name: String,
        /// admin, manager, clerk, viewer or device
        #[arg(long, value_parser = role)]
        role: Role,
        /// The only site that they may work at
        #[arg(long, value_name = "CODE")]
        site: Option<String>,
    },
    /// List users
    List,
    /// Give a user another role: admin, manager, clerk, viewer or device
    Role {
        /// Which user
        name: String,
        /// What they become
        #[arg(value_parser = role)]
        role: Role,
    },
    /// Set a password, read from IMS_PASSWORD or the standard input, and sign the user out
    Password {
        /// Which user
        name: String,
    },
    /// Let a user in no more, and sign them out
    Disable {
        /// Which user
        name: String,
    },
    /// Let a user in again
    Enable {
        /// Which user
        name: String,
    },
}

impl Command {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let (_, registry) = store_url::open_with_registry(&session.store_url, Purpose::MakeOrUse).await?;
        let gate = Gate::open(registry, AuthConfig::default()).await?;
        match self {
            Command::Add { name, role, site } => add(session, &gate, &name, role, site).await,
            Command::List => list(session, &gate).await,
            Command::Role { name, role } => {
                let change = |change: UserChange| UserChange { role: Some(role), ..change };
                update(session, &gate, &name, change, "Changed").await
            }
            Command::Password { name } => {
                let name = Name::new(&name)?;
                gate.reset_password(BY, &name, password()?).await?;
                session.out.say(format_args!("Set the password of {name}."));
                Ok(())
            }
            Command::Disable { name } => {
                let change = |change: UserChange| UserChange { standing: Some(Standing::Disabled), ..change };
                update(session, &gate, &name, change, "Disabled").await
            }
            Command::Enable { name } => {
                let change = |change: UserChange| UserChange { standing: Some(Standing::Active), ..change };
                update(session, &gate, &name, change, "Enabled").await
            }
        }
    }
}

async fn add(session: &Session, gate: &Gate, name: &str, role: Role, site: Option<String>) -> Outcome {
    let site = match site {
        Some(code) => Some(session.site_named(&code).await?.id),
        None => None,
    };
    let user = NewUser { name: Name::new(name)?, password: password()?, role, email: None, site };
    let user = UserShown::of(gate.make_user(BY, user).await?);
    session.out.one(&format!("Added the user {}.", user.name), &user)
}

async fn update(
    session: &Session,
    gate: &Gate,
    name: &str,
    change: impl FnOnce(UserChange) -> UserChange,
    done: &str,
) -> Outcome {
    let name = Name::new(name)?;
    let change = change(UserChange::nothing(name.clone()));
    let user = UserShown::of(gate.change_user(BY, &name, &change).await?);
    session.out.one(&format!("{done} the user {name}."), &user)
}

async fn list(session: &Session, gate: &Gate) -> Outcome {
    let show = session.show().await?;
    let mut listing = session.out.listing(&show);
    let mut page = PageRequest::default();
    loop {
        let read = gate.users(&page).await?;
        listing.add(read.rows)?;
        if read.next.is_none() {
            return listing.end();
        }
        page.after = read.next;
    }
}

/// Reads a password where no other program sees it: never on the command line.
fn password() -> Outcome<Secret> {
    if let Ok(password) = std::env::var(PASSWORD) {
        return Ok(Secret::new(password));
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        let problem = format!("give the password on the standard input, or in {PASSWORD}");
        return Err(Failure::usage("password_missing", problem));
    }
    Ok(Secret::new(password))
}

fn role(word: &str) -> Result<Role, String> {
    serde_json::from_value(word.into()).map_err(|_| "one of admin, manager, clerk, viewer and device".to_owned())
}

impl Line for UserShown {
    const KEYS: &'static [&'static str] = &["name", "email", "role", "standing", "site", "made_at", "password_set_at"];
    const COLUMNS: &'static [Column] =
        &[Column::text("Name"), Column::text("Role"), Column::text("Standing"), Column::text("Site")];

    fn cells(&self, _: &Show) -> Vec<String> {
        let site = self.site.map(|site| site.to_string()).unwrap_or_default();
        vec![self.name.to_string(), word(&self.role), word(&self.standing), site]
    }

    fn tone(&self) -> Tone {
        if self.standing == Standing::Active { Tone::Plain } else { Tone::Faint }
    }
}
