-- How far each reactor has followed each shard of the log. The row is the lease, too: who reacts holds its lock (FOR UPDATE SKIP
-- LOCKED) and moves it in the transaction that notes what is to be done, so that any number of servers share the work.
CREATE TABLE IF NOT EXISTS operations.reactors (
  reactor text NOT NULL,
  shard integer NOT NULL,
  position bigint NOT NULL,
  error text, -- why it can't go on; NULL when it does
  PRIMARY KEY (reactor, shard)
) WITH (fillfactor = 10); -- updated by every step: room on the page keeps those updates HOT
