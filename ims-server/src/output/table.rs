//! Tables for people: numbers to the right, no lines but the one below the header, colours only on a terminal.

use crate::failure::Outcome;
use comfy_table::{Attribute, Cell, CellAlignment, Color, ContentArrangement, TableComponent, presets};
use std::io::{self, IsTerminal, Write};

/// A column that people see.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    title: &'static str,
    alignment: CellAlignment,
}

impl Column {
    /// Texts begin on the left.
    pub(crate) const fn text(title: &'static str) -> Column {
        Column { title, alignment: CellAlignment::Left }
    }

    /// Numbers end on the right.
    pub(crate) const fn number(title: &'static str) -> Column {
        Column { title, alignment: CellAlignment::Right }
    }
}

/// How loudly a line speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    /// No longer in use.
    Faint,
    /// Somebody should look at it.
    Warning,
    /// Somebody must look at it.
    Alarm,
}

/// A table that is being made.
pub(crate) struct Table {
    table: comfy_table::Table,
    columns: Vec<Column>,
}

impl Table {
    pub(crate) fn new(columns: &[Column]) -> Table {
        let mut table = comfy_table::Table::new();
        table.load_preset(presets::NOTHING);
        table.set_style(TableComponent::HeaderLines, '─');
        table.set_style(TableComponent::MiddleHeaderIntersections, '─');
        if !colours() {
            table.force_no_tty();
        }
        if io::stdout().is_terminal() {
            table.set_content_arrangement(ContentArrangement::Dynamic);
        }
        if columns.iter().any(|column| !column.title.is_empty()) {
            table.set_header(columns.iter().map(|column| {
                let header = Cell::new(column.title).set_alignment(column.alignment);
                if colours() { header.add_attribute(Attribute::Bold) } else { header }
            }));
        }
        Table { table, columns: columns.to_vec() }
    }

    /// Adds a line.
    pub(crate) fn row(&mut self, cells: Vec<String>, tone: Tone) {
        let cells = cells.into_iter().zip(&self.columns).map(|(text, column)| {
            let cell = Cell::new(text).set_alignment(column.alignment);
            match tone {
                Tone::Faint if colours() => cell.add_attribute(Attribute::Dim),
                Tone::Warning if colours() => cell.fg(Color::Yellow),
                Tone::Alarm if colours() => cell.fg(Color::Red),
                _ => cell,
            }
        });
        self.table.add_row(cells);
    }

    /// Adds a line of sums, set apart from the lines above it.
    pub(crate) fn total(&mut self, cells: Vec<String>) {
        let rule = self.columns.iter().zip(&cells).map(|(column, text)| {
            let width = if text.is_empty() { 0 } else { text.chars().count().max(column.title.chars().count()) };
            "─".repeat(width)
        });
        self.row(rule.collect(), Tone::Plain);
        self.row(cells, Tone::Plain);
    }

    /// The table as text.
    pub(crate) fn text(mut self) -> String {
        for (column, alignment) in self.table.column_iter_mut().zip(&self.columns) {
            column.set_padding((0, 2));
            column.set_cell_alignment(alignment.alignment);
        }
        let mut text = String::new();
        for line in self.table.lines() {
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// Writes the table.
    pub(crate) fn print(self) -> Outcome {
        let text = self.text();
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        Ok(out.flush()?)
    }
}

/// Whether the standard output may have colours: it is a terminal, and nobody asked for none (<https://no-color.org>).
fn colours() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn numbers_end_on_the_right() {
        let mut table = Table::new(&[Column::text("Item"), Column::number("On hand")]);
        table.row(vec!["TEA-1".into(), "5".into()], Tone::Plain);
        table.row(vec!["MUG".into(), "1,200".into()], Tone::Alarm);
        table.total(vec!["Total".into(), "1,205".into()]);
        let expected = "\
Item    On hand
─────────────────
TEA-1         5
MUG       1,200
─────   ───────
Total     1,205
";
        assert_eq!(table.text(), expected);
    }
}
