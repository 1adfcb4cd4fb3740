-- wrk script: one question, asked again and again.
package.path = debug.getinfo(1).source:match("@(.*/)") .. "?.lua;" .. package.path
local common = require("common")

wrk.headers["Authorization"] = "Bearer " .. os.getenv("RECOUNT_KEY")

function done(summary, latency) common.report(summary, latency) end
