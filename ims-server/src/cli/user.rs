//! `ims user`: those who may come in over the network. Whoever can open the store needs no other right; a server asks for
//! an admin.

use super::item::word;
use crate::{
    client::{Client, Fate, Fault},
    failure::{Failure, Outcome},
    output::{Column, Line, Show, Tone},
    serve::{AuthConfig, Gate, Name, NewUser, Role, Secret, Standing, UserChange, UserShown},
    session::{Accounts, Session},
};
use clap::Subcommand;
use ims_core::report::{Page, PageRequest};
use serde_json::json;
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
        let users = Users::of(session).await?;
        match self {
            Command::Add { name, role, site } => add(session, &users, &name, role, site).await,
            Command::List => list(session, &users).await,
            Command::Role { name, role } => update(session, &users, &name, Change::Role(role), "Changed").await,
            Command::Password { name } => {
                let name = Name::new(&name)?;
                users.reset_password(&name, password()?).await?;
                session.out.say(format_args!("Set the password of {name}."));
                Ok(())
            }
            Command::Disable { name } => {
                update(session, &users, &name, Change::Standing(Standing::Disabled), "Disabled").await
            }
            Command::Enable { name } => {
                update(session, &users, &name, Change::Standing(Standing::Active), "Enabled").await
            }
        }
    }
}

/// Those who may come in: as the store itself has them, or a server.
enum Users {
    Here(Gate),
    There(Client),
}

/// What is to be different about a user.
#[derive(Clone, Copy)]
enum Change {
    Role(Role),
    Standing(Standing),
}

impl Users {
    async fn of(session: &Session) -> Outcome<Users> {
        match session.accounts() {
            Accounts::There(client) => Ok(Users::There(client.clone())),
            Accounts::Here(registry) => Ok(Users::Here(Gate::open(registry.clone(), AuthConfig::default()).await?)),
        }
    }

    async fn add(&self, user: NewUser) -> Outcome<UserShown> {
        match self {
            Users::Here(gate) => Ok(UserShown::of(gate.make_user(BY, user).await?)),
            Users::There(client) => {
                let NewUser { name, password, role, email, site } = user;
                let password = password.expose();
                let user = json!({"name": name, "password": password, "role": role, "email": email, "site": site});
                client.add_user(&user).await.map_err(|fault| may_be_added(&fault))
            }
        }
    }

    async fn change(&self, name: Name, change: Change) -> Outcome<UserShown> {
        match self {
            Users::Here(gate) => {
                let nothing = UserChange::nothing(name.clone());
                let change = match change {
                    Change::Role(role) => UserChange { role: Some(role), ..nothing },
                    Change::Standing(standing) => UserChange { standing: Some(standing), ..nothing },
                };
                Ok(UserShown::of(gate.change_user(BY, &name, &change).await?))
            }
            Users::There(client) => {
                let change = match change {
                    Change::Role(role) => json!({ "role": role }),
                    Change::Standing(standing) => json!({ "standing": standing }),
                };
                Ok(client.change_user(name.as_str(), &change).await?)
            }
        }
    }

    async fn reset_password(&self, name: &Name, password: Secret) -> Outcome {
        match self {
            Users::Here(gate) => Ok(gate.reset_password(BY, name, password).await?),
            Users::There(client) => Ok(client.reset_password(name.as_str(), password.expose()).await?),
        }
    }

    async fn page(&self, page: &PageRequest) -> Outcome<Page<UserShown>> {
        match self {
            Users::Here(gate) => Ok(gate.users(page).await?),
            Users::There(client) => Ok(client.users(page).await?),
        }
    }
}

/// Says how to find out whether a user was added.
fn may_be_added(fault: &Fault) -> Failure {
    let failure = Failure::from(fault);
    match fault.fate() {
        Fate::Open => failure.hint("`ims user list` tells whether the user was added"),
        Fate::NotDone => failure,
    }
}

async fn add(session: &Session, users: &Users, name: &str, role: Role, site: Option<String>) -> Outcome {
    let site = match site {
        Some(code) => Some(session.site_named(&code).await?.id),
        None => None,
    };
    let user = NewUser { name: Name::new(name)?, password: password()?, role, email: None, site };
    let user = users.add(user).await?;
    session.out.one(&format!("Added the user {}.", user.name), &user)
}

async fn update(session: &Session, users: &Users, name: &str, change: Change, done: &str) -> Outcome {
    let user = users.change(Name::new(name)?, change).await?;
    session.out.one(&format!("{done} the user {}.", user.name), &user)
}

async fn list(session: &Session, users: &Users) -> Outcome {
    let show = session.show().await?;
    let mut listing = session.out.listing(&show);
    let mut page = PageRequest::default();
    loop {
        let read = users.page(&page).await?;
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
