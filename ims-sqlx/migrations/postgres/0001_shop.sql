-- The shop in PostgreSQL.
--
-- Quantities and amounts of money are integers, scaled by 1,000,000: 2500000 is 2.5. Moments are microseconds since
-- 1970-01-01T00:00:00Z, days are days since 1970-01-01. A column `..._folded` is the text in upper case, for comparing.
-- `version` counts how often a row was written. The views at the end (`stock_view` and the like) show all of this as
-- people read it. Texts have the collation "C": what is sorted by them is in the same order on every machine.
--
-- The tables that grow with every sale name items, sites and commands without a foreign key, and have no index that no
-- question needs: each would be paid for on every line sold, and nothing that they name is ever deleted. Tables whose
-- rows are written again and again have room in their pages, so that a new version stays beside the old one.

CREATE TABLE head (
    id bigint PRIMARY KEY CHECK (id = 1),
    newest bigint NOT NULL,
    catalog bigint NOT NULL
) WITH (fillfactor = 50);
COMMENT ON TABLE head IS 'How far the log and the catalogue have come. Every change takes this row last, so that changes become visible in the order of their events.';
COMMENT ON COLUMN head.newest IS 'offset of the newest event';
COMMENT ON COLUMN head.catalog IS 'how often shop, items, locations, suppliers or customers were written';

INSERT INTO head (id, newest, catalog) VALUES (1, 0, 0);

CREATE TABLE shop (
    id bigint PRIMARY KEY CHECK (id = 1),
    name text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    time_zone text COLLATE "C" NOT NULL,
    round_digits bigint NOT NULL,
    round_mode text COLLATE "C" NOT NULL,
    costing text COLLATE "C" NOT NULL CHECK (costing IN ('fifo', 'average', 'standard')),
    closed_until bigint,
    version bigint NOT NULL
);
COMMENT ON TABLE shop IS 'The shop itself: one row.';
COMMENT ON COLUMN shop.round_digits IS 'decimals of the total of a document''s line';
COMMENT ON COLUMN shop.closed_until IS 'day';

CREATE TABLE suppliers (
    id uuid NOT NULL PRIMARY KEY,
    code text COLLATE "C" NOT NULL,
    code_folded text COLLATE "C" NOT NULL UNIQUE,
    name text COLLATE "C" NOT NULL,
    name_folded text COLLATE "C" NOT NULL,
    contact text COLLATE "C" NOT NULL,
    email text COLLATE "C" NOT NULL,
    phone text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    city text COLLATE "C" NOT NULL,
    city_folded text COLLATE "C" NOT NULL,
    country text COLLATE "C" NOT NULL,
    standing text COLLATE "C" NOT NULL CHECK (standing IN ('active', 'retired')),
    version bigint NOT NULL
);
COMMENT ON TABLE suppliers IS 'Whom the shop buys from.';

CREATE TABLE customers (
    id uuid NOT NULL PRIMARY KEY,
    code text COLLATE "C" NOT NULL,
    code_folded text COLLATE "C" NOT NULL UNIQUE,
    name text COLLATE "C" NOT NULL,
    name_folded text COLLATE "C" NOT NULL,
    contact text COLLATE "C" NOT NULL,
    email text COLLATE "C" NOT NULL,
    phone text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    city text COLLATE "C" NOT NULL,
    city_folded text COLLATE "C" NOT NULL,
    country text COLLATE "C" NOT NULL,
    standing text COLLATE "C" NOT NULL CHECK (standing IN ('active', 'retired')),
    version bigint NOT NULL
);
COMMENT ON TABLE customers IS 'Whom the shop sells to.';

CREATE TABLE locations (
    id uuid NOT NULL PRIMARY KEY,
    code text COLLATE "C" NOT NULL,
    code_folded text COLLATE "C" NOT NULL UNIQUE,
    name text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('site', 'supplier', 'customer', 'loss', 'variance', 'service')),
    standing text COLLATE "C" NOT NULL CHECK (standing IN ('active', 'retired')),
    version bigint NOT NULL
);
COMMENT ON TABLE locations IS 'Where goods are, come from and go to: sites, and virtual places such as where lost goods go.';

CREATE TABLE items (
    id uuid NOT NULL PRIMARY KEY,
    sku text COLLATE "C" NOT NULL,
    sku_folded text COLLATE "C" NOT NULL UNIQUE,
    name text COLLATE "C" NOT NULL,
    name_folded text COLLATE "C" NOT NULL,
    description text COLLATE "C" NOT NULL,
    brand text COLLATE "C" NOT NULL,
    category text COLLATE "C" NOT NULL,
    unit text COLLATE "C" NOT NULL,
    unit_decimals bigint NOT NULL,
    tracking text COLLATE "C" NOT NULL CHECK (tracking IN ('stocked', 'service')),
    costing text COLLATE "C" NOT NULL CHECK (costing IN ('fifo', 'average', 'standard')),
    standard_cost bigint,
    price bigint,
    reorder_point bigint,
    reorder_to bigint,
    backorder_limit bigint NOT NULL,
    supplier uuid REFERENCES suppliers (id),
    standing text COLLATE "C" NOT NULL CHECK (standing IN ('active', 'retired')),
    version bigint NOT NULL
);
COMMENT ON TABLE items IS 'What is bought and sold.';
COMMENT ON COLUMN items.category IS 'a path: Drinks/Tea';

CREATE TABLE item_barcodes (
    item uuid NOT NULL REFERENCES items (id),
    place bigint NOT NULL,
    barcode text COLLATE "C" NOT NULL UNIQUE,
    PRIMARY KEY (item, place)
);
COMMENT ON TABLE item_barcodes IS 'The barcodes of items.';
COMMENT ON COLUMN item_barcodes.place IS 'its place among the item''s barcodes, from 0';

CREATE TABLE series (
    code text COLLATE "C" NOT NULL PRIMARY KEY,
    last bigint NOT NULL,
    version bigint NOT NULL
) WITH (fillfactor = 50);
COMMENT ON TABLE series IS 'Numbers orders and purchases without gaps.';
COMMENT ON COLUMN series.last IS 'the number given last';

CREATE TABLE stock (
    item uuid NOT NULL REFERENCES items (id),
    site uuid NOT NULL REFERENCES locations (id),
    on_hand bigint NOT NULL CHECK (on_hand >= 0),
    value bigint NOT NULL,
    allocated bigint NOT NULL CHECK (allocated >= 0),
    held bigint NOT NULL CHECK (held >= 0),
    holds_lapse_at bigint,
    backordered bigint NOT NULL CHECK (backordered >= 0),
    incoming bigint NOT NULL CHECK (incoming >= 0),
    last_unit_cost bigint,
    layers_made bigint NOT NULL,
    level text COLLATE "C" NOT NULL CHECK (level IN ('normal', 'low', 'out')),
    version bigint NOT NULL,
    PRIMARY KEY (item, site)
) WITH (fillfactor = 70);
COMMENT ON TABLE stock IS 'What is on the shelf, one row for each item at each site. Its version guards layers, holds and alerts as well.';
COMMENT ON COLUMN stock.allocated IS 'claimed by placed orders';
COMMENT ON COLUMN stock.held IS 'claimed by holds, lapsed ones included';
COMMENT ON COLUMN stock.holds_lapse_at IS 'when the first hold lapses';
COMMENT ON COLUMN stock.backordered IS 'promised and not allocated';
COMMENT ON COLUMN stock.incoming IS 'ordered and not received';

CREATE TABLE layers (
    item uuid NOT NULL,
    site uuid NOT NULL,
    acquired_at bigint NOT NULL,
    number bigint NOT NULL,
    quantity bigint NOT NULL CHECK (quantity >= 0),
    value bigint NOT NULL,
    PRIMARY KEY (item, site, acquired_at, number),
    FOREIGN KEY (item, site) REFERENCES stock (item, site)
) WITH (fillfactor = 70);
COMMENT ON TABLE layers IS 'What is left of each acquisition.';

CREATE TABLE holds (
    id uuid NOT NULL PRIMARY KEY,
    item uuid NOT NULL,
    site uuid NOT NULL,
    quantity bigint NOT NULL CHECK (quantity >= 0),
    lapses_at bigint NOT NULL,
    version bigint NOT NULL,
    FOREIGN KEY (item, site) REFERENCES stock (item, site)
);
COMMENT ON TABLE holds IS 'Stock put aside until it lapses.';

CREATE INDEX holds_stock ON holds (item, site);

CREATE TABLE alerts (
    item uuid NOT NULL,
    site uuid NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('low', 'out')),
    available bigint NOT NULL,
    threshold bigint NOT NULL,
    raised_at bigint NOT NULL,
    acknowledged_at bigint,
    resolved_at bigint,
    PRIMARY KEY (item, site),
    FOREIGN KEY (item, site) REFERENCES stock (item, site)
);
COMMENT ON TABLE alerts IS 'Stock that sank too far: one row for each item at each site, kept when it is resolved.';

CREATE TABLE orders (
    id uuid NOT NULL PRIMARY KEY,
    series text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    site uuid NOT NULL REFERENCES locations (id),
    customer uuid REFERENCES customers (id),
    currency text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL CHECK (status IN ('placed', 'partly_shipped', 'shipped', 'cancelled')),
    placed_at bigint NOT NULL,
    total bigint NOT NULL,
    version bigint NOT NULL,
    UNIQUE (series, number)
);
COMMENT ON TABLE orders IS 'Sales orders.';

CREATE INDEX orders_placed_at ON orders (placed_at, id);

CREATE INDEX orders_customer ON orders (customer, placed_at, id) WHERE customer IS NOT NULL;

CREATE TABLE order_lines (
    order_id uuid NOT NULL REFERENCES orders (id),
    line bigint NOT NULL,
    item uuid NOT NULL,
    sku text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    brand text COLLATE "C" NOT NULL,
    category text COLLATE "C" NOT NULL,
    tracking text COLLATE "C" NOT NULL CHECK (tracking IN ('stocked', 'service')),
    quantity bigint NOT NULL CHECK (quantity >= 0),
    unit_price bigint NOT NULL,
    discount bigint NOT NULL,
    total bigint NOT NULL,
    allocated bigint NOT NULL CHECK (allocated >= 0),
    backordered bigint NOT NULL CHECK (backordered >= 0),
    shipped bigint NOT NULL CHECK (shipped >= 0),
    cancelled bigint NOT NULL CHECK (cancelled >= 0),
    returned bigint NOT NULL CHECK (returned >= 0),
    revenue bigint NOT NULL,
    cost bigint NOT NULL,
    refunded bigint NOT NULL,
    cost_returned bigint NOT NULL,
    PRIMARY KEY (order_id, line)
);
COMMENT ON TABLE order_lines IS 'The lines of sales orders.';
COMMENT ON COLUMN order_lines.line IS 'from 0';
COMMENT ON COLUMN order_lines.sku IS 'this and the next four as they were when the order was placed';

CREATE INDEX order_lines_waiting ON order_lines (item) WHERE backordered > 0;

CREATE TABLE shipments (
    order_id uuid NOT NULL REFERENCES orders (id),
    number bigint NOT NULL,
    command uuid NOT NULL,
    shipped_at bigint NOT NULL,
    PRIMARY KEY (order_id, number)
);
COMMENT ON TABLE shipments IS 'What left of sales orders, and when.';
COMMENT ON COLUMN shipments.number IS 'from 0';

CREATE TABLE purchases (
    id uuid NOT NULL PRIMARY KEY,
    series text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    supplier uuid NOT NULL REFERENCES suppliers (id),
    site uuid NOT NULL REFERENCES locations (id),
    status text COLLATE "C" NOT NULL CHECK (status IN ('ordered', 'partly_received', 'received', 'closed_short', 'cancelled')),
    ordered_at bigint NOT NULL,
    expected bigint,
    total bigint NOT NULL,
    version bigint NOT NULL,
    UNIQUE (series, number)
);
COMMENT ON TABLE purchases IS 'Purchase orders.';
COMMENT ON COLUMN purchases.expected IS 'day';

CREATE INDEX purchases_ordered_at ON purchases (ordered_at, id);

CREATE TABLE purchase_lines (
    purchase_id uuid NOT NULL REFERENCES purchases (id),
    line bigint NOT NULL,
    item uuid NOT NULL,
    sku text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    quantity bigint NOT NULL CHECK (quantity >= 0),
    unit_cost bigint NOT NULL,
    received bigint NOT NULL CHECK (received >= 0),
    cancelled bigint NOT NULL CHECK (cancelled >= 0),
    PRIMARY KEY (purchase_id, line)
);
COMMENT ON TABLE purchase_lines IS 'The lines of purchase orders.';
COMMENT ON COLUMN purchase_lines.line IS 'from 0';

CREATE INDEX purchase_lines_item ON purchase_lines (item, purchase_id);

CREATE TABLE returns (
    id uuid NOT NULL PRIMARY KEY,
    order_id uuid REFERENCES orders (id),
    site uuid NOT NULL REFERENCES locations (id),
    customer uuid REFERENCES customers (id),
    returned_at bigint NOT NULL,
    refund bigint NOT NULL
);
COMMENT ON TABLE returns IS 'Goods that customers brought back.';

CREATE TABLE return_lines (
    return_id uuid NOT NULL REFERENCES returns (id),
    line bigint NOT NULL,
    item uuid NOT NULL,
    sku text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    brand text COLLATE "C" NOT NULL,
    category text COLLATE "C" NOT NULL,
    quantity bigint NOT NULL CHECK (quantity >= 0),
    refund bigint NOT NULL,
    cost bigint NOT NULL,
    PRIMARY KEY (return_id, line)
);
COMMENT ON TABLE return_lines IS 'The lines of returns.';
COMMENT ON COLUMN return_lines.line IS 'from 0';

CREATE TABLE movements (
    command uuid NOT NULL,
    number bigint NOT NULL,
    item uuid NOT NULL,
    from_location uuid NOT NULL,
    to_location uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    reason text COLLATE "C",
    quantity bigint NOT NULL CHECK (quantity >= 0),
    value bigint NOT NULL,
    revenue bigint NOT NULL,
    acquired_at bigint NOT NULL,
    layer bigint,
    occurred_at bigint NOT NULL,
    recorded_at bigint NOT NULL,
    order_id uuid,
    return_id uuid,
    purchase_id uuid,
    document_line bigint,
    undoes_command uuid,
    undoes_number bigint,
    PRIMARY KEY (command, number)
);
COMMENT ON TABLE movements IS 'The ledger: goods, and what they cost, going from one location to another. Rows are never changed.';
COMMENT ON COLUMN movements.number IS 'its place among the command''s movements, from 0';
COMMENT ON COLUMN movements.reason IS 'of an adjustment';
COMMENT ON COLUMN movements.layer IS 'the number of the cost layer that they left, or became';
COMMENT ON COLUMN movements.order_id IS 'what the goods moved for: an order, a return, or a purchase, and its line';
COMMENT ON COLUMN movements.undoes_command IS 'the movement that this one undoes';

CREATE INDEX movements_item ON movements (item, occurred_at);
CREATE INDEX movements_occurred_at ON movements (occurred_at, command, number);

CREATE TABLE undone (
    command uuid NOT NULL,
    number bigint NOT NULL,
    quantity bigint NOT NULL CHECK (quantity >= 0),
    value bigint NOT NULL,
    PRIMARY KEY (command, number)
);
COMMENT ON TABLE undone IS 'How much of a movement was undone by later ones.';

CREATE TABLE sales (
    day bigint NOT NULL,
    site uuid NOT NULL,
    item uuid NOT NULL,
    brand text COLLATE "C" NOT NULL,
    category text COLLATE "C" NOT NULL,
    units bigint NOT NULL,
    revenue bigint NOT NULL,
    cost bigint NOT NULL,
    PRIMARY KEY (day, site, item, brand, category)
) WITH (fillfactor = 70);
COMMENT ON TABLE sales IS 'What was sold less what came back, kept up to date with every sale.';

CREATE TABLE customer_sales (
    day bigint NOT NULL,
    customer uuid NOT NULL,
    units bigint NOT NULL,
    revenue bigint NOT NULL,
    cost bigint NOT NULL,
    PRIMARY KEY (day, customer)
) WITH (fillfactor = 70);
COMMENT ON TABLE customer_sales IS 'What customers bought less what they brought back, kept up to date with every sale.';
COMMENT ON COLUMN customer_sales.customer IS 'all zeros: not known';

CREATE TABLE commands (
    id uuid NOT NULL PRIMARY KEY,
    fingerprint uuid NOT NULL,
    form bigint NOT NULL,
    answer text COLLATE "C" NOT NULL
);
COMMENT ON TABLE commands IS 'What each command was answered, for ever: a command that comes twice gets the same answer.';
COMMENT ON COLUMN commands.fingerprint IS 'tells another command with the same id';
COMMENT ON COLUMN commands.form IS 'version of the JSON';
COMMENT ON COLUMN commands.answer IS 'JSON: the receipt or the refusal';

CREATE TABLE events (
    event_offset bigint PRIMARY KEY,
    command uuid NOT NULL,
    actor text COLLATE "C" NOT NULL,
    occurred_at bigint NOT NULL,
    recorded_at bigint NOT NULL,
    body text COLLATE "C"
);
COMMENT ON TABLE events IS 'The log: no offset is missing, and none becomes visible before a smaller one.';
COMMENT ON COLUMN events.body IS 'JSON; null where it is the receipt of the command';

-- As people read it: decimals, times and texts.

CREATE VIEW items_view AS
SELECT i.id,
       i.sku,
       i.name,
       i.brand,
       i.category,
       i.unit,
       i.tracking,
       i.costing,
       (i.price * 0.000001)::numeric(20, 6) AS price,
       (i.standard_cost * 0.000001)::numeric(20, 6) AS standard_cost,
       (i.reorder_point * 0.000001)::numeric(20, 6) AS reorder_point,
       (i.reorder_to * 0.000001)::numeric(20, 6) AS reorder_to,
       (i.backorder_limit * 0.000001)::numeric(20, 6) AS backorder_limit,
       p.code AS supplier,
       i.standing
FROM items i
LEFT JOIN suppliers p ON p.id = i.supplier;

CREATE VIEW stock_view AS
SELECT i.sku,
       i.name,
       l.code AS site,
       (s.on_hand * 0.000001)::numeric(20, 6) AS on_hand,
       ((s.allocated + s.held) * 0.000001)::numeric(20, 6) AS committed,
       ((s.on_hand - s.allocated - s.held) * 0.000001)::numeric(20, 6) AS available,
       (s.incoming * 0.000001)::numeric(20, 6) AS incoming,
       (s.backordered * 0.000001)::numeric(20, 6) AS backordered,
       (s.value * 0.000001)::numeric(20, 6) AS value,
       s.level
FROM stock s
JOIN items i ON i.id = s.item
JOIN locations l ON l.id = s.site;

CREATE VIEW alerts_view AS
SELECT i.sku,
       i.name,
       l.code AS site,
       a.kind,
       (a.available * 0.000001)::numeric(20, 6) AS available,
       (a.threshold * 0.000001)::numeric(20, 6) AS threshold,
       to_timestamp(0) + a.raised_at * interval '1 microsecond' AS raised_at,
       to_timestamp(0) + a.acknowledged_at * interval '1 microsecond' AS acknowledged_at,
       to_timestamp(0) + a.resolved_at * interval '1 microsecond' AS resolved_at
FROM alerts a
JOIN items i ON i.id = a.item
JOIN locations l ON l.id = a.site;

CREATE VIEW orders_view AS
SELECT o.id,
       o.series,
       o.number,
       l.code AS site,
       c.code AS customer,
       o.status,
       to_timestamp(0) + o.placed_at * interval '1 microsecond' AS placed_at,
       (o.total * 0.000001)::numeric(20, 6) AS total,
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
       (l.quantity * 0.000001)::numeric(20, 6) AS quantity,
       (l.unit_price * 0.000001)::numeric(20, 6) AS unit_price,
       (l.discount * 0.000001)::numeric(20, 6) AS discount,
       (l.total * 0.000001)::numeric(20, 6) AS total,
       (l.allocated * 0.000001)::numeric(20, 6) AS allocated,
       (l.backordered * 0.000001)::numeric(20, 6) AS backordered,
       (l.shipped * 0.000001)::numeric(20, 6) AS shipped,
       (l.cancelled * 0.000001)::numeric(20, 6) AS cancelled,
       (l.returned * 0.000001)::numeric(20, 6) AS returned,
       (l.revenue * 0.000001)::numeric(20, 6) AS revenue,
       (l.cost * 0.000001)::numeric(20, 6) AS cost,
       (l.refunded * 0.000001)::numeric(20, 6) AS refunded,
       (l.cost_returned * 0.000001)::numeric(20, 6) AS cost_returned
FROM order_lines l
JOIN orders o ON o.id = l.order_id;

CREATE VIEW purchases_view AS
SELECT p.id,
       p.series,
       p.number,
       s.code AS supplier,
       l.code AS site,
       p.status,
       to_timestamp(0) + p.ordered_at * interval '1 microsecond' AS ordered_at,
       DATE '1970-01-01' + p.expected::int AS expected,
       (p.total * 0.000001)::numeric(20, 6) AS total
FROM purchases p
JOIN suppliers s ON s.id = p.supplier
JOIN locations l ON l.id = p.site;

CREATE VIEW purchase_lines_view AS
SELECT p.series,
       p.number,
       l.line,
       l.sku,
       l.name,
       (l.quantity * 0.000001)::numeric(20, 6) AS quantity,
       (l.unit_cost * 0.000001)::numeric(20, 6) AS unit_cost,
       (l.received * 0.000001)::numeric(20, 6) AS received,
       (l.cancelled * 0.000001)::numeric(20, 6) AS cancelled
FROM purchase_lines l
JOIN purchases p ON p.id = l.purchase_id;

CREATE VIEW returns_view AS
SELECT r.id,
       l.code AS site,
       c.code AS customer,
       o.series AS order_series,
       o.number AS order_number,
       to_timestamp(0) + r.returned_at * interval '1 microsecond' AS returned_at,
       t.line,
       t.sku,
       t.name,
       (t.quantity * 0.000001)::numeric(20, 6) AS quantity,
       (t.refund * 0.000001)::numeric(20, 6) AS refund,
       (t.cost * 0.000001)::numeric(20, 6) AS cost
FROM return_lines t
JOIN returns r ON r.id = t.return_id
JOIN locations l ON l.id = r.site
LEFT JOIN customers c ON c.id = r.customer
LEFT JOIN orders o ON o.id = r.order_id;

CREATE VIEW movements_view AS
SELECT m.command,
       m.number,
       i.sku,
       i.name,
       f.code AS from_location,
       t.code AS to_location,
       m.kind,
       m.reason,
       (m.quantity * 0.000001)::numeric(20, 6) AS quantity,
       (m.value * 0.000001)::numeric(20, 6) AS value,
       (m.revenue * 0.000001)::numeric(20, 6) AS revenue,
       to_timestamp(0) + m.occurred_at * interval '1 microsecond' AS occurred_at,
       to_timestamp(0) + m.recorded_at * interval '1 microsecond' AS recorded_at,
       to_timestamp(0) + m.acquired_at * interval '1 microsecond' AS acquired_at
FROM movements m
JOIN items i ON i.id = m.item
JOIN locations f ON f.id = m.from_location
JOIN locations t ON t.id = m.to_location;

CREATE VIEW sales_view AS
SELECT DATE '1970-01-01' + s.day::int AS day,
       l.code AS site,
       i.sku,
       i.name,
       s.brand,
       s.category,
       (s.units * 0.000001)::numeric(20, 6) AS units,
       (s.revenue * 0.000001)::numeric(20, 6) AS revenue,
       (s.cost * 0.000001)::numeric(20, 6) AS cost,
       ((s.revenue - s.cost) * 0.000001)::numeric(20, 6) AS profit
FROM sales s
JOIN items i ON i.id = s.item
JOIN locations l ON l.id = s.site;

CREATE VIEW customer_sales_view AS
SELECT DATE '1970-01-01' + s.day::int AS day,
       c.code AS customer,
       c.name,
       (s.units * 0.000001)::numeric(20, 6) AS units,
       (s.revenue * 0.000001)::numeric(20, 6) AS revenue,
       (s.cost * 0.000001)::numeric(20, 6) AS cost,
       ((s.revenue - s.cost) * 0.000001)::numeric(20, 6) AS profit
FROM customer_sales s
LEFT JOIN customers c ON c.id = s.customer;

CREATE VIEW event_log AS
SELECT e.event_offset,
       to_timestamp(0) + e.occurred_at * interval '1 microsecond' AS occurred_at,
       to_timestamp(0) + e.recorded_at * interval '1 microsecond' AS recorded_at,
       e.actor,
       e.command,
       COALESCE(e.body, c.answer) AS body
FROM events e
LEFT JOIN commands c ON c.id = e.command;

CREATE TABLE registry (
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    body text COLLATE "C" NOT NULL,
    expires_at bigint,
    PRIMARY KEY (kind, name)
);
COMMENT ON TABLE registry IS 'What a program around the shop has to remember: users, keys, sessions. No rule reads it and it is no part of the shop''s state.';
COMMENT ON COLUMN registry.body IS 'JSON';
CREATE INDEX registry_expires_at ON registry (expires_at) WHERE expires_at IS NOT NULL;
