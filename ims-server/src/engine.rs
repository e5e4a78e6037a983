//! Where commands are done: here, or on a server.

use crate::client::{Client, Mode, RemoteStore};
use futures_util::future::join_all;
use ims_core::{
    Answered, AnyStore, Command, Context, Hold, Ims, Reply, Reports, StoreError,
    report::{Page, PageRequest, Row, Table},
};

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
            Engine::There(client) => client.command(context, command.into(), Mode::Execute).await,
        }
    }

    /// Has commands done in this order, each for itself.
    pub(crate) async fn execute_all(&self, commands: Vec<(Context, Command)>) -> Vec<Reply> {
        match self {
            Engine::Here(ims) => ims.execute_all(commands).await,
            Engine::There(client) => client.commands(commands, Mode::Execute).await,
        }
    }

    /// Has commands done in this order, each for itself, and tells of each whether its answer is an earlier one.
    pub(crate) async fn answer_all(&self, commands: Vec<(Context, Command)>) -> Vec<Answered> {
        match self {
            Engine::Here(ims) => ims.answer_all(commands).await,
            Engine::There(client) => client.answers(commands, Mode::Execute).await,
        }
    }

    /// Tells of each command what it would do, and changes nothing.
    pub(crate) async fn simulate_all(&self, commands: Vec<(Context, Command)>) -> Vec<Reply> {
        match self {
            Engine::Here(ims) => {
                join_all(commands.into_iter().map(|(context, command)| ims.simulate(context, command))).await
            }
            Engine::There(client) => client.commands(commands, Mode::Simulate).await,
        }
    }

    /// Lists holds; a server leaves out those that have lapsed.
    pub(crate) async fn holds(&self, page: &PageRequest) -> Result<Page<Hold>, StoreError> {
        match self {
            Engine::Here(ims) => {
                let Page { rows, next } = ims.store().scan(Table::Holds, page).await?;
                let hold = |row| match row {
                    Row::Hold(hold) => Some(hold),
                    _ => None,
                };
                Ok(Page { rows: rows.into_iter().filter_map(hold).collect(), next })
            }
            Engine::There(client) => RemoteStore::new(client.clone()).holds(page).await,
        }
    }
}
