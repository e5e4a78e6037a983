use xtask::servers::{self, Engine, Server};

use crate::job::Job;
use crate::steps::{Done, Steps};
use crate::{fuzz, lint, python, scenarios, tools, wasm};

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

pub(crate) fn run(extent: Extent) -> Result<(), String> {
    let mut steps = Steps::begin();
    let outcome = run_steps(&mut steps, extent);
    steps.close(&outcome);
    // The closing line has said it, and has to stay the last one.
    if outcome.is_err() {
        std::process::exit(1);
    }
    Ok(())
}

fn run_steps(steps: &mut Steps, extent: Extent) -> Result<(), String> {
    steps.step("the tools that tests need", extent.command(), |_| tools::ensure())?;
    lint::run_steps(steps)?;
    steps.step("PostgreSQL and MariaDB for this run", extent.command(), |_| start_servers())?;
    scenarios::run_steps(steps)?;
    let tests = with_servers(tests(extent))?.with(servers::REQUIRE_SERVERS, "1");
    steps.tests(scenarios::with_scenarios(tests)?)?;
    python::run_steps(steps, extent)?;
    wasm::run_steps(steps, extent)?;
    let columns: Vec<_> = [scenarios::RUST.as_slice(), &python::COLUMNS, &wasm::COLUMNS].concat();
    scenarios::compare(steps, &columns, extent)?;
    fuzz::run_steps(steps, extent)
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
