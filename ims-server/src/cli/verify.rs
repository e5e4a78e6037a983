//! `ims verify`

use crate::{
    failure::{Failure, Outcome},
    output::{self, Column, Format, Table, Tone},
    session::Session,
};
use ims_core::{Reports, audit::Verdict};
use serde_json::json;

/// Proves that goods, costs and money add up, and hashes the state.
pub(super) async fn run(session: &Session) -> Outcome {
    session.out.say("Adding everything up …");
    let verdict = session.store().verify().await?;
    if verdict.counts.values().all(|rows| *rows == 0) {
        // Nothing adds up to nothing: whoever proves a store that was just restored has named another one.
        session.open_shop().await?;
    }
    print(session, &verdict)?;
    if verdict.ok {
        return Ok(());
    }
    let findings =
        verdict.broken.iter().map(|broken| format!("{}: {}: {}", broken.promise, broken.row, broken.finding));
    Err(Failure::store("broken", format!("{} things do not add up", verdict.broken.len()))
        .details(findings.collect())
        .field("broken", json!(verdict.broken))
        .hint("the store was changed by hand, or is damaged: restore a backup"))
}

fn print(session: &Session, verdict: &Verdict) -> Outcome {
    match session.out.format {
        Format::Json => session.out.json(verdict),
        Format::Csv => {
            let mut rows = vec![("ok".to_owned(), verdict.ok.to_string())];
            rows.push(("state_hash".to_owned(), verdict.state_hash.clone()));
            rows.extend(verdict.counts.iter().map(|(table, count)| ((*table).to_owned(), count.to_string())));
            let header = ["name".to_owned(), "value".to_owned()];
            session.out.rows(std::iter::once(header).chain(rows.into_iter().map(<[String; 2]>::from)))
        }
        Format::Table => {
            let mut table = Table::new(&[Column::text("Table"), Column::number("Rows")]);
            for (name, count) in verdict.counts.iter().filter(|(_, count)| **count > 0) {
                table.row(vec![(*name).to_owned(), output::count(*count)], Tone::Plain);
            }
            table.print()?;
            let word = if verdict.ok { "Everything adds up." } else { "Not everything adds up." };
            session.out.text(&format!("\n{word}\nstate hash {}", verdict.state_hash))
        }
    }
}
