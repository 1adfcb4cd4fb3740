-- What a void took out of the numbers, by month and key, and what of it the quota got back: in version 1 all, since then what the event
-- says. Else whoever voids could use the quota again. No row for any other event. `data` as log.read_units() has it, of the
-- current version.
CREATE OR REPLACE FUNCTION log.counts_of_void(type text, data jsonb)
RETURNS TABLE (mode text, month text, key_id uuid, events bigint, given_back bigint)
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
ROWS 2
AS $$
  SELECT v.void ->> 'mode', c.month, c.key_id, c.events,
    CASE WHEN (v.void ->> 'gives_back_quota')::boolean THEN c.events ELSE 0 END
  FROM (SELECT counts_of_void.data -> 0 AS void WHERE counts_of_void.type = 'telemetry_voided') AS v
  CROSS JOIN LATERAL jsonb_to_recordset(v.void -> 'counts') AS c (month text, key_id uuid, events bigint)
$$;
