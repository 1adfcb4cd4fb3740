-- How many mails of an account to a person were held in an hour.
CREATE OR REPLACE FUNCTION operations.held_mails(account_id uuid, recipient uuid, hour timestamptz)
RETURNS bigint
LANGUAGE sql
STABLE
AS $$
  SELECT count(*)
  FROM operations.mails AS m
  WHERE m.account_id = held_mails.account_id AND m.recipient = held_mails.recipient AND m.hour = held_mails.hour
    AND m.state = 'held'
$$;
