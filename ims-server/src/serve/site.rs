//! The one site of a caller who works at one: nothing is done, shown or admitted to exist that belongs to another.
//!
//! What an operation touches is said here for each of them. One that is not named is refused to those callers: a new
//! operation is closed until somebody has thought about it.

use super::{
    Answer, Caller, Operation, Problem, Service,
    call::Said,
    idempotency,
    operation::{Access, Work},
    right::Right,
};
use axum::http::StatusCode;
use ims_core::{
    Command, HoldId, LocationId, Name, OrderId, PurchaseId, ReadSet, Rejection, Reports, Store, Text, fold,
    order::ReturnedGoods,
};
use serde_json::Value;

/// What a command touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Touches {
    /// What all sites share, such as the catalogue.
    AllSites,
    /// Nothing that belongs to a site, such as a customer.
    NoSite,
    /// A site.
    Site(LocationId),
    /// The site of an order, and another one that is named beside it.
    Order(OrderId, Option<LocationId>),
    /// The site of a purchase order.
    Purchase(PurchaseId),
    /// The site of a hold.
    Hold(HoldId),
}

/// What a question shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shows {
    /// What all sites share, and what does not belong to one.
    NoSite,
    /// What is at the site that this field names; at the caller's own where it names none.
    AtField(&'static str),
    /// Rows, each with the code of its site.
    Rows,
    /// One order, in the field `order`.
    Order,
    /// One purchase order, in the field `purchase`.
    Purchase,
    /// One hold, in the field `hold`.
    Hold,
    /// What became of a command, in the field `command`: of one's own alone, named by a key that nobody else's can be.
    OwnCommand,
    /// The whole shop.
    AllSites,
}

/// What an answer still needs before it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// Nothing.
    Answer,
    /// The rows of other sites are taken out.
    OwnRows(LocationId),
}

impl Touches {
    fn of(command: &Command) -> Touches {
        match command {
            Command::OpenShop(_)
            | Command::ClosePeriod(_)
            | Command::CreateItem(_)
            | Command::UpdateItem(_)
            | Command::RetireItem(_)
            | Command::CreateLocation(_)
            | Command::UpdateLocation(_)
            | Command::SetStandardCost(_) => Touches::AllSites,
            // Whether the shop trades with somebody is for all its sites.
            Command::UpdateSupplier(command) if !command.standing.is_keep() => Touches::AllSites,
            Command::UpdateCustomer(command) if !command.standing.is_keep() => Touches::AllSites,
            Command::CreateSupplier(_)
            | Command::UpdateSupplier(_)
            | Command::CreateCustomer(_)
            | Command::UpdateCustomer(_) => Touches::NoSite,
            Command::ReceiveStock(command) => Touches::Site(command.site),
            Command::SendBackStock(command) => Touches::Site(command.site),
            Command::AdjustStock(command) => Touches::Site(command.site),
            // Whoever has goods may send them to another site, and nobody takes them from there.
            Command::TransferStock(command) => Touches::Site(command.from),
            Command::PlaceHold(command) => Touches::Site(command.site),
            Command::ExtendHold(command) => Touches::Hold(command.hold),
            Command::ReleaseHold(command) => Touches::Hold(command.hold),
            Command::PlacePurchase(command) => Touches::Site(command.site),
            Command::ReceivePurchase(command) => Touches::Purchase(command.purchase),
            Command::ClosePurchase(command) => Touches::Purchase(command.purchase),
            Command::CancelPurchase(command) => Touches::Purchase(command.purchase),
            Command::PlaceOrder(command) => Touches::Site(command.site),
            Command::Sell(command) => Touches::Site(command.site),
            Command::ShipOrder(command) => Touches::Order(command.order, None),
            Command::CancelOrder(command) => Touches::Order(command.order, None),
            Command::ReturnGoods(command) => match &command.goods {
                ReturnedGoods::OfOrder { order, site, .. } => Touches::Order(*order, *site),
                ReturnedGoods::Loose { site, .. } => Touches::Site(*site),
            },
            Command::AcknowledgeAlert(command) => Touches::Site(command.site),
        }
    }
}

/// What is done of the server's own that is about no site, or looks at the caller's own itself.
const TASKS_OF_NO_SITE: &[&str] = &["create_event_ticket", "lookup"];

/// What each question shows to those who work at one site; the whole shop, where it is not named here.
const SHOWS: &[(&str, Shows)] = &[
    ("shop", Shows::NoSite),
    ("items", Shows::NoSite),
    ("item", Shows::NoSite),
    ("locations", Shows::NoSite),
    ("location", Shows::NoSite),
    ("suppliers", Shows::NoSite),
    ("supplier", Shows::NoSite),
    ("customers", Shows::NoSite),
    ("customer", Shows::NoSite),
    ("search", Shows::NoSite),
    // Events of other sites are left out where they are told: see `live/view.rs`.
    ("events", Shows::NoSite),
    ("stock", Shows::AtField("site")),
    ("item_stock", Shows::AtField("site")),
    ("explain_stock", Shows::AtField("site")),
    ("holds", Shows::AtField("site")),
    ("orders", Shows::AtField("site")),
    ("purchases", Shows::AtField("site")),
    ("value", Shows::AtField("site")),
    ("movements", Shows::AtField("location")),
    ("item_movements", Shows::AtField("location")),
    ("alerts", Shows::Rows),
    ("reorder", Shows::Rows),
    ("order", Shows::Order),
    ("purchase", Shows::Purchase),
    ("hold", Shows::Hold),
    ("command", Shows::OwnCommand),
    ("command_movements", Shows::OwnCommand),
];

impl Shows {
    fn of(question: &str) -> Shows {
        let named = SHOWS.iter().find(|(name, _)| *name == question);
        named.map_or(Shows::AllSites, |(_, shows)| *shows)
    }
}

impl Service {
    /// Refuses a command that touches another site than the caller's own.
    ///
    /// # Errors
    /// As if what it touches were not there; `not_at_one_site` for what touches all sites.
    pub(crate) async fn at_own_site(&self, caller: &Caller, command: &Command) -> Result<(), Problem> {
        let Some(own) = caller.site else { return Ok(()) };
        self.touches_own_site(own, command).await?;
        match series(command) {
            Some(series) => self.own_series(own, series).await,
            None => Ok(()),
        }
    }

    async fn touches_own_site(&self, own: LocationId, command: &Command) -> Result<(), Problem> {
        match Touches::of(command) {
            Touches::NoSite => Ok(()),
            Touches::AllSites => Err(whole_shop()),
            Touches::Site(site) => same(own, site),
            Touches::Order(order, site) => {
                same(own, site.unwrap_or(own))?;
                self.own_order(own, order).await
            }
            Touches::Purchase(purchase) => self.own_purchase(own, purchase).await,
            Touches::Hold(hold) => self.own_hold(own, hold).await,
        }
    }

    /// Refuses a series that numbers the documents of another site: the one that has its code as a code, and of all others
    /// the one that took its first number.
    async fn own_series(&self, own: LocationId, series: &Text) -> Result<(), Problem> {
        let name = Name::location(series);
        let named = self.store().load(&ReadSet::named([name.clone()])).await?;
        let site = match named.named::<LocationId>(&name) {
            Some(site) => Some(site),
            None => match self.first_of(series).await? {
                Some(first) => self.site_of_order(first).await?,
                None => None,
            },
        };
        if site.is_none_or(|site| site == own) {
            return Ok(());
        }
        let detail = format!("{series} numbers the orders of another site, and you work at one: leave the series out");
        Err(Problem::new(StatusCode::FORBIDDEN, "not_at_one_site", detail).field("at", "series"))
    }

    /// The first order of a series: of one that is called as it is written here, or of the one that folds to the same.
    async fn first_of(&self, series: &Text) -> Result<Option<OrderId>, Problem> {
        match self.store().order_numbered(series, 1).await? {
            Some(first) => Ok(Some(first)),
            None => Ok(self.store().order_numbered(&fold(series), 1).await?),
        }
    }

    async fn site_of_order(&self, order: OrderId) -> Result<Option<LocationId>, Problem> {
        let found = self.store().load(&ReadSet { orders: [order].into(), ..ReadSet::default() }).await?;
        Ok(found.orders.first().map(|found| found.row.site))
    }

    /// Refuses a question, or something of the server's own, that shows another site than the caller's own, and fills in
    /// the site where none is named.
    pub(super) async fn show_own_site(
        &self,
        operation: &Operation,
        caller: &Caller,
        said: &mut Said,
    ) -> Result<Then, Problem> {
        let Some(own) = caller.site else { return Ok(Then::Answer) };
        match (operation.access, operation.work) {
            // What the command touches is looked at when it is read.
            (_, Work::Command(_)) | (Access::Everybody | Access::With(Right::OwnAccount), _) => Ok(Then::Answer),
            // Each command of a batch is looked at by itself.
            (_, Work::Batch) => Ok(Then::Answer),
            (_, Work::Task(_)) if TASKS_OF_NO_SITE.contains(&operation.name) => Ok(Then::Answer),
            (_, Work::Task(_) | Work::Import(_)) => Err(whole_shop()),
            (_, Work::Question(_)) => self.show(Shows::of(operation.name), own, said).await,
        }
    }

    async fn show(&self, shows: Shows, own: LocationId, said: &mut Said) -> Result<Then, Problem> {
        match shows {
            Shows::NoSite => Ok(()),
            Shows::AllSites => Err(whole_shop()),
            Shows::Rows => return Ok(Then::OwnRows(own)),
            Shows::AtField(field) => {
                let named = said.fields.entry(field).or_insert_with(|| Value::String(own.to_string()));
                same(own, id(named).unwrap_or(own))
            }
            // Whose command an id names cannot be told from it.
            Shows::OwnCommand => match said.fields.get("command").and_then(Value::as_str) {
                Some(key) if !idempotency::is_id(key) => Ok(()),
                _ => Err(whole_shop()),
            },
            Shows::Order => match field(said, "order") {
                Some(order) => self.own_order(own, order).await.map_err(|problem| nothing(problem, "order", &order)),
                None => Ok(()),
            },
            Shows::Purchase => match field(said, "purchase") {
                Some(purchase) => {
                    let own = self.own_purchase(own, purchase).await;
                    own.map_err(|problem| nothing(problem, "purchase order", &purchase))
                }
                None => Ok(()),
            },
            Shows::Hold => match field(said, "hold") {
                Some(hold) => self.own_hold(own, hold).await.map_err(|problem| nothing(problem, "hold", &hold)),
                None => Ok(()),
            },
        }?;
        Ok(Then::Answer)
    }

    async fn own_order(&self, own: LocationId, order: OrderId) -> Result<(), Problem> {
        let elsewhere = self.site_of_order(order).await?.is_some_and(|site| site != own);
        if elsewhere { Err(Problem::from(&Rejection::UnknownOrder { order })) } else { Ok(()) }
    }

    async fn own_purchase(&self, own: LocationId, purchase: PurchaseId) -> Result<(), Problem> {
        let found = self.store().load(&ReadSet { purchases: [purchase].into(), ..ReadSet::default() }).await?;
        let elsewhere = found.purchases.iter().any(|found| found.row.site != own);
        if elsewhere { Err(Problem::from(&Rejection::UnknownPurchase { purchase })) } else { Ok(()) }
    }

    async fn own_hold(&self, own: LocationId, hold: HoldId) -> Result<(), Problem> {
        let found = self.store().load(&ReadSet { holds: [hold].into(), ..ReadSet::default() }).await?;
        let elsewhere = found.holds.iter().any(|found| found.row.site != own);
        if elsewhere { Err(Problem::from(&Rejection::UnknownHold { hold })) } else { Ok(()) }
    }

    /// Takes the rows of other sites out of an answer.
    pub(super) async fn own_rows(&self, own: LocationId, mut answer: Answer) -> Result<Answer, Problem> {
        let found = self.store().load(&ReadSet { locations: [own].into(), ..ReadSet::default() }).await?;
        let code = found.locations.first().map(|site| site.row.code.to_string());
        let unreadable = |_| Problem::internal("an answer cannot be read");
        let mut page: Value = serde_json::from_slice(&answer.json).map_err(unreadable)?;
        if let Some(Value::Array(rows)) = page.get_mut("rows") {
            rows.retain(|row| row.get("site").and_then(Value::as_str) == code.as_deref());
        }
        answer.json = serde_json::to_vec(&page).map_err(unreadable)?;
        Ok(answer)
    }
}

/// The series that a command takes a number from by its name.
fn series(command: &Command) -> Option<&Text> {
    match command {
        Command::PlaceOrder(command) => command.series.as_ref(),
        Command::Sell(command) => command.series.as_ref(),
        _ => None,
    }
}

fn field<T: std::str::FromStr>(said: &Said, name: &str) -> Option<T> {
    said.fields.get(name)?.as_str()?.parse().ok()
}

/// What is no id is refused by the operation itself.
fn id(value: &Value) -> Option<LocationId> {
    value.as_str()?.parse().ok()
}

fn same(own: LocationId, named: LocationId) -> Result<(), Problem> {
    if own == named { Ok(()) } else { Err(Problem::from(&Rejection::UnknownLocation { location: named })) }
}

/// Says of what is at another site what a question says of what is not there.
fn nothing(problem: Problem, what: &str, id: &impl std::fmt::Display) -> Problem {
    if problem.status() == StatusCode::NOT_FOUND {
        return Problem::not_found(format!("there is no {what} {id}"));
    }
    problem
}

/// Refuses somebody who works at one site what is about all of them.
pub(super) fn whole_shop() -> Problem {
    let detail = "this is about the whole shop, and you work at one site of it";
    Problem::new(StatusCode::FORBIDDEN, "not_at_one_site", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_a_question() {
        let is_question =
            |name: &str| Operation::named(name).is_some_and(|found| matches!(found.work, Work::Question(_)));
        let others: Vec<&str> = SHOWS.iter().map(|(name, _)| *name).filter(|name| !is_question(name)).collect();
        assert!(others.is_empty(), "{others:?}");
    }

    #[test]
    fn a_question_that_nobody_has_thought_about_shows_the_whole_shop() {
        assert_eq!(Shows::of("profit"), Shows::AllSites);
        assert_eq!(Shows::of("new_question"), Shows::AllSites);
    }
}
