//! Starts throw-away Redis, RabbitMQ and NATS servers for tests, on free ports and with files of their own.
//!
//! Unlike a database, a broker is not shared: a test kills it and starts it again. It keeps what it had acknowledged, as one
//! does that is set up to.

mod launch;

use super::{REQUIRE_SERVERS, start::free_port, watchdog::Watchdog};
use crate::machine;
use std::{
    env, fmt, fs, io,
    net::{Ipv4Addr, TcpStream},
    path::PathBuf,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How often a starting broker is asked whether it is there.
const POLL_EVERY: Duration = Duration::from_millis(20);
/// The time that a start may take: much more than it ever does on an idle machine.
const PATIENCE: Duration = Duration::from_secs(180);

/// A kind of broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Redis 5 or later, which writes to disk before it answers.
    Redis,
    /// RabbitMQ 3.8 or later.
    Rabbitmq,
    /// NATS 2.2 or later, with JetStream.
    Nats,
}

/// A broker that runs, or is down for as long as a test wants.
#[derive(Debug)]
pub struct Broker {
    kind: Kind,
    port: u16,
    folder: PathBuf,
    watchdog: Watchdog,
}

/// Why there is no broker.
#[derive(Debug, thiserror::Error)]
pub enum BrokerError {
    /// It is not installed.
    #[error("there is no {kind} here: install it (Debian, Ubuntu: apt-get install {})", kind.debian_package())]
    Missing {
        /// Which.
        kind: Kind,
    },
    /// It ended before it answered, or did not answer in time.
    #[error("{kind} did not start ({why}); the end of its log:\n{log}")]
    NotStarted {
        /// Which.
        kind: Kind,
        /// What was seen from outside.
        why: String,
        /// The last lines of its log.
        log: String,
    },
    /// The system did not do what was asked.
    #[error("{kind}: {source}")]
    System {
        /// Which.
        kind: Kind,
        /// What the operating system said.
        source: io::Error,
    },
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 3] = [Kind::Redis, Kind::Rabbitmq, Kind::Nats];

    /// Names the Debian package that has the server.
    #[must_use]
    pub const fn debian_package(self) -> &'static str {
        match self {
            Kind::Redis => "redis-server",
            Kind::Rabbitmq => "rabbitmq-server",
            Kind::Nats => "nats-server",
        }
    }

    /// Whether it is installed.
    ///
    /// # Errors
    /// [`BrokerError::Missing`] says what to install.
    pub fn find(self) -> Result<(), BrokerError> {
        let found = self.programs().iter().all(|name| machine::find_program(name).is_some());
        if found { Ok(()) } else { Err(BrokerError::Missing { kind: self }) }
    }

    const fn programs(self) -> &'static [&'static str] {
        match self {
            Kind::Redis => &["redis-server"],
            Kind::Rabbitmq => &["rabbitmq-server", "epmd"],
            Kind::Nats => &["nats-server"],
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Redis => "Redis",
            Kind::Rabbitmq => "RabbitMQ",
            Kind::Nats => "NATS",
        })
    }
}

/// Starts a broker; `None`, and a word about it, where it is not installed and none is required.
///
/// # Errors
/// [`BrokerError`] where it does not start, or is not installed and [`REQUIRE_SERVERS`] is set.
pub fn or_skip(kind: Kind) -> Result<Option<Broker>, BrokerError> {
    match Broker::start(kind) {
        Err(missing @ BrokerError::Missing { .. }) if env::var_os(REQUIRE_SERVERS).is_none() => {
            super::say_skipped(&missing);
            Ok(None)
        }
        started => started.map(Some),
    }
}

impl Broker {
    /// Starts a broker of the test's own.
    ///
    /// # Errors
    /// [`BrokerError`] where it is not installed or does not start.
    pub fn start(kind: Kind) -> Result<Broker, BrokerError> {
        kind.find()?;
        let system = |source| BrokerError::System { kind, source };
        let ports = launch::Ports {
            client: free_port().map_err(system)?,
            others: [free_port().map_err(system)?, free_port().map_err(system)?],
        };
        let orders = launch::orders(kind, ports);
        let folder = orders.folder.clone();
        let watchdog = Watchdog::start(&orders).map_err(system)?;
        let mut broker = Broker { kind, port: ports.client, folder, watchdog };
        broker.wait_until_it_answers()?;
        Ok(broker)
    }

    /// Gives its URL.
    #[must_use]
    pub fn url(&self) -> String {
        let port = self.port;
        match self.kind {
            Kind::Redis => format!("redis://127.0.0.1:{port}"),
            Kind::Rabbitmq => format!("amqp://guest:guest@127.0.0.1:{port}/%2f"),
            Kind::Nats => format!("nats://127.0.0.1:{port}"),
        }
    }

    /// Ends it with SIGKILL and keeps it down.
    ///
    /// # Errors
    /// [`BrokerError::System`] where it cannot be ended.
    pub fn kill(&mut self) -> Result<(), BrokerError> {
        let kind = self.kind;
        let system = |source| BrokerError::System { kind, source };
        fs::write(self.folder.join("down"), "").map_err(system)?;
        let group = fs::read_to_string(self.folder.join("group")).map_err(system)?;
        let mut signal = Command::new("kill");
        signal.args(["-KILL", "--", &format!("-{}", group.trim())]).stderr(Stdio::null());
        signal.status().map_err(system)?;
        while self.is_there() {
            thread::sleep(POLL_EVERY);
        }
        Ok(())
    }

    /// Starts it again, with what it had kept.
    ///
    /// # Errors
    /// [`BrokerError::NotStarted`] where it does not come up.
    pub fn restart(&mut self) -> Result<(), BrokerError> {
        let kind = self.kind;
        fs::remove_file(self.folder.join("down")).map_err(|source| BrokerError::System { kind, source })?;
        self.wait_until_it_answers()
    }

    fn is_there(&self) -> bool {
        TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok()
    }

    fn wait_until_it_answers(&mut self) -> Result<(), BrokerError> {
        let began = Instant::now();
        while !self.is_there() {
            let why = if self.watchdog.ended() {
                "it ended by itself"
            } else if began.elapsed() > PATIENCE {
                "no answer in time"
            } else {
                thread::sleep(POLL_EVERY);
                continue;
            };
            return Err(BrokerError::NotStarted { kind: self.kind, why: why.to_owned(), log: self.watchdog.log() });
        }
        Ok(())
    }
}
