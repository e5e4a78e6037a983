//! The first admin: whoever sees the server's terminal, or the file that it writes, may make one, once.

use super::{Config, Secret, records::Record, token::after};
use crate::{failure::Failure, serve::Problem, session::now};
use ims_core::Timestamp;
use serde::{Deserialize, Serialize};
use std::{
    fs::OpenOptions,
    io::{IsTerminal, Write},
    path::Path,
};

/// What the registry calls the one entry.
pub(super) const KEY: &str = "token";
/// What the token begins with.
const PREFIX: &str = "imsa_";

/// The token as the registry has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct FirstAdmin {
    /// The digest of the token.
    pub(super) token: Secret,
    /// When it ends.
    pub(super) expires_at: Timestamp,
}

impl Record for FirstAdmin {
    const KIND: &'static str = "first_admin";

    fn key(&self) -> String {
        KEY.to_owned()
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

/// Makes a token, and what is kept of it.
pub(super) fn token(config: &Config) -> Result<(Secret, FirstAdmin), Problem> {
    let token = Secret::new(format!("{PREFIX}{}", Secret::random()?.expose()));
    let kept = FirstAdmin { token: token.digest(), expires_at: after(now(), config.first_admin_ms) };
    Ok((token, kept))
}

/// Where a token can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown<'a> {
    /// On the terminal that somebody watches.
    Terminal,
    /// In a file.
    File(&'a Path),
    /// Nowhere: the standard error is a log, and a log has no secrets.
    Nowhere,
}

impl Shown<'_> {
    /// Where this server can show one.
    pub(super) fn of(config: &Config) -> Shown<'_> {
        match &config.first_admin_file {
            Some(file) => Shown::File(file),
            None if std::io::stderr().is_terminal() => Shown::Terminal,
            None => Shown::Nowhere,
        }
    }

    /// Shows a token: what to tell of it, with the page that takes it.
    pub(super) fn show(self, token: &Secret, page: &str, expires_at: Timestamp) -> Result<String, Failure> {
        Ok(match self {
            Shown::Terminal => {
                let token = token.expose();
                format!("there is no user yet: make the first admin until {expires_at} at\n  {page}#{token}")
            }
            Shown::File(file) => {
                write(file, token).map_err(|error| Failure::file(file, &error))?;
                let file = file.display();
                format!("there is no user yet: {page} makes the first admin with the token in {file}")
            }
            Shown::Nowhere => "there is no user yet: `ims user add NAME --role admin` makes the first admin".to_owned(),
        })
    }
}

/// Writes a file that nobody else may read.
fn write(file: &Path, token: &Secret) -> std::io::Result<()> {
    // One that is there may be readable for others.
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(token.expose().as_bytes())
}
