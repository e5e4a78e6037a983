//! From where a request came: what the socket says, and behind a trusted proxy what the proxy says.

use axum::http::{HeaderMap, header};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, net::IpAddr, str::FromStr};

const X_FORWARDED_FOR: &str = "x-forwarded-for";

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

impl Proxies {
    /// Tells the address of the client. From the socket on, each trusted proxy is asked who stood before it; the first
    /// address that is not trusted is the client: what stands before that one, the client wrote.
    pub(crate) fn client(&self, socket: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = socket.to_canonical();
        for before in forwarded(headers).into_iter().rev() {
            if !self.trust(client) {
                break;
            }
            let Some(before) = before else { break };
            client = before;
        }
        client
    }

    fn trust(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.has(address))
    }
}

/// What proxies said, the nearest last; `None` for what is no address. `Forwarded` (RFC 7239) comes before the older header.
fn forwarded(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let texts = |name: &str| -> Vec<String> {
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).map(str::to_owned).collect()
    };
    let elements = texts(header::FORWARDED.as_str());
    if elements.is_empty() {
        return texts(X_FORWARDED_FOR).iter().map(|text| address(text)).collect();
    }
    let for_of = |element: &String| {
        let pairs = element.split(';').filter_map(|pair| pair.split_once('='));
        let mut found = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("for"));
        found.next().and_then(|(_, value)| address(value))
    };
    elements.iter().map(for_of).collect()
}

/// Reads an address, with or without quotes, brackets and a port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    if let Some(bracketed) = text.strip_prefix('[') {
        return bracketed.split(']').next()?.parse().ok();
    }
    let address = text.parse::<IpAddr>().ok().or_else(|| text.split(':').next()?.parse().ok());
    address.map(|address| address.to_canonical())
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

    fn client(trusted: &str, socket: &str, headers: &[(&'static str, &str)]) -> String {
        let proxies: Proxies = serde_json::from_value(trusted.into()).unwrap();
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        proxies.client(socket.parse().unwrap(), &map).to_string()
    }

    #[test]
    fn nobody_is_believed_who_is_not_trusted() {
        let said = [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=192.0.2.1")];
        assert_eq!(client("", "198.51.100.7", &said), "198.51.100.7");
        assert_eq!(client("10.0.0.0/8", "198.51.100.7", &said), "198.51.100.7");
    }

    #[test]
    fn what_the_client_wrote_itself_is_not_believed() {
        let said = [("x-forwarded-for", "203.0.113.9, 192.0.2.1")];
        assert_eq!(client("10.0.0.0/8", "10.1.2.3", &said), "192.0.2.1");
        let said = [("x-forwarded-for", "203.0.113.9, 192.0.2.1, 10.9.9.9")];
        assert_eq!(client("10.0.0.0/8", "10.1.2.3", &said), "192.0.2.1", "through two proxies");
        let said = [("x-forwarded-for", "192.0.2.1, unknown")];
        assert_eq!(client("10.0.0.0/8", "10.1.2.3", &said), "10.1.2.3", "nobody knows who stood before it");
    }

    #[test]
    fn forwarded_is_read_as_rfc_7239_has_it() {
        let said = [("forwarded", r#"for=192.0.2.1;proto=https, For="[2001:db8::17]:4711""#)];
        assert_eq!(client("::1,2001:db8::/32", "::1", &said), "192.0.2.1");
        assert_eq!(client("::1", "::1", &said), "2001:db8::17");
        assert_eq!(client("127.0.0.1", "::ffff:127.0.0.1", &[("x-forwarded-for", "192.0.2.1:80")]), "192.0.2.1");
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for bad in ["10.0.0.0/33", "localhost", "10.0.0", "::/129"] {
            assert!(serde_json::from_value::<Proxies>(bad.into()).is_err(), "{bad}");
        }
    }
}
