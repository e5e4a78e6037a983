//! A function for every command, which gives what that command's receipt says.

use crate::{
    Ims, ImsError,
    mirror::{
        AcknowledgeAlert, AdjustStock, Alert, CancelOrder, CancelPurchase, ClosePeriod, ClosePurchase, Command,
        Context, CreateCustomer, CreateItem, CreateLocation, CreateSupplier, Customer, ExtendHold, GoodsReturned, Hold,
        Item, ItemRetired, Location, Mirror, OpenShop, Order, OrderShipped, PeriodClosed, PlaceHold, PlaceOrder,
        PlacePurchase, Purchase, PurchaseReceived, Receipt, ReceivePurchase, ReceiveStock, ReleaseHold, RetireItem,
        ReturnGoods, Sell, SendBackStock, SetStandardCost, ShipOrder, Shop, Sold, StandardCostSet, StockAdjusted,
        StockReceived, StockSentBack, StockTransferred, Supplier, TransferStock, UpdateCustomer, UpdateItem,
        UpdateLocation, UpdateSupplier,
    },
};

macro_rules! verbs {
    ($($(#[$doc:meta])* $verb:ident: $request:ident => $receipt:ident($answer:ident);)*) => {
        #[uniffi::export]
        impl Ims {
            $(
                $(#[$doc])*
                pub async fn $verb(&self, context: Context, request: $request) -> Result<$answer, ImsError> {
                    match self.ask(context.to_core()?, request.to_core()?.into()).await? {
                        Receipt::$receipt(answer) => Ok(answer),
                        _ => Err(ImsError::internal("a command is answered with its own receipt")),
                    }
                }
            )*
        }

        // A command without a function does not compile.
        const _: fn(Command) = |command| match command { $(Command::$request(_) => {})* };
    };
}

verbs! {
    /// Opens the shop.
    open_shop: OpenShop => ShopOpened(Shop);
    /// Closes the books up to a day.
    close_period: ClosePeriod => PeriodClosed(PeriodClosed);
    /// Adds an item.
    create_item: CreateItem => ItemCreated(Item);
    /// Changes an item.
    update_item: UpdateItem => ItemUpdated(Item);
    /// Takes an item out of trade.
    retire_item: RetireItem => ItemRetired(ItemRetired);
    /// Adds a site.
    create_location: CreateLocation => LocationCreated(Location);
    /// Changes or retires a site.
    update_location: UpdateLocation => LocationUpdated(Location);
    /// Adds a supplier.
    create_supplier: CreateSupplier => SupplierCreated(Supplier);
    /// Changes or retires a supplier.
    update_supplier: UpdateSupplier => SupplierUpdated(Supplier);
    /// Adds a customer.
    create_customer: CreateCustomer => CustomerCreated(Customer);
    /// Changes or retires a customer.
    update_customer: UpdateCustomer => CustomerUpdated(Customer);
    /// Takes in goods without a purchase order.
    receive_stock: ReceiveStock => StockReceived(StockReceived);
    /// Sends goods back to a supplier.
    send_back_stock: SendBackStock => StockSentBack(StockSentBack);
    /// Corrects stock, with a reason.
    adjust_stock: AdjustStock => StockAdjusted(StockAdjusted);
    /// Moves stock between sites.
    transfer_stock: TransferStock => StockTransferred(StockTransferred);
    /// Puts stock aside.
    place_hold: PlaceHold => HoldPlaced(Hold);
    /// Changes until when stock is put aside.
    extend_hold: ExtendHold => HoldExtended(Hold);
    /// Ends a hold.
    release_hold: ReleaseHold => HoldReleased(Hold);
    /// Sets an item's standard cost.
    set_standard_cost: SetStandardCost => StandardCostSet(StandardCostSet);
    /// Orders from a supplier.
    place_purchase: PlacePurchase => PurchasePlaced(Purchase);
    /// Takes in goods of a purchase order.
    receive_purchase: ReceivePurchase => PurchaseReceived(PurchaseReceived);
    /// Ends a purchase order of which only a part has come.
    close_purchase: ClosePurchase => PurchaseClosed(Purchase);
    /// Cancels a purchase order of which nothing has come.
    cancel_purchase: CancelPurchase => PurchaseCancelled(Purchase);
    /// Places a sales order.
    place_order: PlaceOrder => OrderPlaced(Order);
    /// Ships all or a part of a sales order.
    ship_order: ShipOrder => OrderShipped(OrderShipped);
    /// Cancels what has not been shipped.
    cancel_order: CancelOrder => OrderCancelled(Order);
    /// Sells over the counter: places and ships at once.
    sell: Sell => Sold(Sold);
    /// Takes goods back.
    return_goods: ReturnGoods => GoodsReturned(GoodsReturned);
    /// Says that somebody knows of an alert.
    acknowledge_alert: AcknowledgeAlert => AlertAcknowledged(Alert);
}
