//! Runs the real program on stores of its own.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

pub mod server;

use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// A folder with a store in it, removed at the end.
pub struct Shop {
    pub folder: tempfile::TempDir,
    store: String,
}

/// What the program said and how it ended.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Shop {
    /// A store that is not there yet.
    pub fn none() -> Shop {
        let folder = tempfile::tempdir().unwrap();
        let store = format!("sqlite:{}", folder.path().join("shop.db").display());
        Shop { folder, store }
    }

    /// A shop in pounds with one site.
    pub fn open() -> Shop {
        Shop::none().opened()
    }

    /// The same at a store of another kind.
    pub fn open_at(store: &str) -> Shop {
        Shop { store: store.to_owned(), ..Shop::none() }.opened()
    }

    fn opened(self) -> Shop {
        let shop = self;
        shop.ok(&["init", "--name", "Corner shop", "--currency", "GBP", "--time-zone", "Europe/London"]);
        shop
    }

    /// A shop with an item TEA-1 at 4.50, reordered at 5, of which there are 20 that cost 2.10 each.
    pub fn with_tea() -> Shop {
        let shop = Shop::open();
        let add = ["item", "add", "TEA-1", "Green tea", "--price", "4.50", "--reorder-point", "5", "--brand", "Leaf"];
        shop.ok(&add);
        shop.ok(&["receive", "TEA-1=20@2.10"]);
        shop
    }

    pub fn store(&self) -> &str {
        &self.store
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into the folder.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ims"));
        command.args(arguments).env("IMS_STORE", &self.store).env_remove("IMS_ACTOR").stdin(Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Said {
        Said::from(self.command(arguments).output().unwrap())
    }

    /// Runs what must be done; returns what it wrote.
    pub fn ok(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert_eq!(said.code, 0, "{arguments:?}: {said:?}");
        said.out
    }

    /// Runs what must be done; returns the JSON that it wrote.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let out = self.ok(&[arguments, &["--format", "json"]].concat());
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {out}"))
    }

    /// Runs what must fail with this exit code; returns the error as scripts get it.
    pub fn fails(&self, code: i32, arguments: &[&str]) -> Value {
        let said = self.run(&[arguments, &["--format", "json"]].concat());
        assert_eq!(said.code, code, "{arguments:?}: {said:?}");
        assert_eq!(said.out, "", "{arguments:?}");
        let last = said.err.lines().last().unwrap_or_default();
        let error: Value = serde_json::from_str(last).unwrap_or_else(|_| panic!("{arguments:?}: {said:?}"));
        error["error"].clone()
    }

    pub fn state_hash(&self) -> String {
        self.json(&["verify"])["state_hash"].as_str().unwrap().to_owned()
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Said {
        Said {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// A file that belongs to the tests.
pub fn data(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name).display().to_string()
}

/// A file of public data that is not part of the project: IMS_DATA names its folder. `None`, and a word about it, where
/// it is not there.
pub fn public_data(name: &str) -> Option<PathBuf> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let folder = std::env::var_os("IMS_DATA").map_or(default, PathBuf::from);
    let path = folder.join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is not there; IMS_DATA names the folder that has {name}", path.display());
    None
}
