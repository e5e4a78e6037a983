//! From where a request came: what the socket says, and behind a trusted proxy what the proxy says.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    str::{self, FromStr},
};

/// Addresses that are believed when they speak of others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Proxies {
    networks: Vec<Network>,
}

/// Addresses that begin alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u8,
}

/// The one header in which proxies say from where a request came. A proxy adds to the header that it knows and hands on all
/// others as a stranger wrote them: so one is named, and no other is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AddressHeader(HeaderName);

impl Default for AddressHeader {
    fn default() -> Self {
        AddressHeader(HeaderName::from_static("x-forwarded-for"))
    }
}

impl<'de> Deserialize<'de> for AddressHeader {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<AddressHeader, D::Error> {
        let text = String::deserialize(deserializer)?;
        let unreadable = || serde::de::Error::custom(format!("{text:?} is not the name of a header"));
        text.trim().parse().map(AddressHeader).map_err(|_| unreadable())
    }
}

impl Serialize for AddressHeader {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.as_str())
    }
}

impl Proxies {
    /// Tells the address of the client. From the socket on, each trusted proxy is asked who stood before it; the first
    /// address that is not trusted is the client: what stands before that one, the client wrote.
    pub(crate) fn client(&self, socket: IpAddr, header: &AddressHeader, headers: &HeaderMap) -> IpAddr {
        let mut client = socket.to_canonical();
        for before in forwarded(header, headers).rev() {
            if !self.trust(client) {
                break;
            }
            let Some(before) = before else { break };
            client = before;
        }
        client
    }

    /// Whether everybody is believed, of whom nobody is a proxy more than a stranger.
    pub(crate) fn are_everybody(&self) -> bool {
        self.networks.iter().any(|network| network.bits == 0)
    }

    fn trust(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.has(address))
    }
}

/// What proxies said, the nearest last; `None` for what is no address. The lines of a header are one list. A comma divides
/// it wherever it stands: in no address is one, and whoever opens a quote must not swallow what a proxy adds.
fn forwarded<'a>(
    header: &AddressHeader,
    headers: &'a HeaderMap,
) -> impl DoubleEndedIterator<Item = Option<IpAddr>> + use<'a> {
    let of_element = if header.0 == header::FORWARDED { node } else { address };
    let lines = headers.get_all(&header.0).iter().map(HeaderValue::as_bytes);
    lines
        .flat_map(|line| line.split(|byte| *byte == b','))
        .map(move |element| of_element(str::from_utf8(element).ok()?))
}

/// Reads the address in an element of `Forwarded` (RFC 7239).
fn node(element: &str) -> Option<IpAddr> {
    let pairs = element.split(';').filter_map(|pair| pair.split_once('='));
    let mut found = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("for"));
    let (_, value) = found.next()?;
    // Two are no address that anybody could mean.
    if found.next().is_some() { None } else { address(value) }
}

/// Reads an address, with or without quotes, brackets and a port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let bracketed = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let alone = bracketed.unwrap_or(text).parse::<IpAddr>().ok();
    alone.or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip())).map(|address| address.to_canonical())
}

impl Network {
    fn has(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                same_bits(u128::from(own.to_bits()) << 96, u128::from(other.to_bits()) << 96, self.bits)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => same_bits(own.to_bits(), other.to_bits(), self.bits),
            _ => false,
        }
    }
}

fn same_bits(one: u128, other: u128, bits: u8) -> bool {
    (one ^ other).leading_zeros() >= u32::from(bits)
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Network, String> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let unreadable = || format!("{text:?} is not an address or a network");
        let address: IpAddr = address.trim().parse().map_err(|_| unreadable())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), |bits| bits.parse().map_err(|_| unreadable()))?;
        if bits > most { Err(unreadable()) } else { Ok(Network { address, bits }) }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

/// A list, or a text with commas, as an environment variable has it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    List(Vec<String>),
}

impl<'de> Deserialize<'de> for Proxies {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Proxies, D::Error> {
        let texts = match Written::deserialize(deserializer)? {
            Written::Text(text) => text.split(',').map(str::trim).map(str::to_owned).collect(),
            Written::List(texts) => texts,
        };
        let networks = texts.iter().filter(|text| !text.is_empty()).map(|text| text.parse());
        Ok(Proxies { networks: networks.collect::<Result<_, String>>().map_err(serde::de::Error::custom)? })
    }
}

impl Serialize for Proxies {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.networks.iter().map(Network::to_string))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn client_by(header: &str, trusted: &str, socket: &str, headers: &[(&'static str, &[u8])]) -> String {
        let proxies: Proxies = serde_json::from_value(trusted.into()).unwrap();
        let header: AddressHeader = serde_json::from_value(header.into()).unwrap();
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_bytes(value).unwrap());
        }
        proxies.client(socket.parse().unwrap(), &header, &map).to_string()
    }

    fn client(trusted: &str, socket: &str, said: &[&str]) -> String {
        let lines: Vec<(&'static str, &[u8])> = said.iter().map(|line| ("x-forwarded-for", line.as_bytes())).collect();
        client_by("X-Forwarded-For", trusted, socket, &lines)
    }

    #[test]
    fn nobody_is_believed_who_is_not_trusted() {
        assert_eq!(client("", "198.51.100.7", &["192.0.2.1"]), "198.51.100.7");
        assert_eq!(client("10.0.0.0/8", "198.51.100.7", &["192.0.2.1"]), "198.51.100.7");
    }

    #[test]
    fn what_the_client_wrote_itself_is_not_believed() {
        let behind = |said: &[&str]| client("10.0.0.0/8", "10.1.2.3", said);
        assert_eq!(behind(&["203.0.113.9, 192.0.2.1"]), "192.0.2.1");
        assert_eq!(behind(&["203.0.113.9", "192.0.2.1"]), "192.0.2.1", "in lines of their own");
        assert_eq!(behind(&["203.0.113.9, 192.0.2.1, 10.9.9.9"]), "192.0.2.1", "through two proxies");
        assert_eq!(behind(&["203.0.113.9, 192.0.2.1", "10.9.9.9"]), "192.0.2.1");
        assert_eq!(behind(&["\"203.0.113.9, 192.0.2.1"]), "192.0.2.1", "an open quote swallows nothing");
        let foreign: &[u8] = b"\xff, 192.0.2.1";
        assert_eq!(client_by("x-forwarded-for", "10.1.2.3", "10.1.2.3", &[("x-forwarded-for", foreign)]), "192.0.2.1");
    }

    #[test]
    fn where_nobody_knows_who_stood_before_a_proxy_the_proxy_is_the_client() {
        for unknown in ["192.0.2.1, unknown", "192.0.2.1, _hidden", "192.0.2.1,", "192.0.2.1, 192.0.2.2:80:90", ""] {
            assert_eq!(client("10.0.0.0/8", "10.1.2.3", &[unknown]), "10.1.2.3", "{unknown:?}");
        }
        assert_eq!(client("10.0.0.0/8", "10.1.2.3", &[]), "10.1.2.3");
    }

    #[test]
    fn no_other_header_is_heeded_than_the_one_that_is_named() {
        let said: [(&'static str, &[u8]); 3] =
            [("x-forwarded-for", b"192.0.2.1"), ("forwarded", b"for=192.0.2.2"), ("x-real-ip", b"192.0.2.3")];
        for (named, address) in [
            ("X-Forwarded-For", "192.0.2.1"),
            ("Forwarded", "192.0.2.2"),
            ("X-Real-IP", "192.0.2.3"),
            ("CF-Connecting-IP", "::1"),
        ] {
            assert_eq!(client_by(named, "::1", "::1", &said), address, "{named}");
        }
    }

    #[test]
    fn forwarded_is_read_as_rfc_7239_has_it() {
        let by = |trusted: &str, said: &[&str]| {
            let lines: Vec<(&'static str, &[u8])> = said.iter().map(|line| ("forwarded", line.as_bytes())).collect();
            client_by("Forwarded", trusted, "::1", &lines)
        };
        let said = r#"for=192.0.2.1;proto=https, proto=http; For="[2001:db8::17]:4711""#;
        assert_eq!(by("::1,2001:db8::/32", &[said]), "192.0.2.1");
        assert_eq!(by("::1", &[said]), "2001:db8::17");
        assert_eq!(by("::1", &["for=192.0.2.1", "for=192.0.2.2"]), "192.0.2.2");
        for unknown in
            ["for=192.0.2.1, for=_mine", "for=192.0.2.1, for=unknown", "proto=https", "for=192.0.2.1;for=192.0.2.2"]
        {
            assert_eq!(by("::1", &[unknown]), "::1", "{unknown}");
        }
    }

    #[test]
    fn an_address_is_read_with_and_without_a_port() {
        let of = |text: &str| client("127.0.0.1", "::ffff:127.0.0.1", &[text]);
        for (text, read) in [
            ("192.0.2.1", "192.0.2.1"),
            (" 192.0.2.1:80 ", "192.0.2.1"),
            ("2001:db8::17", "2001:db8::17"),
            ("[2001:db8::17]", "2001:db8::17"),
            ("[2001:db8::17]:80", "2001:db8::17"),
            ("\"[2001:db8::17]:80\"", "2001:db8::17"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
        ] {
            assert_eq!(of(text), read, "{text}");
        }
    }

    #[test]
    fn a_header_has_a_name() {
        assert!(serde_json::from_value::<AddressHeader>("not a name".into()).is_err());
        let named: AddressHeader = serde_json::from_value("X-Real-IP".into()).unwrap();
        assert_eq!(serde_json::to_value(&named).unwrap(), "x-real-ip");
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for bad in ["10.0.0.0/33", "localhost", "10.0.0", "::/129"] {
            assert!(serde_json::from_value::<Proxies>(bad.into()).is_err(), "{bad}");
        }
    }
}
