//! Certificates, and reading them anew.

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
    now: Arc<RwLock<Arc<ServerConfig>>>,
}

/// What can be spoken on an encrypted connection.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

impl Keys {
    /// Reads the files that the set-up names; nothing where it names none.
    pub(crate) fn of(tls: &Tls) -> Outcome<Option<Keys>> {
        let (Some(certificate), Some(key)) = (&tls.certificate_file, &tls.key_file) else { return Ok(None) };
        let now = read(certificate, key).map_err(|problem| Failure::usage("config", problem))?;
        let now = Arc::new(RwLock::new(now));
        Ok(Some(Keys { certificate: certificate.clone(), key: key.clone(), now }))
    }

    /// Encrypts the next connection.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        // What is kept is whole, whoever panicked while holding it.
        TlsAcceptor::from(Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner)))
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
pub(crate) fn read(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, String> {
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
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, private))
        .map_err(|error| format!("tls.key_file: {} does not fit the certificate: {error}", key.display()))?;
    config.alpn_protocols = PROTOCOLS.iter().map(|protocol| protocol.to_vec()).collect();
    Ok(Arc::new(config))
}
