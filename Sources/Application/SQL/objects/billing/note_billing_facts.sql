-- Facts came in streams of customers: whose they are, is due. Of a customer whose account is not known the link will tell.
CREATE OR REPLACE FUNCTION operations.note_billing_facts(streams text[], at timestamptz)
RETURNS void
LANGUAGE sql
AS $$
  SELECT operations.note_billing_due(array_agg(DISTINCT c.account_id), note_billing_facts.at)
  FROM operations.billing_customers AS c
  WHERE c.stream = ANY (note_billing_facts.streams)
  HAVING count(*) > 0
$$;
