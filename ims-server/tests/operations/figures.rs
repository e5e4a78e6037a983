//! What Prometheus reads.

use crate::{
    common::Shop,
    server::{self, Server},
};
use std::collections::{BTreeMap, BTreeSet};

/// The value of each sample, by its name and labels.
pub fn samples(text: &str) -> BTreeMap<String, f64> {
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    samples
        .map(|line| line.rsplit_once(' ').unwrap())
        .map(|(name, value)| (name.into(), value.parse().unwrap()))
        .collect()
}

/// Starts a server that tells figures, and says where.
pub fn server_with_figures(store: &str) -> (Server, String) {
    Server::with_figures(store, &["metrics.business_interval_ms=20"])
}

#[test]
fn the_figures_of_the_shop_are_those_of_its_log_also_after_a_restart() {
    let shop = Shop::with_tea();
    shop.ok(&["order", "sell", "TEA-1=3"]);
    shop.ok(&["order", "sell", "TEA-1=16"]);
    let mut seen = Vec::new();
    for _ in 0..2 {
        let (server, url) = server_with_figures(shop.store());
        let samples = loop {
            let samples = samples(&server::get(&url, "/metrics", &[]).body);
            if samples.get("ims_log_counted_offset").is_some_and(|counted| *counted == samples["ims_log_offset"]) {
                break samples;
            }
        };
        assert_eq!(samples["ims_orders_total"], 2.0);
        assert_eq!(samples["ims_units_sold_total"], 19.0);
        assert_eq!(samples["ims_revenue_total"], 85.5);
        assert_eq!(samples["ims_cost_of_goods_sold_total"], 39.9);
        assert_eq!(samples["ims_alerts_open{kind=\"low\"}"], 1.0);
        assert_eq!(samples["ims_shop_currency{currency=\"GBP\"}"], 1.0);
        seen.push(
            samples
                .into_iter()
                .filter(|(name, _)| name.contains("revenue") || name.contains("orders"))
                .collect::<Vec<_>>(),
        );
        assert_eq!(server.end().code(), Some(0));
    }
    assert_eq!(seen[0], seen[1]);
}

#[test]
fn requests_are_counted_by_operation_and_refusals_by_code() {
    let (server, url) = server_with_figures("memory:");
    assert_eq!(server.get("/v1/items").status, 401);
    assert_eq!(server.get("/nowhere").status, 404);
    server.get("/health/ready");
    let samples = samples(&server::get(&url, "/metrics", &[]).body);
    assert_eq!(samples["ims_requests_total{operation=\"items\",status=\"4xx\"}"], 1.0);
    assert_eq!(samples["ims_requests_total{operation=\"none\",status=\"4xx\"}"], 1.0);
    assert_eq!(samples["ims_request_duration_seconds_count{operation=\"items\",status=\"4xx\"}"], 1.0);
    assert_eq!(samples["ims_problems_total{code=\"unauthenticated\"}"], 1.0);
    assert!(samples["ims_store_duration_seconds_count{work=\"events\"}"] >= 1.0);
    assert_eq!(samples["ims_requests_in_flight"], 0.0);
}

#[test]
fn the_figures_keep_to_the_format_and_to_its_customs() {
    let shop = Shop::with_tea();
    let (server, url) = server_with_figures(shop.store());
    server.get("/v1/items");
    let answer = server::get(&url, "/metrics", &[]);
    assert!(answer.header("content-type").unwrap().starts_with("application/openmetrics-text; version=1.0.0"));
    assert!(answer.body.ends_with("# EOF\n"));
    let mut described = BTreeSet::new();
    let mut kinds = BTreeMap::new();
    for line in answer.body.lines().filter_map(|line| line.strip_prefix("# ")) {
        let mut words = line.splitn(3, ' ');
        match (words.next().unwrap(), words.next(), words.next()) {
            ("HELP", Some(name), Some(help)) => {
                assert!(help.len() > 10 && described.insert(name.to_owned()), "{line}");
            }
            ("TYPE", Some(name), Some(kind)) => _ = kinds.insert(name.to_owned(), kind.to_owned()),
            ("UNIT", Some(name), Some(unit)) => assert!(name.ends_with(unit), "{line}"),
            ("EOF", None, None) => {}
            _ => panic!("{line}"),
        }
    }
    assert_eq!(described, kinds.keys().cloned().collect());
    for name in samples(&answer.body).keys() {
        let bare = name.split('{').next().unwrap();
        let known = kinds.iter().any(|(family, kind)| match kind.as_str() {
            "counter" => bare == format!("{family}_total"),
            "histogram" => ["_bucket", "_sum", "_count"].iter().any(|end| bare == format!("{family}{end}")),
            _ => bare == family,
        });
        assert!(known, "{name} belongs to nothing that is described");
        assert!(bare.starts_with("ims_") || bare.starts_with("process_"), "{name}");
    }
    assert!(server.get("/metrics").status == 404, "callers do not see them");
}
