use std::path::{Path, PathBuf};

use super::account::Account;
use crate::machine;

/// What connections to a server go over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::servers) enum Wire {
    Plain,
    /// Encrypted or not, as the client asks; with `openssl`, which makes the certificate.
    Encrypted(PathBuf),
}

/// The server's certificate, which vouches for itself, and its key.
pub(super) const CERTIFICATE: &str = "server.crt";
pub(super) const KEY: &str = "server.key";

impl Wire {
    /// Finds what an encrypted one needs.
    pub(in crate::servers) fn encrypted() -> Option<Self> {
        machine::find_program("openssl").map(Self::Encrypted)
    }

    /// Writes what comes after a shell command that makes a server's files: the same for its certificate.
    pub(super) fn create(&self, account: &Account, data: &Path) -> String {
        let Self::Encrypted(openssl) = self else { return String::new() };
        let file = |name: &str| data.join(name).to_string_lossy().into_owned();
        let make =
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
        let name = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
        let end = ["-addext", "basicConstraints=critical,CA:FALSE"];
        let (key, certificate) = (file(KEY), file(CERTIFICATE));
        let files = ["-keyout", &key, "-out", &certificate];
        format!(" && {}", account.run(openssl, &[&make[..], &name, &end, &files].concat()))
    }

    /// The file that a client is told to trust.
    pub(in crate::servers) fn authority(&self, data: &Path) -> Option<PathBuf> {
        matches!(self, Self::Encrypted(_)).then(|| data.join(CERTIFICATE))
    }
}
