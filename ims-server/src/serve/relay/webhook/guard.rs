//! Which addresses may be called: a webhook is not a way into the network that the server is in.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The address must not be called.
#[derive(Debug, thiserror::Error)]
#[error("the address {0} must not be called")]
pub(super) struct Forbidden(pub(super) IpAddr);

/// Resolves names to addresses that may be called. The client connects to what was checked here and asks nobody again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guard;

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            // One bad address is enough: nobody should be led by turns.
            if let Some(bad) = found.iter().map(SocketAddr::ip).find(|ip| !is_public(*ip)) {
                return Err(Forbidden(bad).into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is one of the open internet (IANA's special-purpose registries, RFC 6890).
pub(super) fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let is_special = match (a, b, c) {
        // This network, multicast and reserved.
        (0 | 224.., ..) => true,
        // Shared by carriers (RFC 6598).
        (100, 64..=127, _) => true,
        // IETF protocol assignments, and the old anycast of 6to4.
        (192, 0, 0) | (192, 88, 99) => true,
        // Benchmarks (RFC 2544).
        (198, 18 | 19, _) => true,
        _ => ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_documentation(),
    };
    !is_special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    let [.., upper, lower] = ip.segments();
    match (a, b) {
        // NAT64 (RFC 6052): an address of version 4 is inside.
        (0x64, 0xff9b) => is_public_v4(embedded(upper, lower)),
        // 6to4 (RFC 3056): the one that carries it.
        (0x2002, upper) => is_public_v4(embedded(upper, ip.segments().get(2).copied().unwrap_or_default())),
        // Protocol assignments, Teredo among them, and documentation.
        (0x2001, 0..=0x1ff | 0xdb8) | (0x3fff, 0..=0xfff) => false,
        // All else that is given to hosts begins so; loopback, mapped, private, link-local and multicast do not.
        _ => a & 0xe000 == 0x2000,
    }
}

fn embedded(upper: u16, lower: u16) -> Ipv4Addr {
    let [a, b] = upper.to_be_bytes();
    let [c, d] = lower.to_be_bytes();
    Ipv4Addr::new(a, b, c, d)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_open_internet_may_be_called() {
        for ip in ["1.1.1.1", "100.63.255.255", "172.32.0.1", "2606:4700::1111", "64:ff9b::101:101", "2002:101:101::1"]
        {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn no_other_address_may_be_called_however_it_is_written() {
        let forbidden = [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.0.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.168.0.1",
            "198.18.0.1",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::7f00:1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::1",
            "2001::1",
            "2001:db8::1",
        ];
        for ip in forbidden {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
    }
}
