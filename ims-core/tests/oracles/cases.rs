//! The files: schema `ims-oracle-cases/1`.

use serde_json::{Map, Value};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The schema that is understood here.
const SCHEMA: &str = "ims-oracle-cases/1";

/// A file of cases.
pub(crate) struct File {
    /// Its name, without the ending.
    pub(crate) name: String,
    /// What its source is called.
    pub(crate) source: String,
    /// Its cases.
    pub(crate) cases: Vec<Case>,
}

/// Whether every system must agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Portability {
    /// It follows from the definition of the method.
    Universal,
    /// It is one project's choice.
    Policy,
}

/// A case.
pub(crate) struct Case {
    /// Its name.
    pub(crate) id: String,
    /// What it is called where it comes from.
    pub(crate) reference: String,
    /// How costs are found, or what else it is about.
    pub(crate) method: String,
    pub(crate) portability: Portability,
    /// Which choices it presupposes.
    pub(crate) policy: Map<String, Value>,
    /// What happens.
    pub(crate) ops: Vec<Map<String, Value>>,
    /// What is expected at the end.
    pub(crate) expect: Map<String, Value>,
    /// Keys that are not of the schema.
    pub(crate) unknown: Vec<String>,
}

/// What a case may have. Those that are not read only tell people about it.
const KEYS: [&str; 12] = [
    "id",
    "ref",
    "domain",
    "method",
    "portability",
    "policy",
    "tags",
    "ops",
    "expect",
    "verified",
    "note",
    "expected_numbers",
];

/// Reads every file of a folder, in the order of their names.
pub(crate) fn read_folder(folder: &Path) -> Result<Vec<File>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| format!("{}: {error}", folder.display()))?.path();
        if path.extension().is_some_and(|ending| ending == "json") {
            paths.push(path);
        }
    }
    paths.sort();
    if paths.is_empty() {
        return Err(format!("{}: there is no *.json", folder.display()));
    }
    paths.iter().map(|path| read_file(path).map_err(|problem| format!("{}: {problem}", path.display()))).collect()
}

fn read_file(path: &Path) -> Result<File, String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let file: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    match file.get("schema").and_then(Value::as_str) {
        Some(SCHEMA) => {}
        other => return Err(format!("the schema is {other:?}, not {SCHEMA}")),
    }
    let cases = file.get("cases").and_then(Value::as_array).ok_or("there are no cases")?;
    let source = file.get("source").and_then(|source| source.get("name")).and_then(Value::as_str).unwrap_or_default();
    Ok(File {
        name: path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default(),
        source: source.to_owned(),
        cases: cases.iter().map(read_case).collect::<Result<_, String>>()?,
    })
}

fn read_case(case: &Value) -> Result<Case, String> {
    let case = case.as_object().ok_or("a case is not an object")?;
    let text = |key: &str| case.get(key).and_then(Value::as_str).map(str::to_owned);
    let id = text("id").ok_or("a case has no id")?;
    let portability = match text("portability").as_deref() {
        Some("universal") => Portability::Universal,
        Some("policy") => Portability::Policy,
        other => return Err(format!("{id}: portability {other:?}")),
    };
    let object = |key: &str| match case.get(key) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(object)) => Ok(object.clone()),
        Some(_) => Err(format!("{id}: {key} is not an object")),
    };
    let ops = case.get("ops").and_then(Value::as_array).ok_or_else(|| format!("{id}: there are no ops"))?;
    let ops = ops.iter().map(|op| op.as_object().cloned()).collect::<Option<Vec<_>>>();
    Ok(Case {
        reference: text("ref").unwrap_or_default(),
        method: text("method").ok_or_else(|| format!("{id}: there is no method"))?,
        portability,
        policy: object("policy")?,
        ops: ops.ok_or_else(|| format!("{id}: an op is not an object"))?,
        expect: object("expect")?,
        unknown: case.keys().filter(|key| !KEYS.contains(&key.as_str())).cloned().collect(),
        id,
    })
}
