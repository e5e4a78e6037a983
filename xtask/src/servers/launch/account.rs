use std::path::Path;

use crate::machine;
use crate::servers::{Engine, shell};

/// The account that a server runs under: both engines refuse to run as root.
pub(super) enum Account {
    Mine,
    Named(&'static str),
}

impl Account {
    pub(super) fn of(engine: Engine) -> Self {
        if machine::is_root() { Self::Named(engine.account()) } else { Self::Mine }
    }

    /// Writes the command that makes a folder which only this account enters.
    pub(super) fn make_folder(&self, folder: &Path) -> String {
        let folder = folder.to_string_lossy();
        match self {
            Self::Mine => shell::line(["mkdir", "-m", "700", &folder]),
            Self::Named(name) => shell::line(["install", "-d", "-m", "700", "-o", name, "-g", name, &folder]),
        }
    }

    /// Writes the command that runs a program under this account.
    pub(super) fn run(&self, program: &Path, arguments: &[&str]) -> String {
        let program = program.to_string_lossy();
        let run = shell::line([program.as_ref()].iter().chain(arguments));
        match self {
            Self::Mine => run,
            Self::Named(name) => format!("setpriv --reuid={name} --regid={name} --clear-groups -- {run}"),
        }
    }
}
