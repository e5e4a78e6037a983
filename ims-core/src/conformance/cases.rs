//! The one list of cases.

use super::{
    Failure, Finding, StoreFactory, batches, conflicts, engines, events, interruptions, lists, races, reports,
};
use super::{finding::wrong, rows, totals};

/// Hands the names of all cases, each with its module, to a macro. A case stands here and nowhere else.
#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_cases {
    ([$($then:tt)+] $with:tt) => {
        $($then)+! { $with
            rows::an_empty_store_is_empty,
            rows::what_is_committed_is_loaded_back,
            rows::what_is_written_again_is_replaced_whole,
            rows::rows_that_are_not_there_are_left_out,
            rows::another_handle_sees_what_was_committed,
            rows::awkward_texts_survive,
            rows::the_longest_texts_survive,
            rows::the_largest_and_smallest_numbers_survive,
            rows::every_table_is_scanned_whole,
            conflicts::a_stale_write_conflicts,
            conflicts::a_stale_change_may_be_absurd,
            conflicts::a_stale_check_conflicts,
            conflicts::a_change_of_checks_alone_writes_nothing,
            conflicts::what_was_used_of_the_catalogue_is_guarded,
            conflicts::a_recorded_command_conflicts,
            conflicts::codes_are_unique_when_folded,
            conflicts::codes_may_change_hands_in_one_change,
            conflicts::a_name_that_is_given_up_is_free,
            lists::layers_come_in_the_order_of_their_keys,
            lists::holds_are_found_by_stock,
            lists::waiting_orders_are_found_by_stock,
            lists::stock_is_found_at_every_site,
            lists::large_documents_come_whole_in_pages,
            lists::what_comes_between_two_pages_moves_no_other_row,
            lists::a_list_has_its_orders_and_no_others,
            lists::a_cursor_is_of_one_order,
            lists::movements_are_found_by_command,
            lists::on_hand_is_known_since_any_moment,
            lists::what_is_open_at_a_site_is_counted,
            lists::the_newest_event_is_known_by_its_time,
            events::offsets_have_no_gap,
            events::events_come_in_pages,
            events::events_of_every_kind_survive,
            events::the_proof_looks_at_the_log,
            totals::sales_add_up,
            totals::a_total_that_does_not_fit_is_refused,
            batches::a_large_change_is_written_whole,
            batches::a_conflict_in_a_large_change_leaves_nothing,
            interruptions::a_dropped_commit_is_whole_or_nothing,
            interruptions::an_engine_that_stops_midway_does_all_or_nothing,
            races::one_of_many_writers_of_a_version_wins,
            races::writers_of_different_rows_do_not_wait_for_each_other_forever,
            races::a_turn_keeps_rows_as_they_are,
            races::a_load_is_of_one_moment,
            races::a_reader_sees_every_event_once,
            races::a_command_sent_many_times_is_done_once,
            races::the_last_unit_is_sold_once,
            races::two_engines_trade_side_by_side,
            races::what_was_there_is_sold_once_also_late,
            engines::every_verb_answers_as_on_memory,
            engines::many_commands_at_once_answer_as_one_by_one,
            engines::what_others_did_meanwhile_is_seen,
            engines::a_refusal_is_final,
            engines::an_id_is_for_one_command,
            engines::trying_changes_nothing,
            engines::a_full_batch_is_done,
            engines::the_largest_document_is_done,
            reports::an_empty_store_reports_nothing,
            reports::catalogue_lists_equal_memorys,
            reports::stock_lists_equal_memorys,
            reports::document_lists_equal_memorys,
            reports::profit_equals_memorys,
            reports::values_equal_memorys,
        }
    };
}

/// Makes a `#[test]` of every case of [`crate::conformance`].
///
/// Its argument runs a case by name and panics if it fails.
///
/// ```
/// # struct InMemory;
/// # impl ims_core::conformance::StoreFactory for InMemory {
/// #     type Store = ims_core::MemoryStore;
/// #     async fn fresh(&self) -> Result<Self::Store, ims_core::StoreError> { Ok(Self::Store::new()) }
/// #     async fn reopen(&self, store: &Self::Store) -> Result<Self::Store, ims_core::StoreError> { Ok(store.clone()) }
/// # }
/// fn conforms(case: &str) {
///     futures_executor::block_on(ims_core::conformance::run_case(&InMemory, case)).unwrap();
/// }
///
/// ims_core::conformance_tests!(conforms);
/// # conforms(ims_core::conformance::CASES[0]);
/// ```
#[macro_export]
macro_rules! conformance_tests {
    ($conforms:expr) => {
        $crate::__conformance_cases! { [$crate::__conformance_test_functions] ($conforms) }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_test_functions {
    (($conforms:expr) $($module:ident::$case:ident,)*) => {
        $(
            #[test]
            fn $case() {
                ($conforms)(stringify!($case));
            }
        )*
    };
}

macro_rules! table {
    (() $($module:ident::$case:ident,)*) => {
        /// The names of all cases, in the order in which [`super::run`] runs them.
        pub const CASES: &[&str] = &[$(stringify!($case)),*];

        /// Runs one case by its name.
        ///
        /// # Errors
        /// [`Failure`] where the store does not pass it, or where there is no such case.
        pub async fn run_case<F: StoreFactory>(factory: &F, case: &str) -> Result<(), Failure> {
            match case {
                $(stringify!($case) => told(stringify!($case), Box::pin($module::$case(factory)).await),)*
                _ => told("run_case", wrong(format!("there is no case {case:?}"))),
            }
        }
    };
}

fn told(case: &'static str, result: Result<(), Finding>) -> Result<(), Failure> {
    result.map_err(|finding| Failure { case, finding })
}

__conformance_cases! { [table] () }
