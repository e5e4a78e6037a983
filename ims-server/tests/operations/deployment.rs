//! The files of `deploy/`: what cannot be run here is at least read, and compared with what it speaks of.

use crate::{common::Shop, server::Server};
use serde_yaml_ng::Value;
use std::{
    collections::BTreeSet,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
};
use xtask::machine;

fn deploy(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(deploy(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn yaml(name: &str) -> Value {
    serde_yaml_ng::from_str(&text(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The documents of a file of several.
fn documents(name: &str) -> Vec<Value> {
    let text = text(name);
    serde_yaml_ng::Deserializer::from_str(&text)
        .map(|document| serde::Deserialize::deserialize(document).unwrap())
        .collect()
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_sequence().map_or(Vec::new(), |all| all.iter().filter_map(Value::as_str).collect())
}

/// Whether the server takes these environment variables.
fn check_environment(variables: &[(String, String)]) {
    let shop = Shop::none();
    let mut command = shop.command(&["config", "check"]);
    let said = command.env_remove("IMS_STORE").envs(variables.iter().cloned()).output().unwrap();
    assert!(said.status.success(), "{variables:?}: {}", String::from_utf8_lossy(&said.stderr));
}

/// Runs a tool that a machine may not have. Where CI has to have it, it must be there.
fn tool(name: &str, arguments: &[&OsStr]) -> Option<String> {
    let Some(program) = machine::find_program(name) else {
        assert!(std::env::var_os(xtask::servers::REQUIRE_SERVERS).is_none(), "there is no {name} here");
        println!("skipped: there is no {name} here");
        return None;
    };
    let said = Command::new(program).args(arguments).output().unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    assert!(said.status.success(), "{name} {arguments:?}: {text}");
    Some(text)
}

/// The lines of the Dockerfile, with those that go on put together.
fn instructions() -> Vec<(String, String)> {
    let text = text("Dockerfile").replace("\\\n", " ");
    let joined = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines: Vec<String> =
        text.lines().map(joined).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    lines.iter().map(|line| line.split_once(' ').unwrap()).map(|(word, rest)| (word.into(), rest.into())).collect()
}

#[test]
fn the_image_is_small_and_runs_without_rights() {
    let instructions = instructions();
    let of = |word: &str| -> Vec<&str> {
        instructions.iter().filter(|(one, _)| one == word).map(|(_, rest)| rest.as_str()).collect()
    };
    for image in of("FROM") {
        let name = image.split(' ').next().unwrap();
        assert!(name.contains(':') && !name.ends_with(":latest"), "{image} is another one tomorrow");
    }
    assert_eq!(of("FROM").len(), 2, "what builds is not shipped");
    for run in of("RUN").iter().filter(|run| run.contains("apt-get install")) {
        assert!(run.contains("--no-install-recommends") && run.contains("rm -rf /var/lib/apt/lists"), "{run}");
        assert!(run.contains("apt-get update &&"), "{run}");
    }
    let user = of("USER");
    assert!(user.last().unwrap().split(':').all(|id| id.parse::<u32>().unwrap() > 0), "{user:?}");
    assert!(of("ENTRYPOINT")[0].starts_with('['), "a shell would keep the signal to end for itself");
    assert!(of("ADD").is_empty());
    assert!(of("HEALTHCHECK")[0].contains("/health/ready"));
    let toolchain = std::fs::read_to_string(deploy("../Cargo.toml")).unwrap();
    let version =
        toolchain.lines().find_map(|line| line.strip_prefix("rust-version = \"")).unwrap().trim_end_matches('"');
    assert!(of("FROM")[0].contains(&format!("rust:{version}-")), "the compiler that Cargo.toml names");
}

#[test]
fn the_image_shows_the_ports_that_it_listens_at() {
    let instructions = instructions();
    let rest = |word: &str| &instructions.iter().find(|(one, _)| one == word).unwrap().1;
    let variables: Vec<(String, String)> = rest("ENV")
        .split_whitespace()
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(name, value)| (name.into(), value.into()))
        .collect();
    check_environment(&variables);
    let listens: BTreeSet<&str> = variables.iter().map(|(_, address)| address.rsplit_once(':').unwrap().1).collect();
    assert_eq!(rest("EXPOSE").split(' ').collect::<BTreeSet<_>>(), listens);
    let scraped = yaml("prometheus/prometheus.yml")["scrape_configs"][0]["dns_sd_configs"][0]["port"].as_u64().unwrap();
    assert!(listens.contains(scraped.to_string().as_str()));
}

#[test]
fn what_the_image_is_built_from_is_there() {
    for line in text("Dockerfile.dockerignore").lines().filter_map(|line| line.strip_prefix('!')) {
        assert!(deploy("..").join(line).exists(), "{line}");
    }
    let root = std::fs::read_to_string(deploy("../Cargo.toml")).unwrap();
    let (_, members) = root.split_once("members = [").unwrap();
    let members = members
        .split_once(']')
        .unwrap()
        .0
        .lines()
        .filter_map(|line| line.trim().trim_end_matches(',').strip_prefix('"'));
    let let_in = text("Dockerfile.dockerignore");
    let patched = root.split("path = \"").skip(1).map(|rest| rest.split('"').next().unwrap());
    for member in members.map(|member| member.trim_end_matches('"')).chain(patched) {
        let folder = member.split('/').next().unwrap();
        assert!(let_in.lines().any(|line| line == format!("!{folder}")), "cargo needs {folder} to read the workspace");
    }
}

#[test]
fn the_compose_file_speaks_of_what_is_there() {
    let compose = yaml("compose.yaml");
    let services = compose["services"].as_mapping().unwrap();
    let secrets = compose["secrets"].as_mapping().unwrap();
    for (name, secret) in secrets {
        assert!(deploy(secret["file"].as_str().unwrap()).is_file(), "{name:?}");
    }
    for (name, service) in services {
        for secret in strings(&service["secrets"]) {
            assert!(secrets.contains_key(secret), "{name:?}: {secret}");
        }
        for volume in strings(&service["volumes"]) {
            let from = volume.split(':').next().unwrap();
            match from.strip_prefix("./") {
                Some(path) => assert!(deploy(path).exists(), "{volume}"),
                None => assert!(compose["volumes"].as_mapping().unwrap().contains_key(from), "{volume}"),
            }
        }
        for port in strings(&service["ports"]) {
            assert!(port.starts_with("127.0.0.1:"), "{port} would be open to everybody");
        }
        if let Some(image) = service["image"].as_str().filter(|_| service["build"].is_null()) {
            assert!(image.contains(':') && !image.ends_with(":latest"), "{image}");
        }
    }
    let environment = compose["services"]["ims"]["environment"].as_mapping().unwrap();
    let variables = environment.iter().map(|(name, value)| (name.as_str().unwrap(), value.as_str().unwrap()));
    let here = |value: &str| value.replace("/run/secrets", deploy("secrets").to_str().unwrap());
    check_environment(&variables.map(|(name, value)| (name.into(), here(value))).collect::<Vec<_>>());
    let store = text("secrets/store");
    assert!(store.contains(text("secrets/postgres_password").trim()), "the server knows the database's password");
}

#[test]
fn the_manifests_speak_of_one_another() {
    let all = documents("kubernetes/ims.yaml");
    let of = |kind: &str| all.iter().find(|document| document["kind"] == kind).unwrap_or_else(|| panic!("{kind}"));
    let (deployment, config) = (of("Deployment"), of("ConfigMap"));
    let pod = &deployment["spec"]["template"];
    let labels = &pod["metadata"]["labels"];
    let selectors = [
        &deployment["spec"]["selector"]["matchLabels"],
        &of("Service")["spec"]["selector"],
        &of("PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
        &of("NetworkPolicy")["spec"]["podSelector"]["matchLabels"],
    ];
    assert!(selectors.iter().all(|selector| *selector == labels));
    assert_eq!(of("HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]["name"], deployment["metadata"]["name"]);
    assert!(of("PodDisruptionBudget")["spec"]["minAvailable"].as_u64() < deployment["spec"]["replicas"].as_u64());

    let container = &pod["spec"]["containers"][0];
    let named = |list: &Value| -> BTreeSet<String> {
        list.as_sequence().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    assert!(named(&container["volumeMounts"]).is_subset(&named(&pod["spec"]["volumes"])));
    let ports = named(&container["ports"]);
    for probe in ["startupProbe", "livenessProbe", "readinessProbe"] {
        assert!(ports.contains(container[probe]["httpGet"]["port"].as_str().unwrap()), "{probe}");
    }
    for ingress in of("NetworkPolicy")["spec"]["ingress"].as_sequence().unwrap() {
        assert!(ports.contains(ingress["ports"][0]["port"].as_str().unwrap()));
    }
    let volumes = pod["spec"]["volumes"].as_sequence().unwrap();
    let secret = volumes.iter().find_map(|volume| volume["secret"]["secretName"].as_str()).unwrap();
    let example = yaml("kubernetes/secret.example.yaml");
    assert_eq!(example["metadata"]["name"], secret);
    let file = container["env"][0]["value"].as_str().unwrap();
    let key = file.rsplit_once('/').unwrap().1;
    assert!(example["stringData"].as_mapping().unwrap().contains_key(key), "{file}");

    let shop = Shop::none();
    let file = shop.file("ims.toml", config["data"]["ims.toml"].as_str().unwrap());
    let shown = shop.json(&["config", "show", "--config", &file]);
    for (address, port) in [("http", 0), ("metrics", 1)] {
        let listens = shown[address]["address"].as_str().unwrap().rsplit_once(':').unwrap().1.to_owned();
        assert_eq!(container["ports"][port]["containerPort"].as_u64().unwrap().to_string(), listens);
    }
    let grace_ms = pod["spec"]["terminationGracePeriodSeconds"].as_u64().unwrap() * 1_000;
    let shutdown = |name: &str| shown["shutdown"][name].as_u64().unwrap();
    assert!(grace_ms > shutdown("drain_ms") + shutdown("limit_ms"), "the cluster waits for the last answer");
}

#[test]
fn the_probes_ask_what_the_server_answers() {
    let server = Server::start(&[]);
    let mut asked = BTreeSet::new();
    for file in ["kubernetes/ims.yaml", "Dockerfile"] {
        for word in text(file).split(|c: char| c.is_whitespace() || ",\"{}]".contains(c)) {
            if let Some(at) = word.find("/health/") {
                asked.insert(word[at..].to_owned());
            }
        }
    }
    assert_eq!(asked.len(), 2, "{asked:?}");
    for path in asked {
        assert_eq!(server.get(&path).status, 200, "{path}");
    }
}

#[test]
fn the_unit_can_be_verified_and_its_settings_are_those_of_the_server() {
    let variables = text("systemd/ims.env");
    let set = variables.lines().filter(|line| !line.starts_with('#')).map(|line| line.split_once('=').unwrap());
    check_environment(&set.map(|(name, value)| (name.into(), value.into())).collect::<Vec<_>>());
    // Those that are only shown have to be names of settings, too.
    let reference = Shop::none().ok(&["config", "reference"]);
    for line in variables.lines().filter_map(|line| line.strip_prefix("#IMS_")) {
        let name = line.split_once('=').unwrap().0.to_lowercase().replace("__", ".");
        assert!(reference.contains(&format!("| `{name}` |")), "{name}");
    }
    let unit = text("systemd/ims.service");
    let shop = Shop::none();
    // The unit is looked at as it would be where the program is installed.
    let here = unit.replace("/usr/local/bin/ims", env!("CARGO_BIN_EXE_ims"));
    let file = shop.file("ims.service", here);
    if let Some(said) = tool("systemd-analyze", &["verify".as_ref(), "--man=no".as_ref(), file.as_ref()]) {
        let ours: Vec<&str> = said.lines().filter(|line| line.contains("ims.service")).collect();
        assert_eq!(ours, [""; 0]);
    }
}

#[test]
fn prometheus_can_read_its_files_and_the_questions_of_the_dashboards() {
    let config = deploy("prometheus/prometheus.yml");
    tool(
        "promtool",
        &["check".as_ref(), "config".as_ref(), "--lint=all".as_ref(), "--lint-fatal".as_ref(), config.as_ref()],
    );
    // A rule for each question: that is what promtool can read.
    let rules: Vec<Value> = ["ims-operations", "ims-business"]
        .iter()
        .flat_map(|name| questions(name))
        .enumerate()
        .map(|(at, question)| {
            let question = question.replace("$__rate_interval", "5m");
            serde_yaml_ng::to_value(serde_json::json!({"record": format!("question:{at}"), "expr": question})).unwrap()
        })
        .collect();
    assert!(rules.len() > 60);
    let groups = serde_json::json!({"groups": [{"name": "dashboards", "rules": rules}]});
    let shop = Shop::none();
    let file = shop.file("dashboards.yml", serde_yaml_ng::to_string(&groups).unwrap());
    tool("promtool", &["check".as_ref(), "rules".as_ref(), file.as_ref()]);
}

/// What the panels of a dashboard ask.
fn questions(name: &str) -> Vec<String> {
    let dashboard: serde_json::Value = serde_json::from_str(&text(&format!("grafana/dashboards/{name}.json"))).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let targets = panels.iter().filter_map(|panel| panel["targets"].as_array()).flatten();
    targets.map(|target| target["expr"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_dashboards_are_provisioned_with_their_source() {
    let source = yaml("grafana/provisioning/datasources/prometheus.yaml");
    let uid = source["datasources"][0]["uid"].as_str().unwrap();
    let compose = yaml("compose.yaml");
    let services = compose["services"].as_mapping().unwrap();
    let host =
        source["datasources"][0]["url"].as_str().unwrap().trim_start_matches("http://").split(':').next().unwrap();
    assert!(services.contains_key(host));
    let path = yaml("grafana/provisioning/dashboards/ims.yaml")["providers"][0]["options"]["path"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        strings(&services["grafana"]["volumes"]).iter().any(|volume| volume.contains(&format!(":{path}:"))),
        "{path}"
    );
    let mut uids = BTreeSet::new();
    let mut panels = 0;
    for entry in std::fs::read_dir(deploy("grafana/dashboards")).unwrap() {
        let path = entry.unwrap().path();
        let dashboard: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        assert!(uids.insert(dashboard["uid"].as_str().unwrap().to_owned()));
        let mut ids = BTreeSet::new();
        for panel in dashboard["panels"].as_array().unwrap() {
            assert!(ids.insert(panel["id"].as_u64().unwrap()), "{path:?}: {panel}");
            if panel["type"] == "row" {
                continue;
            }
            panels += 1;
            assert_eq!(panel["datasource"]["uid"], uid);
            assert!(!panel["description"].as_str().unwrap().is_empty(), "{panel}");
            let place = &panel["gridPos"];
            assert!(place["x"].as_u64().unwrap() + place["w"].as_u64().unwrap() <= 24, "{panel}");
        }
    }
    assert!(panels >= 33, "{panels}");
}

/// What the head of each file tells the first person to type, without what gets it into the container.
#[test]
fn every_way_to_install_it_says_how_the_first_person_gets_in() {
    for name in ["compose.yaml", "kubernetes/ims.yaml", "systemd/ims.service"] {
        let text = text(name);
        let head: String = text.lines().take_while(|line| line.starts_with('#')).collect();
        let shop = Shop::none();
        for verb in ["ims user add ada --role admin", "ims init --name 'Corner shop' --currency EUR"] {
            assert!(head.contains(verb), "{name}: {verb}");
            let arguments: Vec<&str> = verb.split('\'').enumerate().fold(Vec::new(), |mut words, (at, part)| {
                if at % 2 == 1 {
                    words.push(part)
                } else {
                    words.extend(part.split_whitespace())
                }
                words
            });
            let mut command = shop.command(&arguments[1..]);
            let said = command.env("IMS_PASSWORD", "tea for two hundred").output().unwrap();
            assert!(said.status.success(), "{name}: {verb}: {said:?}");
        }
    }
}
