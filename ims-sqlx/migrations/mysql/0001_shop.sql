-- The shop in MySQL 8.0.19 or later, or MariaDB 10.6 or later.
--
-- Quantities and amounts of money are integers, scaled by 1,000,000: 2500000 is 2.5. Moments are microseconds since
-- 1970-01-01T00:00:00Z, days are days since 1970-01-01. Ids are the 16 bytes of a UUID. A column `..._folded` is the
-- text in upper case, for comparing. `version` counts how often a row was written. The views at the end (`stock_view`
-- and the like) show all of this as people read it.
--
-- The tables that grow with every sale name items, sites and commands without a foreign key, and have no index that no
-- question needs: each would be paid for on every line sold, and nothing that they name is ever deleted.
--
-- These databases commit after every CREATE, so each statement here can be made again after an interruption. Texts are
-- compared byte by byte: where the server knows it, the collation is its twin that heeds spaces at the end as well.

-- How far the log and the catalogue have come. Every change takes this row last, so that changes become visible in
-- the order of their events.
CREATE TABLE IF NOT EXISTS head (
    id      BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    newest  BIGINT NOT NULL, -- offset of the newest event
    catalog BIGINT NOT NULL  -- how often shop, items, locations, suppliers or customers were written
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;
INSERT IGNORE INTO head (id, newest, catalog) VALUES (1, 0, 0);

-- The shop itself: one row.
CREATE TABLE IF NOT EXISTS shop (
    id           BIGINT       NOT NULL PRIMARY KEY CHECK (id = 1),
    name         VARCHAR(200) NOT NULL,
    currency     VARCHAR(16)  NOT NULL,
    time_zone    VARCHAR(64)  NOT NULL,
    round_digits BIGINT       NOT NULL, -- decimals of the total of a document's line
    round_mode   VARCHAR(16)  NOT NULL,
    costing      VARCHAR(16)  NOT NULL CHECK (costing IN ('fifo', 'average', 'standard')),
    closed_until BIGINT,                -- day
    version      BIGINT       NOT NULL
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- Whom the shop buys from.
CREATE TABLE IF NOT EXISTS suppliers (
    id          BINARY(16)   NOT NULL PRIMARY KEY,
    code        VARCHAR(64)  NOT NULL,
    code_folded VARCHAR(192) NOT NULL UNIQUE,
    name        VARCHAR(200) NOT NULL,
    name_folded VARCHAR(600) NOT NULL,
    contact     VARCHAR(200) NOT NULL,
    email       VARCHAR(200) NOT NULL,
    phone       VARCHAR(200) NOT NULL,
    address     TEXT         NOT NULL,
    city        VARCHAR(200) NOT NULL,
    city_folded VARCHAR(600) NOT NULL,
    country     VARCHAR(200) NOT NULL,
    standing    VARCHAR(16)  NOT NULL CHECK (standing IN ('active', 'retired')),
    version     BIGINT       NOT NULL
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- Whom the shop sells to.
CREATE TABLE IF NOT EXISTS customers (
    id          BINARY(16)   NOT NULL PRIMARY KEY,
    code        VARCHAR(64)  NOT NULL,
    code_folded VARCHAR(192) NOT NULL UNIQUE,
    name        VARCHAR(200) NOT NULL,
    name_folded VARCHAR(600) NOT NULL,
    contact     VARCHAR(200) NOT NULL,
    email       VARCHAR(200) NOT NULL,
    phone       VARCHAR(200) NOT NULL,
    address     TEXT         NOT NULL,
    city        VARCHAR(200) NOT NULL,
    city_folded VARCHAR(600) NOT NULL,
    country     VARCHAR(200) NOT NULL,
    standing    VARCHAR(16)  NOT NULL CHECK (standing IN ('active', 'retired')),
    version     BIGINT       NOT NULL
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- Where goods are, come from and go to: sites, and virtual places such as where lost goods go.
CREATE TABLE IF NOT EXISTS locations (
    id          BINARY(16)   NOT NULL PRIMARY KEY,
    code        VARCHAR(64)  NOT NULL,
    code_folded VARCHAR(192) NOT NULL UNIQUE,
    name        VARCHAR(200) NOT NULL,
    kind        VARCHAR(16)  NOT NULL CHECK (kind IN ('site', 'supplier', 'customer', 'loss', 'variance', 'service')),
    standing    VARCHAR(16)  NOT NULL CHECK (standing IN ('active', 'retired')),
    version     BIGINT       NOT NULL
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- What is bought and sold.
CREATE TABLE IF NOT EXISTS items (
    id              BINARY(16)   NOT NULL PRIMARY KEY,
    sku             VARCHAR(64)  NOT NULL,
    sku_folded      VARCHAR(192) NOT NULL UNIQUE,
    name            VARCHAR(200) NOT NULL,
    name_folded     VARCHAR(600) NOT NULL,
    description     TEXT         NOT NULL,
    brand           VARCHAR(200) NOT NULL,
    category        VARCHAR(200) NOT NULL, -- a path: Drinks/Tea
    unit            VARCHAR(16)  NOT NULL,
    unit_decimals   BIGINT       NOT NULL,
    tracking        VARCHAR(16)  NOT NULL CHECK (tracking IN ('stocked', 'service')),
    costing         VARCHAR(16)  NOT NULL CHECK (costing IN ('fifo', 'average', 'standard')),
    standard_cost   BIGINT,
    price           BIGINT,
    reorder_point   BIGINT,
    reorder_to      BIGINT,
    backorder_limit BIGINT       NOT NULL,
    supplier        BINARY(16),
    standing        VARCHAR(16)  NOT NULL CHECK (standing IN ('active', 'retired')),
    version         BIGINT       NOT NULL,
    KEY items_supplier (supplier),
    FOREIGN KEY (supplier) REFERENCES suppliers (id)
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- The barcodes of items.
CREATE TABLE IF NOT EXISTS item_barcodes (
    item    BINARY(16)  NOT NULL,
    place   BIGINT      NOT NULL, -- its place among the item's barcodes, from 0
    barcode VARCHAR(80) NOT NULL UNIQUE,
    PRIMARY KEY (item, place),
    FOREIGN KEY (item) REFERENCES items (id)
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- Numbers orders and purchases without gaps.
CREATE TABLE IF NOT EXISTS series (
    code    VARCHAR(100) NOT NULL PRIMARY KEY,
    last    BIGINT       NOT NULL, -- the number given last
    version BIGINT       NOT NULL
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- What is on the shelf, one row for each item at each site. Its version guards layers, holds and alerts as well.
CREATE TABLE IF NOT EXISTS stock (
    item           BINARY(16)  NOT NULL,
    site           BINARY(16)  NOT NULL,
    on_hand        BIGINT      NOT NULL CHECK (on_hand >= 0),
    value          BIGINT      NOT NULL,
    allocated      BIGINT      NOT NULL DEFAULT 0 CHECK (allocated >= 0),   -- claimed by placed orders
    held           BIGINT      NOT NULL DEFAULT 0 CHECK (held >= 0),        -- claimed by holds, lapsed ones included
    holds_lapse_at BIGINT,                                        -- when the first hold lapses
    backordered    BIGINT      NOT NULL DEFAULT 0 CHECK (backordered >= 0), -- promised and not allocated
    incoming       BIGINT      NOT NULL DEFAULT 0 CHECK (incoming >= 0),    -- ordered and not received
    last_unit_cost BIGINT,
    layers_made    BIGINT      NOT NULL,
    level          VARCHAR(16) NOT NULL CHECK (level IN ('normal', 'low', 'out')),
    version        BIGINT      NOT NULL,
    PRIMARY KEY (item, site),
    KEY stock_site (site),
    FOREIGN KEY (item) REFERENCES items (id),
    FOREIGN KEY (site) REFERENCES locations (id)
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- What is left of each acquisition.
CREATE TABLE IF NOT EXISTS layers (
    item        BINARY(16) NOT NULL,
    site        BINARY(16) NOT NULL,
    acquired_at BIGINT     NOT NULL,
    number      BIGINT     NOT NULL,
    quantity    BIGINT     NOT NULL CHECK (quantity >= 0),
    value       BIGINT     NOT NULL,
    PRIMARY KEY (item, site, acquired_at, number),
    FOREIGN KEY (item, site) REFERENCES stock (item, site)
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- Stock put aside until it lapses.
CREATE TABLE IF NOT EXISTS holds (
    id        BINARY(16) NOT NULL PRIMARY KEY,
    item      BINARY(16) NOT NULL,
    site      BINARY(16) NOT NULL,
    quantity  BIGINT     NOT NULL CHECK (quantity >= 0),
    lapses_at BIGINT     NOT NULL,
    version   BIGINT     NOT NULL,
    KEY holds_stock (item, site),
    FOREIGN KEY (item, site) REFERENCES stock (item, site)
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- Stock that sank too far: one row for each item at each site, kept when it is resolved.
CREATE TABLE IF NOT EXISTS alerts (
    item            BINARY(16)  NOT NULL,
    site            BINARY(16)  NOT NULL,
    kind            VARCHAR(16) NOT NULL CHECK (kind IN ('low', 'out')),
    available       BIGINT      NOT NULL,
    threshold       BIGINT      NOT NULL,
    raised_at       BIGINT      NOT NULL,
    acknowledged_at BIGINT,
    resolved_at     BIGINT,
    PRIMARY KEY (item, site),
    FOREIGN KEY (item, site) REFERENCES stock (item, site)
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- Sales orders.
CREATE TABLE IF NOT EXISTS orders (
    id        BINARY(16)   NOT NULL PRIMARY KEY,
    series    VARCHAR(100) NOT NULL,
    number    BIGINT       NOT NULL,
    site      BINARY(16)   NOT NULL,
    customer  BINARY(16),
    currency  VARCHAR(16)  NOT NULL,
    status    VARCHAR(16)  NOT NULL CHECK (status IN ('placed', 'partly_shipped', 'shipped', 'cancelled')),
    placed_at BIGINT       NOT NULL,
    total     BIGINT       NOT NULL,
    version   BIGINT       NOT NULL,
    UNIQUE (series, number),
    KEY orders_placed_at (placed_at, id),
    KEY orders_customer (customer, placed_at, id),
    KEY orders_site (site, placed_at, id),
    FOREIGN KEY (site) REFERENCES locations (id),
    FOREIGN KEY (customer) REFERENCES customers (id)
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- The lines of sales orders.
CREATE TABLE IF NOT EXISTS order_lines (
    order_id      BINARY(16)   NOT NULL,
    line          BIGINT       NOT NULL,                                    -- from 0
    item          BINARY(16)   NOT NULL,
    sku           VARCHAR(64)  NOT NULL,                                    -- this and the next four as they were when the order was placed
    name          VARCHAR(200) NOT NULL,
    brand         VARCHAR(200) NOT NULL,
    category      VARCHAR(200) NOT NULL,
    tracking      VARCHAR(16)  NOT NULL CHECK (tracking IN ('stocked', 'service')),
    quantity      BIGINT       NOT NULL CHECK (quantity >= 0),
    unit_price    BIGINT       NOT NULL,
    discount      BIGINT       NOT NULL DEFAULT 0,
    total         BIGINT       NOT NULL,
    allocated     BIGINT       NOT NULL DEFAULT 0 CHECK (allocated >= 0),
    backordered   BIGINT       NOT NULL DEFAULT 0 CHECK (backordered >= 0),
    shipped       BIGINT       NOT NULL DEFAULT 0 CHECK (shipped >= 0),
    cancelled     BIGINT       NOT NULL DEFAULT 0 CHECK (cancelled >= 0),
    returned      BIGINT       NOT NULL DEFAULT 0 CHECK (returned >= 0),
    revenue       BIGINT       NOT NULL,
    cost          BIGINT       NOT NULL,
    refunded      BIGINT       NOT NULL DEFAULT 0,
    cost_returned BIGINT       NOT NULL DEFAULT 0,
    waiting       BINARY(16)   AS (IF(backordered > 0, item, NULL)) STORED, -- the item, while the line waits for goods
    PRIMARY KEY (order_id, line),
    KEY order_lines_waiting (waiting),
    FOREIGN KEY (order_id) REFERENCES orders (id)
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- What left of sales orders, and when.
CREATE TABLE IF NOT EXISTS shipments (
    order_id   BINARY(16) NOT NULL,
    number     BIGINT     NOT NULL, -- from 0
    command    BINARY(16) NOT NULL,
    shipped_at BIGINT     NOT NULL,
    PRIMARY KEY (order_id, number),
    FOREIGN KEY (order_id) REFERENCES orders (id)
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- Purchase orders.
CREATE TABLE IF NOT EXISTS purchases (
    id         BINARY(16)   NOT NULL PRIMARY KEY,
    series     VARCHAR(100) NOT NULL,
    number     BIGINT       NOT NULL,
    supplier   BINARY(16)   NOT NULL,
    site       BINARY(16)   NOT NULL,
    status     VARCHAR(16)  NOT NULL CHECK (status IN ('ordered', 'partly_received', 'received', 'closed_short', 'cancelled')),
    ordered_at BIGINT       NOT NULL,
    expected   BIGINT, -- day
    total      BIGINT       NOT NULL,
    version    BIGINT       NOT NULL,
    UNIQUE (series, number),
    KEY purchases_ordered_at (ordered_at, id),
    KEY purchases_supplier (supplier, ordered_at, id),
    KEY purchases_site (site, ordered_at, id),
    FOREIGN KEY (supplier) REFERENCES suppliers (id),
    FOREIGN KEY (site) REFERENCES locations (id)
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- The lines of purchase orders.
CREATE TABLE IF NOT EXISTS purchase_lines (
    purchase_id BINARY(16)   NOT NULL,
    line        BIGINT       NOT NULL, -- from 0
    item        BINARY(16)   NOT NULL,
    sku         VARCHAR(64)  NOT NULL,
    name        VARCHAR(200) NOT NULL,
    quantity    BIGINT       NOT NULL CHECK (quantity >= 0),
    unit_cost   BIGINT       NOT NULL,
    received    BIGINT       NOT NULL CHECK (received >= 0),
    cancelled   BIGINT       NOT NULL DEFAULT 0 CHECK (cancelled >= 0),
    PRIMARY KEY (purchase_id, line),
    KEY purchase_lines_item (item, purchase_id),
    FOREIGN KEY (purchase_id) REFERENCES purchases (id)
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- Goods that customers brought back.
CREATE TABLE IF NOT EXISTS returns (
    id          BINARY(16) NOT NULL PRIMARY KEY,
    order_id    BINARY(16),
    site        BINARY(16) NOT NULL,
    customer    BINARY(16),
    returned_at BIGINT     NOT NULL,
    refund      BIGINT     NOT NULL,
    KEY returns_order (order_id),
    KEY returns_site (site),
    KEY returns_customer (customer),
    FOREIGN KEY (order_id) REFERENCES orders (id),
    FOREIGN KEY (site) REFERENCES locations (id),
    FOREIGN KEY (customer) REFERENCES customers (id)
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- The lines of returns.
CREATE TABLE IF NOT EXISTS return_lines (
    return_id BINARY(16)   NOT NULL,
    line      BIGINT       NOT NULL, -- from 0
    item      BINARY(16)   NOT NULL,
    sku       VARCHAR(64)  NOT NULL,
    name      VARCHAR(200) NOT NULL,
    brand     VARCHAR(200) NOT NULL,
    category  VARCHAR(200) NOT NULL,
    quantity  BIGINT       NOT NULL CHECK (quantity >= 0),
    refund    BIGINT       NOT NULL,
    cost      BIGINT       NOT NULL,
    PRIMARY KEY (return_id, line),
    FOREIGN KEY (return_id) REFERENCES returns (id)
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- The ledger: goods, and what they cost, going from one location to another. Rows are never changed.
CREATE TABLE IF NOT EXISTS movements (
    command        BINARY(16)  NOT NULL,
    number         BIGINT      NOT NULL, -- its place among the command's movements, from 0
    item           BINARY(16)  NOT NULL,
    from_location  BINARY(16)  NOT NULL,
    to_location    BINARY(16)  NOT NULL,
    kind           VARCHAR(16) NOT NULL,
    reason         VARCHAR(16),          -- of an adjustment
    quantity       BIGINT      NOT NULL CHECK (quantity >= 0),
    value          BIGINT      NOT NULL,
    revenue        BIGINT      NOT NULL,
    acquired_at    BIGINT      NOT NULL,
    layer          BIGINT,               -- the number of the cost layer that they left, or became
    occurred_at    BIGINT      NOT NULL,
    recorded_at    BIGINT      NOT NULL,
    order_id       BINARY(16),           -- what the goods moved for: an order, a return, or a purchase, and its line
    return_id      BINARY(16),
    purchase_id    BINARY(16),
    document_line  BIGINT,
    undoes_command BINARY(16),           -- the movement that this one undoes
    undoes_number  BIGINT,
    PRIMARY KEY (command, number),
    KEY movements_item (item, occurred_at),
    KEY movements_occurred_at (occurred_at, command, number)
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- How much of a movement was undone by later ones.
CREATE TABLE IF NOT EXISTS undone (
    command  BINARY(16) NOT NULL,
    number   BIGINT     NOT NULL,
    quantity BIGINT     NOT NULL CHECK (quantity >= 0),
    value    BIGINT     NOT NULL,
    PRIMARY KEY (command, number)
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- What was sold less what came back, kept up to date with every sale.
CREATE TABLE IF NOT EXISTS sales (
    day      BIGINT       NOT NULL,
    site     BINARY(16)   NOT NULL,
    item     BINARY(16)   NOT NULL,
    brand    VARCHAR(200) NOT NULL,
    category VARCHAR(200) NOT NULL,
    units    BIGINT       NOT NULL,
    revenue  BIGINT       NOT NULL,
    cost     BIGINT       NOT NULL,
    PRIMARY KEY (day, site, item, brand, category)
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- What customers bought less what they brought back, kept up to date with every sale.
CREATE TABLE IF NOT EXISTS customer_sales (
    day      BIGINT     NOT NULL,
    customer BINARY(16) NOT NULL, -- all zeros: not known
    units    BIGINT     NOT NULL,
    revenue  BIGINT     NOT NULL,
    cost     BIGINT     NOT NULL,
    PRIMARY KEY (day, customer)
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- What each command was answered, for ever: a command that comes twice gets the same answer.
CREATE TABLE IF NOT EXISTS commands (
    id          BINARY(16) NOT NULL PRIMARY KEY,
    fingerprint BINARY(16) NOT NULL, -- tells another command with the same id
    form        BIGINT     NOT NULL, -- version of the JSON
    answer      LONGTEXT   NOT NULL  -- JSON: the receipt or the refusal
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- The log: no offset is missing, and none becomes visible before a smaller one.
CREATE TABLE IF NOT EXISTS events (
    event_offset BIGINT        NOT NULL PRIMARY KEY,
    command      BINARY(16)    NOT NULL,
    actor        VARCHAR(1000) NOT NULL,
    occurred_at  BIGINT        NOT NULL,
    recorded_at  BIGINT        NOT NULL,
    body         LONGTEXT -- JSON; null where it is the receipt of the command
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;

-- As people read it: decimals, times in UTC, and texts.

CREATE OR REPLACE SQL SECURITY INVOKER VIEW items_view AS
SELECT LOWER(CONCAT_WS('-', HEX(LEFT(i.id, 4)), HEX(SUBSTR(i.id, 5, 2)), HEX(SUBSTR(i.id, 7, 2)), HEX(SUBSTR(i.id, 9, 2)), HEX(RIGHT(i.id, 6)))) AS id,
       i.sku,
       i.name,
       i.brand,
       i.category,
       i.unit,
       i.tracking,
       i.costing,
       i.price * 0.000001 AS price,
       i.standard_cost * 0.000001 AS standard_cost,
       i.reorder_point * 0.000001 AS reorder_point,
       i.reorder_to * 0.000001 AS reorder_to,
       i.backorder_limit * 0.000001 AS backorder_limit,
       p.code AS supplier,
       i.standing
FROM items i
LEFT JOIN suppliers p ON p.id = i.supplier;

CREATE OR REPLACE SQL SECURITY INVOKER VIEW stock_view AS
SELECT i.sku,
       i.name,
       l.code AS site,
       s.on_hand * 0.000001 AS on_hand,
       (s.allocated + s.held) * 0.000001 AS committed,
       (s.on_hand - s.allocated - s.held) * 0.000001 AS available,
       s.incoming * 0.000001 AS incoming,
       s.backordered * 0.000001 AS backordered,
       s.value * 0.000001 AS value,
       s.level
FROM stock s
JOIN items i ON i.id = s.item
JOIN locations l ON l.id = s.site;

CREATE OR REPLACE SQL SECURITY INVOKER VIEW alerts_view AS
SELECT i.sku,
       i.name,
       l.code AS site,
       a.kind,
       a.available * 0.000001 AS available,
       a.threshold * 0.000001 AS threshold,
       DATE_ADD('1970-01-01', INTERVAL a.raised_at MICROSECOND) AS raised_at,
       DATE_ADD('1970-01-01', INTERVAL a.acknowledged_at MICROSECOND) AS acknowledged_at,
       DATE_ADD('1970-01-01', INTERVAL a.resolved_at MICROSECOND) AS resolved_at
FROM alerts a
JOIN items i ON i.id = a.item
JOIN locations l ON l.id = a.site;

CREATE OR REPLACE SQL SECURITY INVOKER VIEW orders_view AS
SELECT LOWER(CONCAT_WS('-', HEX(LEFT(o.id, 4)), HEX(SUBSTR(o.id, 5, 2)), HEX(SUBSTR(o.id, 7, 2)), HEX(SUBSTR(o.id, 9, 2)), HEX(RIGHT(o.id, 6)))) AS id,
       o.series,
       o.number,
       l.code AS site,
       c.code AS customer,
       o.status,
       DATE_ADD('1970-01-01', INTERVAL o.placed_at MICROSECOND) AS placed_at,
       o.total * 0.000001 AS total,
       o.currency
FROM orders o
JOIN locations l ON l.id = o.site
LEFT JOIN customers c ON c.id = o.customer;

CREATE OR REPLACE SQL SECURITY INVOKER VIEW order_lines_view AS
SELECT o.series,
       o.number,
       l.line,
       l.sku,
       l.name,
       l.quantity * 0.000001 AS quantity,
       l.unit_price * 0.000001 AS unit_price,
       l.discount * 0.000001 AS discount,
       l.total * 0.000001 AS total,
       l.allocated * 0.000001 AS allocated,
       l.backordered * 0.000001 AS backordered,
       l.shipped * 0.000001 AS shipped,
       l.cancelled * 0.000001 AS cancelled,
       l.returned * 0.000001 AS returned,
       l.revenue * 0.000001 AS revenue,
       l.cost * 0.000001 AS cost,
       l.refunded * 0.000001 AS refunded,
       l.cost_returned * 0.000001 AS cost_returned
FROM order_lines l
JOIN orders o ON o.id = l.order_id;

CREATE OR REPLACE SQL SECURITY INVOKER VIEW purchases_view AS
SELECT LOWER(CONCAT_WS('-', HEX(LEFT(p.id, 4)), HEX(SUBSTR(p.id, 5, 2)), HEX(SUBSTR(p.id, 7, 2)), HEX(SUBSTR(p.id, 9, 2)), HEX(RIGHT(p.id, 6)))) AS id,
       p.series,
       p.number,
       s.code AS supplier,
       l.code AS site,
       p.status,
       DATE_ADD('1970-01-01', INTERVAL p.ordered_at MICROSECOND) AS ordered_at,
       DATE_ADD(DATE'1970-01-01', INTERVAL p.expected DAY) AS expected,
       p.total * 0.000001 AS total
FROM purchases p
JOIN suppliers s ON s.id = p.supplier
JOIN locations l ON l.id = p.site;

CREATE OR REPLACE SQL SECURITY INVOKER VIEW purchase_lines_view AS
SELECT p.series,
       p.number,
       l.line,
       l.sku,
       l.name,
       l.quantity * 0.000001 AS quantity,
       l.unit_cost * 0.000001 AS unit_cost,
       l.received * 0.000001 AS received,
       l.cancelled * 0.000001 AS cancelled
FROM purchase_lines l
JOIN purchases p ON p.id = l.purchase_id;

CREATE OR REPLACE SQL SECURITY INVOKER VIEW returns_view AS
SELECT LOWER(CONCAT_WS('-', HEX(LEFT(r.id, 4)), HEX(SUBSTR(r.id, 5, 2)), HEX(SUBSTR(r.id, 7, 2)), HEX(SUBSTR(r.id, 9, 2)), HEX(RIGHT(r.id, 6)))) AS id,
       l.code AS site,
       c.code AS customer,
       o.series AS order_series,
       o.number AS order_number,
       DATE_ADD('1970-01-01', INTERVAL r.returned_at MICROSECOND) AS returned_at,
       t.line,
       t.sku,
       t.name,
       t.quantity * 0.000001 AS quantity,
       t.refund * 0.000001 AS refund,
       t.cost * 0.000001 AS cost
FROM return_lines t
JOIN returns r ON r.id = t.return_id
JOIN locations l ON l.id = r.site
LEFT JOIN customers c ON c.id = r.customer
LEFT JOIN orders o ON o.id = r.order_id;

CREATE OR REPLACE SQL SECURITY INVOKER VIEW movements_view AS
SELECT LOWER(CONCAT_WS('-', HEX(LEFT(m.command, 4)), HEX(SUBSTR(m.command, 5, 2)), HEX(SUBSTR(m.command, 7, 2)), HEX(SUBSTR(m.command, 9, 2)), HEX(RIGHT(m.command, 6)))) AS command,
       m.number,
       i.sku,
       i.name,
       f.code AS from_location,
       t.code AS to_location,
       m.kind,
       m.reason,
       m.quantity * 0.000001 AS quantity,
       m.value * 0.000001 AS value,
       m.revenue * 0.000001 AS revenue,
       DATE_ADD('1970-01-01', INTERVAL m.occurred_at MICROSECOND) AS occurred_at,
       DATE_ADD('1970-01-01', INTERVAL m.recorded_at MICROSECOND) AS recorded_at,
       DATE_ADD('1970-01-01', INTERVAL m.acquired_at MICROSECOND) AS acquired_at
FROM movements m
JOIN items i ON i.id = m.item
JOIN locations f ON f.id = m.from_location
JOIN locations t ON t.id = m.to_location;

CREATE OR REPLACE SQL SECURITY INVOKER VIEW sales_view AS
SELECT DATE_ADD(DATE'1970-01-01', INTERVAL s.day DAY) AS day,
       l.code AS site,
       i.sku,
       i.name,
       s.brand,
       s.category,
       s.units * 0.000001 AS units,
       s.revenue * 0.000001 AS revenue,
       s.cost * 0.000001 AS cost,
       (s.revenue - s.cost) * 0.000001 AS profit
FROM sales s
JOIN items i ON i.id = s.item
JOIN locations l ON l.id = s.site;

CREATE OR REPLACE SQL SECURITY INVOKER VIEW customer_sales_view AS
SELECT DATE_ADD(DATE'1970-01-01', INTERVAL s.day DAY) AS day,
       c.code AS customer,
       c.name,
       s.units * 0.000001 AS units,
       s.revenue * 0.000001 AS revenue,
       s.cost * 0.000001 AS cost,
       (s.revenue - s.cost) * 0.000001 AS profit
FROM customer_sales s
LEFT JOIN customers c ON c.id = s.customer;

CREATE OR REPLACE SQL SECURITY INVOKER VIEW event_log AS
SELECT e.event_offset,
       DATE_ADD('1970-01-01', INTERVAL e.occurred_at MICROSECOND) AS occurred_at,
       DATE_ADD('1970-01-01', INTERVAL e.recorded_at MICROSECOND) AS recorded_at,
       e.actor,
       LOWER(CONCAT_WS('-', HEX(LEFT(e.command, 4)), HEX(SUBSTR(e.command, 5, 2)), HEX(SUBSTR(e.command, 7, 2)), HEX(SUBSTR(e.command, 9, 2)), HEX(RIGHT(e.command, 6)))) AS command,
       COALESCE(e.body, c.answer) AS body
FROM events e
LEFT JOIN commands c ON c.id = e.command;

-- What a program around the shop has to remember: users, keys, sessions. No rule reads it and it is no part of the
-- shop's state.
CREATE TABLE IF NOT EXISTS registry (
    kind       VARCHAR(40)  NOT NULL,
    name       VARCHAR(200) NOT NULL,
    version    BIGINT       NOT NULL,
    body       MEDIUMTEXT   NOT NULL, -- JSON
    expires_at BIGINT,
    PRIMARY KEY (kind, name),
    INDEX registry_expires_at (expires_at)
) ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin;
