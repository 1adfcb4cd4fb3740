-- A new password was set for the address: what counts against guesses at the old one is void. Rows are locked in the order in which
-- attempts lock them: address, then who made them.
CREATE OR REPLACE FUNCTION operations.forget_subject(subject text) RETURNS void
LANGUAGE sql
AS $$
  WITH counts AS (
    SELECT t.key FROM operations.throttles AS t WHERE t.subject = forget_subject.subject ORDER BY t.key FOR UPDATE)
  DELETE FROM operations.throttles AS t USING counts AS c WHERE t.key = c.key;
$$;
