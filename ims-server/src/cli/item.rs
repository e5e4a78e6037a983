//! `ims item`

use super::{
    entry::Entry,
    import,
    init::Costing,
    page::{Lists, each_page, sorts},
    stock::StockRow,
};
use crate::{
    failure::{Failure, Outcome},
    lookup::quoted,
    output::{self, Column, Format, Line, Show, Table, Tone},
    session::{Session, now},
};
use clap::{Args, Subcommand, ValueEnum};
use ims_core::{
    Amount, Item, Name, Patch, Quantity, Receipt, Reports, Sku, Standing, Supplier, SupplierId, Text, Tracking, Unit,
    item::{CreateItem, RetireItem, UpdateItem},
    report::{ItemQuery, Listed, Sort, StockQuery},
};
use serde::Serialize;
use std::{collections::HashMap, sync::Arc};

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Add an item
    Add(Add),
    /// Change an item; what was sold keeps the name, price, brand and category it was sold with
    Update(Update),
    /// Take an item out of trade; its history stays
    Retire {
        /// SKU or barcode
        item: String,
    },
    /// Put a retired item back in trade
    Restore {
        /// SKU or barcode
        item: String,
    },
    /// List items
    List(List),
    /// Show an item and its stock
    Show {
        /// SKU or barcode
        item: String,
    },
    /// Add many items from a CSV file, with their stock
    Import(import::Items),
}

impl Command {
    /// What it enters in the books.
    pub(super) fn entry(&self) -> Entry {
        match self {
            Command::List(_) | Command::Show { .. } => Entry::Nothing,
            _ => Entry::Made,
        }
    }

    pub(super) async fn run(self, session: &Session) -> Outcome {
        match self {
            Command::Add(command) => command.run(session).await,
            Command::Update(command) => command.run(session).await,
            Command::Retire { item } => retire(session, &item).await,
            Command::Restore { item } => restore(session, &item).await,
            Command::List(command) => command.run(session).await,
            Command::Show { item } => show(session, &item).await,
            Command::Import(command) => command.run(session).await,
        }
    }
}

/// What may be said of an item, new or changed.
#[derive(Args, Debug, Default)]
struct Details {
    /// More words about it
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Its brand
    #[arg(long)]
    brand: Option<String>,
    /// Its category, a path such as Drinks/Tea
    #[arg(long)]
    category: Option<String>,
    /// What one of it is, such as piece, kg or m
    #[arg(long, value_name = "NAME")]
    unit: Option<String>,
    /// How many decimals a quantity may have
    #[arg(long, value_name = "0..6", value_parser = clap::value_parser!(u32).range(0..=6))]
    unit_decimals: Option<u32>,
    /// How the cost of what is sold is found
    #[arg(long, value_enum)]
    costing: Option<Costing>,
    /// The price of one
    #[arg(long, value_name = "AMOUNT")]
    price: Option<Amount>,
    /// At or below this many available it is low on stock
    #[arg(long, value_name = "N")]
    reorder_point: Option<Quantity>,
    /// Reorder so many that this many are available again; not below the reorder point
    #[arg(long, value_name = "N")]
    reorder_to: Option<Quantity>,
    /// How many more than available may be promised per site
    #[arg(long, value_name = "N")]
    backorder_limit: Option<Quantity>,
    /// The code of the supplier it usually comes from
    #[arg(long, value_name = "CODE")]
    supplier: Option<String>,
}

impl Details {
    async fn supplier(&self, session: &Session) -> Outcome<Option<SupplierId>> {
        match &self.supplier {
            Some(code) => Ok(Some(session.supplier_named(code).await?.id)),
            None => Ok(None),
        }
    }

    /// The unit, where one of its parts is named; the other part stays as it was.
    fn unit(&self, before: &Unit) -> Outcome<Option<Unit>> {
        if self.unit.is_none() && self.unit_decimals.is_none() {
            return Ok(None);
        }
        let code = self.unit.as_deref().unwrap_or(before.code());
        let decimals = self.unit_decimals.unwrap_or(before.decimals());
        Unit::new(code, decimals).map(Some).map_err(|error| Failure::usage("unit", error.to_string()))
    }
}

#[derive(Args, Debug)]
pub(super) struct Add {
    /// The shop's own code for it
    sku: Sku,
    /// What it is called
    name: String,
    #[command(flatten)]
    details: Details,
    /// A barcode; give it several times for several
    #[arg(long, value_name = "CODE")]
    barcode: Vec<String>,
    /// A service or a fee: sold without any stock
    #[arg(long)]
    service: bool,
    /// The standard cost of one, where it is costed at standard
    #[arg(long, value_name = "AMOUNT")]
    standard_cost: Option<Amount>,
}

impl Add {
    async fn run(self, session: &Session) -> Outcome {
        let Add { sku, name, details, barcode, service, standard_cost } = self;
        let create = CreateItem {
            description: text(&details.description),
            brand: text(&details.brand),
            category: text(&details.category),
            unit: details.unit(&Unit::piece())?,
            tracking: service.then_some(Tracking::Service),
            costing: details.costing.map(Into::into),
            standard_cost,
            price: details.price,
            barcodes: barcode.iter().map(|code| code.as_str().into()).collect(),
            reorder_point: details.reorder_point,
            reorder_to: details.reorder_to,
            backorder_limit: details.backorder_limit.unwrap_or_default(),
            supplier: details.supplier(session).await?,
            ..CreateItem::new(sku.clone(), &name)
        };
        let receipt = session.execute(create).await?;
        session.done(&format!("Added {sku} {name}."), Some(sku.as_str()), &receipt)?;
        if !service {
            session.out.say(format!("Next: ims receive {}=QUANTITY@COST", quoted(sku.as_str())));
        }
        Ok(())
    }
}

fn text(given: &Option<String>) -> Text {
    given.as_deref().unwrap_or_default().into()
}

#[derive(Args, Debug)]
pub(super) struct Update {
    /// SKU or barcode
    item: String,
    /// A new SKU
    #[arg(long)]
    sku: Option<Sku>,
    /// What it is called
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    details: Details,
    /// A barcode more; give it several times for several. With --clear barcodes they stand in place of those it has
    #[arg(long, value_name = "CODE")]
    barcode: Vec<String>,
    /// Take a value away; give it several times for several
    #[arg(long, value_enum, value_name = "FIELD")]
    clear: Vec<Clearable>,
    /// Put it back in trade
    #[arg(long)]
    restore: bool,
}

/// What an item can be without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Clearable {
    Price,
    ReorderPoint,
    ReorderTo,
    Supplier,
    Barcodes,
}

impl Update {
    /// The item that is named; as an earlier command of the same id has left it, where there was one. It may have got
    /// another SKU by that.
    async fn item(&self, session: &Session) -> Outcome<Arc<Item>> {
        let named = session.item_named(&self.item).await;
        let earlier = session.done_before(|receipt| matches!(receipt, Receipt::ItemUpdated(_))).await?;
        let Some(Receipt::ItemUpdated(left)) = earlier.as_deref() else { return named };
        match named {
            Ok(item) if item.id != left.id => Ok(item),
            Err(failure) if self.sku.as_ref() != Some(&left.sku) => Err(failure),
            _ => Ok(Arc::clone(left)),
        }
    }

    async fn run(self, session: &Session) -> Outcome {
        let before = self.item(session).await?;
        let Update { sku, name, details, barcode, clear, restore, .. } = self;
        let cleared = |field: Clearable| clear.contains(&field);
        let supplier = details.supplier(session).await?;
        let update = UpdateItem {
            sku: sku.into(),
            name: name.as_deref().map(Text::from).into(),
            description: details.description.as_deref().map(Text::from).into(),
            brand: details.brand.as_deref().map(Text::from).into(),
            category: details.category.as_deref().map(Text::from).into(),
            unit: details.unit(&before.unit)?.into(),
            costing: details.costing.map(Into::into).into(),
            price: optional(details.price, cleared(Clearable::Price)),
            barcodes: match cleared(Clearable::Barcodes) {
                true => Patch::Set(with_barcodes(&[], &barcode)),
                false if barcode.is_empty() => Patch::Keep,
                false => Patch::Set(with_barcodes(&before.barcodes, &barcode)),
            },
            reorder_point: optional(details.reorder_point, cleared(Clearable::ReorderPoint)),
            reorder_to: optional(details.reorder_to, cleared(Clearable::ReorderTo)),
            backorder_limit: details.backorder_limit.into(),
            supplier: optional(supplier, cleared(Clearable::Supplier)),
            standing: restore.then_some(Standing::Active).into(),
            ..UpdateItem::new(before.id)
        };
        if update == UpdateItem::new(before.id) {
            return Err(Failure::usage("nothing_to_change", "nothing to change was given")
                .hint("`ims item update --help` shows what can be changed"));
        }
        let updated = session.execute(update).await;
        let receipt = updated.map_err(|failure| failure.hint_at("cost_unknown", STANDARD_COST_IS_ADDED))?;
        let Receipt::ItemUpdated(item) = &*receipt else { return session.done("Changed.", None, &receipt) };
        session.done(&format!("Changed {} {}.", item.sku, item.name), Some(item.sku.as_str()), &receipt)
    }
}

/// What can be done for an item that has no standard cost.
const STANDARD_COST_IS_ADDED: &str = "an item gets its first standard cost when it is added: `ims item add SKU NAME --costing standard --standard-cost AMOUNT`";

/// Barcodes, and those of the `more` that are not among them, in whatever form.
fn with_barcodes(before: &[Text], more: &[String]) -> Vec<Text> {
    let is_new = |code: &&String| !before.iter().any(|known| Name::item(known) == Name::item(code));
    before.iter().cloned().chain(more.iter().filter(is_new).map(|code| code.as_str().into())).collect()
}

async fn restore(session: &Session, name: &str) -> Outcome {
    let item = session.item_named(name).await?;
    let standing = Patch::Set(Standing::Active);
    let receipt = session.execute(UpdateItem { standing, ..UpdateItem::new(item.id) }).await?;
    session.done(&format!("{} is back in trade.", item.sku), Some(item.sku.as_str()), &receipt)
}

fn optional<T: Clone>(given: Option<T>, cleared: bool) -> Patch<Option<T>> {
    match given {
        Some(value) => Patch::Set(Some(value)),
        None if cleared => Patch::Set(None),
        None => Patch::Keep,
    }
}

async fn retire(session: &Session, name: &str) -> Outcome {
    let item = session.item_named(name).await?;
    let receipt = session.execute(RetireItem { item: item.id }).await?;
    session.done(&format!("Retired {} {}.", item.sku, item.name), Some(item.sku.as_str()), &receipt)
}

#[derive(Args, Debug)]
pub(super) struct List {
    /// Only those with this in their SKU or name
    #[arg(long)]
    text: Option<String>,
    /// Only those of this brand
    #[arg(long)]
    brand: Option<String>,
    /// Only those of this category or one below it
    #[arg(long)]
    category: Option<String>,
    /// Only those that usually come from this supplier
    #[arg(long, value_name = "CODE")]
    supplier: Option<String>,
    /// Retired ones too
    #[arg(long)]
    all: bool,
    /// In which order; with a minus, the last or the newest first
    #[arg(long, value_name = "ORDER", allow_hyphen_values = true, value_parser = sorts(Lists::Items))]
    sort: Option<Sort>,
    /// At most so many; 0 for all
    #[arg(long, value_name = "N", default_value_t = 0)]
    limit: u32,
}

/// An item, as a line of a list.
#[derive(Serialize)]
struct ItemRow {
    sku: String,
    name: String,
    brand: String,
    category: String,
    unit: String,
    unit_decimals: u32,
    tracking: Tracking,
    costing: ims_core::CostingMethod,
    standard_cost: Option<Amount>,
    price: Option<Amount>,
    reorder_point: Option<Quantity>,
    reorder_to: Option<Quantity>,
    backorder_limit: Quantity,
    supplier: String,
    barcodes: String,
    description: String,
    standing: Standing,
    id: ims_core::ItemId,
}

impl ItemRow {
    fn of(item: &Item, supplier: Option<&Arc<Supplier>>) -> ItemRow {
        ItemRow {
            sku: item.sku.to_string(),
            name: item.name.to_string(),
            brand: item.brand.to_string(),
            category: item.category.to_string(),
            unit: item.unit.code().to_owned(),
            unit_decimals: item.unit.decimals(),
            tracking: item.tracking,
            costing: item.costing,
            standard_cost: item.standard_cost,
            price: item.price,
            reorder_point: item.reorder_point,
            reorder_to: item.reorder_to,
            backorder_limit: item.backorder_limit,
            supplier: supplier.map(|supplier| supplier.code.to_string()).unwrap_or_default(),
            barcodes: item.barcodes.join("|"),
            description: item.description.to_string(),
            standing: item.standing,
            id: item.id,
        }
    }
}

impl Line for ItemRow {
    const KEYS: &'static [&'static str] = &[
        "sku",
        "name",
        "brand",
        "category",
        "unit",
        "unit_decimals",
        "tracking",
        "costing",
        "standard_cost",
        "price",
        "reorder_point",
        "reorder_to",
        "backorder_limit",
        "supplier",
        "barcodes",
        "description",
        "standing",
        "id",
    ];
    const COLUMNS: &'static [Column] = &[
        Column::text("SKU"),
        Column::text("Name"),
        Column::text("Brand"),
        Column::text("Category"),
        Column::number("Price"),
        Column::number("Reorder at"),
        Column::text("Supplier"),
    ];

    fn cells(&self, show: &Show) -> Vec<String> {
        vec![
            self.sku.clone(),
            self.name.clone(),
            self.brand.clone(),
            self.category.clone(),
            show.price_or_dash(self.price),
            output::quantity_or_dash(self.reorder_point),
            self.supplier.clone(),
        ]
    }

    fn tone(&self) -> Tone {
        if self.standing == Standing::Retired { Tone::Faint } else { Tone::Plain }
    }
}

impl List {
    async fn run(self, session: &Session) -> Outcome {
        let show = session.show().await?;
        let standing = if self.all { Listed::All } else { Listed::Active };
        let supplier = match &self.supplier {
            Some(code) => Some(session.supplier_named(code).await?.id),
            None => None,
        };
        let query = ItemQuery { text: self.text, brand: self.brand, category: self.category, supplier, standing };
        let mut listing = session.out.listing::<ItemRow>(&show);
        let rest = each_page(
            self.limit,
            self.sort,
            async |page| session.store().items(&query, page).await,
            async |items| {
                let suppliers = session.suppliers_with(items.iter().filter_map(|item| item.supplier)).await?;
                let supplier = |item: &Item| item.supplier.and_then(|id| suppliers.get(&id));
                listing.add(items.iter().map(|item| ItemRow::of(item, supplier(item))))
            },
        )
        .await?;
        listing.end_or("No item is like that.")?;
        session.say_if_more(rest);
        Ok(())
    }
}

/// An item and its stock, for scripts.
#[derive(Serialize)]
struct ItemOut {
    #[serde(flatten)]
    item: ItemRow,
    stock: Vec<StockRow>,
}

async fn show(session: &Session, name: &str) -> Outcome {
    let item = session.item_named(name).await?;
    let suppliers = session.suppliers_with(item.supplier).await?;
    let row = ItemRow::of(&item, item.supplier.and_then(|id| suppliers.get(&id)));
    let mut stock = Vec::new();
    let query = StockQuery { item: Some(item.id), site: None, now: now() };
    each_page(
        0,
        None,
        async |page| session.store().stock(&query, page).await,
        async |lines| {
            stock.extend(lines.into_iter().map(StockRow::from));
            Ok(())
        },
    )
    .await?;
    match session.out.format {
        Format::Json => session.out.json(&ItemOut { item: row, stock }),
        Format::Csv => session.out.list(&session.show().await?, vec![row]),
        Format::Table => {
            let show = session.show().await?;
            describe(&show, &row, &suppliers, &item)?;
            session.out.text("")?;
            let mut listing = session.out.listing::<StockRow>(&show);
            listing.add(stock)?;
            listing.end_or("It was never in stock.")
        }
    }
}

fn describe(show: &Show, row: &ItemRow, suppliers: &HashMap<SupplierId, Arc<Supplier>>, item: &Item) -> Outcome {
    let supplier = item.supplier.and_then(|id| suppliers.get(&id));
    let supplier = supplier.map(|supplier| format!("{} {}", supplier.code, supplier.contact.name));
    let unit = match row.unit_decimals {
        0 => format!("{}, whole", row.unit),
        decimals => format!("{}, to {decimals} decimals", row.unit),
    };
    let mut table = Table::new(&[Column::text(""), Column::text("")]);
    let rows = [
        ("SKU", row.sku.clone()),
        ("Name", row.name.clone()),
        ("Description", row.description.clone()),
        ("Brand", row.brand.clone()),
        ("Category", row.category.clone()),
        ("Unit", unit),
        ("Price", show.price_or_dash(row.price)),
        ("Costing", word(&row.costing)),
        ("Standard cost", row.standard_cost.map(|cost| show.price(cost)).unwrap_or_default()),
        ("Reorder at", output::quantity_or_dash(row.reorder_point)),
        ("Reorder to", row.reorder_to.map(output::quantity).unwrap_or_default()),
        (
            "Backorders",
            Some(row.backorder_limit).filter(|limit| !limit.is_zero()).map(output::quantity).unwrap_or_default(),
        ),
        ("Supplier", supplier.unwrap_or_default()),
        ("Barcodes", item.barcodes.join(", ")),
        ("Kind", if row.tracking == Tracking::Service { "service, without stock".to_owned() } else { String::new() }),
        ("Standing", if row.standing == Standing::Retired { "retired".to_owned() } else { String::new() }),
    ];
    for (name, value) in rows.into_iter().filter(|(_, value)| !value.is_empty()) {
        table.row(vec![name.to_owned(), value], Tone::Plain);
    }
    table.print()
}

/// A value's name in its JSON form, such as `moving_average`, as people write it.
pub(super) fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word.replace('_', " "),
        _ => String::new(),
    }
}
