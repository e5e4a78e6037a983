//! The suite finds what it was made to find: each of these stores has one fault, and fails by the case made for it.
//!
//! Run with `--nocapture` to read what is said of each of them.

#![allow(clippy::arithmetic_side_effects, clippy::panic)] // A test may; a fault that overflows is found all the sooner.

mod faulty;

use faulty::{Fault, Faulty};
use futures_executor::block_on;
use ims_core::{
    StoreError,
    conformance::{self, StoreFactory},
};

struct FaultyStores(Fault);

impl StoreFactory for FaultyStores {
    type Store = Faulty;

    async fn fresh(&self) -> Result<Faulty, StoreError> {
        Ok(Faulty::new(self.0))
    }

    async fn reopen(&self, store: &Faulty) -> Result<Faulty, StoreError> {
        Ok(store.reopen())
    }
}

/// Ends the test unless the store fails each of these cases.
fn fails_by(fault: Fault, cases: &[&str]) {
    for case in cases {
        assert!(conformance::CASES.contains(case), "there is no case {case}");
        match block_on(conformance::run_case(&FaultyStores(fault), case)) {
            Ok(()) => panic!("{fault:?} passes {case}"),
            Err(failure) => println!("{fault:?} fails {}", failure.to_string().chars().take(300).collect::<String>()),
        }
    }
}

macro_rules! known_bad {
    ($($name:ident: $fault:ident fails $($case:ident)+;)*) => {$(
        #[test]
        fn $name() {
            fails_by(Fault::$fault, &[$(stringify!($case)),+]);
        }
    )*};
}

known_bad! {
    a_lost_update_is_found: LostUpdate fails
        a_stale_write_conflicts one_of_many_writers_of_a_version_wins the_last_unit_is_sold_once;
    turns_for_nothing_are_found: TurnsForNothing fails
        a_turn_keeps_rows_as_they_are;
    an_ignored_check_is_found: ChecksIgnored fails
        a_stale_check_conflicts;
    an_ignored_catalogue_is_found: CatalogueIgnored fails
        what_was_used_of_the_catalogue_is_guarded;
    a_forgotten_command_is_found: CommandForgotten fails
        what_is_committed_is_loaded_back a_command_sent_many_times_is_done_once an_id_is_for_one_command;
    an_unchecked_command_is_found: CommandUnchecked fails
        a_recorded_command_conflicts a_refusal_is_final;
    a_batch_torn_by_a_conflict_is_found: TornByConflict fails
        a_stale_write_conflicts a_conflict_in_a_large_change_leaves_nothing;
    a_table_that_is_left_out_is_found: TornTable fails
        a_large_change_is_written_whole every_verb_answers_as_on_memory;
    a_commit_in_two_steps_is_found: CommitInTwoSteps fails
        a_dropped_commit_is_whole_or_nothing an_engine_that_stops_midway_does_all_or_nothing a_load_is_of_one_moment;
    a_load_in_two_steps_is_found: LoadInTwoSteps fails
        a_load_is_of_one_moment;
    a_stale_read_is_found: StaleRead fails
        another_handle_sees_what_was_committed what_is_written_again_is_replaced_whole;
    a_skipped_event_is_found: EventSkipped fails
        offsets_have_no_gap a_reader_sees_every_event_once;
    a_late_event_is_found: EventLate fails
        offsets_have_no_gap a_reader_sees_every_event_once;
    events_out_of_order_are_found: EventsOutOfOrder fails
        offsets_have_no_gap a_reader_sees_every_event_once;
    a_gap_in_the_offsets_is_found: OffsetsWithGaps fails
        offsets_have_no_gap events_come_in_pages every_verb_answers_as_on_memory;
    overwritten_sales_are_found: SalesOverwritten fails
        sales_add_up;
    an_ignored_overflow_is_found: OverflowIgnored fails
        a_total_that_does_not_fit_is_refused;
    a_sku_that_is_there_twice_is_found: SkuNotUnique fails
        codes_are_unique_when_folded;
    an_untold_conflict_is_found: ConflictUntold fails
        a_stale_write_conflicts a_recorded_command_conflicts codes_are_unique_when_folded;
    a_denied_commit_is_found: WrittenAndDenied fails
        what_is_committed_is_loaded_back;
    layers_in_the_wrong_order_are_found: LayersBackwards fails
        layers_come_in_the_order_of_their_keys;
    layers_that_are_not_told_of_are_found: LayersWithoutMore fails
        layers_come_in_the_order_of_their_keys;
    a_mangled_text_is_found: NarrowTexts fails
        awkward_texts_survive the_longest_texts_survive;
    a_mangled_moment_is_found: WholeSeconds fails
        what_is_committed_is_loaded_back;
    a_row_lost_between_pages_is_found: ScanLosesRows fails
        every_table_is_scanned_whole;
    a_row_on_two_pages_is_found: PagesOverlap fails
        document_lists_equal_memorys;
    a_page_that_counts_rows_is_found: PagesByNumber fails
        what_comes_between_two_pages_moves_no_other_row;
    an_ignored_order_is_found: OrderIgnored fails
        catalogue_lists_equal_memorys a_list_has_its_orders_and_no_others;
    a_cursor_of_any_order_is_found: CursorOfAnyOrder fails
        a_cursor_is_of_one_order;
    a_hold_that_never_lapses_is_found: HoldsNeverLapse fails
        stock_lists_equal_memorys;
    a_report_of_other_days_is_found: DatesIgnored fails
        profit_equals_memorys;
    a_period_without_its_end_is_found: UntilExclusive fails
        document_lists_equal_memorys;
    an_ignored_city_is_found: CityIgnored fails
        document_lists_equal_memorys;
    lines_taken_for_one_are_found: LinesMixed fails
        document_lists_equal_memorys;
    an_ignored_supplier_is_found: SupplierIgnored fails
        catalogue_lists_equal_memorys;
    a_search_by_pattern_is_found: SearchByPattern fails
        catalogue_lists_equal_memorys;
}
