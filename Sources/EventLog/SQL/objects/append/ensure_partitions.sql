-- Creates the monthly partitions that appends will need. Called at migration and by the schedule, never by an append: an
-- append must not wait for the lock that CREATE TABLE … PARTITION OF takes.
CREATE OR REPLACE FUNCTION log.ensure_partitions(today date, months_ahead integer DEFAULT 3)
RETURNS integer -- how many partitions it created
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  month date;
  suffix text;
  created integer := 0;
BEGIN
  -- Servers that start together would create the same table.
  PERFORM pg_advisory_xact_lock(hashtext('recount months'));
  FOR month IN
    SELECT (date_trunc('month', ensure_partitions.today::timestamp) + make_interval(months => m))::date
    FROM generate_series(-1, ensure_partitions.months_ahead) AS m
  LOOP
    suffix := to_char(month, 'YYYY_MM');
    IF to_regclass(format('log.batches_%s', suffix)) IS NULL
      -- An archived month is over: nothing is recorded in it any more.
      AND NOT EXISTS (SELECT FROM log.archived_months AS a WHERE a.month >= to_date(suffix, 'YYYY_MM'))
    THEN
      -- Bounds carry their zone: a session's TimeZone setting must not move them.
      EXECUTE format(
        'CREATE TABLE log.%I PARTITION OF log.batches FOR VALUES FROM (%L) TO (%L)'
        -- Append-only tables never reach the dead-tuple threshold: without insert thresholds they would not be vacuumed
        -- (nor their visibility map set) until wrap-around forces it.
        ' WITH (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)',
        'batches_' || suffix, month || ' 00:00:00+00', (month + interval '1 month')::date || ' 00:00:00+00');
      created := created + 1;
    END IF;
    IF to_regclass(format('log.event_ids_%s', suffix)) IS NULL THEN
      EXECUTE format(
        'CREATE TABLE log.%I PARTITION OF log.event_ids FOR VALUES FROM (%L) TO (%L)'
        ' WITH (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)',
        'event_ids_' || suffix, month, (month + interval '1 month')::date);
      created := created + 1;
    END IF;
  END LOOP;
  RETURN created;
END
$$;
