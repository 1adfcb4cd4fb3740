-- Whether a void takes a request, by its own timestamp (milliseconds since 1970) and its position.
CREATE OR REPLACE FUNCTION log.is_taken("from" bigint, "to" bigint, upto_position bigint, at bigint, "position" bigint)
RETURNS boolean
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  SELECT is_taken.at >= is_taken."from" AND is_taken.at < is_taken."to" AND is_taken.position <= is_taken.upto_position
$$;
