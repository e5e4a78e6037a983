//! The codes of relays are those in docs/relay.md.

use super::super::sink::Trouble;

#[test]
fn every_code_of_a_relay_is_listed_and_no_other() {
    let page = include_str!("../../../../../docs/relay.md");
    let listed: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(code, _)| code)
        .filter(|code| code.starts_with("relay_") || code.starts_with("webhook_"))
        .collect();
    assert_eq!(listed, Trouble::ALL.map(Trouble::code));
}
