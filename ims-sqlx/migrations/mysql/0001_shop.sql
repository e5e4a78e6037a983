-- The shop in MySQL and MariaDB.
--
-- Quantities and amounts of money are integers, scaled by 1,000,000: 2500000 is 2.5. Moments are microseconds since
-- 1970-01-01T00:00:00Z, days are days since 1970-01-01. Ids are the 16 bytes of a UUID. A column `..._folded` is the
-- text in upper case, for comparing. `version` counts how often a row was written. The views at the end (`stock_view`
-- and the like) show all of this as people read it.
--
-- Texts are compared byte by byte, trailing spaces included: the database's collation is set so before this runs, under
-- the name that MySQL or MariaDB has for it. Every statement may run twice: neither database can take back a half-made
-- schema, so one that was interrupted is made to its end by the next to open it.
--
-- The tables that grow with every sale name items, sites and commands without a foreign key, and have no index that no
-- question needs: each would be paid for on every line sold, and nothing that they name is ever deleted.

CREATE TABLE IF NOT EXISTS head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    newest BIGINT NOT NULL COMMENT 'offset of the newest event',
    catalog BIGINT NOT NULL COMMENT 'how often shop, items, locations, suppliers or customers were written'
) COMMENT = 'How far the log and the catalogue have come. Every change takes this row last, so that changes become visible in the order of their events.';

INSERT IGNORE INTO head (id, newest, catalog) VALUES (1, 0, 0);

CREATE TABLE IF NOT EXISTS shop (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    name VARCHAR(255) NOT NULL,
    currency VARCHAR(3) NOT NULL,
    time_zone VARCHAR(64) NOT NULL,
    round_digits BIGINT NOT NULL COMMENT 'decimals of the total of a document''s line',
    round_mode VARCHAR(16) NOT NULL,
    costing VARCHAR(16) NOT NULL CHECK (costing IN ('fifo', 'average', 'standard')),
    closed_until BIGINT COMMENT 'day',
    version BIGINT NOT NULL
) COMMENT = 'The shop itself: one row.';

CREATE TABLE IF NOT EXISTS suppliers (
    id BINARY(16) NOT NULL PRIMARY KEY,
    code VARCHAR(128) NOT NULL,
    code_folded VARCHAR(384) NOT NULL UNIQUE,
    name VARCHAR(255) NOT NULL,
    name_folded VARCHAR(765) NOT NULL,
    contact VARCHAR(255) NOT NULL,
    email VARCHAR(255) NOT NULL,
    phone VARCHAR(255) NOT NULL,
    address TEXT NOT NULL,
    city VARCHAR(255) NOT NULL,
    city_folded VARCHAR(765) NOT NULL,
    country VARCHAR(255) NOT NULL,
    standing VARCHAR(16) NOT NULL CHECK (standing IN ('active', 'retired')),
    version BIGINT NOT NULL
) COMMENT = 'Whom the shop buys from.';

CREATE TABLE IF NOT EXISTS customers (
    id BINARY(16) NOT NULL PRIMARY KEY,
    code VARCHAR(128) NOT NULL,
    code_folded VARCHAR(384) NOT NULL UNIQUE,
    name VARCHAR(255) NOT NULL,
    name_folded VARCHAR(765) NOT NULL,
    contact VARCHAR(255) NOT NULL,
    email VARCHAR(255) NOT NULL,
    phone VARCHAR(255) NOT NULL,
    address TEXT NOT NULL,
    city VARCHAR(255) NOT NULL,
    city_folded VARCHAR(765) NOT NULL,
    country VARCHAR(255) NOT NULL,
    standing VARCHAR(16) NOT NULL CHECK (standing IN ('active', 'retired')),
    version BIGINT NOT NULL
) COMMENT = 'Whom the shop sells to.';

CREATE TABLE IF NOT EXISTS locations (
    id BINARY(16) NOT NULL PRIMARY KEY,
    code VARCHAR(128) NOT NULL,
    code_folded VARCHAR(384) NOT NULL UNIQUE,
    name VARCHAR(255) NOT NULL,
    kind VARCHAR(16) NOT NULL CHECK (kind IN ('site', 'supplier', 'customer', 'loss', 'variance', 'service')),
    standing VARCHAR(16) NOT NULL CHECK (standing IN ('active', 'retired')),
    version BIGINT NOT NULL
) COMMENT = 'Where goods are, come from and go to: sites, and virtual places such as where lost goods go.';

CREATE TABLE IF NOT EXISTS items (
    id BINARY(16) NOT NULL PRIMARY KEY,
    sku VARCHAR(64) NOT NULL,
    sku_folded VARCHAR(192) NOT NULL UNIQUE,
    name VARCHAR(255) NOT NULL,
    name_folded VARCHAR(765) NOT NULL,
    description TEXT NOT NULL,
    brand VARCHAR(255) NOT NULL,
    category VARCHAR(255) NOT NULL COMMENT 'a path: Drinks/Tea',
    unit VARCHAR(16) NOT NULL,
    unit_decimals BIGINT NOT NULL,
    tracking VARCHAR(16) NOT NULL CHECK (tracking IN ('stocked', 'service')),
    costing VARCHAR(16) NOT NULL CHECK (costing IN ('fifo', 'average', 'standard')),
    standard_cost BIGINT,
    price BIGINT,
    reorder_point BIGINT,
    reorder_to BIGINT,
    backorder_limit BIGINT NOT NULL,
    supplier BINARY(16),
    standing VARCHAR(16) NOT NULL CHECK (standing IN ('active', 'retired')),
    version BIGINT NOT NULL,
    FOREIGN KEY (supplier) REFERENCES suppliers (id)
) COMMENT = 'What is bought and sold.';

CREATE TABLE IF NOT EXISTS item_barcodes (
    item BINARY(16) NOT NULL,
    place BIGINT NOT NULL COMMENT 'its place among the item''s barcodes, from 0',
    barcode VARCHAR(80) NOT NULL UNIQUE,
    PRIMARY KEY (item, place),
    FOREIGN KEY (item) REFERENCES items (id)
) COMMENT = 'The barcodes of items.';

CREATE TABLE IF NOT EXISTS series (
    code VARCHAR(128) NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL COMMENT 'the number given last',
    version BIGINT NOT NULL
) COMMENT = 'Numbers orders and purchases without gaps.';

CREATE TABLE IF NOT EXISTS stock (
    item BINARY(16) NOT NULL,
    site BINARY(16) NOT NULL,
    on_hand BIGINT NOT NULL CHECK (on_hand >= 0),
    value BIGINT NOT NULL,
    allocated BIGINT NOT NULL CHECK (allocated >= 0),
    held BIGINT NOT NULL CHECK (held >= 0),
    holds_lapse_at BIGINT COMMENT 'when the first hold lapses',
    backordered BIGINT NOT NULL CHECK (backordered >= 0),
    incoming BIGINT NOT NULL CHECK (incoming >= 0),
    last_unit_cost BIGINT,
    layers_made BIGINT NOT NULL,
    level VARCHAR(16) NOT NULL CHECK (level IN ('normal', 'low', 'out')),
    version BIGINT NOT NULL,
    PRIMARY KEY (item, site),
    FOREIGN KEY (item) REFERENCES items (id),
    FOREIGN KEY (site) REFERENCES locations (id)
) COMMENT = 'What is on the shelf, one row for each item at each site. Its version guards layers, holds and alerts as well.';

CREATE TABLE IF NOT EXISTS layers (
    item BINARY(16) NOT NULL,
    site BINARY(16) NOT NULL,
    acquired_at BIGINT NOT NULL,
    number BIGINT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity >= 0),
    value BIGINT NOT NULL,
    PRIMARY KEY (item, site, acquired_at, number),
    FOREIGN KEY (item, site) REFERENCES stock (item, site)
) COMMENT = 'What is left of each acquisition.';

CREATE TABLE IF NOT EXISTS holds (
    id BINARY(16) NOT NULL PRIMARY KEY,
    item BINARY(16) NOT NULL,
    site BINARY(16) NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity >= 0),
    lapses_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    FOREIGN KEY (item, site) REFERENCES stock (item, site),
    KEY holds_stock (item, site)
) COMMENT = 'Stock put aside until it lapses.';

CREATE TABLE IF NOT EXISTS alerts (
    item BINARY(16) NOT NULL,
    site BINARY(16) NOT NULL,
    kind VARCHAR(16) NOT NULL CHECK (kind IN ('low', 'out')),
    available BIGINT NOT NULL,
    threshold BIGINT NOT NULL,
    raised_at BIGINT NOT NULL,
    acknowledged_at BIGINT,
    resolved_at BIGINT,
    PRIMARY KEY (item, site),
    FOREIGN KEY (item, site) REFERENCES stock (item, site)
) COMMENT = 'Stock that sank too far: one row for each item at each site, kept when it is resolved.';

CREATE TABLE IF NOT EXISTS orders (
    id BINARY(16) NOT NULL PRIMARY KEY,
    series VARCHAR(128) NOT NULL,
    number BIGINT NOT NULL,
    site BINARY(16) NOT NULL,
    customer BINARY(16),
    currency VARCHAR(3) NOT NULL,
    status VARCHAR(16) NOT NULL CHECK (status IN ('placed', 'partly_shipped', 'shipped', 'cancelled')),
    placed_at BIGINT NOT NULL,
    total BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (series, number),
    KEY orders_placed_at (placed_at, id),
    KEY orders_customer (customer, placed_at, id),
    FOREIGN KEY (site) REFERENCES locations (id),
    FOREIGN KEY (customer) REFERENCES customers (id)
) COMMENT = 'Sales orders.';

CREATE TABLE IF NOT EXISTS order_lines (
    order_id BINARY(16) NOT NULL,
    line BIGINT NOT NULL COMMENT 'from 0',
    item BINARY(16) NOT NULL,
    sku VARCHAR(64) NOT NULL COMMENT 'this and the next four as they were when the order was placed',
    name VARCHAR(255) NOT NULL,
    brand VARCHAR(255) NOT NULL,
    category VARCHAR(255) NOT NULL,
    tracking VARCHAR(16) NOT NULL CHECK (tracking IN ('stocked', 'service')),
    quantity BIGINT NOT NULL CHECK (quantity >= 0),
    unit_price BIGINT NOT NULL,
    discount BIGINT NOT NULL,
    total BIGINT NOT NULL,
    allocated BIGINT NOT NULL CHECK (allocated >= 0),
    backordered BIGINT NOT NULL CHECK (backordered >= 0),
    shipped BIGINT NOT NULL CHECK (shipped >= 0),
    cancelled BIGINT NOT NULL CHECK (cancelled >= 0),
    returned BIGINT NOT NULL CHECK (returned >= 0),
    revenue BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    refunded BIGINT NOT NULL,
    cost_returned BIGINT NOT NULL,
    PRIMARY KEY (order_id, line),
    KEY order_lines_item (item, backordered),
    FOREIGN KEY (order_id) REFERENCES orders (id)
) COMMENT = 'The lines of sales orders.';

CREATE TABLE IF NOT EXISTS shipments (
    order_id BINARY(16) NOT NULL,
    number BIGINT NOT NULL COMMENT 'from 0',
    command BINARY(16) NOT NULL,
    shipped_at BIGINT NOT NULL,
    PRIMARY KEY (order_id, number),
    FOREIGN KEY (order_id) REFERENCES orders (id)
) COMMENT = 'What left of sales orders, and when.';

CREATE TABLE IF NOT EXISTS purchases (
    id BINARY(16) NOT NULL PRIMARY KEY,
    series VARCHAR(128) NOT NULL,
    number BIGINT NOT NULL,
    supplier BINARY(16) NOT NULL,
    site BINARY(16) NOT NULL,
    status VARCHAR(16) NOT NULL CHECK (status IN ('ordered', 'partly_received', 'received', 'closed_short', 'cancelled')),
    ordered_at BIGINT NOT NULL,
    expected BIGINT COMMENT 'day',
    total BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (series, number),
    KEY purchases_ordered_at (ordered_at, id),
    FOREIGN KEY (supplier) REFERENCES suppliers (id),
    FOREIGN KEY (site) REFERENCES locations (id)
) COMMENT = 'Purchase orders.';

CREATE TABLE IF NOT EXISTS purchase_lines (
    purchase_id BINARY(16) NOT NULL,
    line BIGINT NOT NULL COMMENT 'from 0',
    item BINARY(16) NOT NULL,
    sku VARCHAR(64) NOT NULL,
    name VARCHAR(255) NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity >= 0),
    unit_cost BIGINT NOT NULL,
    received BIGINT NOT NULL CHECK (received >= 0),
    cancelled BIGINT NOT NULL CHECK (cancelled >= 0),
    PRIMARY KEY (purchase_id, line),
    KEY purchase_lines_item (item),
    FOREIGN KEY (purchase_id) REFERENCES purchases (id)
) COMMENT = 'The lines of purchase orders.';

CREATE TABLE IF NOT EXISTS returns (
    id BINARY(16) NOT NULL PRIMARY KEY,
    order_id BINARY(16),
    site BINARY(16) NOT NULL,
    customer BINARY(16),
    returned_at BIGINT NOT NULL,
    refund BIGINT NOT NULL,
    FOREIGN KEY (order_id) REFERENCES orders (id),
    FOREIGN KEY (site) REFERENCES locations (id),
    FOREIGN KEY (customer) REFERENCES customers (id)
) COMMENT = 'Goods that customers brought back.';

CREATE TABLE IF NOT EXISTS return_lines (
    return_id BINARY(16) NOT NULL,
    line BIGINT NOT NULL COMMENT 'from 0',
    item BINARY(16) NOT NULL,
    sku VARCHAR(64) NOT NULL,
    name VARCHAR(255) NOT NULL,
    brand VARCHAR(255) NOT NULL,
    category VARCHAR(255) NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity >= 0),
    refund BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    PRIMARY KEY (return_id, line),
    FOREIGN KEY (return_id) REFERENCES returns (id)
) COMMENT = 'The lines of returns.';

CREATE TABLE IF NOT EXISTS movements (
    command BINARY(16) NOT NULL,
    number BIGINT NOT NULL COMMENT 'its place among the command''s movements, from 0',
    item BINARY(16) NOT NULL,
    from_location BINARY(16) NOT NULL,
    to_location BINARY(16) NOT NULL,
    kind VARCHAR(16) NOT NULL,
    reason VARCHAR(16) COMMENT 'of an adjustment',
    quantity BIGINT NOT NULL CHECK (quantity >= 0),
    value BIGINT NOT NULL,
    revenue BIGINT NOT NULL,
    acquired_at BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    order_id BINARY(16) COMMENT 'what the goods moved for: an order, a return, or a purchase, and its line',
    return_id BINARY(16),
    purchase_id BINARY(16),
    document_line BIGINT,
    undoes_command BINARY(16) COMMENT 'the movement that this one undoes',
    undoes_number BIGINT,
    PRIMARY KEY (command, number),
    KEY movements_item (item, occurred_at)
) COMMENT = 'The ledger: goods, and what they cost, going from one location to another. Rows are never changed.';

CREATE TABLE IF NOT EXISTS undone (
    command BINARY(16) NOT NULL,
    number BIGINT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity >= 0),
    value BIGINT NOT NULL,
    PRIMARY KEY (command, number)
) COMMENT = 'How much of a movement was undone by later ones.';

CREATE TABLE IF NOT EXISTS sales (
    day BIGINT NOT NULL,
    site BINARY(16) NOT NULL,
    item BINARY(16) NOT NULL,
    brand VARCHAR(255) NOT NULL,
    category VARCHAR(255) NOT NULL,
    units BIGINT NOT NULL,
    revenue BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    PRIMARY KEY (day, site, item, brand, category)
) COMMENT = 'What was sold less what came back, kept up to date with every sale.';

CREATE TABLE IF NOT EXISTS customer_sales (
    day BIGINT NOT NULL,
    customer BINARY(16) NOT NULL COMMENT 'all zeros: not known',
    units BIGINT NOT NULL,
    revenue BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    PRIMARY KEY (day, customer)
) COMMENT = 'What customers bought less what they brought back, kept up to date with every sale.';

CREATE TABLE IF NOT EXISTS commands (
    id BINARY(16) NOT NULL PRIMARY KEY,
    fingerprint BINARY(16) NOT NULL COMMENT 'tells another command with the same id',
    form BIGINT NOT NULL COMMENT 'version of the JSON',
    answer LONGTEXT NOT NULL COMMENT 'JSON: the receipt or the refusal'
) COMMENT = 'What each command was answered, for ever: a command that comes twice gets the same answer.';

CREATE TABLE IF NOT EXISTS events (
    event_offset BIGINT PRIMARY KEY,
    command BINARY(16) NOT NULL,
    actor VARCHAR(1000) NOT NULL,
    occurred_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    body LONGTEXT COMMENT 'JSON; null where it is the receipt of the command'
) COMMENT = 'The log: no offset is missing, and none becomes visible before a smaller one.';

-- As people read it: decimals, times and texts.

CREATE OR REPLACE VIEW items_view AS
SELECT LOWER(CONCAT_WS('-', SUBSTR(HEX(i.id), 1, 8), SUBSTR(HEX(i.id), 9, 4), SUBSTR(HEX(i.id), 13, 4), SUBSTR(HEX(i.id), 17, 4), SUBSTR(HEX(i.id), 21, 12))) AS id,
       i.sku,
       i.name,
       i.brand,
       i.category,
       i.unit,
       i.tracking,
       i.costing,
       CAST(i.price * 0.000001 AS DECIMAL(20, 6)) AS price,
       CAST(i.standard_cost * 0.000001 AS DECIMAL(20, 6)) AS standard_cost,
       CAST(i.reorder_point * 0.000001 AS DECIMAL(20, 6)) AS reorder_point,
       CAST(i.reorder_to * 0.000001 AS DECIMAL(20, 6)) AS reorder_to,
       CAST(i.backorder_limit * 0.000001 AS DECIMAL(20, 6)) AS backorder_limit,
       p.code AS supplier,
       i.standing
FROM items i
LEFT JOIN suppliers p ON p.id = i.supplier;

CREATE OR REPLACE VIEW stock_view AS
SELECT i.sku,
       i.name,
       l.code AS site,
       CAST(s.on_hand * 0.000001 AS DECIMAL(20, 6)) AS on_hand,
       CAST((s.allocated + s.held) * 0.000001 AS DECIMAL(20, 6)) AS committed,
       CAST((s.on_hand - s.allocated - s.held) * 0.000001 AS DECIMAL(20, 6)) AS available,
       CAST(s.incoming * 0.000001 AS DECIMAL(20, 6)) AS incoming,
       CAST(s.backordered * 0.000001 AS DECIMAL(20, 6)) AS backordered,
       CAST(s.value * 0.000001 AS DECIMAL(20, 6)) AS value,
       s.level
FROM stock s
JOIN items i ON i.id = s.item
JOIN locations l ON l.id = s.site;

CREATE OR REPLACE VIEW alerts_view AS
SELECT i.sku,
       i.name,
       l.code AS site,
       a.kind,
       CAST(a.available * 0.000001 AS DECIMAL(20, 6)) AS available,
       CAST(a.threshold * 0.000001 AS DECIMAL(20, 6)) AS threshold,
       TIMESTAMPADD(MICROSECOND, a.raised_at, TIMESTAMP '1970-01-01 00:00:00') AS raised_at,
       TIMESTAMPADD(MICROSECOND, a.acknowledged_at, TIMESTAMP '1970-01-01 00:00:00') AS acknowledged_at,
       TIMESTAMPADD(MICROSECOND, a.resolved_at, TIMESTAMP '1970-01-01 00:00:00') AS resolved_at
FROM alerts a
JOIN items i ON i.id = a.item
JOIN locations l ON l.id = a.site;

CREATE OR REPLACE VIEW orders_view AS
SELECT LOWER(CONCAT_WS('-', SUBSTR(HEX(o.id), 1, 8), SUBSTR(HEX(o.id), 9, 4), SUBSTR(HEX(o.id), 13, 4), SUBSTR(HEX(o.id), 17, 4), SUBSTR(HEX(o.id), 21, 12))) AS id,
       o.series,
       o.number,
       l.code AS site,
       c.code AS customer,
       o.status,
       TIMESTAMPADD(MICROSECOND, o.placed_at, TIMESTAMP '1970-01-01 00:00:00') AS placed_at,
       CAST(o.total * 0.000001 AS DECIMAL(20, 6)) AS total,
       o.currency
FROM orders o
JOIN locations l ON l.id = o.site
LEFT JOIN customers c ON c.id = o.customer;

CREATE OR REPLACE VIEW order_lines_view AS
SELECT o.series,
       o.number,
       l.line,
       l.sku,
       l.name,
       CAST(l.quantity * 0.000001 AS DECIMAL(20, 6)) AS quantity,
       CAST(l.unit_price * 0.000001 AS DECIMAL(20, 6)) AS unit_price,
       CAST(l.discount * 0.000001 AS DECIMAL(20, 6)) AS discount,
       CAST(l.total * 0.000001 AS DECIMAL(20, 6)) AS total,
       CAST(l.allocated * 0.000001 AS DECIMAL(20, 6)) AS allocated,
       CAST(l.backordered * 0.000001 AS DECIMAL(20, 6)) AS backordered,
       CAST(l.shipped * 0.000001 AS DECIMAL(20, 6)) AS shipped,
       CAST(l.cancelled * 0.000001 AS DECIMAL(20, 6)) AS cancelled,
       CAST(l.returned * 0.000001 AS DECIMAL(20, 6)) AS returned,
       CAST(l.revenue * 0.000001 AS DECIMAL(20, 6)) AS revenue,
       CAST(l.cost * 0.000001 AS DECIMAL(20, 6)) AS cost,
       CAST(l.refunded * 0.000001 AS DECIMAL(20, 6)) AS refunded,
       CAST(l.cost_returned * 0.000001 AS DECIMAL(20, 6)) AS cost_returned
FROM order_lines l
JOIN orders o ON o.id = l.order_id;

CREATE OR REPLACE VIEW purchases_view AS
SELECT LOWER(CONCAT_WS('-', SUBSTR(HEX(p.id), 1, 8), SUBSTR(HEX(p.id), 9, 4), SUBSTR(HEX(p.id), 13, 4), SUBSTR(HEX(p.id), 17, 4), SUBSTR(HEX(p.id), 21, 12))) AS id,
       p.series,
       p.number,
       s.code AS supplier,
       l.code AS site,
       p.status,
       TIMESTAMPADD(MICROSECOND, p.ordered_at, TIMESTAMP '1970-01-01 00:00:00') AS ordered_at,
       DATE '1970-01-01' + INTERVAL p.expected DAY AS expected,
       CAST(p.total * 0.000001 AS DECIMAL(20, 6)) AS total
FROM purchases p
JOIN suppliers s ON s.id = p.supplier
JOIN locations l ON l.id = p.site;

CREATE OR REPLACE VIEW purchase_lines_view AS
SELECT p.series,
       p.number,
       l.line,
       l.sku,
       l.name,
       CAST(l.quantity * 0.000001 AS DECIMAL(20, 6)) AS quantity,
       CAST(l.unit_cost * 0.000001 AS DECIMAL(20, 6)) AS unit_cost,
       CAST(l.received * 0.000001 AS DECIMAL(20, 6)) AS received,
       CAST(l.cancelled * 0.000001 AS DECIMAL(20, 6)) AS cancelled
FROM purchase_lines l
JOIN purchases p ON p.id = l.purchase_id;

CREATE OR REPLACE VIEW returns_view AS
SELECT LOWER(CONCAT_WS('-', SUBSTR(HEX(r.id), 1, 8), SUBSTR(HEX(r.id), 9, 4), SUBSTR(HEX(r.id), 13, 4), SUBSTR(HEX(r.id), 17, 4), SUBSTR(HEX(r.id), 21, 12))) AS id,
       l.code AS site,
       c.code AS customer,
       o.series AS order_series,
       o.number AS order_number,
       TIMESTAMPADD(MICROSECOND, r.returned_at, TIMESTAMP '1970-01-01 00:00:00') AS returned_at,
       t.line,
       t.sku,
       t.name,
       CAST(t.quantity * 0.000001 AS DECIMAL(20, 6)) AS quantity,
       CAST(t.refund * 0.000001 AS DECIMAL(20, 6)) AS refund,
       CAST(t.cost * 0.000001 AS DECIMAL(20, 6)) AS cost
FROM return_lines t
JOIN returns r ON r.id = t.return_id
JOIN locations l ON l.id = r.site
LEFT JOIN customers c ON c.id = r.customer
LEFT JOIN orders o ON o.id = r.order_id;

CREATE OR REPLACE VIEW movements_view AS
SELECT LOWER(CONCAT_WS('-', SUBSTR(HEX(m.command), 1, 8), SUBSTR(HEX(m.command), 9, 4), SUBSTR(HEX(m.command), 13, 4), SUBSTR(HEX(m.command), 17, 4), SUBSTR(HEX(m.command), 21, 12))) AS command,
       m.number,
       i.sku,
       i.name,
       f.code AS from_location,
       t.code AS to_location,
       m.kind,
       m.reason,
       CAST(m.quantity * 0.000001 AS DECIMAL(20, 6)) AS quantity,
       CAST(m.value * 0.000001 AS DECIMAL(20, 6)) AS value,
       CAST(m.revenue * 0.000001 AS DECIMAL(20, 6)) AS revenue,
       TIMESTAMPADD(MICROSECOND, m.occurred_at, TIMESTAMP '1970-01-01 00:00:00') AS occurred_at,
       TIMESTAMPADD(MICROSECOND, m.recorded_at, TIMESTAMP '1970-01-01 00:00:00') AS recorded_at,
       TIMESTAMPADD(MICROSECOND, m.acquired_at, TIMESTAMP '1970-01-01 00:00:00') AS acquired_at
FROM movements m
JOIN items i ON i.id = m.item
JOIN locations f ON f.id = m.from_location
JOIN locations t ON t.id = m.to_location;

CREATE OR REPLACE VIEW sales_view AS
SELECT DATE '1970-01-01' + INTERVAL s.day DAY AS day,
       l.code AS site,
       i.sku,
       i.name,
       s.brand,
       s.category,
       CAST(s.units * 0.000001 AS DECIMAL(20, 6)) AS units,
       CAST(s.revenue * 0.000001 AS DECIMAL(20, 6)) AS revenue,
       CAST(s.cost * 0.000001 AS DECIMAL(20, 6)) AS cost,
       CAST((s.revenue - s.cost) * 0.000001 AS DECIMAL(20, 6)) AS profit
FROM sales s
JOIN items i ON i.id = s.item
JOIN locations l ON l.id = s.site;

CREATE OR REPLACE VIEW customer_sales_view AS
SELECT DATE '1970-01-01' + INTERVAL s.day DAY AS day,
       c.code AS customer,
       c.name,
       CAST(s.units * 0.000001 AS DECIMAL(20, 6)) AS units,
       CAST(s.revenue * 0.000001 AS DECIMAL(20, 6)) AS revenue,
       CAST(s.cost * 0.000001 AS DECIMAL(20, 6)) AS cost,
       CAST((s.revenue - s.cost) * 0.000001 AS DECIMAL(20, 6)) AS profit
FROM customer_sales s
LEFT JOIN customers c ON c.id = s.customer;

CREATE OR REPLACE VIEW event_log AS
SELECT e.event_offset,
       TIMESTAMPADD(MICROSECOND, e.occurred_at, TIMESTAMP '1970-01-01 00:00:00') AS occurred_at,
       TIMESTAMPADD(MICROSECOND, e.recorded_at, TIMESTAMP '1970-01-01 00:00:00') AS recorded_at,
       e.actor,
       LOWER(CONCAT_WS('-', SUBSTR(HEX(e.command), 1, 8), SUBSTR(HEX(e.command), 9, 4), SUBSTR(HEX(e.command), 13, 4), SUBSTR(HEX(e.command), 17, 4), SUBSTR(HEX(e.command), 21, 12))) AS command,
       COALESCE(e.body, c.answer) AS body
FROM events e
LEFT JOIN commands c ON c.id = e.command;
