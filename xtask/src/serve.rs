use std::io::{self, Read};

use xtask::servers::{self, Engine};

/// Starts a server, prints its URL and keeps it until standard input is closed.
pub(crate) fn run(engine: Engine) -> Result<(), String> {
    let server = match engine {
        Engine::Postgres => servers::postgres(),
        Engine::Mariadb => servers::mariadb(),
    };
    println!("{}", server.map_err(|error| error.to_string())?.url());
    io::stdin().read_to_end(&mut Vec::new()).map(drop).map_err(|error| format!("standard input: {error}"))
}
