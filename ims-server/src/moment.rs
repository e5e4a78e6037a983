//! Moments as people type them: with an offset, or as the clock on the shop's wall shows them.

use crate::failure::{Failure, Outcome};
use ims_core::{Date, TimeZone, Timestamp};
use std::str::FromStr;

/// A moment that is not bound to a time zone yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Exact: `2026-01-31T09:30:00Z`.
    Exact(Timestamp),
    /// A day of the shop's calendar: `2026-01-31`.
    Day(Date),
    /// By the shop's clock: `2026-01-31 09:30`.
    Local { day: Date, hour: u8, minute: u8, second: u8 },
}

impl Moment {
    /// When that was, by a clock in this zone: of a day, when it began. A time that the clock there never showed, or
    /// showed twice, is refused.
    pub(crate) fn in_zone(&self, zone: &TimeZone) -> Outcome<Timestamp> {
        match self {
            Moment::Exact(at) => Ok(*at),
            Moment::Day(day) => Ok(start_of(*day, zone)?),
            Moment::Local { day, hour, minute, second } => {
                zone.only_at(*day, *hour, *minute, *second).map_err(|error| Failure::usage("time", error.to_string()))
            }
        }
    }

    /// The last moment of a day, or the moment itself.
    pub(crate) fn end_in_zone(&self, zone: &TimeZone) -> Outcome<Timestamp> {
        match self {
            Moment::Day(day) => {
                start_of(*day, zone)?;
                let next = day.days().checked_add(1).and_then(Date::from_days);
                let end = next.map_or(Timestamp::MAX, |next| zone.start_of(next));
                Ok(Timestamp::from_micros(end.micros().saturating_sub(1)).unwrap_or(end))
            }
            _ => self.in_zone(zone),
        }
    }
}

/// When a day began, which places that moved across the date line have skipped.
fn start_of(day: Date, zone: &TimeZone) -> Outcome<Timestamp> {
    let start = zone.start_of(day);
    // The first and the last day of the calendar begin and end outside of it in some zones.
    if zone.business_day(start) == day || start == Timestamp::MIN || day == Date::MAX {
        return Ok(start);
    }
    Err(Failure::usage("time", format!("the calendar in {zone} never showed {day}")))
}

impl FromStr for Moment {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(at) = text.parse() {
            return Ok(Moment::Exact(at));
        }
        read_local(text).ok_or("not a time such as 2026-01-31, \"2026-01-31 09:30\" or 2026-01-31T09:30:00Z")
    }
}

/// Reads `yyyy-mm-dd`, and a time of day if there is one.
fn read_local(text: &str) -> Option<Moment> {
    let (day, clock) = text.split_once([' ', 'T']).map_or((text, None), |(day, clock)| (day, Some(clock)));
    let day = day.parse().ok()?;
    let Some(clock) = clock else { return Some(Moment::Day(day)) };
    let parts: Option<Vec<u8>> = clock.split(':').map(two_digits).collect();
    let (hour, minute, second) = match parts?.as_slice() {
        [hour, minute] => (*hour, *minute, 0),
        [hour, minute, second] => (*hour, *minute, *second),
        _ => return None,
    };
    (hour < 24 && minute < 60 && second < 60).then_some(Moment::Local { day, hour, minute, second })
}

fn two_digits(text: &str) -> Option<u8> {
    (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

/// A span of time as people type it: `45s`, `30m`, `2h` or `1d`, in milliseconds.
pub(crate) fn span_ms(text: &str) -> Result<i64, &'static str> {
    let problem = "not a span of time such as 45s, 30m, 2h or 1d";
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or(problem)?;
    let unit_ms = match unit {
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return Err(problem),
    };
    let number: u32 = number.parse().map_err(|_| problem)?;
    i64::from(number).checked_mul(unit_ms).ok_or(problem)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn at(text: &str) -> String {
        let zone = TimeZone::new("Europe/London").unwrap();
        text.parse::<Moment>().unwrap().in_zone(&zone).unwrap().to_string()
    }

    #[test]
    fn a_time_without_an_offset_is_that_on_the_wall() {
        assert_eq!(at("2011-07-01T00:30:00Z"), "2011-07-01T00:30:00Z");
        assert_eq!(at("2011-07-01"), "2011-06-30T23:00:00Z");
        assert_eq!(at("2011-07-01 09:30"), "2011-07-01T08:30:00Z");
        assert_eq!(at("2011-07-01T09:30:15"), "2011-07-01T08:30:15Z");
    }

    #[test]
    fn a_day_ends_with_its_last_microsecond() {
        let zone = TimeZone::new("Europe/London").unwrap();
        let day: Moment = "2011-07-01".parse().unwrap();
        assert_eq!(day.end_in_zone(&zone).unwrap().to_string(), "2011-07-01T22:59:59.999999Z");
    }

    #[test]
    fn a_time_that_never_was_or_was_twice_is_refused() {
        let refused = |text: &str, zone: &str| {
            let zone = TimeZone::new(zone).unwrap();
            text.parse::<Moment>().unwrap().in_zone(&zone).unwrap_err().message().to_owned()
        };
        let skipped = refused("2026-03-29 01:30", "Europe/Lisbon");
        assert!(skipped.contains("never showed 2026-03-29 01:30"), "{skipped}");
        let twice = refused("2026-10-25 01:30", "Europe/Lisbon");
        assert!(twice.contains("2026-10-25T01:30:00+01:00 or 2026-10-25T01:30:00+00:00"), "{twice}");
        assert_eq!(refused("2011-12-30", "Pacific/Apia"), "the calendar in Pacific/Apia never showed 2011-12-30");
        assert!(refused("2015-10-18 00:00", "America/Sao_Paulo").contains("from 00:00 to 01:00"));
    }

    #[test]
    fn a_day_begins_when_its_clock_says_so() {
        let begins = |text: &str, zone: &str| {
            text.parse::<Moment>().unwrap().in_zone(&TimeZone::new(zone).unwrap()).unwrap().to_string()
        };
        assert_eq!(begins("2015-10-18", "America/Sao_Paulo"), "2015-10-18T03:00:00Z");
        assert_eq!(begins("2025-11-02", "America/Havana"), "2025-11-02T04:00:00Z");
        assert_eq!(begins("2026-10-25T01:30:00+00:00", "Europe/Lisbon"), "2026-10-25T01:30:00Z");
        assert_eq!(begins("9999-12-31", "Pacific/Kiritimati"), "9999-12-30T10:00:00Z");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in
            ["", "now", "2026-02-30", "2026-01-31 24:00", "2026-01-31 9:30", "2026-01-31 09:30:00:00", "31/01/2026"]
        {
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
    }

    #[test]
    fn spans_have_one_unit() {
        assert_eq!(span_ms("30m"), Ok(1_800_000));
        assert_eq!(span_ms("1d"), Ok(86_400_000));
        for text in ["", "m", "30", "-1h", "1.5h", "30min", "5°"] {
            assert!(span_ms(text).is_err(), "{text}");
        }
    }
}
