//! Lines of documents as people type them: `TEA-1=10@3.20-15%`.

use ims_core::{Amount, Quantity, money::Fraction, order::Discount};
use std::str::FromStr;

/// A line: `ITEM=QUANTITY`, `ITEM=QUANTITY@AMOUNT`, and for what is sold a discount: `-15%` or `-2.50`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LineArg {
    /// SKU or barcode.
    pub(crate) item: String,
    pub(crate) quantity: Quantity,
    /// The price, cost or refund of one.
    pub(crate) amount: Option<Amount>,
    pub(crate) discount: Option<Discount>,
}

impl FromStr for LineArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // A SKU may have any sign in it, numbers have none: what stands behind the last one is the quantity.
        let Some((item, rest)) = text.rsplit_once('=') else {
            return Err("write it as ITEM=QUANTITY or ITEM=QUANTITY@PRICE, such as TEA-1=10@3.20".to_owned());
        };
        let item = item.trim();
        if item.is_empty() {
            return Err("the item before = is missing".to_owned());
        }
        let (quantity, rest) = split_number(rest);
        // A plus is how people write that something was found; numbers themselves have none.
        let quantity = quantity.strip_prefix('+').unwrap_or(quantity);
        let quantity = quantity.parse().map_err(|error| format!("quantity \"{quantity}\": {error}"))?;
        let (amount, rest) = match rest.strip_prefix('@') {
            Some(rest) => {
                let (amount, rest) = split_number(rest);
                (Some(amount.parse().map_err(|error| format!("amount \"{amount}\": {error}"))?), rest)
            }
            None => (None, rest),
        };
        let discount = match rest.strip_prefix('-') {
            Some(discount) => Some(read_discount(discount)?),
            None if rest.is_empty() => None,
            None => return Err(format!("\"{rest}\" is not understood: write ITEM=QUANTITY@PRICE-DISCOUNT")),
        };
        Ok(LineArg { item: item.to_owned(), quantity, amount, discount })
    }
}

/// Splits a number from what follows: its sign stands first, a later `-` begins a discount and an `@` an amount.
fn split_number(text: &str) -> (&str, &str) {
    let end = text.char_indices().skip(1).find(|(_, c)| matches!(c, '@' | '-')).map_or(text.len(), |(at, _)| at);
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn read_discount(text: &str) -> Result<Discount, String> {
    let problem = |error: &dyn std::fmt::Display| format!("discount \"{text}\": {error}");
    if text.starts_with('-') {
        let less = text.trim_start_matches('-');
        return Err(format!(
            "discount \"{text}\": a discount is taken off as it is: write -{less}; a higher price stands behind @"
        ));
    }
    let Some(percent) = text.strip_suffix('%') else {
        return text.parse().map(Discount::Amount).map_err(|error| problem(&error));
    };
    let percent: Amount = percent.parse().map_err(|error| problem(&error))?;
    let exact = percent.micros().checked_rem(100) == Some(0);
    let fraction = percent.micros().checked_div(100).filter(|_| exact).and_then(Fraction::from_micros);
    fraction.map(Discount::Fraction).ok_or_else(|| problem(&"a percentage from 0 to 100 with at most 4 decimals"))
}

/// Reads `ITEM=QUANTITY`.
pub(crate) fn goods(text: &str) -> Result<LineArg, String> {
    let line: LineArg = text.parse()?;
    match line {
        LineArg { amount: None, discount: None, .. } => Ok(line),
        _ => Err("only ITEM=QUANTITY is meant here".to_owned()),
    }
}

/// Reads `ITEM=QUANTITY@COST`; the cost must be there.
pub(crate) fn costed(text: &str) -> Result<LineArg, String> {
    let line = undiscounted(text)?;
    match line.amount {
        Some(_) => Ok(line),
        None => Err("the cost of one is missing: write ITEM=QUANTITY@COST, such as TEA-1=10@3.20".to_owned()),
    }
}

/// Reads `ITEM=QUANTITY` or `ITEM=QUANTITY@AMOUNT`.
pub(crate) fn undiscounted(text: &str) -> Result<LineArg, String> {
    let line: LineArg = text.parse()?;
    if line.discount.is_some() { Err("a discount has no meaning here".to_owned()) } else { Ok(line) }
}

/// Reads `ITEM=COST`.
pub(crate) fn cost(text: &str) -> Result<(String, Amount), String> {
    // A SKU may have any sign in it, numbers have none.
    match text.rsplit_once('=').map(|(item, cost)| (item.trim(), cost)) {
        None | Some(("", _)) => Err("write it as ITEM=COST, such as TEA-1=3.20".to_owned()),
        Some((item, cost)) => match cost.parse() {
            Ok(amount) => Ok((item.to_owned(), amount)),
            Err(error) => Err(format!("cost \"{cost}\": {error}")),
        },
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn line(text: &str) -> (String, String, Option<String>, Option<Discount>) {
        let line: LineArg = text.parse().unwrap();
        (line.item, line.quantity.to_string(), line.amount.map(|amount| amount.to_string()), line.discount)
    }

    #[test]
    fn a_line_has_an_item_a_quantity_a_price_and_a_discount() {
        let fifteen = Discount::Fraction("0.15".parse().unwrap());
        let two_fifty = Discount::Amount("2.5".parse().unwrap());
        assert_eq!(line("TEA-1=10"), ("TEA-1".into(), "10".into(), None, None));
        assert_eq!(line("TEA-1=0.5@3.20"), ("TEA-1".into(), "0.5".into(), Some("3.2".into()), None));
        assert_eq!(line("TEA=10-15%"), ("TEA".into(), "10".into(), None, Some(fifteen)));
        assert_eq!(line("TEA=10@9.99-2.50"), ("TEA".into(), "10".into(), Some("9.99".into()), Some(two_fifty)));
        assert_eq!(line("FEE=1@-5"), ("FEE".into(), "1".into(), Some("-5".into()), None));
        assert_eq!(line("A=B@C-1=-2"), ("A=B@C-1".into(), "-2".into(), None, None));
        assert_eq!(line("TEA=+3"), ("TEA".into(), "3".into(), None, None));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let problem = |text: &str| text.parse::<LineArg>().unwrap_err();
        assert!(problem("TEA-1").starts_with("write it as ITEM=QUANTITY"));
        assert_eq!(problem("=3"), "the item before = is missing");
        assert_eq!(problem("TEA=x"), "quantity \"x\": not a plain number such as 12 or 12.5 (character 1)");
        assert_eq!(
            problem("TEA=1000000000000000000000000000000"),
            format!("quantity \"1{}\": the number is out of range", "0".repeat(30))
        );
        let point = "decimals are written with a point, such as 12.5, and thousands without a comma";
        assert_eq!(problem("TEA=1,5"), format!("quantity \"1,5\": {point}"));
        assert_eq!(problem("TEA=1@1,50"), format!("amount \"1,50\": {point}"));
        assert_eq!(problem("TEA=1@2-0,5"), format!("discount \"0,5\": {point}"));
        assert_eq!(problem("TEA=1-2,5%"), format!("discount \"2,5%\": {point}"));
        assert_eq!(problem("TEA=1@"), "amount \"\": a number is missing");
        assert_eq!(problem("TEA=1-101%"), "discount \"101%\": a percentage from 0 to 100 with at most 4 decimals");
        assert_eq!(problem("TEA="), "quantity \"\": a number is missing");
        let twice = "discount \"-1\": a discount is taken off as it is: write -1; a higher price stands behind @";
        assert_eq!(problem("TEA=1@5--1"), twice);
    }

    #[test]
    fn every_command_says_what_it_needs() {
        assert!(costed("TEA=1").is_err());
        assert!(goods("TEA=1@2").is_err());
        assert!(undiscounted("TEA=1@2-5%").is_err());
        assert!(undiscounted("TEA=1@2").is_ok());
        assert_eq!(cost("A=B=3.20"), Ok(("A=B".to_owned(), "3.2".parse().unwrap())));
        assert!(cost("TEA").is_err());
        assert!(cost("=1").is_err());
        assert!(cost("TEA=x").is_err());
    }
}
