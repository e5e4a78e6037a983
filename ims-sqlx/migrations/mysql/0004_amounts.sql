-- What documents come to, whom they were made out to, and why more was refunded than was paid.
--
-- Amounts follow from the lines, in coins, as the shop rounds; the engine's `verify` proves them. Whom an older document
-- was made out to is taken to be who its customer or supplier is today: nothing else is known.

-- party_... is the customer when the order was placed; then what the order has come to, in all: what the customer has to pay is to_pay.
SET @change = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE()
    AND table_name = 'orders' AND column_name = 'to_pay') > 0, 'DO 0', 'ALTER TABLE orders
    ADD COLUMN party_name VARCHAR(200),
    ADD COLUMN party_address TEXT,
    ADD COLUMN party_city VARCHAR(200),
    ADD COLUMN party_city_folded VARCHAR(600),
    ADD COLUMN party_country VARCHAR(200),
    ADD COLUMN cancelled BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN shipped BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN returned BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN refunded BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN to_pay BIGINT NOT NULL DEFAULT 0');
PREPARE change_table FROM @change;
EXECUTE change_table;
DEALLOCATE PREPARE change_table;

-- party_... is the supplier when it was ordered; then what the purchase order has come to.
SET @change = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE()
    AND table_name = 'purchases' AND column_name = 'to_pay') > 0, 'DO 0', 'ALTER TABLE purchases
    ADD COLUMN party_name VARCHAR(200),
    ADD COLUMN party_address TEXT,
    ADD COLUMN party_city VARCHAR(200),
    ADD COLUMN party_city_folded VARCHAR(600),
    ADD COLUMN party_country VARCHAR(200),
    ADD COLUMN cancelled BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN received BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN to_pay BIGINT NOT NULL DEFAULT 0');
PREPARE change_table FROM @change;
EXECUTE change_table;
DEALLOCATE PREPARE change_table;

-- What those that have come cost together.
SET @change = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE()
    AND table_name = 'purchase_lines' AND column_name = 'received_cost') > 0, 'DO 0', 'ALTER TABLE purchase_lines
    ADD COLUMN received_cost BIGINT NOT NULL DEFAULT 0');
PREPARE change_table FROM @change;
EXECUTE change_table;
DEALLOCATE PREPARE change_table;

-- party_... is the customer; refund_reason says why more may be refunded than was paid.
SET @change = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE()
    AND table_name = 'returns' AND column_name = 'refund_reason') > 0, 'DO 0', 'ALTER TABLE returns
    ADD COLUMN party_name VARCHAR(200),
    ADD COLUMN party_address TEXT,
    ADD COLUMN party_city VARCHAR(200),
    ADD COLUMN party_city_folded VARCHAR(600),
    ADD COLUMN party_country VARCHAR(200),
    ADD COLUMN refund_reason TEXT');
PREPARE change_table FROM @change;
EXECUTE change_table;
DEALLOCATE PREPARE change_table;

-- Whom they were made out to.
UPDATE orders o JOIN customers s ON s.id = o.customer SET o.party_name = s.name, o.party_address = s.address, o.party_city = s.city, o.party_city_folded = s.city_folded, o.party_country = s.country;
UPDATE purchases o JOIN suppliers s ON s.id = o.supplier SET o.party_name = s.name, o.party_address = s.address, o.party_city = s.city, o.party_city_folded = s.city_folded, o.party_country = s.country;
UPDATE returns o JOIN customers s ON s.id = o.customer SET o.party_name = s.name, o.party_address = s.address, o.party_city = s.city, o.party_city_folded = s.city_folded, o.party_country = s.country;

-- What orders have come to: all of it is to be paid, but for what was refunded …
UPDATE orders o JOIN (
    SELECT order_id, SUM(revenue) AS revenue, SUM(refunded) AS refunded FROM order_lines GROUP BY order_id
) s ON s.order_id = o.id SET o.shipped = s.revenue, o.refunded = s.refunded, o.to_pay = o.total - s.refunded, o.cancelled = 0, o.returned = 0;

-- … and what was cancelled: what is kept of a line, and what came back of it, are its shares in coins.
UPDATE orders o JOIN (
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
                         WHEN 'half-even' THEN MOD(whole, 2)
                         WHEN 'half-odd' THEN 1 - MOD(whole, 2)
                         WHEN 'half-ceiling' THEN CASE WHEN v > 0 THEN 1 ELSE 0 END
                         ELSE CASE WHEN v < 0 THEN 1 ELSE 0 END
                         END END
                     END END) AS share
          FROM (SELECT q.*, n - whole * d AS rest
                FROM (SELECT e.*, n DIV d AS whole
                      FROM (SELECT order_id, what, v, mode, step, ABS(CAST(v AS DECIMAL(40, 0))) * part AS n, CAST(of_all AS DECIMAL(40, 0)) * step AS d
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
) s ON s.order_id = o.id SET o.cancelled = s.cancelled, o.returned = s.returned, o.to_pay = o.total - o.refunded - s.cancelled;

-- What goods cost when they came, as the ledger has it.
UPDATE purchase_lines o JOIN (
    SELECT purchase_id, document_line, SUM(value) AS value FROM movements
    WHERE kind = 'receipt' AND purchase_id IS NOT NULL GROUP BY purchase_id, document_line
) s ON s.purchase_id = o.purchase_id AND s.document_line = o.line SET o.received_cost = s.value;

-- What purchase orders have come to: an agreed cost is rounded to the sixth decimal, half-way to even.
UPDATE purchases o JOIN (
    SELECT purchase_id, SUM(agreed - kept) AS cancelled, SUM(received_cost) AS received,
           SUM(received_cost + kept - came) AS to_pay
    FROM (SELECT purchase_id, received_cost,
                 (((CAST(unit_cost AS DECIMAL(40, 0)) * quantity) DIV 1000000) + CASE WHEN MOD((CAST(unit_cost AS DECIMAL(40, 0)) * quantity), 1000000) > 500000 OR (MOD((CAST(unit_cost AS DECIMAL(40, 0)) * quantity), 1000000) = 500000 AND MOD(((CAST(unit_cost AS DECIMAL(40, 0)) * quantity) DIV 1000000), 2) = 1) THEN 1 ELSE 0 END) AS agreed,
                 (((CAST(unit_cost AS DECIMAL(40, 0)) * (quantity - cancelled)) DIV 1000000) + CASE WHEN MOD((CAST(unit_cost AS DECIMAL(40, 0)) * (quantity - cancelled)), 1000000) > 500000 OR (MOD((CAST(unit_cost AS DECIMAL(40, 0)) * (quantity - cancelled)), 1000000) = 500000 AND MOD(((CAST(unit_cost AS DECIMAL(40, 0)) * (quantity - cancelled)) DIV 1000000), 2) = 1) THEN 1 ELSE 0 END) AS kept,
                 (((CAST(unit_cost AS DECIMAL(40, 0)) * received) DIV 1000000) + CASE WHEN MOD((CAST(unit_cost AS DECIMAL(40, 0)) * received), 1000000) > 500000 OR (MOD((CAST(unit_cost AS DECIMAL(40, 0)) * received), 1000000) = 500000 AND MOD(((CAST(unit_cost AS DECIMAL(40, 0)) * received) DIV 1000000), 2) = 1) THEN 1 ELSE 0 END) AS came
          FROM purchase_lines) a
    GROUP BY purchase_id
) s ON s.purchase_id = o.id SET o.cancelled = s.cancelled, o.received = s.received, o.to_pay = s.to_pay;

-- As people read it.

CREATE OR REPLACE SQL SECURITY INVOKER VIEW orders_view AS
SELECT LOWER(CONCAT_WS('-', HEX(LEFT(o.id, 4)), HEX(SUBSTR(o.id, 5, 2)), HEX(SUBSTR(o.id, 7, 2)), HEX(SUBSTR(o.id, 9, 2)), HEX(RIGHT(o.id, 6)))) AS id,
       o.series,
       o.number,
       l.code AS site,
       c.code AS customer,
       o.party_name AS customer_name,
       o.party_city AS customer_city,
       o.status,
       DATE_ADD('1970-01-01', INTERVAL o.placed_at MICROSECOND) AS placed_at,
       o.total * 0.000001 AS total,
       o.cancelled * 0.000001 AS cancelled,
       o.shipped * 0.000001 AS shipped,
       o.returned * 0.000001 AS returned,
       o.refunded * 0.000001 AS refunded,
       o.to_pay * 0.000001 AS to_pay,
       o.currency
FROM orders o
JOIN locations l ON l.id = o.site
LEFT JOIN customers c ON c.id = o.customer;

CREATE OR REPLACE SQL SECURITY INVOKER VIEW purchases_view AS
SELECT LOWER(CONCAT_WS('-', HEX(LEFT(p.id, 4)), HEX(SUBSTR(p.id, 5, 2)), HEX(SUBSTR(p.id, 7, 2)), HEX(SUBSTR(p.id, 9, 2)), HEX(RIGHT(p.id, 6)))) AS id,
       p.series,
       p.number,
       s.code AS supplier,
       p.party_name AS supplier_name,
       p.party_city AS supplier_city,
       l.code AS site,
       p.status,
       DATE_ADD('1970-01-01', INTERVAL p.ordered_at MICROSECOND) AS ordered_at,
       DATE_ADD(DATE'1970-01-01', INTERVAL p.expected DAY) AS expected,
       p.total * 0.000001 AS total,
       p.cancelled * 0.000001 AS cancelled,
       p.received * 0.000001 AS received,
       p.to_pay * 0.000001 AS to_pay
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
       l.received_cost * 0.000001 AS received_cost,
       l.cancelled * 0.000001 AS cancelled
FROM purchase_lines l
JOIN purchases p ON p.id = l.purchase_id;

CREATE OR REPLACE SQL SECURITY INVOKER VIEW returns_view AS
SELECT LOWER(CONCAT_WS('-', HEX(LEFT(r.id, 4)), HEX(SUBSTR(r.id, 5, 2)), HEX(SUBSTR(r.id, 7, 2)), HEX(SUBSTR(r.id, 9, 2)), HEX(RIGHT(r.id, 6)))) AS id,
       l.code AS site,
       c.code AS customer,
       r.party_name AS customer_name,
       r.party_city AS customer_city,
       o.series AS order_series,
       o.number AS order_number,
       DATE_ADD('1970-01-01', INTERVAL r.returned_at MICROSECOND) AS returned_at,
       t.line,
       t.sku,
       t.name,
       t.quantity * 0.000001 AS quantity,
       t.refund * 0.000001 AS refund,
       t.cost * 0.000001 AS cost,
       r.refund_reason
FROM return_lines t
JOIN returns r ON r.id = t.return_id
JOIN locations l ON l.id = r.site
LEFT JOIN customers c ON c.id = r.customer
LEFT JOIN orders o ON o.id = r.order_id;
