//! A server's rows and reports, as a store has them. Commands go to its engine: nothing is committed from here.

use super::{Call, Client, Fault, Length, Repeat, Writes};
use crate::wire;
use ims_core::{
    ChangeSet, Customer, Event, EventPage, Hold, Item, Loaded, Location, Movement, Offset, Order, OrderId, Outcome,
    Purchase, PurchaseId, ReadSet, Reports, Store, StoreError, StoreErrorKind, Supplier, Timestamp,
    audit::Verdict,
    report::{
        AlertLine, AlertQuery, ItemQuery, Listed, MovementQuery, OrderQuery, Page, PageRequest, PartyQuery, ProfitLine,
        ProfitQuery, PurchaseQuery, ReorderLine, Row, StockLine, StockQuery, StockValue, Table, ValueQuery,
    },
};
use reqwest::Method;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use std::sync::Arc;

/// A server, read like a store.
#[derive(Clone, Debug)]
pub(crate) struct RemoteStore {
    client: Client,
}

/// Keys that are looked up at once: fewer than a server takes.
const KEYS_PER_CALL: usize = 2_000;

/// What is said in a query.
type Query = Vec<(&'static str, String)>;

impl RemoteStore {
    /// Reads from the server of a client.
    pub(crate) fn new(client: Client) -> RemoteStore {
        RemoteStore { client }
    }

    async fn list<T: DeserializeOwned>(
        &self,
        path: &str,
        query: Query,
        page: &PageRequest,
    ) -> Result<Page<T>, StoreError> {
        Ok(self.client.list(path, query, page).await?)
    }

    async fn look_up(&self, wanted: &wire::Wanted) -> Result<wire::Found, Fault> {
        let body = serde_json::to_vec(wanted).map_err(|error| Fault::answer(&error.to_string(), Writes::Nothing))?;
        let call = Call {
            method: Method::POST,
            path: "/v1/lookups".into(),
            query: Query::new(),
            body: Some(body.into()),
            writes: Writes::Nothing,
            repeat: Repeat::Freely,
            length: Length::Short,
        };
        self.client.call(&call).await
    }

    fn event(&self, RawEvent { offset, record }: RawEvent) -> Result<Event, Fault> {
        Ok(Event { offset, record: self.client.read_value(Value::Object(record))? })
    }

    /// Holds that have not lapsed.
    pub(crate) async fn holds(&self, page: &PageRequest) -> Result<Page<Hold>, StoreError> {
        self.list("/v1/holds", Query::new(), page).await
    }

    async fn id_numbered<I: std::str::FromStr>(
        &self,
        noun: &str,
        series: &str,
        number: u64,
    ) -> Result<Option<I>, StoreError> {
        let series = percent_encoding::utf8_percent_encode(series, percent_encoding::NON_ALPHANUMERIC);
        let found: Result<Value, Fault> =
            self.client.get(format!("/v1/{noun}/number:{series}-{number}"), Query::new()).await;
        match found {
            Ok(row) => {
                let id = row.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok());
                Ok(Some(id.ok_or_else(|| Fault::answer("a document without an id", Writes::Nothing))?))
            }
            Err(fault) if fault.is_unknown_name() => Ok(None),
            Err(fault) => Err(fault.into()),
        }
    }
}

/// A field of a query: as the value is written in JSON.
fn said(name: &'static str, value: &impl Serialize) -> Option<(&'static str, String)> {
    match serde_json::to_value(value).ok()? {
        // A server takes no empty text: every text has that in it.
        Value::String(text) if text.is_empty() && name == "text" => None,
        Value::String(text) => Some((name, text)),
        Value::Null => None,
        other => Some((name, other.to_string())),
    }
}

fn party(query: &PartyQuery) -> Query {
    let PartyQuery { text, city, standing } = query;
    [said("text", text), said("city", city), listed(standing)].into_iter().flatten().collect()
}

fn listed(standing: &Listed) -> Option<(&'static str, String)> {
    said("standing", standing)
}

impl Store for RemoteStore {
    async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        let here = "the server's engine reads these rows, and nobody else";
        let wanted = wire::Wanted::of(keys).ok_or_else(|| StoreError::new(StoreErrorKind::ReadOnly, here))?;
        let mut found = wire::Found::default();
        for part in wanted.in_parts(KEYS_PER_CALL) {
            found.add(self.look_up(&part).await?);
        }
        Ok(found.into())
    }

    async fn commit(&self, _: ChangeSet) -> Result<Outcome, StoreError> {
        Err(StoreError::new(StoreErrorKind::ReadOnly, "the server's engine writes, and nobody else"))
    }

    async fn events(&self, after: Offset, limit: u32) -> Result<EventPage, StoreError> {
        let mut after = after;
        loop {
            let query = vec![("after", after.to_string()), ("limit", limit.to_string())];
            let answered: Result<EventBatch, Fault> = self.client.get("/v1/events".into(), query).await;
            let EventBatch { events, next, newest } = match answered {
                Ok(batch) => batch,
                Err(fault) => match fault.newest_of_log() {
                    Some(newest) => return Ok(EventPage { events: Vec::new(), newest }),
                    None => return Err(fault.into()),
                },
            };
            // Events that are for others are left out, and more may follow.
            if events.is_empty() && after < next && next < newest {
                after = next;
                continue;
            }
            let events = events.into_iter().map(|event| self.event(event)).collect::<Result<_, _>>()?;
            return Ok(EventPage { events, newest });
        }
    }
}

/// A part of the log.
#[derive(Deserialize)]
struct EventBatch {
    events: Vec<RawEvent>,
    next: Offset,
    newest: Offset,
}

/// An event whose record is still to be read.
#[derive(Deserialize)]
struct RawEvent {
    offset: Offset,
    #[serde(flatten)]
    record: Map<String, Value>,
}

impl Reports for RemoteStore {
    async fn items(&self, query: &ItemQuery, page: &PageRequest) -> Result<Page<Arc<Item>>, StoreError> {
        let ItemQuery { text, brand, category, supplier, standing } = query;
        let query = [
            said("text", text),
            said("brand", brand),
            said("category", category),
            said("supplier", supplier),
            listed(standing),
        ];
        self.list("/v1/items", query.into_iter().flatten().collect(), page).await
    }

    async fn locations(&self, page: &PageRequest) -> Result<Page<Arc<Location>>, StoreError> {
        self.list("/v1/locations", Query::new(), page).await
    }

    async fn suppliers(&self, query: &PartyQuery, page: &PageRequest) -> Result<Page<Arc<Supplier>>, StoreError> {
        self.list("/v1/suppliers", party(query), page).await
    }

    async fn customers(&self, query: &PartyQuery, page: &PageRequest) -> Result<Page<Arc<Customer>>, StoreError> {
        self.list("/v1/customers", party(query), page).await
    }

    /// The server's clock says which holds have lapsed.
    async fn stock(&self, query: &StockQuery, page: &PageRequest) -> Result<Page<StockLine>, StoreError> {
        let query = [said("item", &query.item), said("site", &query.site)];
        self.list("/v1/stock", query.into_iter().flatten().collect(), page).await
    }

    async fn order_numbered(&self, series: &str, number: u64) -> Result<Option<OrderId>, StoreError> {
        self.id_numbered("orders", series, number).await
    }

    async fn orders(&self, query: &OrderQuery, page: &PageRequest) -> Result<Page<Order>, StoreError> {
        let OrderQuery { customer, site, status, item, city, brand, category, from, until } = query;
        let query = [
            said("customer", customer),
            said("site", site),
            said("status", status),
            said("item", item),
            said("city", city),
            said("brand", brand),
            said("category", category),
            said("from", from),
            said("until", until),
        ];
        self.list("/v1/orders", query.into_iter().flatten().collect(), page).await
    }

    async fn purchase_numbered(&self, series: &str, number: u64) -> Result<Option<PurchaseId>, StoreError> {
        self.id_numbered("purchases", series, number).await
    }

    async fn purchases(&self, query: &PurchaseQuery, page: &PageRequest) -> Result<Page<Purchase>, StoreError> {
        let PurchaseQuery { supplier, site, status, item, city, brand, category, from, until } = query;
        let query = [
            said("supplier", supplier),
            said("site", site),
            said("status", status),
            said("item", item),
            said("city", city),
            said("brand", brand),
            said("category", category),
            said("from", from),
            said("until", until),
        ];
        self.list("/v1/purchases", query.into_iter().flatten().collect(), page).await
    }

    /// The server's clock says what time it is.
    async fn alerts(&self, query: AlertQuery, _: Timestamp, page: &PageRequest) -> Result<Page<AlertLine>, StoreError> {
        self.list("/v1/alerts", said("which", &query).into_iter().collect(), page).await
    }

    async fn profit(&self, query: &ProfitQuery, page: &PageRequest) -> Result<Page<ProfitLine>, StoreError> {
        let query = [said("by", &query.by), said("from", &query.from), said("until", &query.until)];
        self.list("/v1/reports/profit", query.into_iter().flatten().collect(), page).await
    }

    async fn value(&self, query: &ValueQuery) -> Result<StockValue, StoreError> {
        let query = [said("site", &query.site), said("as_of", &query.as_of)];
        Ok(self.client.get("/v1/reports/value".into(), query.into_iter().flatten().collect()).await?)
    }

    /// The server's clock says what time it is.
    async fn reorder(&self, _: Timestamp, page: &PageRequest) -> Result<Page<ReorderLine>, StoreError> {
        self.list("/v1/reorder", Query::new(), page).await
    }

    async fn movements(&self, query: &MovementQuery, page: &PageRequest) -> Result<Page<Movement>, StoreError> {
        let MovementQuery { item, location, from, until } = query;
        let query = [said("item", item), said("location", location), said("from", from), said("until", until)];
        self.list("/v1/movements", query.into_iter().flatten().collect(), page).await
    }

    async fn scan(&self, table: Table, page: &PageRequest) -> Result<Page<Row>, StoreError> {
        let Page { rows, next } =
            self.list::<Value>(&format!("/v1/tables/{}", table.name()), Query::new(), page).await?;
        let read =
            |row| wire::read(table, row).map_err(|unreadable| StoreError::new(StoreErrorKind::Schema, unreadable));
        Ok(Page { rows: rows.into_iter().map(read).collect::<Result<_, _>>()?, next })
    }

    /// The server proves its own store, as of one moment.
    async fn verify(&self) -> Result<Verdict, StoreError> {
        let call = Call {
            method: Method::POST,
            path: "/v1/admin/verify".into(),
            query: Query::new(),
            body: None,
            writes: Writes::Nothing,
            repeat: Repeat::Freely,
            length: Length::Long,
        };
        let proved = self.client.call::<wire::Proved>(&call).await?;
        Ok(proved.try_into().map_err(|error: wire::UnknownWord| Fault::answer(&error.to_string(), Writes::Nothing))?)
    }
}
