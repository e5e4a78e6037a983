//! Passwords that were wrong, and what comes of them.
//!
//! They are counted by name and address together, by address, and by name. The first two keep the one out who guesses. By
//! name alone nobody is kept out: a stranger who knows a name could keep its owner out with that. Where many guess at one
//! name from many addresses, strangers wait for their turn; whoever is known, by a session that goes on from there or by a
//! refresh token, does not. Names that nobody has are counted like all others, so that nobody learns which there are.

use super::{
    Config, Policy, Switch,
    bucket::{Standing, Verdict},
    config::Rate,
    failures::Failures,
    network_of, too_many,
    turns::Turns,
};
use crate::serve::{
    Problem,
    auth::{Known, Name, Peer},
};
use std::{
    future::Future,
    net::{IpAddr, Ipv4Addr},
    time::Duration,
};

/// What no user can be called is counted as one: nobody is signed in by it, and it may be of any length.
const NOT_A_NAME: &str = "(not a name)";

/// The counts.
#[derive(Debug)]
pub(crate) struct SignIns {
    switch: Switch,
    here: Failures,
    address: Failures,
    name: Failures,
    turns: Turns,
    pause_ms: u64,
}

/// Somebody who says that they know a password.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    name: String,
    address: String,
    /// Both.
    here: String,
}

impl Attempt {
    /// Of this name, from this place.
    pub(crate) fn new(said: &str, peer: &Peer) -> Attempt {
        let name = Name::new(said).map_or_else(|_| NOT_A_NAME.to_owned(), |name| name.to_string());
        let address = network_of(peer.address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)));
        let here = format!("{name} {address}");
        Attempt { name, address, here }
    }
}

impl SignIns {
    pub(super) fn new(config: &Config) -> SignIns {
        let failures = |policy, requests, window_ms| Failures::new(policy, Rate { requests, window_ms }, config.keys);
        SignIns {
            switch: config.rate_limits,
            here: failures("sign-in-failures", config.sign_in_failures, config.sign_in_failures_window_ms),
            address: failures(
                "sign-in-address-failures",
                config.sign_in_address_failures,
                config.sign_in_address_failures_window_ms,
            ),
            name: failures(
                "sign-in-name-failures",
                config.sign_in_name_failures,
                config.sign_in_name_failures_window_ms,
            ),
            turns: Turns::new(Duration::from_millis(config.sign_in_pause_ms)),
            pause_ms: config.sign_in_pause_ms,
        }
    }

    /// Lets somebody try: at once, when it is their turn, or not now. Who they are is asked only where it matters.
    ///
    /// # Errors
    /// `rate_limited`.
    pub(crate) async fn admit(
        &self,
        attempt: &Attempt,
        known: impl Future<Output = Result<Known, Problem>>,
    ) -> Result<(), Problem> {
        if self.switch == Switch::Off {
            return Ok(());
        }
        let refused = |standing: &Standing| standing.verdict == Verdict::Refused;
        let here =
            [self.here.standing(&attempt.here), self.address.standing(&attempt.address)].into_iter().find(refused);
        let name = Some(self.name.standing(&attempt.name)).filter(refused);
        let Some(standing) = here.or(name) else { return Ok(()) };
        let line = match (known.await?, here) {
            (Known::Not, Some(standing)) => return Err(too_many(&standing)),
            (Known::Not, None) => attempt.name.clone(),
            (_, None) => return Ok(()),
            (Known::Address, Some(_)) => attempt.here.clone(),
            (Known::Device(session), Some(_)) => format!("{} {session}", attempt.name),
        };
        let crowded = Standing { more_in_s: self.pause_ms.div_ceil(1000).max(1), ..standing };
        self.turns.wait(&line).await.map_err(|_| too_many(&crowded))
    }

    /// Notes that the password was wrong.
    pub(crate) fn failed(&self, attempt: &Attempt) {
        self.here.note(&attempt.here);
        self.address.note(&attempt.address);
        self.name.note(&attempt.name);
    }

    /// Notes that it was right: what its owner mistyped before counts no more.
    pub(crate) fn succeeded(&self, attempt: &Attempt) {
        self.here.forget(&attempt.here);
    }

    pub(super) fn policies(&self, busiest: usize) -> [Policy; 3] {
        self.all().map(|failures| failures.policy(busiest))
    }

    pub(super) fn sweep(&self) {
        self.all().into_iter().for_each(Failures::sweep);
    }

    fn all(&self) -> [&Failures; 3] {
        [&self.here, &self.address, &self.name]
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use std::future::ready;
    use uuid::Uuid;

    const HOUR_MS: u64 = 3_600_000;
    const DEVICE: Known = Known::Device(Uuid::from_u128(7));

    /// Three wrong passwords for a name from an address, five from an address, six for a name.
    fn sign_ins() -> SignIns {
        SignIns::new(&Config {
            sign_in_failures: 3,
            sign_in_failures_window_ms: HOUR_MS,
            sign_in_address_failures: 5,
            sign_in_address_failures_window_ms: HOUR_MS,
            sign_in_name_failures: 6,
            sign_in_name_failures_window_ms: HOUR_MS,
            sign_in_pause_ms: HOUR_MS,
            ..Config::default()
        })
    }

    fn from(name: &str, address: &str) -> Attempt {
        Attempt::new(name, &Peer { address: Some(address.parse().unwrap()), agent: None })
    }

    /// What becomes of somebody who tries.
    #[derive(Debug, PartialEq, Eq)]
    enum Came {
        AtOnce,
        InTurn,
        Refused,
    }
    use Came::{AtOnce, InTurn, Refused};

    fn tried(sign_ins: &SignIns, attempt: &Attempt, known: Known) -> Came {
        match sign_ins.admit(attempt, ready(Ok(known))).now_or_never() {
            None => InTurn,
            Some(Ok(())) => AtOnce,
            Some(Err(problem)) => {
                assert_eq!(problem.code(), "rate_limited");
                Refused
            }
        }
    }

    #[tokio::test]
    async fn who_guesses_is_kept_out_and_the_owner_is_not() {
        let sign_ins = sign_ins();
        let (thief, owner) = (from("anna", "192.0.2.1"), from("Anna", "198.51.100.1"));
        for _ in 0..3 {
            assert_eq!(tried(&sign_ins, &thief, Known::Not), AtOnce);
            sign_ins.failed(&thief);
        }
        assert_eq!(tried(&sign_ins, &thief, Known::Not), Refused);
        assert_eq!(tried(&sign_ins, &owner, Known::Not), AtOnce, "from elsewhere");
        assert_eq!(tried(&sign_ins, &thief, Known::Address), InTurn, "who is known at that address");
        assert_eq!(tried(&sign_ins, &thief, DEVICE), InTurn);
        sign_ins.succeeded(&thief);
        assert_eq!(tried(&sign_ins, &thief, Known::Not), AtOnce);
    }

    #[tokio::test]
    async fn guesses_from_many_addresses_make_strangers_wait_and_nobody_else() {
        let sign_ins = sign_ins();
        for address in 1..=6 {
            sign_ins.failed(&from("anna", &format!("192.0.2.{address}")));
        }
        let owner = from("anna", "198.51.100.1");
        assert_eq!(tried(&sign_ins, &owner, Known::Not), InTurn);
        assert_eq!(tried(&sign_ins, &owner, Known::Address), AtOnce);
        assert_eq!(tried(&sign_ins, &owner, DEVICE), AtOnce);
        assert_eq!(tried(&sign_ins, &from("ben", "198.51.100.1"), Known::Not), AtOnce);
    }

    #[tokio::test]
    async fn who_tries_many_names_from_one_address_is_kept_out() {
        let sign_ins = sign_ins();
        for name in ["a", "b", "c", "d", "e"] {
            sign_ins.failed(&from(name, "192.0.2.1"));
        }
        assert_eq!(tried(&sign_ins, &from("f", "192.0.2.1"), Known::Not), Refused);
        assert_eq!(tried(&sign_ins, &from("f", "192.0.2.1"), Known::Address), InTurn);
        assert_eq!(tried(&sign_ins, &from("f", "192.0.2.2"), Known::Not), AtOnce);
    }

    #[tokio::test]
    async fn what_is_no_name_is_counted_as_one() {
        let sign_ins = sign_ins();
        for said in ["not a name", "' OR 1=1 --", &"x".repeat(10_000)] {
            sign_ins.failed(&from(said, "192.0.2.1"));
        }
        assert_eq!(tried(&sign_ins, &from("not a name either", "192.0.2.1"), Known::Not), Refused);
    }
}
