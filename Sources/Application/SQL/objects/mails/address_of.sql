-- A person's sealed address as it was at a position of their stream (NULL: as it is now). No row for a person whom the log does
-- not know, or whose data was erased.
CREATE OR REPLACE FUNCTION operations.address_of(shard integer, stream text, before bigint)
RETURNS TABLE (email_sealed text)
LANGUAGE sql
STABLE
AS $$
  SELECT e.email_sealed
  FROM (
    SELECT s.type, s.data ->> 'email_sealed' AS email_sealed
    FROM log.read_stream(address_of.shard, address_of.stream, 0) AS s
    WHERE s.type IN ('user_registered', 'email_changed', 'user_erased')
      AND (address_of.before IS NULL OR s.position < address_of.before)
    ORDER BY s.stream_version DESC
    LIMIT 1
  ) AS e
  WHERE e.type <> 'user_erased'
$$;
