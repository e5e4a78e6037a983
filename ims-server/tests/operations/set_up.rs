//! Showing and checking how the server is set up.

use crate::common::Shop;

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
