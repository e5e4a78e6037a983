//! Commands that hit each other, on a store in memory: none panics, all adds up, and sent again they change nothing.
#![no_main]

mod letter;

use ims_core::{Answer, Command, Context, Error, Ims, MemoryStore, Rejection, Reply, audit};
use letter::Letter;
use libfuzzer_sys::fuzz_target;

/// More than these tell nothing new.
const MOST_LETTERS: usize = 60;

fuzz_target!(|letters: Vec<Letter>| {
    let letters: Vec<(Context, Command)> = letter::write(&letters, MOST_LETTERS);
    let one_by_one = MemoryStore::new();
    let said: Vec<Said> = letters.iter().flat_map(|letter| send(&one_by_one, std::slice::from_ref(letter))).collect();
    let state_hash = check(&one_by_one);

    assert_eq!(send(&one_by_one, &letters), said, "sent again");
    assert_eq!(check(&one_by_one), state_hash, "sent again");

    let together = MemoryStore::new();
    let said_together = send(&together, &letters);
    let state_hash_together = check(&together);
    // Totals of days are added up when a batch is committed, so what makes one overflow depends on its company.
    if !said.iter().chain(&said_together).any(overflows_a_total) {
        assert_eq!(said_together, said, "sent together");
        assert_eq!(state_hash_together, state_hash, "sent together");
    }
});

/// What a caller is told.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    Answered(Answer),
    IdReused,
}

/// Sends commands, all at once.
fn send(store: &MemoryStore, letters: &[(Context, Command)]) -> Vec<Said> {
    let (ims, worker) = Ims::new(store.clone());
    let letters = letters.to_vec();
    let replies = async move { ims.execute_all(letters).await };
    let (_, replies) = futures_executor::block_on(futures_util::future::join(worker, replies));
    replies.into_iter().map(said).collect()
}

fn said(reply: Reply) -> Said {
    match reply {
        Ok(receipt) => Said::Answered(Answer::Done(receipt)),
        Err(Error::Rejected(rejection)) => Said::Answered(Answer::Refused(*rejection)),
        Err(Error::IdReused { .. }) => Said::IdReused,
        Err(error) => panic!("the engine failed: {error}"),
    }
}

fn overflows_a_total(said: &Said) -> bool {
    matches!(said, Said::Answered(Answer::Refused(Rejection::Overflow { what })) if &**what == "a total that the shop keeps")
}

/// Checks that all adds up.
fn check(store: &MemoryStore) -> String {
    let verdict = futures_executor::block_on(audit::verify(store)).expect("memory can be read");
    assert!(verdict.ok, "{:#?}", verdict.broken);
    verdict.state_hash
}
