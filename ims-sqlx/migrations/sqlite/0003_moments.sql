-- When things were changed last: what follows them, and is entered late, came after that.
--
-- Of what is older than this, nothing is known.

ALTER TABLE holds ADD COLUMN changed_at INTEGER; -- when it was placed, or extended last
ALTER TABLE purchases ADD COLUMN received_at INTEGER; -- when goods of it came last
