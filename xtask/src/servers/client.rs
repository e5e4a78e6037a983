use std::path::{Path, PathBuf};
use std::process::Command;

use super::address::Address;
use super::{Engine, ServerError};
use crate::machine;

const CONNECT_TIMEOUT_S: &str = "10";

/// Sends one statement at a time through the engine's own client program.
///
/// A driver would be faster by some milliseconds for a statement, and would make every crate that tests with a database
/// wait for a driver to compile.
#[derive(Clone, Debug)]
pub(super) struct Client {
    engine: Engine,
    address: Address,
    program: Program,
}

#[derive(Clone, Debug)]
enum Program {
    Local(PathBuf),
    /// The client inside the server's own container: a machine that needs Docker for the one lacks the other.
    Docker {
        docker: PathBuf,
        container: String,
    },
}

impl Client {
    /// Finds a client for the server at `address`.
    pub(super) fn find(engine: Engine, address: &Address) -> Result<Self, ServerError> {
        let local = engine.find_client().map(Program::Local);
        let program = local.or_else(|| in_container(address)).ok_or_else(|| ServerError::Missing {
            engine,
            advice: format!("its client {} is not installed", engine.client()),
        })?;
        Ok(Self { engine, address: address.clone(), program })
    }

    /// Runs one statement and gives what the client printed: values parted by tabs or bars, without headings.
    pub(super) fn run(&self, statement: &str) -> Result<String, ServerError> {
        let (mut command, host, port) = match &self.program {
            Program::Local(program) => (Command::new(program), self.address.host.as_str(), self.address.port),
            Program::Docker { docker, container } => {
                let mut command = Command::new(docker);
                // Variables without a value are handed on from this process.
                command.args(["exec", "--env=PGPASSWORD", "--env=MYSQL_PWD", container, self.engine.client()]);
                (command, "127.0.0.1", self.engine.standard_port())
            }
        };
        match self.engine {
            Engine::Postgres => self.psql(&mut command, host, port, statement),
            Engine::Mariadb => self.mariadb(&mut command, host, port, statement),
        }
        let output = command.output().map_err(|error| ServerError::program(command.get_program(), error))?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        } else {
            Err(self.refused(statement, String::from_utf8_lossy(&output.stderr).trim()))
        }
    }

    fn psql(&self, command: &mut Command, host: &str, port: u16, statement: &str) {
        let port = port.to_string();
        command.args(["--no-psqlrc", "--no-password", "--quiet", "--tuples-only", "--no-align"]);
        command.args(["--host", host, "--port", &port, "--username", &self.address.user]);
        command.args(["--dbname", &self.address.database, "--command", statement]);
        command.env("PGCONNECT_TIMEOUT", CONNECT_TIMEOUT_S);
        if let Some(password) = &self.address.password {
            command.env("PGPASSWORD", password);
        }
    }

    fn mariadb(&self, command: &mut Command, host: &str, port: u16, statement: &str) {
        let port = port.to_string();
        command.args(["--no-defaults", "--protocol=tcp", "--batch", "--skip-column-names"]);
        // A throw-away server has no certificate; "loose" because only newer clients know the option.
        command.arg("--loose-skip-ssl-verify-server-cert");
        command.args(["--host", host, "--port", &port, "--user", &self.address.user]);
        command.args(["--connect-timeout", CONNECT_TIMEOUT_S, "--database", &self.address.database]);
        command.args(["--execute", statement]);
        if let Some(password) = &self.address.password {
            command.env("MYSQL_PWD", password);
        }
    }

    fn refused(&self, statement: &str, message: &str) -> ServerError {
        ServerError::Refused { engine: self.engine, statement: statement.to_owned(), message: message.to_owned() }
    }
}

/// Finds the running container that publishes the address's port.
fn in_container(address: &Address) -> Option<Program> {
    let docker = machine::find_program("docker")?;
    let container = published(&docker, address.port)?;
    Some(Program::Docker { docker, container })
}

fn published(docker: &Path, port: u16) -> Option<String> {
    let filter = format!("publish={port}");
    let output = Command::new(docker).args(["ps", "--quiet", "--filter", &filter]).output().ok()?;
    let container = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !container.is_empty()).then_some(container)
}
