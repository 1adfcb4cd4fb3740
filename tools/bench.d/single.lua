-- wrk script: one event per request, each with an event_id of its own.
package.path = debug.getinfo(1).source:match("@(.*/)") .. "?.lua;" .. package.path
local common = require("common")
local bodies = common.lines(os.getenv("RECOUNT_BODIES"))
local at = 0
-- Two that begin in the same second draw other ids.
math.randomseed(os.time() + (tonumber(os.getenv("RECOUNT_SEED")) or 0))

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer " .. os.getenv("RECOUNT_KEY")

function request()
  at = at % #bodies + 1
  return wrk.format(nil, nil, nil, bodies[at] .. ',"event_id":"' .. common.uuid7() .. '"}')
end

function done(summary, latency) common.report(summary, latency) end
