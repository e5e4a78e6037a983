//! `ims serve`.

use crate::{
    failure::{Failure, Outcome},
    serve::{self, Config, Sources},
};
use clap::Args;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(super) struct Serve {
    /// A TOML file with settings; `ims config show` writes one with all of them
    #[arg(long, value_name = "FILE", env = "IMS_CONFIG", hide_env = true)]
    config: Option<PathBuf>,
    /// Where to listen: short for --set http.address=ADDRESS
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// A setting, such as http.batch_limit=100; may be given several times
    #[arg(long, value_name = "NAME=VALUE", value_parser = setting)]
    set: Vec<(String, String)>,
}

impl Serve {
    /// Serves until the process is told to end. `store` is what the command line says of the store.
    pub(super) async fn run(self, store: String) -> Outcome {
        serve::run(self.config(store)?).await
    }

    fn config(self, store: String) -> Outcome<Config> {
        let mut settings = vec![("store".to_owned(), store)];
        settings.extend(self.listen.map(|address| ("http.address".to_owned(), address)));
        settings.extend(self.set);
        let sources = Sources { file: self.config, environment: std::env::vars().collect(), settings };
        sources.read().map_err(|problem| Failure::usage("config", problem))
    }
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}
