//! What the README shows works as it stands there.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::Said;
use std::{path::Path, process::Command};

/// The lines that a reader types, of the blocks that use `ims`.
fn commands(readme: &str) -> Vec<&str> {
    let blocks = readme.split("```console\n").skip(1).filter_map(|rest| rest.split_once("```"));
    let lines = blocks.flat_map(|(block, _)| block.lines()).filter_map(|line| line.strip_prefix("$ "));
    lines.filter(|line| line.starts_with("ims ")).collect()
}

#[test]
fn the_commands_that_the_readme_shows_work() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    let commands = commands(&readme);
    assert!(commands.len() > 5, "{commands:?}");
    // A reader has a folder of their own, and `ims` on the path.
    let folder = tempfile::tempdir().unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_ims")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    for line in commands {
        let mut shell = Command::new("sh");
        shell
            .args(["-c", line])
            .current_dir(&folder)
            .env("PATH", &path)
            .env_remove("IMS_STORE")
            .env_remove("IMS_ACTOR");
        let said = Said::from(shell.output().unwrap());
        assert_eq!(said.code, 0, "{line}: {said:?}");
    }
}

#[test]
fn what_the_readme_says_over_the_network_works() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    // On a port that is free here; all else is as it stands.
    let script = example(&readme, "sh").replace("127.0.0.1:8080", &free.to_string());
    let started = format!("ims serve --listen {free} &");
    assert!(script.contains(&started), "{script}");
    let script = script.replace(&started, &format!("{started} server=$!; trap 'kill $server' EXIT;"));
    let folder = tempfile::tempdir().unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_ims")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("bash");
    shell
        .args(["-euo", "pipefail", "-c", &script])
        .current_dir(&folder)
        .env("PATH", &path)
        .env_remove("IMS_STORE")
        .env_remove("IMS_ACTOR");
    let said = Said::from(shell.output().unwrap());
    assert_eq!(said.code, 0, "{said:?}");
    assert!(!said.out.contains("urn:ims:problem"), "{said:?}");
    for answer in ["\"item_created\"", "\"stock_received\"", "\"sold\"", "\"available\":\"10\"", "\"shop_opened\""] {
        assert!(said.out.contains(answer), "{answer}: {said:?}");
    }
}

/// The first block of a language.
fn example<'t>(text: &'t str, language: &str) -> &'t str {
    let (_, rest) = text.split_once(&format!("```{language}\n")).unwrap_or_else(|| panic!("nothing in {language}"));
    rest.split_once("```").unwrap().0
}

/// The tests of a binding run the example that its own README begins with.
#[test]
fn the_examples_that_the_readme_shows_are_those_that_the_bindings_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let readme = read("README.md");
    for (language, of_binding) in [
        ("python", "ims-py/README.md"),
        ("js", "ims-wasm/README.md"),
        ("kotlin", "ims-ffi/README.md"),
        ("swift", "ims-ffi/README.md"),
    ] {
        assert_eq!(example(&readme, language), example(&read(of_binding), language), "{language}");
    }
}
