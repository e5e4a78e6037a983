-- The shop in SQLite.
--
-- Quantities and amounts of money are integers, scaled by 1,000,000: 2500000 is 2.5. Moments are microseconds since
-- 1970-01-01T00:00:00Z, days are days since 1970-01-01. Ids are the 16 bytes of a UUID. A column `..._folded` is the
-- text in upper case, for comparing. `version` counts how often a row was written. The views at the end (`stock_view`
-- and the like) show all of this as people read it.
--
-- The tables that grow with every sale name items, sites and commands without a foreign key, and have no index that no
-- question needs: each would be paid for on every line sold, and nothing that they name is ever deleted.

-- How far the log and the catalogue have come. Every change takes this row last, so that changes become visible in
-- the order of their events.
CREATE TABLE head (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    newest  INTEGER NOT NULL, -- offset of the newest event
    catalog INTEGER NOT NULL  -- how often shop, items, locations, suppliers or customers were written
) STRICT;
INSERT INTO head (id, newest, catalog) VALUES (1, 0, 0);

-- The shop itself: one row.
CREATE TABLE shop (
    id           INTEGER PRIMARY KEY CHECK (id = 1),
    name         TEXT    NOT NULL,
    currency     TEXT    NOT NULL,
    time_zone    TEXT    NOT NULL,
    round_digits INTEGER NOT NULL, -- decimals of the total of a document's line
    round_mode   TEXT    NOT NULL,
    costing      TEXT    NOT NULL CHECK (costing IN ('fifo', 'average', 'standard')),
    closed_until INTEGER,          -- day
    version      INTEGER NOT NULL
) STRICT;

-- Whom the shop buys from.
CREATE TABLE suppliers (
    id          BLOB    NOT NULL PRIMARY KEY,
    code        TEXT    NOT NULL,
    code_folded TEXT    NOT NULL UNIQUE,
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

-- Whom the shop sells to.
CREATE TABLE customers (
    id          BLOB    NOT NULL PRIMARY KEY,
    code        TEXT    NOT NULL,
    code_folded TEXT    NOT NULL UNIQUE,
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

-- Where goods are, come from and go to: sites, and virtual places such as where lost goods go.
CREATE TABLE locations (
    id          BLOB    NOT NULL PRIMARY KEY,
    code        TEXT    NOT NULL,
    code_folded TEXT    NOT NULL UNIQUE,
    name        TEXT    NOT NULL,
    kind        TEXT    NOT NULL CHECK (kind IN ('site', 'supplier', 'customer', 'loss', 'variance', 'service')),
    standing    TEXT    NOT NULL CHECK (standing IN ('active', 'retired')),
    version     INTEGER NOT NULL
) STRICT;

-- What is bought and sold.
CREATE TABLE items (
    id              BLOB    NOT NULL PRIMARY KEY,
    sku             TEXT    NOT NULL,
    sku_folded      TEXT    NOT NULL UNIQUE,
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

-- The barcodes of items.
CREATE TABLE item_barcodes (
    item    BLOB    NOT NULL REFERENCES items (id),
    place   INTEGER NOT NULL, -- its place among the item's barcodes, from 0
    barcode TEXT    NOT NULL UNIQUE,
    PRIMARY KEY (item, place)
) STRICT, WITHOUT ROWID;

-- Numbers orders and purchases without gaps.
CREATE TABLE series (
    code    TEXT    NOT NULL PRIMARY KEY,
    last    INTEGER NOT NULL, -- the number given last
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What is on the shelf, one row for each item at each site. Its version guards layers, holds and alerts as well.
CREATE TABLE stock (
    item           BLOB    NOT NULL REFERENCES items (id),
    site           BLOB    NOT NULL REFERENCES locations (id),
    on_hand        INTEGER NOT NULL CHECK (on_hand >= 0),
    value          INTEGER NOT NULL,
    allocated      INTEGER NOT NULL CHECK (allocated >= 0),   -- claimed by placed orders
    held           INTEGER NOT NULL CHECK (held >= 0),        -- claimed by holds, lapsed ones included
    holds_lapse_at INTEGER,                                   -- when the first hold lapses
    backordered    INTEGER NOT NULL CHECK (backordered >= 0), -- promised and not allocated
    incoming       INTEGER NOT NULL CHECK (incoming >= 0),    -- ordered and not received
    last_unit_cost INTEGER,
    layers_made    INTEGER NOT NULL,
    level          TEXT    NOT NULL CHECK (level IN ('normal', 'low', 'out')),
    version        INTEGER NOT NULL,
    PRIMARY KEY (item, site)
) STRICT, WITHOUT ROWID;

-- What is left of each acquisition.
CREATE TABLE layers (
    item        BLOB    NOT NULL,
    site        BLOB    NOT NULL,
    acquired_at INTEGER NOT NULL,
    number      INTEGER NOT NULL,
    quantity    INTEGER NOT NULL CHECK (quantity >= 0),
    value       INTEGER NOT NULL,
    PRIMARY KEY (item, site, acquired_at, number),
    FOREIGN KEY (item, site) REFERENCES stock (item, site)
) STRICT, WITHOUT ROWID;

-- Stock put aside until it lapses.
CREATE TABLE holds (
    id        BLOB    NOT NULL PRIMARY KEY,
    item      BLOB    NOT NULL,
    site      BLOB    NOT NULL,
    quantity  INTEGER NOT NULL CHECK (quantity >= 0),
    lapses_at INTEGER NOT NULL,
    version   INTEGER NOT NULL,
    FOREIGN KEY (item, site) REFERENCES stock (item, site)
) STRICT, WITHOUT ROWID;
CREATE INDEX holds_stock ON holds (item, site);

-- Stock that sank too far: one row for each item at each site, kept when it is resolved.
CREATE TABLE alerts (
    item            BLOB    NOT NULL,
    site            BLOB    NOT NULL,
    kind            TEXT    NOT NULL CHECK (kind IN ('low', 'out')),
    available       INTEGER NOT NULL,
    threshold       INTEGER NOT NULL,
    raised_at       INTEGER NOT NULL,
    acknowledged_at INTEGER,
    resolved_at     INTEGER,
    PRIMARY KEY (item, site),
    FOREIGN KEY (item, site) REFERENCES stock (item, site)
) STRICT, WITHOUT ROWID;

-- Sales orders.
CREATE TABLE orders (
    id        BLOB    NOT NULL PRIMARY KEY,
    series    TEXT    NOT NULL,
    number    INTEGER NOT NULL,
    site      BLOB    NOT NULL REFERENCES locations (id),
    customer  BLOB REFERENCES customers (id),
    currency  TEXT    NOT NULL,
    status    TEXT    NOT NULL CHECK (status IN ('placed', 'partly_shipped', 'shipped', 'cancelled')),
    placed_at INTEGER NOT NULL,
    total     INTEGER NOT NULL,
    version   INTEGER NOT NULL,
    UNIQUE (series, number)
) STRICT;
CREATE INDEX orders_placed_at ON orders (placed_at, id);
CREATE INDEX orders_customer ON orders (customer, placed_at, id) WHERE customer IS NOT NULL;

-- The lines of sales orders.
CREATE TABLE order_lines (
    order_id      BLOB    NOT NULL REFERENCES orders (id),
    line          INTEGER NOT NULL, -- from 0
    item          BLOB    NOT NULL,
    sku           TEXT    NOT NULL, -- this and the next four as they were when the order was placed
    name          TEXT    NOT NULL,
    brand         TEXT    NOT NULL,
    category      TEXT    NOT NULL,
    tracking      TEXT    NOT NULL CHECK (tracking IN ('stocked', 'service')),
    quantity      INTEGER NOT NULL CHECK (quantity >= 0),
    unit_price    INTEGER NOT NULL,
    discount      INTEGER NOT NULL,
    total         INTEGER NOT NULL,
    allocated     INTEGER NOT NULL CHECK (allocated >= 0),
    backordered   INTEGER NOT NULL CHECK (backordered >= 0),
    shipped       INTEGER NOT NULL CHECK (shipped >= 0),
    cancelled     INTEGER NOT NULL CHECK (cancelled >= 0),
    returned      INTEGER NOT NULL CHECK (returned >= 0),
    revenue       INTEGER NOT NULL,
    cost          INTEGER NOT NULL,
    refunded      INTEGER NOT NULL,
    cost_returned INTEGER NOT NULL,
    PRIMARY KEY (order_id, line)
) STRICT;
CREATE INDEX order_lines_waiting ON order_lines (item) WHERE backordered > 0;

-- What left of sales orders, and when.
CREATE TABLE shipments (
    order_id   BLOB    NOT NULL REFERENCES orders (id),
    number     INTEGER NOT NULL, -- from 0
    command    BLOB    NOT NULL,
    shipped_at INTEGER NOT NULL,
    PRIMARY KEY (order_id, number)
) STRICT;

-- Purchase orders.
CREATE TABLE purchases (
    id         BLOB    NOT NULL PRIMARY KEY,
    series     TEXT    NOT NULL,
    number     INTEGER NOT NULL,
    supplier   BLOB    NOT NULL REFERENCES suppliers (id),
    site       BLOB    NOT NULL REFERENCES locations (id),
    status     TEXT    NOT NULL CHECK (status IN ('ordered', 'partly_received', 'received', 'closed_short', 'cancelled')),
    ordered_at INTEGER NOT NULL,
    expected   INTEGER, -- day
    total      INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    UNIQUE (series, number)
) STRICT;
CREATE INDEX purchases_ordered_at ON purchases (ordered_at, id);

-- The lines of purchase orders.
CREATE TABLE purchase_lines (
    purchase_id BLOB    NOT NULL REFERENCES purchases (id),
    line        INTEGER NOT NULL, -- from 0
    item        BLOB    NOT NULL,
    sku         TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    quantity    INTEGER NOT NULL CHECK (quantity >= 0),
    unit_cost   INTEGER NOT NULL,
    received    INTEGER NOT NULL CHECK (received >= 0),
    cancelled   INTEGER NOT NULL CHECK (cancelled >= 0),
    PRIMARY KEY (purchase_id, line)
) STRICT;
CREATE INDEX purchase_lines_item ON purchase_lines (item, purchase_id);

-- Goods that customers brought back.
CREATE TABLE returns (
    id          BLOB    NOT NULL PRIMARY KEY,
    order_id    BLOB REFERENCES orders (id),
    site        BLOB    NOT NULL REFERENCES locations (id),
    customer    BLOB REFERENCES customers (id),
    returned_at INTEGER NOT NULL,
    refund      INTEGER NOT NULL
) STRICT;

-- The lines of returns.
CREATE TABLE return_lines (
    return_id BLOB    NOT NULL REFERENCES returns (id),
    line      INTEGER NOT NULL, -- from 0
    item      BLOB    NOT NULL,
    sku       TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    brand     TEXT    NOT NULL,
    category  TEXT    NOT NULL,
    quantity  INTEGER NOT NULL CHECK (quantity >= 0),
    refund    INTEGER NOT NULL,
    cost      INTEGER NOT NULL,
    PRIMARY KEY (return_id, line)
) STRICT;

-- The ledger: goods, and what they cost, going from one location to another. Rows are never changed.
CREATE TABLE movements (
    command        BLOB    NOT NULL,
    number         INTEGER NOT NULL, -- its place among the command's movements, from 0
    item           BLOB    NOT NULL,
    from_location  BLOB    NOT NULL,
    to_location    BLOB    NOT NULL,
    kind           TEXT    NOT NULL,
    reason         TEXT,             -- of an adjustment
    quantity       INTEGER NOT NULL CHECK (quantity >= 0),
    value          INTEGER NOT NULL,
    revenue        INTEGER NOT NULL,
    acquired_at    INTEGER NOT NULL,
    layer          INTEGER,          -- the number of the cost layer that they left, or became
    occurred_at    INTEGER NOT NULL,
    recorded_at    INTEGER NOT NULL,
    order_id       BLOB,             -- what the goods moved for: an order, a return, or a purchase, and its line
    return_id      BLOB,
    purchase_id    BLOB,
    document_line  INTEGER,
    undoes_command BLOB,             -- the movement that this one undoes
    undoes_number  INTEGER,
    PRIMARY KEY (command, number)
) STRICT;
CREATE INDEX movements_item ON movements (item, occurred_at);
CREATE INDEX movements_occurred_at ON movements (occurred_at, command, number);

-- How much of a movement was undone by later ones.
CREATE TABLE undone (
    command  BLOB    NOT NULL,
    number   INTEGER NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity >= 0),
    value    INTEGER NOT NULL,
    PRIMARY KEY (command, number)
) STRICT, WITHOUT ROWID;

-- What was sold less what came back, kept up to date with every sale.
CREATE TABLE sales (
    day      INTEGER NOT NULL,
    site     BLOB    NOT NULL,
    item     BLOB    NOT NULL,
    brand    TEXT    NOT NULL,
    category TEXT    NOT NULL,
    units    INTEGER NOT NULL,
    revenue  INTEGER NOT NULL,
    cost     INTEGER NOT NULL,
    PRIMARY KEY (day, site, item, brand, category)
) STRICT, WITHOUT ROWID;

-- What customers bought less what they brought back, kept up to date with every sale.
CREATE TABLE customer_sales (
    day      INTEGER NOT NULL,
    customer BLOB    NOT NULL, -- all zeros: not known
    units    INTEGER NOT NULL,
    revenue  INTEGER NOT NULL,
    cost     INTEGER NOT NULL,
    PRIMARY KEY (day, customer)
) STRICT, WITHOUT ROWID;

-- What each command was answered, for ever: a command that comes twice gets the same answer.
CREATE TABLE commands (
    id          BLOB    NOT NULL PRIMARY KEY,
    fingerprint BLOB    NOT NULL, -- tells another command with the same id
    form        INTEGER NOT NULL, -- version of the JSON
    answer      TEXT    NOT NULL  -- JSON: the receipt or the refusal
) STRICT;

-- The log: no offset is missing, and none becomes visible before a smaller one.
CREATE TABLE events (
    event_offset INTEGER PRIMARY KEY,
    command      BLOB    NOT NULL,
    actor        TEXT    NOT NULL,
    occurred_at  INTEGER NOT NULL,
    recorded_at  INTEGER NOT NULL,
    body         TEXT             -- JSON; null where it is the receipt of the command
) STRICT;

-- As people read it: decimals, times and texts. The decimals are SQLite's floating point numbers, good for looking at;
-- sums that must be exact are sums of the tables' integers.

CREATE VIEW items_view AS
SELECT lower(substr(hex(i.id), 1, 8) || '-' || substr(hex(i.id), 9, 4) || '-' || substr(hex(i.id), 13, 4) || '-' || substr(hex(i.id), 17, 4) || '-' || substr(hex(i.id), 21, 12)) AS id,
       i.sku,
       i.name,
       i.brand,
       i.category,
       i.unit,
       i.tracking,
       i.costing,
       i.price / 1000000.0 AS price,
       i.standard_cost / 1000000.0 AS standard_cost,
       i.reorder_point / 1000000.0 AS reorder_point,
       i.reorder_to / 1000000.0 AS reorder_to,
       i.backorder_limit / 1000000.0 AS backorder_limit,
       p.code AS supplier,
       i.standing
FROM items i
LEFT JOIN suppliers p ON p.id = i.supplier;

CREATE VIEW stock_view AS
SELECT i.sku,
       i.name,
       l.code AS site,
       s.on_hand / 1000000.0 AS on_hand,
       (s.allocated + s.held) / 1000000.0 AS committed,
       (s.on_hand - s.allocated - s.held) / 1000000.0 AS available,
       s.incoming / 1000000.0 AS incoming,
       s.backordered / 1000000.0 AS backordered,
       s.value / 1000000.0 AS value,
       s.level
FROM stock s
JOIN items i ON i.id = s.item
JOIN locations l ON l.id = s.site;

CREATE VIEW alerts_view AS
SELECT i.sku,
       i.name,
       l.code AS site,
       a.kind,
       a.available / 1000000.0 AS available,
       a.threshold / 1000000.0 AS threshold,
       datetime(a.raised_at / 1000000, 'unixepoch') AS raised_at,
       datetime(a.acknowledged_at / 1000000, 'unixepoch') AS acknowledged_at,
       datetime(a.resolved_at / 1000000, 'unixepoch') AS resolved_at
FROM alerts a
JOIN items i ON i.id = a.item
JOIN locations l ON l.id = a.site;

CREATE VIEW orders_view AS
SELECT lower(substr(hex(o.id), 1, 8) || '-' || substr(hex(o.id), 9, 4) || '-' || substr(hex(o.id), 13, 4) || '-' || substr(hex(o.id), 17, 4) || '-' || substr(hex(o.id), 21, 12)) AS id,
       o.series,
       o.number,
       l.code AS site,
       c.code AS customer,
       o.status,
       datetime(o.placed_at / 1000000, 'unixepoch') AS placed_at,
       o.total / 1000000.0 AS total,
       o.currency
FROM orders o
JOIN locations l ON l.id = o.site
LEFT JOIN customers c ON c.id = o.customer;

CREATE VIEW order_lines_view AS
SELECT o.series,
       o.number,
       l.line,
       l.sku,
       l.name,
       l.quantity / 1000000.0 AS quantity,
       l.unit_price / 1000000.0 AS unit_price,
       l.discount / 1000000.0 AS discount,
       l.total / 1000000.0 AS total,
       l.allocated / 1000000.0 AS allocated,
       l.backordered / 1000000.0 AS backordered,
       l.shipped / 1000000.0 AS shipped,
       l.cancelled / 1000000.0 AS cancelled,
       l.returned / 1000000.0 AS returned,
       l.revenue / 1000000.0 AS revenue,
       l.cost / 1000000.0 AS cost,
       l.refunded / 1000000.0 AS refunded,
       l.cost_returned / 1000000.0 AS cost_returned
FROM order_lines l
JOIN orders o ON o.id = l.order_id;

CREATE VIEW purchases_view AS
SELECT lower(substr(hex(p.id), 1, 8) || '-' || substr(hex(p.id), 9, 4) || '-' || substr(hex(p.id), 13, 4) || '-' || substr(hex(p.id), 17, 4) || '-' || substr(hex(p.id), 21, 12)) AS id,
       p.series,
       p.number,
       s.code AS supplier,
       l.code AS site,
       p.status,
       datetime(p.ordered_at / 1000000, 'unixepoch') AS ordered_at,
       date(p.expected * 86400, 'unixepoch') AS expected,
       p.total / 1000000.0 AS total
FROM purchases p
JOIN suppliers s ON s.id = p.supplier
JOIN locations l ON l.id = p.site;

CREATE VIEW purchase_lines_view AS
SELECT p.series,
       p.number,
       l.line,
       l.sku,
       l.name,
       l.quantity / 1000000.0 AS quantity,
       l.unit_cost / 1000000.0 AS unit_cost,
       l.received / 1000000.0 AS received,
       l.cancelled / 1000000.0 AS cancelled
FROM purchase_lines l
JOIN purchases p ON p.id = l.purchase_id;

CREATE VIEW returns_view AS
SELECT lower(substr(hex(r.id), 1, 8) || '-' || substr(hex(r.id), 9, 4) || '-' || substr(hex(r.id), 13, 4) || '-' || substr(hex(r.id), 17, 4) || '-' || substr(hex(r.id), 21, 12)) AS id,
       l.code AS site,
       c.code AS customer,
       o.series AS order_series,
       o.number AS order_number,
       datetime(r.returned_at / 1000000, 'unixepoch') AS returned_at,
       t.line,
       t.sku,
       t.name,
       t.quantity / 1000000.0 AS quantity,
       t.refund / 1000000.0 AS refund,
       t.cost / 1000000.0 AS cost
FROM return_lines t
JOIN returns r ON r.id = t.return_id
JOIN locations l ON l.id = r.site
LEFT JOIN customers c ON c.id = r.customer
LEFT JOIN orders o ON o.id = r.order_id;

CREATE VIEW movements_view AS
SELECT lower(substr(hex(m.command), 1, 8) || '-' || substr(hex(m.command), 9, 4) || '-' || substr(hex(m.command), 13, 4) || '-' || substr(hex(m.command), 17, 4) || '-' || substr(hex(m.command), 21, 12)) AS command,
       m.number,
       i.sku,
       i.name,
       f.code AS from_location,
       t.code AS to_location,
       m.kind,
       m.reason,
       m.quantity / 1000000.0 AS quantity,
       m.value / 1000000.0 AS value,
       m.revenue / 1000000.0 AS revenue,
       datetime(m.occurred_at / 1000000, 'unixepoch') AS occurred_at,
       datetime(m.recorded_at / 1000000, 'unixepoch') AS recorded_at,
       datetime(m.acquired_at / 1000000, 'unixepoch') AS acquired_at
FROM movements m
JOIN items i ON i.id = m.item
JOIN locations f ON f.id = m.from_location
JOIN locations t ON t.id = m.to_location;

CREATE VIEW sales_view AS
SELECT date(s.day * 86400, 'unixepoch') AS day,
       l.code AS site,
       i.sku,
       i.name,
       s.brand,
       s.category,
       s.units / 1000000.0 AS units,
       s.revenue / 1000000.0 AS revenue,
       s.cost / 1000000.0 AS cost,
       (s.revenue - s.cost) / 1000000.0 AS profit
FROM sales s
JOIN items i ON i.id = s.item
JOIN locations l ON l.id = s.site;

CREATE VIEW customer_sales_view AS
SELECT date(s.day * 86400, 'unixepoch') AS day,
       c.code AS customer,
       c.name,
       s.units / 1000000.0 AS units,
       s.revenue / 1000000.0 AS revenue,
       s.cost / 1000000.0 AS cost,
       (s.revenue - s.cost) / 1000000.0 AS profit
FROM customer_sales s
LEFT JOIN customers c ON c.id = s.customer;

CREATE VIEW event_log AS
SELECT e.event_offset,
       datetime(e.occurred_at / 1000000, 'unixepoch') AS occurred_at,
       datetime(e.recorded_at / 1000000, 'unixepoch') AS recorded_at,
       e.actor,
       lower(substr(hex(e.command), 1, 8) || '-' || substr(hex(e.command), 9, 4) || '-' || substr(hex(e.command), 13, 4) || '-' || substr(hex(e.command), 17, 4) || '-' || substr(hex(e.command), 21, 12)) AS command,
       COALESCE(e.body, c.answer) AS body
FROM events e
LEFT JOIN commands c ON c.id = e.command;

-- What a program around the shop has to remember: users, keys, sessions. No rule reads it and it is no part of the
-- shop's state.
CREATE TABLE registry (
    kind       TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    body       TEXT    NOT NULL, -- JSON
    expires_at INTEGER,
    PRIMARY KEY (kind, name)
) STRICT;
CREATE INDEX registry_expires_at ON registry (expires_at) WHERE expires_at IS NOT NULL;
