-- Nobody sends to a URL before a time: Slack has said so.
CREATE OR REPLACE FUNCTION operations.hold_slack_url(url_hash text, until timestamptz) RETURNS void
LANGUAGE sql
AS $$
  INSERT INTO operations.slack_paces AS p (url_hash, free_at)
  VALUES (hold_slack_url.url_hash, hold_slack_url.until)
  ON CONFLICT (url_hash) DO UPDATE SET free_at = greatest(p.free_at, excluded.free_at)
$$;
