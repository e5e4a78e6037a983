use std::collections::BTreeMap;

use super::Column;

/// Digits of a hash that are shown.
const SHOWN_DIGITS: usize = 8;
const HASH_DIGITS: usize = 64;

/// The state hashes that tests have told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hashes {
    /// By language and store, then by scenario.
    told: BTreeMap<(String, String), BTreeMap<String, String>>,
}

/// What came of all scenarios in all languages.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Table {
    /// For a person: a row for each scenario.
    pub(crate) text: String,
    /// What is not as it has to be.
    pub(crate) wrong: Vec<String>,
}

impl Hashes {
    /// Hears a line `scenario NAME LANGUAGE STORE HASH`, whatever a test harness wrote before it; other lines say
    /// nothing.
    pub(crate) fn read(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        for told in words.windows(5) {
            if let ["scenario", name, language, store, hash] = told
                && hash.len() == HASH_DIGITS
                && hash.bytes().all(|digit| digit.is_ascii_hexdigit())
            {
                let column = ((*language).to_owned(), (*store).to_owned());
                let before = self.told.entry(column).or_default().insert((*name).to_owned(), (*hash).to_owned());
                // Two that differ must not hide each other.
                if before.is_some_and(|before| before != *hash) {
                    self.tell_again(language, store, name);
                }
            }
        }
    }

    fn tell_again(&mut self, language: &str, store: &str, name: &str) {
        if let Some(hashes) = self.told.get_mut(&(language.to_owned(), store.to_owned())) {
            hashes.insert(name.to_owned(), "two hashes".to_owned());
        }
    }

    /// Compares what was told with the hashes that have to be: of every scenario in each of `columns`, and of what was
    /// told beside.
    pub(crate) fn table(&self, accepted: &BTreeMap<String, String>, columns: &[Column]) -> Table {
        let listed = columns.iter().map(|(language, store)| ((*language).to_owned(), (*store).to_owned()));
        let mut all: Vec<(String, String)> = listed.collect();
        let beside: Vec<_> = self.told.keys().filter(|column| !all.contains(column)).cloned().collect();
        all.extend(beside);

        let heading = all.iter().map(|(language, store)| format!("{language}/{store}"));
        let mut rows = vec![["scenario".to_owned()].into_iter().chain(heading).collect::<Vec<_>>()];
        let mut wrong = Vec::new();
        for (name, hash) in accepted {
            let mut row = vec![name.clone()];
            for column in &all {
                let told = self.told.get(column).and_then(|hashes| hashes.get(name));
                let cell = cell(told, hash);
                if cell == MISSING || cell == DIFFERS {
                    wrong.push(format!("{name} {} {}: {cell}", column.0, column.1));
                }
                row.push(cell.to_owned());
            }
            rows.push(row);
        }
        wrong.extend(self.unknown(accepted));
        Table { text: aligned(&rows), wrong }
    }

    /// Scenarios that were told and that nobody has written.
    fn unknown(&self, accepted: &BTreeMap<String, String>) -> Vec<String> {
        let told = self.told.iter().flat_map(|(column, hashes)| hashes.keys().map(move |name| (column, name)));
        let unknown = told.filter(|(_, name)| !accepted.contains_key(*name));
        unknown
            .map(|((language, store), name)| format!("{name} {language} {store}: there is no such scenario"))
            .collect()
    }
}

const MISSING: &str = "MISSING";
const DIFFERS: &str = "DIFFERS";

fn cell<'a>(told: Option<&String>, hash: &'a str) -> &'a str {
    match told {
        None => MISSING,
        Some(told) if told != hash => DIFFERS,
        Some(_) => hash.get(..SHOWN_DIGITS).unwrap_or(hash),
    }
}

/// Writes rows with columns of the same width.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let cells = |column: usize| rows.iter().filter_map(move |row| row.get(column));
    let widths: Vec<usize> = (0..columns).map(|column| cells(column).map(String::len).max().unwrap_or(0)).collect();
    let line = |row: &Vec<String>| {
        let padded = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 2] = [("rust", "memory"), ("python", "sqlite")];

    fn hash(digit: &str) -> String {
        digit.repeat(64)
    }

    fn accepted() -> BTreeMap<String, String> {
        [("a_day".to_owned(), hash("a")), ("holds".to_owned(), hash("b"))].into()
    }

    fn told(lines: &[&str]) -> Hashes {
        let mut hashes = Hashes::default();
        lines.iter().for_each(|line| hashes.read(line));
        hashes
    }

    #[test]
    fn equal_hashes_are_shown_by_their_first_digits() {
        let (a, b) = (hash("a"), hash("b"));
        let lines = ["rust memory", "python sqlite", "node memory"].map(|column| {
            [format!("test it ... scenario a_day {column} {a}"), format!("scenario holds {column} {b}\n")]
        });
        let lines: Vec<&str> = lines.iter().flatten().map(String::as_str).collect();
        let table = told(&lines).table(&accepted(), &COLUMNS);
        assert_eq!(table.wrong, Vec::<String>::new());
        assert_eq!(
            table.text,
            "scenario  rust/memory  python/sqlite  node/memory\n\
             a_day     aaaaaaaa     aaaaaaaa       aaaaaaaa\n\
             holds     bbbbbbbb     bbbbbbbb       bbbbbbbb\n"
        );
    }

    #[test]
    fn what_differs_or_is_missing_is_wrong() {
        let (a, b) = (hash("a"), hash("b"));
        let lines = [format!("scenario a_day rust memory {b}"), format!("scenario holds python sqlite {b}"), a];
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let table = told(&lines).table(&accepted(), &COLUMNS);
        assert_eq!(
            table.wrong,
            ["a_day rust memory: DIFFERS", "a_day python sqlite: MISSING", "holds rust memory: MISSING"]
        );
    }

    #[test]
    fn two_hashes_of_one_scenario_are_wrong_whichever_comes_last() {
        let (a, b) = (hash("a"), hash("b"));
        let lines = [format!("scenario a_day rust memory {b}"), format!("scenario a_day rust memory {a}")];
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let table = told(&lines).table(&[("a_day".to_owned(), a.clone())].into(), &[("rust", "memory")]);
        assert_eq!(table.wrong, ["a_day rust memory: DIFFERS"]);
    }

    #[test]
    fn a_scenario_that_nobody_has_written_is_wrong() {
        let line = format!("scenario of_old rust memory {}", hash("a"));
        let table = told(&[&line]).table(&BTreeMap::new(), &[]);
        assert_eq!(table.wrong, ["of_old rust memory: there is no such scenario"]);
    }

    #[test]
    fn other_lines_say_nothing() {
        let lines = ["scenario", "scenario a_day rust memory", "scenario a_day rust memory 12ab", "test result: ok."];
        assert_eq!(told(&lines), Hashes::default());
    }
}
