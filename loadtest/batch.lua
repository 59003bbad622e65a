-- Batches of 100 messages to 1 000 users, for wrk:  wrk -t1 -c8 -d10 -s loadtest/batch.lua http://127.0.0.1:8081
local sent = 0

function request()
  local messages = {}
  for i = 1, 100 do
    sent = sent + 1
    messages[i] = string.format('{"target":{"user_id":"u%d"},"event_type":"order","data":{"title":"Order shipped","n":%d}}',
      sent % 1000, sent)
  end
  local body = '{"messages":[' .. table.concat(messages, ",") .. ']}'
  return wrk.format("POST", "/api/v1/sse/send/batch", { ["Content-Type"] = "application/json" }, body)
end
