-- Sends stored messages to 1 000 users in turn, for wrk:  wrk -t1 -c64 -d10 -s loadtest/persist.lua http://127.0.0.1:8081
local sent = 0

function request()
  sent = sent + 1
  local body = string.format('{"user_id":"u%d","event_type":"order","data":{"title":"Order shipped","n":%d},"persist":true}',
    sent % 1000, sent)
  return wrk.format("POST", "/api/v1/sse/send", { ["Content-Type"] = "application/json" }, body)
end
