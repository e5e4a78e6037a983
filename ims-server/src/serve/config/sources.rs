//! Putting a set-up together from where it is said.

use super::Config;
use config::{FileFormat, Source, Value, ValueKind};
use serde_json::Value as Json;
use std::path::PathBuf;

/// From where a set-up is read, weakest first after what is built in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources {
    /// A TOML file.
    pub(crate) file: Option<PathBuf>,
    /// Variables such as `IMS_HTTP__ADDRESS`.
    pub(crate) environment: Vec<(String, String)>,
    /// `http.address=127.0.0.1:8080`.
    pub(crate) settings: Vec<(String, String)>,
}

/// A setting that somebody gave.
struct Given {
    /// Its name, with a dot between its parts.
    name: String,
    value: Value,
    /// Where it was given, for people.
    origin: String,
}

/// What environment variables of the set-up begin with. Two underscores stand between the parts of a name.
const PREFIX: &str = "IMS_";
/// What the name of a setting ends in whose value is in a file.
const IN_FILE: &str = "_file";
/// The setting that says where the shop is kept.
const STORE: &str = "store";

/// The variables of this process. One that is no text sets nothing.
pub(crate) fn environment() -> Vec<(String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

impl Sources {
    /// Puts the set-up together.
    ///
    /// # Errors
    /// A line for people for each setting that cannot be used.
    pub(crate) fn read(&self) -> Result<Config, Vec<String>> {
        let built_in = serde_json::to_value(Config::default()).map_err(|error| vec![error.to_string()])?;
        let mut problems = Vec::new();
        let mut given = Vec::new();
        for one in self.given(&built_in)? {
            match one.out_of_file(&built_in).and_then(|one| one.alone(&built_in).map(|()| one)) {
                Ok(one) => given.push(one),
                Err(problem) => problems.push(problem),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let config = together(&built_in, given).map_err(|error| vec![error.to_string()])?;
        let problems = config.problems();
        if problems.is_empty() { Ok(config) } else { Err(problems) }
    }

    /// Where the shop is kept, wherever that is said: for programs that need nothing else of the set-up, and find the
    /// store that the server in the same environment serves.
    ///
    /// # Errors
    /// A line for people for each thing that keeps it from being found.
    pub(crate) fn store(&self) -> Result<String, Vec<String>> {
        let built_in = serde_json::to_value(Config::default()).map_err(|error| vec![error.to_string()])?;
        let given = self.given(&built_in)?;
        let Some(store) = given.iter().rposition(|one| matches!(one.name.as_str(), STORE | "store_file")) else {
            // A file that says nothing of a store may mean to: a misspelt setting must not lead to another shop.
            let file = Sources { file: self.file.clone(), ..Sources::default() }.given(&built_in)?;
            let problems: Vec<String> = file.iter().filter_map(|one| one.alone(&built_in).err()).collect();
            return if problems.is_empty() { Ok(Config::default().store) } else { Err(problems) };
        };
        let store = given.into_iter().nth(store).map(|one| one.out_of_file(&built_in));
        let Some(store) = store.transpose().map_err(|problem| vec![problem])? else {
            return Ok(Config::default().store);
        };
        let unreadable = |error| vec![format!("{STORE} ({}): {error}", store.origin)];
        store.value.clone().into_string().map_err(unreadable)
    }

    /// Every setting that is given, weakest first.
    fn given(&self, built_in: &Json) -> Result<Vec<Given>, Vec<String>> {
        let mut given = Vec::new();
        if let Some(path) = &self.file {
            let shown = path.display();
            let file = config::File::from(path.as_path()).format(FileFormat::Toml);
            let table = file.collect().map_err(|error| vec![format!("{shown} cannot be read: {error}")])?;
            flatten("", table, built_in, &format!("in {shown}"), &mut given);
            // A table has no order of its own.
            given.sort_by(|one, other| one.name.cmp(&other.name));
            if let Some((one, other)) = pair(given.iter().map(|one| one.name.as_str())) {
                return Err(vec![format!("{one} and {other} are both in {shown}: leave one of them out")]);
            }
        }
        // A variable that is empty sets nothing: that is how a compose file leaves one out.
        let set = self.environment.iter().filter(|(_, value)| !value.is_empty());
        let set = set.filter_map(|(variable, value)| Some((variable, setting(variable)?, value)));
        let set: Vec<(&String, String, &String)> = set.collect();
        if let Some((one, other)) = pair(set.iter().map(|(variable, ..)| variable.as_str())) {
            return Err(vec![format!("{one} and {other} are both set: leave one of them out")]);
        }
        for (variable, name, value) in &set {
            let value = of_text(at(built_in, name), value);
            let origin = format!("in the environment variable {variable}");
            given.push(Given { name: name.clone(), value, origin });
        }
        for (name, value) in &self.settings {
            let value = of_text(at(built_in, name), value);
            given.push(Given { name: name.clone(), value, origin: "on the command line".into() });
        }
        Ok(given)
    }
}

/// A name among some, and the one that stands for the file in which the same is.
fn pair<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Option<(&'a str, &'a str)> {
    names.clone().find_map(|name| {
        let in_file = |other: &&str| other.eq_ignore_ascii_case(&format!("{name}{IN_FILE}"));
        names.clone().find(in_file).map(|other| (name, other))
    })
}

impl Given {
    /// Takes the value out of the file that is named, where `key_file` stands for `key`.
    fn out_of_file(self, built_in: &Json) -> Result<Given, String> {
        let Some(name) = self.name.strip_suffix(IN_FILE) else { return Ok(self) };
        if at(built_in, &self.name).is_some() || at(built_in, name).is_none() {
            return Ok(self);
        }
        let unreadable = |error: &dyn std::fmt::Display| format!("{} ({}): {error}", self.name, self.origin);
        let path = self.value.clone().into_string().map_err(|error| unreadable(&error))?;
        let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&format!("{path}: {error}")))?;
        let value = of_text(at(built_in, name), text.trim_end_matches(['\r', '\n']));
        Ok(Given { name: name.to_owned(), value, origin: format!("in {path}") })
    }

    /// Looks whether the setting can be read, whatever else is given.
    fn alone(&self, built_in: &Json) -> Result<(), String> {
        let this = Given { name: self.name.clone(), value: self.value.clone(), origin: String::new() };
        let read = together(built_in, vec![this]);
        let Err(error) = read else { return Ok(()) };
        let (parent, known) = self.name.rsplit_once('.').map_or((built_in, "".to_owned()), |(parent, _)| {
            (at(built_in, parent).unwrap_or(&Json::Null), format!("{parent}."))
        });
        let reason = match (at(built_in, &self.name), parent) {
            (None, Json::Object(siblings)) if error.to_string().contains("unknown field") => {
                let names: Vec<String> = siblings.keys().map(|name| format!("{known}{name}")).collect();
                format!("there is no such setting; there are {}", names.join(", "))
            }
            (None, _) if error.to_string().contains("unknown field") => "there is no such setting".to_owned(),
            _ => error.to_string(),
        };
        Err(format!("{} ({}): {reason}", self.name, self.origin))
    }
}

/// Puts settings on top of what is built in, so that one of two that belong together may be left out.
fn together(built_in: &Json, given: Vec<Given>) -> Result<Config, config::ConfigError> {
    let mut builder = config::Config::builder();
    let mut leaves = Vec::new();
    of_built_in("", built_in, &mut leaves);
    for (name, value) in leaves {
        builder = builder.set_default(name, value)?;
    }
    for one in given {
        builder = builder.set_override(one.name, one.value)?;
    }
    builder.build()?.try_deserialize()
}

/// Names every value that is built in; what is not set has none.
fn of_built_in(path: &str, value: &Json, leaves: &mut Vec<(String, Value)>) {
    match value {
        Json::Null => {}
        Json::Object(fields) => {
            for (key, value) in fields {
                let name = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                of_built_in(&name, value, leaves);
            }
        }
        value => leaves.extend(serde_json::from_value(value.clone()).ok().map(|value| (path.to_owned(), value))),
    }
}

/// Names every value of a table, as deep as the set-up has sections.
fn flatten(
    path: &str,
    table: impl IntoIterator<Item = (String, Value)>,
    built_in: &Json,
    origin: &str,
    given: &mut Vec<Given>,
) {
    for (key, value) in table {
        let name = if path.is_empty() { key } else { format!("{path}.{key}") };
        match value.kind {
            // A section; what has no settings of its own is one value.
            ValueKind::Table(inner)
                if at(built_in, &name).and_then(Json::as_object).is_some_and(|section| !section.is_empty()) =>
            {
                flatten(&name, inner, built_in, origin, given);
            }
            kind => given.push(Given { name, value: Value::new(None, kind), origin: origin.to_owned() }),
        }
    }
}

/// What is built in at a name.
fn at<'a>(built_in: &'a Json, name: &str) -> Option<&'a Json> {
    name.split('.').try_fold(built_in, |value, part| value.get(part))
}

/// Reads what the environment or the command line say: a list has commas.
fn of_text(built_in: Option<&Json>, text: &str) -> Value {
    match built_in {
        Some(Json::Array(_)) => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            Value::new(None, ValueKind::Array(parts.map(Value::from).collect()))
        }
        _ => Value::from(text),
    }
}

/// The setting that an environment variable sets: `IMS_HTTP__ADDRESS` is `http.address`. `IMS_STORE` and `IMS_STORE_FILE`
/// are the only settings of a single word; other variables of one word belong to the command line.
fn setting(variable: &str) -> Option<String> {
    let name = variable.strip_prefix(PREFIX)?;
    (name.contains("__") || matches!(name, "STORE" | "STORE_FILE"))
        .then(|| name.to_ascii_lowercase().replace("__", "."))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::super::Http;
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn file(text: &str) -> (tempfile::TempDir, Sources) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ims.toml");
        std::fs::write(&path, text).unwrap();
        (folder, Sources { file: Some(path), ..Sources::default() })
    }

    #[test]
    fn the_command_line_wins_over_the_environment_and_that_over_a_file() {
        let text = "store = \"sqlite:a.db\"\n[http]\nbatch_limit = 1\ndepth_limit = 1\nbody_limit_bytes = 1\n";
        let (_folder, mut sources) = file(text);
        sources.environment =
            pairs(&[("IMS_HTTP__BATCH_LIMIT", "2"), ("IMS_HTTP__DEPTH_LIMIT", "2"), ("IMS_ACTOR", "me")]);
        sources.settings = pairs(&[("http.batch_limit", "3")]);
        let config = sources.read().unwrap();
        let Http { batch_limit, depth_limit, body_limit_bytes, .. } = config.http;
        assert_eq!((batch_limit, depth_limit, body_limit_bytes), (3, 2, 1));
        assert_eq!(config.store, "sqlite:a.db");
    }

    #[test]
    fn every_setting_that_cannot_be_used_is_named_with_its_place() {
        let (_folder, mut sources) = file("[http]\nadress = \"127.0.0.1:1\"\nbatch_limit = \"many\"\n[htpp]\nx = 1\n");
        sources.environment = pairs(&[("IMS_LOG__FORMAT", "xml")]);
        sources.settings = pairs(&[("metrics.address", "here")]);
        let problems = sources.read().unwrap_err();
        let named = |name: &str, place: &str| {
            problems.iter().any(|problem| problem.starts_with(name) && problem.contains(place))
        };
        assert!(named("http.adress", "ims.toml"), "{problems:?}");
        assert!(named("http.adress", "http.address"), "{problems:?}");
        assert!(named("http.batch_limit", "ims.toml"), "{problems:?}");
        assert!(named("htpp", "ims.toml"), "{problems:?}");
        assert!(named("log.format", "IMS_LOG__FORMAT"), "{problems:?}");
        assert!(named("metrics.address", "on the command line"), "{problems:?}");
        assert_eq!(problems.len(), 5, "{problems:?}");
    }

    #[test]
    fn a_list_in_the_environment_has_commas_and_an_empty_variable_sets_nothing() {
        let environment = pairs(&[
            ("IMS_HTTP__ALLOWED_ORIGINS", "https://a.example, https://b.example"),
            ("IMS_METRICS__ADDRESS", ""),
        ]);
        let config = Sources { environment, ..Sources::default() }.read().unwrap();
        assert_eq!(config.http.allowed_origins, ["https://a.example", "https://b.example"]);
        assert_eq!(config.metrics.address, None);
    }

    #[test]
    fn one_of_two_that_belong_together_may_be_left_out() {
        let settings = pairs(&[("limits.caller_requests", "7")]);
        let config = Sources { settings, ..Sources::default() }.read().unwrap();
        assert_eq!(config.limits.caller_requests, 7);
        assert_eq!(config.limits.caller_window_ms, Config::default().limits.caller_window_ms);
    }

    #[test]
    fn a_value_can_be_in_a_file_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("store");
        std::fs::write(&secret, "postgres://me:hush@db/shop\n").unwrap();
        let environment = pairs(&[("IMS_STORE_FILE", secret.to_str().unwrap())]);
        let config = Sources { environment, ..Sources::default() }.read().unwrap();
        assert_eq!(config.store, "postgres://me:hush@db/shop");
        let missing = Sources { settings: pairs(&[("store_file", "/nowhere/at/all")]), ..Sources::default() };
        let problems = missing.read().unwrap_err();
        assert!(problems[0].contains("/nowhere/at/all"), "{problems:?}");
    }

    #[test]
    fn the_store_is_found_where_the_server_finds_it_whatever_else_is_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("store");
        std::fs::write(&secret, "postgres://me:hush@db/shop\n").unwrap();
        let (_folder, file) = file("store = \"sqlite:file.db\"\n[http]\nadress = \"x\"\n");
        let environment = pairs(&[("IMS_STORE_FILE", secret.to_str().unwrap())]);
        let from_secret = Sources { environment, ..file.clone() };
        let settings = pairs(&[("store", "sqlite:typed.db")]);
        let typed = Sources { settings, ..from_secret.clone() };
        let store = |sources: Sources| sources.store().unwrap();
        assert_eq!(store(Sources::default()), Config::default().store);
        assert_eq!(store(file), "sqlite:file.db");
        assert_eq!(store(from_secret), "postgres://me:hush@db/shop");
        assert_eq!(store(typed), "sqlite:typed.db");
        let missing = Sources { environment: pairs(&[("IMS_STORE_FILE", "/nowhere")]), ..Sources::default() };
        assert!(missing.store().unwrap_err()[0].contains("/nowhere"));
    }

    #[test]
    fn a_variable_and_its_file_are_not_both_heeded() {
        let environment = pairs(&[("IMS_STORE_FILE", "/nowhere"), ("IMS_STORE", "sqlite:a.db")]);
        let problems = Sources { environment, ..Sources::default() }.store().unwrap_err();
        assert_eq!(problems, ["IMS_STORE and IMS_STORE_FILE are both set: leave one of them out"]);
    }

    #[test]
    fn a_setting_and_its_file_are_not_both_heeded_in_a_file_either() {
        for lines in ["store = \"sqlite:a.db\"\nstore_file = \"b\"\n", "store_file = \"b\"\nstore = \"sqlite:a.db\"\n"]
        {
            let (_folder, sources) = file(lines);
            let problems = [sources.store().unwrap_err(), sources.read().unwrap_err()].concat();
            assert!(
                problems.iter().all(|problem| problem.starts_with("store and store_file are both in ")),
                "{problems:?}"
            );
            assert_eq!(problems.len(), 2);
        }
    }

    #[test]
    fn a_file_that_names_no_store_has_to_be_right_where_it_could() {
        let (_folder, sources) = file("stroe = \"sqlite:a.db\"\n");
        assert!(sources.store().unwrap_err()[0].contains("stroe"));
        let (_folder, sources) = file("[http]\naddress = \"127.0.0.1:1\"\n");
        assert_eq!(sources.store().unwrap(), Config::default().store);
    }

    #[test]
    fn a_file_that_is_not_there_or_not_toml_is_a_problem() {
        assert_eq!(Sources { file: Some("/nowhere.toml".into()), ..Sources::default() }.read().unwrap_err().len(), 1);
        let (_folder, sources) = file("store = \n");
        assert_eq!(sources.read().unwrap_err().len(), 1);
    }
}
