//! Telling people what can be set: a file with all settings, and the page of the documentation.

use super::Config;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};
use std::fmt::{self, Write};

/// A setting, or a section of them.
struct Entry<'a> {
    /// Its name, with a dot between its parts.
    path: String,
    name: &'a str,
    doc: &'a str,
    value: &'a Value,
    schema: &'a Value,
}

/// Writes a set-up as a file, with a comment at each setting. Secrets are masked.
pub(crate) fn file(config: &Config) -> String {
    let (schema, values) = (schema(), values(config));
    let mut text = String::new();
    // Writing to a text does not fail.
    let _ = write_file(&mut text, &schema, "", &values);
    text
}

fn write_file(text: &mut String, schema: &Value, path: &str, values: &Value) -> fmt::Result {
    for entry in settings(schema, path, values) {
        comment(text, entry.doc)?;
        match entry.value {
            Value::Null => writeln!(text, "# {} =\n", entry.name)?,
            Value::Object(fields) if fields.is_empty() => writeln!(text, "# {} = {{}}\n", entry.name)?,
            value => writeln!(text, "{} = {}\n", entry.name, Toml(value))?,
        }
    }
    for entry in sections(schema, path, values) {
        comment(text, entry.doc)?;
        writeln!(text, "[{}]", entry.path)?;
        write_file(text, entry.schema, &entry.path, entry.value)?;
    }
    Ok(())
}

fn comment(text: &mut String, doc: &str) -> fmt::Result {
    doc.lines().try_for_each(|line| writeln!(text, "# {}", line.trim()))
}

/// What the documentation says before its tables.
const HEAD: &str = "\
# Configuration

<!-- `ims config reference` writes this page from the code. -->

Everything can be left as it is: `ims serve` in an empty folder serves a shop that is kept in the file `ims.db`, to this
machine only. What is said later wins:

1. what is built in,
2. a TOML file: `ims serve --config ims.toml`, or the environment variable `IMS_CONFIG`,
3. the environment: `IMS_HTTP__ADDRESS` is `http.address`, a list has commas, and a variable that is empty sets nothing,
4. the command line: `--set http.address=0.0.0.0:8080`, or for short `--listen 0.0.0.0:8080` and `--store URL`.

Wherever a text can be set, the same name with `_file` names a file that has it: `store_file = \"/run/secrets/store\"` keeps a
password out of the environment. A line's end at the end of such a file is not part of it.

`ims config check ims.toml` names everything that is wrong with a file, `ims config show` writes the whole set-up as a file,
with secrets masked.
";

/// Writes the page of the documentation.
pub(crate) fn page() -> String {
    let (schema, values) = (schema(), values(&Config::default()));
    let mut text = HEAD.to_owned();
    // Writing to a text does not fail.
    let _ = write_page(&mut text, &schema, "", &values);
    text
}

fn write_page(text: &mut String, schema: &Value, path: &str, values: &Value) -> fmt::Result {
    let settings: Vec<Entry<'_>> = settings(schema, path, values).collect();
    if !settings.is_empty() {
        writeln!(text, "\n| setting | unless it is set | |\n|---|---|---|")?;
    }
    for entry in settings {
        let value = match entry.value {
            Value::Null => "nothing".to_owned(),
            value => format!("`{}`", Toml(value)),
        };
        let doc = entry.doc.replace('\n', " ").replace('|', "\\|");
        writeln!(text, "| `{}` | {value} | {doc}{} |", entry.path, choices(entry.schema))?;
    }
    for entry in sections(schema, path, values) {
        writeln!(text, "\n## {}\n\n{}", entry.path, entry.doc.replace('\n', " "))?;
        write_page(text, entry.schema, &entry.path, entry.value)?;
    }
    Ok(())
}

/// The words that may be chosen, each with what it means.
fn choices(schema: &Value) -> String {
    let words = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten().filter_map(|choice| {
        let word = choice.get("const")?.as_str()?;
        Some(format!(" `{word}`: {}", doc(choice).trim_end_matches('.')))
    });
    let words: Vec<String> = words.collect();
    if words.is_empty() { String::new() } else { format!("{}.", words.join(";")) }
}

/// What the code says of every setting, without references.
fn schema() -> Value {
    let generator = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true).into_generator();
    generator.into_root_schema_for::<Config>().to_value()
}

fn values(config: &Config) -> Value {
    // A set-up is texts, numbers and tables with texts for keys: all of them are values of JSON.
    serde_json::to_value(config).unwrap_or_default()
}

fn settings<'a>(schema: &'a Value, path: &str, values: &'a Value) -> impl Iterator<Item = Entry<'a>> {
    entries(schema, path, values).filter(|entry| properties(entry.schema).is_none())
}

fn sections<'a>(schema: &'a Value, path: &str, values: &'a Value) -> impl Iterator<Item = Entry<'a>> {
    entries(schema, path, values).filter(|entry| properties(entry.schema).is_some())
}

fn entries<'a>(schema: &'a Value, path: &str, values: &'a Value) -> impl Iterator<Item = Entry<'a>> {
    properties(schema).into_iter().flatten().map(move |(name, schema)| Entry {
        path: if path.is_empty() { name.clone() } else { format!("{path}.{name}") },
        name,
        doc: doc(schema),
        value: values.get(name).unwrap_or(&Value::Null),
        schema,
    })
}

fn properties(schema: &Value) -> Option<&Map<String, Value>> {
    schema.get("properties")?.as_object()
}

fn doc(schema: &Value) -> &str {
    schema.get("description").and_then(Value::as_str).unwrap_or_default()
}

/// A value as TOML has it.
struct Toml<'a>(&'a Value);

impl fmt::Display for Toml<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Array(values) => {
                f.write_char('[')?;
                for (at, value) in values.iter().enumerate() {
                    write!(f, "{}{}", if at == 0 { "" } else { ", " }, Toml(value))?;
                }
                f.write_char(']')
            }
            Value::Object(fields) => {
                f.write_char('{')?;
                let set = fields.iter().filter(|(_, value)| !value.is_null());
                for (at, (name, value)) in set.enumerate() {
                    write!(f, "{} {} = {}", if at == 0 { "" } else { "," }, Value::from(name.as_str()), Toml(value))?;
                }
                f.write_str(" }")
            }
            // Texts, numbers and truth are written alike in both.
            value => write!(f, "{value}"),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::Sources;
    use super::*;

    #[test]
    fn the_file_that_is_shown_can_be_read_and_says_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ims.toml");
        let mut config = Config::default();
        config.http.allowed_origins = vec!["https://a.example".into()];
        config.metrics.address = Some("127.0.0.1:9464".parse().unwrap());
        std::fs::write(&path, file(&config)).unwrap();
        let read = Sources { file: Some(path), ..Sources::default() }.read().unwrap();
        assert_eq!(read, config);
    }

    #[test]
    fn every_setting_says_what_it_is_for() {
        fn silent(schema: &Value, path: &str, values: &Value, found: &mut Vec<String>) {
            for entry in entries(schema, path, values) {
                if entry.doc.is_empty() {
                    found.push(entry.path.clone());
                }
                silent(entry.schema, &entry.path, entry.value, found);
            }
        }
        let mut found = Vec::new();
        silent(&schema(), "", &values(&Config::default()), &mut found);
        assert_eq!(found, [""; 0]);
    }

    #[test]
    fn no_password_is_shown() {
        let config = Config { store: "postgres://me:hush@db/shop".into(), ..Config::default() };
        assert!(!file(&config).contains("hush"));
    }

    #[test]
    fn the_page_of_the_documentation_is_what_the_code_says() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/configuration.md");
        let written = std::fs::read_to_string(path).unwrap();
        assert_eq!(written, page(), "write it anew: ims config reference > docs/configuration.md");
    }
}
