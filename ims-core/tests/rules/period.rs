//! Time: what happened when, and what may no longer be entered.

use crate::words::*;
use ims_core::{Date, Receipt, Rejection, period::ClosePeriod};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn close_because(until: &str, reason: &str) -> Deed {
    deed(ClosePeriod { until: day(until), reason: Some(reason.into()) })
}

fn close(until: &str) -> Deed {
    deed(ClosePeriod::new(day(until)))
}

/// Closes February on the second of March.
fn february_is_closed() -> [Deed; 3] {
    [item("tea"), receive("tea", "5", "1"), close("2026-02-28")]
}

#[test]
fn a_closed_period_stays_closed() {
    let late = |time| receive("tea", "1", "1").occurred(time);
    let closed_until = day("2026-02-28");
    let refusal = |text: &str| refused(Rejection::PeriodClosed { day: day(text), closed_until });
    check(given(february_is_closed()), late("2026-02-28 23:59"), expect([refusal("2026-02-28")]));
    check(given(february_is_closed()), late("2026-01-05 12:00"), expect([refusal("2026-01-05")]));
    check(given(february_is_closed()), late("2026-03-01 00:00"), expect([on_hand("tea", "6")]));
    check(given(february_is_closed()), close("2026-02-27"), expect([refusal("2026-02-27")]));
    check(given(february_is_closed()), close("2026-02-28"), expect([refusal("2026-02-28")]));
    check(given(february_is_closed()), close("2026-03-01"), expect([done(), told()]));
}

#[test]
fn nothing_at_all_is_entered_into_a_closed_period() {
    let closed_until = day("2026-02-28");
    let refusal = || refused(Rejection::PeriodClosed { day: day("2026-02-20"), closed_until });
    for command in [
        item("cup"),
        sell([line("tea", "1")]),
        order([line("tea", "1")]),
        hold("tea", "1", "10:00"),
        lose("tea", "1"),
        transfer("tea", "1"),
        send_back("tea", "1"),
        purchase([costed("tea", "1", "1")]),
        take_back_loose("tea", "1", "1", None),
    ] {
        check(given(february_is_closed()), command.occurred("2026-02-20 12:00"), expect([refusal()]));
    }
}

#[test]
fn a_day_is_closed_when_it_is_over() {
    let refusal = |day: &'static str, now: &'static str| {
        let occurred_at = format!("{day}T00:00:00Z").parse().unwrap();
        refused(Rejection::OccursInFuture { occurred_at, now: time(now) })
    };
    check(given([]), close("2026-03-02"), expect([refusal("2026-03-02", "09:00")]));
    check(given([]), close("2027-01-01"), expect([refusal("2027-01-01", "09:00")]));
    check(given([]), close("2026-03-02").at("2026-03-03 00:00"), expect([done()]));
}

#[test]
fn nothing_has_happened_after_now() {
    let early = receive("tea", "1", "1").occurred("09:01");
    let refusal = Rejection::OccursInFuture { occurred_at: time("09:01"), now: time("09:00") };
    check(given([item("tea")]), early, expect([refused(refusal)]));
}

#[test]
fn books_are_not_closed_far_beyond_the_newest_entry_without_a_reason() {
    // Under a clock that is ten years ahead.
    let wrong = "2036-01-05 09:00";
    let refusal = Rejection::PeriodTooFar { until: day("2036-01-01"), newest: day("2026-03-02") };
    check(given([item("tea")]), close("2036-01-01").at(wrong), expect([refused(refusal)]));
    check(given([item("tea")]), close("2026-06-02").at(wrong), expect([done()]));
    check(given([item("tea")]), close("2026-06-03").at(wrong), expect([refused_with("period_too_far")]));
    check(given([item("tea")]), close_because("2036-01-01", "Sold the shop").at(wrong), expect([done(), told()]));
}

#[test]
fn closed_books_are_opened_again_with_a_reason() {
    let closed =
        || given([item("tea"), receive("tea", "5", "1"), close_because("2036-01-01", "?").at("2036-01-05 09:00")]);
    let refusal = Rejection::PeriodClosed { day: day("2026-02-28"), closed_until: day("2036-01-01") };
    let now = "2026-03-03 09:00";
    check(closed(), close("2026-02-28").at(now), expect([refused(refusal)]));
    let reopened = || close_because("2026-02-28", "The clock was wrong").at(now);
    let is = Receipt::PeriodClosed {
        until: day("2026-02-28"),
        reopened_from: Some(day("2036-01-01")),
        reason: Some("The clock was wrong".into()),
    };
    check(closed(), reopened(), expect([receipt_is(move |receipt| *receipt == is), told()]));
    let again = || {
        let [tea, goods, closing] =
            [item("tea"), receive("tea", "5", "1"), close_because("2036-01-01", "?").at("2036-01-05 09:00")];
        given([tea, goods, closing, reopened()])
    };
    check(again(), sell([line("tea", "1")]).at(now), expect([done()]));
    let late = receive("tea", "1", "1").at(now).occurred("2026-02-28 12:00");
    check(again(), late, expect([refused_with("period_closed")]));
}

#[test]
fn a_reason_is_words() {
    check(given([]), close_because("2026-02-28", " "), expect([refused_with("invalid_field")]));
}
