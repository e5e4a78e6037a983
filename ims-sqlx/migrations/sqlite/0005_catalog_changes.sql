-- What was written to the catalogue of late, so that a program which has rows of it in memory has to load only those again.
-- Nothing depends on older versions than the last ones.

CREATE TABLE catalog_changes (
    version INTEGER NOT NULL, -- the version that the catalogue has had since (head.catalog)
    mark    BLOB    NOT NULL, -- the id of the row; 0 for the shop; for a name the XXH3-128 of its kind and text
    PRIMARY KEY (version, mark)
) STRICT, WITHOUT ROWID;
