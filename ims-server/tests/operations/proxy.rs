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
    /// Connections stay, and the database has none to give.
    Full,
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

    /// Lets connections be, and answers new ones as PostgreSQL does where there are as many as there may be.
    pub fn fill(&self) {
        self.set(Way::Full);
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
        match state.0 {
            Way::Cut => return,
            // Who asked for encryption, or for a connection, is gone: there is nobody to tell.
            Way::Full => return drop(refuse(caller)),
            Way::Open | Way::Silent => {}
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

/// Says that there are as many connections as there may be (`53300`), also to whoever asks for an encrypted one first.
fn refuse(mut caller: TcpStream) -> std::io::Result<()> {
    const ASKS_FOR_ENCRYPTION: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];
    const SAID: &[u8] = b"SFATAL\0VFATAL\0C53300\0Msorry, too many clients already\0\0";
    let mut first = [0; 8];
    caller.read_exact(&mut first)?;
    if first == ASKS_FOR_ENCRYPTION {
        caller.write_all(b"N")?;
        caller.read_exact(&mut first)?;
    }
    let rest = u32::from_be_bytes(first[..4].try_into().unwrap()) - 8;
    caller.read_exact(&mut vec![0; usize::try_from(rest).unwrap()])?;
    let length = u32::try_from(SAID.len() + 4).unwrap();
    caller.write_all(&[b"E", &length.to_be_bytes()[..], SAID].concat())
}
