//! Days and months of the calendar.

use std::fmt;
use std::str::FromStr;

use jiff::SignedDuration;
use jiff::civil;

use super::{TimeError, read_two};
use crate::form::{StackText, string_form, two_digits};

const HOURS_PER_DAY: i64 = 24;
const EPOCH: civil::Date = civil::Date::constant(1970, 1, 1);

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
const MONTH_TEXT_BYTES: usize = "0001-01".len();

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

    pub(super) fn clamped(days: i64) -> Self {
        let days = days.clamp(i64::from(Self::MIN.0), i64::from(Self::MAX.0));
        Self(i32::try_from(days).unwrap_or_default())
    }

    pub(super) fn civil(self) -> civil::Date {
        let since = SignedDuration::from_hours(i64::from(self.0).saturating_mul(HOURS_PER_DAY));
        // Every day in range is a day of jiff's wider calendar.
        EPOCH.checked_add(since).unwrap_or(EPOCH)
    }

    /// Returns `yyyy-mm-dd`.
    pub(super) fn text(self) -> [u8; DATE_TEXT_BYTES] {
        let day = self.civil();
        let year = day.year().unsigned_abs();
        let ([y1, y2], [y3, y4]) = (two_digits((year / 100) as u8), two_digits((year % 100) as u8));
        let ([m1, m2], [d1, d2]) = (two_digits(day.month().unsigned_abs()), two_digits(day.day().unsigned_abs()));
        [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2]
    }

    fn form(self) -> StackText<DATE_TEXT_BYTES> {
        StackText::new(self.text(), 0..DATE_TEXT_BYTES)
    }
}

/// Reads `yyyy-mm-dd`.
pub(super) fn read_date(text: &[u8; 10]) -> Option<Date> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return None };
    let century = read_two(y1, y2, 99)?;
    let year = century.checked_mul(100)?.checked_add(read_two(y3, y4, 99)?)?;
    let (month, day) = (read_two(m1, m2, 12)?, read_two(d1, d2, 31)?);
    Date::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
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
        StackText::new(self.first_day().text(), 0..MONTH_TEXT_BYTES)
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_calendar_is_gregorian() {
        assert_eq!(Date::new(1970, 1, 1).unwrap().days(), 0);
        assert_eq!(Date::new(2000, 2, 29).unwrap().days(), 11_016);
        assert_eq!(Date::new(1, 1, 1), Some(Date::MIN));
        assert_eq!(Date::new(9999, 12, 31), Some(Date::MAX));
        for (year, month, day) in
            [(0, 1, 1), (10_000, 1, 1), (1900, 2, 29), (2026, 2, 30), (2026, 0, 1), (2026, 13, 1), (2026, 4, 31)]
        {
            assert_eq!(Date::new(year, month, day), None, "{year}-{month}-{day}");
        }
        assert_eq!(Date::new(u16::MAX, u8::MAX, u8::MAX), None);
        assert_eq!(Date::from_days(Date::MAX.days().saturating_add(1)), None);
        assert_eq!(Date::from_days(i32::MIN), None);
    }

    #[test]
    fn only_year_month_day_is_a_date() {
        for text in [
            "",
            "2026-1-31",
            "2026-01-31 ",
            "2026/01/31",
            "20260131",
            "2026-02-29",
            "0000-01-01",
            "-001-01-01",
            "２026-01-3",
        ] {
            assert_eq!(text.parse::<Date>(), Err(TimeError::NotADate), "{text:?}");
        }
        for text in ["", "2026-1", "2026-13", "2026-00", "2026-01-31", "0000-01", "2026/01"] {
            assert_eq!(text.parse::<Month>(), Err(TimeError::NotAMonth), "{text:?}");
        }
    }

    #[test]
    fn a_month_has_its_days() {
        for (text, days) in
            [("2026-01", 31), ("2026-02", 28), ("2024-02", 29), ("2026-04", 30), ("9999-12", 31), ("0001-01", 31)]
        {
            let month: Month = text.parse().unwrap();
            let (first, last) = (month.first_day(), month.last_day());
            assert_eq!(last.days().saturating_sub(first.days()).saturating_add(1), days, "{text}");
            assert_eq!((first.month(), last.month()), (month, month));
        }
        assert_eq!(Month::new(2026, 0), None);
        assert_eq!(Month::new(0, 1), None);
        assert_eq!(Month::new(10_000, 1), None);
    }

    #[test]
    fn their_json_is_stable() {
        let day: Date = "0987-06-05".parse().unwrap();
        assert_eq!(serde_json::to_string(&day).unwrap(), r#""0987-06-05""#);
        assert_eq!(serde_json::from_str::<Date>(r#""0987-06-05""#).unwrap(), day);
        assert_eq!(serde_json::to_string(&day.month()).unwrap(), r#""0987-06""#);
        assert_eq!(serde_json::from_str::<Month>(r#""0987-06""#).unwrap(), day.month());
        assert!(serde_json::from_str::<Date>("0").is_err());
        let error = serde_json::from_str::<Date>(r#""2026-02-30""#).unwrap_err();
        assert_eq!(error.to_string(), "not a day such as 2026-01-31 at line 1 column 12");
    }

    proptest! {
        #[test]
        fn a_day_that_is_printed_reads_back(days in Date::MIN.days()..=Date::MAX.days()) {
            let day = Date::from_days(days).unwrap();
            prop_assert_eq!(day.to_string().parse(), Ok(day));
            prop_assert_eq!(day.month().to_string().parse(), Ok(day.month()));
            prop_assert_eq!(day.month().to_string(), &day.to_string()[..7]);
        }

        #[test]
        fn days_and_months_sort_as_their_texts_do(a in Date::MIN.days()..=Date::MAX.days(), b in Date::MIN.days()..=Date::MAX.days()) {
            let (a, b) = (Date::from_days(a).unwrap(), Date::from_days(b).unwrap());
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
            prop_assert_eq!(a.month().cmp(&b.month()), a.month().to_string().cmp(&b.month().to_string()));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{10}|[-0-9]{10}") {
            if let Ok(day) = text.parse::<Date>() {
                prop_assert_eq!(day.to_string(), text);
            }
        }
    }
}
