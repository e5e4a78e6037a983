//! What a server found when it proved its store.

use super::table_named;
use ims_core::{
    audit::{Broken, Counts, PROMISES, Verdict},
    report::Table,
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A [`Verdict`] as it came.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Proved {
    ok: bool,
    state_hash: String,
    counts: BTreeMap<String, u64>,
    broken: Vec<Breach>,
}

#[derive(Clone, Debug, Deserialize)]
struct Breach {
    promise: String,
    row: String,
    finding: String,
}

/// A word that this version does not know.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is neither a table nor a promise that this version knows")]
pub(crate) struct UnknownWord(String);

impl TryFrom<Proved> for Verdict {
    type Error = UnknownWord;

    fn try_from(Proved { ok, state_hash, counts, broken }: Proved) -> Result<Verdict, UnknownWord> {
        let counts = counts.into_iter().map(|(name, count)| {
            let table = table_named(&name).map(Table::name);
            table.map(|table| (table, count)).ok_or(UnknownWord(name))
        });
        let broken = broken.into_iter().map(|Breach { promise, row, finding }| {
            let known = PROMISES.into_iter().find(|known| *known == promise);
            known.map(|promise| Broken { promise, row, finding }).ok_or(UnknownWord(promise))
        });
        let counts = counts.collect::<Result<Counts, _>>()?;
        Ok(Verdict { ok, state_hash, counts, broken: broken.collect::<Result<_, _>>()? })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use ims_core::{MemoryStore, Reports};

    #[test]
    fn a_verdict_comes_back_as_it_was_sent() {
        let mut sent = futures_executor::block_on(MemoryStore::new().verify()).unwrap();
        sent.broken = PROMISES.map(|promise| Broken { promise, row: "a row".into(), finding: "…".into() }).to_vec();
        sent.ok = false;
        let come: Proved = serde_json::from_str(&serde_json::to_string(&sent).unwrap()).unwrap();
        assert_eq!(Verdict::try_from(come).unwrap(), sent);
    }
}
