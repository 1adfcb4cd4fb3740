-- Objects of a customer, by whose stream they were told. A stream is named `stripe-<account>-<live|test>-<customer>`.
CREATE OR REPLACE FUNCTION operations.note_billing_objects(stream text, objects text[])
RETURNS void
LANGUAGE sql
AS $$
  INSERT INTO operations.billing_objects (stripe_account, livemode, object_id, customer)
  SELECT split_part(note_billing_objects.stream, '-', 2), split_part(note_billing_objects.stream, '-', 3) = 'live', o.id,
    split_part(note_billing_objects.stream, '-', 4)
  FROM unnest(note_billing_objects.objects) AS o (id)
  ORDER BY o.id
  ON CONFLICT DO NOTHING
$$;
