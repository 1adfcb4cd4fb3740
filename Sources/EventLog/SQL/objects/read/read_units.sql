-- The log as units, after < position <= upto, in no particular order. For readers that need the number of events and what
-- they share, not each event: counting usage by unit costs a hundredth of counting it by event.
-- `upto` must be some batch's last position; a batch is read whole or not at all. Inlined into the calling query. Of archived months,
-- what the transaction has at hand.
CREATE OR REPLACE FUNCTION log.read_units(shard integer, after bigint, upto bigint)
RETURNS TABLE (
  shard integer, "position" bigint, event_count integer, recorded_at timestamptz, type text, version integer,
  stream text, stream_version integer, account_id uuid, project_id uuid, key_id uuid, mode text, month text,
  unit jsonb, data jsonb
)
LANGUAGE sql
STABLE
PARALLEL SAFE
AS $$
  SELECT
    b.shard,
    (u ->> 'position')::bigint,
    jsonb_array_length(u -> 'data'),
    b.recorded_at,
    u ->> 'type',
    (u ->> 'version')::integer,
    u ->> 'stream',
    (u ->> 'stream_version')::integer,
    (u ->> 'account_id')::uuid,
    (u ->> 'project_id')::uuid,
    (u ->> 'key_id')::uuid,
    u ->> 'mode',
    u ->> 'month',
    u,
    log.upcast(u ->> 'type', (u ->> 'version')::integer, u -> 'data')
  FROM log.batches_at_hand AS b, jsonb_array_elements(b.events) AS u
  WHERE b.shard = read_units.shard AND b.last_position > read_units.after AND b.last_position <= read_units.upto
$$;
