//! Moments, days and months; and the time zone that turns one into the other.
//!
//! The engine has no clock: a caller says what time it is. It has no opinion of its own about daylight saving either: time zones come only
//! from the database that is compiled in, so that a till, a server and a browser agree on the business day of a sale.

use std::fmt;
use std::str::FromStr;

use jiff::SignedDuration;
use jiff::civil;
use jiff::tz::{AmbiguousOffset, TimeZoneDatabase};

use crate::form::{StackText, string_form};

const MICROS_PER_MS: i64 = 1_000;
const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;
const HOURS_PER_DAY: i64 = 24;
const EPOCH: civil::Date = civil::Date::constant(1970, 1, 1);

/// Says why a time is not one that the engine keeps.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// The text is not a moment in RFC 3339.
    #[error("not a time such as 2026-01-31T09:30:00Z or 2026-01-31T09:30:00+01:00")]
    NotATimestamp,
    /// The text is not a day of the calendar.
    #[error("not a day such as 2026-01-31")]
    NotADate,
    /// The text is not a month of the calendar.
    #[error("not a month such as 2026-01")]
    NotAMonth,
    /// The numbers are not a time of day.
    #[error("not a time of day: {hour:02}:{minute:02}:{second:02}")]
    NotATimeOfDay {
        /// 0 to 23.
        hour: u8,
        /// 0 to 59.
        minute: u8,
        /// 0 to 59.
        second: u8,
    },
    /// The moment is before the year 1 or after the year 9999.
    #[error("the time is not within the years 0001 to 9999")]
    OutOfRange,
    /// No time zone has this name.
    #[error("no time zone is called {name:?}: use a name such as Europe/London")]
    UnknownTimeZone {
        /// The name as it was given, cut at 64 characters.
        name: String,
    },
}

/// Marks a moment: whole microseconds since the start of 1970 in UTC, within the years 0001 to 9999.
///
/// In JSON it is RFC 3339 text in UTC. Any offset is understood, and what is finer than a microsecond is cut off, so that the text of every
/// usual clock can be sent as it is. A leap second (`:60`) is refused.
///
/// ```
/// use ims_core::time::Timestamp;
///
/// let at: Timestamp = "2026-01-31T09:30:00.250+01:00".parse()?;
/// assert_eq!(at.to_string(), "2026-01-31T08:30:00.25Z");
/// assert!("2026-01-31 09:30:00Z".parse::<Timestamp>().is_err());
/// assert!("2026-01-31T09:30:00".parse::<Timestamp>().is_err());
/// # Ok::<(), ims_core::time::TimeError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

const TIMESTAMP_TEXT_BYTES: usize = "0001-01-01T00:00:00.000000Z".len();

impl Timestamp {
    /// Marks the first moment of the year 1.
    pub const MIN: Self = Self(-62_135_596_800_000_000);
    /// Marks the last microsecond of the year 9999.
    pub const MAX: Self = Self(253_402_300_799_999_999);

    /// Takes microseconds since the start of 1970 in UTC; `None` outside the years 0001 to 9999.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Option<Self> {
        if micros < Self::MIN.0 || micros > Self::MAX.0 {
            return None;
        }
        Some(Self(micros))
    }

    /// Returns the microseconds since the start of 1970 in UTC.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Moves by milliseconds, back when negative; `None` outside the years 0001 to 9999.
    #[must_use]
    pub const fn checked_add_ms(self, ms: i64) -> Option<Self> {
        let Some(micros) = ms.checked_mul(MICROS_PER_MS) else { return None };
        match self.0.checked_add(micros) {
            Some(micros) => Self::from_micros(micros),
            None => None,
        }
    }

    fn clamped(micros: i64) -> Self {
        Self(micros.clamp(Self::MIN.0, Self::MAX.0))
    }

    fn form(self) -> StackText<TIMESTAMP_TEXT_BYTES> {
        let mut text = StackText::new();
        let day = Date::clamped(self.0.div_euclid(MICROS_PER_DAY));
        day.write(&mut text);
        let micros = self.0.rem_euclid(MICROS_PER_DAY).unsigned_abs();
        let seconds = micros / 1_000_000;
        for (mark, part) in [(b'T', seconds / 3600), (b':', seconds / 60 % 60), (b':', seconds % 60)] {
            text.push(mark);
            text.push_number(part, 2);
        }
        let (mut fraction, mut width) = (micros % 1_000_000, 6_usize);
        if fraction > 0 {
            while fraction.is_multiple_of(10) {
                fraction /= 10;
                width = width.saturating_sub(1);
            }
            text.push(b'.');
            text.push_number(fraction, width);
        }
        text.push(b'Z');
        text
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let (day, rest) = text.as_bytes().split_first_chunk::<10>().ok_or(TimeError::NotATimestamp)?;
        let (clock, rest) = rest.split_first_chunk::<9>().ok_or(TimeError::NotATimestamp)?;
        let (fraction, zone) = split_fraction(rest).ok_or(TimeError::NotATimestamp)?;
        let day = read_date(day).ok_or(TimeError::NotATimestamp)?;
        let seconds = read_clock(clock).ok_or(TimeError::NotATimestamp)?;
        let offset_s = read_offset(zone).ok_or(TimeError::NotATimestamp)?;
        let local = i64::from(day.0).checked_mul(MICROS_PER_DAY);
        let micros = seconds.checked_sub(offset_s).and_then(|seconds| seconds.checked_mul(MICROS_PER_SECOND));
        let micros = micros.and_then(|micros| local?.checked_add(micros)?.checked_add(fraction));
        micros.and_then(Self::from_micros).ok_or(TimeError::OutOfRange)
    }
}

/// Reads two digits, up to `max`.
fn read_two(tens: u8, ones: u8, max: i64) -> Option<i64> {
    if !tens.is_ascii_digit() || !ones.is_ascii_digit() {
        return None;
    }
    let number = i64::from(tens & 0x0f).checked_mul(10)?.checked_add(i64::from(ones & 0x0f))?;
    (number <= max).then_some(number)
}

fn read_date(text: &[u8; 10]) -> Option<Date> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return None };
    let century = read_two(y1, y2, 99)?;
    let year = century.checked_mul(100)?.checked_add(read_two(y3, y4, 99)?)?;
    let (month, day) = (read_two(m1, m2, 12)?, read_two(d1, d2, 31)?);
    Date::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
}

/// Reads `Thh:mm:ss` as seconds of the day.
fn read_clock(text: &[u8; 9]) -> Option<i64> {
    let &[b'T', h1, h2, b':', m1, m2, b':', s1, s2] = text else { return None };
    let minutes = read_two(h1, h2, 23)?.checked_mul(60)?.checked_add(read_two(m1, m2, 59)?)?;
    minutes.checked_mul(60)?.checked_add(read_two(s1, s2, 59)?)
}

/// Splits off the fraction of a second: its whole microseconds, and what follows.
fn split_fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let Some(rest) = text.strip_prefix(b".") else { return Some((0, text)) };
    let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = rest.split_at_checked(count)?;
    // Nanoseconds are the finest that clocks print.
    if !(1..=9).contains(&count) {
        return None;
    }
    let padded = digits.iter().copied().chain(std::iter::repeat(b'0')).take(6);
    let micros = padded.fold(0_i64, |sum, byte| sum.saturating_mul(10).saturating_add(i64::from(byte & 0x0f)));
    Some((micros, rest))
}

/// Reads `Z` or `±hh:mm` as seconds east of Greenwich.
fn read_offset(text: &[u8]) -> Option<i64> {
    let (sign, h1, h2, m1, m2) = match text {
        b"Z" => return Some(0),
        &[sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => (sign, h1, h2, m1, m2),
        _ => return None,
    };
    let minutes = read_two(h1, h2, 23)?.checked_mul(60)?.checked_add(read_two(m1, m2, 59)?)?;
    let seconds = minutes.checked_mul(60)?;
    if sign == b'-' { seconds.checked_neg() } else { Some(seconds) }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.form())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

string_form!(Timestamp, "a time such as \"2026-01-31T09:30:00Z\"");

/// Names a day of the calendar (Gregorian, years 0001 to 9999), wherever one lives. In JSON: `"2026-01-31"`.
///
/// ```
/// use ims_core::time::Date;
///
/// let day: Date = "2024-02-29".parse()?;
/// assert_eq!(Date::new(2024, 2, 29), Some(day));
/// assert_eq!(Date::new(2026, 2, 29), None);
/// assert!("2026-02-29".parse::<Date>().is_err());
/// assert!("31/01/2026".parse::<Date>().is_err());
/// # Ok::<(), ims_core::time::TimeError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

const DATE_TEXT_BYTES: usize = "0001-01-01".len();

impl Date {
    /// Names the first day of the year 1.
    pub const MIN: Self = Self(-719_162);
    /// Names the last day of the year 9999.
    pub const MAX: Self = Self(2_932_896);

    /// Makes a day; `None` when the calendar has no such day.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let (year, month, day) = (i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        let since = civil::Date::new(year, month, day).ok()?.duration_since(EPOCH);
        Self::from_days(i32::try_from(since.as_hours() / 24).ok()?)
    }

    /// Takes days since 1970-01-01; `None` outside the years 0001 to 9999.
    #[must_use]
    pub const fn from_days(days: i32) -> Option<Self> {
        if days < Self::MIN.0 || days > Self::MAX.0 {
            return None;
        }
        Some(Self(days))
    }

    /// Returns the days since 1970-01-01.
    #[must_use]
    pub const fn days(self) -> i32 {
        self.0
    }

    /// Returns the month that the day is in.
    #[must_use]
    pub fn month(self) -> Month {
        let day = self.civil();
        Month { year: day.year().unsigned_abs(), month: day.month().unsigned_abs() }
    }

    fn clamped(days: i64) -> Self {
        let days = days.clamp(i64::from(Self::MIN.0), i64::from(Self::MAX.0));
        Self(i32::try_from(days).unwrap_or_default())
    }

    fn civil(self) -> civil::Date {
        let since = SignedDuration::from_hours(i64::from(self.0).saturating_mul(HOURS_PER_DAY));
        // Every day in range is a day of jiff's wider calendar.
        EPOCH.checked_add(since).unwrap_or(EPOCH)
    }

    fn write<const N: usize>(self, text: &mut StackText<N>) {
        let day = self.civil();
        text.push_number(u64::from(day.year().unsigned_abs()), 4);
        text.push(b'-');
        text.push_number(u64::from(day.month().unsigned_abs()), 2);
        text.push(b'-');
        text.push_number(u64::from(day.day().unsigned_abs()), 2);
    }

    fn form(self) -> StackText<DATE_TEXT_BYTES> {
        let mut text = StackText::new();
        self.write(&mut text);
        text
    }
}

impl FromStr for Date {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let text = <&[u8; 10]>::try_from(text.as_bytes()).map_err(|_| TimeError::NotADate)?;
        read_date(text).ok_or(TimeError::NotADate)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.form())
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Date({self})")
    }
}

string_form!(Date, "a day such as \"2026-01-31\"");

/// Names a month of a year. In JSON: `"2026-01"`.
///
/// ```
/// use ims_core::time::{Date, Month};
///
/// let month: Month = "2024-02".parse()?;
/// assert_eq!(month.first_day(), Date::new(2024, 2, 1).unwrap());
/// assert_eq!(month.last_day(), Date::new(2024, 2, 29).unwrap());
/// assert!("2024-13".parse::<Month>().is_err());
/// # Ok::<(), ims_core::time::TimeError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: u16,
    month: u8,
}

impl Month {
    /// Makes a month of the years 1 to 9999; `None` for any other.
    #[must_use]
    pub const fn new(year: u16, month: u8) -> Option<Self> {
        if year < 1 || year > 9999 || month < 1 || month > 12 {
            return None;
        }
        Some(Self { year, month })
    }

    /// Returns the year, 1 to 9999.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }

    /// Returns the month of the year, 1 to 12.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.month
    }

    /// Returns the first day of the month.
    #[must_use]
    pub fn first_day(self) -> Date {
        Date::new(self.year, self.month, 1).unwrap_or(Date::MIN)
    }

    /// Returns the last day of the month.
    #[must_use]
    pub fn last_day(self) -> Date {
        let days = i64::from(self.first_day().civil().days_in_month());
        Date::clamped(i64::from(self.first_day().0).saturating_add(days).saturating_sub(1))
    }

    fn form(self) -> StackText<DATE_TEXT_BYTES> {
        let mut text = StackText::new();
        text.push_number(u64::from(self.year), 4);
        text.push(b'-');
        text.push_number(u64::from(self.month), 2);
        text
    }
}

impl FromStr for Month {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let &[y1, y2, y3, y4, b'-', m1, m2] = text.as_bytes() else { return Err(TimeError::NotAMonth) };
        let first = read_date(&[y1, y2, y3, y4, b'-', m1, m2, b'-', b'0', b'1']);
        first.map(Date::month).ok_or(TimeError::NotAMonth)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.form())
    }
}

impl fmt::Debug for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Month({self})")
    }
}

string_form!(Month, "a month such as \"2026-01\"");

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
        Date::clamped(at.0.saturating_add(offset).div_euclid(MICROS_PER_DAY))
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
        let offset = self.0.to_offset(jiff_timestamp(at.0));
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
    let midnight = i64::from(day.0).saturating_mul(MICROS_PER_DAY);
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
