use xtask::servers::{self, Engine, Server};

use crate::job::Job;
use crate::scenarios::Column;
use crate::steps::{Done, Steps};
use crate::{api, ffi, fuzz, kotlin, lint, python, scenarios, tools, wasm};

/// How much a run of the tests tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// What every change has to pass.
    Short,
    /// What runs now and then.
    Long,
}

impl Extent {
    /// The command that runs this much again.
    pub(crate) const fn command(self) -> &'static str {
        match self {
            Self::Short => "cargo xtask test",
            Self::Long => "cargo xtask test --long",
        }
    }
}

/// A part of the tests that can be run alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Format, lints, and what must be absent.
    Lint,
    /// The workspace's own tests, on every database.
    Rust,
    /// The Python package, and the server as its OpenAPI document describes it.
    Python,
    /// The npm package, in node and in Chromium, and clients in TypeScript made of the OpenAPI document.
    Wasm,
    /// The Kotlin and the Swift side.
    Apps,
    /// The fuzz targets, for a moment.
    Fuzz,
}

impl Part {
    /// Every part, in the order in which they are run.
    const ALL: [Self; 6] = [Self::Lint, Self::Rust, Self::Python, Self::Wasm, Self::Apps, Self::Fuzz];

    /// The part that a word on the command line names.
    pub(crate) fn named(word: &str) -> Option<Self> {
        match word {
            "lint" => Some(Self::Lint),
            "rust" => Some(Self::Rust),
            "python" => Some(Self::Python),
            "wasm" => Some(Self::Wasm),
            "apps" => Some(Self::Apps),
            "fuzz" => Some(Self::Fuzz),
            _ => None,
        }
    }

    /// The languages and stores that this part plays the scenarios on.
    const fn columns(self) -> &'static [Column] {
        match self {
            Self::Rust => &scenarios::RUST,
            Self::Python => &python::COLUMNS,
            Self::Wasm => &wasm::COLUMNS,
            Self::Apps => &kotlin::COLUMNS,
            Self::Lint | Self::Fuzz => &[],
        }
    }

    fn run_steps(self, steps: &mut Steps, extent: Extent) -> Result<(), String> {
        match self {
            Self::Lint => lint::run_steps(steps),
            Self::Rust => {
                let tests = with_servers(tests(extent))?.with(servers::REQUIRE_SERVERS, "1");
                steps.tests(scenarios::with_scenarios(tests)?)
            }
            Self::Python => {
                python::run_steps(steps, extent)?;
                api::run_steps(steps)
            }
            Self::Wasm => {
                wasm::run_steps(steps, extent)?;
                api::run_typescript_steps(steps)
            }
            Self::Apps => ffi::run_steps(steps, extent),
            Self::Fuzz => fuzz::run_steps(steps, extent),
        }
    }
}

/// Runs everything that has to pass, or one part of it.
pub(crate) fn run(extent: Extent, only: Option<Part>) -> Result<(), String> {
    let mut steps = Steps::begin();
    let parts = only.map_or_else(|| Part::ALL.to_vec(), |part| vec![part]);
    let outcome = run_parts(&mut steps, extent, &parts);
    steps.close(&outcome);
    // The closing line has said it, and has to stay the last one.
    if outcome.is_err() {
        std::process::exit(1);
    }
    Ok(())
}

fn run_parts(steps: &mut Steps, extent: Extent, parts: &[Part]) -> Result<(), String> {
    steps.step("the tools that tests need", extent.command(), |_| tools::ensure())?;
    let columns: Vec<Column> = parts.iter().flat_map(|part| part.columns()).copied().collect();
    if !columns.is_empty() {
        steps.step("PostgreSQL and MariaDB for this run", extent.command(), |_| start_servers())?;
        scenarios::run_steps(steps)?;
    }
    for part in parts {
        part.run_steps(steps, extent)?;
    }
    if columns.is_empty() { Ok(()) } else { scenarios::compare(steps, &columns, extent) }
}

fn tests(extent: Extent) -> Job {
    let job = Job::cargo(&["test", "--workspace"]);
    match extent {
        Extent::Short => job,
        Extent::Long => job.arguments(&["--", "--include-ignored"]).with("PROPTEST_CASES", "4096"),
    }
}

fn start_servers() -> Result<Done, String> {
    for engine in Engine::ALL {
        println!("{engine} answers at {}", server(engine)?.url());
    }
    Ok(Done::Ran)
}

/// Tells a command where this process's servers are, and starts them if they are not there yet.
pub(crate) fn with_servers(job: Job) -> Result<Job, String> {
    Engine::ALL.into_iter().try_fold(job, |job, engine| Ok(job.with_passing(engine.variable(), server(engine)?.url())))
}

fn server(engine: Engine) -> Result<Server, String> {
    let server = match engine {
        Engine::Postgres => servers::postgres(),
        Engine::Mariadb => servers::mariadb(),
    };
    server.map_err(|error| error.to_string())
}
