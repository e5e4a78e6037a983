//! Moments, days and months; and the time zone that turns one into the other.
//!
//! The engine has no clock: a caller says what time it is. It has no opinion of its own about daylight saving either: time zones come only
//! from the database that is compiled in, so that a till, a server and a browser agree on the business day of a sale.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

mod date;
mod zone;

pub use self::date::{Date, Month};
pub use self::zone::{TimeZone, WallClock};

use self::date::read_date;
use crate::form::{Slots, StackText, string_form, trim_zeros, two_digits};

const MICROS_PER_MS: i64 = 1_000;
const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;

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
    /// The clock of a place was put forward over the time.
    #[error("the clock in {zone} never showed {local}: it was put forward from {from} to {to}")]
    Skipped {
        /// The time zone.
        zone: String,
        /// The time as it was stated.
        local: String,
        /// What the clock showed before it was put forward.
        from: String,
        /// What it showed after that.
        to: String,
    },
    /// The clock of a place was put back, and showed the time twice.
    #[error("the clock in {zone} showed {local} twice: say which, {first} or {second}")]
    Twice {
        /// The time zone.
        zone: String,
        /// The time as it was stated.
        local: String,
        /// The first of the two moments, as it can be stated.
        first: String,
        /// The second of them.
        second: String,
    },
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

    pub(super) fn clamped(micros: i64) -> Self {
        Self(micros.clamp(Self::MIN.0, Self::MAX.0))
    }

    fn form(self) -> StackText<TIMESTAMP_TEXT_BYTES> {
        let day = Date::clamped(self.0.div_euclid(MICROS_PER_DAY));
        let micros = self.0.rem_euclid(MICROS_PER_DAY).unsigned_abs();
        StackText::from_right(|text| {
            text.push(b'Z');
            push_fraction(text, micros % 1_000_000);
            let seconds = micros / 1_000_000;
            for (part, mark) in [(seconds % 60, b':'), (seconds / 60 % 60, b':'), (seconds / 3600, b'T')] {
                let [tens, ones] = two_digits(part as u8);
                text.push(ones);
                text.push(tens);
                text.push(mark);
            }
            for byte in day.text().into_iter().rev() {
                text.push(byte);
            }
        })
    }
}

/// Writes the fraction of a second, unless it is zero.
fn push_fraction(text: &mut Slots<'_>, micros: u64) {
    if micros == 0 {
        return;
    }
    let (fraction, decimals) = trim_zeros(micros, 0);
    text.push_number(fraction, decimals);
    text.push(b'.');
}

impl From<SystemTime> for Timestamp {
    /// Takes what a clock shows, before 1970 as well, as one does that nobody has set: what is finer than a microsecond is cut
    /// off, and the years end at 0001 and 9999.
    ///
    /// ```
    /// use ims_core::time::Timestamp;
    /// use std::time::{Duration, UNIX_EPOCH};
    ///
    /// let day = Duration::from_secs(86_400);
    /// assert_eq!(Timestamp::from(UNIX_EPOCH + day).to_string(), "1970-01-02T00:00:00Z");
    /// assert_eq!(Timestamp::from(UNIX_EPOCH - day).to_string(), "1969-12-31T00:00:00Z");
    /// ```
    fn from(clock: SystemTime) -> Self {
        let micros = |span: Duration| i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
        Self::clamped(match clock.duration_since(UNIX_EPOCH) {
            Ok(since) => micros(since),
            Err(until) => micros(until.duration()).saturating_neg(),
        })
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
        let local = i64::from(day.days()).checked_mul(MICROS_PER_DAY);
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn what_a_clock_shows_is_kept_within_the_years() {
        let clock = |micros: i64| {
            let span = Duration::from_micros(micros.unsigned_abs());
            if micros < 0 { UNIX_EPOCH - span } else { UNIX_EPOCH + span }
        };
        for micros in [0, 1, -1, Timestamp::MIN.0, Timestamp::MAX.0] {
            assert_eq!(Timestamp::from(clock(micros)).micros(), micros);
        }
        assert_eq!(Timestamp::from(clock(Timestamp::MIN.0 - 1)), Timestamp::MIN);
        assert_eq!(Timestamp::from(clock(Timestamp::MAX.0 + 1)), Timestamp::MAX);
        assert_eq!(Timestamp::from(clock(i64::MIN + 1)), Timestamp::MIN);
    }

    #[test]
    fn microseconds_are_shown_only_when_there_are_some() {
        for (micros, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (1, "1970-01-01T00:00:00.000001Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
            (1_769_848_200_250_000, "2026-01-31T08:30:00.25Z"),
            (Timestamp::MIN.micros(), "0001-01-01T00:00:00Z"),
            (Timestamp::MAX.micros(), "9999-12-31T23:59:59.999999Z"),
        ] {
            let moment = Timestamp::from_micros(micros).unwrap();
            assert_eq!(moment.to_string(), text);
            assert_eq!(at(text), moment);
        }
    }

    #[test]
    fn any_offset_is_understood() {
        let noon = at("2026-01-31T12:00:00Z");
        for text in [
            "2026-01-31T13:00:00+01:00",
            "2026-01-31T06:30:00-05:30",
            "2026-01-31T12:00:00-00:00",
            "2026-02-01T11:59:00+23:59",
        ] {
            assert_eq!(at(text), noon, "{text}");
        }
    }

    #[test]
    fn what_is_finer_than_a_microsecond_is_cut_off() {
        assert_eq!(at("2026-01-31T12:00:00.123456789Z"), at("2026-01-31T12:00:00.123456Z"));
        assert_eq!(at("1969-12-31T23:59:59.999999999Z").micros(), -1);
        assert_eq!(at("2026-01-31T12:00:00.000000Z"), at("2026-01-31T12:00:00Z"));
    }

    #[test]
    fn only_rfc_3339_is_a_time() {
        let malformed = [
            "",
            "2026-01-31",
            "2026-01-31T12:00Z",
            "2026-01-31T12:00:00",
            "2026-01-31 12:00:00Z",
            "2026-01-31t12:00:00z",
            "2026-01-31T12:00:00z",
            "2026-01-31T24:00:00Z",
            "2026-01-31T12:60:00Z",
            "2016-12-31T23:59:60Z",
            "2026-02-30T12:00:00Z",
            "0000-01-01T00:00:00Z",
            "2026-01-31T12:00:00.Z",
            "2026-01-31T12:00:00,5Z",
            "2026-01-31T12:00:00.1234567891Z",
            "2026-01-31T12:00:00+0100",
            "2026-01-31T12:00:00+01",
            "2026-01-31T12:00:00+24:00",
            "2026-01-31T12:00:00+01:60",
            "2026-01-31T12:00:00Z ",
            "2026-01-31T12:00:00Z[UTC]",
            "+002026-01-31T12:00:00Z",
            "1769848200",
        ];
        for text in malformed {
            assert_eq!(text.parse::<Timestamp>(), Err(TimeError::NotATimestamp), "{text:?}");
        }
    }

    #[test]
    fn the_range_is_the_years_1_to_9999_in_utc() {
        assert_eq!("0001-01-01T00:00:00+00:01".parse::<Timestamp>(), Err(TimeError::OutOfRange));
        assert_eq!("9999-12-31T23:59:59-00:01".parse::<Timestamp>(), Err(TimeError::OutOfRange));
        assert_eq!(at("9999-12-31T23:59:59.999999+00:00"), Timestamp::MAX);
        assert_eq!(Timestamp::from_micros(Timestamp::MAX.micros().saturating_add(1)), None);
        assert_eq!(Timestamp::from_micros(i64::MIN), None);
    }

    #[test]
    fn time_moves_in_milliseconds() {
        let noon = at("2026-01-31T12:00:00Z");
        assert_eq!(noon.checked_add_ms(1_500), Some(at("2026-01-31T12:00:01.5Z")));
        assert_eq!(noon.checked_add_ms(-43_200_001), Some(at("2026-01-30T23:59:59.999Z")));
        assert_eq!(noon.checked_add_ms(i64::MAX), None);
        assert_eq!(Timestamp::MAX.checked_add_ms(1), None);
    }

    #[test]
    fn its_json_is_stable() {
        let moment = at("2026-01-31T12:00:00.5Z");
        assert_eq!(serde_json::to_string(&moment).unwrap(), r#""2026-01-31T12:00:00.5Z""#);
        assert_eq!(serde_json::from_str::<Timestamp>(r#""2026-01-31T13:00:00.500+01:00""#).unwrap(), moment);
        let error = serde_json::from_str::<Timestamp>("1769848200").unwrap_err().to_string();
        assert!(error.contains(r#"expected a time such as "2026-01-31T09:30:00Z" in a string"#), "{error}");
    }

    fn moments() -> impl Strategy<Value = Timestamp> {
        let micros = Timestamp::MIN.micros()..=Timestamp::MAX.micros();
        micros.prop_map(|micros| Timestamp::from_micros(micros).unwrap())
    }

    proptest! {
        #[test]
        fn a_moment_that_is_printed_reads_back(moment in moments()) {
            prop_assert_eq!(moment.to_string().parse(), Ok(moment));
        }

        #[test]
        fn jiff_prints_and_reads_alike(moment in moments(), offset_minutes in -1439..=1439_i32) {
            if let Ok(same) = jiff::Timestamp::from_microsecond(moment.micros()) {
                prop_assert_eq!(moment.to_string(), same.to_string());
                let offset = jiff::tz::Offset::from_seconds(offset_minutes.saturating_mul(60)).unwrap();
                let local = same.display_with_offset(offset).to_string();
                if !local.starts_with('-') && !local.starts_with("0000") {
                    prop_assert_eq!(local.parse(), Ok(moment));
                }
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,40}|[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-9:.Z+-]{0,30}") {
            if let Ok(moment) = text.parse::<Timestamp>() {
                prop_assert_eq!(moment.to_string().parse(), Ok(moment));
            }
        }
    }
}
