//! What people ask for that cannot be done.

use super::{DAY, MINUTE, Trade, id, moment};
use ims_core::{
    Amount, Command, CommandId, Contact, CostingMethod, Item, ItemId, Patch, PurchaseStatus, Quantity, Standing,
    Tracking, Unit,
    alert::AcknowledgeAlert,
    cost::SetStandardCost,
    item::{CreateItem, RetireItem, UpdateItem},
    limits,
    location::{CUSTOMERS, CreateLocation, UpdateLocation},
    order::{
        CancelOrder, Discount, LooseLine, OnShortage, OrderedLine, PlaceOrder, ReturnGoods, ReturnedGoods,
        ReturnedLine, Sell, ShipOrder, ShippedLine,
    },
    party::{CreateCustomer, CreateSupplier, UpdateCustomer, UpdateSupplier},
    period::ClosePeriod,
    purchase::{CancelPurchase, ClosePurchase, PlacePurchase, ReceivePurchase, ReceivedLine},
    stock::{
        AdjustStock, Adjusted, CostedGoods, ExtendHold, Goods, PlaceHold, ReceiveStock, ReleaseHold, SendBackStock,
        TransferStock,
    },
};
use std::sync::Arc;

/// How often each is made.
const MISTAKES: [(i64, super::Idea); 37] = [
    (4, Trade::nobody_is_named),
    (4, Trade::nothing_is_named),
    (2, Trade::a_virtual_location),
    (4, Trade::no_lines),
    (4, Trade::no_quantity),
    (4, Trade::too_fine),
    (3, Trade::below_zero),
    (3, Trade::an_odd_text),
    (3, Trade::another_currency),
    (3, Trade::tomorrow),
    (3, Trade::long_ago),
    (2, Trade::a_day_that_is_not_over),
    (1, Trade::open_shop),
    (3, Trade::a_sku_again),
    (2, Trade::a_barcode_again),
    (2, Trade::a_code_again),
    (3, Trade::a_retired_item),
    (2, Trade::a_retired_party),
    (2, Trade::a_closed_site),
    (3, Trade::stock_of_a_service),
    (3, Trade::a_price_below_zero),
    (3, Trade::a_discount_too_large),
    (2, Trade::no_cost),
    (3, Trade::not_at_standard),
    (3, Trade::a_kind_changed_in_use),
    (3, Trade::the_same_site),
    (12, Trade::more_than_there_is_of_it),
    (4, Trade::a_backorder_too_large),
    (4, Trade::an_order_shipped_twice),
    (4, Trade::more_than_was_allocated),
    (4, Trade::more_than_was_sold),
    (3, Trade::another_shipment),
    (3, Trade::a_purchase_that_has_ended),
    (3, Trade::more_than_was_bought),
    (4, Trade::a_hold_of_others),
    (2, Trade::more_than_can_be_counted),
    (1, Trade::a_very_long_list),
];

impl Trade {
    pub(super) fn mistake(&mut self) -> Option<Command> {
        let mistake = self.dice.weighted(&MISTAKES)?;
        let command = mistake(self);
        if command.is_none() {
            self.occurred = None;
        }
        command
    }

    /// An id that nothing has.
    fn nobody(&mut self) -> CommandId {
        let kind = self.dice.between(2, 8);
        id(usize::try_from(kind).unwrap_or(9), 999_999)
    }

    fn one_of_each(&mut self) -> Option<(ims_core::LocationId, ItemId)> {
        Some((self.site()?, self.item()?.id))
    }

    fn nobody_is_named(&mut self) -> Option<Command> {
        let (site, item) = self.one_of_each()?;
        let nobody = self.nobody();
        let line = OrderedLine::new(item, Quantity::ONE);
        let goods = CostedGoods { item, quantity: Quantity::ONE, unit_cost: Amount::ONE };
        Some(match self.dice.between(1, 7) {
            1 => Sell { customer: Some(nobody.into()), ..Sell::new(site, vec![line]) }.into(),
            2 => Sell::new(nobody.into(), vec![line]).into(),
            3 => ReceiveStock { site, supplier: Some(nobody.into()), lines: vec![goods] }.into(),
            4 => UpdateSupplier { supplier: nobody.into(), contact: Patch::Keep, standing: Patch::Keep, if_tag: None }
                .into(),
            5 => UpdateCustomer { customer: nobody.into(), contact: Patch::Keep, standing: Patch::Keep, if_tag: None }
                .into(),
            6 => UpdateLocation { location: nobody.into(), name: Patch::Keep, standing: Patch::Keep, if_tag: None }
                .into(),
            _ => PlacePurchase { supplier: nobody.into(), site, expected: None, lines: vec![goods] }.into(),
        })
    }

    fn nothing_is_named(&mut self) -> Option<Command> {
        let (site, item) = self.one_of_each()?;
        let nobody = self.nobody();
        Some(match self.dice.between(1, 11) {
            1 => Sell::new(site, vec![OrderedLine::new(nobody.into(), Quantity::ONE)]).into(),
            2 => ShipOrder { order: nobody.into(), lines: None }.into(),
            3 => CancelOrder { order: nobody.into() }.into(),
            4 => ReceivePurchase { purchase: nobody.into(), lines: None }.into(),
            5 => CancelPurchase { purchase: nobody.into() }.into(),
            6 => ReleaseHold { hold: nobody.into() }.into(),
            7 => ExtendHold { hold: nobody.into(), until: moment(self.now + DAY) }.into(),
            8 => RetireItem { item: nobody.into() }.into(),
            9 => UpdateItem::new(nobody.into()).into(),
            10 => SetStandardCost { item: nobody.into(), unit_cost: Amount::ONE }.into(),
            _ => AcknowledgeAlert { item, site: *self.books.sites.last()? }.into(),
        })
    }

    fn a_virtual_location(&mut self) -> Option<Command> {
        let item = self.item()?.id;
        let lines = vec![Adjusted { item, quantity: Quantity::ONE, unit_cost: None }];
        let (reason, direction) = (ims_core::AdjustmentReason::Found, ims_core::Direction::Up);
        Some(AdjustStock { site: CUSTOMERS, reason, direction, lines, note: None }.into())
    }

    fn no_lines(&mut self) -> Option<Command> {
        let site = self.site()?;
        let supplier = *self.dice.pick(&self.books.suppliers)?;
        Some(match self.dice.between(1, 4) {
            1 => Sell::new(site, Vec::new()).into(),
            2 => SendBackStock { site, supplier: None, lines: Vec::new() }.into(),
            3 => PlacePurchase { supplier, site, expected: None, lines: Vec::new() }.into(),
            _ => TransferStock { from: site, to: site, lines: Vec::new() }.into(),
        })
    }

    fn no_quantity(&mut self) -> Option<Command> {
        let (site, item) = self.one_of_each()?;
        let quantity = Quantity::from_units(-self.dice.between(0, 3))?;
        let until = moment(self.now + DAY);
        Some(match self.dice.between(1, 3) {
            1 => Sell::new(site, vec![OrderedLine::new(item, quantity)]).into(),
            2 => PlaceHold { item, site, quantity, until }.into(),
            _ => SendBackStock { site, supplier: None, lines: vec![Goods { item, quantity }] }.into(),
        })
    }

    /// Half a piece, or a millionth of a kilogram.
    fn too_fine(&mut self) -> Option<Command> {
        let site = self.site()?;
        let item = self.stocked(|_| true)?;
        let quantity = Quantity::from_micros(if item.unit.decimals() == 0 { 500_000 } else { 1 });
        let goods = CostedGoods { item: item.id, quantity, unit_cost: Amount::ONE };
        Some(ReceiveStock { site, supplier: None, lines: vec![goods] }.into())
    }

    fn below_zero(&mut self) -> Option<Command> {
        let site = self.site()?;
        let item = self.stocked(|_| true)?.id;
        let unit_cost = Amount::from_micros(-1);
        let goods = CostedGoods { item, quantity: Quantity::ONE, unit_cost };
        Some(match self.dice.between(1, 2) {
            1 => ReceiveStock { site, supplier: None, lines: vec![goods] }.into(),
            _ => SetStandardCost { item, unit_cost }.into(),
        })
    }

    fn an_odd_text(&mut self) -> Option<Command> {
        let text = match self.dice.between(1, 4) {
            1 => String::new(),
            2 => " Tea".to_owned(),
            3 => "Tea\u{7}".to_owned(),
            _ => "茶".repeat(201),
        };
        Some(match self.dice.between(1, 3) {
            1 => CreateItem::new("ODD".parse().ok()?, &text).into(),
            2 => CreateCustomer { code: "ODD".into(), contact: Contact::named(&text) }.into(),
            _ => CreateLocation { code: "ODD".into(), name: text.into() }.into(),
        })
    }

    fn another_currency(&mut self) -> Option<Command> {
        let (site, item) = self.one_of_each()?;
        let lines = vec![OrderedLine::new(item, Quantity::ONE)];
        Some(Sell { currency: "GBP".parse().ok(), ..Sell::new(site, lines) }.into())
    }

    fn tomorrow(&mut self) -> Option<Command> {
        self.occurred = Some(self.now + DAY);
        self.receive_stock()
    }

    fn long_ago(&mut self) -> Option<Command> {
        let closed = i64::from(self.books.closed_until?);
        self.occurred = Some(closed * DAY - self.dice.between(0, 5) * DAY);
        if self.dice.percent(50) { self.sell() } else { self.receive_stock() }
    }

    fn a_day_that_is_not_over(&mut self) -> Option<Command> {
        let today = i32::try_from(self.now / DAY).ok()?;
        Some(ClosePeriod::new(ims_core::Date::from_days(today)?).into())
    }

    fn a_sku_again(&mut self) -> Option<Command> {
        let item = self.item()?;
        let sku = item.sku.as_str().to_lowercase().parse().ok()?;
        Some(CreateItem::new(sku, "Another one").into())
    }

    fn a_barcode_again(&mut self) -> Option<Command> {
        let barcodes = self.item()?.barcodes.clone();
        Some(CreateItem { barcodes, ..CreateItem::new("NEW".parse().ok()?, "A new one") }.into())
    }

    fn a_code_again(&mut self) -> Option<Command> {
        let contact = Contact::named("Somebody else");
        Some(match self.dice.between(1, 3) {
            1 => CreateLocation { code: "s2".into(), name: "Elsewhere".into() }.into(),
            2 => CreateSupplier { code: "sup-1".into(), contact }.into(),
            _ => CreateCustomer { code: "k1".into(), contact }.into(),
        })
    }

    fn a_retired_item(&mut self) -> Option<Command> {
        let item = self.dice.pick(&self.books.retired_items)?.id;
        let (site, until) = (self.site()?, moment(self.now + DAY));
        Some(match self.dice.between(1, 2) {
            1 => Sell::new(site, vec![OrderedLine::new(item, Quantity::ONE)]).into(),
            _ => PlaceHold { item, site, quantity: Quantity::ONE, until }.into(),
        })
    }

    fn a_retired_party(&mut self) -> Option<Command> {
        let (site, item) = self.one_of_each()?;
        if self.dice.percent(50) {
            let customer = self.dice.pick(&self.books.retired_customers).copied();
            return Some(
                Sell { customer: Some(customer?), ..Sell::new(site, vec![OrderedLine::new(item, Quantity::ONE)]) }
                    .into(),
            );
        }
        let supplier = *self.dice.pick(&self.books.retired_suppliers)?;
        let goods = CostedGoods { item, quantity: Quantity::ONE, unit_cost: Amount::ONE };
        Some(PlacePurchase { supplier, site, expected: None, lines: vec![goods] }.into())
    }

    fn a_closed_site(&mut self) -> Option<Command> {
        let site = *self.dice.pick(&self.books.closed_sites)?;
        Some(Sell::new(site, vec![OrderedLine::new(self.item()?.id, Quantity::ONE)]).into())
    }

    fn stock_of_a_service(&mut self) -> Option<Command> {
        let item = self.books.items.values().find(|item| item.tracking == Tracking::Service)?.id;
        let goods = CostedGoods { item, quantity: Quantity::ONE, unit_cost: Amount::ONE };
        Some(ReceiveStock { site: self.site()?, supplier: None, lines: vec![goods] }.into())
    }

    fn a_price_below_zero(&mut self) -> Option<Command> {
        let site = self.site()?;
        let item = self.stocked(|_| true)?;
        let no_price = OrderedLine::new(item.id, Quantity::ONE);
        if item.price.is_none() {
            return Some(Sell::new(site, vec![no_price]).into());
        }
        Some(Sell::new(site, vec![OrderedLine { unit_price: Some(Amount::from_micros(-10_000)), ..no_price }]).into())
    }

    fn a_discount_too_large(&mut self) -> Option<Command> {
        let site = self.site()?;
        let goods = self.goods(site)?;
        let discount = Some(Discount::Amount(Amount::from_units(1_000_000)?));
        let line = OrderedLine { discount, ..OrderedLine::priced(goods.item, goods.quantity, Amount::ONE) };
        Some(Sell::new(site, vec![line]).into())
    }

    /// Nobody knows what one of it costs: it was never there.
    fn no_cost(&mut self) -> Option<Command> {
        if self.dice.percent(30) {
            let item = CreateItem::new("DEAR".parse().ok()?, "At which standard?");
            return Some(CreateItem { costing: Some(CostingMethod::Standard), ..item }.into());
        }
        let (site, item) = self.never_there()?;
        let line = LooseLine { item: item.id, quantity: Quantity::ONE, unit_price: Amount::ONE, unit_cost: None };
        let back = ReturnGoods::new(ReturnedGoods::Loose { site, customer: None, lines: vec![line] });
        Some(ReturnGoods { refund_reason: Some("Bought long ago".into()), ..back }.into())
    }

    fn not_at_standard(&mut self) -> Option<Command> {
        let item = self.stocked(|item| item.costing != CostingMethod::Standard)?.id;
        Some(SetStandardCost { item, unit_cost: Amount::ONE }.into())
    }

    fn a_kind_changed_in_use(&mut self) -> Option<Command> {
        let site = self.site()?;
        let item = self.goods(site)?.item;
        if self.dice.percent(50) {
            let ordered = self.open_order()?.lines.first()?.item;
            return Some(RetireItem { item: ordered }.into());
        }
        Some(UpdateItem { unit: Patch::Set(Unit::new("box", 1).ok()?), ..UpdateItem::new(item) }.into())
    }

    fn the_same_site(&mut self) -> Option<Command> {
        let site = self.site()?;
        Some(TransferStock { from: site, to: site, lines: vec![self.goods(site)?] }.into())
    }

    fn more_than_there_is_of_it(&mut self) -> Option<Command> {
        if self.dice.percent(20) {
            let (site, item) = self.never_there()?;
            let line = OrderedLine::priced(item.id, Quantity::ONE, Amount::ONE);
            return Some(Sell::new(site, vec![line]).into());
        }
        let site = self.site()?;
        let item = self.stocked(|_| true)?;
        let more = Quantity::from_micros(self.books.free(site, item.id)).checked_add(Quantity::from_units(50)?)?;
        let goods = Goods { item: item.id, quantity: more };
        Some(match self.dice.between(1, 3) {
            1 => SendBackStock { site, supplier: None, lines: vec![goods] }.into(),
            2 => PlaceHold { item: item.id, site, quantity: more, until: moment(self.now + DAY) }.into(),
            _ => Sell::new(site, vec![OrderedLine::priced(item.id, more, Amount::ONE)]).into(),
        })
    }

    fn a_backorder_too_large(&mut self) -> Option<Command> {
        let site = self.site()?;
        let item = self.stocked(|_| true)?;
        let more = Quantity::from_micros(self.books.free(site, item.id)).checked_add(Quantity::from_units(100)?)?;
        let order = PlaceOrder::new(site, vec![OrderedLine::priced(item.id, more, Amount::ONE)]);
        Some(PlaceOrder { on_shortage: OnShortage::Backorder, ..order }.into())
    }

    fn an_order_shipped_twice(&mut self) -> Option<Command> {
        let order = self.dice.pick(&self.books.shipped_orders)?.id;
        Some(if self.dice.percent(50) { CancelOrder { order }.into() } else { ShipOrder { order, lines: None }.into() })
    }

    fn more_than_was_allocated(&mut self) -> Option<Command> {
        let order = self.open_order()?;
        let line = u32::try_from(order.lines.len()).ok()? - u32::from(self.dice.percent(70));
        let quantity = Quantity::from_units(1_000)?;
        Some(ShipOrder { order: order.id, lines: Some(vec![ShippedLine { line, quantity }]) }.into())
    }

    fn more_than_was_sold(&mut self) -> Option<Command> {
        let order = self.dice.pick(&self.books.shipped_orders)?.id;
        let line = ReturnedLine { line: 0, quantity: Quantity::from_units(1_000)?, refund: None };
        Some(ReturnGoods::new(ReturnedGoods::OfOrder { order, shipment: None, site: None, lines: vec![line] }).into())
    }

    fn another_shipment(&mut self) -> Option<Command> {
        let order = self.dice.pick(&self.books.shipped_orders)?.id;
        let shipment = Some(self.nobody());
        let line = ReturnedLine { line: 0, quantity: Quantity::ONE, refund: None };
        Some(ReturnGoods::new(ReturnedGoods::OfOrder { order, shipment, site: None, lines: vec![line] }).into())
    }

    fn a_purchase_that_has_ended(&mut self) -> Option<Command> {
        let ended = self.dice.pick(&self.books.ended_purchases).copied();
        Some(match self.dice.between(1, 3) {
            1 => ClosePurchase { purchase: ended? }.into(),
            2 => ReceivePurchase { purchase: ended?, lines: None }.into(),
            _ => {
                let partly = |order: &&Arc<ims_core::Purchase>| order.status == PurchaseStatus::PartlyReceived;
                CancelPurchase { purchase: self.books.open_purchases.values().find(partly)?.id }.into()
            }
        })
    }

    fn more_than_was_bought(&mut self) -> Option<Command> {
        let purchase = self.open_purchase()?.id;
        let line = ReceivedLine { line: 0, quantity: Quantity::from_units(1_000)?, unit_cost: None };
        Some(ReceivePurchase { purchase, lines: Some(vec![line]) }.into())
    }

    /// A hold that is over, or for something else, or would be over at once.
    fn a_hold_of_others(&mut self) -> Option<Command> {
        match self.dice.between(1, 3) {
            1 => {
                let hold = *self.dice.pick(&self.books.ended_holds)?;
                Some(ReleaseHold { hold }.into())
            }
            2 => {
                let hold = self.hold()?;
                Some(ExtendHold { hold: hold.id, until: moment(self.now - MINUTE) }.into())
            }
            _ => {
                let hold = self.hold()?;
                let other = self.stocked(|item| item.id != hold.item)?.id;
                let line = OrderedLine::priced(other, Quantity::ONE, Amount::ONE);
                Some(Sell { holds: vec![hold.id], ..Sell::new(hold.site, vec![line]) }.into())
            }
        }
    }

    fn more_than_can_be_counted(&mut self) -> Option<Command> {
        let item = self.stocked(|_| true)?.id;
        let goods = CostedGoods {
            item,
            quantity: Quantity::from_units(9_000_000_000)?,
            unit_cost: Amount::from_units(9_000_000_000)?,
        };
        Some(ReceiveStock { site: self.site()?, supplier: None, lines: vec![goods] }.into())
    }

    fn a_very_long_list(&mut self) -> Option<Command> {
        let (site, item) = self.one_of_each()?;
        let lines = vec![OrderedLine::new(item, Quantity::ONE); limits::LINES_PER_DOCUMENT + 1];
        Some(Sell::new(site, lines).into())
    }

    fn stocked(&mut self, wanted: impl Fn(&Item) -> bool) -> Option<Arc<Item>> {
        let fits =
            |item: &&Arc<Item>| item.tracking == Tracking::Stocked && item.standing == Standing::Active && wanted(item);
        let items: Vec<Arc<Item>> = self.books.items.values().filter(fits).cloned().collect();
        self.dice.pick(&items).cloned()
    }

    fn never_there(&mut self) -> Option<(ims_core::LocationId, Arc<Item>)> {
        let site = self.site()?;
        let free = &self.books.free;
        let is_known = |item: &&Arc<Item>| item.tracking == Tracking::Stocked && !free.contains_key(&(site, item.id));
        let items: Vec<Arc<Item>> = self.books.items.values().filter(is_known).cloned().collect();
        Some((site, self.dice.pick(&items).cloned()?))
    }
}
