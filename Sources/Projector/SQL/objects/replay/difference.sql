-- A row that differs, in words.
CREATE OR REPLACE FUNCTION projector.difference(live jsonb, replayed jsonb, key text[]) RETURNS text
LANGUAGE sql
STABLE
AS $$
  SELECT format('the row with %s %s', (
    SELECT string_agg(format('%s %s', k, coalesce(difference.live, difference.replayed) ->> k), ', ' ORDER BY place)
    FROM unnest(difference.key) WITH ORDINALITY AS u (k, place)
  ), CASE
    WHEN difference.replayed IS NULL THEN 'is in the table, but the log does not give it'
    WHEN difference.live IS NULL THEN 'is missing from the table, though the log gives it'
    ELSE 'says ' || (
      SELECT string_agg(
        format('%s %s, but the log gives %s', l.name, left(coalesce(l.value, 'nothing'), 100),
          left(coalesce(difference.replayed ->> l.name, 'nothing'), 100)),
        '; ' ORDER BY l.name)
      FROM jsonb_each_text(difference.live) AS l (name, value)
      WHERE l.value IS DISTINCT FROM difference.replayed ->> l.name)
  END)
$$;
