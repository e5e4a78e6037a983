//! Time zones: which day it was, and when that day began.

use std::fmt;
use std::str::FromStr;

use jiff::civil;
use jiff::tz::{AmbiguousOffset, TimeZoneDatabase};

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
        let start = utc_micros(day, 0, ambiguous);
        if !matches!(ambiguous, AmbiguousOffset::Gap { .. }) {
            return Timestamp::clamped(start);
        }
        // Midnight was skipped: the day starts at the very moment the clock was put forward, not at "compatible" midnight.
        let just_after = jiff_timestamp(start.saturating_add(1));
        let moved = self.0.preceding(just_after).next();
        Timestamp::clamped(moved.map_or(start, |transition| transition.timestamp().as_microsecond()))
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
        let seconds = clock.duration_since(civil::Time::midnight()).as_secs();
        Timestamp::from_micros(utc_micros(day, seconds, ambiguous)).ok_or(TimeError::OutOfRange)
    }

    fn offset_micros(&self, at: Timestamp) -> i64 {
        let offset = self.0.to_offset(jiff_timestamp(at.micros()));
        i64::from(offset.seconds()).saturating_mul(MICROS_PER_SECOND)
    }

    fn form(&self) -> &str {
        self.name()
    }
}

/// Takes the earlier reading of an ambiguous local time. Nothing here comes near the ends of an `i64`.
fn utc_micros(day: Date, seconds: i64, offset: AmbiguousOffset) -> i64 {
    let offset = match offset {
        AmbiguousOffset::Unambiguous { offset } => offset,
        AmbiguousOffset::Gap { before, .. } | AmbiguousOffset::Fold { before, .. } => before,
    };
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
