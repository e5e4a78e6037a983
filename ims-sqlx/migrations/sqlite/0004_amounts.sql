-- What documents come to, whom they were made out to, and why more was refunded than was paid.
--
-- Amounts follow from the lines, in coins, as the shop rounds; the engine's `verify` proves them. Whom an older document
-- was made out to is taken to be who its customer or supplier is today: nothing else is known.

-- party_... is the customer when the order was placed; then what the order has come to, in all: what the customer has to pay is to_pay.
ALTER TABLE orders ADD COLUMN party_name TEXT;
ALTER TABLE orders ADD COLUMN party_address TEXT;
ALTER TABLE orders ADD COLUMN party_city TEXT;
ALTER TABLE orders ADD COLUMN party_city_folded TEXT;
ALTER TABLE orders ADD COLUMN party_country TEXT;
ALTER TABLE orders ADD COLUMN cancelled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN shipped INTEGER NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN returned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN refunded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN to_pay INTEGER NOT NULL DEFAULT 0;

-- party_... is the supplier when it was ordered; then what the purchase order has come to.
ALTER TABLE purchases ADD COLUMN party_name TEXT;
ALTER TABLE purchases ADD COLUMN party_address TEXT;
ALTER TABLE purchases ADD COLUMN party_city TEXT;
ALTER TABLE purchases ADD COLUMN party_city_folded TEXT;
ALTER TABLE purchases ADD COLUMN party_country TEXT;
ALTER TABLE purchases ADD COLUMN cancelled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE purchases ADD COLUMN received INTEGER NOT NULL DEFAULT 0;
ALTER TABLE purchases ADD COLUMN to_pay INTEGER NOT NULL DEFAULT 0;

-- What those that have come cost together.
ALTER TABLE purchase_lines ADD COLUMN received_cost INTEGER NOT NULL DEFAULT 0;

-- party_... is the customer; refund_reason says why more may be refunded than was paid.
ALTER TABLE returns ADD COLUMN party_name TEXT;
ALTER TABLE returns ADD COLUMN party_address TEXT;
ALTER TABLE returns ADD COLUMN party_city TEXT;
ALTER TABLE returns ADD COLUMN party_city_folded TEXT;
ALTER TABLE returns ADD COLUMN party_country TEXT;
ALTER TABLE returns ADD COLUMN refund_reason TEXT;

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
                         WHEN 'half-even' THEN whole % 2
                         WHEN 'half-odd' THEN 1 - whole % 2
                         WHEN 'half-ceiling' THEN CASE WHEN v > 0 THEN 1 ELSE 0 END
                         ELSE CASE WHEN v < 0 THEN 1 ELSE 0 END
                         END END
                     END END) AS share
          FROM (SELECT q.*, n - whole * d AS rest
                FROM (SELECT e.*, n / d AS whole
                      FROM (SELECT order_id, what, v, mode, step, abs(v) * (part / g) AS n, of_all / g * step AS d
                            FROM (
                  -- Whole units where there are only such, so that the product fits into 64 bits.
                  SELECT p.*, CASE WHEN part % 1000000 = 0 AND of_all % 1000000 = 0 THEN 1000000
                                   WHEN part % 1000 = 0 AND of_all % 1000 = 0 THEN 1000 ELSE 1 END AS g
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
                  ) p
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
                 (unit_cost * (quantity / 1000000) + unit_cost * (quantity % 1000000) / 1000000 + CASE WHEN unit_cost * (quantity % 1000000) % 1000000 > 500000 OR (unit_cost * (quantity % 1000000) % 1000000 = 500000 AND (unit_cost * (quantity / 1000000) + unit_cost * (quantity % 1000000) / 1000000) % 2 = 1) THEN 1 ELSE 0 END) AS agreed,
                 (unit_cost * ((quantity - cancelled) / 1000000) + unit_cost * ((quantity - cancelled) % 1000000) / 1000000 + CASE WHEN unit_cost * ((quantity - cancelled) % 1000000) % 1000000 > 500000 OR (unit_cost * ((quantity - cancelled) % 1000000) % 1000000 = 500000 AND (unit_cost * ((quantity - cancelled) / 1000000) + unit_cost * ((quantity - cancelled) % 1000000) / 1000000) % 2 = 1) THEN 1 ELSE 0 END) AS kept,
                 (unit_cost * (received / 1000000) + unit_cost * (received % 1000000) / 1000000 + CASE WHEN unit_cost * (received % 1000000) % 1000000 > 500000 OR (unit_cost * (received % 1000000) % 1000000 = 500000 AND (unit_cost * (received / 1000000) + unit_cost * (received % 1000000) / 1000000) % 2 = 1) THEN 1 ELSE 0 END) AS came
          FROM purchase_lines) a
    GROUP BY purchase_id
) s WHERE s.purchase_id = o.id;

-- As people read it.

DROP VIEW orders_view;
CREATE VIEW orders_view AS
SELECT lower(substr(hex(o.id), 1, 8) || '-' || substr(hex(o.id), 9, 4) || '-' || substr(hex(o.id), 13, 4) || '-' || substr(hex(o.id), 17, 4) || '-' || substr(hex(o.id), 21, 12)) AS id,
       o.series,
       o.number,
       l.code AS site,
       c.code AS customer,
       o.party_name AS customer_name,
       o.party_city AS customer_city,
       o.status,
       datetime(o.placed_at / 1000000, 'unixepoch') AS placed_at,
       o.total / 1000000.0 AS total,
       o.cancelled / 1000000.0 AS cancelled,
       o.shipped / 1000000.0 AS shipped,
       o.returned / 1000000.0 AS returned,
       o.refunded / 1000000.0 AS refunded,
       o.to_pay / 1000000.0 AS to_pay,
       o.currency
FROM orders o
JOIN locations l ON l.id = o.site
LEFT JOIN customers c ON c.id = o.customer;

DROP VIEW purchases_view;
CREATE VIEW purchases_view AS
SELECT lower(substr(hex(p.id), 1, 8) || '-' || substr(hex(p.id), 9, 4) || '-' || substr(hex(p.id), 13, 4) || '-' || substr(hex(p.id), 17, 4) || '-' || substr(hex(p.id), 21, 12)) AS id,
       p.series,
       p.number,
       s.code AS supplier,
       p.party_name AS supplier_name,
       p.party_city AS supplier_city,
       l.code AS site,
       p.status,
       datetime(p.ordered_at / 1000000, 'unixepoch') AS ordered_at,
       date(p.expected * 86400, 'unixepoch') AS expected,
       p.total / 1000000.0 AS total,
       p.cancelled / 1000000.0 AS cancelled,
       p.received / 1000000.0 AS received,
       p.to_pay / 1000000.0 AS to_pay
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
       l.quantity / 1000000.0 AS quantity,
       l.unit_cost / 1000000.0 AS unit_cost,
       l.received / 1000000.0 AS received,
       l.received_cost / 1000000.0 AS received_cost,
       l.cancelled / 1000000.0 AS cancelled
FROM purchase_lines l
JOIN purchases p ON p.id = l.purchase_id;

DROP VIEW returns_view;
CREATE VIEW returns_view AS
SELECT lower(substr(hex(r.id), 1, 8) || '-' || substr(hex(r.id), 9, 4) || '-' || substr(hex(r.id), 13, 4) || '-' || substr(hex(r.id), 17, 4) || '-' || substr(hex(r.id), 21, 12)) AS id,
       l.code AS site,
       c.code AS customer,
       r.party_name AS customer_name,
       r.party_city AS customer_city,
       o.series AS order_series,
       o.number AS order_number,
       datetime(r.returned_at / 1000000, 'unixepoch') AS returned_at,
       t.line,
       t.sku,
       t.name,
       t.quantity / 1000000.0 AS quantity,
       t.refund / 1000000.0 AS refund,
       t.cost / 1000000.0 AS cost,
       r.refund_reason
FROM return_lines t
JOIN returns r ON r.id = t.return_id
JOIN locations l ON l.id = r.site
LEFT JOIN customers c ON c.id = r.customer
LEFT JOIN orders o ON o.id = r.order_id;
