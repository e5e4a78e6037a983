//! What somebody may not see, set or do (API3, API5).

use super::*;

#[test]
fn api3_nobody_gives_themselves_a_property_that_is_not_theirs() {
    let shop = Shop::with_tea();
    let server = shop.serve(&["auth.registration=viewer"]);
    let register = |body: Value| server.send("POST", "/v1/account/register", None, Some(&body));
    for extra in ["role", "standing", "epoch", "site", "rights"] {
        let mut body = json!({"name": "eve", "password": PASSWORD});
        body[extra] = json!("admin");
        assert_eq!(register(body).refused(400), "malformed", "{extra}");
    }
    assert_eq!(register(json!({"name": "eve", "password": PASSWORD})).ok()["role"], "viewer");
    let eve = server.sign_in("eve", PASSWORD);
    let wide = json!({"name": "eves-key", "scopes": ["stock:read", "costs:read"]});
    assert_eq!(server.post("/v1/keys", &eve, &wide).refused(403), "scope_too_wide");
    let own = json!({"name": "eves-key", "scopes": ["account"]});
    assert_eq!(server.post("/v1/keys", &eve, &own).refused(403), "scope_too_wide");
}

#[test]
fn api3_costs_are_not_shown_to_those_without_the_right() {
    let shop = Shop::with_tea();
    let two = TwoSites::new(&shop, &[]);
    let (order, purchase) = (two.order(&two.other), two.purchase(&two.other));
    made(two.hold(&two.admin, &two.other));
    two.server.command("POST", &format!("/v1/orders/{order}/shipments"), &two.admin, &json!({})).ok();
    let viewer = two.key(
        "viewer",
        &[TILL, &["parties:read", "purchases:read", "alerts:read", "events:read", "reports:read"]].concat(),
        None,
    );
    let document: Value = serde_json::from_str(&two.server.send("GET", "/openapi.json", None, None).text).unwrap();
    let (mut asked, mut shown) = (0, 0);
    for (path, methods) in document["paths"].as_object().unwrap() {
        if methods.get("get").is_none() || path.starts_with("/v1/users") || path.starts_with("/v1/keys") {
            continue;
        }
        let path = path
            .replace("{item}", &two.item)
            .replace("{site}", &two.other)
            .replace("{order}", &order)
            .replace("{purchase}", &purchase)
            .replace("{command}", &order)
            .replace("{supplier}", &two.supplier);
        // A stream has no end.
        if path.contains('{') || path == "/v1/events/stream" {
            continue;
        }
        let path = if path.ends_with("/profit") { format!("{path}?by=item") } else { path };
        let path = if path.ends_with("/search") { format!("{path}?text=tea") } else { path };
        for accept in ["application/json", "text/csv"] {
            let ask = |token: &str| {
                let authorization = format!("Bearer {token}");
                let headers = [("Authorization", authorization.as_str()), ("Accept", accept)];
                two.server.send_with("GET", &path, &headers, None)
            };
            let (all, some) = (ask(&two.admin), ask(&viewer));
            asked += usize::from(all.status == 200);
            shown += usize::from(all.text.contains("13.37"));
            for cost in ["13.37", "26.74", "254.03", "267.4"] {
                assert!(!some.text.contains(cost), "{path} shows a cost: {}", some.text);
            }
        }
    }
    assert!(asked > 20, "only {asked} answers were looked at");
    assert!(shown > 3, "only {shown} answers have a cost in them: this test looks for nothing");
}

#[test]
fn api3_what_a_command_did_is_told_to_those_who_may_read_it() {
    const SECRET: &str = "07700 900123";
    let shop = Shop::with_tea();
    let two = TwoSites::new(&shop, &[]);
    let server = &two.server;
    let customer = json!({"code": "ANNA", "contact": {"name": "Anna", "phone": SECRET}});
    let customer = made(server.command("POST", "/v1/customers", &two.admin, &customer));
    assert!(server.get("/v1/events?limit=1000", &two.admin).text.contains(SECRET));
    let order = two.order(&two.other);

    let till = two.key("till", &[TILL, &["events:read"]].concat(), None);
    let heard = server.get("/v1/events?limit=1000", &till).ok();
    let text = heard.to_string();
    assert!(text.contains("order_placed") && text.contains("stock_received"), "{text}");
    assert!(!text.contains(SECRET) && !text.contains("customer_created"), "{text}");
    assert_eq!(heard["next"], heard["newest"], "what is not shown is passed over");

    let command = |id: &str, token: &str| server.get(&format!("/v1/commands/{id}"), token);
    assert!(command(&customer, &two.admin).text.contains(SECRET));
    assert_eq!(command(&customer, &till).refused(403), "no_right");
    assert_eq!(command(&format!("%22{customer}%22"), &till).refused(403), "no_right");
    assert_eq!(command(&order, &till).status, 200);
    let looked_up = server.post("/v1/lookups", &till, &json!({"commands": [customer, order]})).ok();
    assert_eq!(looked_up["commands"].as_array().unwrap().len(), 1, "{looked_up}");
}

#[test]
fn api5_every_function_needs_its_right() {
    let shop = Shop::with_tea();
    let server = shop.serve(&[]);
    let viewer = server.user("vera", "viewer");
    let document: Value = serde_json::from_str(&server.send("GET", "/openapi.json", None, None).text).unwrap();
    let open = [
        "/v1/tokens",
        "/v1/tokens/refresh",
        "/v1/account/first-admin",
        "/v1/account/register",
        "/v1/invitations/accept",
    ];
    let mut tried = 0;
    for (path, methods) in document["paths"].as_object().unwrap().iter().filter(|(path, _)| path.starts_with("/v1/")) {
        for method in
            ["get", "post", "put", "patch", "delete"].into_iter().filter(|method| methods.get(method).is_some())
        {
            let method = method.to_uppercase();
            let at = path.replace(['{', '}'], "");
            if method == "POST" && open.contains(&path.as_str()) {
                continue;
            }
            tried += 1;
            assert_eq!(server.send(&method, &at, None, None).refused(401), "unauthenticated", "{method} {path}");
            let is_admins = at.starts_with("/v1/users") || at.starts_with("/v1/admin") || at == "/v1/invitations";
            let own = ["/v1/account", "/v1/keys", "/v1/events"].iter().any(|own| path.starts_with(own));
            let writes = method != "GET" && !own;
            let reads_or_asks_for_each = ["/v1/tokens", "/v1/batch", "/v1/lookups"].contains(&path.as_str());
            if is_admins || writes && !reads_or_asks_for_each {
                assert_eq!(server.send(&method, &at, Some(&viewer), None).refused(403), "no_right", "{method} {path}");
            }
        }
    }
    assert!(tried > 50, "only {tried} operations were tried");
}

#[test]
fn api5_no_key_manages_accounts() {
    let shop = Shop::with_tea();
    let two = TwoSites::new(&shop, &[]);
    let server = &two.server;
    server.user("carl", "clerk");
    let invitation = server.post("/v1/invitations", &two.admin, &json!({"role": "clerk"})).ok()["id"].clone();
    let key = two.key("wide", &["admin"], None);
    let user = json!({"name": "mallory", "password": PASSWORD, "role": "admin"});
    for (method, path, body) in [
        ("POST", "/v1/users", Some(user)),
        ("PATCH", "/v1/users/carl", Some(json!({"role": "admin"}))),
        ("PUT", "/v1/users/carl/password", Some(json!({"password": "nineteen moles in a row"}))),
        ("DELETE", "/v1/users/carl/sessions", None),
        ("POST", "/v1/invitations", Some(json!({"role": "admin"}))),
        ("DELETE", &format!("/v1/invitations/{}", invitation.as_str().unwrap()), None),
        ("POST", "/v1/keys/wide/take-over", None),
        ("POST", "/v1/admin/signing-keys", None),
    ] {
        let refused = server.send(method, path, Some(&key), body.as_ref());
        assert_eq!(refused.refused(403), "not_for_keys", "{method} {path}");
    }
    assert_eq!(server.get("/v1/users/mallory", &key).refused(404), "not_found");
    assert_eq!(server.get("/v1/users/carl", &key).ok()["role"], "clerk");
    server.sign_in("carl", PASSWORD);
}

#[test]
fn api5_a_webhook_is_told_what_whoever_adds_it_may_read() {
    let shop = Shop::with_tea();
    let two = TwoSites::new(&shop, &[]);
    let add = |key: &str, costs: &str| {
        let hook = json!({"url": "https://shop.example/hooks", "costs": costs});
        two.server.command("POST", "/v1/webhooks", key, &hook)
    };
    let reads = ["catalogue:read", "parties:read", "stock:read", "orders:read", "purchases:read", "alerts:read"];
    let all = [&["admin", "events:read"], &reads[..]].concat();
    for left_out in &all[1..] {
        let scopes: Vec<&str> = all.iter().copied().filter(|scope| scope != left_out).collect();
        let key = two.key(&format!("no-{}", left_out.replace(':', "-")), &scopes, None);
        let refused = add(&key, "hidden");
        assert_eq!((refused.status, &refused.json()["right"]), (403, &json!(left_out)), "{refused:?}");
    }
    let key = two.key("all-but-costs", &all, None);
    assert_eq!(add(&key, "shown").json()["right"], "costs:read");
    assert_eq!(add(&key, "hidden").status, 201);
    assert_eq!(add(&two.admin, "shown").status, 201);
}

#[test]
fn api3_profit_by_customer_is_for_those_who_may_read_customers() {
    let shop = Shop::with_tea();
    let two = TwoSites::new(&shop, &[]);
    let key = two.key("reporter", &["reports:read"], None);
    for path in ["/v1/reports/profit?by=customer", "/v1/reports/profit.csv?by=customer"] {
        let refused = two.server.get(path, &key);
        assert_eq!((refused.status, &refused.json()["right"]), (403, &json!("parties:read")), "{path}");
    }
    assert_eq!(two.server.get("/v1/reports/profit?by=item", &key).status, 200);
    let reader = two.key("reader", &["reports:read", "parties:read"], None);
    assert_eq!(two.server.get("/v1/reports/profit?by=customer", &reader).status, 200);
}
