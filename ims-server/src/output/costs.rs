//! Costs that are not known: a server leaves them out for those who may not see them, and nobody is shown a zero instead.

use crate::serve::{CostSight, Sight};
use serde::Serialize;
use serde_json::Value;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Whether costs were left out of what was read. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Costs {
    hidden: Arc<AtomicBool>,
}

impl Costs {
    /// Notes that they were left out.
    pub(crate) fn hide(&self) {
        self.hidden.store(true, Ordering::Relaxed);
    }

    /// Whether they were left out.
    pub(crate) fn are_hidden(&self) -> bool {
        self.hidden.load(Ordering::Relaxed)
    }

    /// A value as JSON, without the costs that are not known.
    pub(crate) fn json(&self, value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
        if !self.are_hidden() {
            return serde_json::to_vec(value);
        }
        let mut value = serde_json::to_value(value)?;
        crate::serve::hide(Sight::with(CostSight::Hidden), &mut value);
        serde_json::to_vec::<Value>(&value)
    }

    /// A flat value as the header and the row of CSV, without the costs that are not known.
    pub(super) fn row(&self, value: &impl Serialize) -> csv::Result<(csv::StringRecord, csv::StringRecord)> {
        let mut rows = self.rows([value])?.into_iter();
        Ok((rows.next().unwrap_or_default(), rows.next().unwrap_or_default()))
    }

    /// Flat values as the header and the rows of CSV, without the costs that are not known.
    pub(super) fn rows<T: Serialize>(
        &self,
        values: impl IntoIterator<Item = T>,
    ) -> csv::Result<Vec<csv::StringRecord>> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for value in values {
            writer.serialize(value)?;
        }
        let written = writer.into_inner().map_err(|error| error.into_error())?;
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(written.as_slice());
        let mut rows = reader.records().collect::<csv::Result<Vec<_>>>()?;
        if let Some((header, rows)) = rows.split_first_mut().filter(|_| self.are_hidden()) {
            let has = |name: &str| header.iter().any(|other| other == name);
            for row in rows {
                let cells = header.iter().zip(&*row);
                let shown: csv::StringRecord =
                    cells.map(|(name, cell)| if crate::serve::is_cost(name, has) { "" } else { cell }).collect();
                *row = shown;
            }
        }
        Ok(rows)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Line {
        sku: &'static str,
        value: &'static str,
    }

    #[test]
    fn what_is_not_known_is_not_written() {
        let costs = Costs::default();
        let line = Line { sku: "TEA,1", value: "0" };
        assert_eq!(costs.json(&line).unwrap(), br#"{"sku":"TEA,1","value":"0"}"#);
        assert_eq!(costs.row(&line).unwrap().1, csv::StringRecord::from(vec!["TEA,1", "0"]));
        costs.clone().hide();
        assert_eq!(costs.json(&line).unwrap(), br#"{"sku":"TEA,1"}"#);
        let (header, row) = costs.row(&line).unwrap();
        assert_eq!(header, csv::StringRecord::from(vec!["sku", "value"]));
        assert_eq!(row, csv::StringRecord::from(vec!["TEA,1", ""]));
    }
}
