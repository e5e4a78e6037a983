//! Where a server is, and whether it can be told a secret.

use crate::{failure::Failure, store_url};
use reqwest::{Url, header::HeaderValue};
use std::net::IpAddr;

/// A server's address: the part of every URL before `/v1`.
#[derive(Clone, Debug)]
pub(super) struct Address {
    /// Without a slash at the end.
    pub(super) base: String,
    /// Whether it is on this machine.
    pub(super) place: Place,
}

/// Where a server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// On this machine: what is said to it goes over no wire.
    Here,
    /// Somewhere else.
    Elsewhere,
}

/// What may go over a wire unencrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum PlainText {
    /// No API key.
    #[default]
    Refused,
    /// Everything: whoever calls knows that nobody listens.
    Allowed,
}

impl Address {
    /// Reads a URL such as `https://shop.example` or `https://example.org/shop/`.
    ///
    /// # Errors
    /// Where it cannot be that of a server.
    pub(super) fn read(text: &str) -> Result<Address, Failure> {
        let unusable = |why: &str| {
            let message = format!("{} is not the URL of a server: {why}", store_url::shown(text));
            Failure::usage("store", message).hint("such as https://shop.example")
        };
        store_url::check_host(text)
            .map_err(|why| Failure::usage("store", format!("this is not the URL of a server: {why}")))?;
        let url = Url::parse(text).map_err(|error| unusable(&error.to_string()))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(unusable("it must have no user").hint("what you sign in with goes into IMS_API_KEY"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(unusable("it must end with its path"));
        }
        let host = url.host_str().ok_or_else(|| unusable("it has no host"))?;
        let place = if is_here(host) { Place::Here } else { Place::Elsewhere };
        Ok(Address { base: url.as_str().trim_end_matches('/').to_owned(), place })
    }

    /// The header that an API key is sent in.
    ///
    /// # Errors
    /// Where the key would go over a wire unencrypted, or cannot be sent at all.
    pub(super) fn authorization(&self, key: &str, plain: PlainText) -> Result<HeaderValue, Failure> {
        let is_plain = self.base.starts_with("http:");
        if is_plain && self.place == Place::Elsewhere && plain == PlainText::Refused {
            let message = format!("the API key would go to {} unencrypted", self.base);
            return Err(Failure::usage("plain_text", message)
                .hint("use https://, or say --allow-plain-text where nobody else is on the wire"));
        }
        let mut header = HeaderValue::try_from(format!("Bearer {key}"))
            .map_err(|_| Failure::usage("api_key", "the API key has characters that no API key has"))?;
        header.set_sensitive(true);
        Ok(header)
    }
}

/// Whether a host is this machine.
fn is_here(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        // RFC 6761: no such name is asked of anybody else.
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_server_may_be_anywhere() {
        for (url, base, place) in [
            ("https://shop.example", "https://shop.example", Place::Elsewhere),
            ("https://Shop.Example:443/", "https://shop.example", Place::Elsewhere),
            ("https://example.org/shop//", "https://example.org/shop", Place::Elsewhere),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080", Place::Here),
            ("http://[::1]:8080/ims", "http://[::1]:8080/ims", Place::Here),
            ("https://[2001:db8::1]", "https://[2001:db8::1]", Place::Elsewhere),
            ("http://localhost:8080", "http://localhost:8080", Place::Here),
            ("http://localhost.example", "http://localhost.example", Place::Elsewhere),
        ] {
            let address = Address::read(url).unwrap();
            assert_eq!((address.base.as_str(), address.place), (base, place), "{url}");
        }
    }

    #[test]
    fn what_cannot_be_a_server_is_refused_and_no_password_is_shown() {
        let urls = [
            "https://",
            "https://me:secret@shop.example",
            "https://me:1/secret@shop.example",
            "https://shop.example/?key=1",
            "https://shop.example/#x",
        ];
        for url in urls {
            let failure = Address::read(url).unwrap_err();
            assert_eq!(failure.exit, crate::failure::Exit::Usage, "{url}");
            assert!(!failure.message().contains("secret"), "{}", failure.message());
        }
    }

    #[test]
    fn a_key_goes_over_no_wire_unencrypted_unless_that_is_asked_for() {
        let authorization = |url, plain| Address::read(url).unwrap().authorization("ims_till_1", plain);
        assert!(authorization("https://shop.example", PlainText::Refused).unwrap().is_sensitive());
        assert!(authorization("http://127.0.0.1:8080", PlainText::Refused).is_ok());
        assert!(authorization("http://192.168.1.5", PlainText::Allowed).is_ok());
        let refused = authorization("http://192.168.1.5", PlainText::Refused).unwrap_err();
        assert!(refused.message().contains("unencrypted"), "{}", refused.message());
        assert!(!refused.message().contains("ims_till_1"));
    }

    #[test]
    fn a_key_that_cannot_be_sent_is_refused_and_not_shown() {
        let address = Address::read("https://shop.example").unwrap();
        let failure = address.authorization("ims_till\n1", PlainText::Refused).unwrap_err();
        assert!(!failure.message().contains("ims_till"), "{}", failure.message());
    }
}
