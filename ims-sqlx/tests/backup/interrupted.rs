//! What is broken off in the middle leaves nothing behind.

use crate::on_each;
use crate::place::{Folder, Place};
use crate::till::{context, engine, furnish, look, open, sale};
use ims_core::StoreErrorKind;
use ims_sqlx::OpenOptions;
use ims_sqlx::backup::{BackupError, Existing, back_up, read, restore};
use std::future::poll_fn;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::task::Poll;

/// A backup of a small shop.
async fn backup(folder: &Folder) -> PathBuf {
    let place = Place::sqlite();
    let ims = engine(open(place.url()).await);
    furnish(&ims, 50).await;
    for id in 100..120 {
        ims.execute(context(id), sale()).await.unwrap();
    }
    let file = PathBuf::from(folder.file("shop"));
    back_up(ims.store(), &file, Existing::Keep).await.unwrap();
    file
}

/// Does work until it has been woken so many times, and drops it then; what came of it, if it was done before.
async fn break_off<T>(work: impl Future<Output = T>, wakes: u32) -> Option<T> {
    let mut work = pin!(work);
    let mut left = wakes;
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}

fn names(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.collect()
}

#[test]
fn a_restore_that_is_broken_off_leaves_an_empty_store_or_a_whole_one() {
    on_each(async |place: Place| {
        let folder = Folder::new();
        let file = backup(&folder).await;
        let snapshot = PathBuf::from(folder.file("snapshot"));
        let seen = async || back_up(&open(place.url()).await, &snapshot, Existing::Replace).await.unwrap();
        let (whole, empty) = (read(&file).await.unwrap(), seen().await);
        assert_ne!(whole, empty);

        let mut broken_off: u32 = 0;
        loop {
            match break_off(restore(&file, place.url(), OpenOptions::default()), broken_off).await {
                None => broken_off += 1,
                // Nobody waited for the end of the last one, and it came nevertheless.
                Some(Ok(_) | Err(BackupError::NotEmpty { .. })) => break,
                Some(Err(error)) => panic!("{error}"),
            }
            if broken_off.is_multiple_of(8) {
                let seen = seen().await;
                assert!(seen == empty || seen == whole, "{seen:?}");
            }
        }
        assert!(broken_off > 8, "it was broken off {broken_off} times");
        assert_eq!(seen().await, whole);
        look(&open(place.url()).await).await;
    });
}

#[test]
fn a_backup_that_is_broken_off_leaves_no_file_or_a_whole_one() {
    let folder = Folder::new();
    let target = Folder::new();
    let file = PathBuf::from(target.file("again"));
    crate::run(async {
        let place = Place::sqlite();
        crate::backup_restored(&backup(&folder).await, place.url()).await;
        let store = open(place.url()).await;
        let mut broken_off: u32 = 0;
        loop {
            match break_off(back_up(&store, &file, Existing::Keep), broken_off).await {
                None => broken_off += 1,
                // Nobody waited for the end of the last one, and it came nevertheless.
                Some(Ok(_) | Err(BackupError::Exists { .. })) => break,
                Some(Err(error)) => panic!("{error}"),
            }
        }
        assert!(broken_off > 8, "it was broken off {broken_off} times");
        read(&file).await.unwrap();
    });
    // Work on a file that was begun is ended by now: the runtime waited for it.
    assert_eq!(names(file.parent().unwrap()), ["again"]);
}

#[test]
fn a_store_that_is_not_empty_is_left_as_it_is() {
    on_each(async |place: Place| {
        let folder = Folder::new();
        let file = backup(&folder).await;
        let ims = engine(open(place.url()).await);
        let registry = ims.store().registry();
        let put = registry.put("user", "eve", ims_sqlx::registry::Expected::Absent, "{}", None).await.unwrap();
        assert_eq!(put, ims_sqlx::registry::Written::Done { version: 1 });
        let refused = || restore(&file, place.url(), OpenOptions::default());
        assert!(matches!(refused().await, Err(BackupError::NotEmpty { table: "registry" })));
        furnish(&ims, 5).await;
        let before = look(ims.store()).await;
        assert!(matches!(refused().await, Err(BackupError::NotEmpty { table: "locations" })));
        assert_eq!(look(ims.store()).await, before);
        ims.execute(context(500), sale()).await.unwrap();
    });
}

#[test]
fn an_engine_that_was_open_on_the_empty_store_sees_what_was_restored() {
    on_each(async |place: Place| {
        let folder = Folder::new();
        let file = backup(&folder).await;
        let ims = engine(open(place.url()).await);
        assert_eq!(ims.simulate(context(900), sale()).await.unwrap_err().code(), "shop_not_open");
        restore(&file, place.url(), OpenOptions::default()).await.unwrap();
        ims.execute(context(901), sale()).await.unwrap();
        look(ims.store()).await;
    });
}

#[test]
fn a_store_that_may_only_be_read_is_backed_up_and_not_restored_to() {
    crate::run(async {
        let (folder, place) = (Folder::new(), Place::sqlite());
        let file = backup(&folder).await;
        drop(open(place.url()).await);
        let read_only = format!("{}?mode=ro", place.url());
        match restore(&file, &read_only, OpenOptions::default()).await {
            Err(BackupError::Store(error)) => assert_eq!(error.kind, StoreErrorKind::ReadOnly),
            other => panic!("{other:?}"),
        }
        let again = PathBuf::from(folder.file("again"));
        back_up(&open(&read_only).await, &again, Existing::Keep).await.unwrap();
    });
}

#[test]
fn a_file_is_replaced_only_when_told_and_only_by_a_whole_one() {
    crate::run(async {
        let (folder, place) = (Folder::new(), Place::sqlite());
        let file = backup(&folder).await;
        let old = std::fs::read(&file).unwrap();
        let store = open(place.url()).await;
        assert!(matches!(back_up(&store, &file, Existing::Keep).await, Err(BackupError::Exists { .. })));
        assert_eq!(std::fs::read(&file).unwrap(), old);
        back_up(&store, &file, Existing::Replace).await.unwrap();
        assert_ne!(std::fs::read(&file).unwrap(), old);
        let nowhere = PathBuf::from(folder.file("no/such/folder"));
        match back_up(&store, &nowhere, Existing::Keep).await {
            Err(BackupError::File { file, .. }) => assert_eq!(file, nowhere),
            other => panic!("{other:?}"),
        }
    });
}

#[test]
fn a_backup_is_never_written_over_its_own_store() {
    crate::run(async {
        let (folder, nobody) = (Folder::new(), Path::new("no/such/folder/shop.db"));
        let real = PathBuf::from(folder.file("shop.db"));
        let ims = engine(open(&format!("sqlite:{}", real.display())).await);
        furnish(&ims, 5).await;
        let inner = PathBuf::from(folder.file("inner"));
        std::fs::create_dir(&inner).unwrap();
        let beside =
            ["shop.db", "shop.db-wal", "shop.db-shm", "shop.db-journal", "inner/../shop.db", "inner/../shop.db-wal"];
        let mut names: Vec<PathBuf> = beside.iter().map(|name| folder.file(name).into()).collect();
        let mut urls = vec![format!("sqlite://{}", real.display()), format!("sqlite:{}?mode=rw", real.display())];
        #[cfg(unix)]
        {
            let (symbolic, hard, around) = (folder.file("symbolic"), folder.file("hard"), folder.file("around"));
            std::os::unix::fs::symlink(&real, &symbolic).unwrap();
            std::os::unix::fs::symlink(folder.file(""), &around).unwrap();
            std::fs::hard_link(&real, &hard).unwrap();
            urls.extend([format!("sqlite:{symbolic}"), format!("sqlite:{around}/shop.db")]);
            names.extend([symbolic.into(), hard.into(), format!("{around}/shop.db-journal").into()]);
        }
        for url in &urls {
            let store = open(url).await;
            for name in &names {
                for existing in [Existing::Keep, Existing::Replace] {
                    match back_up(&store, name, existing).await {
                        Err(BackupError::IsStore { file }) => assert_eq!(&file, name),
                        other => panic!("{} of {url}: {other:?}", name.display()),
                    }
                }
            }
            assert!(matches!(back_up(&store, nobody, Existing::Keep).await, Err(BackupError::File { .. })));
            look(&store).await;
        }
        back_up(ims.store(), Path::new(&folder.file("shop.db.backup")), Existing::Keep).await.unwrap();
    });
}

#[cfg(unix)]
#[test]
fn only_a_file_is_replaced() {
    use std::os::unix::{fs::symlink, net::UnixListener};
    crate::run(async {
        let (place, folder) = (Place::sqlite(), Folder::new());
        let store = open(place.url()).await;
        let names = ["to-file", "to-nothing", "to-device", "folder", "socket", "notes"].map(|name| folder.file(name));
        let [to_file, to_nothing, to_device, inner, socket, notes] = &names;
        std::fs::write(notes, "mine").unwrap();
        symlink(notes, to_file).unwrap();
        symlink("nothing", to_nothing).unwrap();
        symlink("/dev/null", to_device).unwrap();
        std::fs::create_dir(inner).unwrap();
        let _listener = UnixListener::bind(socket).unwrap();
        let link = "a symbolic link";
        let other = "a device, a pipe or a socket";
        for (name, expected) in [
            (to_file.as_str(), link),
            (to_nothing, link),
            (to_device, link),
            (inner, "a folder"),
            (socket, other),
            ("/dev/null", other),
        ] {
            for existing in [Existing::Keep, Existing::Replace] {
                match back_up(&store, Path::new(name), existing).await {
                    Err(BackupError::NotAFile { what, .. }) => assert_eq!(what, expected, "{name}"),
                    told => panic!("{name}: {told:?}"),
                }
            }
        }
        assert_eq!(std::fs::read_to_string(notes).unwrap(), "mine");
        assert!(to_nothing.parse::<PathBuf>().unwrap().is_symlink() && Path::new(inner).is_dir());
        back_up(&store, Path::new(notes), Existing::Replace).await.unwrap();
    });
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_read_a_backup() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new();
    let file = crate::run(backup(&folder));
    assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
}
