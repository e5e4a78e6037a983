//! Certificates, and reading them anew.

use super::Speaks;
use crate::{
    failure::{Failure, Outcome},
    serve::config::Tls,
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig, rustls::crypto::aws_lc_rs};

/// The certificate that the server shows. Cheap to clone; all clones show the same.
#[derive(Clone)]
pub(crate) struct Keys {
    certificate: PathBuf,
    key: PathBuf,
    now: Arc<RwLock<Shown>>,
}

/// A certificate, as it is shown to those who speak HTTP and to those who speak gRPC.
#[derive(Debug)]
pub(crate) struct Shown {
    http: Arc<ServerConfig>,
    grpc: Arc<ServerConfig>,
}

impl Speaks {
    /// What the other end may choose on an encrypted connection.
    fn protocols(self) -> Vec<Vec<u8>> {
        match self {
            Speaks::Http => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
            Speaks::Grpc => vec![b"h2".to_vec()],
        }
    }
}

impl Keys {
    /// Reads the files that the set-up names; nothing where it names none.
    pub(crate) fn of(tls: &Tls) -> Outcome<Option<Keys>> {
        let (Some(certificate), Some(key)) = (&tls.certificate_file, &tls.key_file) else { return Ok(None) };
        let now = read(certificate, key).map_err(|problem| Failure::usage("config", problem))?;
        Ok(Some(Keys { certificate: certificate.clone(), key: key.clone(), now: Arc::new(RwLock::new(now)) }))
    }

    /// Encrypts the next connection.
    pub(super) fn acceptor(&self, speaks: Speaks) -> TlsAcceptor {
        // What is kept is whole, whoever panicked while holding it.
        let now = self.now.read().unwrap_or_else(PoisonError::into_inner);
        TlsAcceptor::from(Arc::clone(match speaks {
            Speaks::Http => &now.http,
            Speaks::Grpc => &now.grpc,
        }))
    }

    /// Reads the files anew. Connections that are open keep what they have; files that cannot be used change nothing.
    pub(crate) fn reload(&self) {
        match read(&self.certificate, &self.key) {
            Ok(read) => {
                *self.now.write().unwrap_or_else(PoisonError::into_inner) = read;
                tracing::info!("the certificate was read anew");
            }
            Err(problem) => tracing::error!(problem, "the certificate stays as it was"),
        }
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

/// Reads a certificate and its key.
///
/// # Errors
/// A line for people that names the file and the setting.
pub(crate) fn read(certificate: &Path, key: &Path) -> Result<Shown, String> {
    let unread = |setting: &str, path: &Path, error: &dyn fmt::Display| {
        format!("tls.{setting}: {} cannot be read: {error}", path.display())
    };
    let of_certificate = |error| unread("certificate_file", certificate, &error);
    let chain: Vec<CertificateDer<'static>> =
        CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect).map_err(of_certificate)?;
    if chain.is_empty() {
        return Err(format!("tls.certificate_file: there is no certificate in {}", certificate.display()));
    }
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| unread("key_file", key, &error))?;
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, private))
        .map_err(|error| format!("tls.key_file: {} does not fit the certificate: {error}", key.display()))?;
    let shown = |speaks: Speaks| {
        let mut config = config.clone();
        config.alpn_protocols = speaks.protocols();
        Arc::new(config)
    };
    Ok(Shown { http: shown(Speaks::Http), grpc: shown(Speaks::Grpc) })
}
