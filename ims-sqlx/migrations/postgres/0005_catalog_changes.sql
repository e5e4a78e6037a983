-- What was written to the catalogue of late, so that a program which has rows of it in memory has to load only those again.

CREATE TABLE catalog_changes (
    version bigint NOT NULL,
    mark uuid NOT NULL,
    PRIMARY KEY (version, mark)
);
COMMENT ON TABLE catalog_changes IS 'Which rows and names of the catalogue were written, over the last versions of it; nothing depends on older ones.';
COMMENT ON COLUMN catalog_changes.version IS 'the version that the catalogue has had since (head.catalog)';
COMMENT ON COLUMN catalog_changes.mark IS 'the id of the row; 0 for the shop; for a name the XXH3-128 of its kind and text';
