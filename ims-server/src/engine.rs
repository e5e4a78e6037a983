//! Where commands are done: here, or on a server.

use crate::client::Client;
use ims_core::{AnyStore, Command, Context, Ims, Reply};

/// An engine of one's own on a store, or a server's.
#[derive(Clone, Debug)]
pub(crate) enum Engine {
    /// In this process.
    Here(Ims<AnyStore>),
    /// Behind a server.
    There(Client),
}

impl Engine {
    /// Has a command done, exactly once.
    pub(crate) async fn execute(&self, context: Context, command: impl Into<Command>) -> Reply {
        match self {
            Engine::Here(ims) => ims.execute(context, command).await,
            Engine::There(client) => client.command(context, command.into(), "execute").await,
        }
    }

    /// Tells what a command would do, and changes nothing.
    pub(crate) async fn simulate(&self, context: Context, command: impl Into<Command>) -> Reply {
        match self {
            Engine::Here(ims) => ims.simulate(context, command).await,
            Engine::There(client) => client.command(context, command.into(), "simulate").await,
        }
    }

    /// Has commands done in this order, each for itself.
    pub(crate) async fn execute_all(&self, commands: Vec<(Context, Command)>) -> Vec<Reply> {
        match self {
            Engine::Here(ims) => ims.execute_all(commands).await,
            Engine::There(client) => client.commands(commands).await,
        }
    }
}
