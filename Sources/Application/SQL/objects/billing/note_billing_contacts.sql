-- Addresses of people or owners of accounts have changed: where bills go to one of them, the account is due.
CREATE OR REPLACE FUNCTION operations.note_billing_contacts(people uuid[], accounts uuid[], at timestamptz)
RETURNS void
LANGUAGE sql
AS $$
  SELECT operations.note_billing_due(array_agg(DISTINCT c.account_id), note_billing_contacts.at)
  FROM operations.billing_contacts AS c
  WHERE c.user_id = ANY (note_billing_contacts.people) OR c.account_id = ANY (note_billing_contacts.accounts)
  HAVING count(*) > 0
$$;
