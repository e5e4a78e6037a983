//! A shop that trades a little.

use ims_core::{
    AdjustmentReason, AnyStore, Command, CommandId, Context, Currency, Direction, Ims, ItemId, LocationId, MemoryStore,
    Offset, OrderId, Quantity, Sku, Store, Timestamp,
    item::CreateItem,
    location::CreateLocation,
    order::{CancelOrder, OrderedLine, PlaceOrder},
    shop::OpenShop,
    stock::{AdjustStock, Adjusted},
};
use ims_sqlx::Registry;

/// A shop with three items of which there are plenty.
pub(super) struct Shop {
    pub(super) ims: Ims<AnyStore>,
    pub(super) registry: Registry,
    site: LocationId,
    items: Vec<ItemId>,
    commands: u128,
}

impl Shop {
    /// In memory.
    pub(super) async fn open() -> Shop {
        Shop::on(AnyStore::new(MemoryStore::new()), Registry::memory()).await
    }

    /// On a store that is empty.
    pub(super) async fn on(store: AnyStore, registry: Registry) -> Shop {
        let (ims, worker) = Ims::new(store);
        tokio::spawn(worker);
        let nobody = LocationId::from_u128(0);
        let mut shop = Shop { ims, registry, site: nobody, items: Vec::new(), commands: 0x51_0000 };
        shop.give(OpenShop::new("Corner shop", Currency::from_code(*b"GBP").unwrap())).await;
        shop.site = shop.give(CreateLocation { code: "MAIN".into(), name: "Main shop".into() }).await.into();
        for sku in ["TEA-1", "CUP-2", "POT-3"] {
            let price = Some("4.50".parse().unwrap());
            let item = shop.give(CreateItem { price, ..CreateItem::new(Sku::new(sku).unwrap(), sku) }).await;
            shop.items.push(item.into());
        }
        let items = shop.items.clone();
        let lines = items.into_iter().map(|item| adjusted(item, "100000", Some("2.10"))).collect();
        shop.adjust(AdjustmentReason::Opening, Direction::Up, lines).await;
        shop
    }

    /// The log and the rows.
    pub(super) fn store(&self) -> &AnyStore {
        self.ims.store()
    }

    /// Makes at least so many events: goods found and lost, orders placed and cancelled.
    pub(super) async fn trade(&mut self, events: u64) {
        let until = self.newest().await + events;
        while self.newest().await < until {
            for at in 0..self.items.len() {
                let (item, site) = (self.items[at], self.site);
                let lines = vec![OrderedLine::new(item, "1".parse().unwrap())];
                let order: OrderId = self.give(PlaceOrder::new(site, lines)).await.into();
                self.adjust(AdjustmentReason::Found, Direction::Up, vec![adjusted(item, "1", None)]).await;
                self.give(CancelOrder { order }).await;
            }
        }
    }

    /// The offset of the newest event.
    pub(super) async fn newest(&self) -> u64 {
        self.store().events(Offset::START, 0).await.unwrap().newest.0
    }

    async fn adjust(&mut self, reason: AdjustmentReason, direction: Direction, lines: Vec<Adjusted>) {
        let site = self.site;
        self.give(AdjustStock { site, reason, direction, lines, note: None }).await;
    }

    async fn give(&mut self, command: impl Into<Command>) -> CommandId {
        self.commands += 1;
        let id = CommandId::from_u128(self.commands);
        let now = Timestamp::from_micros(1_780_000_000_000_000).unwrap();
        self.ims.execute(Context::new(id, "test", now), command).await.unwrap();
        id
    }
}

fn adjusted(item: ItemId, quantity: &str, unit_cost: Option<&str>) -> Adjusted {
    let quantity: Quantity = quantity.parse().unwrap();
    Adjusted { item, quantity, unit_cost: unit_cost.map(|cost| cost.parse().unwrap()) }
}
