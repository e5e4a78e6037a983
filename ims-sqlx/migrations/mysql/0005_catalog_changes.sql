-- What was written to the catalogue of late, so that a program which has rows of it in memory has to load only those again.
-- Nothing depends on older versions than the last ones.

CREATE TABLE IF NOT EXISTS catalog_changes (
    version BIGINT NOT NULL, -- the version that the catalogue has had since (head.catalog)
    mark BINARY(16) NOT NULL, -- the id of the row; 0 for the shop; for a name the XXH3-128 of its kind and text
    PRIMARY KEY (version, mark)
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;
