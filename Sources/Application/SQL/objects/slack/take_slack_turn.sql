-- Takes the turn to send to a URL, which is free again at `next`: NULL. Where it is not free yet, when it will be.
CREATE OR REPLACE FUNCTION operations.take_slack_turn(url_hash text, at timestamptz, next timestamptz) RETURNS timestamptz
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
BEGIN
  INSERT INTO operations.slack_paces AS p (url_hash, free_at)
  VALUES (take_slack_turn.url_hash, take_slack_turn.next)
  ON CONFLICT (url_hash) DO UPDATE SET free_at = excluded.free_at
  WHERE p.free_at <= take_slack_turn.at;
  IF FOUND THEN
    RETURN NULL;
  END IF;
  RETURN (SELECT p.free_at FROM operations.slack_paces AS p WHERE p.url_hash = take_slack_turn.url_hash);
END
$$;
