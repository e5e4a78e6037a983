-- Names: which texts name one thing.
--
-- A SKU or a barcode names one item, a code one site, supplier or customer: the table `names` has them in the form in which
-- they are compared, and guards that each is there once. The columns `..._folded` are for listing and searching, and no longer
-- unique: what an older version took for two codes may be one code now, and both rows stay. `spellings` has the brands and
-- categories as they were typed, and what is the same among them.
--
-- SQL does not know how a text is folded: names, spellings and folded columns are filled by the program when it opens a
-- shop that has none.

CREATE TABLE names (
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('item', 'location', 'supplier', 'customer')),
    name text COLLATE "C" NOT NULL,
    id uuid NOT NULL, -- of the row that has it
    PRIMARY KEY (kind, name)
);

CREATE TABLE spellings (
    typed text COLLATE "C" NOT NULL PRIMARY KEY,
    folded text COLLATE "C" NOT NULL
);
CREATE INDEX spellings_folded ON spellings (folded);

ALTER TABLE suppliers DROP CONSTRAINT suppliers_code_folded_key;
CREATE INDEX suppliers_code_folded ON suppliers (code_folded, id);
ALTER TABLE customers DROP CONSTRAINT customers_code_folded_key;
CREATE INDEX customers_code_folded ON customers (code_folded, id);
ALTER TABLE locations DROP CONSTRAINT locations_code_folded_key;
CREATE INDEX locations_code_folded ON locations (code_folded, id);
ALTER TABLE items DROP CONSTRAINT items_sku_folded_key;
CREATE INDEX items_sku_folded ON items (sku_folded, id);
