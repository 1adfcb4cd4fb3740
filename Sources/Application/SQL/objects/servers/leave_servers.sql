-- A server that stops says so.
CREATE OR REPLACE FUNCTION operations.leave_servers(server uuid) RETURNS void
LANGUAGE sql
AS $$
  DELETE FROM operations.servers AS s WHERE s.server_id = leave_servers.server;
$$;
