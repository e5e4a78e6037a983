use std::env;
use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use super::address::Address;
use super::client::Client;
use super::launch::{self, Source, Wire};
use super::watchdog::Watchdog;
use super::{Engine, Server, ServerError};

/// How often a starting server is asked whether it is there.
const POLL_EVERY: Duration = Duration::from_millis(20);

/// A free port can be taken by another program before the server binds it.
const PORT_ATTEMPTS: u32 = 5;

/// A server, and the watchdog that ends it with this process if it was started here.
pub(super) struct Running {
    server: Server,
    /// Held for its pipe, which the end of this process closes.
    _watchdog: Option<Watchdog>,
}

impl Running {
    pub(super) fn server(&self) -> Server {
        self.server.clone()
    }
}

/// Where this process's server comes from.
pub(super) enum Place {
    Environment(String),
    Here(Source),
}

pub(super) fn find(engine: Engine) -> Result<Place, ServerError> {
    if let Some(url) = env::var(engine.variable()).ok().filter(|url| !url.is_empty()) {
        return Ok(Place::Environment(url));
    }
    launch::find(engine).map(Place::Here).ok_or_else(|| ServerError::Missing { engine, advice: advice(engine) })
}

fn advice(engine: Engine) -> String {
    format!(
        "install it (Debian, Ubuntu: apt-get install {}; macOS: brew install {}), or start Docker, or set {} to the \
         address of one, such as {}",
        engine.debian_package(),
        match engine {
            Engine::Postgres => "postgresql",
            Engine::Mariadb => "mariadb",
        },
        engine.variable(),
        engine.example(),
    )
}

pub(super) fn start(engine: Engine) -> Result<Running, ServerError> {
    match find(engine)? {
        Place::Environment(url) => {
            let address = Address::parse(engine, &url).ok_or(ServerError::Address { engine })?;
            let client = Client::find(engine, &address)?;
            Ok(Running { server: Server::new(engine, address, client, None), _watchdog: None })
        }
        Place::Here(source) => start_here(engine, &source, &Wire::Plain),
    }
}

/// Starts a server that can encrypt, whatever the environment names.
pub(super) fn start_encrypted(engine: Engine) -> Result<Running, ServerError> {
    let missing = |advice: String| ServerError::Missing { engine, advice };
    let source = launch::find(engine).filter(|source| !matches!(source, Source::Docker(_)));
    let source = source.ok_or_else(|| missing(advice(engine)))?;
    let wire = Wire::encrypted()
        .ok_or_else(|| missing("openssl, which makes its certificate, is not installed".to_owned()))?;
    start_here(engine, &source, &wire)
}

fn start_here(engine: Engine, source: &Source, wire: &Wire) -> Result<Running, ServerError> {
    let mut attempts_left = PORT_ATTEMPTS;
    loop {
        let port = free_port().map_err(|error| ServerError::program("a listener on 127.0.0.1", error))?;
        let orders = source.orders(engine, port, wire);
        let mut watchdog = Watchdog::start(&orders).map_err(|error| ServerError::program("sh", error))?;
        let address = Address::local(engine, port);
        let why = match wait_until_it_answers(engine, &address, &mut watchdog, source.patience()) {
            Ok(client) => {
                let authority = wire.authority(&orders.folder.join("data"));
                let server = Server::new(engine, address, client, authority);
                return Ok(Running { server, _watchdog: Some(watchdog) });
            }
            Err(why) => why,
        };
        let log = watchdog.log();
        watchdog.stop();
        attempts_left = attempts_left.saturating_sub(1);
        if attempts_left == 0 || !port_was_taken(&log) {
            return Err(ServerError::NotStarted { engine, why, log });
        }
    }
}

fn wait_until_it_answers(
    engine: Engine,
    address: &Address,
    watchdog: &mut Watchdog,
    patience: Duration,
) -> Result<Client, String> {
    let began = Instant::now();
    let mut last_answer = "nothing listens on its port".to_owned();
    loop {
        // Cheaper than a client program, of which a busy machine would start dozens.
        if TcpStream::connect((Ipv4Addr::LOCALHOST, address.port)).is_ok() {
            match answering_client(engine, address) {
                Ok(client) => return Ok(client),
                Err(error) => last_answer = error.to_string(),
            }
        }
        if watchdog.ended() {
            return Err("it ended by itself".to_owned());
        }
        if began.elapsed() > patience {
            return Err(format!("no answer within {} s; {last_answer}", patience.as_secs()));
        }
        thread::sleep(POLL_EVERY);
    }
}

fn answering_client(engine: Engine, address: &Address) -> Result<Client, ServerError> {
    let client = Client::find(engine, address)?;
    client.run("SELECT 1")?;
    Ok(client)
}

pub(super) fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

fn port_was_taken(log: &str) -> bool {
    log.contains("Address already in use") || log.contains("port is already allocated")
}
