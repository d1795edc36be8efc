-- wrk: asks for the files of a first visit one after the other, over and over, as a browser asks.
--   VISIT: a file with one path a line; behind a tab the ETag, where the browser has it and asks whether it changed
local requests, at = {}, 0

function init()
  wrk.headers["Accept-Encoding"] = "gzip, deflate, br"
  wrk.headers["Origin"] = "https://partner.example"
  for line in io.lines(os.getenv("VISIT")) do
    local path, tag = line:match("^([^\t]*)\t?(.*)$")
    wrk.headers["If-None-Match"] = tag ~= "" and tag or nil
    requests[#requests + 1] = wrk.format("GET", "/" .. path)
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

dofile((os.getenv("CAPACITY") or ".") .. "/told.lua")
