//! Which figures there are: compared with the page that lists them, and with what dashboards and alert rules ask for.

use super::{Connections, Engine, Figures, business::Business};
use crate::serve::listen::Open;
use ims_core::{AnyStore, MemoryStore};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// A figure's kind and what is said of it, by its name.
type Exported = BTreeMap<String, (String, String)>;

/// Every figure that a server can tell: each one has happened once.
fn exported() -> Exported {
    let figures = Figures::new();
    figures.end_request("items", 200, Duration::ZERO);
    figures.note_problem("insufficient_stock");
    figures.note_store("load", Duration::ZERO);
    figures.note_store_failure("unavailable");
    figures.note_relay("tills", 1);
    figures.note_clock(Duration::ZERO);
    drop(figures.begin_stream("websocket"));
    let store = AnyStore::new(MemoryStore::new());
    figures.add(Engine::new(|| Some(ims_core::Figures::default()), connected(store)));
    figures.add(Connections::new(vec![("http", Arc::new(Open::default()))]));
    let business = Business::default();
    business.show_everything();
    figures.add(business);
    read(&figures.text().unwrap())
}

/// A store that says it has connections.
fn connected(store: AnyStore) -> AnyStore {
    struct Connected(AnyStore);
    impl ims_core::Store for Connected {
        async fn load(&self, keys: &ims_core::ReadSet) -> Result<ims_core::Loaded, ims_core::StoreError> {
            self.0.load(keys).await
        }
        async fn commit(&self, change: ims_core::ChangeSet) -> Result<ims_core::Outcome, ims_core::StoreError> {
            self.0.commit(change).await
        }
        async fn events(
            &self,
            after: ims_core::Offset,
            limit: u32,
        ) -> Result<ims_core::EventPage, ims_core::StoreError> {
            self.0.events(after, limit).await
        }
        fn connections(&self) -> Option<ims_core::Connections> {
            Some(ims_core::Connections::default())
        }
    }
    AnyStore::of_parts(Connected(store.clone()), store)
}

fn read(text: &str) -> Exported {
    let mut exported = Exported::new();
    for line in text.lines() {
        if let Some((name, help)) = line.strip_prefix("# HELP ").and_then(|line| line.split_once(' ')) {
            exported.entry(name.into()).or_default().1 = help.trim_end_matches('.').into();
        }
        if let Some((name, kind)) = line.strip_prefix("# TYPE ").and_then(|line| line.split_once(' ')) {
            exported.entry(name.into()).or_default().0 = kind.into();
        }
    }
    exported
}

/// The names that samples of a figure have.
fn sample_names(exported: &Exported) -> BTreeSet<String> {
    let of = |(name, (kind, _)): (&String, &(String, String))| -> Vec<String> {
        match kind.as_str() {
            "counter" => vec![format!("{name}_total")],
            "histogram" => ["_bucket", "_sum", "_count"].iter().map(|end| format!("{name}{end}")).collect(),
            _ => vec![name.clone()],
        }
    };
    exported.iter().flat_map(of).collect()
}

/// The names of figures of ours in a question.
fn names_in(question: &str) -> BTreeSet<String> {
    let words = question.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words.filter(|word| word.starts_with("ims_") || word.starts_with("process_")).map(str::to_owned).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn dashboards_and_alert_rules_ask_only_for_figures_that_there_are() {
    let there = sample_names(&exported());
    let mut asked = BTreeSet::new();
    for file in ["grafana/dashboards/ims-operations.json", "grafana/dashboards/ims-business.json"] {
        let text = std::fs::read_to_string(root().join("deploy").join(file)).unwrap();
        let dashboard: serde_json::Value = serde_json::from_str(&text).unwrap();
        let panels = dashboard["panels"].as_array().unwrap().iter();
        let targets = panels.filter_map(|panel| panel["targets"].as_array()).flatten();
        asked.extend(targets.flat_map(|target| names_in(target["expr"].as_str().unwrap())));
    }
    let rules = std::fs::read_to_string(root().join("deploy/prometheus/alerts.yml")).unwrap();
    let rules: serde_yaml_ng::Value = serde_yaml_ng::from_str(&rules).unwrap();
    for group in rules["groups"].as_sequence().unwrap() {
        let rules = group["rules"].as_sequence().unwrap();
        asked.extend(rules.iter().flat_map(|rule| names_in(rule["expr"].as_str().unwrap())));
    }
    // `ims_shop` is the name of a group, and no figure.
    let missing: Vec<&String> = asked.difference(&there).collect();
    assert!(missing.is_empty(), "not exported: {missing:?}");
    let unseen: Vec<&String> = there.difference(&asked).filter(|name| name.ends_with("_total")).collect();
    assert!(unseen.is_empty(), "on no dashboard: {unseen:?}");
}

#[test]
fn the_page_of_figures_is_what_the_code_says() {
    let mut page =
        "# Figures\n\nWhat `/metrics` tells, where `metrics.address` is set. Counters have `_total` after their \
                    name; docs/operations.md says how they are meant.\n\n| figure | kind | |\n|---|---|---|\n"
            .to_owned();
    for (name, (kind, help)) in exported() {
        page.push_str(&format!("| `{name}` | {kind} | {help} |\n"));
    }
    let path = root().join("docs/metrics.md");
    if std::env::var_os("IMS_ACCEPT").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), page, "IMS_ACCEPT=1 writes it anew");
}
