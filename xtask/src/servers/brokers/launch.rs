use super::Kind;
use crate::servers::{
    shell,
    watchdog::{self, Orders},
};
use std::path::Path;

/// Ports of 127.0.0.1 that were free a moment ago.
#[derive(Clone, Copy)]
pub(super) struct Ports {
    /// For clients.
    pub(super) client: u16,
    /// For the parts of a broker among themselves.
    pub(super) others: [u16; 2],
}

/// Keeps a broker: each time it ends it is started again, unless there is a file `down`. It has a process group of its own,
/// whose number is in the file `group`, and ends with this. What it leaves behind lies in its folder. `$0` is the folder, the
/// rest is the broker's command.
const KEEP: &str = r#"cd "$0/data" || exit
trap '[ -z "$!" ] || kill -KILL "-$!"; exit' TERM
while :; do
    while [ -e "$0/down" ]; do sleep 0.02; done
    setsid "$@" &
    echo $! >"$0/group"
    wait $!
    sleep 0.1
done"#;

/// Writes the shell commands that make a broker.
pub(super) fn orders(kind: Kind, ports: Ports) -> Orders {
    let slug = match kind {
        Kind::Redis => "ims_redis",
        Kind::Rabbitmq => "ims_rabbitmq",
        Kind::Nats => "ims_nats",
    };
    let folder = watchdog::unique_folder(slug);
    let data = folder.join("data");
    let mut serve = vec!["sh".to_owned(), "-c".to_owned(), KEEP.to_owned(), folder.display().to_string()];
    serve.extend(match kind {
        Kind::Redis => redis(&data, ports),
        Kind::Rabbitmq => rabbitmq(&data, ports),
        Kind::Nats => nats(&data, ports),
    });
    Orders {
        create: shell::line(["mkdir", &data.display().to_string()]),
        serve: shell::line(serve),
        // The keeper takes the broker along.
        stop: r#"kill -TERM "$server""#.to_owned(),
        folder,
    }
}

fn redis(data: &Path, ports: Ports) -> Vec<String> {
    let (data, port) = (data.display().to_string(), ports.client.to_string());
    let words = ["redis-server", "--bind", "127.0.0.1", "--port", &port, "--dir", &data, "--save", ""];
    // What is acknowledged is on disk.
    let durable = ["--appendonly", "yes", "--appendfsync", "always"];
    words.iter().chain(&durable).map(|word| (*word).to_owned()).collect()
}

fn nats(data: &Path, ports: Ports) -> Vec<String> {
    let (data, port) = (data.display().to_string(), ports.client.to_string());
    ["nats-server", "--addr", "127.0.0.1", "--port", &port, "--jetstream", "--store_dir", &data]
        .map(str::to_owned)
        .into()
}

/// A node that shares nothing with another one on this machine, the mapper of Erlang's ports included.
const RABBITMQ: &str = "epmd -port \"$ERL_EPMD_PORT\" -address 127.0.0.1 & exec rabbitmq-server";

fn rabbitmq(data: &Path, ports: Ports) -> Vec<String> {
    let [mapper, distribution] = ports.others;
    let place = |name: &str| data.join(name).display().to_string();
    // Debian's wrapper leaves the process group, and the script beside it is off PATH.
    let path = format!("PATH=/usr/lib/rabbitmq/bin:{}", std::env::var("PATH").unwrap_or_default());
    let variables = [
        path,
        format!("HOME={}", data.display()),
        format!("ERL_EPMD_PORT={mapper}"),
        "ERL_EPMD_ADDRESS=127.0.0.1".to_owned(),
        format!("RABBITMQ_NODENAME=ims{}@localhost", ports.client),
        format!("RABBITMQ_NODE_PORT={}", ports.client),
        "RABBITMQ_NODE_IP_ADDRESS=127.0.0.1".to_owned(),
        format!("RABBITMQ_DIST_PORT={distribution}"),
        format!("RABBITMQ_MNESIA_BASE={}", place("mnesia")),
        format!("RABBITMQ_LOG_BASE={}", place("log")),
        "RABBITMQ_LOGS=-".to_owned(),
        format!("RABBITMQ_CONFIG_FILE={}", place("none")),
        "RABBITMQ_CONF_ENV_FILE=/dev/null".to_owned(),
        format!("RABBITMQ_ENABLED_PLUGINS_FILE={}", place("plugins")),
        format!("RABBITMQ_FEATURE_FLAGS_FILE={}", place("flags")),
    ];
    let run = ["sh", "-c", RABBITMQ].map(str::to_owned);
    ["env".to_owned()].into_iter().chain(variables).chain(run).collect()
}
