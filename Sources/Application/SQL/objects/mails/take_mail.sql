-- Hands out the mail that has been due longest, to one sender only, until `lapses_at`: who has not said by then what became of it
-- is taken for dead, and it is due again.
CREATE OR REPLACE FUNCTION operations.take_mail(at timestamptz, lapses_at timestamptz)
RETURNS SETOF operations.mails
LANGUAGE sql
AS $$
  WITH due AS (
    SELECT m.message_id
    FROM operations.mails AS m
    WHERE m.due_at <= take_mail.at
    ORDER BY m.due_at
    LIMIT 1
    FOR UPDATE SKIP LOCKED
  )
  UPDATE operations.mails AS m
  SET state = 'sending', attempts = m.attempts + 1, due_at = take_mail.lapses_at
  FROM due AS d
  WHERE m.message_id = d.message_id
  RETURNING m.*
$$;
