//! Reads the file twice and keeps the engine busy.

use super::{
    plan::Plan,
    row::{Class, Rows},
    setup::{self, Setup},
    tally::{ClassSum, MonthSum, Tally},
    trade::{Invoice, InvoiceCommand},
};
use crate::{
    failure::{Failure, Outcome},
    output::{self, Column, Line, Show, Table, Tone},
    progress::Progress,
    replay::{ACTOR, AtEnd, Count, Pipeline, Refusal},
    session::Session,
    stopwatch::{self, Stopwatch},
};
use ims_core::{Amount, Command, CommandId, Context, Month, Quantity, Reply, TimeZone, Timestamp};
use serde::Serialize;
use std::{collections::BTreeMap, fs, path::Path};

/// What the replay came to.
#[derive(Serialize)]
struct Summary {
    rows: u64,
    commands: u64,
    refused: u64,
    seconds: serde_json::Number,
    commands_per_s: u64,
    lines_per_s: u64,
    /// The part of `seconds` that the first reading took.
    seconds_planning: serde_json::Number,
    classes: BTreeMap<&'static str, ClassSum>,
    months: BTreeMap<String, MonthSum>,
    refusals: Vec<Refusal>,
    peak_memory_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state_hash: Option<String>,
}

/// Enters the whole file. Started again after an interruption it finishes the job and does nothing twice.
pub(crate) async fn replay(session: &Session, path: &Path, at_end: AtEnd) -> Outcome {
    let watch = Stopwatch::start();
    let shop = session.shop().await?;
    if let Some(shop) = &shop {
        setup::check_shop(session, shop)?;
    }
    let zone = setup::time_zone(shop.as_deref())?;
    let plan = read_plan(session, path, &zone)?;
    let planned = watch.elapsed_ms();
    let setup = setup::set_up(session, shop.as_deref(), &plan).await?;

    let mut run = Run::new(session, zone, &setup);
    run.set_up(setup.commands.clone()).await?;
    run.trade(path, plan.rows).await?;
    let count = run.count.clone();
    let mut summary = run.summary(plan.rows, &watch, planned);
    summary.state_hash = at_end.state_hash(session).await?;
    summary.print(session).await?;
    count.check()
}

fn read_plan(session: &Session, path: &Path, zone: &TimeZone) -> Outcome<Plan> {
    let bytes = fs::metadata(path).map_err(|error| Failure::file(path, &error))?.len();
    let progress = Progress::of_bytes(&session.out, "Finding opening stock", bytes);
    Plan::read(path, Rows::open(path, zone, Some(&progress))?)
}

/// What is noted with a command until its answer comes.
enum Note {
    Setup,
    Rows { line: u64, invoice: String, month: Month, classes: Vec<Class> },
}

struct Run<'a> {
    session: &'a Session,
    zone: TimeZone,
    setup: &'a Setup,
    pipeline: Pipeline<Note>,
    tally: Tally,
    count: Count,
}

impl<'a> Run<'a> {
    fn new(session: &'a Session, zone: TimeZone, setup: &'a Setup) -> Self {
        let pipeline = Pipeline::new(session.engine.clone());
        Run { session, zone, setup, pipeline, tally: Tally::default(), count: Count::default() }
    }

    async fn set_up(&mut self, commands: Vec<(CommandId, Timestamp, Command)>) -> Outcome {
        let total = u64::try_from(commands.len()).unwrap_or(u64::MAX);
        let progress = Progress::of(&self.session.out, "Setting up the shop", total, "commands");
        for (id, at, command) in commands {
            let lines = match &command {
                Command::ReceiveStock(receive) => receive.lines.len(),
                _ => 1,
            };
            let answered = self.pipeline.give(Context::new(id, ACTOR, at), command, lines, Note::Setup).await;
            self.take(answered)?;
            progress.advance(1);
        }
        let answered = self.pipeline.finish().await;
        self.take(answered)
    }

    async fn trade(&mut self, path: &Path, rows: u64) -> Outcome {
        let progress = Progress::of(&self.session.out, "Trading", rows, "rows");
        let mut reader = Rows::open(path, &self.zone, None)?;
        let mut invoice = Invoice::default();
        while let Some(row) = reader.next() {
            let row = row.map_err(|bad| changed_meanwhile(path, bad.line))?;
            progress.advance(1);
            let class = row.class();
            if row.quantity.is_zero() {
                let month = self.zone.business_day(row.at).month();
                self.tally.count_idle(month, class).ok_or_else(too_large)?;
                continue;
            }
            if !invoice.has(&row) {
                let customer = row.customer.and_then(|code| self.setup.customers.get(code)).copied();
                let complete = invoice.begin(&row, customer);
                self.give(complete).await?;
            }
            let item = self.setup.items.get(&*row.code).ok_or_else(|| changed_meanwhile(path, row.line))?;
            invoice.add(&row, class, *item);
        }
        self.give(invoice).await?;
        let answered = self.pipeline.finish().await;
        self.take(answered)
    }

    async fn give(&mut self, invoice: Invoice) -> Outcome {
        for InvoiceCommand { id, at, command, invoice, line, classes } in invoice.commands(self.setup.site) {
            let month = self.zone.business_day(at).month();
            let lines = classes.len();
            let note = Note::Rows { line, invoice, month, classes };
            let answered = self.pipeline.give(Context::new(id, ACTOR, at), command, lines, note).await;
            self.take(answered)?;
        }
        Ok(())
    }

    fn take(&mut self, answered: Vec<(Note, Reply)>) -> Outcome {
        for (note, reply) in answered {
            let place = || match &note {
                Note::Setup => (0, "setting up the shop".to_owned()),
                Note::Rows { line, invoice, .. } => (*line, format!("invoice {invoice}")),
            };
            let receipt = self.count.take(reply, place)?;
            if let (Note::Rows { month, classes, .. }, Some(receipt)) = (&note, receipt) {
                self.tally.count(*month, classes, &receipt).ok_or_else(too_large)?;
            }
        }
        Ok(())
    }

    fn summary(self, rows: u64, watch: &Stopwatch, planned_ms: u64) -> Summary {
        let ms = watch.elapsed_ms();
        let mut classes = self.tally.classes;
        for class in Class::ALL {
            classes.entry(class.name()).or_default();
        }
        Summary {
            rows,
            commands: self.count.commands,
            refused: self.count.refused,
            seconds: stopwatch::seconds(ms),
            commands_per_s: stopwatch::per_second(self.count.commands, ms),
            lines_per_s: stopwatch::per_second(rows, ms),
            seconds_planning: stopwatch::seconds(planned_ms),
            classes,
            months: self.tally.months,
            refusals: self.count.refusals,
            peak_memory_bytes: crate::memory::peak_bytes(),
            state_hash: None,
        }
    }
}

fn changed_meanwhile(path: &Path, line: u64) -> Failure {
    Failure::usage("file", format!("{} was changed while it was read (line {line})", path.display()))
}

fn too_large() -> Failure {
    Failure::refused("overflow", "a sum over the file is too large")
}

/// A class, as a line of a list.
#[derive(Serialize)]
struct ClassLine {
    class: &'static str,
    rows: u64,
    quantity: Quantity,
    value: Amount,
}

impl ClassLine {
    fn all(classes: &BTreeMap<&'static str, ClassSum>) -> Vec<ClassLine> {
        let line = |(class, sum): (&&'static str, &ClassSum)| {
            let ClassSum { rows, quantity, value } = *sum;
            ClassLine { class, rows, quantity, value }
        };
        classes.iter().map(line).collect()
    }
}

impl Line for ClassLine {
    const KEYS: &'static [&'static str] = &["class", "rows", "quantity", "value"];
    const COLUMNS: &'static [Column] =
        &[Column::text("Class"), Column::number("Rows"), Column::number("Quantity"), Column::number("Value")];

    fn cells(&self, show: &Show) -> Vec<String> {
        let units = output::quantity(self.quantity);
        vec![self.class.to_owned(), output::count(self.rows), units, show.money(self.value)]
    }
}

impl Summary {
    async fn print(&self, session: &Session) -> Outcome {
        let show = session.show().await?;
        match session.out.format {
            output::Format::Json => session.out.json(self),
            output::Format::Csv => session.out.list(&show, ClassLine::all(&self.classes)),
            output::Format::Table => self.print_for_people(session, &show),
        }
    }

    fn print_for_people(&self, session: &Session, show: &Show) -> Outcome {
        session.out.list(show, ClassLine::all(&self.classes))?;
        session.out.text("")?;
        let columns =
            [Column::text("Month"), Column::number("Lines"), Column::number("Net units"), Column::number("Net value")];
        let mut table = Table::new(&columns);
        for (month, sum) in &self.months {
            let units = output::quantity(sum.net_units);
            table.row(vec![month.clone(), output::count(sum.lines), units, show.money(sum.net_value)], Tone::Plain);
        }
        table.print()?;
        session.out.text(&format!(
            "\n{} rows, {} commands, {} refused in {} s: {} commands and {} lines a second",
            output::count(self.rows),
            output::count(self.commands),
            output::count(self.refused),
            self.seconds,
            output::count(self.commands_per_s),
            output::count(self.lines_per_s),
        ))?;
        match &self.state_hash {
            Some(hash) => session.out.text(&format!("Everything adds up.\nstate hash {hash}")),
            None => Ok(()),
        }
    }
}
