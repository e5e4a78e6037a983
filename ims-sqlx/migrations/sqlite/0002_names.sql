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
    kind TEXT NOT NULL CHECK (kind IN ('item', 'location', 'supplier', 'customer')),
    name TEXT NOT NULL,
    id   BLOB NOT NULL, -- of the row that has it
    PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE spellings (
    typed  TEXT NOT NULL PRIMARY KEY,
    folded TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX spellings_folded ON spellings (folded);

-- SQLite cannot take UNIQUE off a column: the tables are made again, under their names, so that what names them goes on
-- naming them.
PRAGMA legacy_alter_table = ON;

CREATE TABLE new_suppliers (
    id          BLOB    NOT NULL PRIMARY KEY,
    code        TEXT    NOT NULL,
    code_folded TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    name_folded TEXT    NOT NULL,
    contact     TEXT    NOT NULL,
    email       TEXT    NOT NULL,
    phone       TEXT    NOT NULL,
    address     TEXT    NOT NULL,
    city        TEXT    NOT NULL,
    city_folded TEXT    NOT NULL,
    country     TEXT    NOT NULL,
    standing    TEXT    NOT NULL CHECK (standing IN ('active', 'retired')),
    version     INTEGER NOT NULL
) STRICT;
INSERT INTO new_suppliers SELECT id, code, code_folded, name, name_folded, contact, email, phone, address, city, city_folded, country, standing, version FROM suppliers;
DROP TABLE suppliers;
ALTER TABLE new_suppliers RENAME TO suppliers;
CREATE INDEX suppliers_code_folded ON suppliers (code_folded, id);

CREATE TABLE new_customers (
    id          BLOB    NOT NULL PRIMARY KEY,
    code        TEXT    NOT NULL,
    code_folded TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    name_folded TEXT    NOT NULL,
    contact     TEXT    NOT NULL,
    email       TEXT    NOT NULL,
    phone       TEXT    NOT NULL,
    address     TEXT    NOT NULL,
    city        TEXT    NOT NULL,
    city_folded TEXT    NOT NULL,
    country     TEXT    NOT NULL,
    standing    TEXT    NOT NULL CHECK (standing IN ('active', 'retired')),
    version     INTEGER NOT NULL
) STRICT;
INSERT INTO new_customers SELECT id, code, code_folded, name, name_folded, contact, email, phone, address, city, city_folded, country, standing, version FROM customers;
DROP TABLE customers;
ALTER TABLE new_customers RENAME TO customers;
CREATE INDEX customers_code_folded ON customers (code_folded, id);

CREATE TABLE new_locations (
    id          BLOB    NOT NULL PRIMARY KEY,
    code        TEXT    NOT NULL,
    code_folded TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    kind        TEXT    NOT NULL CHECK (kind IN ('site', 'supplier', 'customer', 'loss', 'variance', 'service')),
    standing    TEXT    NOT NULL CHECK (standing IN ('active', 'retired')),
    version     INTEGER NOT NULL
) STRICT;
INSERT INTO new_locations SELECT id, code, code_folded, name, kind, standing, version FROM locations;
DROP TABLE locations;
ALTER TABLE new_locations RENAME TO locations;
CREATE INDEX locations_code_folded ON locations (code_folded, id);

CREATE TABLE new_items (
    id              BLOB    NOT NULL PRIMARY KEY,
    sku             TEXT    NOT NULL,
    sku_folded      TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    name_folded     TEXT    NOT NULL,
    description     TEXT    NOT NULL,
    brand           TEXT    NOT NULL,
    category        TEXT    NOT NULL, -- a path: Drinks/Tea
    unit            TEXT    NOT NULL,
    unit_decimals   INTEGER NOT NULL,
    tracking        TEXT    NOT NULL CHECK (tracking IN ('stocked', 'service')),
    costing         TEXT    NOT NULL CHECK (costing IN ('fifo', 'average', 'standard')),
    standard_cost   INTEGER,
    price           INTEGER,
    reorder_point   INTEGER,
    reorder_to      INTEGER,
    backorder_limit INTEGER NOT NULL,
    supplier        BLOB REFERENCES suppliers (id),
    standing        TEXT    NOT NULL CHECK (standing IN ('active', 'retired')),
    version         INTEGER NOT NULL
) STRICT;
INSERT INTO new_items SELECT id, sku, sku_folded, name, name_folded, description, brand, category, unit, unit_decimals, tracking, costing, standard_cost, price, reorder_point, reorder_to, backorder_limit, supplier, standing, version FROM items;
DROP TABLE items;
ALTER TABLE new_items RENAME TO items;
CREATE INDEX items_sku_folded ON items (sku_folded, id);

PRAGMA legacy_alter_table = OFF;
