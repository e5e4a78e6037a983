use std::env;
use std::path::Path;
use std::process::Command;

use xtask::machine;
use xtask::servers::{self, Engine, brokers};

use crate::steps::Done;
use crate::{fuzz, python};

/// A tool that is not on this machine.
pub(crate) struct Missing {
    pub(crate) debian_package: &'static str,
    /// What a person is told who has to install it.
    pub(crate) advice: String,
}

/// Makes sure that what the tests start is there; on Debian, root gets it installed.
pub(crate) fn ensure() -> Result<Done, String> {
    provide(missing())
}

/// Installs what is missing, or says what a person has to do.
pub(crate) fn provide(missing: Vec<Missing>) -> Result<Done, String> {
    if missing.is_empty() {
        println!("all are there");
        return Ok(Done::Ran);
    }
    if machine::is_root() && Path::new("/etc/debian_version").exists() {
        return install(&missing).map(|()| Done::Ran);
    }
    Err(missing.into_iter().map(|tool| tool.advice).collect::<Vec<_>>().join("\n"))
}

fn missing() -> Vec<Missing> {
    let servers = Engine::ALL.into_iter().filter_map(|engine| {
        let error = servers::find(engine).err()?;
        Some(Missing { debian_package: engine.debian_package(), advice: error.to_string() })
    });
    let brokers = brokers::Kind::ALL.into_iter().filter_map(|kind| {
        let error = kind.find().err()?;
        Some(Missing { debian_package: kind.debian_package(), advice: error.to_string() })
    });
    let others = missing_compiler().into_iter().chain(missing_python()).chain(missing_promtool());
    let others = others.chain(missing_openssl());
    servers.chain(brokers).chain(others).collect()
}

/// libFuzzer, which the fuzz targets are linked with, is written in C++.
fn missing_compiler() -> Option<Missing> {
    let is_there = env::var_os("CXX").is_some() || machine::find_program("c++").is_some();
    (fuzz::is_there() && !is_there).then(|| Missing {
        debian_package: "g++",
        advice: "there is no C++ compiler for the fuzz targets: install one (Debian, Ubuntu: apt-get install g++), or \
                 name it in CXX"
            .to_owned(),
    })
}

/// What reads the alert rules and the dashboards' questions as Prometheus does.
fn missing_promtool() -> Option<Missing> {
    machine::find_program("promtool").is_none().then(|| Missing {
        debian_package: "prometheus",
        advice:
            "there is no promtool for the alert rules: install Prometheus (Debian, Ubuntu: apt-get install prometheus; \
                 macOS: brew install prometheus)"
                .to_owned(),
    })
}

/// What makes the certificates of the servers whose connections are encrypted.
fn missing_openssl() -> Option<Missing> {
    machine::find_program("openssl").is_none().then(|| Missing {
        debian_package: "openssl",
        advice: "there is no openssl, which makes the certificates of the tests: install it (Debian, Ubuntu: apt-get \
                 install openssl; macOS: brew install openssl)"
            .to_owned(),
    })
}

fn missing_python() -> Option<Missing> {
    python::missing().map(|advice| Missing { debian_package: "python3-venv", advice: advice.to_owned() })
}

fn install(missing: &[Missing]) -> Result<(), String> {
    let packages: Vec<&str> = missing.iter().map(|tool| tool.debian_package).collect();
    install_packages(&packages)
}

/// Installs Debian packages.
pub(crate) fn install_packages(packages: &[&str]) -> Result<(), String> {
    apt_get(&["update"])?;
    let words: Vec<&str> = ["install", "--yes", "--no-install-recommends"].iter().chain(packages).copied().collect();
    apt_get(&words)
}

fn apt_get(words: &[&str]) -> Result<(), String> {
    let line = format!("apt-get {}", words.join(" "));
    println!("{line}");
    let status = Command::new("apt-get").args(words).env("DEBIAN_FRONTEND", "noninteractive").status();
    let status = status.map_err(|error| format!("cannot run {line}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{line}: {status}")) }
}
