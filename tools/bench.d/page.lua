-- wrk script: one page, asked for again and again with the fields of RECOUNT_FIELDS; an answer of another status than RECOUNT_STATUS is an error.
package.path = debug.getinfo(1).source:match("@(.*/)") .. "?.lua;" .. package.path
local common = require("common")
local threads, wanted = {}, tonumber(os.getenv("RECOUNT_STATUS"))

for name, value in os.getenv("RECOUNT_FIELDS"):gmatch("([^:\n]+): ([^\n]*)") do wrk.headers[name] = value end

function setup(thread) threads[#threads + 1] = thread end

function init() others = 0 end

function response(status) if status ~= wanted then others = others + 1 end end

function done(summary, latency)
  -- wrk counts answers from 400 on as errors by itself; those of another status than the one wanted count as such here.
  local wrong = 0
  for _, thread in ipairs(threads) do wrong = wrong + thread:get("others") end
  summary.errors.status = wrong
  common.report(summary, latency)
end
