//! Encrypted connections.

use crate::server::Server;
use reqwest::{Certificate, Version, blocking::Client};
use std::path::Path;

/// Writes a certificate for this machine and its key into a folder; returns the certificate.
fn certify(folder: &Path) -> Certificate {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned(), "localhost".to_owned()]).unwrap();
    std::fs::write(folder.join("certificate.pem"), made.cert.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    Certificate::from_pem(made.cert.pem().as_bytes()).unwrap()
}

fn client(trusts: &Certificate) -> Client {
    Client::builder().tls_certs_only([trusts.clone()]).build().unwrap()
}

#[test]
fn connections_are_encrypted_and_the_certificate_can_be_changed_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let first = certify(folder.path());
    let setting = |name: &str, file: &str| format!("tls.{name}={}", folder.path().join(file).display());
    let server = Server::start(&[&setting("certificate_file", "certificate.pem"), &setting("key_file", "key.pem")]);
    assert!(server.url.starts_with("https://"));
    let url = format!("{}/health/ready", server.url);
    let answer = client(&first).get(&url).send().unwrap();
    assert_eq!((answer.status().as_u16(), answer.version()), (200, Version::HTTP_2));
    assert!(answer.headers().contains_key("strict-transport-security"));

    std::fs::write(folder.path().join("key.pem"), "nonsense").unwrap();
    server.signal("HUP");
    server.logged("the certificate stays as it was");
    assert!(client(&first).get(&url).send().is_ok());

    let second = certify(folder.path());
    server.signal("HUP");
    server.logged("the certificate was read anew");
    assert!(client(&second).get(&url).send().is_ok());
    assert!(client(&first).get(&url).send().is_err(), "the first one is not shown any more");
    assert_eq!(server.end().code(), Some(0));
}
