//! Lists as they travel: packed or not, by both versions of HTTP, read to their end.

use super::*;
use reqwest::blocking::{Client, ClientBuilder, Response};
use std::collections::BTreeSet;

/// What a client may take, and how it is sent then.
const ENCODINGS: [(&str, Option<&str>); 10] = [
    ("identity", None),
    ("gzip", Some("gzip")),
    ("br", Some("br")),
    ("deflate", None),
    ("zstd", None),
    ("gzip, deflate, br, zstd", Some("br")),
    ("identity;q=0", None),
    ("*;q=0", None),
    ("gzip;q=0, *", None),
    ("gzip, identity;q=0", Some("gzip")),
];

/// The path of every list that can be CSV, with what has to be said filled in.
fn lists(server: &Server, admin: &str) -> BTreeSet<String> {
    let order = server.get("/v1/orders", admin).ok()["rows"][0]["id"].as_str().unwrap().to_owned();
    let document = server.get("/openapi.json", "").ok();
    let paths = document["paths"].as_object().unwrap().iter();
    let lists = paths.filter(|(_, methods)| methods["get"]["responses"].to_string().contains("text/csv"));
    let filled = |path: &String| path.replace("{item}", "sku:TEA-1").replace("{command}", &order);
    let lists: BTreeSet<String> = lists.map(|(path, _)| filled(path)).collect();
    assert!(lists.len() > 10, "{lists:?}");
    assert!(lists.iter().all(|path| !path.contains('{')), "{lists:?}");
    lists
}

fn unpacked(response: Response) -> (Option<String>, Vec<u8>) {
    let encoding = response.headers().get("content-encoding").map(|value| value.to_str().unwrap().to_owned());
    let packed = response.bytes().unwrap().to_vec();
    let mut text = Vec::new();
    match encoding.as_deref() {
        None => text = packed,
        Some("gzip") => _ = flate2::read::GzDecoder::new(&*packed).read_to_end(&mut text).unwrap(),
        Some("br") => _ = brotli_decompressor::Decompressor::new(&*packed, 4096).read_to_end(&mut text).unwrap(),
        Some(other) => panic!("{other} was not asked for"),
    }
    (encoding, text)
}

#[test]
fn every_list_is_whole_in_every_encoding_by_both_versions_of_http() {
    let shop = Shop::with_tea();
    shop.ok(&["order", "sell", "TEA-1=3"]);
    let server = shop.serve(&["metrics.address=127.0.0.1:0"]);
    let figures = server.said("figures at ");
    let admin = server.admin();
    let clients = [ClientBuilder::new(), ClientBuilder::new().http2_prior_knowledge()].map(|one| one.build().unwrap());
    let asked = |client: &Client, path: &str, accept: &str, encoding: &str| {
        let query = if path.contains("/reports/profit") { "?by=item" } else { "" };
        let request = client.get(format!("http://{}{path}{query}", server.address)).bearer_auth(&admin);
        let response = request.header("Accept", accept).header("Accept-Encoding", encoding).send().unwrap();
        assert_eq!(response.status(), 200, "{path} {accept} {encoding}");
        unpacked(response)
    };
    for path in lists(&server, &admin) {
        for accept in ["text/csv", "application/json"] {
            let (_, plain) = asked(&clients[0], &path, accept, "identity");
            for client in &clients {
                for (encoding, sent_as) in ENCODINGS {
                    let (found, text) = asked(client, &path, accept, encoding);
                    assert_eq!(text, plain, "{path} {accept} {encoding}");
                    // What is short is not packed.
                    let sent_as = sent_as.filter(|_| accept == "text/csv" || plain.len() > 32);
                    assert_eq!(found.as_deref(), sent_as, "{path} {accept} {encoding}");
                }
            }
        }
    }
    let counted = clients[0].get(figures).send().unwrap().text().unwrap();
    assert!(counted.contains("ims_panics_total 0"), "{counted}");
}
