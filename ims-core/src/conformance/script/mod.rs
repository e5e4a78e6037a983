//! What engines are asked to do: a shop's first weeks, in which every verb is used and refused.

pub(super) mod made;
mod requests;
mod weeks;

use super::{
    finding::{Finding, read},
    sample::{command, item_id, minute, quantity, site_id, text},
};
use crate::{
    item::CreateItem,
    location::CreateLocation,
    order::{OrderedLine, Sell},
    shop::OpenShop,
    stock::{CostedGoods, ReceiveStock},
    *,
};

/// A command, and how it must be answered.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) ctx: Context,
    pub(super) command: Command,
    /// The code that it is refused with, if it is.
    pub(super) refused: Option<&'static str>,
}

/// Somebody says so many minutes after the first of March 2024, 9:00 UTC.
pub(super) fn at(number: u32, minutes: i64) -> Context {
    Context::new(command(number), "somebody", minute(minutes))
}

/// Sites and items of [`opening`] have these numbers; its commands are from 1 to 999.
const FIRST_SITE: u32 = 1;

/// Opens a shop with one site that has so many of each of some items.
pub(super) fn opening(items: u32, units: i64) -> Result<Vec<(Context, Command)>, Finding> {
    let mut commands: Vec<Command> = vec![
        OpenShop::new("Corner shop", read("EUR")?).into(),
        CreateLocation { code: text("MAIN"), name: text("Main") }.into(),
        CreateLocation { code: text("ANNEX"), name: text("Annex") }.into(),
    ];
    let mut contexts = vec![at(900, 0), at(FIRST_SITE, 0), at(2, 0)];
    for number in 1..=items {
        let mut item = CreateItem::new(read(&format!("SKU-{number}"))?, &format!("Item {number}"));
        item.price = Some(read("1.99")?);
        commands.push(item.into());
        contexts.push(at(opened_item(number), 0));
    }
    let lines = (1..=items).map(|number| CostedGoods {
        item: item_id(opened_item(number)),
        quantity: quantity(units),
        unit_cost: Amount::ONE,
    });
    commands.push(ReceiveStock { site: site_id(FIRST_SITE), supplier: None, lines: lines.collect() }.into());
    contexts.push(at(901, 0));
    Ok(contexts.into_iter().zip(commands).collect())
}

/// The number of the command that made an item of [`opening`].
pub(super) fn opened_item(number: u32) -> u32 {
    number.saturating_add(10_000)
}

/// A sale at the first site of [`opening`]; sales are numbered from 0.
pub(super) fn sale(number: u32, lines: &[(u32, i64)]) -> (Context, Command) {
    let line = |&(item, units): &(u32, i64)| OrderedLine::new(item_id(opened_item(item)), quantity(units));
    let sell = Sell::new(site_id(FIRST_SITE), lines.iter().map(line).collect());
    (at(number.saturating_add(1_000), i64::from(number)), sell.into())
}

/// Puts the script together: every step is later than the one before.
#[derive(Default)]
struct Script {
    steps: Vec<Step>,
    minutes: i64,
    next: u32,
}

impl Script {
    /// A command that makes something that others refer to.
    fn named(&mut self, number: u32, command: impl Into<Command>) {
        // Long enough to come through all hours of the day, and into another month.
        self.minutes = self.minutes.saturating_add(359);
        self.steps.push(Step { ctx: at(number, self.minutes), command: command.into(), refused: None });
    }

    fn done(&mut self, command: impl Into<Command>) {
        self.next = self.next.saturating_add(1);
        self.named(self.next.saturating_add(1_000), command);
    }

    fn refused(&mut self, code: &'static str, command: impl Into<Command>) {
        self.done(command);
        self.last(|step| step.refused = Some(code));
    }

    /// The last step happened so many minutes before it was told.
    fn late(&mut self, minutes: i64) {
        let at = minute(self.minutes.saturating_sub(minutes));
        self.last(|step| step.ctx.occurred_at = Some(at));
    }

    /// A step from before is sent once more.
    fn again(&mut self, number: u32) {
        self.minutes = self.minutes.saturating_add(1);
        let known = self.steps.iter().find(|step| step.ctx.id == command(number)).cloned();
        let now = minute(self.minutes);
        self.steps.extend(known.map(|step| Step { ctx: Context { now, ..step.ctx }, ..step }));
    }

    fn last(&mut self, change: impl FnMut(&mut Step)) {
        self.steps.last_mut().into_iter().for_each(change);
    }
}

/// Moments that the holds of the script lapse at, in minutes.
pub(super) const FIRST_LAPSE: i64 = 90_000;
pub(super) const SECOND_LAPSE: i64 = 91_000;

/// The whole script.
pub(super) fn script() -> Result<Vec<Step>, Finding> {
    let mut script = Script::default();
    weeks::all(&mut script)?;
    Ok(script.steps)
}

/// When a named step of the script occurred.
pub(super) fn occurred(number: u32) -> Result<Timestamp, Finding> {
    let step = script()?.into_iter().find(|step| step.ctx.id == command(number));
    step.map(|step| step.ctx.moment()).ok_or_else(|| Finding::Wrong(format!("the script has no step {number}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// A verb that is new must be given a number here, and a step in the script.
    fn number(command: &Command) -> u32 {
        match command {
            Command::OpenShop(_) => 0,
            Command::ClosePeriod(_) => 1,
            Command::CreateItem(_) => 2,
            Command::UpdateItem(_) => 3,
            Command::RetireItem(_) => 4,
            Command::CreateLocation(_) => 5,
            Command::UpdateLocation(_) => 6,
            Command::CreateSupplier(_) => 7,
            Command::UpdateSupplier(_) => 8,
            Command::CreateCustomer(_) => 9,
            Command::UpdateCustomer(_) => 10,
            Command::ReceiveStock(_) => 11,
            Command::SendBackStock(_) => 12,
            Command::AdjustStock(_) => 13,
            Command::TransferStock(_) => 14,
            Command::PlaceHold(_) => 15,
            Command::ExtendHold(_) => 16,
            Command::ReleaseHold(_) => 17,
            Command::SetStandardCost(_) => 18,
            Command::PlacePurchase(_) => 19,
            Command::ReceivePurchase(_) => 20,
            Command::ClosePurchase(_) => 21,
            Command::CancelPurchase(_) => 22,
            Command::PlaceOrder(_) => 23,
            Command::ShipOrder(_) => 24,
            Command::CancelOrder(_) => 25,
            Command::Sell(_) => 26,
            Command::ReturnGoods(_) => 27,
            Command::AcknowledgeAlert(_) => 28,
        }
    }

    #[test]
    fn the_script_does_and_is_refused_every_verb() {
        let script = script().unwrap();
        let done = script.iter().filter(|step| step.refused.is_none()).map(|step| number(&step.command));
        assert_eq!(done.collect::<BTreeSet<_>>(), (0..29).collect());
        let refused = script.iter().filter(|step| step.refused.is_some()).map(|step| number(&step.command));
        let never_refused: Vec<u32> =
            (0..29).filter(|number| !refused.clone().any(|refused| refused == *number)).collect();
        assert_eq!(never_refused, [6, 8, 10], "updates of parties and sites are refused only where they are unknown");
    }

    #[test]
    fn its_moments_only_go_forward() {
        let script = script().unwrap();
        assert!(script.windows(2).all(|steps| steps[0].ctx.now < steps[1].ctx.now));
        assert!(script.last().unwrap().ctx.now < minute(FIRST_LAPSE), "{} steps", script.len());
    }
}
