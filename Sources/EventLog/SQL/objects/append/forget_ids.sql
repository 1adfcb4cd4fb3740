-- Drops the ids that no event can bear any more. An id recorded in a month belongs to an event of at most that month's end (and
-- the minutes that a client's clock may be ahead: a day is more than enough); once that lies outside the acceptance window, an
-- event bearing it is refused for its age, and the id need not be known (promise 3). Called daily, by the schedule.
CREATE OR REPLACE FUNCTION log.forget_ids(today date, window_days integer)
RETURNS integer -- how many months it dropped
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  partition regclass;
  dropped integer := 0;
BEGIN
  FOR partition IN
    SELECT i.inhrelid::regclass
    FROM pg_inherits AS i
    JOIN pg_class AS c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'log.event_ids'::regclass
      AND to_date(substr(c.relname, length('event_ids_') + 1), 'YYYY_MM') + interval '1 month 1 day'
        -- Never by the caller's clock alone: not beyond what the log itself has come to.
        < least(forget_ids.today, (SELECT max(h.recorded_at) FROM log.heads AS h WHERE isfinite(h.recorded_at))::date)
          - greatest(forget_ids.window_days, 35) -- nor, whatever it says, of those that an event can bear
  LOOP
    EXECUTE format('DROP TABLE %s', partition);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END
$$;
