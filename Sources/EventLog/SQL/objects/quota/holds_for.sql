-- Whether a quota, by where and in which month it was set, holds for a meter, by its month and where it was first used: it does from
-- the month on that it was set in, and for months that had not been used by then. Past months keep the quota that they were decided
-- by.
CREATE OR REPLACE FUNCTION log.holds_for(set_position bigint, set_month text, month text, first_position bigint)
RETURNS boolean
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  SELECT holds_for.set_month <= holds_for.month OR holds_for.set_position < holds_for.first_position
$$;
