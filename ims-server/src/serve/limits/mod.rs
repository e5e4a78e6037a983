//! How often somebody may ask: each address and each caller, by policies of their own; and how often a password may be wrong.
//!
//! Each instance counts for itself. A count is of the generic cell rate algorithm: so many requests may come at once, and
//! they come back evenly, so that in no window more than twice as many get through.

mod bucket;
mod config;
mod failures;
mod proxies;
mod sign_in;
mod turns;

pub(crate) use bucket::{Busy, Standing};
pub(crate) use config::Config;
pub(crate) use sign_in::{Attempt, SignIns};

use super::{Caller, Operation, Problem, Right, operation::Access};
use axum::{
    extract::ConnectInfo,
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode},
};
use bucket::{Buckets, Verdict};
use config::{Rate, Switch};
use serde::Serialize;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// What is left of each policy that applied (draft-ietf-httpapi-ratelimit-headers).
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// The policies themselves.
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// Of those who ask most, how many are shown.
const MOST_BUSY: usize = 20;

/// What a request is counted as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Somebody proves who they are, or wants an account.
    SignIn,
    /// The server's own affairs.
    Admin,
    /// Everything else.
    Else,
}

/// The counts of all policies.
#[derive(Debug)]
pub(crate) struct Limits {
    config: Config,
    sign_in: Buckets,
    sign_ins: SignIns,
    address: Buckets,
    admin: Buckets,
    caller: Buckets,
}

/// What a caller is told of the policies that applied to a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    standings: Vec<Standing>,
}

/// A policy, and who asks most under it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Policy {
    policy: &'static str,
    requests: u32,
    window_ms: u64,
    /// How many are counted at this moment.
    counted: usize,
    busiest: Vec<Busy>,
}

impl Class {
    /// What an operation is counted as.
    pub(crate) fn of(operation: &Operation) -> Class {
        match operation.access {
            Access::Everybody => Class::SignIn,
            Access::With(Right::Administer) => Class::Admin,
            Access::SignedIn | Access::With(_) => Class::Else,
        }
    }
}

impl Limits {
    /// Counts nobody yet.
    pub(crate) fn new(config: &Config) -> Limits {
        let buckets = |policy, requests, window_ms| Buckets::new(policy, Rate { requests, window_ms }, config.keys);
        Limits {
            sign_in: buckets("sign-in", config.sign_in_requests, config.sign_in_window_ms),
            sign_ins: SignIns::new(config),
            address: buckets("address", config.address_requests, config.address_window_ms),
            admin: buckets("admin", config.admin_requests, config.admin_window_ms),
            caller: buckets("caller", config.caller_requests, config.caller_window_ms),
            config: config.clone(),
        }
    }

    /// The address of the client of a request.
    pub(crate) fn client(&self, extensions: &Extensions, headers: &HeaderMap) -> IpAddr {
        let socket = extensions.get::<ConnectInfo<SocketAddr>>();
        let socket = socket.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(socket)| socket.ip());
        self.config.trusted_proxies.client(socket, &self.config.address_header, headers)
    }

    /// Counts a request of an address, before anything else is done for it.
    ///
    /// # Errors
    /// `rate_limited`.
    pub(crate) fn address(&self, class: Class, address: IpAddr, told: &mut Told) -> Result<(), Problem> {
        let buckets = if class == Class::SignIn { &self.sign_in } else { &self.address };
        self.ask(buckets, &network_of(address), told)
    }

    /// Counts a request of somebody who has proved who they are.
    ///
    /// # Errors
    /// `rate_limited`.
    pub(crate) fn caller(&self, class: Class, caller: &Caller, told: &mut Told) -> Result<(), Problem> {
        let buckets = if class == Class::Admin { &self.admin } else { &self.caller };
        self.ask(buckets, &caller.name, told)
    }

    /// Who signs in, and who only tries to.
    pub(crate) fn sign_ins(&self) -> &SignIns {
        &self.sign_ins
    }

    /// The policies, and who asks most.
    pub(crate) fn policies(&self) -> Vec<Policy> {
        self.all().map(Policy::of).into_iter().chain(self.sign_ins.policies(MOST_BUSY)).collect()
    }

    /// Forgets those who have not asked for a while.
    pub(crate) fn sweep(&self) {
        self.all().into_iter().for_each(Buckets::sweep);
        self.sign_ins.sweep();
    }

    fn all(&self) -> [&Buckets; 4] {
        [&self.sign_in, &self.address, &self.admin, &self.caller]
    }

    fn ask(&self, buckets: &Buckets, key: &str, told: &mut Told) -> Result<(), Problem> {
        if self.config.rate_limits == Switch::Off {
            return Ok(());
        }
        let standing = buckets.ask(key);
        told.standings.push(standing);
        if standing.verdict == Verdict::Admitted {
            return Ok(());
        }
        Err(too_many(&standing))
    }
}

/// Sends somebody away who asks too much.
fn too_many(standing: &Standing) -> Problem {
    let Standing { policy, quota, window_s, more_in_s, .. } = standing;
    let detail =
        format!("too many requests: the policy {policy} gives {quota} in {window_s} s; try again in {more_in_s} s");
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", detail)
        .field("violated_policies", vec![*policy])
        .retry_after(*more_in_s)
}

/// Whether two addresses are counted as one.
pub(crate) fn are_neighbours(one: IpAddr, other: IpAddr) -> bool {
    network_of(one.to_canonical()) == network_of(other.to_canonical())
}

impl Policy {
    fn of(buckets: &Buckets) -> Policy {
        let (rate, counted) = buckets.rate();
        let busiest = buckets.busiest(MOST_BUSY);
        Policy { policy: buckets.policy, requests: rate.requests, window_ms: rate.window_ms, counted, busiest }
    }
}

impl Told {
    /// Writes it down beside an answer.
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        let all = |line: fn(&Standing) -> String| self.standings.iter().map(line).collect::<Vec<_>>().join(", ");
        let limit = all(|told| format!("\"{}\";r={};t={}", told.policy, told.remaining, told.more_in_s));
        let policy = all(|told| format!("\"{}\";q={};w={}", told.policy, told.quota, told.window_s));
        for (name, text) in [(RATE_LIMIT, limit), (RATE_LIMIT_POLICY, policy)] {
            // Policies and numbers are always fit for a header.
            if let Some(value) = HeaderValue::from_str(&text).ok().filter(|_| !text.is_empty()) {
                headers.insert(name, value);
            }
        }
    }
}

/// By what an address is counted: of IPv6 by the 64 bits that one household has for itself.
pub(crate) fn network_of(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        const HOUR_MS: u64 = 3_600_000;
        Limits::new(&Config {
            sign_in_requests: 1,
            sign_in_window_ms: HOUR_MS,
            address_requests: 1,
            address_window_ms: HOUR_MS,
            ..Config::default()
        })
    }

    #[test]
    fn signing_in_is_counted_apart() {
        let (limits, here) = (limits(), "192.0.2.1".parse().unwrap());
        let mut told = Told::default();
        limits.address(Class::Else, here, &mut told).unwrap();
        limits.address(Class::SignIn, here, &mut told).unwrap();
        let refused = limits.address(Class::SignIn, here, &mut told).unwrap_err();
        assert_eq!((refused.status().as_u16(), refused.code()), (429, "rate_limited"));
        let there = "192.0.2.2".parse().unwrap();
        assert!(limits.address(Class::SignIn, there, &mut told).is_ok(), "each address for itself");
    }

    #[test]
    fn what_is_left_stands_in_the_headers_of_the_draft() {
        let mut told = Told::default();
        limits().address(Class::Else, "192.0.2.1".parse().unwrap(), &mut told).unwrap();
        let mut headers = HeaderMap::new();
        told.write(&mut headers);
        assert_eq!(headers[RATE_LIMIT], "\"address\";r=0;t=3600");
        assert_eq!(headers[RATE_LIMIT_POLICY], "\"address\";q=1;w=3600");
    }

    #[test]
    fn a_household_is_counted_as_one() {
        assert_eq!(network_of("2001:db8:1:2:3:4:5:6".parse().unwrap()), "2001:db8:1:2::/64");
        assert_eq!(network_of("192.0.2.1".parse().unwrap()), "192.0.2.1");
    }
}
