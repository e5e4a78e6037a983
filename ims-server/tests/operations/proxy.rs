//! A way to a database that a test can cut and mend.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

/// Where connections go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Open,
    Cut,
    /// Connections stay, and nothing comes through.
    Silent,
}

/// Stands between a server and its database.
#[derive(Clone)]
pub struct Proxy {
    port: u16,
    state: Arc<Mutex<(Way, Vec<TcpStream>)>>,
}

impl Proxy {
    /// Begins to pass everything on to a port of this machine.
    pub fn to(database: u16) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy =
            Proxy { port: listener.local_addr().unwrap().port(), state: Arc::new(Mutex::new((Way::Open, Vec::new()))) };
        let all = proxy.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                all.take(stream, database);
            }
        });
        proxy
    }

    /// The same URL by way of the proxy, and the proxy.
    pub fn before(url: &str) -> (String, Proxy) {
        let (head, database) = url.rsplit_once('/').unwrap();
        let (start, port) = head.rsplit_once(':').unwrap();
        let proxy = Proxy::to(port.parse().unwrap());
        (format!("{start}:{}/{database}", proxy.port), proxy)
    }

    /// Ends all connections, and refuses new ones.
    pub fn cut(&self) {
        self.set(Way::Cut);
    }

    /// Lets connections be, and lets nothing through.
    pub fn silence(&self) {
        self.set(Way::Silent);
    }

    /// Lets connections through again.
    pub fn mend(&self) {
        self.set(Way::Open);
    }

    fn set(&self, way: Way) {
        let mut state = self.state.lock().unwrap();
        // A connection that was silent has lost bytes: it can only end.
        let ends = way == Way::Cut || state.0 == Way::Silent;
        state.0 = way;
        if ends {
            for stream in state.1.drain(..) {
                // It may have ended by itself.
                let _ = stream.shutdown(Shutdown::Both);
            }
        }
    }

    fn take(&self, caller: TcpStream, database: u16) {
        let mut state = self.state.lock().unwrap();
        if state.0 == Way::Cut {
            return;
        }
        let Ok(onwards) = TcpStream::connect(("127.0.0.1", database)) else { return };
        state.1.extend([caller.try_clone().unwrap(), onwards.try_clone().unwrap()]);
        drop(state);
        for (from, to) in [(caller.try_clone().unwrap(), onwards.try_clone().unwrap()), (onwards, caller)] {
            let proxy = self.clone();
            std::thread::spawn(move || proxy.pass(from, to));
        }
    }

    fn pass(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut bytes = [0; 16 * 1024];
        while let Ok(read @ 1..) = from.read(&mut bytes) {
            let silent = self.state.lock().unwrap().0 == Way::Silent;
            if !silent && to.write_all(&bytes[..read]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    }
}
