-- How long a job that failed so often in a row waits: a minute, doubled up to an hour, never longer than its own interval.
CREATE OR REPLACE FUNCTION operations.job_back_off(failures_in_a_row integer, interval_ms bigint) RETURNS interval
LANGUAGE sql
IMMUTABLE
AS $$
  SELECT CASE
    WHEN job_back_off.failures_in_a_row = 0 THEN interval '0'
    ELSE least(
      make_interval(secs => 60 * 2 ^ least(job_back_off.failures_in_a_row - 1, 6)), interval '1 hour',
      make_interval(secs => job_back_off.interval_ms / 1000.0))
  END
$$;
