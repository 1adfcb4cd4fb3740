-- How many requests a total of a series is of: its first number (Sources/Domain/Traffic/TrafficBytes.swift). For who looks with psql.
CREATE OR REPLACE FUNCTION log.series_calls(total bytea) RETURNS bigint
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
AS $$
DECLARE
  calls bigint := 0;
BEGIN
  FOR k IN 0..least(octet_length(total), 9) - 1 LOOP
    calls := calls | ((get_byte(total, k) & 127)::bigint << (7 * k));
    EXIT WHEN get_byte(total, k) < 128;
  END LOOP;
  RETURN calls;
END
$$;
