-- Shared by the load scripts: UUIDs of version 7 (RFC 9562) and the JSON line that tools/bench reads.
local common = {}
local sequence = math.random(0, 0xFFF)

function common.uuid7(prefix)
  -- Milliseconds from the system clock, then a counter and random bits: unique over threads and runs.
  sequence = (sequence + 1) % 0x1000
  local now = os.time() * 1000 + math.floor((os.clock() * 1000) % 1000)
  return string.format("%08x-%04x-7%03x-%04x-%04x%08x", math.floor(now / 0x10000), now % 0x10000, sequence,
    0x8000 + math.random(0, 0x3FFF), math.random(0, 0xFFFF), math.random(0, 0x7FFFFFFF))
end

function common.lines(path)
  local lines = {}
  for line in io.lines(path) do lines[#lines + 1] = line end
  return lines
end

function common.report(summary, latency)
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status
    + summary.errors.timeout
  io.write(string.format('{"requests": %d, "seconds": %.3f, "errors": %d, "p50_ms": %.2f, "p99_ms": %.2f}\n',
    summary.requests - summary.errors.status, summary.duration / 1e6, errors, latency:percentile(50) / 1000,
    latency:percentile(99) / 1000))
end

return common
