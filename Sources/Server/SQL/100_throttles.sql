-- How often somebody has tried lately, by action and by address or client, and until when they must wait. Shared by all servers,
-- so that more servers don't mean more guesses. Unlogged: after a crash of the database everybody starts afresh.
--
-- Times are milliseconds since 1970 by the servers' clock, which tests set.
CREATE UNLOGGED TABLE IF NOT EXISTS operations.throttles (
  key text PRIMARY KEY, -- action, and a digest of the address or client
  attempts integer NOT NULL,
  blocked_until bigint NOT NULL,
  last_attempt bigint NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX IF NOT EXISTS throttles_last_attempt ON operations.throttles (last_attempt);
