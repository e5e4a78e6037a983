//! Operations about what is promised to whom: levels, reservations, shipping, and questions about all of them.
//!
//! A reservation is a placed order, or a hold where it lapses by itself. What a case calls `on_hand` may be below zero:
//! goods were sold that were not there. Here that is an order that waits for goods, so the figure of a case is what is
//! on hand less what such orders still want.

mod ask;
mod levels;
mod reserve;
mod ship;

use super::{
    cases::Case,
    facts::{Fact, Facts},
    fields::{Fields, number},
    shop::Shop,
    stop::Stop,
};
use ims_core::{CommandId, HoldId, OrderId, Quantity, Timestamp, order::OnShortage};
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Whether a place sells more than it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Backorders {
    /// It does not.
    #[default]
    No,
    /// As much as anybody wants.
    Yes,
}

/// Whether goods of a place may be promised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Activity {
    /// They may.
    #[default]
    Active,
    /// The place is out of use.
    Inactive,
}

/// What a case says of a place.
#[derive(Debug, Default)]
struct Level {
    backorders: Backorders,
    activity: Activity,
    /// Above zero: so many are kept back. Below zero: so many more may be sold.
    threshold: Decimal,
    /// The hold that keeps goods back.
    kept_back: Option<(HoldId, Quantity)>,
    /// That the engine would not have it so.
    refused: bool,
    /// What was there when the item ceased to be counted.
    uncounted: Quantity,
}

/// What a claim is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Order(OrderId),
    Hold { id: HoldId, quantity: Quantity, until: Timestamp },
}

/// A claim on the stock of a place.
#[derive(Clone, Debug)]
struct Claim {
    id: Option<String>,
    reference: Option<String>,
    site: String,
    kind: Kind,
    part: Part,
    on_shortage: OnShortage,
}

impl Claim {
    /// A reservation that has no name yet.
    fn new(site: &str, part: Part, on_shortage: OnShortage) -> Claim {
        Claim { id: None, reference: None, site: site.to_owned(), kind: Kind::Reserved, part, on_shortage }
    }

    /// By this name and this id.
    fn named(self, reference: Option<&str>, id: Option<&str>) -> Claim {
        Claim { id: id.map(str::to_owned), reference: reference.map(str::to_owned), ..self }
    }

    /// Whether it is one of those that are called this; where nothing is said, any is.
    fn is_meant(&self, reference: Option<&str>, id: Option<&str>, site: Option<&str>) -> bool {
        reference.is_none_or(|reference| self.reference.as_deref() == Some(reference))
            && id.is_none_or(|id| self.id.as_deref() == Some(id))
            && site.is_none_or(|site| self.site == site)
    }
}

/// Why there is a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Somebody reserved.
    Reserved,
    /// Goods were sold that were not there: a level below zero.
    Oversold,
}

/// Goods that left with an order.
#[derive(Clone, Debug)]
struct Shipped {
    reference: Option<String>,
    site: String,
    order: OrderId,
}

/// The figures of a place, as a case understands them.
#[derive(Clone, Copy, Debug, Default)]
struct Figures {
    on_hand: Decimal,
    reserved: Decimal,
    available: Decimal,
}

/// Everything that is claimed in a case.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    levels: BTreeMap<String, Level>,
    claims: Vec<Claim>,
    shipped: Vec<Shipped>,
    /// What is in baskets: wanted, and promised to nobody.
    baskets: BTreeMap<String, Quantity>,
    /// Reservations that are made once for each name: the command that made them.
    once: BTreeMap<String, (CommandId, String, Quantity)>,
    /// How many units will be said to wait when a place is restocked.
    waiting: BTreeMap<String, Vec<Decimal>>,
    /// Whether a reservation has been allowed to exceed what is there.
    asked_beyond: bool,
    /// How many holds were found to have lapsed.
    purged: Vec<HoldId>,
}

impl Claims {
    /// As a case begins.
    pub(crate) fn of(case: &Case) -> Claims {
        let mut claims = Claims::default();
        for op in case.ops.iter().filter(|op| op.get("op").and_then(Value::as_str) == Some("restock")) {
            let Some(site) = op.get("loc").and_then(Value::as_str) else { continue };
            let waiting = op.get("waiting").and_then(Value::as_array).into_iter().flatten();
            claims.waiting.entry(site.to_owned()).or_insert_with(|| waiting.filter_map(number).collect());
        }
        claims
    }

    /// Prepares for an operation: what is done here is no part of what it must not change when it is refused.
    pub(crate) fn prepare(&mut self, shop: &mut Shop, op: &Map<String, Value>) -> Result<(), Stop> {
        for key in ["loc", "frm", "to"] {
            if let Some(site) = op.get(key).and_then(Value::as_str) {
                shop.site(site)?;
            }
        }
        for site in op.get("locs").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            shop.site(site)?;
        }
        if op.get("allow_backorder").and_then(Value::as_bool) == Some(true) && !self.asked_beyond {
            self.asked_beyond = true;
            self.set_limit(shop)?;
        }
        match op.get("op").and_then(Value::as_str) {
            // What is kept back is kept from customers, not from those who keep the shelves.
            Some("adjust" | "set_on_hand" | "reduce_to_zero" | "move" | "take_unreserved" | "remove_levels") => {
                self.keep_nothing_back(shop)
            }
            _ => Ok(()),
        }
    }

    /// Ends an operation.
    pub(crate) fn settle(&mut self, shop: &mut Shop) -> Result<(), Stop> {
        self.keep_back(shop)
    }

    /// Does an operation; nothing where it is not about claims.
    pub(crate) fn act(&mut self, shop: &mut Shop, op: &Fields<'_>) -> Result<Option<Facts>, Stop> {
        let work: fn(&mut Claims, &mut Shop, &Fields<'_>) -> Result<Facts, Stop> = match op.op {
            "level" => Claims::level,
            "set_tracked" => Claims::set_tracked,
            "set_backorderable" => Claims::set_backorderable,
            "set_threshold" => Claims::set_threshold,
            "adjust" => Claims::adjust,
            "set_on_hand" => Claims::set_on_hand,
            "reduce_to_zero" => Claims::reduce_to_zero,
            "remove_levels" => Claims::remove_levels,
            "restock" => Claims::restock,
            "move" => Claims::move_between,
            "take_unreserved" => Claims::take_unreserved,
            "reserve" | "hold" | "allocate_at" => Claims::reserve,
            "reserve_line" => Claims::reserve_line,
            "reserve_many" => Claims::reserve_many,
            "add_to_order" => Claims::add_to_order,
            "allocate" => Claims::allocate,
            "assign" => Claims::assign,
            "update_reservation" => Claims::update_reservation,
            "release" => Claims::release,
            "release_all" => Claims::release_all,
            "release_location" => Claims::release_location,
            "deallocate" | "deallocate_clamped" => Claims::deallocate,
            "extend" => Claims::extend,
            "clock" => Claims::clock,
            "purge_expired" => Claims::purge_expired,
            "fulfil" => Claims::fulfil,
            "fulfil_at" => Claims::fulfil_at,
            "cancel_fulfilment" => Claims::cancel_fulfilment,
            "return_to_shelf" => Claims::return_to_shelf,
            "read" => Claims::read,
            "available" => Claims::available,
            "stocked" => Claims::stocked,
            "reserved_total" => Claims::reserved_total,
            "can_supply" => Claims::can_supply,
            "fill_status" => Claims::fill_status,
            "positive_stock" => Claims::positive_stock,
            "in_stock" => Claims::in_stock,
            "valid" => Claims::valid,
            _ => return Ok(None),
        };
        let before = shop.sent();
        let facts = work(self, shop, op)?;
        let moved = shop.net_movement(&shop.sent_since(before), facts.site.as_deref())?;
        let facts = match op.value("ref").and_then(Value::as_str) {
            Some(reference) => {
                let claimed = self.claimed(shop, |claim| claim.reference.as_deref() == Some(reference))?;
                facts.number("ref_reserved", claimed)
            }
            None => facts,
        };
        Ok(Some(facts.number("movement", moved)))
    }

    /// What a case may expect of a place; of the only one where none is named.
    pub(crate) fn state(&self, shop: &Shop, name: &str, site: Option<&str>) -> Result<Option<Fact>, Stop> {
        if !matches!(name, "on_hand" | "reserved" | "available") {
            return Ok(None);
        }
        let site = match (site, self.only_level()) {
            (Some(site), _) => site,
            (None, Some(only)) => only,
            (None, None) => return Stop::not_modelled(format!("{name} of which place")),
        };
        let figures = self.figures(shop, site)?.unwrap_or_default();
        Ok(Some(Fact::Number(match name {
            "on_hand" => figures.on_hand,
            "reserved" => figures.reserved,
            _ => figures.available,
        })))
    }

    /// The place that an operation is about: the only one where it names none.
    fn place<'a>(&'a self, op: &Fields<'a>) -> Result<&'a str, Stop> {
        match (op.text("loc")?, self.only_level()) {
            (Some(site), _) => Ok(site),
            (None, Some(only)) => Ok(only),
            (None, None) => Stop::not_modelled(format!("{} without a place", op.op)),
        }
    }

    fn only_level(&self) -> Option<&str> {
        match self.levels.len() {
            1 => self.levels.keys().next().map(String::as_str),
            _ => None,
        }
    }

    /// The places that a question is about: those named, or all that are in use.
    fn places(&self, op: &Fields<'_>) -> Result<Vec<String>, Stop> {
        if let Some(sites) = op.texts("locs")? {
            return Ok(sites);
        }
        if let Some(site) = op.text("loc")? {
            return Ok(vec![site.to_owned()]);
        }
        let in_use = self.levels.iter().filter(|(_, level)| level.activity == Activity::Active);
        Ok(in_use.map(|(site, _)| site.clone()).collect())
    }

    /// The figures of a place; none where there never was anything.
    fn figures(&self, shop: &Shop, site: &str) -> Result<Option<Figures>, Stop> {
        let Some(stock) = shop.stock_at(site)? else { return Ok(None) };
        let goods = |quantity| shop.scale.goods(quantity);
        let oversold = self.claimed(shop, |claim| claim.kind == Kind::Oversold && claim.site == site)?;
        let level = self.levels.get(site);
        let kept_back = level.and_then(|level| level.kept_back).map_or(Decimal::ZERO, |(_, quantity)| goods(quantity));
        let not_kept_back = level.map_or(Decimal::ZERO, |level| level.threshold.max(Decimal::ZERO) - kept_back);
        let promised = goods(stock.committed) + goods(stock.backordered);
        Ok(Some(Figures {
            on_hand: goods(stock.on_hand) - oversold,
            reserved: promised - oversold - kept_back,
            available: goods(stock.available) - goods(stock.backordered) - not_kept_back,
        }))
    }

    /// How many are claimed, by the claims that are meant.
    fn claimed(&self, shop: &Shop, is_meant: impl Fn(&Claim) -> bool) -> Result<Decimal, Stop> {
        let mut sum = Decimal::ZERO;
        for claim in self.claims.iter().filter(|claim| is_meant(claim)) {
            sum += shop.scale.goods(open(shop, claim.part)?);
        }
        Ok(sum)
    }
}

/// How many a claim still claims.
fn open(shop: &Shop, part: Part) -> Result<Quantity, Stop> {
    match part {
        Part::Hold { until, .. } if until <= shop.now => Ok(Quantity::ZERO),
        Part::Hold { quantity, .. } => Ok(quantity),
        Part::Order(order) => {
            let lines = shop.order(order)?.lines;
            let promised = lines.iter().flat_map(|line| [line.allocated, line.backordered]);
            let sum = promised.into_iter().try_fold(Quantity::ZERO, Quantity::checked_add);
            sum.ok_or_else(|| Stop::Broken("a sum that does not fit".into()))
        }
    }
}
