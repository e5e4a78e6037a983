//! Questions that read and never write.

use crate::{
    Ims, ImsError,
    mirror::{
        AlertPage, AlertQuery, CustomerPage, Item, ItemId, ItemPage, ItemQuery, LocationPage, Mirror, MovementPage,
        MovementQuery, Order, OrderId, OrderPage, OrderQuery, PageRequest, PartyQuery, ProfitPage, ProfitQuery,
        Purchase, PurchaseId, PurchasePage, PurchaseQuery, ReorderPage, StockPage, StockQuery, StockValue,
        SupplierPage, Timestamp, ValueQuery, Verdict, shown,
    },
    runtime,
};
use ims_core::{Name, Reports, Store, audit, store::ReadSet};
use std::collections::BTreeSet;

macro_rules! lists {
    ($($(#[$doc:meta])* $list:ident: $query:ident => $page:ident;)*) => {
        #[uniffi::export]
        impl Ims {
            $(
                $(#[$doc])*
                pub async fn $list(&self, query: $query, page: PageRequest) -> Result<$page, ImsError> {
                    let (query, page) = (query.to_core()?, page.to_core()?);
                    let store = self.engine.store()?;
                    runtime::read(async move { shown(&store.$list(&query, &page).await?) }).await
                }
            )*
        }
    };
}

lists! {
    /// Lists items by folded SKU.
    items: ItemQuery => ItemPage;
    /// Lists suppliers by folded code.
    suppliers: PartyQuery => SupplierPage;
    /// Lists customers by folded code.
    customers: PartyQuery => CustomerPage;
    /// Lists stock by folded SKU and folded site code.
    stock: StockQuery => StockPage;
    /// Lists sales orders, newest first.
    orders: OrderQuery => OrderPage;
    /// Lists purchase orders, newest first.
    purchases: PurchaseQuery => PurchasePage;
    /// Lists revenue, cost and units, in ascending order of the key.
    profit: ProfitQuery => ProfitPage;
    /// Lists movements, oldest first.
    movements: MovementQuery => MovementPage;
}

#[uniffi::export]
impl Ims {
    /// Lists locations by folded code, virtual ones included.
    pub async fn locations(&self, page: PageRequest) -> Result<LocationPage, ImsError> {
        let (page, store) = (page.to_core()?, self.engine.store()?);
        runtime::read(async move { shown(&store.locations(&page).await?) }).await
    }

    /// Lists alerts by folded SKU and folded site code, each with what is available now: holds that lapse at or before
    /// `now` count no more.
    pub async fn alerts(&self, query: AlertQuery, now: Timestamp, page: PageRequest) -> Result<AlertPage, ImsError> {
        let (query, now, page) = (query.to_core()?, now.to_core()?, page.to_core()?);
        let store = self.engine.store()?;
        runtime::read(async move { shown(&store.alerts(query, now, &page).await?) }).await
    }

    /// Lists what should be reordered, by folded SKU and folded site code. Holds that lapse at or before `now` count no
    /// more.
    pub async fn reorder(&self, now: Timestamp, page: PageRequest) -> Result<ReorderPage, ImsError> {
        let (now, page, store) = (now.to_core()?, page.to_core()?, self.engine.store()?);
        runtime::read(async move { shown(&store.reorder(now, &page).await?) }).await
    }

    /// Sums up what is on the shelves.
    pub async fn stock_value(&self, query: ValueQuery) -> Result<StockValue, ImsError> {
        let (query, store) = (query.to_core()?, self.engine.store()?);
        runtime::read(async move { shown(&store.value(&query).await?) }).await
    }

    /// Gives an item.
    pub async fn item(&self, id: ItemId) -> Result<Option<Item>, ImsError> {
        self.item_where(ReadSet { items: BTreeSet::from([id.to_core()?]), ..ReadSet::default() }).await
    }

    /// Finds an item by its SKU, in any case.
    pub async fn item_with_sku(&self, sku: String) -> Result<Option<Item>, ImsError> {
        self.item_named(Name::item(&sku)).await
    }

    /// Finds an item by one of its barcodes.
    pub async fn item_with_barcode(&self, barcode: String) -> Result<Option<Item>, ImsError> {
        self.item_named(Name::item(&barcode)).await
    }

    /// Gives a sales order.
    pub async fn order(&self, id: OrderId) -> Result<Option<Order>, ImsError> {
        let reads = ReadSet { orders: BTreeSet::from([id.to_core()?]), ..ReadSet::default() };
        let store = self.engine.store()?;
        runtime::read(async move {
            store.load(&reads).await?.orders.first().map(|order| Order::from_core(&order.row)).transpose()
        })
        .await
    }

    /// Finds a sales order by its number in a series.
    pub async fn order_numbered(&self, series: String, number: u64) -> Result<Option<OrderId>, ImsError> {
        let store = self.engine.store()?;
        runtime::read(async move { shown(&store.order_numbered(&series, number).await?) }).await
    }

    /// Gives a purchase order.
    pub async fn purchase(&self, id: PurchaseId) -> Result<Option<Purchase>, ImsError> {
        let reads = ReadSet { purchases: BTreeSet::from([id.to_core()?]), ..ReadSet::default() };
        let store = self.engine.store()?;
        runtime::read(async move {
            store.load(&reads).await?.purchases.first().map(|purchase| Purchase::from_core(&purchase.row)).transpose()
        })
        .await
    }

    /// Finds a purchase order by its number in a series.
    pub async fn purchase_numbered(&self, series: String, number: u64) -> Result<Option<PurchaseId>, ImsError> {
        let store = self.engine.store()?;
        runtime::read(async move { shown(&store.purchase_numbered(&series, number).await?) }).await
    }

    /// Proves over the whole store that goods, promises, costs and money add up, and gives its state hash.
    pub async fn verify(&self) -> Result<Verdict, ImsError> {
        let store = self.engine.store()?;
        runtime::read(async move { shown(&audit::verify(&store).await?) }).await
    }

    /// Gives the hash of all that the store keeps: equal for the same commands, in every language and every store.
    pub async fn state_hash(&self) -> Result<String, ImsError> {
        let store = self.engine.store()?;
        runtime::read(async move { Ok(audit::state_hash(&store).await?) }).await
    }
}

impl Ims {
    async fn item_where(&self, reads: ReadSet) -> Result<Option<Item>, ImsError> {
        let store = self.engine.store()?;
        runtime::read(async move {
            store.load(&reads).await?.items.first().map(|item| Item::from_core(&item.row)).transpose()
        })
        .await
    }

    /// Finds the item that has a SKU or a barcode: they are one set of names.
    async fn item_named(&self, name: Name) -> Result<Option<Item>, ImsError> {
        let reads = ReadSet::named([name.clone()]);
        let store = self.engine.store()?;
        let id = runtime::read(async move { Ok(store.load(&reads).await?.named::<ims_core::ItemId>(&name)) }).await?;
        let Some(id) = id else { return Ok(None) };
        self.item_where(ReadSet { items: BTreeSet::from([id]), ..ReadSet::default() }).await
    }
}
