//! One table of a draft: the rows that have been seen, with what this batch has made of them.

use crate::Version;
use rustc_hash::FxHashMap;
use std::hash::Hash;

/// A row that has been asked for.
#[derive(Clone, Debug)]
struct Cell<R> {
    /// The version in the store; 0 where it has no such row.
    version: Version,
    /// The row as it would be if the batch were committed now.
    row: Option<R>,
    /// Whether this batch has changed it.
    dirty: bool,
    /// Whether this batch has looked at it.
    read: bool,
    /// The last command that changed it; what it was before that command is in [`Rows::undo`].
    changed_by: u64,
}

/// The seen rows of one table. Changes since [`Rows::begin`] can be taken back.
#[derive(Debug)]
pub(crate) struct Rows<K, R> {
    cells: FxHashMap<K, Cell<R>>,
    /// Counts the commands.
    command: u64,
    /// The cells as they were before the running command touched them; `None`: there was no cell.
    undo: Vec<(K, Option<Cell<R>>)>,
    dirty: Vec<K>,
    dirty_before: usize,
    read: Vec<K>,
}

impl<K, R> Default for Rows<K, R> {
    fn default() -> Self {
        let cells = FxHashMap::default();
        // Rows that no command has changed were changed by command 0.
        Rows { cells, command: 1, undo: Vec::new(), dirty: Vec::new(), dirty_before: 0, read: Vec::new() }
    }
}

/// A change of a row since it was loaded.
pub(crate) enum Changed<K, R> {
    Put(Version, R),
    Gone(K, Version),
}

impl<R> Cell<R> {
    /// A row as it was loaded.
    fn loaded(version: Version, row: Option<R>) -> Self {
        Cell { version, row, dirty: false, read: false, changed_by: 0 }
    }
}

impl<K: Clone + Eq + Hash + Ord, R: Clone> Rows<K, R> {
    /// The row, if it has been asked for: `None` if it has not, `Some(None)` if there is none.
    pub(crate) fn get(&mut self, key: &K) -> Option<Option<&R>> {
        let cell = self.cells.get_mut(key)?;
        if !cell.read {
            cell.read = true;
            self.read.push(key.clone());
        }
        Some(cell.row.as_ref())
    }

    /// The row, if it is loaded and there; does not count as a look.
    pub(crate) fn peek(&self, key: &K) -> Option<&R> {
        self.cells.get(key)?.row.as_ref()
    }

    pub(crate) fn knows(&self, key: &K) -> bool {
        self.cells.contains_key(key)
    }

    /// The version in which a row is known.
    pub(crate) fn version(&self, key: &K) -> Option<Version> {
        self.cells.get(key).map(|cell| cell.version)
    }

    /// Forgets a row.
    pub(crate) fn forget(&mut self, key: &K) {
        self.cells.remove(key);
    }

    pub(crate) fn is_dirty(&self, key: &K) -> bool {
        self.cells.get(key).is_some_and(|cell| cell.dirty)
    }

    /// The rows that this batch has changed and not removed, in the order of their keys.
    pub(crate) fn dirty_rows(&self) -> Vec<(K, R)> {
        let mut keys = self.dirty.clone();
        keys.sort_unstable();
        let row = |key: K| Some((key.clone(), self.cells.get(&key)?.row.clone()?));
        keys.into_iter().filter_map(row).collect()
    }

    pub(crate) fn any_dirty(&self) -> bool {
        !self.dirty.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    /// Puts what a store loaded. False where this batch has already seen another version of the row: then what it has
    /// decided and what it would decide now are of two moments.
    #[must_use]
    pub(crate) fn learn(&mut self, key: K, version: Version, row: Option<R>) -> bool {
        let cell = self.cells.entry(key).or_insert(Cell::loaded(version, None));
        if cell.dirty || cell.read {
            return cell.version == version;
        }
        cell.version = version;
        cell.row = row;
        true
    }

    /// Puts a list that a store loaded: lists have no version, they are guarded by another row.
    pub(crate) fn learn_list(&mut self, key: K, list: R) {
        self.cells.insert(key, Cell::loaded(0, Some(list)));
    }

    /// Has every changed row looked at, in the order of the keys; afterwards the rows count as written.
    pub(crate) fn settle_changes(&mut self, mut see: impl FnMut(&mut R)) {
        self.undo.clear();
        self.dirty_before = 0;
        let mut keys = std::mem::take(&mut self.dirty);
        keys.sort_unstable();
        for key in keys {
            if let Some(cell) = self.cells.get_mut(&key) {
                cell.dirty = false;
                cell.row.iter_mut().for_each(&mut see);
            }
        }
    }

    /// Puts that the store has no such row, unless it is known.
    pub(crate) fn learn_absent(&mut self, key: &K) {
        if !self.cells.contains_key(key) {
            self.cells.insert(key.clone(), Cell::loaded(0, None));
        }
    }

    /// Puts a row in place of what there is. A row that was never asked for counts as new. Tells whether the running
    /// command changes it for the first time.
    pub(crate) fn put(&mut self, key: K, row: Option<R>) -> bool {
        let command = self.command;
        let Some(cell) = self.cells.get_mut(&key) else {
            self.dirty.push(key.clone());
            self.cells.insert(key.clone(), Cell { dirty: true, changed_by: command, ..Cell::loaded(0, row) });
            self.undo.push((key, None));
            return true;
        };
        if !cell.dirty {
            self.dirty.push(key.clone());
        }
        if cell.changed_by == command {
            cell.row = row;
            return false;
        }
        let after = Cell { version: cell.version, row, dirty: true, read: cell.read, changed_by: command };
        let before = std::mem::replace(cell, after);
        self.undo.push((key, Some(before)));
        true
    }

    /// Changes a row where it lies, however often for the price of one copy; `None` if nobody has asked for it.
    pub(crate) fn change<T>(&mut self, key: &K, change: impl FnOnce(&mut R) -> T) -> Option<T>
    where
        R: Default,
    {
        let cell = self.cells.get_mut(key)?;
        if cell.changed_by != self.command {
            self.undo.push((key.clone(), Some(cell.clone())));
            cell.changed_by = self.command;
        }
        if !cell.dirty {
            cell.dirty = true;
            self.dirty.push(key.clone());
        }
        Some(change(cell.row.get_or_insert_default()))
    }

    /// Begins a command: from here on changes can be taken back.
    pub(crate) fn begin(&mut self) {
        self.undo.clear();
        self.dirty_before = self.dirty.len();
        self.command = self.command.saturating_add(1);
    }

    /// Takes back everything since [`Rows::begin`].
    pub(crate) fn take_back(&mut self) {
        while let Some((key, before)) = self.undo.pop() {
            match before {
                Some(cell) => {
                    self.cells.insert(key, cell);
                }
                None => {
                    self.cells.remove(&key);
                }
            }
        }
        self.dirty.truncate(self.dirty_before);
    }

    /// The changes of this batch in the order of their keys; afterwards the rows count as written.
    pub(crate) fn drain_changes(&mut self, kept: Kept) -> Vec<Changed<K, R>> {
        self.undo.clear();
        self.dirty_before = 0;
        let mut keys = std::mem::take(&mut self.dirty);
        keys.sort_unstable();
        let mut changes = Vec::with_capacity(keys.len());
        for key in keys {
            let Some(cell) = self.cells.get_mut(&key) else { continue };
            let over = cell.version;
            match kept {
                Kept::ForLater => {
                    cell.dirty = false;
                    let Some(row) = cell.row.clone() else {
                        cell.version = 0;
                        if over > 0 {
                            changes.push(Changed::Gone(key, over));
                        }
                        continue;
                    };
                    cell.version = over.saturating_add(1);
                    changes.push(Changed::Put(over, row));
                }
                Kept::No => match self.cells.remove(&key).and_then(|cell| cell.row) {
                    Some(row) => changes.push(Changed::Put(over, row)),
                    None if over > 0 => changes.push(Changed::Gone(key, over)),
                    None => {}
                },
            }
        }
        changes
    }

    /// The rows that were looked at and not changed, with the version that was seen, in the order of their keys. To be
    /// called before [`Rows::drain_changes`].
    pub(crate) fn drain_reads(&mut self) -> Vec<(K, Version)> {
        let mut reads = Vec::new();
        for key in self.read.drain(..) {
            let Some(cell) = self.cells.get_mut(&key) else { continue };
            cell.read = false;
            if !cell.dirty {
                reads.push((key, cell.version));
            }
        }
        reads.sort_unstable();
        // A look is noted twice where a command was taken back in between.
        reads.dedup();
        reads
    }

    /// Forgets that rows were looked at, where nobody needs to check them.
    pub(crate) fn forget_reads(&mut self) {
        for key in self.read.drain(..) {
            if let Some(cell) = self.cells.get_mut(&key) {
                cell.read = false;
            }
        }
    }

    /// Whether the batch has looked at any row, or changed one.
    pub(crate) fn is_used(&self) -> bool {
        !self.read.is_empty() || !self.dirty.is_empty()
    }

    /// Whether the batch has looked at a row, or changed it.
    pub(crate) fn uses(&self, key: &K) -> bool {
        self.cells.get(key).is_some_and(|cell| cell.read || cell.dirty)
    }

    /// Forgets the rows that the batch has changed, and that it has looked at others: it is given up.
    pub(crate) fn abandon(&mut self) {
        self.undo.clear();
        self.dirty_before = 0;
        for key in std::mem::take(&mut self.dirty) {
            self.cells.remove(&key);
        }
        self.forget_reads();
    }

    /// Forgets every row.
    pub(crate) fn clear(&mut self) {
        self.cells.clear();
        self.undo.clear();
        self.dirty.clear();
        self.dirty_before = 0;
        self.read.clear();
    }
}

/// Whether rows stay in memory after they were written.
#[derive(Clone, Copy)]
pub(crate) enum Kept {
    ForLater,
    No,
}
