-- wrk: one line for the script that called it: requests, seconds, bytes, errors, and the median and the 99th percentile in ms.
function done(summary, latency)
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
  io.write(string.format("told %d %.3f %d %d %.1f %.1f\n", summary.requests, summary.duration / 1e6, summary.bytes, errors,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
