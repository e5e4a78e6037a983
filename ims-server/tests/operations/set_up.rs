//! Showing and checking how the server is set up.

use crate::common::{Said, Shop};
use xtask::servers;

#[test]
fn the_store_is_what_the_command_line_says_or_else_the_file_or_else_built_in() {
    let shop = Shop::none();
    let file = shop.file("ims.toml", "store = \"sqlite:of-the-file.db\"\n");
    let store = |arguments: &[&str]| {
        let mut command = shop.command(&[&["config", "show", "--format", "json"], arguments].concat());
        let output = command.env_remove("IMS_STORE").output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let config: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        config["store"].as_str().unwrap().to_owned()
    };
    assert_eq!(store(&[]), "sqlite:ims.db");
    assert_eq!(store(&["--config", &file]), "sqlite:of-the-file.db");
    assert_eq!(store(&["--config", &file, "--store", "memory:"]), "memory:");
    assert_eq!(store(&["--config", &file, "--set", "store=memory:"]), "memory:");
}

#[test]
fn a_check_names_every_problem() {
    let shop = Shop::none();
    let file = shop.file("ims.toml", "[http]\nadress = \"x\"\nbatch_limit = -1\n[tls]\nkey_file = \"none.pem\"\n");
    let error = shop.fails(2, &["config", "check", &file]);
    let problems: Vec<&str> = error["problems"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems.iter().any(|line| line.starts_with("http.adress")), "{problems:?}");
    assert!(problems.iter().any(|line| line.starts_with("http.batch_limit")), "{problems:?}");
    let file = shop.file("tls.toml", "[tls]\nkey_file = \"none.pem\"\ncertificate_file = \"none.pem\"\n");
    let error = shop.fails(2, &["config", "check", &file]);
    assert!(error["problems"][0].as_str().unwrap().contains("none.pem"), "{error}");
    let file = shop.file("good.toml", shop.ok(&["config", "show"]));
    shop.ok(&["config", "check", &file]);
}

#[test]
fn what_is_secret_is_not_shown() {
    let shop = Shop::none();
    let shown =
        shop.ok(&["config", "show", "--store", "postgres://me:hush@db/shop", "--set", "traces.headers.key=hush"]);
    assert!(!shown.contains("hush") && shown.contains("postgres://me:***@db/shop"), "{shown}");
}

#[test]
fn a_server_that_cannot_be_set_up_does_not_start() {
    let shop = Shop::none();
    let error = shop.fails(2, &["serve", "--set", "http.adress=127.0.0.1:0"]);
    assert_eq!(error["code"], "config");
    assert!(!shop.path("shop.db").exists());
}

/// What a container of `deploy/` has in its environment, and a folder that nobody told the program of.
fn in_container(shop: &Shop, arguments: &[&str]) -> Said {
    let store = shop.file("store", format!("{}\n", shop.store()));
    let elsewhere = shop.path("elsewhere");
    std::fs::create_dir_all(&elsewhere).unwrap();
    let mut command = shop.command(arguments);
    command.env_remove("IMS_STORE").env("IMS_STORE_FILE", store).current_dir(&elsewhere);
    let said = Said::from(command.env("IMS_PASSWORD", "tea for two hundred").output().unwrap());
    assert_eq!(std::fs::read_dir(&elsewhere).unwrap().count(), 0, "{arguments:?} made a store of its own: {said:?}");
    said
}

#[test]
fn every_verb_finds_the_store_that_the_server_serves() {
    let shop = Shop::with_tea();
    let said = in_container(&shop, &["user", "add", "ada", "--role", "admin"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(shop.ok(&["user", "list"]).contains("ada"));
    for (arguments, told) in [
        (&["stock"][..], "TEA-1"),
        (&["item", "list"], "TEA-1"),
        (&["events"], "item created"),
        (&["report", "value"], "42.00"),
        (&["verify"], "Everything adds up"),
        (&["config", "show"], "shop.db"),
    ] {
        let said = in_container(&shop, arguments);
        assert!(said.code == 0 && said.out.contains(told), "{arguments:?}: {said:?}");
    }
    let backup = shop.path("shop.backup").display().to_string();
    let said = in_container(&shop, &["backup", &backup, "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert!(told["events"].as_u64().unwrap() > 3, "{said:?}");
}

#[test]
fn a_set_up_in_the_environment_says_where_the_store_is() {
    let shop = Shop::with_tea();
    let file = shop.file("ims.toml", format!("store = \"{}\"\n", shop.store()));
    let mut command = shop.command(&["stock"]);
    let said = Said::from(command.env_remove("IMS_STORE").env("IMS_CONFIG", file).output().unwrap());
    assert!(said.code == 0 && said.out.contains("TEA-1"), "{said:?}");
}

#[test]
fn a_verb_that_only_reads_makes_no_store() {
    let shop = Shop::none();
    for arguments in [
        &["verify"][..],
        &["stock"],
        &["item", "list"],
        &["order", "list"],
        &["events"],
        &["alerts"],
        &["movements"],
        &["report", "profit"],
        &["user", "list"],
        &["backup", "/nowhere/at/all"],
        &["export", "/nowhere/at/all"],
    ] {
        let error = shop.fails(3, arguments);
        assert_eq!(error["code"], "store_missing", "{arguments:?}");
    }
    assert!(!shop.path("shop.db").exists());
}

#[test]
fn a_verb_that_only_reads_makes_no_tables_on_a_server() {
    for server in [servers::postgres(), servers::mariadb()] {
        let Some(server) = servers::or_skip(server).unwrap() else { continue };
        let (database, shop) = (server.create_database().unwrap(), Shop::none());
        // Where the first had made the tables, there would be an empty list of goods afterwards.
        for _ in 0..2 {
            let error = shop.fails(3, &["stock", "--store", database.url()]);
            assert_eq!(error["code"], "store_missing", "{error}");
            assert!(error["message"].as_str().unwrap().contains("no shop in this database yet"), "{error}");
            assert!(error["hint"].as_str().unwrap().contains("ims init"), "{error}");
        }
        shop.ok(&["init", "--store", database.url()]);
        shop.ok(&["stock", "--store", database.url()]);
    }
}

#[test]
fn a_store_that_is_named_twice_is_not_guessed() {
    let shop = Shop::with_tea();
    let mut command = shop.command(&["stock"]);
    let said = Said::from(command.env("IMS_STORE_FILE", "/nowhere").output().unwrap());
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("IMS_STORE and IMS_STORE_FILE are both set"), "{said:?}");
}
