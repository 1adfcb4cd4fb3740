-- Takes out of the series and places of the projection at work what a cut takes out: detail that is no longer kept from here on, and of
-- series the days of which a void that comes with the cut took something, which log.counted_texts() gives anew. Answers whether there are
-- such days. Places stay: they say where requests lie, voided or not.
CREATE OR REPLACE FUNCTION log.forget_series(shard integer, after bigint, upto bigint, foresight bigint)
RETURNS boolean
LANGUAGE plpgsql
AS $$
DECLARE
  series record;
  blocks text;
  places record;
  moved record;
  news record;
  is_counted_again boolean := false;
BEGIN
  FOR moved IN
    SELECT m.* FROM log.move_retention(forget_series.shard, forget_series.after, forget_series.upto) AS m
  LOOP
    FOR series IN SELECT s.* FROM log.series_at_hand() AS s LOOP
      EXECUTE format(
        CASE
          WHEN series.keeps_totals THEN
            'UPDATE %I SET cells = NULL WHERE shard = $1 AND project_id = $2 AND mode IN (''live'', ''test'') AND at < $3'
            ' AND cells IS NOT NULL'
          ELSE 'DELETE FROM %I WHERE shard = $1 AND project_id = $2 AND mode IN (''live'', ''test'') AND at < $3'
        END, series.name)
      USING forget_series.shard, moved.project_id, moved.before;
      IF series.label <> '' AND NOT series.keeps_totals THEN
        EXECUTE format(
          'DELETE FROM %I WHERE shard = $1 AND project_id = $2 AND mode IN (''live'', ''test'') AND at < $3',
          series.name || '_blocks')
        USING forget_series.shard, moved.project_id, moved.before;
      END IF;
    END LOOP;
    FOR places IN SELECT p.* FROM log.places_at_hand() AS p LOOP
      EXECUTE format(
        'DELETE FROM %I WHERE shard = $1 AND project_id = $2 AND mode IN (''live'', ''test'') AND at < $3', places.name)
      USING forget_series.shard, moved.project_id, moved.before;
    END LOOP;
  END LOOP;
  FOR news IN
    SELECT d.*
    FROM log.days_counted_again(forget_series.shard, forget_series.after, forget_series.upto, forget_series.foresight) AS d
  LOOP
    is_counted_again := true;
    FOR series IN SELECT s.* FROM log.series_at_hand() AS s LOOP
      FOREACH blocks IN ARRAY
        CASE WHEN series.label = '' THEN ARRAY[series.name] ELSE ARRAY[series.name, series.name || '_blocks'] END
      LOOP
        EXECUTE format(
          'DELETE FROM %I WHERE shard = $1 AND project_id = $2 AND mode = $3 AND at >= $4 AND at < $5', blocks)
        USING forget_series.shard, news.project_id, news.mode, news."from", news."to";
      END LOOP;
    END LOOP;
  END LOOP;
  RETURN is_counted_again;
END
$$;
