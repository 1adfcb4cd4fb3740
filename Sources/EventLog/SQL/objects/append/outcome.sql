-- What the append answers for each unit, in the order given. The ordinals are NULL where all or none of the unit's
-- events had that outcome.
CREATE TYPE log.outcome AS (
  unit integer, "position" bigint, accepted integer, duplicates integer, refused integer, conflict boolean,
  duplicate_ordinals integer[], refused_ordinals integer[], used bigint, quota bigint
);
