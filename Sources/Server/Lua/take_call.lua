-- Takes what a call costs from a key's two buckets, or nothing when one that is asked is empty: for all servers together, by Redis's
-- own clock. The rule is that of Sources/Domain/Throttle, and a test holds one against the other.
--   KEYS[1]  the API key's buckets
--   ARGV     calls a second, calls taken, bytes a second, bytes taken
-- Answers {1 if given, calls left, bytes left, now}: thousandths, and milliseconds since 1970.
local BURST_SECONDS = 10
local PATIENCE = BURST_SECONDS * 1000
local MOST = 1e12
local DEEPEST_DEBT = -1e17
-- A month: whoever is in debt for longer has long changed the rate.
local LONGEST = 2592000000

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local rates = {tonumber(ARGV[1]), tonumber(ARGV[3])}
local costs = {tonumber(ARGV[2]), tonumber(ARGV[4])}

local kept = redis.call('GET', KEYS[1])
local levels, time = {rates[1] * BURST_SECONDS * 1000, rates[2] * BURST_SECONDS * 1000}, now
if kept then levels[1], levels[2], time = struct.unpack('<ddd', kept) end

local elapsed = math.max(0, now - time)
if elapsed > 0 or time - now > PATIENCE then time = now end
local given = 1
for i = 1, 2 do
  levels[i] = math.min(rates[i] * BURST_SECONDS * 1000, levels[i] + elapsed * rates[i])
  if costs[i] > 0 and levels[i] <= 0 then given = 0 end
end

if given == 1 then
  local refill = 0
  for i = 1, 2 do
    levels[i] = math.max(DEEPEST_DEBT, levels[i] - math.min(math.max(0, costs[i]), MOST) * 1000)
    refill = math.max(refill, math.ceil((rates[i] * BURST_SECONDS * 1000 - levels[i]) / rates[i]))
  end
  -- Full buckets need no memory.
  redis.call('SET', KEYS[1], struct.pack('<ddd', levels[1], levels[2], time), 'PX', math.min(LONGEST, refill + PATIENCE))
end
return {given, levels[1], levels[2], now}
