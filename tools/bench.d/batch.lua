-- wrk script: batches of events under a batch_id of their own.
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
  return wrk.format(nil, nil, nil, '{"batch_id":"' .. common.uuid7() .. '","events":' .. bodies[at] .. "}")
end

function done(summary, latency) common.report(summary, latency) end
