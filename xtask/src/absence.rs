//! Checks the absences that the architecture is made of: each is a rule that the compiler cannot know.

use std::fs;
use std::path::{Path, PathBuf};

use crate::project;
use crate::steps::Done;

/// A crate that must not be among the dependencies of `ims-core`, whatever the target.
struct Dependency {
    name: &'static str,
    reason: &'static str,
}

const NOT_IN_CORE: [Dependency; 7] = [
    Dependency { name: "tokio", reason: "the core runs under any executor, a browser's and a phone's included" },
    Dependency { name: "sqlx", reason: "the rules know the Store trait and no database" },
    Dependency { name: "pyo3", reason: "bindings know the core; the core knows no binding" },
    Dependency { name: "uniffi", reason: "bindings know the core; the core knows no binding" },
    Dependency { name: "wasm-bindgen", reason: "bindings know the core; the core knows no binding" },
    Dependency { name: "rand", reason: "the same commands give the same state, so chance is the caller's" },
    Dependency { name: "getrandom", reason: "the same commands give the same state, so chance is the caller's" },
];

/// A word that must not be in a folder's Rust code.
struct Word {
    word: &'static str,
    folder: &'static str,
    reason: &'static str,
}

const DECISIONS: &str = "a rule is decided in one place: a store loads and commits, a binding parses, calls and prints";
const FLOATS: &str = "a quantity or an amount is exact, and a float gives another answer on another machine";

const CLOCKS: &str = "it panics where the clock is before 1970";

const NOT_IN_SOURCES: [Word; 9] = [
    Word { word: "decide", folder: "ims-sqlx/src", reason: DECISIONS },
    Word { word: "decide", folder: "ims-ffi/src", reason: DECISIONS },
    Word { word: "decide", folder: "ims-py/src", reason: DECISIONS },
    Word { word: "decide", folder: "ims-wasm/src", reason: DECISIONS },
    Word { word: "decide", folder: "ims-server/src", reason: DECISIONS },
    Word { word: "f64", folder: "ims-core/src", reason: FLOATS },
    Word { word: "f32", folder: "ims-core/src", reason: FLOATS },
    Word { word: "now_v7", folder: "ims-server/src", reason: CLOCKS },
    Word { word: "now_v7", folder: "ims-py/src", reason: CLOCKS },
];

pub(crate) fn check() -> Result<Done, String> {
    let mut present = dependencies_present(&core_dependencies()?);
    let root = project::root();
    for word in &NOT_IN_SOURCES {
        present.extend(places_of(&root, word)?);
    }
    if present.is_empty() { Ok(Done::Ran) } else { Err(present.join("\n")) }
}

fn core_dependencies() -> Result<String, String> {
    let arguments = ["tree", "--package=ims-core", "--edges=normal", "--target=all", "--prefix=none"];
    project::output(project::cargo().args(arguments))
}

fn dependencies_present(tree: &str) -> Vec<String> {
    let names: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    NOT_IN_CORE
        .iter()
        .filter_map(|Dependency { name, reason }| {
            println!("ims-core does not depend on {name}: {reason}");
            names.contains(name).then(|| format!("ims-core depends on {name}, but {reason}"))
        })
        .collect()
}

fn places_of(root: &Path, Word { word, folder, reason }: &Word) -> Result<Vec<String>, String> {
    let path = root.join(folder);
    if !path.exists() {
        println!("{folder} is not in this workspace, so it has no `{word}`");
        return Ok(Vec::new());
    }
    println!("{folder} has no `{word}`: {reason}");
    let mut places = Vec::new();
    for file in rust_files(&path)? {
        let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let shown = file.strip_prefix(root).unwrap_or(&file).display();
        let lines = (1_u32..).zip(text.lines()).filter(|(_, line)| has_word(line, word));
        places.extend(lines.map(|(number, _)| format!("{shown}:{number} has `{word}`, but {reason}")));
    }
    Ok(places)
}

fn rust_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let unreadable = |error| format!("{}: {error}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Says whether a line has the word as a whole identifier, outside a line comment.
fn has_word(line: &str, word: &str) -> bool {
    let code = line.split("//").next().unwrap_or(line);
    code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|identifier| identifier == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forbidden_dependency_is_named_with_its_reason() {
        let present = dependencies_present("ims-core v0.1.0\nserde v1.0.0\nrand v0.9.0 (*)\nrand_core v0.9.0\n");
        let [only] = present.as_slice() else { panic!("{present:?}") };
        assert!(only.starts_with("ims-core depends on rand, but the same commands"), "{only}");
    }

    #[test]
    fn a_word_counts_in_code_and_not_in_a_comment_or_a_longer_name() {
        assert!(has_word("let x = command.decide(&seen)?;", "decide"));
        assert!(has_word("fn mean(a: f64)", "f64"));
        for line in ["// decide(&seen)", "/// The rules decide.", "fn decided() {}", "let decide_again = 1;", ""] {
            assert!(!has_word(line, "decide"), "{line}");
        }
    }

    #[test]
    fn a_word_in_a_source_file_is_reported_with_its_line() {
        let word = Word { word: "has_word", folder: "xtask/src", reason: "this test looks for it" };
        let places = places_of(&project::root(), &word).unwrap();
        assert!(places.iter().all(|place| place.starts_with("xtask/src/absence.rs:")), "{places:?}");
        assert!(!places.is_empty());
    }
}
