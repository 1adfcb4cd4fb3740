-- The streams of a shard whose names begin with a text, after one of them: for whoever walks along all customers or accounts. By their versions, so
-- that a log of requests costs nothing.
CREATE OR REPLACE FUNCTION operations.billing_streams(shard integer, prefix text, after text, most integer)
RETURNS TABLE (stream text)
LANGUAGE sql
STABLE
AS $$
  SELECT DISTINCT v.stream
  FROM log.stream_versions AS v
  WHERE v.shard = billing_streams.shard AND v.stream > billing_streams.after
    AND starts_with(v.stream, billing_streams.prefix)
  ORDER BY v.stream
  LIMIT billing_streams.most
$$;
