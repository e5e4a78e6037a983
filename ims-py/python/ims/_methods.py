# Written by tools/generate.py from the Rust sources; change those, or it.
"""What can be asked of a shop and about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from ims import _questions
from ims._asking import Asking
from ims._commands import (
    AcknowledgeAlert,
    AdjustStock,
    CancelOrder,
    CancelPurchase,
    ClosePeriod,
    ClosePurchase,
    CreateCustomer,
    CreateItem,
    CreateLocation,
    CreateSupplier,
    ExtendHold,
    OpenShop,
    PlaceHold,
    PlaceOrder,
    PlacePurchase,
    ReceivePurchase,
    ReceiveStock,
    ReleaseHold,
    RetireItem,
    ReturnGoods,
    Sell,
    SendBackStock,
    SetStandardCost,
    ShipOrder,
    TransferStock,
    UpdateCustomer,
    UpdateItem,
    UpdateLocation,
    UpdateSupplier,
)
from ims._receipts import (
    AlertAcknowledged,
    CustomerCreated,
    CustomerUpdated,
    GoodsReturned,
    HoldExtended,
    HoldPlaced,
    HoldReleased,
    ItemCreated,
    ItemRetired,
    ItemUpdated,
    LocationCreated,
    LocationUpdated,
    OrderCancelled,
    OrderPlaced,
    OrderShipped,
    PeriodClosed,
    PurchaseCancelled,
    PurchaseClosed,
    PurchasePlaced,
    PurchaseReceived,
    ShopOpened,
    Sold,
    StandardCostSet,
    StockAdjusted,
    StockReceived,
    StockSentBack,
    StockTransferred,
    SupplierCreated,
    SupplierUpdated,
)
from ims._listing import Rows
from ims._rows import (
    Alert,
    AlertLine,
    Customer,
    Hold,
    Item,
    Location,
    Movement,
    Order,
    ProfitLine,
    Purchase,
    ReorderLine,
    Shop,
    StockLine,
    StockValue,
    Supplier,
)
from ims._types import clock, Id, KEEP, Keep, Number
from ims._values import (
    Adjusted,
    Contact,
    CostedGoods,
    Goods,
    OrderedLine,
    ReceivedLine,
    ReturnedGoods,
    Rounding,
    ShippedLine,
    Unit,
)
from ims._words import (
    AdjustmentReason,
    AlertQuery,
    CostingMethod,
    Direction,
    Listed,
    OnShortage,
    OrderStatus,
    ProfitBy,
    PurchaseStatus,
    Standing,
    Tracking,
)


class Commands(Asking):
    """A method for each command.

    Each takes `id` (made anew where none is given), `actor` (that of the store), `now` (the clock) and
    `occurred_at` (`now`) beside what it is about.
    """

    def open_shop(
        self,
        *,
        name: str,
        currency: str,
        time_zone: str = "UTC",
        rounding: Rounding | None = None,
        costing: CostingMethod = "fifo",
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> Shop:
        """Opens the shop, once. Nothing else can be done before.

        Args:
            name: What it is called.
            currency: The currency of its books.
            time_zone: Decides the business day; UTC where none is given.
            rounding: How the total of a document's line is rounded; to the currency's smallest coin, halves up, where none is given.
            costing: The costing method of an item that names none.
        """
        command = OpenShop(name=name, currency=currency, time_zone=time_zone, rounding=rounding, costing=costing)
        return self._execute(ShopOpened, command, id, actor, now, occurred_at).shop

    def close_period(
        self,
        *,
        until: date,
        reason: str | None = None,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> PeriodClosed:
        """Closes the books up to and including a day: nothing that happened on it or before can be entered any
        more. A day that is closed already opens the books again after it, which takes a reason; so does a day
        that is far beyond the newest entry, as a wrong clock names it.

        Args:
            until: The last closed day.
            reason: Why books are opened again, or closed far beyond the newest entry.
        """
        command = ClosePeriod(until=until, reason=reason)
        return self._execute(PeriodClosed, command, id, actor, now, occurred_at)

    def create_item(
        self,
        *,
        sku: str,
        name: str,
        description: str = "",
        brand: str = "",
        category: str = "",
        unit: Unit | None = None,
        tracking: Tracking | None = None,
        costing: CostingMethod | None = None,
        standard_cost: Number | None = None,
        price: Number | None = None,
        barcodes: Sequence[str] = (),
        reorder_point: Number | None = None,
        reorder_to: Number | None = None,
        backorder_limit: Number = 0,
        supplier: Id | None = None,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> Item:
        """Adds an item.

        Args:
            sku: The shop's own code, unique when folded.
            name: What it is called.
            description: More words about it.
            brand: Its brand.
            category: Its category, a path such as `Drinks/Tea`.
            unit: What one of it is; a piece where nothing is said.
            tracking: Whether stock is kept of it; it is where nothing is said.
            costing: How its cost of goods sold is found; as the shop's other items' where nothing is said.
            standard_cost: The standard cost of one.
            price: The price of one.
            barcodes: Its barcodes.
            reorder_point: At or below this many available it is low on stock.
            reorder_to: Reorder so many that this many are available again.
            backorder_limit: How many more than available may be promised per site; none where nothing is said.
            supplier: Who usually supplies it.
        """
        command = CreateItem(
            sku=sku,
            name=name,
            description=description,
            brand=brand,
            category=category,
            unit=unit,
            tracking=tracking,
            costing=costing,
            standard_cost=standard_cost,
            price=price,
            barcodes=barcodes,
            reorder_point=reorder_point,
            reorder_to=reorder_to,
            backorder_limit=backorder_limit,
            supplier=supplier,
        )
        return self._execute(ItemCreated, command, id, actor, now, occurred_at).item

    def update_item(
        self,
        *,
        item: Id,
        sku: str | Keep = KEEP,
        name: str | Keep = KEEP,
        description: str | Keep = KEEP,
        brand: str | Keep = KEEP,
        category: str | Keep = KEEP,
        unit: Unit | Keep = KEEP,
        tracking: Tracking | Keep = KEEP,
        costing: CostingMethod | Keep = KEEP,
        price: Number | None | Keep = KEEP,
        barcodes: Sequence[str] | Keep = KEEP,
        reorder_point: Number | None | Keep = KEEP,
        reorder_to: Number | None | Keep = KEEP,
        backorder_limit: Number | Keep = KEEP,
        supplier: Id | None | Keep = KEEP,
        standing: Standing | Keep = KEEP,
        if_tag: str | None = None,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> Item:
        """Changes an item. What has been sold keeps the name, price, brand and category that it was sold with.

        Unit, tracking and costing can only change while there is none of it anywhere. A unit may get more
        decimals at any time.

        Args:
            item: Which item.
            sku: The shop's own code.
            name: What it is called.
            description: More words about it.
            brand: Its brand.
            category: Its category.
            unit: What one of it is.
            tracking: Whether stock is kept of it.
            costing: How its cost of goods sold is found.
            price: The price of one.
            barcodes: Its barcodes, all of them.
            reorder_point: At or below this many available it is low on stock.
            reorder_to: Reorder so many that this many are available again.
            backorder_limit: How many more than available may be promised per site. What is promised already stays promised.
            supplier: Who usually supplies it.
            standing: Whether it is in trade; to retire it, nothing of it may be promised or on its way.
            if_tag: Only if it still is what its caller saw: the entity tag of that, which is its `ETag` over HTTP. Several, with commas between them, where one of them has to be it.
        """
        command = UpdateItem(
            item=item,
            sku=sku,
            name=name,
            description=description,
            brand=brand,
            category=category,
            unit=unit,
            tracking=tracking,
            costing=costing,
            price=price,
            barcodes=barcodes,
            reorder_point=reorder_point,
            reorder_to=reorder_to,
            backorder_limit=backorder_limit,
            supplier=supplier,
            standing=standing,
            if_tag=if_tag,
        )
        return self._execute(ItemUpdated, command, id, actor, now, occurred_at).item

    def retire_item(
        self,
        *,
        item: Id,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> ItemRetired:
        """Takes an item out of trade. It is no longer bought or sold; what is left of it can still be adjusted,
        transferred, sent back and taken back. Nothing of it may be promised or on its way. Its alerts are
        resolved.

        Args:
            item: Which item.
        """
        command = RetireItem(item=item)
        return self._execute(ItemRetired, command, id, actor, now, occurred_at)

    def create_location(
        self,
        *,
        code: str,
        name: str,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> Location:
        """Adds a site: a shop or a warehouse with stock of its own.

        Args:
            code: Its short code, unique when folded; also names its number series.
            name: What it is called.
        """
        command = CreateLocation(code=code, name=name)
        return self._execute(LocationCreated, command, id, actor, now, occurred_at).location

    def update_location(
        self,
        *,
        location: Id,
        name: str | Keep = KEEP,
        standing: Standing | Keep = KEEP,
        if_tag: str | None = None,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> Location:
        """Renames a site, retires it, or puts it back into use. Its code stays: numbers of documents begin with
        it.

        A site that is retired has nothing on hand, and nothing is open at it: goods could not come to it any
        more, and what is promised from it could not come back.

        Args:
            location: Which site.
            name: What it is called.
            standing: Whether it is in use.
            if_tag: Only if it still is what its caller saw: the entity tag of that, which is its `ETag` over HTTP. Several, with commas between them, where one of them has to be it.
        """
        command = UpdateLocation(location=location, name=name, standing=standing, if_tag=if_tag)
        return self._execute(LocationUpdated, command, id, actor, now, occurred_at).location

    def create_supplier(
        self,
        *,
        code: str,
        contact: Contact,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> Supplier:
        """Adds a supplier.

        Args:
            code: The shop's short code for it, unique among suppliers when folded.
            contact: How to reach it.
        """
        command = CreateSupplier(code=code, contact=contact)
        return self._execute(SupplierCreated, command, id, actor, now, occurred_at).supplier

    def update_supplier(
        self,
        *,
        supplier: Id,
        contact: Contact | Keep = KEEP,
        standing: Standing | Keep = KEEP,
        if_tag: str | None = None,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> Supplier:
        """Changes how to reach a supplier, retires it, or takes it back. Its code stays.

        Args:
            supplier: Which supplier.
            contact: How to reach it.
            standing: Whether the shop trades with it.
            if_tag: Only if it still is what its caller saw: the entity tag of that, which is its `ETag` over HTTP. Several, with commas between them, where one of them has to be it.
        """
        command = UpdateSupplier(supplier=supplier, contact=contact, standing=standing, if_tag=if_tag)
        return self._execute(SupplierUpdated, command, id, actor, now, occurred_at).supplier

    def create_customer(
        self,
        *,
        code: str,
        contact: Contact,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> Customer:
        """Adds a customer.

        Args:
            code: The shop's short code for it, unique among customers when folded.
            contact: How to reach it.
        """
        command = CreateCustomer(code=code, contact=contact)
        return self._execute(CustomerCreated, command, id, actor, now, occurred_at).customer

    def update_customer(
        self,
        *,
        customer: Id,
        contact: Contact | Keep = KEEP,
        standing: Standing | Keep = KEEP,
        if_tag: str | None = None,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> Customer:
        """Changes how to reach a customer, retires it, or takes it back. Its code stays.

        Args:
            customer: Which customer.
            contact: How to reach it.
            standing: Whether the shop trades with it.
            if_tag: Only if it still is what its caller saw: the entity tag of that, which is its `ETag` over HTTP. Several, with commas between them, where one of them has to be it.
        """
        command = UpdateCustomer(customer=customer, contact=contact, standing=standing, if_tag=if_tag)
        return self._execute(CustomerUpdated, command, id, actor, now, occurred_at).customer

    def receive_stock(
        self,
        *,
        site: Id,
        lines: Sequence[CostedGoods],
        supplier: Id | None = None,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> StockReceived:
        """Takes in goods that no purchase order announced.

        Args:
            site: At which site.
            lines: What came.
            supplier: Who delivered, where it is known.
        """
        command = ReceiveStock(site=site, supplier=supplier, lines=lines)
        return self._execute(StockReceived, command, id, actor, now, occurred_at)

    def send_back_stock(
        self,
        *,
        site: Id,
        lines: Sequence[Goods],
        supplier: Id | None = None,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> StockSentBack:
        """Sends goods back to a supplier. They leave at the cost that any goods would leave at.

        Args:
            site: From which site.
            lines: What goes back.
            supplier: To whom, where it is known.
        """
        command = SendBackStock(site=site, supplier=supplier, lines=lines)
        return self._execute(StockSentBack, command, id, actor, now, occurred_at)

    def adjust_stock(
        self,
        *,
        site: Id,
        reason: AdjustmentReason,
        direction: Direction,
        lines: Sequence[Adjusted],
        note: str | None = None,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> StockAdjusted:
        """Corrects what is on the shelf, and says why. What is taken must be available: claims of others come
        first.

        Args:
            site: At which site.
            reason: Why.
            direction: Whether stock is added or taken.
            lines: What is added or taken.
            note: More about why.
        """
        command = AdjustStock(site=site, reason=reason, direction=direction, lines=lines, note=note)
        return self._execute(StockAdjusted, command, id, actor, now, occurred_at)

    def transfer_stock(
        self,
        *,
        from_: Id,
        to: Id,
        lines: Sequence[Goods],
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> StockTransferred:
        """Moves stock from one site to another, at once. Goods keep their cost and the date they were acquired.

        Args:
            from_: From here.
            to: To there.
            lines: What goes.
        """
        command = TransferStock(from_=from_, to=to, lines=lines)
        return self._execute(StockTransferred, command, id, actor, now, occurred_at)

    def place_hold(
        self,
        *,
        item: Id,
        site: Id,
        quantity: Number,
        until: datetime,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> Hold:
        """Puts stock aside for a basket until a moment. From then on it counts no more, without anybody having to
        do anything.

        Args:
            item: Which item.
            site: At which site.
            quantity: How many.
            until: Until when.
        """
        command = PlaceHold(item=item, site=site, quantity=quantity, until=until)
        return self._execute(HoldPlaced, command, id, actor, now, occurred_at).hold

    def extend_hold(
        self,
        *,
        hold: Id,
        until: datetime,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> Hold:
        """Changes until when stock is put aside. A hold that has lapsed cannot be extended: others may have the
        goods.

        Args:
            hold: Which hold.
            until: Until when, from now on.
        """
        command = ExtendHold(hold=hold, until=until)
        return self._execute(HoldExtended, command, id, actor, now, occurred_at).hold

    def release_hold(
        self,
        *,
        hold: Id,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> Hold:
        """Ends a hold. What it held is available again.

        Args:
            hold: Which hold.
        """
        command = ReleaseHold(hold=hold)
        return self._execute(HoldReleased, command, id, actor, now, occurred_at).hold

    def set_standard_cost(
        self,
        *,
        item: Id,
        unit_cost: Number,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> StandardCostSet:
        """Sets the standard cost of an item and revalues what is on hand, at every site. The difference is a
        variance. Entered late, it follows everything that has moved of the item: what came later was not there
        to be revalued.

        Args:
            item: Which item.
            unit_cost: The cost of one unit from now on.
        """
        command = SetStandardCost(item=item, unit_cost=unit_cost)
        return self._execute(StandardCostSet, command, id, actor, now, occurred_at)

    def place_purchase(
        self,
        *,
        supplier: Id,
        site: Id,
        lines: Sequence[CostedGoods],
        expected: date | None = None,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> Purchase:
        """Orders goods from a supplier. They are incoming until they come.

        Args:
            supplier: Who delivers.
            site: Where the goods go.
            lines: What is ordered.
            expected: When the goods should be there.
        """
        command = PlacePurchase(supplier=supplier, site=site, expected=expected, lines=lines)
        return self._execute(PurchasePlaced, command, id, actor, now, occurred_at).purchase

    def receive_purchase(
        self,
        *,
        purchase: Id,
        lines: Sequence[ReceivedLine] | None = None,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> PurchaseReceived:
        """Takes in goods of a purchase order: what is named, or all that is still to come.

        Args:
            purchase: Which purchase order.
            lines: What came; all that is still to come where nothing is named.
        """
        command = ReceivePurchase(purchase=purchase, lines=lines)
        return self._execute(PurchaseReceived, command, id, actor, now, occurred_at)

    def close_purchase(
        self,
        *,
        purchase: Id,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> Purchase:
        """Closes a purchase order short: what has not come will not come.

        Args:
            purchase: Which purchase order.
        """
        command = ClosePurchase(purchase=purchase)
        return self._execute(PurchaseClosed, command, id, actor, now, occurred_at).purchase

    def cancel_purchase(
        self,
        *,
        purchase: Id,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> Purchase:
        """Cancels a purchase order of which nothing has come.

        Args:
            purchase: Which purchase order.
        """
        command = CancelPurchase(purchase=purchase)
        return self._execute(PurchaseCancelled, command, id, actor, now, occurred_at).purchase

    def place_order(
        self,
        *,
        site: Id,
        lines: Sequence[OrderedLine],
        customer: Id | None = None,
        currency: str | None = None,
        series: str | None = None,
        on_shortage: OnShortage = "refuse",
        holds: Sequence[Id] = (),
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> Order:
        """Places a sales order: every line gets its goods allocated, or the order says what happens otherwise.

        Args:
            site: Where the goods come from.
            lines: What is ordered.
            customer: Who buys, where it is known.
            currency: The currency of the prices; the shop's where none is given.
            series: The series that its number is from, the same for all codes that fold alike; the site's code where none is given. One for each till keeps tills from waiting for each other.
            on_shortage: What happens where there is not enough.
            holds: Holds whose goods are for this order: they end, and do not count against it.
        """
        command = PlaceOrder(
            site=site,
            customer=customer,
            currency=currency,
            series=series,
            lines=lines,
            on_shortage=on_shortage,
            holds=holds,
        )
        return self._execute(OrderPlaced, command, id, actor, now, occurred_at).order

    def ship_order(
        self,
        *,
        order: Id,
        lines: Sequence[ShippedLine] | None = None,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> OrderShipped:
        """Ships goods of an order: what is named, or all that is allocated.

        Args:
            order: Which order.
            lines: What leaves; all that is allocated where nothing is named.
        """
        command = ShipOrder(order=order, lines=lines)
        return self._execute(OrderShipped, command, id, actor, now, occurred_at)

    def cancel_order(
        self,
        *,
        order: Id,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> Order:
        """Cancels all of an order that has not been shipped. Its goods are available again.

        Args:
            order: Which order.
        """
        command = CancelOrder(order=order)
        return self._execute(OrderCancelled, command, id, actor, now, occurred_at).order

    def sell(
        self,
        *,
        site: Id,
        lines: Sequence[OrderedLine],
        customer: Id | None = None,
        currency: str | None = None,
        series: str | None = None,
        holds: Sequence[Id] = (),
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> Sold:
        """Sells over the counter: places an order and ships all of it, or does nothing.

        Args:
            site: Where the goods are.
            lines: What is sold.
            customer: Who buys, where it is known.
            currency: The currency of the prices; the shop's where none is given.
            series: The series that its number is from, the same for all codes that fold alike; the site's code where none is given.
            holds: Holds whose goods are sold.
        """
        command = Sell(site=site, customer=customer, currency=currency, series=series, lines=lines, holds=holds)
        return self._execute(Sold, command, id, actor, now, occurred_at)

    def return_goods(
        self,
        *,
        goods: ReturnedGoods,
        refund_reason: str | None = None,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> GoodsReturned:
        """Takes goods back from a customer and puts them on the shelf. What is refunded is said apart from what
        comes back.

        Args:
            goods: What comes back.
            refund_reason: Why more may be refunded than was paid, or than the list price where no order is known. Without it, no more is.
        """
        command = ReturnGoods(goods=goods, refund_reason=refund_reason)
        return self._execute(GoodsReturned, command, id, actor, now, occurred_at)

    def acknowledge_alert(
        self,
        *,
        item: Id,
        site: Id,
        id: Id | None = None,
        actor: str | None = None,
        now: datetime | None = None,
        occurred_at: datetime | None = None,
    ) -> Alert:
        """Says that somebody knows of an alert. It stays open until the stock recovers.

        Args:
            item: About which item.
            site: At which site.
        """
        command = AcknowledgeAlert(item=item, site=site)
        return self._execute(AlertAcknowledged, command, id, actor, now, occurred_at).alert


class Reports(Asking):
    """A method for each report."""

    def items(
        self,
        *,
        text: str | None = None,
        brand: str | None = None,
        category: str | None = None,
        supplier: Id | None = None,
        standing: Listed = "active",
    ) -> Rows[Item]:
        """Lists items by folded SKU, then id.

        Args:
            text: Only those whose folded SKU or folded name contains this, folded.
            brand: Only those of this brand, folded.
            category: Only those of this category or one below it, folded: `drinks` finds `Drinks/Tea` and not `Drinksware`.
            supplier: Only those that usually come from this supplier.
            standing: Whether retired ones are listed too.
        """
        return self._rows(Item, _questions.AskItems(text, brand, category, supplier, standing))

    def locations(self) -> Rows[Location]:
        """Lists locations by folded code, then id, virtual ones included."""
        return self._rows(Location, _questions.AskLocations())

    def suppliers(
        self,
        *,
        text: str | None = None,
        city: str | None = None,
        standing: Listed = "active",
    ) -> Rows[Supplier]:
        """Lists suppliers by folded code, then id.

        Args:
            text: Only those whose folded code or folded name contains this, folded.
            city: Only those whose folded city is this, folded.
            standing: Whether retired ones are listed too.
        """
        return self._rows(Supplier, _questions.AskSuppliers(text, city, standing))

    def customers(
        self,
        *,
        text: str | None = None,
        city: str | None = None,
        standing: Listed = "active",
    ) -> Rows[Customer]:
        """Lists customers by folded code, then id.

        Args:
            text: Only those whose folded code or folded name contains this, folded.
            city: Only those whose folded city is this, folded.
            standing: Whether retired ones are listed too.
        """
        return self._rows(Customer, _questions.AskCustomers(text, city, standing))

    def stock(
        self,
        *,
        item: Id | None = None,
        site: Id | None = None,
        now: datetime | None = None,
    ) -> Rows[StockLine]:
        """Lists stock by folded SKU and folded site code. An item in trade that never was anywhere is listed with
        nothing at the site in use whose folded code comes first.

        Args:
            item: Only of this item.
            site: Only at this site.
            now: Holds that lapse at or before this moment count no more.
        """
        return self._rows(StockLine, _questions.AskStock(item, site, clock() if now is None else now))

    def order_numbered(
        self,
        *,
        series: str,
        number: int,
    ) -> str | None:
        """Finds a sales order by its number in a series.

        Args:
            series: The series.
            number: The number in it.
        """
        found: str | None = self._look_up(_questions.AskOrderNumbered(series, number))
        return found

    def orders(
        self,
        *,
        customer: Id | None = None,
        site: Id | None = None,
        status: OrderStatus | None = None,
        item: Id | None = None,
        city: str | None = None,
        brand: str | None = None,
        category: str | None = None,
        from_: datetime | None = None,
        until: datetime | None = None,
    ) -> Rows[Order]:
        """Lists sales orders, newest first: by descending `placed_at`, then descending id. All that is asked of
        lines has to be so of one line.

        Args:
            customer: Only of this customer.
            site: Only from this site.
            status: Only this far.
            item: Only with a line of this item.
            city: Only of customers whose folded city was this when it was placed, folded. All of one customer, wherever it was, are found by `customer`.
            brand: Only with a line that was of this brand when it was ordered, folded.
            category: Only with a line that was of this category, or one below it, when it was ordered; folded.
            from_: Only those that were placed at or after this moment.
            until: Only those that were placed at or before this moment.
        """
        return self._rows(Order, _questions.AskOrders(customer, site, status, item, city, brand, category, from_, until))

    def purchase_numbered(
        self,
        *,
        series: str,
        number: int,
    ) -> str | None:
        """Finds a purchase order by its number in a series.

        Args:
            series: The series.
            number: The number in it.
        """
        found: str | None = self._look_up(_questions.AskPurchaseNumbered(series, number))
        return found

    def purchases(
        self,
        *,
        supplier: Id | None = None,
        site: Id | None = None,
        status: PurchaseStatus | None = None,
        item: Id | None = None,
        city: str | None = None,
        brand: str | None = None,
        category: str | None = None,
        from_: datetime | None = None,
        until: datetime | None = None,
    ) -> Rows[Purchase]:
        """Lists purchase orders, newest first: by descending `ordered_at`, then descending id. All that is asked
        of lines has to be so of one line.

        Args:
            supplier: Only from this supplier.
            site: Only to this site.
            status: Only this far.
            item: Only with a line of this item.
            city: Only from suppliers whose folded city was this when it was ordered, folded. All of one supplier, wherever it was, are found by `supplier`.
            brand: Only with a line of an item that is of this brand now, folded: a purchase keeps no brands.
            category: Only with a line of an item that is of this category, or one below it, now; folded.
            from_: Only those that were ordered at or after this moment.
            until: Only those that were ordered at or before this moment.
        """
        return self._rows(Purchase, _questions.AskPurchases(supplier, site, status, item, city, brand, category, from_, until))

    def alerts(
        self,
        *,
        which: AlertQuery = "open",
        now: datetime | None = None,
    ) -> Rows[AlertLine]:
        """Lists alerts by folded SKU and folded site code, each with what is available now: holds that lapse at or
        before `now` count no more.

        Args:
            which: Which of them.
            now: Holds that lapse at or before this moment count no more; the clock's where none is given.
        """
        return self._rows(AlertLine, _questions.AskAlerts(which, clock() if now is None else now))

    def profit(
        self,
        *,
        by: ProfitBy,
        from_: date | None = None,
        until: date | None = None,
    ) -> Rows[ProfitLine]:
        """Lists revenue, cost and units, in ascending order of the key, or of the folded key where that is a brand
        or a category.

        Args:
            by: By what.
            from_: From this business day on.
            until: Up to and including this business day.
        """
        return self._rows(ProfitLine, _questions.AskProfit(by, from_, until))

    def value(
        self,
        *,
        site: Id | None = None,
        as_of: datetime | None = None,
    ) -> StockValue:
        """Sums up what is on the shelves.

        Args:
            site: Only at this site.
            as_of: As it was at this moment: by what had occurred at or before it. Now, where there is none.
        """
        found: StockValue = self._look_up(_questions.AskValue(site, as_of))
        return found

    def reorder(
        self,
        *,
        now: datetime | None = None,
    ) -> Rows[ReorderLine]:
        """Lists what should be reordered, by folded SKU and folded site code. Holds that lapse at or before `now`
        count no more. Items that are retired or have no reorder point are never listed. An item that never was
        anywhere is to be ordered for the site where `Reports::stock` lists it.

        Args:
            now: Holds that lapse at or before this moment count no more; the clock's where none is given.
        """
        return self._rows(ReorderLine, _questions.AskReorder(clock() if now is None else now))

    def movements(
        self,
        *,
        item: Id | None = None,
        location: Id | None = None,
        from_: datetime | None = None,
        until: datetime | None = None,
    ) -> Rows[Movement]:
        """Lists movements, oldest first: by `occurred_at`, then key.

        Args:
            item: Only of this item.
            location: Only from or to this location.
            from_: Only those that occurred at or after this moment.
            until: Only those that occurred at or before this moment.
        """
        return self._rows(Movement, _questions.AskMovements(item, location, from_, until))
