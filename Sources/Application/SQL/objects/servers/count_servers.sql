-- A server's sign of life; answers how many there are. One that gave none for `gone_after` counts no more, and after as long again its
-- row goes.
CREATE OR REPLACE FUNCTION operations.count_servers(server uuid, gone_after interval) RETURNS integer
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO operations.servers (server_id, seen_at) VALUES (count_servers.server, clock_timestamp())
  ON CONFLICT (server_id) DO UPDATE SET seen_at = EXCLUDED.seen_at;
  -- Of those that others are at, too: they need no help.
  DELETE FROM operations.servers AS s
  WHERE s.server_id IN (
    SELECT o.server_id
    FROM operations.servers AS o
    WHERE o.seen_at < clock_timestamp() - 2 * count_servers.gone_after
    FOR UPDATE SKIP LOCKED
  );
  RETURN (SELECT count(*) FROM operations.servers AS s WHERE s.seen_at > clock_timestamp() - count_servers.gone_after);
END
$$;
