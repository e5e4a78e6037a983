//! Days in the place of moments: `from=2026-01-31` is the moment at which that business day begins, `until=2026-01-31` the
//! last one of it.

use super::{Operation, Problem, forms, operation::Work};
use ims_core::{AnyStore, Date, ReadSet, Store, TimeZone, Timestamp};
use serde_json::{Map, Value};

/// The schema of what may stand in the place of a moment.
pub(crate) const SCHEMAS: &str = r#"{
  "DayOrTime": {
    "description": "A moment, such as `2026-01-31T09:30:00+01:00`, or a business day of the shop, such as `2026-01-31`: from its beginning, or until its end.",
    "anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]
  }
}"#;

/// What is written in a field that is neither.
const NEITHER: &str = "write a day such as 2026-01-31, or a time such as 2026-01-31T09:30:00+01:00";

/// Which moment of a day a field means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edge {
    Beginning,
    End,
}

/// The fields in which a day may stand.
const FIELDS: [(&str, Edge); 3] = [("from", Edge::Beginning), ("until", Edge::End), ("as_of", Edge::End)];

/// Whether a day may stand in this field of a question.
pub(crate) fn may_stand(operation: &Operation, field: &str) -> bool {
    let is_question = matches!(operation.work, Work::Question(_));
    is_question && FIELDS.iter().any(|(name, _)| *name == field) && forms::is_moment(operation.name, field)
}

/// Puts moments in the place of days.
///
/// # Errors
/// `malformed` where a field has neither.
pub(crate) async fn resolve(
    store: &AnyStore,
    operation: &Operation,
    fields: &mut Map<String, Value>,
) -> Result<(), Problem> {
    let mut zone = None;
    for (name, edge) in FIELDS.iter().filter(|(name, _)| may_stand(operation, name)) {
        let Some(value) = fields.get_mut(*name) else { continue };
        let text = value.as_str().ok_or_else(|| Problem::at(name, NEITHER))?;
        if text.parse::<Timestamp>().is_ok() {
            continue;
        }
        let day: Date = text.parse().map_err(|_| Problem::at(name, NEITHER))?;
        let zone = match &zone {
            Some(zone) => zone,
            None => zone.insert(time_zone(store).await?),
        };
        *value = moment(zone, day, *edge).to_string().into();
    }
    Ok(())
}

/// The time zone of the shop; of one that is not open yet, which has no days, UTC.
async fn time_zone(store: &AnyStore) -> Result<TimeZone, Problem> {
    let found = store.load(&ReadSet::default()).await?;
    Ok(found.shop.map_or_else(TimeZone::utc, |shop| shop.row.time_zone.clone()))
}

fn moment(zone: &TimeZone, day: Date, edge: Edge) -> Timestamp {
    match edge {
        Edge::Beginning => zone.start_of(day),
        Edge::End => {
            let next = day.days().checked_add(1).and_then(Date::from_days).map(|next| zone.start_of(next));
            let last = next.and_then(|next| next.micros().checked_sub(1)).and_then(Timestamp::from_micros);
            last.unwrap_or(Timestamp::MAX)
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_business_day_begins_and_ends_in_the_zone_of_the_shop() {
        let berlin = TimeZone::new("Europe/Berlin").unwrap();
        let edges = |day: &str| {
            let day = day.parse().unwrap();
            [Edge::Beginning, Edge::End].map(|edge| moment(&berlin, day, edge).to_string())
        };
        assert_eq!(edges("2026-01-31"), ["2026-01-30T23:00:00Z", "2026-01-31T22:59:59.999999Z"]);
        assert_eq!(edges("2026-03-29"), ["2026-03-28T23:00:00Z", "2026-03-29T21:59:59.999999Z"], "of 23 hours");
    }

    #[test]
    fn days_stand_where_moments_are_asked_for_and_nowhere_else() {
        let named = |name: &str| Operation::named(name).unwrap();
        for (operation, field) in [("orders", "from"), ("item_movements", "until"), ("value", "as_of")] {
            assert!(may_stand(named(operation), field), "{operation} {field}");
        }
        assert!(!may_stand(named("profit"), "from"), "it asks for days");
        assert!(!may_stand(named("transfer_stock"), "from"), "it is a place");
    }
}
