-- Names: which texts name one thing.
--
-- A SKU or a barcode names one item, a code one site, supplier or customer: the table `names` has them in the form in which
-- they are compared, and guards that each is there once. The columns `..._folded` are for listing and searching, and no longer
-- unique: what an older version took for two codes may be one code now, and both rows stay. `spellings` has the brands and
-- categories as they were typed, and what is the same among them.
--
-- SQL does not know how a text is folded: names, spellings and folded columns are filled by the program when it opens a
-- shop that has none.

CREATE TABLE IF NOT EXISTS names (
    kind VARCHAR(16)  NOT NULL CHECK (kind IN ('item', 'location', 'supplier', 'customer')),
    name VARCHAR(240) NOT NULL,
    id   BINARY(16)   NOT NULL, -- of the row that has it
    PRIMARY KEY (kind, name)
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

CREATE TABLE IF NOT EXISTS spellings (
    typed  VARCHAR(200) NOT NULL PRIMARY KEY,
    folded VARCHAR(600) NOT NULL,
    KEY spellings_folded (folded)
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- Every ALTER commits by itself, so what was done before somebody pulled the plug is not done again.
SET @todo = IF(
    EXISTS (SELECT 1 FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'suppliers' AND index_name = 'code_folded'),
    'ALTER TABLE suppliers DROP KEY code_folded, ADD KEY suppliers_code_folded (code_folded, id)',
    'DO 0'
);
PREPARE todo FROM @todo;
EXECUTE todo;
DEALLOCATE PREPARE todo;
SET @todo = IF(
    EXISTS (SELECT 1 FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'customers' AND index_name = 'code_folded'),
    'ALTER TABLE customers DROP KEY code_folded, ADD KEY customers_code_folded (code_folded, id)',
    'DO 0'
);
PREPARE todo FROM @todo;
EXECUTE todo;
DEALLOCATE PREPARE todo;
SET @todo = IF(
    EXISTS (SELECT 1 FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'locations' AND index_name = 'code_folded'),
    'ALTER TABLE locations DROP KEY code_folded, ADD KEY locations_code_folded (code_folded, id)',
    'DO 0'
);
PREPARE todo FROM @todo;
EXECUTE todo;
DEALLOCATE PREPARE todo;
SET @todo = IF(
    EXISTS (SELECT 1 FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'items' AND index_name = 'sku_folded'),
    'ALTER TABLE items DROP KEY sku_folded, ADD KEY items_sku_folded (sku_folded, id)',
    'DO 0'
);
PREPARE todo FROM @todo;
EXECUTE todo;
DEALLOCATE PREPARE todo;
