//! Answers that get lost on their way.

use super::{Remote, id, on_hand, served};
use crate::common::{Said, server::PASSWORD};
use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

/// Stands before a server. Of the first requests that have a word in them it keeps the answers for itself: they were read
/// and done, and their caller never learns of it.
struct Gateway {
    url: String,
    lost: Arc<AtomicUsize>,
}

impl Gateway {
    fn before(server: SocketAddr, word: &'static str, losses: usize) -> Gateway {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let lost = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&lost);
        std::thread::spawn(move || {
            for caller in listener.incoming().map_while(Result::ok) {
                let counted = Arc::clone(&counted);
                std::thread::spawn(move || pass(caller, server, word, losses, &counted));
            }
        });
        Gateway { url, lost }
    }

    fn lost(&self) -> usize {
        self.lost.load(Ordering::SeqCst)
    }
}

/// Passes one connection on, both ways.
fn pass(caller: TcpStream, server: SocketAddr, word: &'static str, losses: usize, lost: &AtomicUsize) {
    let Ok(onwards) = TcpStream::connect(server) else { return };
    let asked = Arc::new(AtomicBool::new(false));
    let (from, to, noted) = (caller.try_clone().unwrap(), onwards.try_clone().unwrap(), Arc::clone(&asked));
    std::thread::spawn(move || {
        copy(from, to, |bytes| {
            if String::from_utf8_lossy(bytes).contains(word) {
                noted.store(true, Ordering::SeqCst);
            }
            true
        });
    });
    copy(onwards, caller, |_| {
        let loses = asked.swap(false, Ordering::SeqCst) && lost.load(Ordering::SeqCst) < losses;
        lost.fetch_add(usize::from(loses), Ordering::SeqCst);
        !loses
    });
}

/// Copies what comes until one end has gone or something is not passed on; then both ends go.
fn copy(mut from: TcpStream, mut to: TcpStream, passes: impl Fn(&[u8]) -> bool) {
    let mut bytes = [0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        if !passes(&bytes[..read]) || to.write_all(&bytes[..read]).is_err() {
            break;
        }
    }
    for end in [from, to] {
        // It may have gone by itself.
        let _ = end.shutdown(Shutdown::Both);
    }
}

#[test]
fn a_command_whose_answer_was_lost_is_done_once_and_has_its_receipt() {
    let (_shop, server) = served();
    let admin = server.admin();
    let direct = Remote::of(&server, &admin);
    for losses in [1, 3] {
        let before: u32 = on_hand(&direct, "TEA-1").parse().unwrap();
        let gateway = Gateway::before(server.address, "/v1/batch?mode=execute", losses);
        let sold = Remote::at(&gateway.url, Some(&admin)).json(&["order", "sell", "TEA-1=3"]);
        assert_eq!(gateway.lost(), losses);
        assert!(sold["receipt"]["sold"].is_object(), "{sold}");
        assert_eq!(on_hand(&direct, "TEA-1"), (before - 3).to_string());
    }
}

#[test]
fn a_command_that_may_have_been_done_is_settled_by_its_id() {
    let (shop, server) = served();
    let admin = server.admin();
    let id = id(1);
    let gateway = Gateway::before(server.address, "/v1/batch?mode=execute", usize::MAX);
    let sell = ["order", "sell", "TEA-1=3", "--id", &id];
    let error = Remote::at(&gateway.url, Some(&admin)).fails(3, &sell);
    assert_eq!((&error["code"], &error["id"]), (&"store_unknown".into(), &id.as_str().into()));
    assert!(error["hint"].as_str().unwrap().contains(&format!("--id {id}")), "{error}");
    // The server ends, and comes back.
    drop(server);
    let server = shop.serve(&[]);
    let remote = Remote::of(&server, &server.admin());
    assert_eq!(on_hand(&remote, "TEA-1"), "17", "it was done");
    assert_eq!(remote.json(&sell)["id"], id.as_str());
    assert_eq!(on_hand(&remote, "TEA-1"), "17", "and not done again");
}

#[test]
fn what_would_not_be_the_same_when_done_twice_is_not_sent_twice() {
    let (_shop, server) = served();
    let admin = server.admin();
    let gateway = Gateway::before(server.address, "/v1/users", usize::MAX);
    let remote = Remote::at(&gateway.url, Some(&admin));
    let add = ["user", "add", "ben", "--role", "clerk", "--format", "json"];
    let said = Said::from(remote.command(&add).env("IMS_PASSWORD", PASSWORD).output().unwrap());
    assert_eq!((said.code, gateway.lost()), (3, 1), "{said:?}");
    assert!(said.err.contains("store_unknown") && said.err.contains("ims user list"), "{said:?}");
    assert!(Remote::of(&server, &admin).ok(&["user", "list"]).contains("ben"));
}

#[test]
fn a_server_that_dies_while_its_log_is_followed_is_told() {
    let (_shop, server) = served();
    let remote = Remote::of(&server, &server.admin());
    let mut follower = remote.command(&["events", "--follow", "--format", "json"]);
    let mut follower =
        follower.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    // Its first line says that it listens.
    let mut first = [0; 1];
    follower.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
    drop(server);
    let said = Said::from(follower.wait_with_output().unwrap());
    assert_eq!(said.code, 3, "{said:?}");
    assert!(said.err.contains("cannot be reached"), "{said:?}");
}
