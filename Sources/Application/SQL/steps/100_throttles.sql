-- How often somebody has tried lately, by action and by address, client or both, and until when they must wait. Shared by all
-- servers, so that more servers don't mean more guesses. Unlogged: after a crash of the database everybody starts afresh.
--
-- Times are milliseconds since 1970 by the servers' clock, which tests set.
CREATE UNLOGGED TABLE IF NOT EXISTS operations.throttles (
  key text PRIMARY KEY, -- action, and a digest of the address or client
  attempts integer NOT NULL,
  blocked_until bigint NOT NULL,
  last_attempt bigint NOT NULL
) WITH (fillfactor = 70);
ALTER TABLE operations.throttles
  ADD COLUMN IF NOT EXISTS subject text, -- digest of the address whose new password makes the row void; NULL: none does
  ADD COLUMN IF NOT EXISTS day_start bigint NOT NULL DEFAULT 0, -- of the day that is being counted
  ADD COLUMN IF NOT EXISTS day_attempts integer NOT NULL DEFAULT 0;
CREATE INDEX IF NOT EXISTS throttles_last_attempt ON operations.throttles (last_attempt);
CREATE INDEX IF NOT EXISTS throttles_subject ON operations.throttles (subject) WHERE subject IS NOT NULL;
