//! The project's own commands: `cargo xtask demo|test|lint|forms|scenarios|bench`.

mod absence;
mod api;
mod bench;
mod demo;
mod ffi;
mod forms;
mod fuzz;
mod job;
mod kotlin;
mod lint;
mod project;
mod python;
mod scenarios;
mod serve;
mod steps;
mod swift;
mod tally;
mod test;
mod tools;
mod wasm;

use std::env;
use std::process::ExitCode;

use scenarios::Answers;
use test::{Extent, Part};
use xtask::servers::Engine;

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  demo [ARGS]    builds the server for release and runs `ims demo` on a store that is removed afterwards
  test           runs everything that has to pass: format, lints, absences, tests on all databases, a short fuzz run
  test --long    the same with the ignored tests, more random cases and a longer fuzz run
  test PART      a part of it alone: lint, rust, python, wasm (the npm package), apps (Kotlin and Swift) or fuzz;
                 `test --long apps` also compiles and runs Swift, in a Debian of its own: 3.3 GB, as root
  lint           runs what needs no database: format, lints, absences, licences
  forms          writes what describes the engine's types to other programs, from its sources
  forms --check  fails where that is not up to date
  scenarios      writes the scenarios with all their steps and answers to <target>/scenarios
  scenarios --accept
                 the same, after writing what the engine answers now into scenarios/*.json
  bench [ARGS]   measures against hand-written code on the same databases; ARGS go to the benches
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["demo", rest @ ..] => demo::run(rest),
        ["test"] => test::run(Extent::Short, None),
        ["test", "--long"] => test::run(Extent::Long, None),
        ["test", part] if Part::named(part).is_some() => test::run(Extent::Short, Part::named(part)),
        ["test", "--long", part] if Part::named(part).is_some() => test::run(Extent::Long, Part::named(part)),
        ["lint"] => lint::run(),
        ["forms"] => forms::write(),
        ["forms", "--check"] => forms::check().map(|_| ()),
        ["scenarios"] => scenarios::run(Answers::Check),
        ["scenarios", "--accept"] => scenarios::run(Answers::Accept),
        ["bench", rest @ ..] => bench::run(rest),
        // For the tests of the servers, which need a process to kill.
        ["serve-database", "postgres"] => serve::run(Engine::Postgres),
        ["serve-database", "mariadb"] => serve::run(Engine::Mariadb),
        ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}
