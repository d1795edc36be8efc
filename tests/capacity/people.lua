-- wrk: asks for one voter after the other, at random, as a form of a server-side lookup would.
--   PEOPLE: how many there are
local people

function init()
  people = tonumber(os.getenv("PEOPLE"))
  math.randomseed(1)
end

function request()
  return wrk.format("GET", string.format("/tps?nik=390101%010d", math.random(1, people)))
end

dofile((os.getenv("CAPACITY") or ".") .. "/told.lua")
