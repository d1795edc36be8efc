-- wrk: asks for the files of a first visit one after the other, over and over, as a browser asks.
--   VISIT: a file with one path a line
local requests, at = {}, 0

function init()
  wrk.headers["Accept-Encoding"] = "gzip, deflate, br"
  wrk.headers["Origin"] = "https://partner.example"
  for path in io.lines(os.getenv("VISIT")) do
    requests[#requests + 1] = wrk.format("GET", "/" .. path)
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

dofile((os.getenv("CAPACITY") or ".") .. "/told.lua")
