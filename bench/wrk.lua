-- A script for wrk: changes a file before each request, where one is given, and prints what was measured
-- as JSON. Arguments: the file, and where in it a number of four bytes stands, little endian.
local function bytes_of(number)
  local bytes = {}
  for i = 1, 4 do
    bytes[i] = string.char(number % 256)
    number = math.floor(number / 256)
  end
  return table.concat(bytes)
end

function init(args)
  local path, offset = args[1], tonumber(args[2])
  if path == nil then return end
  local number = os.time()
  request = function()
    number = number + 1
    local file = assert(io.open(path, "r+b"))
    file:seek("set", offset)
    file:write(bytes_of(number))
    file:close()
    return wrk.format()
  end
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"duration":%d,"bytes":%d,"median":%d,"p99":%d,"errors":%d}\n',
    summary.requests, summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout
  ))
end
