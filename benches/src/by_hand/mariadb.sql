-- An order of three lines, by hand: one round trip, one statement for each table, rows locked in one order (stock by item,
-- then the series, then the log). What does not need the order's number comes before the series is locked, so that other
-- orders wait as shortly as can be; but lines need their order, and so come after it.

CREATE FUNCTION decimal_text(micros BIGINT) RETURNS VARCHAR(24) DETERMINISTIC NO SQL
    RETURN IF(micros MOD 1000000 = 0, micros DIV 1000000, TRIM(TRAILING '0' FROM micros * 0.000001));

CREATE FUNCTION line_text(
    item VARCHAR(36), sku VARCHAR(64), name VARCHAR(200), brand VARCHAR(200), category VARCHAR(200), quantity VARCHAR(24),
    price BIGINT, total VARCHAR(24), cost VARCHAR(24)
) RETURNS TEXT DETERMINISTIC NO SQL
    RETURN CONCAT(
        '{"item":"', item, '","sku":', JSON_QUOTE(sku), ',"name":', JSON_QUOTE(name), ',"brand":', JSON_QUOTE(brand),
        ',"category":', JSON_QUOTE(category), ',"tracking":"stocked","quantity":"', quantity, '","unit_price":"',
        decimal_text(price), '","discount":"0","total":"', total, '","allocated":"0","backordered":"0","shipped":"',
        quantity, '","cancelled":"0","returned":"0","revenue":"', total, '","cost":"', cost,
        '","refunded":"0","cost_returned":"0"}');

CREATE FUNCTION moved_text(line INT, item VARCHAR(36), quantity VARCHAR(24), cost VARCHAR(24), moment VARCHAR(32))
    RETURNS TEXT DETERMINISTIC NO SQL
    RETURN CONCAT('{"line":', line, ',"item":"', item, '","quantity":"', quantity, '","cost":"', cost,
                  '","acquired_at":"', moment, '"}');

CREATE FUNCTION id_text(id BINARY(16)) RETURNS VARCHAR(36) DETERMINISTIC NO SQL
    RETURN LOWER(INSERT(INSERT(INSERT(INSERT(HEX(id), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-'));

CREATE PROCEDURE sell(
    p_id BINARY(16), p_fingerprint BINARY(16), p_actor VARCHAR(1000), p_now BIGINT, p_now_text VARCHAR(32), p_day BIGINT,
    p_site BINARY(16), p_series VARCHAR(100), p_customers BINARY(16),
    item_0 BINARY(16), quantity_0 BIGINT, item_1 BINARY(16), quantity_1 BIGINT, item_2 BINARY(16), quantity_2 BIGINT
) MODIFIES SQL DATA
sell: BEGIN
    DECLARE known_fingerprint BINARY(16);
    DECLARE known, done LONGTEXT;
    DECLARE sku_0, sku_1, sku_2 VARCHAR(64);
    DECLARE name_0, name_1, name_2, brand_0, brand_1, brand_2, category_0, category_1, category_2 VARCHAR(200);
    DECLARE price_0, price_1, price_2, total_0, total_1, total_2, cost_0, cost_1, cost_2 BIGINT;
    DECLARE quantity_text_0, quantity_text_1, quantity_text_2, total_text_0, total_text_1, total_text_2 VARCHAR(24);
    DECLARE cost_text_0, cost_text_1, cost_text_2 VARCHAR(24);
    DECLARE id_text_0, id_text_1, id_text_2 VARCHAR(36);
    DECLARE number, offset_of_event BIGINT;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    START TRANSACTION;
    SELECT c.fingerprint, c.answer INTO known_fingerprint, known FROM commands c WHERE c.id = p_id;
    IF known IS NOT NULL THEN
        IF known_fingerprint <> p_fingerprint THEN
            SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the id belongs to another command';
        END IF;
        ROLLBACK;
        SELECT known AS answer;
        LEAVE sell;
    END IF;

    SELECT a.sku, a.name, a.brand, a.category, a.price, b.sku, b.name, b.brand, b.category, b.price,
           c.sku, c.name, c.brand, c.category, c.price
    INTO sku_0, name_0, brand_0, category_0, price_0, sku_1, name_1, brand_1, category_1, price_1,
         sku_2, name_2, brand_2, category_2, price_2
    FROM items a, items b, items c
    WHERE a.id = item_0 AND b.id = item_1 AND c.id = item_2
      AND a.standing = 'active' AND b.standing = 'active' AND c.standing = 'active';

    SELECT MAX(IF(s.item = item_0, CAST(ROUND(CAST(s.value AS DECIMAL(40)) * quantity_0 / s.on_hand) AS SIGNED), NULL)),
           MAX(IF(s.item = item_1, CAST(ROUND(CAST(s.value AS DECIMAL(40)) * quantity_1 / s.on_hand) AS SIGNED), NULL)),
           MAX(IF(s.item = item_2, CAST(ROUND(CAST(s.value AS DECIMAL(40)) * quantity_2 / s.on_hand) AS SIGNED), NULL))
    INTO cost_0, cost_1, cost_2
    FROM stock s WHERE s.item IN (item_0, item_1, item_2) AND s.site = p_site FOR UPDATE;

    UPDATE stock s
    SET s.value = s.value - CASE s.item WHEN item_0 THEN cost_0 WHEN item_1 THEN cost_1 ELSE cost_2 END,
        s.on_hand = s.on_hand - CASE s.item WHEN item_0 THEN quantity_0 WHEN item_1 THEN quantity_1 ELSE quantity_2 END,
        s.version = s.version + 1
    WHERE s.item IN (item_0, item_1, item_2) AND s.site = p_site
      AND s.on_hand - s.allocated - s.held
          >= CASE s.item WHEN item_0 THEN quantity_0 WHEN item_1 THEN quantity_1 ELSE quantity_2 END;
    IF ROW_COUNT() <> 3 OR sku_0 IS NULL THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not enough of an item';
    END IF;

    SET total_0 = quantity_0 * price_0 DIV 1000000, total_1 = quantity_1 * price_1 DIV 1000000,
        total_2 = quantity_2 * price_2 DIV 1000000;
    INSERT INTO movements (command, number, item, from_location, to_location, kind, quantity, value, revenue, acquired_at,
                           occurred_at, recorded_at, order_id, document_line)
    VALUES (p_id, 0, item_0, p_site, p_customers, 'sale', quantity_0, cost_0, total_0, p_now, p_now, p_now, p_id, 0),
           (p_id, 1, item_1, p_site, p_customers, 'sale', quantity_1, cost_1, total_1, p_now, p_now, p_now, p_id, 1),
           (p_id, 2, item_2, p_site, p_customers, 'sale', quantity_2, cost_2, total_2, p_now, p_now, p_now, p_id, 2);
    INSERT INTO sales (day, site, item, brand, category, units, revenue, cost)
    VALUES (p_day, p_site, item_0, brand_0, category_0, quantity_0, total_0, cost_0),
           (p_day, p_site, item_1, brand_1, category_1, quantity_1, total_1, cost_1),
           (p_day, p_site, item_2, brand_2, category_2, quantity_2, total_2, cost_2)
    ON DUPLICATE KEY UPDATE units = units + VALUES(units), revenue = revenue + VALUES(revenue), cost = cost + VALUES(cost);

    SET id_text_0 = id_text(item_0), id_text_1 = id_text(item_1), id_text_2 = id_text(item_2),
        quantity_text_0 = decimal_text(quantity_0), quantity_text_1 = decimal_text(quantity_1),
        quantity_text_2 = decimal_text(quantity_2), total_text_0 = decimal_text(total_0),
        total_text_1 = decimal_text(total_1), total_text_2 = decimal_text(total_2),
        cost_text_0 = decimal_text(cost_0), cost_text_1 = decimal_text(cost_1), cost_text_2 = decimal_text(cost_2);
    SET done = CONCAT(
        ',"site":"', id_text(p_site), '","customer":null,"currency":"EUR","status":"shipped","placed_at":"', p_now_text,
        '","total":"', decimal_text(total_0 + total_1 + total_2), '","lines":[',
        line_text(id_text_0, sku_0, name_0, brand_0, category_0, quantity_text_0, price_0, total_text_0, cost_text_0), ',',
        line_text(id_text_1, sku_1, name_1, brand_1, category_1, quantity_text_1, price_1, total_text_1, cost_text_1), ',',
        line_text(id_text_2, sku_2, name_2, brand_2, category_2, quantity_text_2, price_2, total_text_2, cost_text_2),
        '],"shipments":[{"id":"', id_text(p_id), '","shipped_at":"', p_now_text, '"}]},"lines":[',
        moved_text(0, id_text_0, quantity_text_0, cost_text_0, p_now_text), ',',
        moved_text(1, id_text_1, quantity_text_1, cost_text_1, p_now_text), ',',
        moved_text(2, id_text_2, quantity_text_2, cost_text_2, p_now_text), ']}}}');

    INSERT INTO series (code, last, version) VALUES (p_series, LAST_INSERT_ID(1), 1)
    ON DUPLICATE KEY UPDATE last = LAST_INSERT_ID(last + 1), version = version + 1;
    SET number = LAST_INSERT_ID();
    SET done = CONCAT('{"done":{"sold":{"order":{"id":"', id_text(p_id), '","series":', JSON_QUOTE(p_series), ',"number":',
                      number, done);
    INSERT INTO orders (id, series, number, site, currency, status, placed_at, total, version)
    VALUES (p_id, p_series, number, p_site, 'EUR', 'shipped', p_now, total_0 + total_1 + total_2, 1);
    INSERT INTO order_lines (order_id, line, item, sku, name, brand, category, tracking, quantity, unit_price, discount,
                             total, allocated, backordered, shipped, cancelled, returned, revenue, cost, refunded,
                             cost_returned)
    VALUES (p_id, 0, item_0, sku_0, name_0, brand_0, category_0, 'stocked', quantity_0, price_0, 0, total_0, 0, 0,
            quantity_0, 0, 0, total_0, cost_0, 0, 0),
           (p_id, 1, item_1, sku_1, name_1, brand_1, category_1, 'stocked', quantity_1, price_1, 0, total_1, 0, 0,
            quantity_1, 0, 0, total_1, cost_1, 0, 0),
           (p_id, 2, item_2, sku_2, name_2, brand_2, category_2, 'stocked', quantity_2, price_2, 0, total_2, 0, 0,
            quantity_2, 0, 0, total_2, cost_2, 0, 0);
    INSERT INTO shipments (order_id, number, command, shipped_at) VALUES (p_id, 0, p_id, p_now);
    INSERT INTO commands (id, fingerprint, form, answer) VALUES (p_id, p_fingerprint, 1, done);
    INSERT INTO customer_sales (day, customer, units, revenue, cost)
    VALUES (p_day, 0x00000000000000000000000000000000, quantity_0 + quantity_1 + quantity_2, total_0 + total_1 + total_2,
            cost_0 + cost_1 + cost_2)
    ON DUPLICATE KEY UPDATE units = units + VALUES(units), revenue = revenue + VALUES(revenue), cost = cost + VALUES(cost);
    UPDATE head SET newest = LAST_INSERT_ID(newest + 1) WHERE id = 1;
    SET offset_of_event = LAST_INSERT_ID();
    INSERT INTO events (event_offset, command, actor, occurred_at, recorded_at)
    VALUES (offset_of_event, p_id, p_actor, p_now, p_now);
    COMMIT;
    SELECT done AS answer;
END
