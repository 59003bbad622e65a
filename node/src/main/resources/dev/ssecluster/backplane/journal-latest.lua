-- Reads one page of the journal, the newest entries first.
--
-- KEYS[1]  epoch
-- KEYS[2]  seq, the last id issued
-- KEYS[3]  journal
-- ARGV[1]  the epoch that the caller expects
-- ARGV[2]  entries above this id, microseconds
-- ARGV[3]  entries below this id, microseconds; 0: up to the newest
-- ARGV[4]  entries in the page, at most
--
-- Answers { seq, before, channel 1, frame 1, channel 2, frame 2, .. }, descending; before: what the next page has is below it, 0
-- when this is the last one. { } when the epoch is another one.
local CHUNK = 50
local MOST_BYTES = 1048576 -- about: a page ends with the chunk that reaches it

if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return { }
end
local first = '(' .. ARGV[2] .. '-0'
local limit, before, bytes = tonumber(ARGV[4]), ARGV[3], 0
local answer = { tonumber(redis.call('GET', KEYS[2])), 0 }
repeat
  local count = math.min(CHUNK, limit)
  local last = before == '0' and '+' or '(' .. before .. '-0'
  local entries = redis.call('XREVRANGE', KEYS[3], last, first, 'COUNT', count)
  for _, entry in ipairs(entries) do
    local channel, frame = entry[2][2], entry[2][4] or ''
    bytes = bytes + #channel + #frame
    answer[#answer + 1] = channel
    answer[#answer + 1] = frame
    before = string.match(entry[1], '^%d+')
  end
  limit = limit - #entries
  if #entries < count then
    return answer
  end
until limit <= 0 or bytes >= MOST_BYTES
answer[2] = tonumber(before)
return answer
