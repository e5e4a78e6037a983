-- An order of several lines, by hand: one round trip, one statement for all tables, rows locked in one order (stock by
-- item, then the series, then the log). What does not need the order's number comes before the series is locked, so that
-- other orders wait as shortly as can be.

CREATE FUNCTION decimal_text(micros bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN micros % 1000000 = 0 THEN (micros / 1000000)::text ELSE trim_scale(micros / 1000000.0)::text END
$$;

CREATE FUNCTION sell(
    p_id uuid, p_fingerprint uuid, p_actor text, p_now bigint, p_now_text text, p_day bigint,
    p_site uuid, p_series text, p_customers uuid, p_items uuid[], p_quantities bigint[]
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    known commands%ROWTYPE;
    done text;
BEGIN
    SELECT * INTO known FROM commands WHERE id = p_id;
    IF FOUND THEN
        IF known.fingerprint <> p_fingerprint THEN
            RAISE EXCEPTION 'the id belongs to another command';
        END IF;
        RETURN known.answer;
    END IF;

    WITH asked AS MATERIALIZED (
        SELECT a.line - 1 AS line, a.quantity, i.id AS item, i.sku, i.name, i.brand, i.category, i.price,
               a.quantity * i.price / 1000000 AS total
        FROM unnest(p_items, p_quantities) WITH ORDINALITY AS a (item, quantity, line)
        JOIN items i ON i.id = a.item AND i.standing = 'active'
    ),
    locked AS MATERIALIZED (
        SELECT item, on_hand, value FROM stock WHERE site = p_site AND item = ANY (p_items)
        ORDER BY item FOR NO KEY UPDATE
    ),
    costs AS MATERIALIZED (
        SELECT a.*, round(l.value::numeric * a.quantity / l.on_hand)::bigint AS cost
        FROM asked a JOIN locked l ON l.item = a.item
    ),
    taken AS (
        UPDATE stock s
        SET on_hand = s.on_hand - c.quantity, value = s.value - c.cost, version = s.version + 1
        FROM costs c
        WHERE s.item = c.item AND s.site = p_site AND s.on_hand - s.allocated - s.held >= c.quantity
        RETURNING 1
    ),
    moved AS (
        INSERT INTO movements (command, number, item, from_location, to_location, kind, quantity, value, revenue,
                               acquired_at, occurred_at, recorded_at, order_id, document_line)
        SELECT p_id, line, item, p_site, p_customers, 'sale', quantity, cost, total, p_now, p_now, p_now, p_id, line
        FROM costs
        RETURNING 1
    ),
    sold AS (
        INSERT INTO sales (day, site, item, brand, category, units, revenue, cost)
        SELECT p_day, p_site, item, brand, category, quantity, total, cost FROM costs ORDER BY item
        ON CONFLICT (day, site, item, brand, category) DO UPDATE
        SET units = sales.units + excluded.units, revenue = sales.revenue + excluded.revenue,
            cost = sales.cost + excluded.cost
        RETURNING 1
    ),
    lined AS (
        INSERT INTO order_lines (order_id, line, item, sku, name, brand, category, tracking, quantity, unit_price,
                                 discount, total, allocated, backordered, shipped, cancelled, returned, revenue, cost,
                                 refunded, cost_returned)
        SELECT p_id, line, item, sku, name, brand, category, 'stocked', quantity, price, 0, total, 0, 0, quantity, 0, 0,
               total, cost, 0, 0
        FROM costs
        RETURNING 1
    ),
    sums AS MATERIALIZED (
        SELECT sum(quantity)::bigint AS units, sum(total)::bigint AS total, sum(cost)::bigint AS cost,
               string_agg(format(
                   '{"item":"%s","sku":%s,"name":%s,"brand":%s,"category":%s,"tracking":"stocked","quantity":"%s",'
                   '"unit_price":"%s","discount":"0","total":"%s","allocated":"0","backordered":"0","shipped":"%s",'
                   '"cancelled":"0","returned":"0","revenue":"%s","cost":"%s","refunded":"0","cost_returned":"0"}',
                   item, to_json(sku), to_json(name), to_json(brand), to_json(category), decimal_text(quantity),
                   decimal_text(price), decimal_text(total), decimal_text(quantity), decimal_text(total),
                   decimal_text(cost)), ',' ORDER BY line) AS lines,
               string_agg(format(
                   '{"line":%s,"item":"%s","quantity":"%s","cost":"%s","acquired_at":"%s"}',
                   line, item, decimal_text(quantity), decimal_text(cost), p_now_text), ',' ORDER BY line) AS moved
        FROM costs
    ),
    numbered AS (
        INSERT INTO series AS s (code, last, version)
        SELECT p_series, 1, 1 FROM sums
        WHERE (SELECT count(*) FROM taken) = cardinality(p_items)
          AND (SELECT count(*) FROM moved) = cardinality(p_items)
          AND (SELECT count(*) FROM sold) = cardinality(p_items)
          AND (SELECT count(*) FROM lined) = cardinality(p_items)
        ON CONFLICT (code) DO UPDATE SET last = s.last + 1, version = s.version + 1
        RETURNING last
    ),
    placed AS (
        INSERT INTO orders (id, series, number, site, currency, status, placed_at, total, version)
        SELECT p_id, p_series, numbered.last, p_site, 'EUR', 'shipped', p_now, sums.total, 1 FROM numbered, sums
    ),
    shipped AS (
        INSERT INTO shipments (order_id, number, command, shipped_at) SELECT p_id, 0, p_id, p_now
    ),
    answered AS (
        INSERT INTO commands (id, fingerprint, form, answer)
        SELECT p_id, p_fingerprint, 1, format(
            '{"done":{"sold":{"order":{"id":"%s","series":%s,"number":%s,"site":"%s","customer":null,"currency":"EUR",'
            '"status":"shipped","placed_at":"%s","total":"%s","lines":[%s],'
            '"shipments":[{"id":"%s","shipped_at":"%s"}]},"lines":[%s]}}}',
            p_id, to_json(p_series), numbered.last, p_site, p_now_text, decimal_text(sums.total), sums.lines, p_id,
            p_now_text, sums.moved)
        FROM numbered, sums
        RETURNING answer
    ),
    totals AS (
        INSERT INTO customer_sales (day, customer, units, revenue, cost)
        SELECT p_day, '00000000-0000-0000-0000-000000000000', units, total, cost FROM sums, numbered
        ON CONFLICT (day, customer) DO UPDATE
        SET units = customer_sales.units + excluded.units, revenue = customer_sales.revenue + excluded.revenue,
            cost = customer_sales.cost + excluded.cost
    ),
    newest AS (
        UPDATE head SET newest = head.newest + 1 FROM numbered WHERE head.id = 1 RETURNING head.newest
    ),
    logged AS (
        INSERT INTO events (event_offset, command, actor, occurred_at, recorded_at)
        SELECT newest, p_id, p_actor, p_now, p_now FROM newest
    )
    SELECT answer INTO done FROM answered;

    IF done IS NULL THEN
        RAISE EXCEPTION 'not enough of an item';
    END IF;
    RETURN done;
END
$$;
