//! Rooms: which events a listener wants.

use super::belongs::{Alarm, Belongs};
use crate::serve::Problem;
use axum::http::StatusCode;
use ims_core::{AnyStore, CustomerId, ItemId, LocationId, Name, OrderId, ReadSet, Store, Text, fold, text};
use std::{collections::BTreeSet, fmt};

/// A room: the events about one thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Room {
    /// Everything.
    All,
    /// What is about an item.
    Item(ItemId),
    /// What is about items of a category, or of one below it.
    Category(Text),
    /// What happened at a site.
    Site(LocationId),
    /// What happened at the site of this code, which is still to be looked up.
    SiteCode(Text),
    /// What is about a sales order.
    Order(OrderId),
    /// What is about a customer.
    Customer(CustomerId),
    /// Alerts: raised, acknowledged, resolved.
    Alerts,
}

/// Some rooms, in all of which a listener is at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rooms(BTreeSet<Room>);

impl Room {
    /// Reads a room, such as `item:0190f5a4-…` or `alerts`.
    fn read(text: &str) -> Option<Result<Room, String>> {
        let unreadable = |error: &dyn fmt::Display| format!("the room {text} names nothing: {error}");
        let (kind, name) = text.split_once(':').unwrap_or((text, ""));
        Some(match (kind, name) {
            ("all", "") => Ok(Room::All),
            ("alerts", "") => Ok(Room::Alerts),
            ("item", id) => id.parse().map(Room::Item).map_err(|error| unreadable(&error)),
            ("order", id) => id.parse().map(Room::Order).map_err(|error| unreadable(&error)),
            ("customer", id) => id.parse().map(Room::Customer).map_err(|error| unreadable(&error)),
            ("site", name) if !name.is_empty() => {
                Ok(name.parse().map_or_else(|_| Room::SiteCode(name.into()), Room::Site))
            }
            ("category", name) if !name.is_empty() => Ok(Room::Category(name.into())),
            _ => return None,
        })
    }

    /// Whether an event belongs here.
    fn has(&self, event: &Belongs) -> bool {
        match self {
            Room::All => true,
            Room::Item(item) => event.items.contains(item),
            Room::Category(above) => event.categories.iter().any(|category| is_below(above, category)),
            Room::Site(site) => event.sites.contains(site),
            Room::SiteCode(_) => false,
            Room::Order(order) => event.orders.contains(order),
            Room::Customer(customer) => event.customers.contains(customer),
            Room::Alerts => event.alarm == Alarm::Alert,
        }
    }
}

/// Whether a category is another one or below it: `Drinks/Tea` is below `Drinks`, `Drinkware` is not.
fn is_below(above: &str, category: &str) -> bool {
    text::is_below(&fold(above), &fold(category))
}

impl fmt::Display for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Room::All => f.write_str("all"),
            Room::Item(item) => write!(f, "item:{item}"),
            Room::Category(category) => write!(f, "category:{category}"),
            Room::Site(site) => write!(f, "site:{site}"),
            Room::SiteCode(code) => write!(f, "site:{code}"),
            Room::Order(order) => write!(f, "order:{order}"),
            Room::Customer(customer) => write!(f, "customer:{customer}"),
            Room::Alerts => f.write_str("alerts"),
        }
    }
}

impl Rooms {
    /// The room of everything.
    pub(crate) fn all() -> Rooms {
        Rooms(BTreeSet::from([Room::All]))
    }

    /// Reads rooms as a query has them, with commas between them. A category may have a comma in its name: what is no
    /// room belongs to the one before it.
    ///
    /// # Errors
    /// `malformed` where a room cannot be read, `unknown_name` where there is no site of a code.
    pub(crate) async fn of_query(text: Option<&str>, most: usize, store: &AnyStore) -> Result<Rooms, Problem> {
        let Some(text) = text else { return Ok(Rooms::all()) };
        let mut names: Vec<String> = Vec::new();
        for part in text.split(',') {
            match names.last_mut() {
                Some(last) if Room::read(part).is_none() => *last = format!("{last},{part}"),
                _ => names.push(part.to_owned()),
            }
        }
        Rooms::of(&names, most, store).await
    }

    /// Reads rooms.
    ///
    /// # Errors
    /// As [`Rooms::of_query`].
    pub(crate) async fn of(names: &[String], most: usize, store: &AnyStore) -> Result<Rooms, Problem> {
        let rooms = Rooms::read(names)?;
        if rooms.len() > most {
            return Err(Rooms::too_many(most));
        }
        rooms.with_sites(store).await
    }

    /// Says that a listener would be in too many.
    pub(crate) fn too_many(most: usize) -> Problem {
        Problem::malformed(format!("a listener may be in {most} rooms at once")).field("limit", most)
    }

    fn read(names: &[String]) -> Result<Rooms, Problem> {
        let mut rooms = BTreeSet::new();
        for name in names {
            let unknown = || {
                let kinds = "all, item:ID, category:NAME, site:CODE, order:ID, customer:ID and alerts";
                Err(format!("there is no room {name}; there are {kinds}"))
            };
            let room = Room::read(name).unwrap_or_else(unknown);
            rooms.insert(room.map_err(|detail| Problem::malformed(detail).field("at", "room"))?);
        }
        Ok(Rooms(rooms))
    }

    /// Puts ids in the place of sites' codes.
    async fn with_sites(self, store: &AnyStore) -> Result<Rooms, Problem> {
        let codes: BTreeSet<Name> = self.0.iter().filter_map(Room::code).collect();
        if codes.is_empty() {
            return Ok(self);
        }
        let found = store.load(&ReadSet::named(codes)).await?;
        let with_site = |room: Room| match &room {
            Room::SiteCode(code) => found.named(&Name::location(code)).map(Room::Site).ok_or_else(|| {
                let detail = format!("no site has the code {code}");
                Problem::new(StatusCode::NOT_FOUND, "unknown_name", detail).field("name", &**code)
            }),
            _ => Ok(room),
        };
        self.0.into_iter().map(with_site).collect::<Result<_, _>>().map(Rooms)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds the rooms of another list.
    pub(crate) fn add(&mut self, other: Rooms) {
        self.0.extend(other.0);
    }

    /// Leaves the rooms of another list.
    pub(crate) fn leave(&mut self, other: &Rooms) {
        self.0.retain(|room| !other.0.contains(room));
    }

    /// Their names.
    pub(crate) fn names(&self) -> Vec<String> {
        self.0.iter().map(Room::to_string).collect()
    }

    /// Whether every event belongs into them.
    pub(crate) fn are_all(&self) -> bool {
        self.0.contains(&Room::All)
    }

    /// Whether an event belongs into one of them.
    pub(crate) fn have(&self, event: &Belongs) -> bool {
        self.0.iter().any(|room| room.has(event))
    }
}

impl Room {
    /// The code that is still to be looked up.
    fn code(&self) -> Option<Name> {
        match self {
            Room::SiteCode(code) => Some(Name::location(code)),
            _ => None,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::{belongs::Rows, view::View};
    use super::*;
    use crate::serve::{Caller, right::Role};
    use ims_core::{Event, Order};
    use std::collections::BTreeMap;

    /// The forms of all events and receipts, as they are kept for ever.
    const EVENTS: &str = include_str!("../../../../ims-core/tests/forms/v1/events.json");
    const RECEIPTS: &str = include_str!("../../../../ims-core/tests/forms/v1/receipts.json");

    const ITEM: &str = "item:0190163d-8694-739b-aea5-000000000001";
    const SITE: &str = "site:0190163d-8694-739b-aea5-000000000002";
    const OTHER_SITE: &str = "site:0190163d-8694-739b-aea5-00000000000c";
    const CUSTOMER: &str = "customer:0190163d-8694-739b-aea5-000000000004";
    const ORDER: &str = "order:0190163d-8694-739b-aea5-000000000006";

    struct Shelf(Option<Order>);

    impl Rows for Shelf {
        fn category(&self, _: ItemId) -> Option<Text> {
            Some("Looked/Up".into())
        }

        fn order(&self, order: OrderId) -> Option<&Order> {
            self.0.as_ref().filter(|known| known.id == order)
        }
    }

    fn room(name: &str) -> Rooms {
        Rooms::read(&[name.to_owned()]).unwrap()
    }

    /// Every event by its kind: those of the forms, and one for each receipt.
    fn events() -> BTreeMap<String, Event> {
        let forms: Vec<serde_json::Value> = serde_json::from_str(EVENTS).unwrap();
        let receipts: Vec<serde_json::Value> = serde_json::from_str(RECEIPTS).unwrap();
        let done = |receipt: serde_json::Value| {
            let mut event = forms[0].clone();
            event["body"] = serde_json::json!({ "done": receipt });
            event
        };
        let all = forms.iter().cloned().chain(receipts.into_iter().map(done));
        let kind = |event: &serde_json::Value| {
            let body = event["body"].get("done").unwrap_or(&event["body"]);
            body.as_object().unwrap().keys().next().unwrap().clone()
        };
        all.map(|event| (kind(&event), serde_json::from_value(event).unwrap())).collect()
    }

    fn belongs(event: &Event, events: &BTreeMap<String, Event>) -> Belongs {
        let ims_core::EventBody::Done(placed) = &events["order_placed"].record.body else { panic!("an order") };
        let ims_core::Receipt::OrderPlaced(order) = &**placed else { panic!("an order") };
        let mut order = Order::clone(order);
        order.lines.extend(order.lines.first().cloned());
        Belongs::of(event, &Shelf(Some(order)))
    }

    #[test]
    fn every_kind_of_event_is_in_its_rooms() {
        let events = events();
        let rooms = [ITEM, SITE, OTHER_SITE, CUSTOMER, ORDER, "category:Drinks", "category:Looked", "alerts", "all"];
        let short = ["item", "site", "other", "customer", "order", "drinks", "looked", "alerts", "all"];
        let found: Vec<String> = events
            .iter()
            .map(|(kind, event)| {
                let event = belongs(event, &events);
                let inside = rooms.iter().zip(short).filter(|(name, _)| room(name).have(&event));
                let inside: Vec<&str> = inside.map(|(_, short)| short).collect();
                format!("{kind}: {}", inside.join(" "))
            })
            .collect();
        let expected = [
            "alert_acknowledged: item site looked alerts all",
            "alert_raised: item site looked alerts all",
            "alert_resolved: item site looked alerts all",
            "backorders_filled: item site customer order drinks all",
            "customer_created: customer all",
            "customer_updated: customer all",
            "goods_returned: item site customer order drinks all",
            "hold_extended: item site looked all",
            "hold_placed: item site looked all",
            "hold_released: item site looked all",
            "item_created: item drinks all",
            "item_retired: item looked all",
            "item_updated: item drinks all",
            "location_created: site all",
            "location_updated: site all",
            "order_cancelled: item site customer order drinks all",
            "order_placed: item site customer order drinks all",
            "order_shipped: item site customer order drinks all",
            "period_closed: all",
            "purchase_cancelled: item site looked all",
            "purchase_closed: item site looked all",
            "purchase_placed: item site looked all",
            "purchase_received: item site looked all",
            "shop_opened: all",
            "sold: item site customer order drinks all",
            "standard_cost_set: item looked all",
            "stock_adjusted: item site looked all",
            "stock_received: item site looked all",
            "stock_sent_back: item site looked all",
            "stock_transferred: item site other looked all",
            "supplier_created: all",
            "supplier_updated: all",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_category_has_those_below_it_and_no_other() {
        assert!(
            is_below("Drinks", "Drinks") && is_below("Drinks", "Drinks/Tea") && is_below("Drinks/Tea", "Drinks/Tea")
        );
        assert!(is_below("drinks", "DRINKS/Tea") && is_below("Caf\u{e9}", "cafe\u{301}"));
        assert!(!is_below("Drinks", "Drinkware") && !is_below("Drinks/Tea", "Drinks") && !is_below("Drinks", "Food"));
    }

    #[test]
    fn who_works_at_one_site_hears_of_it_and_of_what_is_of_no_site() {
        let events = events();
        let Some(Room::Site(site)) = room(OTHER_SITE).0.into_iter().next() else { panic!("a site") };
        let view = View::of(&Caller { site: Some(site), ..Caller::in_role(Role::Clerk) }, Rooms::all());
        let seen = |kind: &str| view.sees(&belongs(&events[kind], &events));
        assert!(seen("stock_transferred") && seen("item_created") && seen("shop_opened"));
        assert!(!seen("sold") && !seen("alert_raised") && !seen("hold_placed") && !seen("purchase_placed"));
    }

    #[test]
    fn nobody_hears_what_they_may_not_read() {
        let events = events();
        let hears = |role| {
            let view = View::of(&Caller::in_role(role), Rooms::all());
            let seen = events.iter().filter(|(_, event)| view.sees(&belongs(event, &events)));
            seen.map(|(kind, _)| kind.as_str()).collect::<BTreeSet<&str>>()
        };
        let all: BTreeSet<&str> = events.keys().map(String::as_str).collect();
        let but = |hidden: &[&str]| all.iter().copied().filter(|kind| !hidden.contains(kind)).collect::<BTreeSet<_>>();
        let parties = ["supplier_created", "supplier_updated", "customer_created", "customer_updated"];
        assert_eq!(hears(Role::Admin), all);
        assert_eq!(hears(Role::Manager), all);
        assert_eq!(hears(Role::Clerk), but(&["standard_cost_set"]));
        assert_eq!(hears(Role::Device), but(&[&parties[..], &["standard_cost_set"]].concat()));
        assert!(View::of(&Caller::in_role(Role::Manager), Rooms::all()).sees_all());
        assert!(!View::of(&Caller::in_role(Role::Device), Rooms::all()).sees_all());
    }

    #[tokio::test]
    async fn rooms_stand_in_a_query_with_commas_between_them() {
        let store = AnyStore::new(ims_core::MemoryStore::new());
        let of = async |query| Rooms::of_query(query, 3, &store).await.map(|rooms| rooms.names());
        assert_eq!(of(None).await.unwrap(), ["all"]);
        assert_eq!(of(Some("alerts,category:Tea, green,all")).await.unwrap(), ["all", "category:Tea, green", "alerts"]);
        assert_eq!(of(Some("kitchen")).await.unwrap_err().code(), "malformed");
        assert_eq!(of(Some("item:TEA-1")).await.unwrap_err().code(), "malformed");
        assert_eq!(of(Some("site:MAIN")).await.unwrap_err().code(), "unknown_name");
        assert_eq!(of(Some("all,alerts,category:a,category:b")).await.unwrap_err().code(), "malformed");
    }
}
