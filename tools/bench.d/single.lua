-- wrk script: one event per request, each with an event_id of its own.
package.path = debug.getinfo(1).source:match("@(.*/)") .. "?.lua;" .. package.path
local common = require("common")
local bodies = common.lines(os.getenv("RECOUNT_BODIES"))
local at = 0
math.randomseed(os.time())

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer " .. os.getenv("RECOUNT_KEY")

function request()
  at = at % #bodies + 1
  return wrk.format(nil, nil, nil, bodies[at] .. ',"event_id":"' .. common.uuid7() .. '"}')
end

function done(summary, latency) common.report(summary, latency) end
