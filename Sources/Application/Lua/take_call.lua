-- Takes what a call costs from the two buckets of a key and the two of its account, or nothing when one that is asked is empty: for all
-- servers together, by Redis's own clock. The rule is that of Sources/Domain/Throttle, and a test holds one against the other.
--   KEYS     the API key's buckets, its account's
--   ARGV     calls taken, bytes taken; calls a second and bytes a second of the key; the same of the account
-- Answers {1 if given, now, calls left and bytes left of the key, the same of the account}: milliseconds since 1970, and thousandths.
local BURST_SECONDS = 10
local PATIENCE = BURST_SECONDS * 1000
local MOST = 1e12
local DEEPEST_DEBT = -1e17
-- A month: whoever is in debt for longer has long changed the rate.
local LONGEST = 2592000000

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local costs = {tonumber(ARGV[1]), tonumber(ARGV[2])}

local function capacity(rate) return rate * BURST_SECONDS * 1000 end

-- The two buckets under a name, filled up to now.
local function filled(name, calls, bytes)
  local buckets = {name = name, rates = {calls, bytes}, levels = {capacity(calls), capacity(bytes)}, time = now}
  local kept = redis.call('GET', name)
  if kept then buckets.levels[1], buckets.levels[2], buckets.time = struct.unpack('<ddd', kept) end
  local elapsed = math.max(0, now - buckets.time)
  if elapsed > 0 or buckets.time - now > PATIENCE then buckets.time = now end
  for i = 1, 2 do
    buckets.levels[i] = math.min(capacity(buckets.rates[i]), buckets.levels[i] + elapsed * buckets.rates[i])
  end
  return buckets
end

local function gives(buckets)
  for i = 1, 2 do
    if costs[i] > 0 and buckets.levels[i] <= 0 then return false end
  end
  return true
end

local function spend(buckets)
  local refill, levels = 0, buckets.levels
  for i = 1, 2 do
    levels[i] = math.max(DEEPEST_DEBT, levels[i] - math.min(math.max(0, costs[i]), MOST) * 1000)
    refill = math.max(refill, math.ceil((capacity(buckets.rates[i]) - levels[i]) / buckets.rates[i]))
  end
  -- Full buckets need no memory.
  redis.call(
    'SET', buckets.name, struct.pack('<ddd', levels[1], levels[2], buckets.time), 'PX', math.min(LONGEST, refill + PATIENCE))
end

local key = filled(KEYS[1], tonumber(ARGV[3]), tonumber(ARGV[4]))
local account = filled(KEYS[2], tonumber(ARGV[5]), tonumber(ARGV[6]))
local given = gives(key) and gives(account)
if given then
  spend(key)
  spend(account)
end
return {given and 1 or 0, now, key.levels[1], key.levels[2], account.levels[1], account.levels[2]}
