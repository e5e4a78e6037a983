//! The registry means the same in memory and on every database.
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod place;

use futures_util::future::join_all;
use ims_core::{AnyStore, StoreErrorKind, Timestamp, audit};
use ims_sqlx::registry::{BODY_BYTES, ENTRIES_PER_PAGE, Entry, Expected, KIND_BYTES, NAME_BYTES, Unfit, Written};
use ims_sqlx::{OpenOptions, Registry, open_with_registry};
use place::Place;

/// Opens what a URL names once more, as another instance of a program would.
struct Shop {
    url: String,
    _place: Option<Place>,
}

impl Shop {
    async fn open(&self) -> (AnyStore, Registry) {
        open_with_registry(&self.url, OpenOptions::default()).await.unwrap()
    }

    /// Two instances on one registry. What is in memory cannot be opened twice, and is shared.
    async fn two(&self) -> [Registry; 2] {
        let (_, first) = self.open().await;
        let second = if self.url == "memory:" { first.clone() } else { self.open().await.1 };
        [first, second]
    }
}

fn done(version: u64) -> Written {
    Written::Done { version }
}

fn at(moment: &str) -> Option<Timestamp> {
    Some(moment.parse().unwrap())
}

fn names(entries: &[Entry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.name.as_str()).collect()
}

async fn an_entry_is_read_as_it_was_written(shop: Shop) {
    let [first, second] = shop.two().await;
    assert_eq!(first.get("user", "ada").await.unwrap(), None);
    let expires_at = at("2026-03-01T00:00:00.000001Z");
    assert_eq!(first.put("user", "ada", Expected::Absent, "{\"a\":1}", expires_at).await.unwrap(), done(1));
    let entry = Entry { name: "ada".into(), version: 1, body: "{\"a\":1}".into(), expires_at };
    assert_eq!(second.get("user", "ada").await.unwrap(), Some(entry));
    assert_eq!(second.get("key", "ada").await.unwrap(), None, "another kind has names of its own");
    assert_eq!(second.put("user", "ada", Expected::Any, "{}", None).await.unwrap(), done(2));
    let entry = Entry { name: "ada".into(), version: 2, body: "{}".into(), expires_at: None };
    assert_eq!(first.get("user", "ada").await.unwrap(), Some(entry));
}

async fn the_clock_of_a_database_is_told_to_the_microsecond(shop: Shop) {
    let now = || {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap()).unwrap()
    };
    let (_, registry) = shop.open().await;
    let before = now();
    let told = registry.clock().await.unwrap();
    if shop.url == "memory:" {
        return assert_eq!(told, None, "there is no other clock");
    }
    // It is on this machine. SQLite counts in milliseconds.
    let told = told.unwrap();
    assert!(before.micros() - 1_000 <= told.micros() && told <= now(), "{before} {told}");
}

async fn a_stale_write_conflicts_and_writes_nothing(shop: Shop) {
    let [first, second] = shop.two().await;
    assert_eq!(first.put("k", "n", Expected::Version(1), "0", None).await.unwrap(), Written::Conflict, "not there yet");
    assert_eq!(first.put("k", "n", Expected::Any, "1", None).await.unwrap(), done(1));
    assert_eq!(first.put("k", "n", Expected::Absent, "2", None).await.unwrap(), Written::Conflict);
    assert_eq!(first.put("k", "n", Expected::Version(1), "2", None).await.unwrap(), done(2));
    assert_eq!(second.put("k", "n", Expected::Version(1), "3", None).await.unwrap(), Written::Conflict);
    assert_eq!(second.put("k", "n", Expected::Version(0), "3", None).await.unwrap(), Written::Conflict);
    assert_eq!(second.delete("k", "n", Expected::Version(1)).await.unwrap(), Written::Conflict);
    assert_eq!(second.delete("k", "n", Expected::Absent).await.unwrap(), Written::Conflict);
    assert_eq!(second.get("k", "n").await.unwrap().unwrap().body, "2");
    assert_eq!(second.delete("k", "n", Expected::Version(2)).await.unwrap(), done(0));
    assert_eq!(first.get("k", "n").await.unwrap(), None);
    assert_eq!(first.delete("k", "n", Expected::Version(2)).await.unwrap(), Written::Conflict, "it is gone");
    assert_eq!(first.delete("k", "n", Expected::Any).await.unwrap(), done(0));
    assert_eq!(first.delete("k", "n", Expected::Absent).await.unwrap(), done(0));
    assert_eq!(first.put("k", "n", Expected::Absent, "4", None).await.unwrap(), done(1));
    assert_eq!(first.delete("k", "n", Expected::Any).await.unwrap(), done(0));
}

async fn entries_are_listed_page_by_page_in_the_order_of_their_bytes(shop: Shop) {
    let [registry, _] = shop.two().await;
    // Neither the order of an alphabet nor that of UTF-16.
    let sorted = ["", "'", "A", "B", "a", "a ", "a  b", "ab", "ß", "é", "\u{ff5e}", "\u{1f375}"];
    for name in sorted.iter().rev() {
        assert_eq!(registry.put("k", name, Expected::Absent, "{}", None).await.unwrap(), done(1), "{name:?}");
    }
    for other in ["j", "K", "kk"] {
        assert_eq!(registry.put(other, "a", Expected::Absent, "{}", None).await.unwrap(), done(1));
    }
    // A page begins after a name, and nothing comes before the empty one.
    assert_eq!(names(&registry.list("k", "", 100).await.unwrap()), sorted[1..]);
    assert_eq!(names(&registry.list("k", "a", 3).await.unwrap()), ["a ", "a  b", "ab"].as_slice());
    assert_eq!(names(&registry.list("k", "a\0b", 2).await.unwrap()), ["a ", "a  b"].as_slice(), "no such name");
    assert_eq!(registry.list("k", "\u{1f375}", 3).await.unwrap(), []);
    assert_eq!(registry.list("k", "", 0).await.unwrap(), []);
    assert_eq!(registry.list("none", "", 5).await.unwrap(), []);
}

async fn a_page_has_an_end(shop: Shop) {
    let [registry, _] = shop.two().await;
    for number in 0..=ENTRIES_PER_PAGE {
        let _ = registry.put("k", &format!("{number:04}"), Expected::Absent, "{}", None).await.unwrap();
    }
    let page = registry.list("k", "", u32::MAX).await.unwrap();
    assert_eq!(page.len(), usize::try_from(ENTRIES_PER_PAGE).unwrap());
    assert_eq!(names(&registry.list("k", &page.last().unwrap().name, u32::MAX).await.unwrap()).len(), 1);
}

async fn a_name_may_have_any_character_but_nul(shop: Shop) {
    let [registry, _] = shop.two().await;
    let odd = ["it's", "\"", "\\", "\\'; DROP TABLE registry --", "a\nb", "%", "_", "\u{1}", "naïve", "🍵", "e\u{301}"];
    for name in odd {
        let body = format!("{{\"of\":{name:?}}}");
        assert_eq!(registry.put(name, name, Expected::Absent, &body, None).await.unwrap(), done(1), "{name:?}");
        assert_eq!(registry.put(name, name, Expected::Any, &body, None).await.unwrap(), done(2), "{name:?}");
        let entry = registry.get(name, name).await.unwrap().unwrap();
        assert_eq!((entry.name.as_str(), entry.body), (name, body));
        assert_eq!(names(&registry.list(name, "", 9).await.unwrap()), [name]);
        assert_eq!(registry.delete(name, name, Expected::Version(2)).await.unwrap(), done(0), "{name:?}");
    }
    for (kind, name, body) in [("k\0", "n", "{}"), ("k", "n\0", "{}"), ("k", "n", "\0")] {
        assert_unfit(&registry, kind, name, body, Unfit::Nul).await;
    }
    assert_eq!(registry.get("k", "n\0").await.unwrap(), None);
    assert_eq!(registry.delete("k", "n\0", Expected::Any).await.unwrap(), done(0));
    assert_eq!(registry.list("k\0", "", 9).await.unwrap(), []);
}

async fn case_accents_and_spaces_at_the_end_make_another_name(shop: Shop) {
    let [registry, _] = shop.two().await;
    let alike = ["resume", "Resume", "résumé", "re\u{301}sume\u{301}", "resume ", "resume  "];
    for name in alike {
        assert_eq!(registry.put("k", name, Expected::Absent, "{}", None).await.unwrap(), done(1), "{name:?}");
        assert_eq!(registry.put(name, "n", Expected::Absent, "{}", None).await.unwrap(), done(1), "{name:?}");
    }
    assert_eq!(registry.list("k", "", 100).await.unwrap().len(), alike.len());
    assert_eq!(registry.get("k", "RESUME").await.unwrap(), None);
}

async fn assert_unfit(registry: &Registry, kind: &str, name: &str, body: &str, unfit: Unfit) {
    let error = registry.put(kind, name, Expected::Any, body, None).await.unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::OutOfRange);
    assert_eq!(error.source.downcast_ref::<Unfit>(), Some(&unfit));
}

async fn what_is_too_long_is_refused_and_what_just_fits_is_kept(shop: Shop) {
    let [registry, _] = shop.two().await;
    // Two bytes a character: the limits are bytes on every database. A backslash is the longest to send.
    let (kind, name) = ("é".repeat(KIND_BYTES / 2), "é".repeat(NAME_BYTES / 2));
    let body = "\\".repeat(BODY_BYTES);
    assert_eq!(registry.put(&kind, &name, Expected::Absent, &body, None).await.unwrap(), done(1));
    assert_eq!(registry.get(&kind, &name).await.unwrap().unwrap().body, body);
    let [long_kind, long_name] = [format!("{kind}x"), format!("{name}x")];
    assert_unfit(&registry, &long_kind, &name, "{}", Unfit::Kind { bytes: KIND_BYTES + 1 }).await;
    assert_unfit(&registry, &kind, &long_name, "{}", Unfit::Name { bytes: NAME_BYTES + 1 }).await;
    assert_unfit(&registry, &kind, &name, &format!("{body}x"), Unfit::Body { bytes: BODY_BYTES + 1 }).await;
    assert_eq!(registry.get(&kind, &long_name).await.unwrap(), None);
    assert_eq!(registry.delete(&long_kind, &name, Expected::Version(1)).await.unwrap(), Written::Conflict);
}

async fn what_has_expired_is_swept_away(shop: Shop) {
    let [first, second] = shop.two().await;
    let moments = [
        ("never", None),
        ("before", at("2026-01-31T08:59:59.999999Z")),
        ("now", at("2026-01-31T09:00:00Z")),
        ("after", at("2026-01-31T09:00:00.000001Z")),
    ];
    for (name, expires_at) in moments {
        assert_eq!(first.put("session", name, Expected::Absent, "{}", expires_at).await.unwrap(), done(1));
    }
    assert!(first.get("session", "before").await.unwrap().is_some(), "it is there until it is swept away");
    let now = "2026-01-31T09:00:00Z".parse().unwrap();
    assert_eq!(second.sweep(now).await.unwrap(), 2);
    assert_eq!(second.sweep(now).await.unwrap(), 0);
    assert_eq!(names(&first.list("session", "", 9).await.unwrap()), ["after", "never"]);
}

async fn of_many_writers_at_once_exactly_one_wins(shop: Shop) {
    let registries = shop.two().await;
    for (expected, after) in [(Expected::Absent, 1), (Expected::Version(1), 2), (Expected::Version(2), 3)] {
        let writers = (0..24).zip(registries.iter().cycle()).map(|(writer, registry)| {
            let registry = registry.clone();
            tokio::spawn(async move {
                let body = writer.to_string();
                (body.clone(), registry.put("k", "n", expected, &body, None).await.unwrap())
            })
        });
        let answers: Vec<_> = join_all(writers).await.into_iter().map(Result::unwrap).collect();
        let winners: Vec<_> = answers.iter().filter(|(_, written)| *written == done(after)).collect();
        let [(body, _)] = winners.as_slice() else { panic!("{answers:?}") };
        assert_eq!(answers.iter().filter(|(_, written)| *written == Written::Conflict).count(), 23);
        assert_eq!(registries[0].get("k", "n").await.unwrap().unwrap().body, *body);
    }
}

async fn writers_who_do_not_mind_each_get_a_version_of_their_own(shop: Shop) {
    let registries = shop.two().await;
    let writers = (0..24).zip(registries.iter().cycle()).map(|(_, registry)| {
        let registry = registry.clone();
        tokio::spawn(async move { registry.put("relay", "n", Expected::Any, "{}", None).await.unwrap() })
    });
    let mut versions: Vec<u64> = join_all(writers)
        .await
        .into_iter()
        .map(|written| match written.unwrap() {
            Written::Done { version } => version,
            Written::Conflict => panic!("anything was expected"),
        })
        .collect();
    versions.sort_unstable();
    assert_eq!(versions, (1..=24).collect::<Vec<_>>());
}

async fn the_state_of_the_shop_does_not_depend_on_it(shop: Shop) {
    let (store, registry) = shop.open().await;
    let before = audit::state_hash(&store).await.unwrap();
    assert_eq!(registry.put("k", "n", Expected::Absent, "{}", None).await.unwrap(), done(1));
    assert_eq!(audit::state_hash(&store).await.unwrap(), before);
}

fn run<F: Future<Output = ()>>(case: impl FnOnce(Shop) -> F, shop: Option<Shop>) {
    // Where there is no server, this has been said.
    let Some(shop) = shop else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(case(shop));
}

fn at_place(place: Option<Place>) -> Option<Shop> {
    place.map(|place| Shop { url: place.url().to_owned(), _place: Some(place) })
}

macro_rules! registry_tests {
    ($($store:ident in $shop:expr),*; $cases:tt) => {
        $(mod $store { registry_tests!(@each $shop, $cases); })*
    };
    (@each $shop:expr, { $($case:ident)* }) => {
        $(#[test] fn $case() { super::run(super::$case, $shop); })*
    };
}

registry_tests! {
    memory in Some(super::Shop { url: "memory:".to_owned(), _place: None }),
    sqlite in super::at_place(Some(super::Place::sqlite())),
    postgres in super::at_place(super::Place::postgres()),
    mariadb in super::at_place(super::Place::mariadb());
    {
        an_entry_is_read_as_it_was_written
        a_stale_write_conflicts_and_writes_nothing
        entries_are_listed_page_by_page_in_the_order_of_their_bytes
        a_page_has_an_end
        a_name_may_have_any_character_but_nul
        case_accents_and_spaces_at_the_end_make_another_name
        what_is_too_long_is_refused_and_what_just_fits_is_kept
        what_has_expired_is_swept_away
        the_clock_of_a_database_is_told_to_the_microsecond
        of_many_writers_at_once_exactly_one_wins
        writers_who_do_not_mind_each_get_a_version_of_their_own
        the_state_of_the_shop_does_not_depend_on_it
    }
}
