-- When things were changed last: what follows them, and is entered late, came after that.
--
-- Of what is older than this, nothing is known.

-- Every ALTER commits by itself, so what was done before somebody pulled the plug is not done again. A hold changed when it
-- was placed, or extended last; goods of a purchase order were received last at `received_at`.
SET @todo = IF(
    EXISTS (SELECT 1 FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'holds' AND column_name = 'changed_at'),
    'DO 0',
    'ALTER TABLE holds ADD COLUMN changed_at BIGINT'
);
PREPARE todo FROM @todo;
EXECUTE todo;
DEALLOCATE PREPARE todo;
SET @todo = IF(
    EXISTS (SELECT 1 FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'purchases' AND column_name = 'received_at'),
    'DO 0',
    'ALTER TABLE purchases ADD COLUMN received_at BIGINT'
);
PREPARE todo FROM @todo;
EXECUTE todo;
DEALLOCATE PREPARE todo;
