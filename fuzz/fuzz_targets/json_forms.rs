//! Text that may be a command, a receipt, a rejection, an event or a context: it is refused, or it reads back the same.
#![no_main]

use ims_core::{Answer, Command, Context, Event, Receipt, Rejection};
use libfuzzer_sys::fuzz_target;
use serde::{Serialize, de::DeserializeOwned};
use std::fmt::Debug;

fuzz_target!(|bytes: &[u8]| {
    reads_back::<Command>(bytes);
    reads_back::<Receipt>(bytes);
    reads_back::<Rejection>(bytes);
    reads_back::<Event>(bytes);
    reads_back::<Answer>(bytes);
    reads_back::<Context>(bytes);
});

/// What is read is written as something that is read as the same, and written the same again.
fn reads_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(bytes: &[u8]) {
    let Ok(value) = serde_json::from_slice::<T>(bytes) else { return };
    let json = serde_json::to_string(&value).expect("what was read can be written");
    let again = serde_json::from_str::<T>(&json).unwrap_or_else(|error| panic!("{error}: {json}"));
    assert_eq!(again, value);
    assert_eq!(serde_json::to_string(&again).expect("what was read can be written"), json);
}
