//! What a shop must have before it trades: itself, a site, items, customers, opening stock.

use super::{IDS, kind, plan::Plan, trade::KnownItem};
use crate::{
    failure::{Failure, Outcome},
    session::Session,
};
use ims_core::{
    Command, CommandId, Contact, Currency, CustomerId, LocationId, Name, ReadSet, Rounding, Shop, Sku, Store, TimeZone,
    Timestamp, Tracking,
    item::CreateItem,
    location::CreateLocation,
    party::CreateCustomer,
    shop::OpenShop,
    stock::{CostedGoods, ReceiveStock},
};
use std::collections::HashMap;

const SHOP_NAME: &str = "Online Retail";
const SITE_CODE: &str = "MAIN";
const SITE_NAME: &str = "Main site";
/// The shop is in the United Kingdom: its clock is London's.
const TIME_ZONE: &str = "Europe/London";
const CURRENCY: [u8; 3] = *b"GBP";
/// Lines of one receipt of opening stock.
const LINES_PER_RECEIPT: usize = 1_000;
/// Names that are looked up in one go.
const NAMES_PER_LOAD: usize = 1_000;

/// The shop's time zone: the one in the store, or the one that it will be opened with.
pub(super) fn time_zone(shop: Option<&Shop>) -> Outcome<TimeZone> {
    match shop {
        Some(shop) => Ok(shop.time_zone.clone()),
        None => TimeZone::new(TIME_ZONE).map_err(|error| Failure::usage("time_zone", error.to_string())),
    }
}

/// Refuses to mix currencies, and says so where totals will be rounded.
pub(super) fn check_shop(session: &Session, shop: &Shop) -> Outcome {
    let pounds = Currency::from_code(CURRENCY);
    if Some(shop.currency) != pounds {
        let message = format!("the shop in this store keeps its books in {}, the file is in GBP", shop.currency);
        return Err(Failure::refused("currency_mismatch", message).hint("replay into a store of its own with --store"));
    }
    if shop.rounding.digits < 3 {
        session
            .out
            .say("note: this shop rounds totals to pence, so a few rows with prices of three decimals will differ");
    }
    Ok(())
}

/// The commands that set the shop up, and where the rows will find what they name.
pub(super) struct Setup {
    pub(super) commands: Vec<(CommandId, Timestamp, Command)>,
    pub(super) site: LocationId,
    pub(super) items: HashMap<String, KnownItem>,
    pub(super) customers: HashMap<String, CustomerId>,
}

/// Finds out what is there already and makes the commands for the rest. What an earlier run of the same replay made is
/// asked for again: that is how the answers to it are got.
pub(super) async fn set_up(session: &Session, shop: Option<&Shop>, plan: &Plan) -> Outcome<Setup> {
    let Some(first_at) = plan.first_at else {
        return Err(Failure::usage("file", "the file has no rows").hint("give the complete file"));
    };
    let before = first_at.checked_add_ms(-60_000).unwrap_or(first_at);
    let mut setup = Setup {
        commands: Vec::new(),
        site: LocationId::from_u128(0),
        items: HashMap::new(),
        customers: HashMap::new(),
    };
    let shop_id = IDS.id(before, kind::SHOP, 0);
    if shop.is_none() || was_given(session, shop_id).await? {
        setup.commands.push((shop_id, before, open_shop()?.into()));
    }
    setup.add_site(session, before).await?;
    setup.add_items(session, before, plan).await?;
    setup.add_customers(session, before, plan).await?;
    setup.add_opening_stock(before, plan)?;
    Ok(setup)
}

fn open_shop() -> Outcome<OpenShop> {
    let currency = Currency::from_code(CURRENCY).ok_or_else(|| Failure::usage("currency", "GBP is no currency"))?;
    // Prices have up to three decimals; totals are kept as they are instead of being rounded to pence.
    Ok(OpenShop { time_zone: time_zone(None)?, rounding: Some(Rounding::LEDGER), ..OpenShop::new(SHOP_NAME, currency) })
}

/// The ids, as those of the commands that made them, of the rows that have names.
async fn known(session: &Session, names: impl Iterator<Item = Name>) -> Outcome<HashMap<Name, CommandId>> {
    let found = session.store().load(&ReadSet::named(names)).await?;
    Ok(found.names.into_iter().map(|row| (row.name, CommandId::from_u128(row.id))).collect())
}

async fn was_given(session: &Session, command: CommandId) -> Outcome<bool> {
    let found = session.store().load(&ReadSet { commands: [command].into(), ..ReadSet::default() }).await?;
    Ok(!found.commands.is_empty())
}

impl Setup {
    async fn add_site(&mut self, session: &Session, before: Timestamp) -> Outcome {
        let id = IDS.id(before, kind::SITE, 0);
        let name = Name::location(SITE_CODE);
        let found = session.store().load(&ReadSet::named([name.clone()])).await?;
        self.site = found.named(&name).unwrap_or(id.into());
        if self.site == id.into() {
            let create = CreateLocation { code: SITE_CODE.into(), name: SITE_NAME.into() };
            self.commands.push((id, before, create.into()));
        }
        Ok(())
    }

    async fn add_items(&mut self, session: &Session, before: Timestamp, plan: &Plan) -> Outcome {
        let mut codes: Vec<(&String, &super::plan::Code)> = plan.codes.iter().collect();
        codes.sort_unstable_by_key(|(_, code)| code.line);
        for codes in codes.chunks(NAMES_PER_LOAD) {
            let known = known(session, codes.iter().map(|(code, _)| Name::item(code))).await?;
            for (sku, code) in codes {
                let id = IDS.id(code.at, kind::ITEM, row_number(code.line));
                let item = known.get(&Name::item(sku)).copied().unwrap_or(id).into();
                if item == id.into() {
                    self.commands.push((id, before, create_item(sku, code)?.into()));
                }
                let cost = code.unit_cost().filter(|_| code.is_stock);
                self.items.insert((*sku).clone(), KnownItem { id: item, cost });
            }
        }
        Ok(())
    }

    async fn add_customers(&mut self, session: &Session, before: Timestamp, plan: &Plan) -> Outcome {
        let mut buyers: Vec<(&String, &super::plan::Buyer)> = plan.customers.iter().collect();
        buyers.sort_unstable_by_key(|(_, buyer)| buyer.line);
        for buyers in buyers.chunks(NAMES_PER_LOAD) {
            let known = known(session, buyers.iter().map(|(code, _)| Name::customer(code))).await?;
            for (code, buyer) in buyers {
                let id = IDS.id(buyer.at, kind::CUSTOMER, row_number(buyer.line));
                let customer: CustomerId = known.get(&Name::customer(code)).copied().unwrap_or(id).into();
                if customer == id.into() {
                    let name = format!("Customer {code}");
                    let contact = Contact { country: buyer.country.as_str().into(), ..Contact::named(&name) };
                    let create = CreateCustomer { code: code.as_str().into(), contact };
                    self.commands.push((id, before, create.into()));
                }
                self.customers.insert((*code).clone(), customer);
            }
        }
        Ok(())
    }

    fn add_opening_stock(&mut self, before: Timestamp, plan: &Plan) -> Outcome {
        let mut lines = Vec::new();
        for (sku, code) in plan.codes.iter().filter(|(_, code)| code.is_stock) {
            let too_large = || Failure::refused("overflow", format!("the opening stock of {sku} is too large"));
            let quantity = code.opening().ok_or_else(too_large)?;
            let Some(item) = self.items.get(sku).filter(|_| quantity.is_positive()) else { continue };
            let unit_cost = item.cost.ok_or_else(too_large)?;
            lines.push((code.line, CostedGoods { item: item.id, quantity, unit_cost }));
        }
        lines.sort_unstable_by_key(|(line, _)| *line);
        for (number, lines) in (0_u32..).zip(lines.chunks(LINES_PER_RECEIPT)) {
            let lines = lines.iter().map(|(_, goods)| *goods).collect();
            let receive = ReceiveStock { site: self.site, supplier: None, lines };
            self.commands.push((IDS.id(before, kind::OPENING, number), before, receive.into()));
        }
        Ok(())
    }
}

fn create_item(sku: &str, code: &super::plan::Code) -> Outcome<CreateItem> {
    let bad = |error: ims_core::text::TextError| {
        Failure::usage("bad_rows", format!("line {}: StockCode {sku:?}: {error}", code.line))
    };
    let name: String = code.any_name().unwrap_or(sku).chars().take(ims_core::text::MAX_NAME_CHARS).collect();
    let tracking = if code.is_stock { Tracking::Stocked } else { Tracking::Service };
    Ok(CreateItem { tracking: Some(tracking), ..CreateItem::new(Sku::new(sku).map_err(bad)?, name.trim()) })
}

fn row_number(line: u64) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}
