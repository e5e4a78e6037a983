//! `ims init`

use crate::{
    failure::{Failure, Outcome},
    lookup::quoted,
    session::Session,
};
use clap::{Args, ValueEnum};
use ims_core::{
    Command, CostingMethod, Currency, Rounding, RoundingMode, Text, TimeZone,
    limits::CODE_CHARS,
    location::CreateLocation,
    shop::OpenShop,
    text::{MAX_NAME_CHARS, check_text},
};

/// Opens a shop in a new store, and its first site.
#[derive(Args, Debug)]
pub(super) struct Init {
    /// What the shop is called
    #[arg(long, default_value = "My shop")]
    name: String,
    /// The currency of its books: three capital letters
    #[arg(long, default_value = "EUR")]
    currency: Currency,
    /// Where its clock hangs, such as Europe/London: decides which day a sale belongs to
    #[arg(long, value_name = "ZONE", default_value = "UTC", value_parser = time_zone)]
    time_zone: TimeZone,
    /// How the cost of goods sold is found, for items that say nothing else
    #[arg(long, value_enum, default_value_t = Costing::Fifo)]
    costing: Costing,
    /// Decimals that line totals are rounded to, half up; those of the currency where none are given
    #[arg(long, value_name = "DIGITS", value_parser = clap::value_parser!(u32).range(0..=6))]
    round_to: Option<u32>,
    /// The code of the first site: order numbers begin with it
    #[arg(long, value_name = "CODE", default_value = "MAIN")]
    site: String,
    /// What the first site is called
    #[arg(long, value_name = "NAME", default_value = "Main shop")]
    site_name: String,
}

/// How the cost of goods sold is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Costing {
    /// The oldest goods leave first
    Fifo,
    /// Value on hand divided by quantity on hand
    Average,
    /// A cost that is set by hand
    Standard,
}

impl From<Costing> for CostingMethod {
    fn from(costing: Costing) -> CostingMethod {
        match costing {
            Costing::Fifo => CostingMethod::Fifo,
            Costing::Average => CostingMethod::Average,
            Costing::Standard => CostingMethod::Standard,
        }
    }
}

fn time_zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::new(name).map_err(|error| error.to_string())
}

/// What the engine would refuse of a site when the shop is open already.
fn check_site(site: &CreateLocation) -> Outcome {
    let code = check_text("site", &site.code, CODE_CHARS);
    let name = check_text("site-name", &site.name, MAX_NAME_CHARS);
    code.and(name).map_err(|error| Failure::refused("invalid_field", error.to_string()))
}

impl Init {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let rounding = self.round_to.and_then(|digits| Rounding::new(digits, RoundingMode::HalfUp));
        let open = OpenShop {
            name: self.name.as_str().into(),
            currency: self.currency,
            time_zone: self.time_zone,
            rounding,
            costing: self.costing.into(),
        };
        let site = CreateLocation { code: Text::from(self.site.as_str()), name: self.site_name.as_str().into() };
        check_site(&site)?;
        let receipt = session.execute(open).await?;
        let site_id = session.id_of_part("site");
        session.execute_as(site_id, Command::from(site)).await.map_err(|failure: Failure| {
            failure.hint("the shop is open; add its first site with `ims site add CODE NAME`")
        })?;
        session.done(
            &format!(
                "Opened {} in {} with the site {}.",
                self.name,
                crate::store_url::shown(&session.store_url),
                self.site
            ),
            None,
            &receipt,
        )?;
        session.out.say(format!(
            "Next: ims item add SKU NAME --price PRICE{}",
            match session.store_url.as_str() {
                "sqlite:ims.db" => String::new(),
                url => format!(" --store {}", quoted(&crate::store_url::shown(url))),
            }
        ));
        Ok(())
    }
}
