-- The domain events of some types, after < position <= upto, in order. `upto` must be some batch's last position. Events recorded
-- before `since` are left out: nobody wants to be told of them any more.
CREATE OR REPLACE FUNCTION operations.events_to_react_to(
  shard integer, after bigint, upto bigint, types text[], since timestamptz
)
RETURNS TABLE ("position" bigint, recorded_at timestamptz, type text, stream text, account_id uuid, month text, data text)
LANGUAGE sql
STABLE
AS $$
  SELECT u.position, u.recorded_at, u.type, u.stream, u.account_id, u.month, (u.data -> 0)::text
  FROM log.read_units(events_to_react_to.shard, events_to_react_to.after, events_to_react_to.upto) AS u
  WHERE u.type = ANY (events_to_react_to.types) AND u.recorded_at >= events_to_react_to.since
  ORDER BY u.position
$$;
