//! Every question that [`crate::Reports`] answers, as a value, so that two stores can be asked the same.

use super::{
    finding::{Finding, ensure, equal, equal_lists},
    sample::{command, item_id, minute, site_id},
    script::{FIRST_LAPSE, SECOND_LAPSE, made, occurred},
};
use crate::{report::*, *};
use std::fmt::Debug;

/// A question.
#[derive(Clone, Debug)]
pub(super) enum Question {
    Items(ItemQuery),
    Locations,
    Suppliers(PartyQuery),
    Customers(PartyQuery),
    Stock(StockQuery),
    OrderNumbered(String, u64),
    Orders(OrderQuery),
    PurchaseNumbered(String, u64),
    Purchases(PurchaseQuery),
    Alerts(AlertQuery, Timestamp),
    Profit(ProfitQuery),
    Value(ValueQuery),
    Reorder(Timestamp),
    Movements(MovementQuery),
}

impl Question {
    /// Asks for a page; a single answer is a page of one row.
    async fn ask<R: Reports>(&self, reports: &R, page: &PageRequest) -> Result<Page<String>, StoreError> {
        Ok(match self {
            Question::Items(query) => shown(reports.items(query, page).await?),
            Question::Locations => shown(reports.locations(page).await?),
            Question::Suppliers(query) => shown(reports.suppliers(query, page).await?),
            Question::Customers(query) => shown(reports.customers(query, page).await?),
            Question::Stock(query) => shown(reports.stock(query, page).await?),
            Question::OrderNumbered(series, number) => one(reports.order_numbered(series, *number).await?),
            Question::Orders(query) => shown(reports.orders(query, page).await?),
            Question::PurchaseNumbered(series, number) => one(reports.purchase_numbered(series, *number).await?),
            Question::Purchases(query) => shown(reports.purchases(query, page).await?),
            Question::Alerts(query, now) => shown(reports.alerts(*query, *now, page).await?),
            Question::Profit(query) => shown(reports.profit(query, page).await?),
            Question::Value(query) => one(reports.value(query).await?),
            Question::Reorder(now) => shown(reports.reorder(*now, page).await?),
            Question::Movements(query) => shown(reports.movements(query, page).await?),
        })
    }

    /// Ends the case unless a store answers as memory does, page by page, whatever the size of a page. Returns how many
    /// rows the answer has.
    pub(super) async fn equal_answers<R: Reports>(&self, store: &R, memory: &MemoryStore) -> Result<usize, Finding> {
        let mut rows = 0;
        for limit in [0, 1, 2] {
            rows = self.equal_pages(store, memory, PageRequest { limit, ..PageRequest::default() }).await?;
        }
        for sort in self.list().into_iter().flat_map(List::sorts) {
            self.equal_pages(store, memory, PageRequest { limit: 2, sort: Some(*sort), after: None }).await?;
        }
        Ok(rows)
    }

    /// The list that it asks for, where there is one.
    fn list(&self) -> Option<List> {
        match self {
            Question::Items(_) => Some(List::Items),
            Question::Locations => Some(List::Locations),
            Question::Suppliers(_) => Some(List::Suppliers),
            Question::Customers(_) => Some(List::Customers),
            Question::Stock(_) => Some(List::Stock),
            Question::Orders(_) => Some(List::Orders),
            Question::Purchases(_) => Some(List::Purchases),
            Question::Alerts(..) => Some(List::Alerts),
            Question::Profit(_) => Some(List::Profit),
            Question::Reorder(_) => Some(List::Reorder),
            Question::Movements(_) => Some(List::Movements),
            Question::OrderNumbered(..) | Question::PurchaseNumbered(..) | Question::Value(_) => None,
        }
    }

    async fn equal_pages<R: Reports>(
        &self,
        store: &R,
        memory: &MemoryStore,
        first: PageRequest,
    ) -> Result<usize, Finding> {
        let (mut ours, mut theirs) = (first.clone(), first);
        let mut rows: usize = 0;
        for number in 1_u32.. {
            let what = || {
                let sorted = theirs.sort.map(|sort| format!(" sorted by {sort}")).unwrap_or_default();
                format!("{self:?}, page {number} of {} rows{sorted}", theirs.limit)
            };
            let found = self.ask(store, &theirs).await;
            let found = found.map_err(|error| Finding::Wrong(format!("{}: the store failed: {error}", what())))?;
            let expected = self.ask(memory, &ours).await?;
            equal_lists(&what(), &found.rows, &expected.rows)?;
            let follows = (found.next.is_some(), expected.next.is_some());
            equal(&format!("whether a page follows on {}", what()), &follows.0, &follows.1)?;
            rows = rows.saturating_add(expected.rows.len());
            (theirs.after, ours.after) = (found.next, expected.next);
            if ours.after.is_none() {
                break;
            }
        }
        Ok(rows)
    }
}

/// Ends the case unless a store answers every question as memory does, and not all of them with nothing.
pub(super) async fn equal_answers<R: Reports>(
    questions: &[Question],
    store: &R,
    memory: &MemoryStore,
) -> Result<(), Finding> {
    let mut rows: usize = 0;
    for question in questions {
        rows = rows.saturating_add(question.equal_answers(store, memory).await?);
    }
    ensure!(rows >= questions.len(), "the suite's own questions have {rows} rows for an answer");
    Ok(())
}

fn shown<T: Debug>(page: Page<T>) -> Page<String> {
    Page { rows: page.rows.iter().map(|row| format!("{row:?}")).collect(), next: page.next }
}

fn one<T: Debug>(answer: T) -> Page<String> {
    Page { rows: vec![format!("{answer:?}")], next: None }
}

/// Texts to search for: parts of words, words in other letters, wildcards and escapes that are none, nothing.
const SEARCHES: [&str; 20] = [
    "",
    "tea",
    "TEA",
    "ß",
    "SS",
    "strasse",
    "_",
    "%",
    "100%",
    "%_",
    "\\",
    "'",
    "\"",
    "éclair",
    "e\u{301}clair",
    "i",
    "İ",
    "🍵",
    "a\u{301}",
    "no such thing",
];

pub(super) fn of_the_catalogue() -> Vec<Question> {
    let mut questions = vec![Question::Locations];
    for standing in [Listed::Active, Listed::All] {
        questions.push(Question::Items(ItemQuery { standing, ..ItemQuery::default() }));
        questions.push(Question::Suppliers(PartyQuery { standing, ..PartyQuery::default() }));
        questions.push(Question::Customers(PartyQuery { standing, ..PartyQuery::default() }));
    }
    let standing = Listed::All;
    for text in SEARCHES {
        let text = Some(text.to_owned());
        questions.push(Question::Items(ItemQuery { text: text.clone(), standing, ..ItemQuery::default() }));
        questions.push(Question::Suppliers(PartyQuery { text: text.clone(), standing, ..PartyQuery::default() }));
        questions.push(Question::Customers(PartyQuery { text, standing, ..PartyQuery::default() }));
    }
    for city in [
        "",
        "köln",
        "KÖLN",
        "Koln",
        "São Paulo",
        "SÃO PAULO",
        "sao paulo",
        "Sa\u{303}o Paulo",
        "Paris",
        "Paris ",
        "Par",
        "İSTANBUL",
        "istanbul",
        "%",
    ] {
        let query = PartyQuery { city: Some(city.to_owned()), standing, ..PartyQuery::default() };
        questions.extend([Question::Suppliers(query.clone()), Question::Customers(query)]);
    }
    let both = PartyQuery { text: Some("jos".to_owned()), city: Some("sÃo paulo".to_owned()), standing };
    questions.push(Question::Customers(both));
    for brand in ["", "Acme", "acme", "ACME", "Ácme", "A\u{301}cme", "Acme ", "Acm", "Acme%"] {
        questions.push(Question::Items(ItemQuery { brand: Some(brand.to_owned()), ..ItemQuery::default() }));
    }
    for category in
        ["", "Drinks", "drinks", "Drinks/Tea", "Drinks/", "Drinks%", "Drinks_", "Food", "Food_Cake", "Drinks "]
    {
        questions.push(Question::Items(ItemQuery {
            category: Some(category.to_owned()),
            standing,
            ..ItemQuery::default()
        }));
    }
    let (text, brand, category) = (Some("a".to_owned()), Some("Acme".to_owned()), Some("Food".to_owned()));
    questions.push(Question::Items(ItemQuery { text, brand, category, ..ItemQuery::default() }));
    for supplier in [made::MILL, made::WOOL, made::OLD_SUPPLIER, 999].map(|number| Some(command(number).into())) {
        questions.push(Question::Items(ItemQuery { supplier, standing, ..ItemQuery::default() }));
        let category = Some("Drinks".to_owned());
        questions.push(Question::Items(ItemQuery { supplier, category, ..ItemQuery::default() }));
    }
    questions
}

/// Moments around those at which the script's holds lapse.
fn moments() -> [Timestamp; 7] {
    let just_before =
        |minutes| Timestamp::from_micros(minute(minutes).micros().saturating_sub(1)).unwrap_or(Timestamp::MIN);
    [
        minute(0),
        just_before(FIRST_LAPSE),
        minute(FIRST_LAPSE),
        just_before(SECOND_LAPSE),
        minute(SECOND_LAPSE),
        Timestamp::MIN,
        Timestamp::MAX,
    ]
}

const SITES: [u32; 4] = [made::MAIN, made::ANNEX, made::CELLAR, 999];

pub(super) fn of_stock() -> Vec<Question> {
    let all = StockQuery { item: None, site: None, now: minute(0) };
    let mut questions: Vec<Question> = moments().map(|now| Question::Stock(StockQuery { now, ..all })).into();
    questions.extend(moments().map(Question::Reorder));
    for which in [AlertQuery::Open, AlertQuery::Unacknowledged, AlertQuery::All] {
        questions.extend(moments().map(|now| Question::Alerts(which, now)));
    }
    questions.extend(SITES.map(|site| Question::Stock(StockQuery { site: Some(site_id(site)), ..all })));
    for item in [made::TEA, made::CUP, made::POSTAGE, made::NOWHERE, 999].map(|item| Some(item_id(item))) {
        questions.push(Question::Stock(StockQuery { item, ..all }));
        questions.push(Question::Stock(StockQuery { item, site: Some(site_id(made::MAIN)), now: minute(FIRST_LAPSE) }));
    }
    questions
}

pub(super) fn of_documents() -> Result<Vec<Question>, Finding> {
    let mut questions = vec![Question::Orders(OrderQuery::default()), Question::Purchases(PurchaseQuery::default())];
    questions.push(Question::Movements(MovementQuery::default()));
    let any = OrderQuery::default();
    for customer in [made::JOSE, made::BAKER, made::LTD, made::TEA_LOVER, 999] {
        questions.push(Question::Orders(OrderQuery { customer: Some(command(customer).into()), ..any.clone() }));
    }
    use OrderStatus::*;
    questions.extend(
        [Placed, PartlyShipped, Shipped, Cancelled]
            .map(|status| Question::Orders(OrderQuery { status: Some(status), ..any.clone() })),
    );
    let site = |site: u32| Some(site_id(site));
    questions.extend(SITES.map(|number| Question::Orders(OrderQuery { site: site(number), ..any.clone() })));
    let item = |item: u32| Some(item_id(item));
    for number in [made::TEA, made::POSTAGE, made::NEVER] {
        questions.push(Question::Orders(OrderQuery { item: item(number), ..any.clone() }));
        questions.push(Question::Purchases(PurchaseQuery { item: item(number), ..PurchaseQuery::default() }));
        questions.push(Question::Movements(MovementQuery { item: item(number), ..MovementQuery::default() }));
    }
    let customer = Some(command(made::JOSE).into());
    let status = Some(Shipped);
    let (site_asked, item_asked) = (site(made::MAIN), item(made::TEA));
    questions.push(Question::Orders(OrderQuery { customer, site: site_asked, status, item: item_asked, ..any }));

    let any = PurchaseQuery::default();
    for supplier in [made::MILL, made::WOOL, made::OLD_SUPPLIER] {
        questions.push(Question::Purchases(PurchaseQuery { supplier: Some(command(supplier).into()), ..any.clone() }));
    }
    use PurchaseStatus as To;
    questions.extend(
        [To::Ordered, To::PartlyReceived, To::Received, To::ClosedShort, To::Cancelled]
            .map(|status| Question::Purchases(PurchaseQuery { status: Some(status), ..any.clone() })),
    );
    questions.extend(SITES.map(|number| Question::Purchases(PurchaseQuery { site: site(number), ..any.clone() })));
    let (supplier, status) = (Some(command(made::MILL).into()), Some(To::Received));
    questions.push(Question::Purchases(PurchaseQuery { supplier, site: site(made::ANNEX), status, ..any }));
    questions.extend(of_wares_and_cities());
    questions.extend(of_periods()?);

    let virtual_ones =
        [location::SUPPLIERS, location::CUSTOMERS, location::LOSS, location::VARIANCE, location::SERVICES];
    for location in SITES.map(site_id).into_iter().chain(virtual_ones).map(Some) {
        questions.push(Question::Movements(MovementQuery { location, ..MovementQuery::default() }));
    }
    for until in [minute(0), minute(30_000), minute(45_000), Timestamp::MIN, Timestamp::MAX] {
        let query = MovementQuery { until: Some(until), ..MovementQuery::default() };
        questions.push(Question::Movements(query));
        let query = MovementQuery { item: item(made::TEA), location: site(made::ANNEX), ..query };
        questions.push(Question::Movements(query));
    }
    for series in ["MAIN", "main", "annex", "ANNEX", "till-1", "Till-1", "Till-1 ", "P-MAIN", "P-annex", "no'such", ""]
    {
        for number in [0, 1, 2, 3, 99, u64::MAX >> 1, u64::MAX] {
            questions.push(Question::OrderNumbered(series.to_owned(), number));
            questions.push(Question::PurchaseNumbered(series.to_owned(), number));
        }
    }
    Ok(questions)
}

/// Documents by who is asked about and what is on their lines. Some brands, categories and cities changed in between.
fn of_wares_and_cities() -> Vec<Question> {
    let mut questions = Vec::new();
    let (orders, purchases) = (OrderQuery::default(), PurchaseQuery::default());
    let said = |text: &str| Some(text.to_owned());
    for city in ["", "SÃO paulo", "Sao Paulo", "Paris", "Par", "istanbul", "İSTANBUL", "KÖLN", "Koln", "%", "Paris\0"]
    {
        questions.push(Question::Orders(OrderQuery { city: said(city), ..orders.clone() }));
        questions.push(Question::Purchases(PurchaseQuery { city: said(city), ..purchases.clone() }));
    }
    for brand in ["", "Acme", "acme", "Acme & Co", "Ácme", "Acme ", "Acm", "Acme%", "Acme\0"] {
        questions.push(Question::Orders(OrderQuery { brand: said(brand), ..orders.clone() }));
        questions.push(Question::Purchases(PurchaseQuery { brand: said(brand), ..purchases.clone() }));
    }
    for category in
        ["", "Drinks", "drinks", "Drinks/Tea", "Drinks/Herbs", "Drinks/", "Drinks%", "Food", "Food_Cake", "Drinks\0"]
    {
        questions.push(Question::Orders(OrderQuery { category: said(category), ..orders.clone() }));
        questions.push(Question::Purchases(PurchaseQuery { category: said(category), ..purchases.clone() }));
    }
    // What is on one line, and what is on two lines of one document and is not asked for.
    for (number, brand, category) in [
        (Some(made::TEA), Some("Acme"), Some("Drinks")),
        (Some(made::TEA), Some("Acme & Co"), Some("Drinks")),
        (Some(made::TEA), Some("ACME"), None),
        (Some(made::TEA), None, Some("Food")),
        (Some(made::COFFEE), Some("acme"), None),
        (Some(made::COFFEE), Some("Acme & Co"), None),
        (None, Some("Acme"), Some("Drinks/Tea")),
        (None, Some("Acme"), Some("Food")),
        (None, Some("acme"), Some("Food")),
    ] {
        let item = number.map(item_id);
        let (brand, category) = (brand.and_then(said), category.and_then(said));
        let query = OrderQuery { item, brand: brand.clone(), category: category.clone(), ..orders.clone() };
        questions.push(Question::Orders(query));
        questions.push(Question::Purchases(PurchaseQuery { item, brand, category, ..purchases.clone() }));
    }
    questions
}

/// Documents and movements of periods, the ends of which are in them.
fn of_periods() -> Result<Vec<Question>, Finding> {
    let mut questions = Vec::new();
    let beside = |at: Timestamp, micros: i64| Timestamp::from_micros(at.micros().saturating_add(micros));
    for (first, last) in [(70, 103), (80, 82), (101, 105)] {
        let (first, last) = (occurred(first)?, occurred(last)?);
        for (from, until) in [
            (Some(first), None),
            (None, Some(first)),
            (Some(first), Some(first)),
            (Some(first), Some(last)),
            (Some(last), Some(first)),
            (beside(first, 1), beside(last, -1)),
            (beside(last, 1), None),
            (None, beside(first, -1)),
            (Some(Timestamp::MIN), Some(Timestamp::MAX)),
        ] {
            questions.push(Question::Orders(OrderQuery { from, until, ..OrderQuery::default() }));
            questions.push(Question::Purchases(PurchaseQuery { from, until, ..PurchaseQuery::default() }));
            questions.push(Question::Movements(MovementQuery { from, until, ..MovementQuery::default() }));
            let (item, status) = (Some(item_id(made::TEA)), Some(OrderStatus::Shipped));
            questions.push(Question::Orders(OrderQuery { item, status, from, until, ..OrderQuery::default() }));
            questions.push(Question::Movements(MovementQuery { item, location: None, from, until }));
        }
    }
    Ok(questions)
}

pub(super) fn of_profit() -> Vec<Question> {
    let mut questions = Vec::new();
    let date = |days: u32| Some(super::sample::day(days));
    let ranges = [
        (None, None),
        (date(27), None),
        (None, date(30)),
        (date(26), date(33)),
        (date(28), date(28)),
        (date(35), date(30)),
        (Some(Date::MIN), Some(Date::MAX)),
    ];
    use ProfitBy::*;
    for by in [Item, Brand, Category, Customer, Day, Month, Site] {
        questions.extend(ranges.map(|(from, until)| Question::Profit(ProfitQuery { by, from, until })));
    }
    questions
}

pub(super) fn of_value() -> Vec<Question> {
    let mut moments: Vec<Option<Timestamp>> = vec![None, Some(Timestamp::MIN), Some(Timestamp::MAX)];
    moments.extend((0..20).map(|step: i64| Some(minute(step.saturating_mul(2_900)))));
    let sites = SITES.map(site_id).into_iter().chain([location::CUSTOMERS, location::LOSS]).map(Some);
    let sites: Vec<Option<LocationId>> = std::iter::once(None).chain(sites).collect();
    let ask =
        |as_of: Option<Timestamp>| sites.iter().map(move |site| Question::Value(ValueQuery { site: *site, as_of }));
    moments.into_iter().flat_map(ask).collect()
}
