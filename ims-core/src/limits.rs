//! The engine's limits, each with its unit in its name. What is beyond one is refused at the door, and the refusal says
//! the limit.

/// Lines that a sales order, purchase order, receipt, transfer or return may have, and holds that an order may use.
pub const LINES_PER_DOCUMENT: usize = 2_000;
/// Barcodes that an item may have.
pub const BARCODES_PER_ITEM: usize = 50;
/// Characters of a barcode.
pub const BARCODE_CHARS: usize = 80;
/// Characters of a note, or of an actor's name.
pub const NOTE_CHARS: usize = 1_000;
/// Characters of a code: of a location, a supplier, a customer, a number series.
pub const CODE_CHARS: usize = 64;
/// Bytes of a command in its JSON form.
pub const COMMAND_JSON_BYTES: usize = 4 * 1024 * 1024;
/// Events in one page.
pub const EVENTS_PER_PAGE: u32 = 1_000;
/// Rows in one page of a list.
pub const ROWS_PER_PAGE: u32 = 1_000;
/// Bytes of rows in one page of a list or of the log, as they come out of a database: a page that would have more ends
/// sooner. One row is always given.
pub const PAGE_BYTES: usize = 4 * 1024 * 1024;
/// Commands that are decided and committed together.
pub const COMMANDS_PER_BATCH: usize = 1_000;
/// Commands that may wait for a batch; the next caller waits for room.
pub const COMMANDS_WAITING: usize = 8_192;
/// Tries of a batch that keeps conflicting with other writers.
pub const ATTEMPTS_PER_BATCH: u32 = 100;
/// Tries of a batch that conflicts although nothing has changed: a node that is behind may be asked a few times.
pub const ATTEMPTS_UNMOVED: u32 = 8;
/// Rounds for which others are expected to write the same rows once they have.
pub const ROUNDS_IN_TURNS: u32 = 16;
/// Loads for which others are expected to write to the catalogue once they have.
pub const LOADS_BESIDE_OTHERS: u32 = 64;
/// Versions of the catalogue back to which it is known what was written to it. Whoever has not looked for longer forgets all
/// of it that was in memory.
pub const CATALOG_VERSIONS_KNOWN: u64 = 200;
/// Tries of a batch whose commit failed in a way that may pass.
pub const ATTEMPTS_AFTER_FAILURE: u32 = 5;
/// Rounds of loading that a decision may ask for. Nearly all take one or two; an order whose every line has lapsed holds
/// takes one for each.
pub const LOADS_PER_DECISION: u32 = 3 * LINES_PER_DOCUMENT as u32;
/// Cost layers that are loaded at first; eight times as many whenever they do not suffice.
pub const LAYERS_PER_LOAD: u32 = 16;
/// Days after the newest entry of the log up to which books are closed without a reason.
pub const DAYS_CLOSED_BEYOND_ENTRIES: i32 = 92;
/// Broken rows that an audit names.
pub const BROKEN_REPORTED: usize = 100;
/// Rows that are kept between batches.
pub const ROWS_CACHED: usize = 500_000;
