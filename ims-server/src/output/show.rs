//! Numbers and times as people read them. Scripts get the exact ones.

use super::Costs;
use ims_core::{Amount, Currency, Quantity, Rounding, RoundingMode, TimeZone, Timestamp};

/// Shows values in the shop's currency and time zone.
#[derive(Clone, Debug)]
pub(crate) struct Show {
    pub(crate) currency: Option<Currency>,
    pub(crate) rounding: Rounding,
    pub(crate) zone: TimeZone,
    pub(crate) costs: Costs,
}

impl Default for Show {
    fn default() -> Self {
        Show { currency: None, rounding: Rounding::LEDGER, zone: TimeZone::utc(), costs: Costs::default() }
    }
}

impl Show {
    fn digits(&self) -> u32 {
        self.currency.map_or(2, Currency::digits)
    }

    /// A sum of money, with the currency's decimals.
    pub(crate) fn money(&self, amount: Amount) -> String {
        let to_the_coin = Rounding { digits: self.digits(), mode: RoundingMode::HalfEven };
        let rounded = amount.round(to_the_coin).unwrap_or(amount);
        grouped(&rounded.to_string(), self.digits())
    }

    /// The price or cost of one, with the currency's decimals or more.
    pub(crate) fn price(&self, amount: Amount) -> String {
        grouped(&amount.to_string(), self.digits())
    }

    /// A sum of costs, values or profits, where it is known.
    pub(crate) fn cost(&self, amount: Amount) -> String {
        self.where_known(|| self.money(amount))
    }

    /// A sum of costs or values and its currency, where it is known.
    pub(crate) fn cost_named(&self, amount: Amount) -> String {
        self.where_known(|| self.money_named(amount))
    }

    /// The cost of one, where it is known.
    pub(crate) fn unit_cost(&self, amount: Amount) -> String {
        self.where_known(|| self.price(amount))
    }

    /// What is told about costs, where they are known.
    pub(crate) fn where_known(&self, tell: impl FnOnce() -> String) -> String {
        if self.costs.are_hidden() { dash() } else { tell() }
    }

    /// The price or cost of one, or nothing.
    pub(crate) fn price_or_dash(&self, amount: Option<Amount>) -> String {
        amount.map_or_else(dash, |amount| self.price(amount))
    }

    /// A sum of money and its currency.
    pub(crate) fn money_named(&self, amount: Amount) -> String {
        let code = self.currency.map(|currency| format!(" {currency}")).unwrap_or_default();
        format!("{}{code}", self.money(amount))
    }

    /// Day and time on the wall of the shop, to the minute.
    pub(crate) fn moment(&self, at: Timestamp) -> String {
        let shown = self.zone.wall_clock(at);
        format!("{} {:02}:{:02}", shown.day, shown.hour, shown.minute)
    }

    /// Day, time to the second, and how far that is from UTC.
    pub(crate) fn moment_with_offset(&self, at: Timestamp) -> String {
        let shown = self.zone.wall_clock(at);
        let parts = [(i64::from(shown.day.days()), 86_400), (shown.hour.into(), 3_600), (shown.minute.into(), 60)];
        let on_the_wall = parts.into_iter().fold(i64::from(shown.second), |sum, (count, seconds): (i64, i64)| {
            sum.saturating_add(count.saturating_mul(seconds))
        });
        let seconds = on_the_wall.saturating_sub(at.micros().div_euclid(1_000_000));
        let (hours, minutes) = (seconds.abs() / 3_600, seconds.abs() / 60 % 60);
        let sign = if seconds < 0 { '-' } else { '+' };
        let time = format!("{:02}:{:02}:{:02}", shown.hour, shown.minute, shown.second);
        format!("{} {time} {sign}{hours:02}:{minutes:02}", shown.day)
    }

    /// A moment, or nothing.
    pub(crate) fn moment_or_dash(&self, at: Option<Timestamp>) -> String {
        at.map_or_else(dash, |at| self.moment(at))
    }
}

/// A quantity.
pub(crate) fn quantity(quantity: Quantity) -> String {
    grouped(&quantity.to_string(), 0)
}

/// A quantity, or nothing.
pub(crate) fn quantity_or_dash(value: Option<Quantity>) -> String {
    value.map_or_else(dash, quantity)
}

/// A whole number.
pub(crate) fn count(count: u64) -> String {
    grouped(&count.to_string(), 0)
}

/// Stands where there is nothing.
pub(crate) fn dash() -> String {
    "–".to_owned()
}

/// Sets thousands apart and fills up to `digits` decimals.
fn grouped(number: &str, digits: u32) -> String {
    let (sign, number) = number.strip_prefix('-').map_or(("", number), |number| ("-", number));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let mut text = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && whole.len().saturating_sub(index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    let width = fraction.len().max(usize::try_from(digits).unwrap_or(0));
    if width > 0 {
        text.push('.');
        text.push_str(fraction);
        text.extend(std::iter::repeat_n('0', width.saturating_sub(fraction.len())));
    }
    text
}

/// A part of a whole, as a percentage with one decimal.
pub(crate) fn percent(part: Amount) -> String {
    let tenths = RoundingMode::HalfEven.divide(i128::from(part.micros()), 1_000).unwrap_or(0);
    let sign = if tenths < 0 { "-" } else { "" };
    let tenths = tenths.unsigned_abs();
    format!("{sign}{}.{} %", tenths / 10, tenths % 10)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn show(currency: &str, zone: &str) -> Show {
        Show { currency: Some(currency.parse().unwrap()), zone: zone.parse().unwrap(), ..Show::default() }
    }

    #[test]
    fn sums_have_the_decimals_of_their_currency_and_prices_all_they_have() {
        let pounds = show("GBP", "UTC");
        assert_eq!(pounds.money("1234567.891".parse().unwrap()), "1,234,567.89");
        assert_eq!(pounds.money("-0.5".parse().unwrap()), "-0.50");
        assert_eq!(pounds.price("0.0125".parse().unwrap()), "0.0125");
        assert_eq!(pounds.price("3".parse().unwrap()), "3.00");
        assert_eq!(show("JPY", "UTC").money_named("1500.4".parse().unwrap()), "1,500 JPY");
    }

    #[test]
    fn thousands_are_set_apart() {
        for (text, shown) in [("0", "0"), ("999", "999"), ("1000", "1,000"), ("-123456.5", "-123,456.5")] {
            assert_eq!(quantity(text.parse().unwrap()), shown);
        }
    }

    #[test]
    fn a_moment_can_say_how_far_it_is_from_utc() {
        let shown = |zone, at: &str| show("GBP", zone).moment_with_offset(at.parse().unwrap());
        assert_eq!(shown("Europe/London", "2011-06-30T23:30:00.5Z"), "2011-07-01 00:30:00 +01:00");
        assert_eq!(shown("UTC", "2011-06-30T23:30:00Z"), "2011-06-30 23:30:00 +00:00");
        assert_eq!(shown("America/St_Johns", "2011-01-01T00:00:01Z"), "2010-12-31 20:30:01 -03:30");
        assert_eq!(shown("Asia/Kathmandu", "1969-12-31T23:59:59Z"), "1970-01-01 05:29:59 +05:30");
    }

    #[test]
    fn the_time_is_that_on_the_wall_also_on_the_day_the_clock_changes() {
        let london = show("GBP", "Europe/London");
        assert_eq!(london.moment("2011-06-30T23:30:00Z".parse().unwrap()), "2011-07-01 00:30");
        assert_eq!(london.moment("2011-03-27T00:30:00Z".parse().unwrap()), "2011-03-27 00:30");
        assert_eq!(london.moment("2011-03-27T09:15:59Z".parse().unwrap()), "2011-03-27 10:15");
        assert_eq!(london.moment("2011-10-30T12:00:00Z".parse().unwrap()), "2011-10-30 12:00");
        let berlin = show("EUR", "Europe/Berlin");
        assert_eq!(berlin.moment("2026-03-29T01:30:00Z".parse().unwrap()), "2026-03-29 03:30");
        assert_eq!(berlin.moment("2026-10-25T01:30:00Z".parse().unwrap()), "2026-10-25 02:30");
    }

    #[test]
    fn a_part_is_shown_as_a_percentage() {
        assert_eq!(percent("0.4167".parse().unwrap()), "41.7 %");
        assert_eq!(percent("-0.05".parse().unwrap()), "-5.0 %");
    }
}
