-- What the append decides about one unit; internal to log.append().
CREATE TYPE log.decision AS (
  unit integer, -- its number in the call, from 1
  text integer, -- which of the call's texts holds its events
  account_id uuid, project_id uuid, key_id uuid, mode text, month text, metered boolean,
  scope uuid, id uuid, digest bigint,
  given integer, -- events in the unit
  invalid integer, -- events the server turned away before; only tallied here
  repeated integer, -- events that repeat another of the same call; only tallied here
  ordinals integer[], -- of the given events in their call; NULL: 0, 1, 2, …
  outside integer[], -- ordinals whose timestamp has left the acceptance window since they may have been accepted
  seen boolean, -- its id is known, with the same digest
  conflict boolean, -- its id is known, with another digest
  seen_position bigint, seen_accepted int4multirange,
  candidates integer, -- events that are new
  accepted integer, -- of these, how many the quota has room for: always the first ones
  used bigint, quota bigint, -- of the meter, after this unit
  "position" bigint -- of its first accepted event; of a duplicate, the position it first got
);
