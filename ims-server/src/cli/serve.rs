//! `ims serve`.

use crate::{
    failure::{Failure, Outcome},
    serve::{self, Config, Sources, config},
};
use clap::Args;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(super) struct Serve {
    #[command(flatten)]
    set_up: SetUp,
    /// Where to listen: short for --set http.address=ADDRESS
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
}

/// From where a set-up is read.
#[derive(Args, Debug)]
pub(super) struct SetUp {
    /// A TOML file with settings; `ims config show` writes one with all of them
    #[arg(long, value_name = "FILE", env = "IMS_CONFIG", hide_env = true)]
    pub(super) config: Option<PathBuf>,
    /// A setting, such as http.batch_limit=100; may be given several times
    #[arg(long, value_name = "NAME=VALUE", value_parser = setting)]
    set: Vec<(String, String)>,
}

impl Serve {
    /// The file with the set-up, where there is one.
    pub(super) fn set_up_file(&self) -> Option<PathBuf> {
        self.set_up.config.clone()
    }

    /// Serves until the process is told to end. `store` is what the command line says of the store, if it does.
    pub(super) async fn run(mut self, store: Option<String>) -> Outcome {
        // Before what was set by its name, which is more exact.
        self.set_up.set.splice(0..0, self.listen.map(|address| ("http.address".to_owned(), address)));
        serve::run(self.set_up.read(store)?).await
    }
}

impl SetUp {
    /// Reads the set-up. `store` is what the command line says of the store, if it does.
    pub(super) fn read(self, store: Option<String>) -> Outcome<Config> {
        let settings = store.map(|store| ("store".to_owned(), store)).into_iter().chain(self.set).collect();
        let environment = config::environment();
        Sources { file: self.config, environment, settings }.read().map_err(|problems| unusable(&problems))
    }
}

/// Says what is wrong with a set-up.
pub(super) fn unusable(problems: &[String]) -> Failure {
    let failure = match problems {
        [one] => Failure::usage("config", one),
        several => Failure::usage("config", "the server cannot be set up like this").details(several.to_vec()),
    };
    failure.field("problems", problems).hint("`ims config reference` tells what can be set")
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}
