-- When things were changed last: what follows them, and is entered late, came after that.
--
-- Of what is older than this, nothing is known.

ALTER TABLE holds ADD COLUMN changed_at bigint;
ALTER TABLE purchases ADD COLUMN received_at bigint;
COMMENT ON COLUMN holds.changed_at IS 'when it was placed, or extended last';
COMMENT ON COLUMN purchases.received_at IS 'when goods of it came last';
