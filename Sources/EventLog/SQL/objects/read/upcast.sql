-- Reads an old version of an event as the current one. The stored event never changes (its hash would break); whoever
-- reads through log.read() sees the current version. `data` is a unit's array of events.
--
-- PostgreSQL puts it into the statement that calls it, which it does with no function that has a query inside: to call one for each unit
-- costs more than to read the unit. Hence the two functions.
CREATE OR REPLACE FUNCTION log.upcast(type text, version integer, data jsonb) RETURNS jsonb
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  -- request_tracked of version 1 is as it stands one of version 2, which knows more methods and targets.
  SELECT CASE WHEN type = 'request_tracked' THEN data ELSE log.upcast_fact(type, version, data) END
$$;
