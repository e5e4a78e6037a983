//! `ims config`.

use super::serve::{SetUp, unusable};
use crate::{
    failure::Outcome,
    output::{Format, Out},
    serve::{Sources, config},
};
use clap::Subcommand;
use serde_json::json;
use std::path::PathBuf;

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Write the whole set-up, as a TOML file with comments; secrets are masked
    Show(SetUp),
    /// Name everything that is wrong with a file
    Check {
        /// A TOML file with settings; without one, what the environment says is checked
        #[arg(value_name = "FILE", env = "IMS_CONFIG", hide_env = true)]
        file: Option<PathBuf>,
    },
    /// Write the page of the documentation that tells of every setting
    Reference,
}

impl Command {
    /// The file with the set-up, where there is one.
    pub(super) fn set_up_file(&self) -> Option<PathBuf> {
        match self {
            Command::Show(set_up) => set_up.config.clone(),
            Command::Check { file } => file.clone(),
            Command::Reference => None,
        }
    }

    /// `store` is what the command line says of the store, if it does.
    pub(super) fn run(self, store: Option<String>, out: &Out) -> Outcome {
        match self {
            Command::Show(set_up) => {
                let config = set_up.read(store)?;
                match out.format {
                    Format::Json => out.json(&config),
                    Format::Table | Format::Csv => out.text(&config::file(&config)),
                }
            }
            Command::Check { file } => {
                let settings = store.map(|store| ("store".to_owned(), store)).into_iter().collect();
                let sources = Sources { file, environment: config::environment(), settings };
                sources.read().map_err(|problems| unusable(&problems))?;
                match out.format {
                    Format::Json => out.json(&json!({"problems": []})),
                    Format::Table | Format::Csv => out.text("the set-up can be used"),
                }
            }
            Command::Reference => out.text(&config::page()),
        }
    }
}
