//! TLS as relays speak it: the certificates that the operating system trusts, or those in the file `SSL_CERT_FILE`.

use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs};
use std::sync::Arc;

/// Names the one provider of cryptography. Several libraries here bring their own, and none chooses where there are two.
pub(super) fn choose_provider() {
    // Chosen already is chosen.
    let _ = aws_lc_rs::default_provider().install_default();
}

/// A set-up for a client. Certificates that cannot be read are left out: a connection that needs one fails.
///
/// # Errors
/// Where the provider of cryptography lacks what every version of TLS needs.
pub(super) fn client() -> Result<ClientConfig, rustls::Error> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
