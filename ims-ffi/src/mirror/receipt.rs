//! What a command did.

use super::*;

mirror! {
    /// What was done. Each variant is named after what happened and holds what a reader of the log needs to follow it.
    enum Receipt = ims_core::Receipt, "snake_case" {
        /// The shop is open.
        ShopOpened(Shop),
        /// Nothing can be booked on or before this day any more; where books were opened again, after it something can.
        PeriodClosed(PeriodClosed),
        /// There is a new item.
        ItemCreated(Item),
        /// An item is now like this.
        ItemUpdated(Item),
        /// An item is no longer traded.
        ItemRetired(ItemRetired),
        /// There is a new site.
        LocationCreated(Location),
        /// A site is now like this.
        LocationUpdated(Location),
        /// There is a new supplier.
        SupplierCreated(Supplier),
        /// A supplier is now like this.
        SupplierUpdated(Supplier),
        /// There is a new customer.
        CustomerCreated(Customer),
        /// A customer is now like this.
        CustomerUpdated(Customer),
        /// Goods came in without a purchase order.
        StockReceived(StockReceived),
        /// Goods were sent back to a supplier.
        StockSentBack(StockSentBack),
        /// Stock was corrected.
        StockAdjusted(StockAdjusted),
        /// Goods went from one site to another.
        StockTransferred(StockTransferred),
        /// Stock is put aside.
        HoldPlaced(Hold),
        /// Stock is put aside for longer, or for shorter.
        HoldExtended(Hold),
        /// Stock is no longer put aside.
        HoldReleased(Hold),
        /// An item's standard cost is set, and its stock revalued.
        StandardCostSet(StandardCostSet),
        /// There is a new purchase order.
        PurchasePlaced(Purchase),
        /// Goods of a purchase order came in.
        PurchaseReceived(PurchaseReceived),
        /// The rest of a purchase order will not come.
        PurchaseClosed(Purchase),
        /// A purchase order will not come at all.
        PurchaseCancelled(Purchase),
        /// There is a new sales order.
        OrderPlaced(Order),
        /// Goods of an order left.
        OrderShipped(OrderShipped),
        /// What had not left will not leave any more.
        OrderCancelled(Order),
        /// Goods were sold over the counter: placed and shipped at once.
        Sold(Sold),
        /// Goods came back.
        GoodsReturned(GoodsReturned),
        /// Somebody knows of an alert.
        AlertAcknowledged(Alert),
    }

    /// Nothing can be booked on or before this day any more; where books were opened again, after it something can.
    struct PeriodClosed in ims_core::Receipt {
        /// The last closed day.
        until: Day,
        /// What the last closed day was before books were opened again.
        reopened_from: Option<Day>,
        /// Why they were opened again, or closed far beyond the newest entry.
        reason: Option<String>,
    }

    /// An item is no longer traded.
    struct ItemRetired in ims_core::Receipt {
        /// Which item.
        item: ItemId,
        /// Its SKU.
        sku: String,
    }

    /// Goods came in without a purchase order.
    struct StockReceived in ims_core::Receipt {
        /// At which site.
        site: LocationId,
        /// Who delivered, where it is known.
        supplier: Option<SupplierId>,
        /// What came in.
        lines: Vec<Moved>,
    }

    /// Goods were sent back to a supplier.
    struct StockSentBack in ims_core::Receipt {
        /// From which site.
        site: LocationId,
        /// To whom, where it is known.
        supplier: Option<SupplierId>,
        /// What was sent back.
        lines: Vec<Moved>,
    }

    /// Stock was corrected.
    struct StockAdjusted in ims_core::Receipt {
        /// At which site.
        site: LocationId,
        /// Why.
        reason: AdjustmentReason,
        /// In which direction.
        direction: Direction,
        /// What was added or taken.
        lines: Vec<Moved>,
        /// More about why.
        note: Option<String>,
    }

    /// Goods went from one site to another.
    struct StockTransferred in ims_core::Receipt {
        /// From here.
        from: LocationId,
        /// To there.
        to: LocationId,
        /// What went.
        lines: Vec<Moved>,
    }

    /// An item's standard cost is set, and its stock revalued.
    struct StandardCostSet in ims_core::Receipt {
        /// Which item.
        item: ItemId,
        /// The cost of one unit from now on.
        unit_cost: Amount,
        /// How much more the stock is worth than before.
        revaluation: Amount,
    }

    /// Goods of a purchase order came in.
    struct PurchaseReceived in ims_core::Receipt {
        /// The order as it is now.
        purchase: Purchase,
        /// What came in.
        lines: Vec<Moved>,
    }

    /// Goods of an order left.
    struct OrderShipped in ims_core::Receipt {
        /// The order as it is now.
        order: Order,
        /// What left.
        lines: Vec<Moved>,
    }

    /// Goods were sold over the counter: placed and shipped at once.
    struct Sold in ims_core::Receipt {
        /// The order.
        order: Order,
        /// What left.
        lines: Vec<Moved>,
    }

    /// Goods came back.
    struct GoodsReturned in ims_core::Receipt {
        /// The return.
        goods: Return,
        /// What came back.
        lines: Vec<Moved>,
    }

    /// Goods that moved, and what they cost.
    struct Moved = ims_core::Moved {
        /// The line of the document, counted from 0.
        line: u32,
        /// Which item.
        item: ItemId,
        /// How many.
        quantity: Quantity,
        /// What they cost together.
        cost: Amount,
        /// When they were acquired.
        acquired_at: Timestamp,
    }

    /// A line of an order that was waiting and got goods.
    struct Filled = ims_core::Filled {
        /// The order.
        order: OrderId,
        /// Its line, counted from 0.
        line: u32,
        /// How many it got.
        quantity: Quantity,
    }
}
