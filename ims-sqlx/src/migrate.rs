//! How a schema comes up to date, and when a database is refused.

use crate::options::Missing;
use ims_core::{StoreError, StoreErrorKind};

/// The SQL that leads from one version of the schema to the next: the first from nothing to version 1.
pub(crate) type Migration = &'static str;

/// What an opened database holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Nothing.
    Nothing,
    /// Tables that are not ours.
    Foreign,
    /// Our schema, of this version.
    Version(i64),
}

/// Makes the table that says which version the schema is of.
pub(crate) const CREATE_VERSION: &str = "CREATE TABLE IF NOT EXISTS ims_schema (version BIGINT NOT NULL PRIMARY KEY)";
/// Asks which version the schema is of.
pub(crate) const READ_VERSION: &str = "SELECT COALESCE(MAX(version), 0) FROM ims_schema";

/// Says that the schema is of a version now. SQLite and MySQL take this placeholder.
pub(crate) const WRITE_VERSION: &str = "INSERT INTO ims_schema (version) VALUES (?)";

/// The migrations that are still to be made, each with the version it leads to.
///
/// # Errors
/// [`StoreErrorKind::Schema`] where the schema is newer than this software, or not its own; [`StoreErrorKind::Missing`]
/// where there is none and none is to be made.
pub(crate) fn pending(
    migrations: &[Migration],
    found: Found,
    missing: Missing,
) -> Result<Vec<(i64, Migration)>, StoreError> {
    let numbered = (1_i64..).zip(migrations.iter().copied());
    let version = match found {
        Found::Nothing if missing == Missing::Refuse => {
            return Err(StoreError::new(StoreErrorKind::Missing, "there is no shop in this database yet"));
        }
        Found::Nothing => 0,
        Found::Version(version) => version,
        Found::Foreign => {
            return Err(refuse(
                "there are tables of another program in it; give the shop a database of its own".to_owned(),
            ));
        }
    };
    let newest = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    if version > newest {
        return Err(refuse(format!(
            "it has schema version {version} and this version of the software knows {newest}; use a newer version"
        )));
    }
    Ok(numbered.filter(|(to, _)| *to > version).collect())
}

fn refuse(why: String) -> StoreError {
    StoreError::new(StoreErrorKind::Schema, why)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_database_gets_every_migration() {
        assert_eq!(pending(&["a", "b"], Found::Nothing, Missing::Create).unwrap(), [(1, "a"), (2, "b")]);
    }

    #[test]
    fn an_older_schema_gets_the_rest() {
        for missing in [Missing::Create, Missing::Refuse] {
            assert_eq!(pending(&["a", "b"], Found::Version(1), missing).unwrap(), [(2, "b")]);
            assert_eq!(pending(&["a", "b"], Found::Version(2), missing).unwrap(), []);
        }
    }

    #[test]
    fn nothing_is_made_where_a_shop_has_to_be() {
        let error = pending(&["a"], Found::Nothing, Missing::Refuse).unwrap_err();
        assert_eq!(error.kind, StoreErrorKind::Missing);
    }

    #[test]
    fn a_newer_schema_and_a_foreign_database_are_refused() {
        for found in [Found::Version(3), Found::Foreign] {
            assert_eq!(pending(&["a", "b"], found, Missing::Create).unwrap_err().kind, StoreErrorKind::Schema);
        }
    }
}
