//! Totals: what is told is added to what is there.

use super::{
    StoreFactory,
    drive::{commit_to, two_handles},
    finding::{Finding, wrong},
    model::Model,
    sample::{self, command, in_order, sales_key, text, trade},
};
use crate::*;

fn sales(units: i64, revenue: i64, cost: i64) -> Sales {
    let (revenue, cost) = (Amount::from_micros(revenue), Amount::from_micros(cost));
    Sales { units: Quantity::from_micros(units), revenue, cost }
}

pub(super) async fn sales_add_up<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let (one, other) = two_handles(factory).await?;
    let mut model = Model::default();
    commit_to(&one, &mut model, sample::catalogue()?).await?;
    let key = sales_key(1);
    // Keys that differ in one part, and in nothing that a collation sees.
    let keys = [
        key.clone(),
        SalesKey { day: sample::day(2), ..key.clone() },
        SalesKey { site: sample::site_id(2), ..key.clone() },
        SalesKey { item: sample::item_id(2), ..key.clone() },
        SalesKey { brand: text("brand"), ..key.clone() },
        SalesKey { brand: text("BRAND"), ..key.clone() },
        SalesKey { brand: text("Bránd"), ..key.clone() },
        SalesKey { brand: text("Bra\u{301}nd"), ..key.clone() },
        SalesKey { brand: text(""), category: text("Brand"), ..key.clone() },
        SalesKey { category: text("Brand"), ..key.clone() },
        SalesKey { category: text("brand "), ..key.clone() },
        SalesKey { category: text("brand"), ..key },
    ];
    let buyers = [None, Some(command(1).into()), Some(command(2).into())];
    let customers = buyers.map(|customer| CustomerSalesKey { day: sample::day(1), customer });
    for (part, store) in [
        (sales(3_000_000, 10, 7), &one),
        (sales(-1, 5, i64::MAX >> 1), &other),
        (sales(0, 0, 0), &one),
        (sales(-2_999_999, -15, -7), &other),
        (sales(1, -1, -(i64::MAX >> 1)), &one),
    ] {
        let change = ChangeSet {
            catalog: 1,
            sales: keys.iter().map(|key| (key.clone(), part)).collect(),
            customer_sales: customers.iter().map(|key| (*key, part)).collect(),
            ..ChangeSet::default()
        };
        commit_to(store, &mut model, in_order(change)).await?;
        model.check(&one).await?;
    }
    // A key that others have been added to may be new for one.
    let late = ChangeSet {
        catalog: 1,
        sales: vec![(sales_key(3), sales(1, 2, 3)), (sales_key(1), sales(1, 2, 3))],
        ..ChangeSet::default()
    };
    commit_to(&one, &mut model, in_order(late)).await?;
    model.check(&other).await
}

pub(super) async fn a_total_that_does_not_fit_is_refused<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let store = factory.fresh().await?;
    let mut model = Model::default();
    commit_to(&store, &mut model, sample::catalogue()?).await?;
    let nobody = CustomerSalesKey { day: sample::day(1), customer: None };
    let (most, least) = (i64::MAX, i64::MIN);
    let full = ChangeSet {
        catalog: 1,
        sales: vec![(sales_key(1), sales(most, most, most)), (sales_key(2), sales(least, least, least))],
        customer_sales: vec![(nobody, sales(most, 0, least))],
        ..ChangeSet::default()
    };
    commit_to(&store, &mut model, in_order(full)).await?;
    model.check(&store).await?;
    let by_item =
        |number: u32, part: Sales| Ok::<_, Finding>(ChangeSet { sales: vec![(sales_key(number), part)], ..trade(3)? });
    let by_customer = |part: Sales| Ok::<_, Finding>(ChangeSet { customer_sales: vec![(nobody, part)], ..trade(3)? });
    let too_large = [
        by_item(1, sales(1, 0, 0))?,
        by_item(1, sales(0, 1, 0))?,
        by_item(1, sales(0, 0, 1))?,
        by_item(1, sales(most, most, most))?,
        by_item(2, sales(-1, 0, 0))?,
        by_item(2, sales(0, least, 0))?,
        by_customer(sales(1, 0, 0))?,
        by_customer(sales(0, 0, -1))?,
    ];
    for change in too_large {
        let part = (change.sales.clone(), change.customer_sales.clone());
        match store.commit(change).await {
            Err(error) if error.kind == StoreErrorKind::OutOfRange => {}
            other => return wrong(format!("{part:?} makes a total too large, and gave {other:?}")),
        }
        model.check(&store).await?;
    }
    let back = ChangeSet {
        catalog: 1,
        sales: vec![(sales_key(1), sales(least, 0, -1)), (sales_key(2), sales(most, 1, 0))],
        customer_sales: vec![(nobody, sales(0, 5, 0))],
        ..ChangeSet::default()
    };
    commit_to(&store, &mut model, in_order(back)).await?;
    model.check(&store).await
}
