//! Requests of HTTP/1 as they come over the wire: where each begins and ends, and whether others would read it alike.
//!
//! A request that a proxy ends in one place and a server in another one is how a stranger puts words into somebody else's
//! mouth. RFC 9112 lets a server read such a request in one way or refuse it; the library beneath reads it and leaves out
//! what it did not heed, so it is looked at here, before that.

use crate::serve::Problem;
use axum::http::StatusCode;
use std::str;

/// The largest length that the library beneath reads.
const MOST_LENGTH: u64 = u64::MAX - 2;

/// Why a request is refused before it is read: others might read it in another way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// HTTP/1.1 without a host.
    NoHost,
    /// More than one host.
    SeveralHosts,
    /// A host that is none.
    Host,
    /// More than one length.
    SeveralLengths,
    /// A length that is no plain number.
    Length,
    /// A length beyond all that is counted.
    Huge,
    /// A length and an encoding.
    LengthAndEncoding,
    /// An encoding other than `chunked`, once.
    Encoding,
    /// A line that does not end in CR and LF.
    LineEnd,
    /// A line that goes on in the next one, or is no field.
    Field,
    /// Where it begins is not clear.
    Lost,
}

impl Unfit {
    /// What the request is answered.
    pub(super) fn problem(self) -> Problem {
        match self {
            Unfit::Huge => Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", self.words()),
            _ => Problem::malformed(self.words()),
        }
    }

    /// What is wrong, for people.
    const fn words(self) -> &'static str {
        match self {
            Unfit::NoHost => "a request by HTTP/1.1 needs the header Host",
            Unfit::SeveralHosts => "the header Host is there more than once: send one",
            Unfit::Host => "the header Host must be the name of a host, with a port where it needs one",
            Unfit::SeveralLengths => "the header Content-Length is there more than once: send one",
            Unfit::Length => "the header Content-Length must be one plain number",
            Unfit::Huge => "the body is larger than any that is taken",
            Unfit::LengthAndEncoding => "send Content-Length or Transfer-Encoding, and not both",
            Unfit::Encoding => "the only Transfer-Encoding that is taken is chunked, and once",
            Unfit::LineEnd => "every line of a request's head must end with CR and LF",
            Unfit::Field => "every header must stand in one line, its name right before the colon",
            Unfit::Lost => "it is not clear where this request begins",
        }
    }
}

/// Follows what comes over a connection.
#[derive(Debug)]
pub(super) struct Framing {
    state: State,
    /// What has come of a line.
    line: Vec<u8>,
    head: Head,
    most_line_bytes: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Head,
    /// So many bytes of the body are to come.
    Body(u64),
    ChunkSize,
    /// So many bytes of a chunk are to come, its line end among them.
    Chunk(u64),
    Trailers,
    /// It is not HTTP/1, or not any more.
    Other,
    /// Nobody knows where the next request begins.
    Lost,
}

/// What is known of a head.
#[derive(Debug, Default)]
struct Head {
    version: Version,
    hosts: u32,
    length: Option<u64>,
    encoding: Option<()>,
    unfit: Option<Unfit>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Version {
    /// The request line has not come.
    #[default]
    Unknown,
    Http10,
    Http11,
}

impl Framing {
    /// Begins where a connection begins. A line that is longer than this is not looked at: it is refused elsewhere.
    pub(super) fn new(most_line_bytes: usize) -> Framing {
        Framing { state: State::Head, line: Vec::new(), head: Head::default(), most_line_bytes }
    }

    /// Whether all requests that have begun have come whole.
    pub(super) fn is_between(&self) -> bool {
        self.state == State::Head && self.line.is_empty() && self.head.version == Version::Unknown
    }

    /// Whether a head has begun to come and has not come whole.
    pub(super) fn is_in_head(&self) -> bool {
        self.state == State::Head && !self.is_between()
    }

    /// Whether it is HTTP/1.
    pub(super) fn is_http_1(&self) -> bool {
        self.state != State::Other
    }

    /// Looks at nothing any more: from here on it is another protocol.
    pub(super) fn let_go(&mut self) {
        self.state = State::Other;
        self.line = Vec::new();
    }

    /// Looks at what has come, and tells of each head that has come whole whether it is fit.
    pub(super) fn read(&mut self, mut bytes: &[u8], mut tell: impl FnMut(Option<Unfit>)) {
        while !bytes.is_empty() {
            let (next, rest) = match self.state {
                State::Other | State::Lost => return,
                State::Body(left) => skip(left, bytes, State::Body, State::Head),
                State::Chunk(left) => skip(left, bytes, State::Chunk, State::ChunkSize),
                State::Head | State::ChunkSize | State::Trailers => {
                    let Some(at) = bytes.iter().position(|byte| *byte == b'\n') else { return self.keep(bytes) };
                    let (line, rest) = bytes.split_at(at);
                    self.keep(line);
                    let line = std::mem::take(&mut self.line);
                    let next = self.end_line(&line, &mut tell);
                    // The room is used again.
                    self.line = line;
                    self.line.clear();
                    (next, rest.get(1..).unwrap_or_default())
                }
            };
            self.state = next;
            bytes = rest;
        }
    }

    fn keep(&mut self, part: &[u8]) {
        if self.line.len().saturating_add(part.len()) > self.most_line_bytes {
            self.state = State::Lost;
        } else {
            self.line.extend_from_slice(part);
        }
    }

    /// What comes after a line, which is given without its LF.
    fn end_line(&mut self, line: &[u8], tell: &mut impl FnMut(Option<Unfit>)) -> State {
        match self.state {
            State::Head => self.line_of_head(line, tell),
            State::ChunkSize => match chunk_size(line) {
                Some(0) => State::Trailers,
                Some(size) => State::Chunk(size.saturating_add(2)),
                None => State::Lost,
            },
            State::Trailers if line == b"\r" => State::Head,
            state => state,
        }
    }

    fn line_of_head(&mut self, line: &[u8], tell: &mut impl FnMut(Option<Unfit>)) -> State {
        let plain = line.strip_suffix(b"\r");
        if self.head.version == Version::Unknown {
            return self.request_line(plain.unwrap_or(line), plain.is_some());
        }
        let Some(line) = plain else {
            self.head.blame(Unfit::LineEnd);
            // Without an end that everybody sees, the rest of the head is anybody's guess.
            tell(std::mem::take(&mut self.head).unfit);
            return State::Lost;
        };
        if !line.is_empty() {
            self.head.field(line);
            return State::Head;
        }
        let head = std::mem::take(&mut self.head);
        let unfit = head.verdict();
        tell(unfit);
        match (unfit, head.encoding, head.length) {
            (Some(_), ..) => State::Lost,
            (None, Some(()), _) => State::ChunkSize,
            (None, None, Some(length)) if length > 0 => State::Body(length),
            (None, None, _) => State::Head,
        }
    }

    fn request_line(&mut self, line: &[u8], ends_well: bool) -> State {
        // Lines before a request that have nothing in them are not heeded.
        if line.is_empty() {
            return State::Head;
        }
        if line == b"PRI * HTTP/2.0" {
            return State::Other;
        }
        self.head.version = if line.ends_with(b" HTTP/1.0") { Version::Http10 } else { Version::Http11 };
        if !ends_well {
            self.head.blame(Unfit::LineEnd);
        }
        State::Head
    }
}

impl Head {
    /// The first thing that is wrong is told.
    fn blame(&mut self, unfit: Unfit) {
        self.unfit = self.unfit.or(Some(unfit));
    }

    fn field(&mut self, line: &[u8]) {
        let colon = line.iter().position(|byte| *byte == b':');
        let Some((name, value)) = colon.and_then(|colon| Some((line.get(..colon)?, line.get(colon..)?.get(1..)?)))
        else {
            return self.blame(Unfit::Field);
        };
        if name.is_empty() || name.iter().any(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control()) {
            return self.blame(Unfit::Field);
        }
        let value = trimmed(value);
        if name.eq_ignore_ascii_case(b"host") {
            self.host(value);
        } else if name.eq_ignore_ascii_case(b"content-length") {
            self.content_length(value);
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            self.transfer_encoding(value);
        }
    }

    fn host(&mut self, value: &[u8]) {
        self.hosts = self.hosts.saturating_add(1);
        let reads =
            value.is_empty() || http::uri::Authority::try_from(value).is_ok_and(|host| !host.as_str().contains('@'));
        match (self.hosts, reads) {
            (1, true) => {}
            (1, false) => self.blame(Unfit::Host),
            _ => self.blame(Unfit::SeveralHosts),
        }
    }

    fn content_length(&mut self, value: &[u8]) {
        let digits = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
        let length = str::from_utf8(value).ok().and_then(|value| value.parse().ok());
        match (self.length, length) {
            (Some(_), _) => self.blame(Unfit::SeveralLengths),
            (None, _) if !digits => self.blame(Unfit::Length),
            (None, Some(length)) if length <= MOST_LENGTH => self.length = Some(length),
            (None, _) => self.blame(Unfit::Huge),
        }
    }

    fn transfer_encoding(&mut self, value: &[u8]) {
        if self.encoding.replace(()).is_some() || !value.eq_ignore_ascii_case(b"chunked") {
            self.blame(Unfit::Encoding);
        }
    }

    fn verdict(&self) -> Option<Unfit> {
        let both = self.length.is_some() && self.encoding.is_some();
        let hostless = self.version == Version::Http11 && self.hosts == 0;
        self.unfit.or(both.then_some(Unfit::LengthAndEncoding)).or(hostless.then_some(Unfit::NoHost))
    }
}

/// Leaves out what belongs to a body.
fn skip(left: u64, bytes: &[u8], more: fn(u64) -> State, after: State) -> (State, &[u8]) {
    let here = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
    let left = left.saturating_sub(u64::try_from(here).unwrap_or(u64::MAX));
    (if left == 0 { after } else { more(left) }, bytes.get(here..).unwrap_or_default())
}

/// Reads the line before a chunk. What follows a semicolon is for nobody here.
fn chunk_size(line: &[u8]) -> Option<u64> {
    let size = line.strip_suffix(b"\r")?.split(|byte| *byte == b';').next()?;
    let digits = trimmed(size);
    let is_hexadecimal = !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit);
    u64::from_str_radix(str::from_utf8(digits).ok().filter(|_| is_hexadecimal)?, 16).ok()
}

/// Without the spaces and tabs around it, and with all else that looks like them.
fn trimmed(value: &[u8]) -> &[u8] {
    let is_plain = |byte: &u8| !matches!(byte, b' ' | b'\t');
    let begin = value.iter().position(is_plain).unwrap_or(value.len());
    let end = value.iter().rposition(is_plain).map_or(begin, |last| last.saturating_add(1));
    value.get(begin..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is told of the heads in a text, whole or byte by byte.
    fn told(text: &str) -> Vec<Option<Unfit>> {
        let (mut whole, mut parts) = (Vec::new(), Vec::new());
        Framing::new(1_000).read(text.as_bytes(), |verdict| whole.push(verdict));
        let mut framing = Framing::new(1_000);
        text.as_bytes().chunks(1).for_each(|byte| framing.read(byte, |verdict| parts.push(verdict)));
        assert_eq!(whole, parts, "{text:?}");
        whole
    }

    fn of(headers: &str) -> Vec<Option<Unfit>> {
        told(&format!("POST / HTTP/1.1\r\n{headers}\r\n"))
    }

    #[test]
    fn requests_follow_one_another() {
        let get = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
        let post = "POST / HTTP/1.1\r\nHost: a:80\r\ncontent-length: 4\r\n\r\nGET ";
        let chunked = "POST / HTTP/1.1\r\nhost: [::1]:80\r\ntransfer-encoding: \tChunked \r\n\r\n\
                       4;a=b\r\nGET \r\nA\r\n0123456789\r\n0\r\ntrailer: x\r\n\r\n";
        let old = "GET / HTTP/1.0\r\n\r\n";
        assert_eq!(told(&format!("{get}{post}\r\n{chunked}{get}{old}{post}")), vec![None; 6]);
    }

    #[test]
    fn what_others_might_read_in_another_way_is_unfit() {
        for (headers, unfit) in [
            ("", Unfit::NoHost),
            ("hosts: a\r\n", Unfit::NoHost),
            ("host: a\r\nHOST: a\r\n", Unfit::SeveralHosts),
            ("host: a b\r\n", Unfit::Host),
            ("host: me@a\r\n", Unfit::Host),
            ("host: a\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n", Unfit::LengthAndEncoding),
            ("host: a\r\ntransfer-encoding: chunked\r\ncontent-length: 4\r\n", Unfit::LengthAndEncoding),
            ("host: a\r\ncontent-length: 4\r\ncontent-length: 4\r\n", Unfit::SeveralLengths),
            ("host: a\r\ncontent-length: 4, 4\r\n", Unfit::Length),
            ("host: a\r\ncontent-length: +4\r\n", Unfit::Length),
            ("host: a\r\ncontent-length: \x0b4\r\n", Unfit::Length),
            ("host: a\r\ncontent-length:\r\n", Unfit::Length),
            ("host: a\r\ncontent-length: 18446744073709551614\r\n", Unfit::Huge),
            ("host: a\r\ncontent-length: 18446744073709551616\r\n", Unfit::Huge),
            ("host: a\r\ntransfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n", Unfit::Encoding),
            ("host: a\r\ntransfer-encoding: chunked, chunked\r\n", Unfit::Encoding),
            ("host: a\r\ntransfer-encoding: \x0bchunked\r\n", Unfit::Encoding),
            ("host: a\r\ntransfer-encoding: gzip, chunked\r\n", Unfit::Encoding),
            ("host: a\r\ntransfer-encoding: identity\r\n", Unfit::Encoding),
            ("host: a\r\ncontent-length : 4\r\n", Unfit::Field),
            ("host: a\r\nx: y\r\n content-length: 4\r\n", Unfit::Field),
            ("host: a\r\nx: y\ntransfer-encoding: chunked\r\n", Unfit::LineEnd),
        ] {
            assert_eq!(of(headers), [Some(unfit)], "{headers:?}");
        }
    }

    #[test]
    fn nothing_is_read_after_a_request_that_is_unfit() {
        let unfit = "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n";
        assert_eq!(told(&format!("{unfit}GET / HTTP/1.1\r\nhost: a\r\n\r\n")), [Some(Unfit::LengthAndEncoding)]);
    }

    #[test]
    fn another_protocol_is_not_looked_at() {
        assert_eq!(told("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nGET / HTTP/1.1\r\n\r\n"), []);
        let mut framing = Framing::new(1_000);
        framing.let_go();
        framing.read(b"GET / HTTP/1.1\r\n\r\n", |_| panic!("nothing is told"));
    }

    #[test]
    fn it_is_known_whether_a_request_has_come_whole() {
        let mut framing = Framing::new(1_000);
        for (part, whole) in [
            ("", true),
            ("\r\n", true),
            ("POST / HTTP/1.1\r\n", false),
            ("host: a\r\ncontent-length: 2\r\n\r\n", false),
            ("1", false),
            ("2", true),
            ("GET / HT", false),
        ] {
            framing.read(part.as_bytes(), |_| {});
            assert_eq!(framing.is_between(), whole, "{part:?}");
        }
    }
}
