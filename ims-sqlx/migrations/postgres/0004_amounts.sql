-- What documents come to, whom they were made out to, and why more was refunded than was paid.
--
-- Amounts follow from the lines, in coins, as the shop rounds; the engine's `verify` proves them. Whom an older document
-- was made out to is taken to be who its customer or supplier is today: nothing else is known.

-- party_... is the customer when the order was placed; then what the order has come to, in all: what the customer has to pay is to_pay.
ALTER TABLE orders
    ADD COLUMN party_name text COLLATE "C",
    ADD COLUMN party_address text COLLATE "C",
    ADD COLUMN party_city text COLLATE "C",
    ADD COLUMN party_city_folded text COLLATE "C",
    ADD COLUMN party_country text COLLATE "C",
    ADD COLUMN cancelled bigint NOT NULL DEFAULT 0,
    ADD COLUMN shipped bigint NOT NULL DEFAULT 0,
    ADD COLUMN returned bigint NOT NULL DEFAULT 0,
    ADD COLUMN refunded bigint NOT NULL DEFAULT 0,
    ADD COLUMN to_pay bigint NOT NULL DEFAULT 0;

-- party_... is the supplier when it was ordered; then what the purchase order has come to.
ALTER TABLE purchases
    ADD COLUMN party_name text COLLATE "C",
    ADD COLUMN party_address text COLLATE "C",
    ADD COLUMN party_city text COLLATE "C",
    ADD COLUMN party_city_folded text COLLATE "C",
    ADD COLUMN party_country text COLLATE "C",
    ADD COLUMN cancelled bigint NOT NULL DEFAULT 0,
    ADD COLUMN received bigint NOT NULL DEFAULT 0,
    ADD COLUMN to_pay bigint NOT NULL DEFAULT 0;

-- What those that have come cost together.
ALTER TABLE purchase_lines
    ADD COLUMN received_cost bigint NOT NULL DEFAULT 0;

-- party_... is the customer; refund_reason says why more may be refunded than was paid.
ALTER TABLE returns
    ADD COLUMN party_name text COLLATE "C",
    ADD COLUMN party_address text COLLATE "C",
    ADD COLUMN party_city text COLLATE "C",
    ADD COLUMN party_city_folded text COLLATE "C",
    ADD COLUMN party_country text COLLATE "C",
    ADD COLUMN refund_reason text COLLATE "C";

-- Whom they were made out to.
UPDATE orders AS o SET party_name = s.name, party_address = s.address, party_city = s.city, party_city_folded = s.city_folded, party_country = s.country
FROM customers s WHERE s.id = o.customer;
UPDATE purchases AS o SET party_name = s.name, party_address = s.address, party_city = s.city, party_city_folded = s.city_folded, party_country = s.country
FROM suppliers s WHERE s.id = o.supplier;
UPDATE returns AS o SET party_name = s.name, party_address = s.address, party_city = s.city, party_city_folded = s.city_folded, party_country = s.country
FROM customers s WHERE s.id = o.customer;

-- What orders have come to: all of it is to be paid, but for what was refunded …
UPDATE orders AS o SET shipped = s.revenue, refunded = s.refunded, to_pay = o.total - s.refunded, cancelled = 0, returned = 0
FROM (
    SELECT order_id, SUM(revenue) AS revenue, SUM(refunded) AS refunded FROM order_lines GROUP BY order_id
) s WHERE s.order_id = o.id;

-- … and what was cancelled: what is kept of a line, and what came back of it, are its shares in coins.
UPDATE orders AS o SET cancelled = s.cancelled, returned = s.returned, to_pay = o.total - o.refunded - s.cancelled
FROM (
    SELECT order_id,
           SUM(CASE what WHEN 'kept' THEN v - share ELSE 0 END) AS cancelled,
           SUM(CASE what WHEN 'back' THEN share ELSE 0 END) AS returned
    FROM (SELECT order_id, what, v,
                 CASE WHEN v < 0 THEN -1 ELSE 1 END * step * (whole + CASE
                     WHEN rest = 0 THEN 0
                     ELSE CASE mode
                     WHEN 'up' THEN 1
                     WHEN 'down' THEN 0
                     WHEN 'ceiling' THEN CASE WHEN v > 0 THEN 1 ELSE 0 END
                     WHEN 'floor' THEN CASE WHEN v < 0 THEN 1 ELSE 0 END
                     ELSE CASE WHEN rest > d - rest THEN 1 WHEN rest < d - rest THEN 0 ELSE CASE mode
                         WHEN 'half-up' THEN 1
                         WHEN 'half-down' THEN 0
                         WHEN 'half-even' THEN mod(whole, 2)
                         WHEN 'half-odd' THEN 1 - mod(whole, 2)
                         WHEN 'half-ceiling' THEN CASE WHEN v > 0 THEN 1 ELSE 0 END
                         ELSE CASE WHEN v < 0 THEN 1 ELSE 0 END
                         END END
                     END END) AS share
          FROM (SELECT q.*, n - whole * d AS rest
                FROM (SELECT e.*, div(n, d) AS whole
                      FROM (SELECT order_id, what, v, mode, step, ABS(v::numeric) * part AS n, of_all::numeric * step AS d
                            FROM (
                      SELECT l.order_id, 'kept' AS what, l.total AS v, l.quantity - l.cancelled AS part, l.quantity AS of_all,
                             s.round_mode AS mode,
                             CASE s.round_digits WHEN 0 THEN 1000000 WHEN 1 THEN 100000 WHEN 2 THEN 10000 WHEN 3 THEN 1000
                                                 WHEN 4 THEN 100 WHEN 5 THEN 10 ELSE 1 END AS step
                      FROM order_lines l CROSS JOIN shop s WHERE l.cancelled > 0
                      UNION ALL
                      SELECT l.order_id, 'back', l.total, l.returned, l.quantity, s.round_mode,
                             CASE s.round_digits WHEN 0 THEN 1000000 WHEN 1 THEN 100000 WHEN 2 THEN 10000 WHEN 3 THEN 1000
                                                 WHEN 4 THEN 100 WHEN 5 THEN 10 ELSE 1 END
                      FROM order_lines l CROSS JOIN shop s WHERE l.returned > 0
                            ) f
                      ) e
                ) q
          ) r
    ) a
    GROUP BY order_id
) s WHERE s.order_id = o.id;

-- What goods cost when they came, as the ledger has it.
UPDATE purchase_lines AS o SET received_cost = s.value
FROM (
    SELECT purchase_id, document_line, SUM(value) AS value FROM movements
    WHERE kind = 'receipt' AND purchase_id IS NOT NULL GROUP BY purchase_id, document_line
) s WHERE s.purchase_id = o.purchase_id AND s.document_line = o.line;

-- What purchase orders have come to: an agreed cost is rounded to the sixth decimal, half-way to even.
UPDATE purchases AS o SET cancelled = s.cancelled, received = s.received, to_pay = s.to_pay
FROM (
    SELECT purchase_id, SUM(agreed - kept) AS cancelled, SUM(received_cost) AS received,
           SUM(received_cost + kept - came) AS to_pay
    FROM (SELECT purchase_id, received_cost,
                 (div((unit_cost::numeric * quantity), 1000000) + CASE WHEN mod((unit_cost::numeric * quantity), 1000000) > 500000 OR (mod((unit_cost::numeric * quantity), 1000000) = 500000 AND mod(div((unit_cost::numeric * quantity), 1000000), 2) = 1) THEN 1 ELSE 0 END) AS agreed,
                 (div((unit_cost::numeric * (quantity - cancelled)), 1000000) + CASE WHEN mod((unit_cost::numeric * (quantity - cancelled)), 1000000) > 500000 OR (mod((unit_cost::numeric * (quantity - cancelled)), 1000000) = 500000 AND mod(div((unit_cost::numeric * (quantity - cancelled)), 1000000), 2) = 1) THEN 1 ELSE 0 END) AS kept,
                 (div((unit_cost::numeric * received), 1000000) + CASE WHEN mod((unit_cost::numeric * received), 1000000) > 500000 OR (mod((unit_cost::numeric * received), 1000000) = 500000 AND mod(div((unit_cost::numeric * received), 1000000), 2) = 1) THEN 1 ELSE 0 END) AS came
          FROM purchase_lines) a
    GROUP BY purchase_id
) s WHERE s.purchase_id = o.id;

-- As people read it.

DROP VIEW orders_view;
CREATE VIEW orders_view AS
SELECT o.id,
       o.series,
       o.number,
       l.code AS site,
       c.code AS customer,
       o.party_name AS customer_name,
       o.party_city AS customer_city,
       o.status,
       to_timestamp(0) + o.placed_at * interval '1 microsecond' AS placed_at,
       (o.total * 0.000001)::numeric(20, 6) AS total,
       (o.cancelled * 0.000001)::numeric(20, 6) AS cancelled,
       (o.shipped * 0.000001)::numeric(20, 6) AS shipped,
       (o.returned * 0.000001)::numeric(20, 6) AS returned,
       (o.refunded * 0.000001)::numeric(20, 6) AS refunded,
       (o.to_pay * 0.000001)::numeric(20, 6) AS to_pay,
       o.currency
FROM orders o
JOIN locations l ON l.id = o.site
LEFT JOIN customers c ON c.id = o.customer;

DROP VIEW purchases_view;
CREATE VIEW purchases_view AS
SELECT p.id,
       p.series,
       p.number,
       s.code AS supplier,
       p.party_name AS supplier_name,
       p.party_city AS supplier_city,
       l.code AS site,
       p.status,
       to_timestamp(0) + p.ordered_at * interval '1 microsecond' AS ordered_at,
       DATE '1970-01-01' + p.expected::int AS expected,
       (p.total * 0.000001)::numeric(20, 6) AS total,
       (p.cancelled * 0.000001)::numeric(20, 6) AS cancelled,
       (p.received * 0.000001)::numeric(20, 6) AS received,
       (p.to_pay * 0.000001)::numeric(20, 6) AS to_pay
FROM purchases p
JOIN suppliers s ON s.id = p.supplier
JOIN locations l ON l.id = p.site;

DROP VIEW purchase_lines_view;
CREATE VIEW purchase_lines_view AS
SELECT p.series,
       p.number,
       l.line,
       l.sku,
       l.name,
       (l.quantity * 0.000001)::numeric(20, 6) AS quantity,
       (l.unit_cost * 0.000001)::numeric(20, 6) AS unit_cost,
       (l.received * 0.000001)::numeric(20, 6) AS received,
       (l.received_cost * 0.000001)::numeric(20, 6) AS received_cost,
       (l.cancelled * 0.000001)::numeric(20, 6) AS cancelled
FROM purchase_lines l
JOIN purchases p ON p.id = l.purchase_id;

DROP VIEW returns_view;
CREATE VIEW returns_view AS
SELECT r.id,
       l.code AS site,
       c.code AS customer,
       r.party_name AS customer_name,
       r.party_city AS customer_city,
       o.series AS order_series,
       o.number AS order_number,
       to_timestamp(0) + r.returned_at * interval '1 microsecond' AS returned_at,
       t.line,
       t.sku,
       t.name,
       (t.quantity * 0.000001)::numeric(20, 6) AS quantity,
       (t.refund * 0.000001)::numeric(20, 6) AS refund,
       (t.cost * 0.000001)::numeric(20, 6) AS cost,
       r.refund_reason
FROM return_lines t
JOIN returns r ON r.id = t.return_id
JOIN locations l ON l.id = r.site
LEFT JOIN customers c ON c.id = r.customer
LEFT JOIN orders o ON o.id = r.order_id;
