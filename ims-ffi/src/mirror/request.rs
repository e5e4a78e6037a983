//! What can be asked for.

use super::*;

mirror! {
    /// Opens the shop, once. Nothing else can be done before.
    struct OpenShop = ims_core::shop::OpenShop {
        /// What it is called.
        name: String,
        /// The currency of its books, such as `EUR`.
        currency: String,
        /// Decides the business day, such as `Europe/Lisbon`; UTC where none is given.
        time_zone: Option<String> = None,
        /// How the total of a document's line is rounded; to the currency's smallest coin, halves up, where none is given.
        rounding: Option<Rounding> = None,
        /// The costing method of an item that names none.
        costing: Option<CostingMethod> = None,
    }

    /// Closes the books up to and including a day: nothing that happened on it or before can be entered any more. A day that
    /// is closed already opens the books again after it, which takes a reason; so does a day that is far beyond the newest
    /// entry, as a wrong clock names it.
    struct ClosePeriod = ims_core::period::ClosePeriod {
        /// The last closed day.
        until: Day,
        /// Why books are opened again, or closed far beyond the newest entry.
        reason: Option<String> = None,
    }

    /// Adds an item.
    struct CreateItem = ims_core::item::CreateItem {
        /// The shop's own code, unique when folded.
        sku: String,
        /// What it is called.
        name: String,
        /// More words about it.
        description: String = "",
        /// Its brand.
        brand: String = "",
        /// Its category, a path such as `Drinks/Tea`.
        category: String = "",
        /// What one of it is; a piece where nothing is said.
        unit: Option<UnitOfMeasure> = None,
        /// Whether stock is kept of it; it is where nothing is said.
        tracking: Option<Tracking> = None,
        /// How its cost of goods sold is found; as the shop's other items' where nothing is said.
        costing: Option<CostingMethod> = None,
        /// The standard cost of one.
        standard_cost: Option<Amount> = None,
        /// The price of one.
        price: Option<Amount> = None,
        /// Its barcodes.
        barcodes: Vec<String> = [],
        /// At or below this many available it is low on stock.
        reorder_point: Option<Quantity> = None,
        /// Reorder so many that this many are available again.
        reorder_to: Option<Quantity> = None,
        /// How many more than available may be promised per site; none where nothing is said.
        backorder_limit: Option<Quantity> = None,
        /// Who usually supplies it.
        supplier: Option<SupplierId> = None,
    }

    /// Changes an item. What has been sold keeps the name, price, brand and category that it was sold with.
    ///
    /// Unit, tracking and costing can only change while there is none of it anywhere. A unit may get more decimals at any time.
    struct UpdateItem = ims_core::item::UpdateItem {
        /// Which item.
        item: ItemId,
        /// The shop's own code.
        sku: Option<String> = None,
        /// What it is called.
        name: Option<String> = None,
        /// More words about it.
        description: Option<String> = None,
        /// Its brand.
        brand: Option<String> = None,
        /// Its category.
        category: Option<String> = None,
        /// What one of it is.
        unit: Option<UnitOfMeasure> = None,
        /// Whether stock is kept of it.
        tracking: Option<Tracking> = None,
        /// How its cost of goods sold is found.
        costing: Option<CostingMethod> = None,
        /// The price of one.
        price: Option<AmountPatch> = None,
        /// Its barcodes, all of them.
        barcodes: Option<Vec<String>> = None,
        /// At or below this many available it is low on stock.
        reorder_point: Option<QuantityPatch> = None,
        /// Reorder so many that this many are available again.
        reorder_to: Option<QuantityPatch> = None,
        /// How many more than available may be promised per site. What is promised already stays promised.
        backorder_limit: Option<Quantity> = None,
        /// Who usually supplies it.
        supplier: Option<SupplierIdPatch> = None,
        /// Whether it is in trade; to retire it, nothing of it may be promised or on its way.
        standing: Option<Standing> = None,
        /// Only if it still is what its caller saw: the tag of that.
        if_tag: Option<String> = None,
    }

    /// Takes an item out of trade. It is no longer bought or sold; what is left of it can still be adjusted, transferred,
    /// sent back and taken back. Nothing of it may be promised or on its way. Its alerts are resolved.
    struct RetireItem = ims_core::item::RetireItem {
        /// Which item.
        item: ItemId,
    }

    /// Adds a site: a shop or a warehouse with stock of its own.
    struct CreateLocation = ims_core::location::CreateLocation {
        /// Its short code, unique when folded; also names its number series.
        code: String,
        /// What it is called.
        name: String,
    }

    /// Renames a site, retires it, or puts it back into use. Its code stays: numbers of documents begin with it.
    struct UpdateLocation = ims_core::location::UpdateLocation {
        /// Which site.
        location: LocationId,
        /// What it is called.
        name: Option<String> = None,
        /// Whether it is in use.
        standing: Option<Standing> = None,
        /// Only if it still is what its caller saw: the tag of that.
        if_tag: Option<String> = None,
    }

    /// Adds a supplier.
    struct CreateSupplier = ims_core::party::CreateSupplier {
        /// The shop's short code for it, unique among suppliers when folded.
        code: String,
        /// How to reach it.
        contact: Contact,
    }

    /// Changes how to reach a supplier, retires it, or takes it back. Its code stays.
    struct UpdateSupplier = ims_core::party::UpdateSupplier {
        /// Which supplier.
        supplier: SupplierId,
        /// How to reach it.
        contact: Option<Contact> = None,
        /// Whether the shop trades with it.
        standing: Option<Standing> = None,
        /// Only if it still is what its caller saw: the tag of that.
        if_tag: Option<String> = None,
    }

    /// Adds a customer.
    struct CreateCustomer = ims_core::party::CreateCustomer {
        /// The shop's short code for it, unique among customers when folded.
        code: String,
        /// How to reach it.
        contact: Contact,
    }

    /// Changes how to reach a customer, retires it, or takes it back. Its code stays.
    struct UpdateCustomer = ims_core::party::UpdateCustomer {
        /// Which customer.
        customer: CustomerId,
        /// How to reach it.
        contact: Option<Contact> = None,
        /// Whether the shop trades with it.
        standing: Option<Standing> = None,
        /// Only if it still is what its caller saw: the tag of that.
        if_tag: Option<String> = None,
    }

    /// Takes in goods that no purchase order announced.
    struct ReceiveStock = ims_core::stock::ReceiveStock {
        /// At which site.
        site: LocationId,
        /// Who delivered, where it is known.
        supplier: Option<SupplierId> = None,
        /// What came.
        lines: Vec<CostedGoods>,
    }

    /// Sends goods back to a supplier. They leave at the cost that any goods would leave at.
    struct SendBackStock = ims_core::stock::SendBackStock {
        /// From which site.
        site: LocationId,
        /// To whom, where it is known.
        supplier: Option<SupplierId> = None,
        /// What goes back.
        lines: Vec<Goods>,
    }

    /// Corrects what is on the shelf, and says why. What is taken must be available: claims of others come first.
    struct AdjustStock = ims_core::stock::AdjustStock {
        /// At which site.
        site: LocationId,
        /// Why.
        reason: AdjustmentReason,
        /// Whether stock is added or taken.
        direction: Direction,
        /// What is added or taken.
        lines: Vec<Adjusted>,
        /// More about why.
        note: Option<String> = None,
    }

    /// A line of an adjustment.
    struct Adjusted = ims_core::stock::Adjusted {
        /// Which item.
        item: ItemId,
        /// How many.
        quantity: Quantity,
        /// The cost of one that is added; where none is given, what one of the stock costs now. Without meaning for what is
        /// taken: that leaves at its own cost.
        unit_cost: Option<Amount> = None,
    }

    /// Moves stock from one site to another, at once. Goods keep their cost and the date they were acquired.
    struct TransferStock = ims_core::stock::TransferStock {
        /// From here.
        from: LocationId,
        /// To there.
        to: LocationId,
        /// What goes.
        lines: Vec<Goods>,
    }

    /// So many of an item.
    struct Goods = ims_core::stock::Goods {
        /// Which item.
        item: ItemId,
        /// How many.
        quantity: Quantity,
    }

    /// So many of an item at a cost.
    struct CostedGoods = ims_core::stock::CostedGoods {
        /// Which item.
        item: ItemId,
        /// How many.
        quantity: Quantity,
        /// The cost of one.
        unit_cost: Amount,
    }

    /// Puts stock aside for a basket until a moment. From then on it counts no more, without anybody having to do anything.
    struct PlaceHold = ims_core::stock::PlaceHold {
        /// Which item.
        item: ItemId,
        /// At which site.
        site: LocationId,
        /// How many.
        quantity: Quantity,
        /// Until when.
        until: Timestamp,
    }

    /// Changes until when stock is put aside. A hold that has lapsed cannot be extended: others may have the goods.
    struct ExtendHold = ims_core::stock::ExtendHold {
        /// Which hold.
        hold: HoldId,
        /// Until when, from now on.
        until: Timestamp,
    }

    /// Ends a hold. What it held is available again.
    struct ReleaseHold = ims_core::stock::ReleaseHold {
        /// Which hold.
        hold: HoldId,
    }

    /// Sets the standard cost of an item and revalues what is on hand, at every site. The difference is a variance.
    struct SetStandardCost = ims_core::cost::SetStandardCost {
        /// Which item.
        item: ItemId,
        /// The cost of one unit from now on.
        unit_cost: Amount,
    }

    /// Orders goods from a supplier. They are incoming until they come.
    struct PlacePurchase = ims_core::purchase::PlacePurchase {
        /// Who delivers.
        supplier: SupplierId,
        /// Where the goods go.
        site: LocationId,
        /// When the goods should be there.
        expected: Option<Day> = None,
        /// What is ordered.
        lines: Vec<CostedGoods>,
    }

    /// Takes in goods of a purchase order: what is named, or all that is still to come.
    struct ReceivePurchase = ims_core::purchase::ReceivePurchase {
        /// Which purchase order.
        purchase: PurchaseId,
        /// What came; all that is still to come where nothing is named.
        lines: Option<Vec<ReceivedLine>> = None,
    }

    /// So many of a line of a purchase order.
    struct ReceivedLine = ims_core::purchase::ReceivedLine {
        /// Which line, counted from 0.
        line: u32,
        /// How many.
        quantity: Quantity,
        /// What one cost; as agreed where nothing is said.
        unit_cost: Option<Amount> = None,
    }

    /// Closes a purchase order short: what has not come will not come.
    struct ClosePurchase = ims_core::purchase::ClosePurchase {
        /// Which purchase order.
        purchase: PurchaseId,
    }

    /// Cancels a purchase order of which nothing has come.
    struct CancelPurchase = ims_core::purchase::CancelPurchase {
        /// Which purchase order.
        purchase: PurchaseId,
    }

    /// Places a sales order: every line gets its goods allocated, or the order says what happens otherwise.
    struct PlaceOrder = ims_core::order::PlaceOrder {
        /// Where the goods come from.
        site: LocationId,
        /// Who buys, where it is known.
        customer: Option<CustomerId> = None,
        /// The currency of the prices; the shop's where none is given.
        currency: Option<String> = None,
        /// The series that its number is from; the site's code where none is given. One for each till keeps tills from
        /// waiting for each other.
        series: Option<String> = None,
        /// What is ordered.
        lines: Vec<OrderedLine>,
        /// What happens where there is not enough.
        on_shortage: Option<OnShortage> = None,
        /// Holds whose goods are for this order: they end, and do not count against it.
        holds: Vec<HoldId> = [],
    }

    /// A line of an order, as it is asked for.
    struct OrderedLine = ims_core::order::OrderedLine {
        /// Which item.
        item: ItemId,
        /// How many.
        quantity: Quantity,
        /// The price of one; the item's where none is given. Below zero only for services: a credit.
        unit_price: Option<Amount> = None,
        /// What is taken off.
        discount: Option<Discount> = None,
    }

    /// Ships goods of an order: what is named, or all that is allocated.
    struct ShipOrder = ims_core::order::ShipOrder {
        /// Which order.
        order: OrderId,
        /// What leaves; all that is allocated where nothing is named.
        lines: Option<Vec<ShippedLine>> = None,
    }

    /// So many of a line of an order.
    struct ShippedLine = ims_core::order::ShippedLine {
        /// Which line, counted from 0.
        line: u32,
        /// How many.
        quantity: Quantity,
    }

    /// Cancels all of an order that has not been shipped. Its goods are available again.
    struct CancelOrder = ims_core::order::CancelOrder {
        /// Which order.
        order: OrderId,
    }

    /// Sells over the counter: places an order and ships all of it, or does nothing.
    struct Sell = ims_core::order::Sell {
        /// Where the goods are.
        site: LocationId,
        /// Who buys, where it is known.
        customer: Option<CustomerId> = None,
        /// The currency of the prices; the shop's where none is given.
        currency: Option<String> = None,
        /// The series that its number is from; the site's code where none is given.
        series: Option<String> = None,
        /// What is sold.
        lines: Vec<OrderedLine>,
        /// Holds whose goods are sold.
        holds: Vec<HoldId> = [],
    }

    /// Takes goods back from a customer and puts them on the shelf. What is refunded is said apart from what comes back.
    struct ReturnGoods = ims_core::order::ReturnGoods {
        /// What comes back.
        goods: ReturnedGoods,
        /// Why more may be refunded than was paid, or than the list price where no order is known. Without it, no more is.
        refund_reason: Option<String> = None,
    }

    /// So many of a line of an order.
    struct ReturnedLine = ims_core::order::ReturnedLine {
        /// Which line of the order, counted from 0.
        line: u32,
        /// How many.
        quantity: Quantity,
        /// What is refunded for them all; what was paid for them and not refunded yet where nothing is said. No more than
        /// that, unless there is a reason.
        refund: Option<Amount> = None,
    }

    /// So many of an item.
    struct LooseLine = ims_core::order::LooseLine {
        /// Which item.
        item: ItemId,
        /// How many.
        quantity: Quantity,
        /// What is refunded for one: no more than its list price, unless there is a reason.
        unit_price: Amount,
        /// What one had cost; where nothing is said, what one of the stock costs now.
        unit_cost: Option<Amount> = None,
    }

    /// Says that somebody knows of an alert. It stays open until the stock recovers.
    struct AcknowledgeAlert = ims_core::alert::AcknowledgeAlert {
        /// About which item.
        item: ItemId,
        /// At which site.
        site: LocationId,
    }

    /// Says which command this is, who gives it and when. The engine has no clock and makes no ids: its caller does.
    struct Context = ims_core::Context {
        /// Made by the caller, once for each thing it wants done, and sent again unchanged until there is an answer.
        id: CommandId,
        /// Who gives the command.
        actor: String,
        /// The time now: when the shop is told.
        now: Timestamp,
        /// When it happened, where that was earlier than `now`.
        occurred_at: Option<Timestamp> = None,
        /// The earliest moment that `occurred_at` may say: for callers who enter what happened, and do not keep the books.
        /// Where there is none, any moment may be said whose books are open.
        earliest: Option<Timestamp> = None,
    }

    /// What is taken off a line.
    enum Discount = ims_core::order::Discount, "snake_case" {
        /// A fraction of the line, such as 0.15; rounded as the shop rounds.
        Fraction(Fraction),
        /// An amount.
        Amount(Amount),
    }

    /// What happens where an order wants more than is available.
    enum OnShortage = ims_core::order::OnShortage, "snake_case" {
        /// The whole order is refused.
        Refuse,
        /// What is missing waits for goods, within the item's backorder limit.
        Backorder,
        /// What is missing is cancelled at once.
        Cancel,
    }

    /// What comes back, and how it is known what it had cost.
    enum ReturnedGoods = ims_core::order::ReturnedGoods, "snake_case" {
        /// Goods of an order. They come back with exactly the cost and the age that they left with.
        OfOrder(OfOrder),
        /// Goods of which nobody knows the order. They come back at the cost that is stated, or at what one of the stock
        /// costs now.
        Loose(Loose),
    }

    /// Goods of an order. They come back with exactly the cost and the age that they left with.
    struct OfOrder in ims_core::order::ReturnedGoods {
        /// Which order.
        order: OrderId,
        /// Which of its shipments; where none is named, the oldest one that has goods out comes first.
        shipment: Option<CommandId> = None,
        /// To which site; to the one that they left where none is named.
        site: Option<LocationId> = None,
        /// What comes back.
        lines: Vec<ReturnedLine>,
    }

    /// Goods of which nobody knows the order. They come back at the cost that is stated, or at what one of the stock
    /// costs now.
    struct Loose in ims_core::order::ReturnedGoods {
        /// To which site.
        site: LocationId,
        /// From whom, where it is known.
        customer: Option<CustomerId> = None,
        /// What comes back.
        lines: Vec<LooseLine>,
    }
}
