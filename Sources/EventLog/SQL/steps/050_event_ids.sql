-- What has been seen: one row per accepted event that brought its own id, or per request of many that brought a batch_id.
--
-- Partitioned by the month it was recorded in, and forgotten by month: an event older than the acceptance window is
-- refused whatever its id, so an id is needed no longer than the window (promise 3). Uniqueness over the partitions is
-- kept by the head's row lock: the append looks the id up in all of them before it inserts.
CREATE TABLE IF NOT EXISTS log.event_ids (
  shard integer NOT NULL,
  scope uuid NOT NULL, -- the project (its first bit flipped for test events), so that none can shadow another's ids
  id uuid NOT NULL,
  recorded_month date NOT NULL,
  position bigint NOT NULL, -- where its first accepted event stands
  digest bigint NOT NULL, -- of the body, to tell a retry from another event under the same id
  accepted int4multirange, -- the ordinals accepted so far; NULL: all of the request's events
  PRIMARY KEY (shard, scope, id, recorded_month)
) PARTITION BY RANGE (recorded_month);
