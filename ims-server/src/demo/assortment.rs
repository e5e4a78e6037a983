//! What the shop sells, from whom it buys and who its customers are. All names are plain words.

use super::random::Random;
use ims_core::{Amount, Quantity};

/// Items of one kind.
struct Range {
    prefix: &'static str,
    category: &'static str,
    supplier: &'static str,
    /// What it is, and in which kinds it comes.
    things: &'static [&'static str],
    kinds: &'static [&'static str],
    /// The lowest and the highest price, in cents.
    price_cents: (u32, u32),
    /// What one costs, in percent of its price.
    cost_percent: (u32, u32),
}

const RANGES: &[Range] = &[
    Range {
        prefix: "TEA",
        category: "Drinks/Tea",
        supplier: "S-DRINKS",
        things: &["Green tea", "Black tea", "White tea", "Herbal tea", "Fruit tea", "Mint tea"],
        kinds: &["loose 100 g", "20 bags", "gift tin"],
        price_cents: (320, 1_490),
        cost_percent: (42, 58),
    },
    Range {
        prefix: "COF",
        category: "Drinks/Coffee",
        supplier: "S-DRINKS",
        things: &["House blend", "Dark roast", "Light roast", "Espresso", "Decaf"],
        kinds: &["beans 250 g", "beans 1 kg", "ground 250 g"],
        price_cents: (590, 2_190),
        cost_percent: (48, 62),
    },
    Range {
        prefix: "CHO",
        category: "Pantry/Chocolate",
        supplier: "S-PANTRY",
        things: &["Dark chocolate", "Milk chocolate", "White chocolate", "Nut chocolate", "Salted chocolate"],
        kinds: &["bar 100 g", "box of 12", "drops 200 g"],
        price_cents: (250, 1_890),
        cost_percent: (45, 60),
    },
    Range {
        prefix: "SPI",
        category: "Pantry/Spices",
        supplier: "S-PANTRY",
        things: &["Pepper", "Cinnamon", "Paprika", "Turmeric", "Sea salt", "Vanilla", "Cumin"],
        kinds: &["jar", "refill bag"],
        price_cents: (190, 890),
        cost_percent: (35, 50),
    },
    Range {
        prefix: "MUG",
        category: "Kitchen/Mugs",
        supplier: "S-KITCHEN",
        things: &["Stoneware mug", "Enamel mug", "Glass mug", "Travel mug"],
        kinds: &["white", "blue", "green", "red", "grey"],
        price_cents: (790, 2_490),
        cost_percent: (38, 52),
    },
    Range {
        prefix: "POT",
        category: "Kitchen/Pots",
        supplier: "S-KITCHEN",
        things: &["Teapot", "Coffee pot", "Milk jug", "Sugar bowl"],
        kinds: &["small", "large", "with lid"],
        price_cents: (1_490, 5_990),
        cost_percent: (45, 60),
    },
    Range {
        prefix: "CAN",
        category: "Home/Candles",
        supplier: "S-HOME",
        things: &["Candle", "Scented candle", "Tea lights", "Lantern"],
        kinds: &["vanilla", "cedar", "lavender", "plain"],
        price_cents: (290, 2_990),
        cost_percent: (30, 48),
    },
    Range {
        prefix: "TEX",
        category: "Home/Textiles",
        supplier: "S-HOME",
        things: &["Tea towel", "Apron", "Table runner", "Cushion", "Blanket"],
        kinds: &["linen", "cotton", "striped"],
        price_cents: (690, 6_990),
        cost_percent: (42, 58),
    },
    Range {
        prefix: "PAP",
        category: "Paper/Notebooks",
        supplier: "S-PAPER",
        things: &["Notebook", "Sketchbook", "Diary", "Recipe book"],
        kinds: &["A5", "A4", "pocket"],
        price_cents: (390, 1_990),
        cost_percent: (35, 50),
    },
    Range {
        prefix: "CRD",
        category: "Paper/Cards",
        supplier: "S-PAPER",
        things: &["Birthday card", "Thank-you card", "Postcard", "Gift wrap", "Gift tags"],
        kinds: &["single", "set of 10"],
        price_cents: (150, 990),
        cost_percent: (25, 42),
    },
    Range {
        prefix: "SEE",
        category: "Garden/Seeds",
        supplier: "S-GARDEN",
        things: &["Basil", "Parsley", "Tomato", "Sunflower", "Wild flowers", "Lettuce"],
        kinds: &["seeds", "seed kit"],
        price_cents: (220, 1_290),
        cost_percent: (32, 48),
    },
    Range {
        prefix: "GAR",
        category: "Garden/Tools",
        supplier: "S-GARDEN",
        things: &["Trowel", "Watering can", "Pruner", "Gloves", "Plant labels"],
        kinds: &["small", "large"],
        price_cents: (490, 3_990),
        cost_percent: (48, 64),
    },
];

const BRANDS: &[&str] =
    &["House brand", "Brand North", "Brand South", "Brand East", "Brand West", "Brand One", "Brand Two", "Brand Three"];

/// Suppliers: code, name, city, days to deliver.
pub(super) const SUPPLIERS: &[(&str, &str, &str, u32)] = &[
    ("S-DRINKS", "Drinks supplier", "Harbour Town", 4),
    ("S-PANTRY", "Pantry supplier", "Harbour Town", 5),
    ("S-KITCHEN", "Kitchenware supplier", "Mill Town", 8),
    ("S-HOME", "Homeware supplier", "Mill Town", 7),
    ("S-PAPER", "Paper supplier", "Old Town", 3),
    ("S-GARDEN", "Garden supplier", "Green Valley", 6),
];

/// Where customers live.
pub(super) const CITIES: &[&str] = &["Old Town", "New Town", "Harbour Town", "Mill Town", "Green Valley", "Hillside"];
pub(super) const CUSTOMERS: u32 = 120;

/// An item of the shop.
pub(super) struct Product {
    pub(super) sku: String,
    pub(super) name: String,
    pub(super) brand: &'static str,
    pub(super) category: &'static str,
    pub(super) supplier: &'static str,
    pub(super) price: Amount,
    pub(super) cost: Amount,
    pub(super) reorder_point: Quantity,
    pub(super) reorder_to: Quantity,
    pub(super) opening: Quantity,
    /// How often it is asked for, beside the others.
    pub(super) demand: u32,
}

/// Makes the assortment.
pub(super) fn products(random: &mut Random) -> Vec<Product> {
    let mut products = Vec::new();
    for range in RANGES {
        let mut number = 0_u32;
        for thing in range.things {
            for kind in range.kinds {
                number = number.saturating_add(1);
                products.push(product(random, range, number, &format!("{thing}, {kind}")));
            }
        }
    }
    products
}

fn product(random: &mut Random, range: &Range, number: u32, name: &str) -> Product {
    let (lowest, highest) = range.price_cents;
    // Prices end in 9, as prices do.
    let price_cents = (random.between(lowest, highest) / 10).saturating_mul(10).saturating_add(9);
    let cost_percent = random.between(range.cost_percent.0, range.cost_percent.1);
    let cost_cents = price_cents.saturating_mul(cost_percent) / 100;
    // A few things sell all the time, most now and then.
    let demand = match random.below(10) {
        0 => random.between(60, 120),
        1..=3 => random.between(20, 50),
        _ => random.between(3, 15),
    };
    let reorder_point = (demand / 4).saturating_add(4);
    let reorder_to = reorder_point.saturating_mul(3);
    Product {
        sku: format!("{}-{number:02}", range.prefix),
        name: name.to_owned(),
        brand: random.pick(BRANDS).copied().unwrap_or_default(),
        category: range.category,
        supplier: range.supplier,
        price: cents(price_cents),
        cost: cents(cost_cents),
        reorder_point: units(reorder_point),
        reorder_to: units(reorder_to),
        opening: units(random.between(reorder_point, reorder_to)),
        demand,
    }
}

fn cents(cents: u32) -> Amount {
    Amount::from_micros(i64::from(cents).saturating_mul(10_000))
}

pub(super) fn units(units: u32) -> Quantity {
    Quantity::from_units(i64::from(units)).unwrap_or_default()
}
