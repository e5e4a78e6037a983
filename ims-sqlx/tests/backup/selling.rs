//! Backups while others sell.

use crate::on_each;
use crate::place::{Folder, Place};
use crate::till::{context, engine, furnish, look, open, sale};
use ims_core::{EventBody, Ims, Receipt};
use ims_sqlx::backup::{Existing, back_up, restore};
use ims_sqlx::{OpenOptions, SqlStore};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use tokio::task::JoinSet;

/// More than are sold while the backups are taken.
const UNITS: i64 = 1_000_000;
const TILLS: u128 = 6;
const BACKUPS: usize = 4;

/// Sells one after the other until the shop closes; counts what was answered.
async fn sell(ims: Ims<SqlStore>, till: u128, sold: Arc<AtomicU64>, closed: Arc<AtomicBool>) {
    for number in 0_u128.. {
        if closed.load(SeqCst) {
            break;
        }
        let id = ((1 + till) << 64) + number;
        ims.execute(context(id), sale()).await.unwrap();
        sold.fetch_add(1, SeqCst);
    }
}

async fn is_of_one_moment(place: Place) {
    let folder = Folder::new();
    let ims = engine(open(place.url()).await);
    furnish(&ims, UNITS).await;
    let before = ims.figures().done;
    // Half of the tills are another instance's.
    let other = engine(open(place.url()).await);
    let (sold, closed) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let mut tills = JoinSet::new();
    for till in 0..TILLS {
        let ims = if till % 2 == 0 { &ims } else { &other };
        tills.spawn(sell(ims.clone(), till, Arc::clone(&sold), Arc::clone(&closed)));
    }
    let backups = open(place.url()).await;
    let mut files = Vec::new();
    for number in 0..BACKUPS {
        // Each begins when something more was sold since the one before.
        let least = sold.load(SeqCst);
        while sold.load(SeqCst) <= least {
            tokio::task::yield_now().await;
        }
        let begun = sold.load(SeqCst);
        let file = PathBuf::from(folder.file(&number.to_string()));
        let saved = back_up(&backups, &file, Existing::Keep).await.unwrap();
        // What is committed and not yet answered is in it, too.
        let ended = sold.load(SeqCst) + TILLS as u64;
        files.push((file, saved, begun..=ended));
    }
    closed.store(true, SeqCst);
    tills.join_all().await;
    assert_eq!(ims.figures().done + other.figures().done - before, sold.load(SeqCst));

    for (file, saved, sales) in files {
        let new = Place::sqlite();
        assert_eq!(restore(&file, new.url(), OpenOptions::default()).await.unwrap(), saved);
        let restored = engine(open(new.url()).await);
        let seen = look(restored.store()).await;
        let is_sale = |body: &EventBody| matches!(body, EventBody::Done(r) if matches!(**r, Receipt::Sold { .. }));
        let found = seen.events.iter().filter(|event| is_sale(&event.record.body)).count() as u64;
        assert!(sales.contains(&found), "{found} of {sales:?}");
        assert_eq!(seen.entries.len(), 2);
        // The shop goes on where it was.
        restored.execute(context(1 << 100), sale()).await.unwrap();
        assert_eq!(look(restored.store()).await.events.len(), seen.events.len() + 1);
    }
    look(ims.store()).await;
}

#[test]
fn a_backup_under_running_tills_is_of_one_moment() {
    on_each(is_of_one_moment);
}
