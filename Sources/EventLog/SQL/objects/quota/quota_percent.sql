-- The share of the live quota, in percent, at which an event is recorded, once for each month and limit. The same in Swift:
-- Sources/Domain/Meter, held against this by a test.
CREATE OR REPLACE FUNCTION log.quota_percent(crossing text) RETURNS integer
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  SELECT CASE quota_percent.crossing WHEN 'quota_threshold_reached' THEN 80 WHEN 'quota_exceeded' THEN 100 END
$$;
