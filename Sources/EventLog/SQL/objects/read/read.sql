-- The log as events, after < position <= upto, in no particular order (every event carries its position). `upto` must be
-- some batch's last position. Inlined into the calling query, so unused columns cost nothing.
CREATE OR REPLACE FUNCTION log.read(shard integer, after bigint, upto bigint)
RETURNS TABLE (
  shard integer, "position" bigint, recorded_at timestamptz, type text, version integer,
  stream text, stream_version integer, account_id uuid, project_id uuid, key_id uuid, mode text, month text,
  id uuid, ordinal integer, data jsonb
)
LANGUAGE sql
STABLE
PARALLEL SAFE
AS $$
  SELECT
    u.shard, u.position + e.k - 1, u.recorded_at, u.type, u.version,
    u.stream, u.stream_version, u.account_id, u.project_id, u.key_id, u.mode, u.month,
    -- An event is known by its own id, or as part of a call of many by (batch_id, ordinal): its number in that call.
    -- The ordinals are stored only where some event of the call was not accepted.
    coalesce(u.unit -> 'event_ids' ->> (e.k - 1)::integer, u.unit ->> 'batch_id')::uuid,
    CASE
      WHEN u.unit ? 'event_ids' THEN 0
      ELSE coalesce((u.unit -> 'ordinals' ->> (e.k - 1)::integer)::integer, (e.k - 1)::integer)
    END,
    e.event
  FROM log.read_units(read.shard, read.after, read.upto) AS u,
    jsonb_array_elements(u.data) WITH ORDINALITY AS e (event, k)
$$;
