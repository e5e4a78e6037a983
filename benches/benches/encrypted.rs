//! The engine over encrypted connections beside the same over plain ones, on the same servers.
#![allow(clippy::expect_used, missing_docs)]

use ims_benches::encrypted;
use xtask::servers::{self, Engine};

fn main() {
    for engine in Engine::ALL {
        let server = servers::or_skip(servers::encrypted(engine)).expect("a server that works");
        if let Some(server) = server {
            encrypted::run(&server, engine);
        }
    }
}
