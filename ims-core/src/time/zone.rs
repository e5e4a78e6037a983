//! Time zones: which day it was, and when that day began.

use std::fmt;
use std::str::FromStr;

use jiff::civil;
use jiff::tz::{AmbiguousOffset, Offset, TimeZoneDatabase};

use super::{Date, MICROS_PER_DAY, MICROS_PER_SECOND, TimeError, Timestamp};
use crate::form::string_form;

/// Names where a business keeps its clock: an IANA time zone, taken only from the database that is compiled in. In JSON: its name.
///
/// The machine's own time zone files are never read: two machines with different ones would disagree about the day of a sale.
/// Names are found in any case and kept in the usual one. Cloning is cheap; keep one instead of making it anew for every command.
///
/// ```
/// use ims_core::time::TimeZone;
///
/// let zone = TimeZone::new("Europe/London")?;
/// let day = zone.business_day("2026-06-30T23:30:00Z".parse()?);
/// assert_eq!(day.to_string(), "2026-07-01");
/// assert!(TimeZone::new("BST").is_err());
/// assert!(TimeZone::new("+01:00").is_err());
/// # Ok::<(), ims_core::time::TimeError>(())
/// ```
#[derive(Clone)]
pub struct TimeZone(jiff::tz::TimeZone);

impl TimeZone {
    /// Finds a time zone by its IANA name.
    ///
    /// # Errors
    /// [`TimeError::UnknownTimeZone`].
    pub fn new(name: &str) -> Result<Self, TimeError> {
        let unknown = || TimeError::UnknownTimeZone { name: name.chars().take(64).collect() };
        let zone = TimeZoneDatabase::bundled().get(name).map_err(|_| unknown())?;
        // jiff answers to "Etc/Unknown", which is no zone.
        if zone.iana_name().is_none() {
            return Err(unknown());
        }
        Ok(Self(zone))
    }

    /// Returns the zone whose days are those of UTC.
    #[must_use]
    pub const fn utc() -> Self {
        Self(jiff::tz::TimeZone::UTC)
    }

    /// Returns the IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// Returns the day that the calendar on the wall shows at a moment.
    ///
    /// A day that would fall outside the years 0001 to 9999 is the nearest one inside.
    #[must_use]
    pub fn business_day(&self, at: Timestamp) -> Date {
        let offset = self.offset_micros(at);
        Date::clamped(at.micros().saturating_add(offset).div_euclid(MICROS_PER_DAY))
    }

    /// Returns the first moment of a day, which is not always midnight: where the clock is put forward then, the day starts later.
    ///
    /// A day that a place has skipped starts when the next one does. A moment that would fall outside the years 0001 to 9999 is the nearest
    /// one inside.
    ///
    /// ```
    /// use ims_core::time::TimeZone;
    ///
    /// let zone = TimeZone::new("America/Sao_Paulo")?;
    /// assert_eq!(zone.start_of("2015-10-17".parse()?).to_string(), "2015-10-17T03:00:00Z");
    /// assert_eq!(zone.start_of("2015-10-18".parse()?).to_string(), "2015-10-18T03:00:00Z"); // 01:00 in São Paulo
    /// # Ok::<(), ims_core::time::TimeError>(())
    /// ```
    #[must_use]
    pub fn start_of(&self, day: Date) -> Timestamp {
        let local = day.civil().at(0, 0, 0, 0);
        let ambiguous = self.0.to_ambiguous_timestamp(local).offset();
        let start = Timestamp::clamped(utc_micros(day, 0, earlier(ambiguous)));
        if !matches!(ambiguous, AmbiguousOffset::Gap { .. }) {
            return start;
        }
        // Midnight was skipped: the day starts at the very moment the clock was put forward, not at "compatible" midnight.
        Timestamp::clamped(self.change_before(start))
    }

    /// Returns the moment at which the clock on the wall shows a time, as records that were kept in local time need it.
    ///
    /// A time that the clock showed twice is the first of the two; one that it skipped is as much later as the clock was put forward
    /// (RFC 5545 calls for this; jiff and Temporal call it "compatible").
    ///
    /// # Errors
    /// [`TimeError::NotATimeOfDay`]; [`TimeError::OutOfRange`] for a moment outside the years 0001 to 9999.
    ///
    /// ```
    /// use ims_core::time::TimeZone;
    ///
    /// let zone = TimeZone::new("Europe/Berlin")?;
    /// let spring = "2026-03-29".parse()?;
    /// assert_eq!(zone.at(spring, 1, 30, 0)?.to_string(), "2026-03-29T00:30:00Z");
    /// assert_eq!(zone.at(spring, 2, 30, 0)?.to_string(), "2026-03-29T01:30:00Z"); // the clock shows 03:30
    /// assert!(zone.at(spring, 24, 0, 0).is_err());
    /// # Ok::<(), ims_core::time::TimeError>(())
    /// ```
    pub fn at(&self, day: Date, hour: u8, minute: u8, second: u8) -> Result<Timestamp, TimeError> {
        let part = |number: u8| i8::try_from(number).unwrap_or(i8::MAX);
        let clock = civil::Time::new(part(hour), part(minute), part(second), 0)
            .map_err(|_| TimeError::NotATimeOfDay { hour, minute, second })?;
        let ambiguous = self.0.to_ambiguous_timestamp(day.civil().to_datetime(clock)).offset();
        let seconds = seconds_of_day(hour, minute, second);
        Timestamp::from_micros(utc_micros(day, seconds, earlier(ambiguous))).ok_or(TimeError::OutOfRange)
    }

    /// Returns the moment at which the clock on the wall shows a time that somebody states: exactly one, or none.
    ///
    /// # Errors
    /// [`TimeError::Skipped`] for a time that the clock never showed, since it was put forward over it; [`TimeError::Twice`] for one that
    /// it showed twice, since it was put back; and those of [`TimeZone::at`].
    ///
    /// ```
    /// use ims_core::time::{TimeError, TimeZone};
    ///
    /// let zone = TimeZone::new("Europe/Lisbon")?;
    /// let spring = zone.only_at("2026-03-29".parse()?, 1, 30, 0).unwrap_err();
    /// assert!(spring.to_string().starts_with("the clock in Europe/Lisbon never showed 2026-03-29 01:30"));
    /// let autumn = zone.only_at("2026-10-25".parse()?, 1, 30, 0).unwrap_err();
    /// assert!(autumn.to_string().ends_with("2026-10-25T01:30:00+01:00 or 2026-10-25T01:30:00+00:00"));
    /// # Ok::<(), TimeError>(())
    /// ```
    pub fn only_at(&self, day: Date, hour: u8, minute: u8, second: u8) -> Result<Timestamp, TimeError> {
        let first = self.at(day, hour, minute, second)?;
        let seconds = if second == 0 { String::new() } else { format!(":{second:02}") };
        let (zone, local) = (self.name().to_owned(), format!("{day} {hour:02}:{minute:02}{seconds}"));
        match self
            .0
            .to_ambiguous_timestamp(day.civil().at(hour.cast_signed(), minute.cast_signed(), second.cast_signed(), 0))
            .offset()
        {
            AmbiguousOffset::Unambiguous { .. } => Ok(first),
            AmbiguousOffset::Gap { before, after } => {
                let change = self.change_before(first);
                let shown = |offset: Offset| clock_of(change.saturating_add(micros_of(offset)));
                Err(TimeError::Skipped { zone, local, from: shown(before), to: shown(after) })
            }
            AmbiguousOffset::Fold { before, after } => {
                let text =
                    |offset: Offset| with_offset(utc_micros(day, seconds_of_day(hour, minute, second), offset), offset);
                Err(TimeError::Twice { zone, local, first: text(before), second: text(after) })
            }
        }
    }

    /// Returns what the clock on the wall shows at a moment.
    ///
    /// ```
    /// use ims_core::time::TimeZone;
    ///
    /// let zone = TimeZone::new("Europe/Berlin")?;
    /// let shown = zone.wall_clock("2026-03-29T01:30:00Z".parse()?);
    /// assert_eq!((shown.day.to_string().as_str(), shown.hour, shown.minute), ("2026-03-29", 3, 30));
    /// # Ok::<(), ims_core::time::TimeError>(())
    /// ```
    #[must_use]
    pub fn wall_clock(&self, at: Timestamp) -> WallClock {
        let local = at.micros().saturating_add(self.offset_micros(at));
        let seconds = local.rem_euclid(MICROS_PER_DAY) / MICROS_PER_SECOND;
        let part = |number: i64| u8::try_from(number).unwrap_or(u8::MAX);
        WallClock {
            day: Date::clamped(local.div_euclid(MICROS_PER_DAY)),
            hour: part(seconds / 3600),
            minute: part(seconds / 60 % 60),
            second: part(seconds % 60),
        }
    }

    /// The last change of the clock at a moment or before.
    fn change_before(&self, at: Timestamp) -> i64 {
        let just_after = jiff_timestamp(at.micros().saturating_add(1));
        let change = self.0.preceding(just_after).next();
        change.map_or(at.micros(), |transition| transition.timestamp().as_microsecond())
    }

    fn offset_micros(&self, at: Timestamp) -> i64 {
        micros_of(self.0.to_offset(jiff_timestamp(at.micros())))
    }

    fn form(&self) -> &str {
        self.name()
    }
}

/// What the clock on a wall shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WallClock {
    /// The day of its calendar.
    pub day: Date,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
}

/// The earlier reading of an ambiguous local time.
fn earlier(offset: AmbiguousOffset) -> Offset {
    match offset {
        AmbiguousOffset::Unambiguous { offset } => offset,
        AmbiguousOffset::Gap { before, .. } | AmbiguousOffset::Fold { before, .. } => before,
    }
}

fn micros_of(offset: Offset) -> i64 {
    i64::from(offset.seconds()).saturating_mul(MICROS_PER_SECOND)
}

fn seconds_of_day(hour: u8, minute: u8, second: u8) -> i64 {
    let minutes = i64::from(hour).saturating_mul(60).saturating_add(i64::from(minute));
    minutes.saturating_mul(60).saturating_add(i64::from(second))
}

/// The time of day of a local time, to the minute where it is one.
fn clock_of(local: i64) -> String {
    let seconds = local.rem_euclid(MICROS_PER_DAY) / MICROS_PER_SECOND;
    let text = format!("{:02}:{:02}", seconds / 3600, seconds / 60 % 60);
    if seconds % 60 == 0 { text } else { format!("{text}:{:02}", seconds % 60) }
}

/// A moment as it is written with an offset; in UTC where the offset is not of whole minutes.
fn with_offset(moment: i64, offset: Offset) -> String {
    if offset.seconds() % 60 != 0 {
        return Timestamp::clamped(moment).to_string();
    }
    let local = Timestamp::clamped(moment.saturating_add(micros_of(offset))).to_string();
    let minutes = offset.seconds().unsigned_abs() / 60;
    let sign = if offset.seconds() < 0 { '-' } else { '+' };
    format!("{}{sign}{:02}:{:02}", local.trim_end_matches('Z'), minutes / 60, minutes % 60)
}

/// The moment of a local time. Nothing here comes near the ends of an `i64`.
fn utc_micros(day: Date, seconds: i64, offset: Offset) -> i64 {
    let seconds = seconds.saturating_sub(i64::from(offset.seconds()));
    let midnight = i64::from(day.days()).saturating_mul(MICROS_PER_DAY);
    midnight.saturating_add(seconds.saturating_mul(MICROS_PER_SECOND))
}

/// Clamps to jiff's range, which ends a day before ours; no zone changes its offset on that day.
fn jiff_timestamp(micros: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_microsecond(micros).unwrap_or(jiff::Timestamp::MAX)
}

impl PartialEq for TimeZone {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for TimeZone {}

impl FromStr for TimeZone {
    type Err = TimeError;

    fn from_str(name: &str) -> Result<Self, TimeError> {
        Self::new(name)
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Debug for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TimeZone({})", self.name())
    }
}

string_form!(TimeZone, "the name of a time zone such as \"Europe/London\"");

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::new(name).unwrap()
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn before(moment: Timestamp) -> Timestamp {
        Timestamp::from_micros(moment.micros() - 1).unwrap()
    }

    #[test]
    fn names_are_found_in_any_case_and_kept_in_the_usual_one() {
        assert_eq!(zone("europe/LONDON").name(), "Europe/London");
        assert_eq!(zone("europe/LONDON"), zone("Europe/London"));
        assert_eq!(zone("utc"), TimeZone::utc());
        assert_ne!(zone("Europe/London"), zone("Europe/Jersey"));
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for name in [
            "",
            "Europe",
            "Europe/Londres",
            "+01:00",
            "EST5EDT,M3.2.0,M11.1.0",
            "Etc/Unknown",
            "../etc/passwd",
            "/etc/localtime",
        ] {
            assert!(matches!(TimeZone::new(name), Err(TimeError::UnknownTimeZone { .. })), "{name}");
        }
        let error = TimeZone::new(&"x".repeat(1_000_000)).unwrap_err();
        assert_eq!(error, TimeError::UnknownTimeZone { name: "x".repeat(64) });
    }

    #[test]
    fn the_day_changes_at_midnight_on_the_wall() {
        let london = zone("Europe/London");
        assert_eq!(london.business_day(at("2026-01-31T23:59:59.999999Z")), day("2026-01-31"));
        assert_eq!(london.business_day(at("2026-07-01T22:59:59.999999Z")), day("2026-07-01"));
        assert_eq!(london.business_day(at("2026-07-01T23:00:00Z")), day("2026-07-02"));
        assert_eq!(zone("Pacific/Kiritimati").business_day(at("2026-01-31T10:00:00Z")), day("2026-02-01"));
        assert_eq!(zone("Pacific/Niue").business_day(at("2026-01-31T10:00:00Z")), day("2026-01-30"));
    }

    #[test]
    fn a_day_with_no_midnight_starts_when_the_clock_is_put_forward() {
        // From 23:30 to 00:30: the day starts at 00:30, thirty minutes before "compatible" midnight.
        let toronto = zone("America/Toronto");
        let start = toronto.start_of(day("1919-03-31"));
        assert_eq!(start, at("1919-03-31T04:30:00Z"));
        assert_eq!(toronto.business_day(before(start)), day("1919-03-30"));
    }

    #[test]
    fn a_day_that_was_skipped_starts_with_the_next() {
        let apia = zone("Pacific/Apia");
        assert_eq!(apia.start_of(day("2011-12-30")), apia.start_of(day("2011-12-31")));
        assert_eq!(apia.business_day(apia.start_of(day("2011-12-30"))), day("2011-12-31"));
    }

    #[test]
    fn a_midnight_that_came_twice_counts_the_first_time() {
        let st_johns = zone("America/St_Johns");
        assert_eq!(st_johns.start_of(day("2006-10-29")), at("2006-10-29T02:30:00Z"));
        assert_eq!(zone("America/Havana").start_of(day("2025-11-02")), at("2025-11-02T04:00:00Z"));
    }

    #[test]
    fn a_local_time_that_came_twice_is_the_first() {
        let berlin = zone("Europe/Berlin");
        assert_eq!(berlin.at(day("2026-10-25"), 2, 30, 0), Ok(at("2026-10-25T00:30:00Z")));
        assert_eq!(berlin.at(day("2026-10-25"), 3, 0, 0), Ok(at("2026-10-25T02:00:00Z")));
    }

    #[test]
    fn what_is_no_time_of_day_is_refused() {
        for (hour, minute, second) in [(24, 0, 0), (0, 60, 0), (0, 0, 60), (255, 255, 255)] {
            let refused = TimeZone::utc().at(day("2026-01-31"), hour, minute, second);
            assert_eq!(refused, Err(TimeError::NotATimeOfDay { hour, minute, second }));
        }
    }

    #[test]
    fn the_ends_of_time_are_kept_within_the_calendar() {
        let (west, east) = (zone("Pacific/Niue"), zone("Pacific/Kiritimati"));
        assert_eq!(west.business_day(Timestamp::MIN), Date::MIN);
        assert_eq!(east.business_day(Timestamp::MAX), Date::MAX);
        assert_eq!(zone("Asia/Tokyo").start_of(Date::MIN), Timestamp::MIN);
        assert_eq!(west.start_of(Date::MAX), at("9999-12-31T11:00:00Z"));
        assert_eq!(east.start_of(Date::MAX), at("9999-12-30T10:00:00Z"));
        assert_eq!(west.at(Date::MAX, 23, 0, 0), Err(TimeError::OutOfRange));
        assert_eq!(TimeZone::utc().at(Date::MAX, 23, 59, 59), Ok(at("9999-12-31T23:59:59Z")));
    }

    #[test]
    fn its_json_is_its_name() {
        assert_eq!(serde_json::to_string(&zone("europe/london")).unwrap(), r#""Europe/London""#);
        assert_eq!(serde_json::from_str::<TimeZone>(r#""Europe/London""#).unwrap(), zone("Europe/London"));
        assert_eq!(serde_json::to_string(&TimeZone::utc()).unwrap(), r#""UTC""#);
        let error = serde_json::from_str::<TimeZone>(r#""Mars""#).unwrap_err();
        assert!(error.to_string().starts_with("no time zone is called \"Mars\""), "{error}");
    }

    /// Checks every zone at every change of its clock since 1970 against jiff, which decides by another road.
    #[test]
    fn every_zone_agrees_with_jiff_around_every_change() {
        for name in TimeZoneDatabase::bundled().available() {
            let Ok(zone) = TimeZone::new(name.as_str()) else { continue };
            let changes = zone.0.following(jiff::Timestamp::UNIX_EPOCH);
            for change in changes.take_while(|change| change.timestamp().as_second() < 2_000_000_000) {
                for minutes in [-1800, -90, -60, -30, -1, 0, 1, 30, 60, 90, 1800] {
                    let moment = change.timestamp() + SignedDuration::from_mins(minutes);
                    check_against_jiff(&zone, moment);
                }
            }
        }
    }

    fn check_against_jiff(zone: &TimeZone, moment: jiff::Timestamp) {
        let ours = Timestamp::from_micros(moment.as_microsecond()).unwrap();
        let today = zone.business_day(ours);
        let local = moment.to_zoned(zone.0.clone());
        assert_eq!(today.to_string(), local.date().to_string(), "{local}");

        let start = zone.start_of(today);
        assert_eq!(zone.business_day(start), today, "{local}");
        assert!(zone.business_day(before(start)) < today, "{local}");

        let clock = [local.hour(), local.minute(), local.second()].map(i8::unsigned_abs);
        let [hour, minute, second] = clock;
        assert_eq!(zone.wall_clock(ours), WallClock { day: today, hour, minute, second }, "{local}");
        let compatible = local.datetime().to_zoned(zone.0.clone()).unwrap().timestamp();
        let ours = zone.at(today, hour, minute, second).unwrap();
        assert_eq!(ours.micros(), compatible.as_microsecond(), "{local}");
        check_stated(zone, local.datetime());
        // Times that no clock showed are met half an hour and an hour after the last one that it did.
        check_stated(zone, local.datetime() + SignedDuration::from_mins(30));
        check_stated(zone, local.datetime() + SignedDuration::from_mins(60));
    }

    /// A time that is stated is the one moment that jiff finds; otherwise both say that there is none, or that there are two.
    fn check_stated(zone: &TimeZone, local: civil::DateTime) {
        let [hour, minute, second] = [local.hour(), local.minute(), local.second()].map(i8::unsigned_abs);
        let stated = zone.only_at(local.date().to_string().parse().unwrap(), hour, minute, second);
        let ambiguous = zone.0.to_ambiguous_timestamp(local);
        match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { .. } => {
                assert_eq!(stated.unwrap().micros(), ambiguous.unambiguous().unwrap().as_microsecond(), "{local}");
            }
            AmbiguousOffset::Gap { .. } => assert!(matches!(stated, Err(TimeError::Skipped { .. })), "{local}"),
            AmbiguousOffset::Fold { before, after } => {
                let Err(TimeError::Twice { first, second, .. }) = stated else { panic!("{local}: {stated:?}") };
                let both = [before, after].map(|offset| offset.to_timestamp(local).unwrap().as_microsecond());
                assert_eq!([at(&first), at(&second)].map(Timestamp::micros), both, "{local}");
            }
        }
    }

    #[test]
    fn a_stated_time_is_one_that_the_clock_showed_once() {
        let lisbon = zone("Europe/Lisbon");
        assert_eq!(lisbon.only_at(day("2026-03-29"), 0, 59, 59), Ok(at("2026-03-29T00:59:59Z")));
        assert_eq!(lisbon.only_at(day("2026-03-29"), 2, 0, 0), Ok(at("2026-03-29T01:00:00Z")));
        let skipped = lisbon.only_at(day("2026-03-29"), 1, 30, 0).unwrap_err().to_string();
        assert_eq!(
            skipped,
            "the clock in Europe/Lisbon never showed 2026-03-29 01:30: it was put forward from 01:00 to 02:00"
        );
        let twice = lisbon.only_at(day("2026-10-25"), 1, 30, 5).unwrap_err().to_string();
        assert_eq!(
            twice,
            "the clock in Europe/Lisbon showed 2026-10-25 01:30:05 twice: say which, 2026-10-25T01:30:05+01:00 or \
             2026-10-25T01:30:05+00:00"
        );
        // Half an hour, south of the equator.
        let lord_howe = zone("Australia/Lord_Howe");
        let skipped = lord_howe.only_at(day("2026-10-04"), 2, 15, 0).unwrap_err().to_string();
        assert!(skipped.ends_with("it was put forward from 02:00 to 02:30"), "{skipped}");
        let twice = lord_howe.only_at(day("2026-04-05"), 1, 45, 0).unwrap_err().to_string();
        assert!(twice.ends_with("2026-04-05T01:45:00+11:00 or 2026-04-05T01:45:00+10:30"), "{twice}");
    }

    #[test]
    fn the_clock_on_the_wall_jumps_with_the_hour() {
        let shown = |name: &str, moment: &str| {
            let WallClock { day, hour, minute, second } = zone(name).wall_clock(at(moment));
            format!("{day} {hour:02}:{minute:02}:{second:02}")
        };
        assert_eq!(shown("Europe/Berlin", "2026-03-29T00:59:59Z"), "2026-03-29 01:59:59");
        assert_eq!(shown("Europe/Berlin", "2026-03-29T01:30:00Z"), "2026-03-29 03:30:00");
        assert_eq!(shown("Europe/Berlin", "2026-10-25T00:30:00Z"), "2026-10-25 02:30:00");
        assert_eq!(shown("Europe/Berlin", "2026-10-25T01:30:00Z"), "2026-10-25 02:30:00");
        assert_eq!(shown("Australia/Lord_Howe", "2026-10-03T15:45:00Z"), "2026-10-04 02:45:00");
        assert_eq!(shown("Australia/Lord_Howe", "2026-04-04T15:15:00Z"), "2026-04-05 01:45:00");
        assert_eq!(shown("America/Santiago", "2026-09-06T04:00:00Z"), "2026-09-06 01:00:00");
        assert_eq!(shown("Pacific/Kiritimati", "9999-12-31T23:30:00Z"), "9999-12-31 13:30:00");
    }
}
