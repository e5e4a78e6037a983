//! What can be typed: one file for each noun.

mod alert;
mod backup;
mod config;
mod cost;
mod demo;
mod done;
mod entry;
mod event;
mod export;
mod hold;
mod import;
mod init;
mod item;
mod movement;
mod order;
mod page;
mod party;
mod period;
mod purchase;
mod replay;
mod report;
mod serve;
mod site;
mod stock;
mod user;
mod verify;

use crate::{
    client::PlainText,
    failure::{Exit, Failure, Outcome},
    moment::Moment,
    output::{Costs, Format, Out, Talk},
    serve::Sources,
    session::{Given, Session},
    store_url::{self, Access, Purpose},
};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, error::ErrorKind, parser::ValueSource};
use ims_core::CommandId;
use std::{path::PathBuf, process::ExitCode};

const AFTER_HELP: &str = "\
Lines of documents:
  TEA-1=10            ten of it, at its own price
  TEA-1=10@3.20       ten at 3.20 each: a price, a cost or a refund
  TEA-1=10@3.20-15%   the same with 15 % off; -2.50 takes off an amount
An item is named by its SKU or a barcode; a site, supplier or customer by its
code; an order by its number, such as MAIN-17.

Exit codes:
  0  done
  1  refused by a rule, or something named is not there; nothing was changed
  2  the command line or a file was not understood; nothing was changed
  3  the store failed, or was found to be broken

First steps:
  ims init --name 'Corner shop' --currency EUR
  ims item add TEA-1 'Green tea' --price 4.50 --reorder-point 5
  ims receive TEA-1=20@2.10
  ims order sell TEA-1=3
  ims stock
Or look at a made-up shop: ims demo --store sqlite:demo.db";

/// Keeps a shop's stock, orders and purchases, and tells what was earned
#[derive(Parser, Debug)]
#[command(name = "ims", version, after_help = AFTER_HELP, max_term_width = 100, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Options for every command")]
struct Global {
    /// Where the shop is kept: sqlite:FILE, postgres://…, mysql://…, memory:, or the server at https://…;
    /// otherwise what IMS_STORE says, or the file that IMS_STORE_FILE names, or the set-up that IMS_CONFIG names
    /// [default: sqlite:ims.db]
    #[arg(long, global = true, value_name = "URL")]
    store: Option<String>,
    /// The API key for a server at https://…; better in the environment, where no other user of the machine sees it
    #[arg(long, global = true, value_name = "KEY", env = "IMS_API_KEY", hide_env_values = true)]
    api_key: Option<String>,
    /// How results are written: table for people, json for scripts, csv for spreadsheets
    #[arg(long, global = true, value_enum, default_value_t, hide_possible_values = true)]
    format: Format,
    /// No messages and no progress, only results
    #[arg(long, short, global = true)]
    quiet: bool,
    /// The id of the command (a UUID): the same one again does nothing twice
    #[arg(long, global = true, value_name = "UUID", value_parser = command_id)]
    id: Option<CommandId>,
    /// When it happened, if not now: 2026-01-31, "2026-01-31 09:30" or 2026-01-31T09:30:00Z
    #[arg(long, global = true, value_name = "TIME")]
    at: Option<Moment>,
    /// Who gives the command; a server knows that by the API key
    #[arg(long, global = true, value_name = "NAME", env = "IMS_ACTOR", default_value = "cli", hide_env = true)]
    actor: String,
    /// Send the API key to a server at http://…, too, where nobody else is on the wire
    #[arg(long, global = true, env = "IMS_ALLOW_PLAIN_TEXT", hide_env = true)]
    allow_plain_text: bool,
}

/// The options that only one kind of store takes, where they were typed: what the environment says is for all commands,
/// and those that have no use for it leave it be.
#[derive(Clone, Copy, Debug)]
struct Typed {
    actor: bool,
    api_key: bool,
    allow_plain_text: bool,
}

impl Typed {
    fn of(matches: &clap::ArgMatches) -> Typed {
        let typed = |name| matches.value_source(name) == Some(ValueSource::CommandLine);
        Typed { actor: typed("actor"), api_key: typed("api_key"), allow_plain_text: typed("allow_plain_text") }
    }

    /// Refuses what would say nothing to the store that a URL names.
    fn check(self, store: &str) -> Outcome {
        if store_url::is_server(store) {
            return match self.actor {
                true => Err(Failure::usage("actor", "a server knows who gives a command: --actor says nothing to it")
                    .hint("leave it out: the command is noted under the name of the API key")),
                false => Ok(()),
            };
        }
        let name = match self {
            Typed { api_key: true, .. } => "--api-key",
            Typed { allow_plain_text: true, .. } => "--allow-plain-text",
            _ => return Ok(()),
        };
        Err(Failure::usage("store", format!("{name} is for a server, and {} is none", store_url::shown(store)))
            .hint("name the server with --store https://…, or leave it out"))
    }
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Open a shop in a new store
    Init(init::Init),
    /// Add, change, list and import items
    #[command(subcommand)]
    Item(item::Command),
    /// Add, change and list sites
    #[command(subcommand)]
    Site(site::Command),
    /// Add, change, list and import suppliers
    #[command(subcommand)]
    Supplier(party::Command),
    /// Add, change, list and import customers
    #[command(subcommand)]
    Customer(party::Command),
    /// Take in goods that no purchase order announced
    Receive(stock::Receive),
    /// Send goods back to a supplier
    SendBack(stock::SendBack),
    /// Correct what is on the shelf, with a reason
    Adjust(stock::Adjust),
    /// Move stock between sites
    Transfer(stock::Transfer),
    /// Put stock aside for a while
    #[command(subcommand)]
    Hold(hold::Command),
    /// Sell: place, ship, cancel and take back orders
    #[command(subcommand)]
    Order(order::Command),
    /// Buy: place, receive, close and cancel purchase orders
    #[command(subcommand)]
    Purchase(purchase::Command),
    /// Set standard costs
    #[command(subcommand)]
    Cost(cost::Command),
    /// Close the books
    #[command(subcommand)]
    Period(period::Command),
    /// Show what is on the shelf, promised, available and on its way
    Stock(stock::List),
    /// Show alerts about low stock, and acknowledge them
    Alerts(alert::Alerts),
    /// Show profit, stock value, and what to reorder
    #[command(subcommand)]
    Report(report::Command),
    /// Show where goods went and what they cost
    Movements(movement::Movements),
    /// Read the log of everything that happened
    Events(event::Events),
    /// Prove that goods, costs and money add up
    Verify,
    /// Enter a public set of real trade, command by command
    #[command(subcommand)]
    Replay(replay::Command),
    /// Write every table to a folder, as CSV or as JSON lines
    Export(export::Export),
    /// Write the whole shop into one file, while others go on selling
    Backup(backup::Backup),
    /// Fill an empty store from a backup
    Restore(backup::Restore),
    /// Trade some months in a made-up shop and look at it
    Demo(demo::Demo),
    /// Serve the shop over the network
    Serve(serve::Serve),
    /// Add, list and change those who may come in over the network
    #[command(subcommand)]
    User(user::Command),
    /// Show and check how the server is set up
    #[command(subcommand)]
    Config(config::Command),
    /// Write a completion script for a shell
    Completions {
        /// For which shell
        shell: clap_complete::Shell,
    },
}

fn command_id(text: &str) -> Result<CommandId, String> {
    text.parse().map_err(|error: ims_core::id::IdError| error.to_string())
}

/// Reads the command line, does what it says, and tells how that ended.
pub(crate) fn main() -> ExitCode {
    let parsed = Cli::command().try_get_matches().and_then(|matches| {
        let typed = Typed::of(&matches);
        Cli::from_arg_matches(&matches).map(|cli| (cli, typed))
    });
    let (cli, typed) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return not_understood(&error),
    };
    let format = cli.global.format;
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return end(&Failure::store("runtime", format!("no threads: {error}")), format),
    };
    match runtime.block_on(run(cli, typed)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => end(&failure, format),
    }
}

async fn run(cli: Cli, typed: Typed) -> Outcome {
    let Cli { global, command } = cli;
    let talk = if global.quiet { Talk::Quiet } else { Talk::Normal };
    let out = Out { format: global.format, talk, costs: Costs::default() };
    command.entry().check(entry::Typed::of(global.id.as_ref()), entry::Typed::of(global.at.as_ref()))?;
    if let Command::Completions { shell } = command {
        return completions(shell);
    }
    let store_url = command.store(global.store.as_ref())?;
    if store_url::is_server(&store_url) {
        command.check_on_server(&store_url)?;
    }
    typed.check(&store_url)?;
    // These open what they need themselves.
    let command = match command {
        Command::Serve(command) => return command.run(global.store).await,
        Command::Config(command) => return command.run(global.store, &out),
        Command::Backup(command) => return command.run(&store_url, &out).await,
        Command::Restore(command) => return command.run(&store_url, &out).await,
        command => command,
    };
    let access = Access {
        key: global.api_key.filter(|key| !key.is_empty()),
        plain: if global.allow_plain_text { PlainText::Allowed } else { PlainText::Refused },
        costs: out.costs.clone(),
    };
    let store = store_url::open_any(&store_url, command.purpose(), access).await?;
    let given = Given { id: global.id, at: global.at, actor: global.actor };
    let session = Session::new(store, store_url, given, out);
    let done = command.run(&session).await;
    session.close().await;
    done
}

impl Command {
    /// Where the shop is kept: as it was typed, or where the environment and the set-up say, as for the server.
    fn store(&self, typed: Option<&String>) -> Outcome<String> {
        let file = match self {
            Command::Serve(command) => command.set_up_file(),
            Command::Config(command) => command.set_up_file(),
            _ => std::env::var_os("IMS_CONFIG").filter(|file| !file.is_empty()).map(PathBuf::from),
        };
        let settings = typed.map(|store| ("store".to_owned(), store.clone())).into_iter().collect();
        let sources = Sources { file, environment: crate::serve::config::environment(), settings };
        sources.store().map_err(|problems| serve::unusable(&problems))
    }

    /// Whether it may make a store that is not there yet.
    fn purpose(&self) -> Purpose {
        match self {
            Command::Init(_) | Command::Replay(_) | Command::Demo(_) | Command::User(user::Command::Add { .. }) => {
                Purpose::MakeOrUse
            }
            _ => Purpose::Use,
        }
    }

    /// Refuses what cannot be done on a server, before anything is.
    fn check_on_server(&self, url: &str) -> Outcome {
        let (why, instead) = match self {
            Command::Backup(_) | Command::Restore(_) => (
                "a backup is made of the store itself, and put back there",
                "give the same command where the server runs, with --store and the URL of its store",
            ),
            Command::Demo(_) | Command::Replay(_) => (
                "what is traded anew has a clock of its own, and a server goes by its own",
                "trade in a store, such as --store sqlite:shop.db, and serve that",
            ),
            Command::Config(config::Command::Reference) => return Ok(()),
            Command::Serve(_) | Command::Config(_) => (
                "a server keeps the shop itself, and passes nothing on to another one",
                "name a store with --store, such as sqlite:shop.db",
            ),
            _ => return Ok(()),
        };
        Err(Failure::usage("store", format!("{} is a server: {why}", store_url::shown(url))).hint(instead))
    }

    async fn run(self, session: &Session) -> Outcome {
        match self {
            Command::Init(command) => command.run(session).await,
            Command::Item(command) => command.run(session).await,
            Command::Site(command) => command.run(session).await,
            Command::Supplier(command) => command.run(session, party::Side::Supplier).await,
            Command::Customer(command) => command.run(session, party::Side::Customer).await,
            Command::Receive(command) => command.run(session).await,
            Command::SendBack(command) => command.run(session).await,
            Command::Adjust(command) => command.run(session).await,
            Command::Transfer(command) => command.run(session).await,
            Command::Hold(command) => command.run(session).await,
            Command::Order(command) => command.run(session).await,
            Command::Purchase(command) => command.run(session).await,
            Command::Cost(command) => command.run(session).await,
            Command::Period(command) => command.run(session).await,
            Command::Stock(command) => command.run(session).await,
            Command::Alerts(command) => command.run(session).await,
            Command::Report(command) => command.run(session).await,
            Command::Movements(command) => command.run(session).await,
            Command::Events(command) => command.run(session).await,
            Command::User(command) => command.run(session).await,
            Command::Verify => verify::run(session).await,
            Command::Replay(command) => command.run(session).await,
            Command::Export(command) => command.run(session).await,
            Command::Demo(command) => command.run(session).await,
            // These need no session, and were done before there was one.
            Command::Backup(command) => command.run(&session.store_url, &session.out).await,
            Command::Restore(command) => command.run(&session.store_url, &session.out).await,
            Command::Serve(command) => command.run(Some(session.store_url.clone())).await,
            Command::Config(command) => command.run(Some(session.store_url.clone()), &session.out),
            Command::Completions { shell } => completions(shell),
        }
    }
}

fn completions(shell: clap_complete::Shell) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "ims", &mut script);
    std::io::Write::write_all(&mut std::io::stdout(), &script)?;
    Ok(())
}

/// Tells why the command failed, in the form that results would have had.
fn end(failure: &Failure, format: Format) -> ExitCode {
    match (failure.exit, format) {
        (Exit::Unread, _) => {}
        (_, Format::Json) => crate::output::tell(failure.to_json()),
        _ => failure.tell(),
    }
    failure.exit.into()
}

/// Help and version are answers; everything else is a command line that was not understood.
fn not_understood(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        // Nobody may be reading.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    if asks_for_json() && error.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let text = error.render().to_string();
        let message = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
        return end(&Failure::usage("usage", message).hint("see `ims --help`"), Format::Json);
    }
    let _ = error.print();
    Exit::Usage.into()
}

/// Whether the command line asks for JSON, although it could not be understood as a whole.
fn asks_for_json() -> bool {
    let words: Vec<std::ffi::OsString> = std::env::args_os().collect();
    let one = words.iter().any(|word| word == "--format=json");
    one || words.windows(2).any(|pair| matches!(pair, [name, value] if name == "--format" && value == "json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
