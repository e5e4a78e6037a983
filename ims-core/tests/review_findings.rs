//! What a review of the engine found: one fact for each, so that it stays so.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::arithmetic_side_effects, missing_docs)]

use futures_executor::block_on;
use ims_core::{
    audit::{state_hash, verify},
    item::{CreateItem, RetireItem, UpdateItem},
    location::CreateLocation,
    order::{
        OnShortage, OrderedLine, PlaceOrder, ReturnGoods, ReturnedGoods, ReturnedLine, Sell, ShipOrder, ShippedLine,
    },
    party::CreateSupplier,
    purchase::{PlacePurchase, ReceivePurchase, ReceivedLine},
    report::{AlertQuery, PageRequest, Row, Table},
    shop::OpenShop,
    stock::{AdjustStock, Adjusted, CostedGoods, Goods, PlaceHold, ReceiveStock, SendBackStock, TransferStock},
    *,
};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::SeqCst},
};

static IDS: AtomicU64 = AtomicU64::new(1_000);

fn q(text: &str) -> Quantity {
    text.parse().unwrap()
}

fn eur(text: &str) -> Amount {
    text.parse().unwrap()
}

/// So many minutes after the shop's first morning.
fn at(minutes: i64) -> Timestamp {
    "2026-03-02T08:00:00Z".parse::<Timestamp>().unwrap().checked_add_ms(minutes * 60_000).unwrap()
}

fn ctx(minutes: i64) -> Context {
    Context::new(CommandId::from_u128(IDS.fetch_add(1, SeqCst).into()), "test", at(minutes))
}

/// Has commands done as one batch of a fresh engine: as another process would, so on a thread of its own.
fn together<S: Store + Clone>(store: &S, commands: Vec<(Context, Command)>) -> Vec<Reply> {
    let (ims, worker) = Ims::new(store.clone());
    let ask = async move { ims.execute_all(commands).await };
    std::thread::scope(|scope| scope.spawn(|| block_on(futures_util::future::join(worker, ask)).1).join()).unwrap()
}

fn execute<S: Store + Clone>(store: &S, ctx: Context, command: impl Into<Command>) -> Reply {
    together(store, vec![(ctx, command.into())]).remove(0)
}

fn done<S: Store + Clone>(store: &S, minutes: i64, command: impl Into<Command>) -> Arc<Receipt> {
    execute(store, ctx(minutes), command).unwrap()
}

fn refused<S: Store + Clone>(store: &S, minutes: i64, command: impl Into<Command>) -> Rejection {
    match execute(store, ctx(minutes), command) {
        Err(Error::Rejected(rejection)) => *rejection,
        other => panic!("should have been refused: {other:?}"),
    }
}

fn shop() -> (MemoryStore, LocationId) {
    let store = MemoryStore::new();
    done(&store, 0, OpenShop::new("Shop", "EUR".parse().unwrap()));
    let site = site(&store, "MAIN");
    (store, site)
}

fn site<S: Store + Clone>(store: &S, code: &str) -> LocationId {
    match &*done(store, 0, CreateLocation { code: code.into(), name: code.into() }) {
        Receipt::LocationCreated(row) => row.id,
        other => panic!("{other:?}"),
    }
}

fn supplier(store: &MemoryStore) -> SupplierId {
    match &*done(store, 0, CreateSupplier { code: "ACME".into(), contact: Contact::named("Acme") }) {
        Receipt::SupplierCreated(row) => row.id,
        other => panic!("{other:?}"),
    }
}

fn new_item(sku: &str) -> CreateItem {
    CreateItem { price: Some(eur("10")), ..CreateItem::new(sku.parse().unwrap(), sku) }
}

fn item<S: Store + Clone>(store: &S, create: CreateItem) -> ItemId {
    match &*done(store, 0, create) {
        Receipt::ItemCreated(row) => row.id,
        other => panic!("{other:?}"),
    }
}

fn receive(site: LocationId, item: ItemId, quantity: &str, unit_cost: &str) -> ReceiveStock {
    let lines = vec![CostedGoods { item, quantity: q(quantity), unit_cost: eur(unit_cost) }];
    ReceiveStock { site, supplier: None, lines }
}

fn order_of(receipt: &Receipt) -> Arc<Order> {
    match receipt {
        Receipt::OrderPlaced(order)
        | Receipt::Sold { order, .. }
        | Receipt::OrderShipped { order, .. }
        | Receipt::OrderCancelled(order) => Arc::clone(order),
        other => panic!("{other:?}"),
    }
}

fn returned(receipt: &Receipt) -> Arc<Return> {
    match receipt {
        Receipt::GoodsReturned { goods, .. } => Arc::clone(goods),
        other => panic!("{other:?}"),
    }
}

fn rows(store: &MemoryStore, table: Table) -> Vec<Row> {
    let mut page = PageRequest::default();
    let mut rows = Vec::new();
    loop {
        let answer = block_on(store.scan(table, &page)).unwrap();
        rows.extend(answer.rows);
        match answer.next {
            Some(next) => page.after = Some(next),
            None => return rows,
        }
    }
}

fn stock(store: &MemoryStore, item: ItemId, site: LocationId) -> Stock {
    let found = rows(store, Table::Stock).into_iter().find_map(|row| match row {
        Row::Stock(stock) if stock.key() == (StockKey { item, site }) => Some(stock),
        _ => None,
    });
    found.unwrap()
}

fn order(store: &MemoryStore, id: OrderId) -> Order {
    let found = rows(store, Table::Orders).into_iter().find_map(|row| match row {
        Row::Order(order) if order.id == id => Some(order),
        _ => None,
    });
    found.unwrap()
}

fn sound(store: &MemoryStore) {
    let verdict = block_on(verify(store)).unwrap();
    assert_eq!(verdict.broken, []);
}

/// Two thousand lines and layers: with work that grows with their square this would take minutes and gigabytes.
#[test]
fn two_thousand_lines_and_layers_come_and_go() {
    let (store, site) = shop();
    let other = self::site(&store, "OTHER");
    let tea = item(&store, new_item("TEA"));
    let lines = vec![CostedGoods { item: tea, quantity: q("1"), unit_cost: eur("2") }; limits::LINES_PER_DOCUMENT];
    for _ in 0..3 {
        done(&store, 1, ReceiveStock { site, supplier: None, lines: lines.clone() });
    }
    let lines = vec![OrderedLine::new(tea, q("1")); limits::LINES_PER_DOCUMENT];
    let sold = order_of(&done(&store, 2, Sell::new(site, lines))).id;
    let back = (0..2_000).map(|line| ReturnedLine { line, quantity: q("1"), refund: None }).collect();
    let goods = ReturnedGoods::OfOrder { order: sold, shipment: None, site: None, lines: back };
    assert_eq!(returned(&done(&store, 3, ReturnGoods::new(goods))).refund, eur("20000"));
    let lines = vec![Goods { item: tea, quantity: q("6000") }];
    done(&store, 4, TransferStock { from: site, to: other, lines });
    assert_eq!(stock(&store, tea, other).value, eur("12000"));
    sound(&store);
}

#[test]
fn thousands_of_holds_lapse_at_once() {
    let (store, site) = shop();
    let tea = item(&store, new_item("TEA"));
    done(&store, 1, receive(site, tea, "5000", "2"));
    let hold = |_| (ctx(2), PlaceHold { item: tea, site, quantity: q("1"), until: at(5) }.into());
    assert!(together(&store, (0..5_000).map(hold).collect()).iter().all(Result::is_ok));
    done(&store, 6, Sell::new(site, vec![OrderedLine::new(tea, q("5000"))]));
    assert_eq!(rows(&store, Table::Holds).len(), 0);
    sound(&store);
}

#[test]
fn layers_in_memory_are_as_old_as_the_stock_that_they_are_of() {
    let (store, site) = shop();
    let tea = item(&store, new_item("TEA"));
    let (here, worker) = Ims::new(store.clone());
    let use_it = async move {
        here.execute(ctx(1), receive(site, tea, "5", "1")).await.unwrap();
        here.execute(ctx(2), Sell::new(site, vec![OrderedLine::new(tea, q("1"))])).await.unwrap();
        // Another process sells; then this one reads the stock of the item at every site, and sends one back.
        done(&store, 3, Sell::new(site, vec![OrderedLine::new(tea, q("4"))]));
        done(&store, 3, receive(site, tea, "5", "7"));
        let update = UpdateItem { reorder_point: Patch::Set(Some(q("1"))), ..UpdateItem::new(tea) };
        here.execute(ctx(4), update).await.unwrap();
        let lines = vec![Goods { item: tea, quantity: q("1") }];
        let sent = here.execute(ctx(5), SendBackStock { site, supplier: None, lines }).await.unwrap();
        assert!(matches!(&*sent, Receipt::StockSentBack { lines, .. } if lines[0].cost == eur("7")), "{sent:?}");
        store
    };
    let (_, store) = block_on(futures_util::future::join(worker, use_it));
    sound(&store);
}

#[test]
fn a_revaluation_is_written_down_in_the_same_order_in_one_batch_as_in_many() {
    let build = |batched: bool| {
        let store = MemoryStore::new();
        let id = |number: u128| CommandId::from_u128(number);
        let ctx = |number| Context::new(id(number), "test", at(1));
        let mut commands: Vec<(Context, Command)> = vec![
            (ctx(11), OpenShop::new("Shop", "EUR".parse().unwrap()).into()),
            (ctx(12), CreateLocation { code: "A".into(), name: "A".into() }.into()),
            (ctx(13), CreateLocation { code: "B".into(), name: "B".into() }.into()),
        ];
        let standard =
            CreateItem { costing: Some(CostingMethod::Standard), standard_cost: Some(eur("1")), ..new_item("TEA") };
        commands.push((ctx(14), standard.into()));
        let tea = ItemId::from(id(14));
        commands.push((ctx(15), receive(id(13).into(), tea, "1", "1").into()));
        let batches = if batched { vec![together(&store, commands)] } else { each(&store, commands) };
        assert!(batches.iter().flatten().all(Result::is_ok));
        let commands: Vec<(Context, Command)> = vec![
            (ctx(16), UpdateItem { reorder_point: Patch::Set(Some(q("1"))), ..UpdateItem::new(tea) }.into()),
            (ctx(17), receive(id(12).into(), tea, "1", "1").into()),
            (ctx(18), cost::SetStandardCost { item: tea, unit_cost: eur("2") }.into()),
        ];
        let batches = if batched { vec![together(&store, commands)] } else { each(&store, commands) };
        assert!(batches.iter().flatten().all(Result::is_ok));
        block_on(state_hash(&store)).unwrap()
    };
    assert_eq!(build(true), build(false));
}

fn each(store: &MemoryStore, commands: Vec<(Context, Command)>) -> Vec<Vec<Reply>> {
    commands.into_iter().map(|command| together(store, vec![command])).collect()
}

#[test]
fn a_batch_of_nothing_new_leaves_no_list_behind_that_others_may_change() {
    let (store, main) = shop();
    let other = site(&store, "OTHER");
    let (tea, acme) = (item(&store, new_item("TEA")), supplier(&store));
    done(&store, 1, receive(main, tea, "5", "1"));
    let (here, worker) = Ims::new(store.clone());
    let use_it = async move {
        // Refused for good, and sent again: the second answer is read from the store, with all that the command reads.
        let early = Context { occurred_at: Some(at(99)), ..ctx(2) };
        for _ in 0..2 {
            here.execute(early.clone(), RetireItem { item: tea }).await.unwrap_err();
        }
        let lines = vec![CostedGoods { item: tea, quantity: q("1"), unit_cost: eur("1") }];
        done(&store, 3, PlacePurchase { supplier: acme, site: other, expected: None, lines });
        let answer = here.execute(ctx(4), RetireItem { item: tea }).await;
        assert!(matches!(&answer, Err(Error::Rejected(why)) if why.code() == "item_in_use"), "{answer:?}");
    };
    block_on(futures_util::future::join(worker, use_it));
}

/// Says of every change that a total would not fit.
#[derive(Clone)]
struct Overflowing(MemoryStore);

impl Store for Overflowing {
    async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        self.0.load(keys).await
    }

    async fn commit(&self, _: ChangeSet) -> Result<Outcome, StoreError> {
        Err(StoreError::new(StoreErrorKind::OutOfRange, "whatever it is"))
    }

    async fn events(&self, after: Offset, limit: u32) -> Result<EventPage, StoreError> {
        self.0.events(after, limit).await
    }
}

#[test]
fn a_store_to_which_even_a_refusal_is_too_large_is_not_asked_for_ever() {
    let open = || OpenShop::new("Shop", "EUR".parse().unwrap()).into();
    let replies = together(&Overflowing(MemoryStore::new()), vec![(ctx(1), open()), (ctx(1), open())]);
    for reply in replies {
        assert_eq!(reply.unwrap_err().code(), "store_out_of_range");
    }
}

#[test]
fn simulating_a_command_that_was_done_tells_what_it_was_answered() {
    let (store, site) = shop();
    let tea = item(&store, new_item("TEA"));
    done(&store, 1, receive(site, tea, "2", "1"));
    let (once, sell) = (ctx(2), Sell::new(site, vec![OrderedLine::new(tea, q("2"))]));
    let receipt = execute(&store, once.clone(), sell.clone()).unwrap();
    let (ims, worker) = Ims::new(store.clone());
    let try_it = async move { ims.simulate(once, sell).await.unwrap() };
    assert_eq!(block_on(futures_util::future::join(worker, try_it)).1, receipt);
}

/// Counts how often it is asked.
#[derive(Clone)]
struct Counting {
    store: MemoryStore,
    loads: Arc<AtomicU64>,
}

impl Store for Counting {
    async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        self.loads.fetch_add(1, SeqCst);
        self.store.load(keys).await
    }

    async fn commit(&self, change: ChangeSet) -> Result<Outcome, StoreError> {
        self.store.commit(change).await
    }

    async fn events(&self, after: Offset, limit: u32) -> Result<EventPage, StoreError> {
        self.store.events(after, limit).await
    }
}

#[test]
fn a_long_document_takes_few_loads_also_where_every_line_has_an_alert_a_lapsed_hold_and_a_waiting_order() {
    let (store, site) = shop();
    let create = |index: u32| {
        let limits =
            CreateItem { backorder_limit: q("9"), reorder_point: Some(q("1")), ..new_item(&format!("I{index}")) };
        (ctx(0), limits.into())
    };
    let items: Vec<ItemId> = together(&store, (0..100).map(create).collect())
        .iter()
        .map(|reply| match &**reply.as_ref().unwrap() {
            Receipt::ItemCreated(row) => row.id,
            other => panic!("{other:?}"),
        })
        .collect();
    let all = |quantity: &str| {
        let goods = |item: &ItemId| CostedGoods { item: *item, quantity: q(quantity), unit_cost: eur("1") };
        ReceiveStock { site, supplier: None, lines: items.iter().map(goods).collect() }
    };
    done(&store, 1, all("2"));
    let hold = |item: &ItemId| (ctx(2), PlaceHold { item: *item, site, quantity: q("2"), until: at(5) }.into());
    together(&store, items.iter().map(hold).collect());
    for item in &items {
        let lines = vec![OrderedLine::new(*item, q("4"))];
        done(&store, 3, PlaceOrder { on_shortage: OnShortage::Backorder, ..PlaceOrder::new(site, lines) });
    }

    let counting = Counting { store, loads: Arc::default() };
    done(&counting, 6, all("9"));
    assert!(counting.loads.load(SeqCst) < 15, "{:?} loads", counting.loads);
    sound(&counting.store);
}

/// Lets somebody else act right before a commit.
#[derive(Clone)]
struct Overtaken {
    store: MemoryStore,
    by: Arc<std::sync::Mutex<Option<(Context, Command)>>>,
}

impl Store for Overtaken {
    async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        self.store.load(keys).await
    }

    async fn commit(&self, change: ChangeSet) -> Result<Outcome, StoreError> {
        if let Some((ctx, command)) = self.by.lock().unwrap().take() {
            execute(&self.store, ctx, command).unwrap();
        }
        self.store.commit(change).await
    }

    async fn events(&self, after: Offset, limit: u32) -> Result<EventPage, StoreError> {
        self.store.events(after, limit).await
    }
}

#[test]
fn an_item_is_not_retired_while_somebody_else_first_orders_it_for_another_site() {
    let (store, main) = shop();
    let other = site(&store, "OTHER");
    let (tea, acme) = (item(&store, new_item("TEA")), supplier(&store));
    done(&store, 1, receive(main, tea, "5", "1"));
    let lines = vec![CostedGoods { item: tea, quantity: q("1"), unit_cost: eur("1") }];
    let buy = PlacePurchase { supplier: acme, site: other, expected: None, lines };
    let overtaken = Overtaken { store, by: Arc::new(std::sync::Mutex::new(Some((ctx(2), buy.into())))) };
    assert_eq!(refused(&overtaken, 3, RetireItem { item: tea }).code(), "item_in_use");
}

#[test]
fn what_a_lapsed_hold_sets_free_goes_to_those_who_wait_before_newcomers() {
    let (store, site) = shop();
    let tea = item(&store, CreateItem { backorder_limit: q("10"), ..new_item("TEA") });
    done(&store, 1, receive(site, tea, "5", "2"));
    done(&store, 2, PlaceHold { item: tea, site, quantity: q("5"), until: at(10) });
    let on_shortage = OnShortage::Backorder;
    let waits = PlaceOrder { on_shortage, ..PlaceOrder::new(site, vec![OrderedLine::new(tea, q("3"))]) };
    let waits = order_of(&done(&store, 3, waits)).id;

    let rejection = refused(&store, 11, Sell::new(site, vec![OrderedLine::new(tea, q("3"))]));
    assert!(
        matches!(rejection, Rejection::InsufficientStock { available, .. } if available == q("2")),
        "{rejection:?}"
    );
    done(&store, 12, Sell::new(site, vec![OrderedLine::new(tea, q("2"))]));
    assert_eq!(order(&store, waits).lines[0].allocated, q("3"));
    sound(&store);
}

#[test]
fn a_refused_backorder_names_the_same_numbers_however_it_is_split_into_lines() {
    let (store, site) = shop();
    let tea = item(&store, CreateItem { backorder_limit: q("4"), ..new_item("TEA") });
    done(&store, 1, receive(site, tea, "3", "2"));
    let place = |lines: &[&str]| {
        let lines = lines.iter().map(|quantity| OrderedLine::new(tea, q(quantity))).collect();
        PlaceOrder { on_shortage: OnShortage::Backorder, ..PlaceOrder::new(site, lines) }
    };
    let whole = refused(&store, 2, place(&["10"]));
    assert_eq!(refused(&store, 2, place(&["5", "5"])), whole);
    assert_eq!(refused(&store, 2, place(&["2", "8"])), whole);
}

#[test]
fn an_order_that_cancels_what_is_missing_takes_an_item_that_was_never_there_for_missing() {
    let (store, site) = shop();
    let (tea, cup) = (item(&store, new_item("TEA")), item(&store, new_item("CUP")));
    done(&store, 1, receive(site, tea, "3", "2"));
    let lines = vec![OrderedLine::new(tea, q("1")), OrderedLine::new(cup, q("1"))];
    let place = PlaceOrder { on_shortage: OnShortage::Cancel, ..PlaceOrder::new(site, lines) };
    let order = order_of(&done(&store, 2, place));
    assert_eq!((order.lines[0].allocated, order.lines[1].cancelled), (q("1"), q("1")));
    sound(&store);
}

#[test]
fn an_item_that_is_retired_has_no_open_alert() {
    let (store, site) = shop();
    let open = |store: &MemoryStore| {
        block_on(store.alerts(AlertQuery::Open, Timestamp::MIN, &PageRequest::default())).unwrap().rows
    };
    for update in [false, true] {
        let tea = item(&store, CreateItem { reorder_point: Some(q("5")), ..new_item(if update { "A" } else { "B" }) });
        done(&store, 1, receive(site, tea, "3", "2"));
        assert_eq!(open(&store).len(), 1);
        if update {
            done(&store, 2, UpdateItem { standing: Patch::Set(Standing::Retired), ..UpdateItem::new(tea) });
        } else {
            done(&store, 2, RetireItem { item: tea });
        }
        assert_eq!(open(&store), []);
        let lines = vec![Goods { item: tea, quantity: q("3") }];
        done(&store, 3, SendBackStock { site, supplier: None, lines });
        assert_eq!(open(&store), []);
    }
    let tea = item(&store, CreateItem { reorder_point: Some(q("5")), ..new_item("C") });
    done(&store, 1, receive(site, tea, "3", "2"));
    done(&store, 2, RetireItem { item: tea });
    done(&store, 3, UpdateItem { standing: Patch::Set(Standing::Active), ..UpdateItem::new(tea) });
    assert_eq!(open(&store).len(), 1, "back in trade, it is low again");
}

fn bring_back(order: OrderId, quantity: &str, refund: Option<&str>) -> ReturnGoods {
    let lines = vec![ReturnedLine { line: 0, quantity: q(quantity), refund: refund.map(eur) }];
    let goods = ReturnedGoods::OfOrder { order, shipment: None, site: None, lines };
    ReturnGoods { refund_reason: Some("As a favour".into()), ..ReturnGoods::new(goods) }
}

#[test]
fn no_refund_is_below_zero_after_one_that_was_more_than_was_paid() {
    let (store, site) = shop();
    let tea = item(&store, new_item("TEA"));
    done(&store, 1, receive(site, tea, "3", "2"));
    let sold = order_of(&done(&store, 2, Sell::new(site, vec![OrderedLine::new(tea, q("3"))]))).id;
    done(&store, 3, bring_back(sold, "1", Some("50")));
    assert_eq!(returned(&done(&store, 4, bring_back(sold, "1", None))).refund, Amount::ZERO);
    assert_eq!(returned(&done(&store, 4, bring_back(sold, "1", None))).refund, Amount::ZERO);
    sound(&store);
}

#[test]
fn standard_cost_never_takes_more_value_than_there_is() {
    let (store, site) = shop();
    let create = CreateItem {
        unit: Some(Unit::new("kg", 3).unwrap()),
        costing: Some(CostingMethod::Standard),
        standard_cost: Some(eur("0.000003")),
        ..new_item("TEA")
    };
    let tea = item(&store, create);
    done(&store, 1, receive(site, tea, "3.5", "0.000003"));
    for _ in 0..7 {
        done(&store, 2, Sell::new(site, vec![OrderedLine::new(tea, q("0.5"))]));
        assert!(!stock(&store, tea, site).value.is_negative());
    }
    assert_eq!(stock(&store, tea, site).value, Amount::ZERO);
    sound(&store);
}

#[test]
fn an_order_cannot_name_more_holds_than_it_may_have_lines() {
    let (store, site) = shop();
    let tea = item(&store, new_item("TEA"));
    done(&store, 1, receive(site, tea, "5", "2"));
    let holds = (1..=2_001).map(HoldId::from_u128).collect();
    let sell = Sell { holds, ..Sell::new(site, vec![OrderedLine::new(tea, q("1"))]) };
    assert_eq!(refused(&store, 2, sell).code(), "invalid_field");
}

#[test]
fn why_stock_was_adjusted_and_who_delivered_is_in_the_log() {
    let (store, site) = shop();
    let (tea, acme) = (item(&store, new_item("TEA")), supplier(&store));
    done(&store, 1, ReceiveStock { supplier: Some(acme), ..receive(site, tea, "5", "2") });
    let lines = vec![Adjusted { item: tea, quantity: q("1"), unit_cost: None }];
    let note = Some("fell off the shelf".into());
    done(&store, 2, AdjustStock { site, reason: AdjustmentReason::Other, direction: Direction::Down, lines, note });
    let lines = vec![Goods { item: tea, quantity: q("1") }];
    done(&store, 3, SendBackStock { site, supplier: Some(acme), lines });

    let log = block_on(store.events(Offset::START, 100)).unwrap().events;
    let log: Vec<String> = log.iter().map(|event| serde_json::to_string(&event.record.body).unwrap()).collect();
    let of = |what: &str| log.iter().find(|event| event.contains(what)).unwrap();
    assert!(of("stock_received").contains(&acme.to_string()));
    assert!(of("stock_adjusted").contains("fell off the shelf"));
    assert!(of("stock_sent_back").contains(&acme.to_string()));
}

#[test]
fn the_state_hash_does_not_depend_on_when_a_command_was_recorded() {
    let build = |minutes: i64| {
        let store = MemoryStore::new();
        let commands: Vec<Command> = vec![
            OpenShop::new("Shop", "EUR".parse().unwrap()).into(),
            CreateLocation { code: "A".into(), name: "A".into() }.into(),
            CreateItem { reorder_point: Some(q("2")), ..new_item("TEA") }.into(),
            receive(LocationId::from_u128(2), ItemId::from_u128(3), "1", "2").into(),
            alert::AcknowledgeAlert { item: ItemId::from_u128(3), site: LocationId::from_u128(2) }.into(),
            receive(LocationId::from_u128(2), ItemId::from_u128(3), "9", "2").into(),
        ];
        for (number, command) in (1_u128..).zip(commands) {
            let ctx = Context::new(CommandId::from_u128(number), "test", at(minutes));
            execute(&store, Context { occurred_at: Some(at(0)), ..ctx }, command).unwrap();
        }
        block_on(state_hash(&store)).unwrap()
    };
    assert_eq!(build(0), build(5));
}

/// A shop in which everything has happened, and a way to spoil a row of it.
fn spoilt(spoil: impl FnOnce(&MemoryStore, &mut ChangeSet)) -> Vec<String> {
    let (store, main) = shop();
    let other = site(&store, "OTHER");
    let (tea, acme) = (item(&store, new_item("TEA")), supplier(&store));
    let lines = vec![CostedGoods { item: tea, quantity: q("9"), unit_cost: eur("2") }];
    let bought = PlacePurchase { supplier: acme, site: main, expected: None, lines };
    let Receipt::PurchasePlaced(purchase) = &*done(&store, 1, bought) else { panic!() };
    let came = vec![ReceivedLine { line: 0, quantity: q("8"), unit_cost: None }];
    done(&store, 2, ReceivePurchase { purchase: purchase.id, lines: Some(came) });
    done(&store, 3, TransferStock { from: main, to: other, lines: vec![Goods { item: tea, quantity: q("2") }] });
    done(&store, 4, PlaceHold { item: tea, site: main, quantity: q("1"), until: at(99) });
    let sold = order_of(&done(&store, 5, Sell::new(main, vec![OrderedLine::new(tea, q("2"))]))).id;
    done(&store, 6, bring_back(sold, "1", None));
    let placed = PlaceOrder::new(main, vec![OrderedLine::new(tea, q("2"))]);
    let placed = order_of(&done(&store, 7, placed)).id;
    let lines = Some(vec![ShippedLine { line: 0, quantity: q("1") }]);
    done(&store, 8, ShipOrder { order: placed, lines });
    sound(&store);

    let catalog = block_on(store.load(&ReadSet::default())).unwrap().catalog;
    let mut change = ChangeSet { catalog, ..ChangeSet::default() };
    spoil(&store, &mut change);
    assert!(matches!(block_on(store.commit(change)).unwrap(), Outcome::Done { .. }));
    let verdict = block_on(verify(&store)).unwrap();
    verdict.broken.into_iter().map(|broken| format!("{}: {}", broken.promise, broken.finding)).collect()
}

/// Spoils every order line that has been shipped whole, or in part.
fn spoilt_orders(spoil: impl Fn(&mut Order)) -> Vec<String> {
    spoilt(|store, change| {
        for row in rows(store, Table::Orders) {
            let Row::Order(mut row) = row else { continue };
            let reads = ReadSet { orders: [row.id].into(), ..ReadSet::default() };
            let over = block_on(store.load(&reads)).unwrap().orders[0].version;
            spoil(&mut row);
            change.orders.push(Write { over, row: Arc::new(row) });
        }
    })
}

fn plus(amount: &mut Amount, more: &str) {
    *amount = amount.checked_add(eur(more)).unwrap();
}

#[test]
fn verify_sees_a_price_that_does_not_make_the_total_of_its_line() {
    assert_ne!(spoilt_orders(|order| plus(&mut order.lines[0].unit_price, "1")), [""; 0]);
    assert_ne!(spoilt_orders(|order| plus(&mut order.lines[0].discount, "1")), [""; 0]);
}

#[test]
fn verify_sees_revenue_and_refunds_that_no_movement_made() {
    assert_ne!(
        spoilt_orders(|order| if order.lines[0].shipped == q("1") {
            plus(&mut order.lines[0].revenue, "1")
        }),
        [""; 0]
    );
    assert_ne!(spoilt_orders(|order| plus(&mut order.lines[0].refunded, "1")), [""; 0]);
    assert_ne!(spoilt_orders(|order| plus(&mut order.lines[0].cost_returned, "1")), [""; 0]);
    assert_ne!(spoilt_orders(|order| order.lines[0].returned = q("0.5")), [""; 0]);
}

#[test]
fn verify_sees_holds_of_more_than_there_is() {
    let broken = spoilt(|store, change| {
        for row in rows(store, Table::Holds) {
            let Row::Hold(row) = row else { continue };
            let reads = ReadSet {
                holds: [row.id].into(),
                stock: [StockKey { item: row.item, site: row.site }].into(),
                ..ReadSet::default()
            };
            let found = block_on(store.load(&reads)).unwrap();
            change.holds.push(Write { over: found.holds[0].version, row: Hold { quantity: q("100"), ..row } });
            let stock = Stock { held: q("100"), ..found.stock[0].row };
            change.stock.push(Write { over: found.stock[0].version, row: stock });
        }
    });
    assert_ne!(broken, [""; 0]);
}

#[test]
fn verify_sees_totals_of_one_day_that_stand_under_another() {
    let broken = spoilt(|store, change| {
        let Some(Row::Sales(key, sum)) = rows(store, Table::Sales).pop() else { panic!() };
        let less = Sales {
            units: sum.units.checked_neg().unwrap(),
            revenue: sum.revenue.checked_neg().unwrap(),
            cost: sum.cost.checked_neg().unwrap(),
        };
        let other = SalesKey { brand: "Another".into(), ..key.clone() };
        change.sales = vec![(key, less), (other, sum)];
    });
    assert_ne!(broken, [""; 0]);
    let broken = spoilt(|store, change| {
        let Some(Row::CustomerSales(key, sum)) = rows(store, Table::CustomerSales).pop() else { panic!() };
        change.customer_sales = vec![(CustomerSalesKey { customer: Some(CustomerId::from_u128(9)), ..key }, sum)];
    });
    assert_ne!(broken, [""; 0]);
}

#[test]
fn verify_sees_a_purchase_whose_lines_do_not_make_its_total_or_did_not_come() {
    let spoilt = |spoil: fn(&mut Purchase)| {
        spoilt(|store, change| {
            let Some(Row::Purchase(mut row)) = rows(store, Table::Purchases).pop() else { panic!() };
            spoil(&mut row);
            change.purchases.push(Write { over: 2, row: Arc::new(row) });
        })
    };
    assert_ne!(spoilt(|purchase| plus(&mut purchase.total, "1")), [""; 0]);
    let later = |purchase: &mut Purchase| {
        purchase.lines[0].received = q("7");
        purchase.lines[0].cancelled = q("1");
    };
    assert_ne!(spoilt(later), [""; 0]);
}

#[test]
fn verify_sees_a_movement_that_its_kind_does_not_make() {
    let spoilt = |kind: MovementKind, from: Option<LocationId>, to: LocationId| {
        spoilt(|store, change| {
            let Some(Row::Movement(row)) = rows(store, Table::Movements).pop() else { panic!() };
            let key = MovementKey { command: CommandId::from_u128(7), number: 0 };
            let (from, document, undoes) = (from.unwrap_or(location::SUPPLIERS), None, None);
            let nothing = Quantity::ZERO;
            change.movements = vec![Movement {
                key,
                kind,
                from,
                to,
                document,
                undoes,
                quantity: nothing,
                value: eur("0"),
                revenue: eur("0"),
                ..row
            }];
        })
    };
    let nowhere = LocationId::from_u128(77);
    assert_ne!(spoilt(MovementKind::Receipt, None, nowhere), [""; 0]);
    assert_ne!(spoilt(MovementKind::Adjustment, None, location::LOSS), [""; 0]);
    assert_ne!(spoilt(MovementKind::Sale, Some(location::SERVICES), location::CUSTOMERS), [""; 0], "of no order");
}

#[test]
fn verify_sees_a_layer_of_no_stock() {
    let broken = spoilt(|store, change| {
        let Some(Row::Layer(row)) = rows(store, Table::Layers).pop() else { panic!() };
        change.layers = vec![Layer { key: LayerKey { site: location::LOSS, ..row.key }, ..row }];
    });
    assert_ne!(broken, [""; 0]);
}
