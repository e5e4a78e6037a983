//! What the rules are, each told as a short story: `check(given(..), command, expect(..))`.
//!
//! One file a noun; the words are in `words`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

mod alert;
mod amounts;
mod bundle;
mod cost;
mod exactly_once;
mod hold;
mod item;
mod late;
mod limit;
mod location;
mod order;
mod party;
mod period;
mod precedence;
mod purchase;
mod return_goods;
mod shop;
mod stock;
mod tag;
mod words;

/// The stories that refusals are told in.
const STORIES: [&str; 16] = [
    include_str!("alert.rs"),
    include_str!("cost.rs"),
    include_str!("hold.rs"),
    include_str!("item.rs"),
    include_str!("limit.rs"),
    include_str!("location.rs"),
    include_str!("late.rs"),
    include_str!("order.rs"),
    include_str!("party.rs"),
    include_str!("period.rs"),
    include_str!("purchase.rs"),
    include_str!("return_goods.rs"),
    include_str!("shop.rs"),
    include_str!("stock.rs"),
    include_str!("tag.rs"),
    include_str!("words/fact.rs"),
];

#[test]
fn every_refusal_has_a_story() {
    // The list of codes has a line for each, such as `"no_lines" => NoLines {},`.
    let codes = include_str!("../../src/rejection.rs").lines().filter_map(|line| line.split_once("\" => "));
    let variants = codes.filter_map(|(_, variant)| variant.split(' ').next());
    let names: Vec<String> = variants.map(|variant| format!("Rejection::{variant}")).collect();
    assert!(names.iter().any(|name| name == "Rejection::NoLines"), "{names:?}");
    for name in names {
        let told =
            |story: &&str| story.split(name.as_str()).skip(1).any(|rest| !rest.starts_with(char::is_alphanumeric));
        assert!(STORIES.iter().any(told), "no story tells of {name}");
    }
}
