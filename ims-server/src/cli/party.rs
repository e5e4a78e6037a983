//! `ims supplier` and `ims customer`: the same for both sides of trade.

use super::{
    entry::Entry,
    import,
    order::OrderRow,
    page::{Lists, each_page, sorts},
    purchase::PurchaseRow,
};
use crate::{
    failure::{Failure, Outcome},
    import::Kind,
    output::{Column, Format, Line, Listing, Show, Table, Tone},
    session::Session,
};
use clap::{Args, Subcommand};
use ims_core::{
    Contact, Customer, CustomerId, Patch, Receipt, Reports, Standing, Supplier, SupplierId,
    party::{CreateCustomer, CreateSupplier, UpdateCustomer, UpdateSupplier},
    report::{Listed, OrderQuery, PartyQuery, PurchaseQuery, Sort},
};
use serde::Serialize;
use std::sync::Arc;

/// Whom it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Supplier,
    Customer,
}

impl Side {
    fn kind(self) -> Kind {
        match self {
            Side::Supplier => Kind::Suppliers,
            Side::Customer => Kind::Customers,
        }
    }
}

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Add one
    Add {
        /// The shop's short code for it
        code: String,
        /// The company or the person
        name: String,
        #[command(flatten)]
        details: Details,
    },
    /// Change how to reach one
    Update {
        /// The shop's short code for it
        code: String,
        /// The company or the person
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        details: Details,
    },
    /// Trade with it no longer; its history stays
    Retire {
        /// The shop's short code for it
        code: String,
    },
    /// Trade with it again
    Restore {
        /// The shop's short code for it
        code: String,
    },
    /// List them
    List(List),
    /// Show one and its newest orders
    Show {
        /// The shop's short code for it
        code: String,
    },
    /// Add many from a CSV file
    Import(import::Parties),
}

/// How to reach somebody.
#[derive(Args, Debug, Default, PartialEq, Eq)]
pub(super) struct Details {
    /// Whom to ask for
    #[arg(long, value_name = "NAME")]
    contact: Option<String>,
    #[arg(long)]
    email: Option<String>,
    #[arg(long)]
    phone: Option<String>,
    /// Street and number
    #[arg(long)]
    address: Option<String>,
    #[arg(long)]
    city: Option<String>,
    #[arg(long)]
    country: Option<String>,
}

impl Details {
    fn apply(&self, contact: &mut Contact) {
        let fields = [
            (&self.contact, &mut contact.contact),
            (&self.email, &mut contact.email),
            (&self.phone, &mut contact.phone),
            (&self.address, &mut contact.address),
            (&self.city, &mut contact.city),
            (&self.country, &mut contact.country),
        ];
        for (given, field) in fields {
            if let Some(given) = given {
                *field = given.as_str().into();
            }
        }
    }
}

/// A supplier or a customer.
enum Party {
    Supplier(Arc<Supplier>),
    Customer(Arc<Customer>),
}

impl Party {
    async fn named(session: &Session, side: Side, code: &str) -> Outcome<Party> {
        match side {
            Side::Supplier => session.supplier_named(code).await.map(Party::Supplier),
            Side::Customer => session.customer_named(code).await.map(Party::Customer),
        }
    }

    fn contact(&self) -> &Contact {
        match self {
            Party::Supplier(supplier) => &supplier.contact,
            Party::Customer(customer) => &customer.contact,
        }
    }

    /// How an earlier change of it has left it.
    fn left_by<'r>(&self, receipt: &'r Receipt) -> Option<&'r Contact> {
        match (self, receipt) {
            (Party::Supplier(party), Receipt::SupplierUpdated(left)) if left.id == party.id => Some(&left.contact),
            (Party::Customer(party), Receipt::CustomerUpdated(left)) if left.id == party.id => Some(&left.contact),
            _ => None,
        }
    }

    fn row(&self) -> PartyRow {
        match self {
            Party::Supplier(party) => PartyRow::of(&party.code, &party.contact, party.standing, party.id.to_string()),
            Party::Customer(party) => PartyRow::of(&party.code, &party.contact, party.standing, party.id.to_string()),
        }
    }

    async fn update(
        &self,
        session: &Session,
        contact: Patch<Contact>,
        standing: Patch<Standing>,
    ) -> Outcome<Arc<Receipt>> {
        match self {
            Party::Supplier(party) => {
                session.execute(UpdateSupplier { supplier: party.id, contact, standing, if_tag: None }).await
            }
            Party::Customer(party) => {
                session.execute(UpdateCustomer { customer: party.id, contact, standing, if_tag: None }).await
            }
        }
    }
}

impl Command {
    /// What it enters in the books.
    pub(super) fn entry(&self) -> Entry {
        match self {
            Command::List(_) | Command::Show { .. } => Entry::Nothing,
            _ => Entry::Made,
        }
    }

    pub(super) async fn run(self, session: &Session, side: Side) -> Outcome {
        match self {
            Command::Add { code, name, details } => add(session, side, &code, &name, &details).await,
            Command::Update { code, name, details } => update(session, side, &code, name, &details).await,
            Command::Retire { code } => stand(session, side, &code, Standing::Retired).await,
            Command::Restore { code } => stand(session, side, &code, Standing::Active).await,
            Command::List(list) => list.run(session, side).await,
            Command::Show { code } => show(session, side, &code).await,
            Command::Import(command) => command.run(session, side.kind()).await,
        }
    }
}

async fn add(session: &Session, side: Side, code: &str, name: &str, details: &Details) -> Outcome {
    let mut contact = Contact::named(name);
    details.apply(&mut contact);
    let code_text = code.into();
    let receipt = match side {
        Side::Supplier => session.execute(CreateSupplier { code: code_text, contact }).await?,
        Side::Customer => session.execute(CreateCustomer { code: code_text, contact }).await?,
    };
    session.done(&format!("Added {code} {name}."), Some(code), &receipt)
}

async fn update(session: &Session, side: Side, code: &str, name: Option<String>, details: &Details) -> Outcome {
    let party = Party::named(session, side, code).await?;
    let changed = |contact: &Contact| {
        let mut contact = contact.clone();
        details.apply(&mut contact);
        if let Some(name) = &name {
            contact.name = name.as_str().into();
        }
        contact
    };
    if name.is_some() || *details != Details::default() {
        // Something else may have been changed since.
        let is_this = |receipt: &Receipt| party.left_by(receipt).is_some_and(|left| changed(left) == *left);
        if let Some(receipt) = session.done_before(is_this).await? {
            return session.done(&format!("Changed {code}."), Some(code), &receipt);
        }
    }
    let contact = changed(party.contact());
    if contact == *party.contact() {
        return Err(Failure::usage("nothing_to_change", "nothing to change was given")
            .hint("name what is to be changed, such as --name or --city"));
    }
    let receipt = party.update(session, Patch::Set(contact), Patch::Keep).await?;
    session.done(&format!("Changed {code}."), Some(code), &receipt)
}

async fn stand(session: &Session, side: Side, code: &str, standing: Standing) -> Outcome {
    let party = Party::named(session, side, code).await?;
    let receipt = party.update(session, Patch::Keep, Patch::Set(standing)).await?;
    let done = if standing == Standing::Retired { "Retired" } else { "Restored" };
    session.done(&format!("{done} {code} {}.", party.contact().name), Some(code), &receipt)
}

#[derive(Args, Debug)]
pub(super) struct List {
    /// Only those with this in their code or name
    #[arg(long)]
    text: Option<String>,
    /// Only those in this city
    #[arg(long)]
    city: Option<String>,
    /// Retired ones too
    #[arg(long)]
    all: bool,
    /// In which order; with a minus, the last or the newest first
    #[arg(long, value_name = "ORDER", allow_hyphen_values = true, value_parser = sorts(Lists::Suppliers))]
    sort: Option<Sort>,
    /// At most so many; 0 for all
    #[arg(long, value_name = "N", default_value_t = 0)]
    limit: u32,
}

#[derive(Serialize)]
struct PartyRow {
    code: String,
    name: String,
    contact: String,
    email: String,
    phone: String,
    address: String,
    city: String,
    country: String,
    standing: Standing,
    id: String,
}

impl PartyRow {
    fn of(code: &str, contact: &Contact, standing: Standing, id: String) -> PartyRow {
        PartyRow {
            code: code.to_owned(),
            name: contact.name.to_string(),
            contact: contact.contact.to_string(),
            email: contact.email.to_string(),
            phone: contact.phone.to_string(),
            address: contact.address.to_string(),
            city: contact.city.to_string(),
            country: contact.country.to_string(),
            standing,
            id,
        }
    }
}

impl Line for PartyRow {
    const KEYS: &'static [&'static str] =
        &["code", "name", "contact", "email", "phone", "address", "city", "country", "standing", "id"];
    const COLUMNS: &'static [Column] = &[
        Column::text("Code"),
        Column::text("Name"),
        Column::text("Contact"),
        Column::text("Phone"),
        Column::text("City"),
        Column::text("Country"),
    ];

    fn cells(&self, _: &Show) -> Vec<String> {
        let cells = [&self.code, &self.name, &self.contact, &self.phone, &self.city, &self.country];
        cells.into_iter().cloned().collect()
    }

    fn tone(&self) -> Tone {
        if self.standing == Standing::Retired { Tone::Faint } else { Tone::Plain }
    }
}

impl List {
    async fn run(self, session: &Session, side: Side) -> Outcome {
        let show = session.show().await?;
        let standing = if self.all { Listed::All } else { Listed::Active };
        let query = PartyQuery { text: self.text, city: self.city, standing };
        let mut listing: Listing<PartyRow> = session.out.listing(&show);
        let rest = match side {
            Side::Supplier => {
                each_page(
                    self.limit,
                    self.sort,
                    async |page| session.store().suppliers(&query, page).await,
                    async |rows| listing.add(rows.into_iter().map(|row| Party::Supplier(row).row())),
                )
                .await?
            }
            Side::Customer => {
                each_page(
                    self.limit,
                    self.sort,
                    async |page| session.store().customers(&query, page).await,
                    async |rows| listing.add(rows.into_iter().map(|row| Party::Customer(row).row())),
                )
                .await?
            }
        };
        listing.end_or(match side {
            Side::Supplier => "No supplier is like that.",
            Side::Customer => "No customer is like that.",
        })?;
        session.say_if_more(rest);
        Ok(())
    }
}

/// Documents that are shown with somebody.
const NEWEST_DOCUMENTS: u32 = 10;

async fn show(session: &Session, side: Side, code: &str) -> Outcome {
    let party = Party::named(session, side, code).await?;
    let row = party.row();
    match session.out.format {
        Format::Json => return session.out.json(&row),
        Format::Csv => return session.out.list(&session.show().await?, vec![row]),
        Format::Table => {}
    }
    let mut table = Table::new(&[Column::text(""), Column::text("")]);
    let rows = [
        ("Code", row.code),
        ("Name", row.name),
        ("Contact", row.contact),
        ("Email", row.email),
        ("Phone", row.phone),
        ("Address", row.address),
        ("City", row.city),
        ("Country", row.country),
        ("Standing", if row.standing == Standing::Retired { "retired".to_owned() } else { String::new() }),
    ];
    for (name, value) in rows.into_iter().filter(|(_, value)| !value.is_empty()) {
        table.row(vec![name.to_owned(), value], Tone::Plain);
    }
    table.print()?;
    session.out.text("")?;
    match party {
        Party::Supplier(supplier) => newest_purchases(session, supplier.id).await,
        Party::Customer(customer) => newest_orders(session, customer.id).await,
    }
}

async fn newest_orders(session: &Session, customer: CustomerId) -> Outcome {
    let query = OrderQuery { customer: Some(customer), ..OrderQuery::default() };
    let mut listing = session.out.listing::<OrderRow>(&session.show().await?);
    each_page(
        NEWEST_DOCUMENTS,
        None,
        async |page| session.store().orders(&query, page).await,
        async |orders| listing.add(OrderRow::all(session, orders).await?),
    )
    .await?;
    listing.end_or("No orders yet.")
}

async fn newest_purchases(session: &Session, supplier: SupplierId) -> Outcome {
    let query = PurchaseQuery { supplier: Some(supplier), ..PurchaseQuery::default() };
    let mut listing = session.out.listing::<PurchaseRow>(&session.show().await?);
    each_page(
        NEWEST_DOCUMENTS,
        None,
        async |page| session.store().purchases(&query, page).await,
        async |purchases| listing.add(PurchaseRow::all(session, purchases).await?),
    )
    .await?;
    listing.end_or("No purchase orders yet.")
}
