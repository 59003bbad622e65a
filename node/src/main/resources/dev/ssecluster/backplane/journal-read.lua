-- Reads one page of the journal.
--
-- KEYS[1]  epoch
-- KEYS[2]  seq, the last id issued
-- KEYS[3]  journal
-- ARGV[1]  the epoch that the caller expects
-- ARGV[2]  entries above this id, microseconds
-- ARGV[3]  entries in the page, at most
--
-- Answers { seq, after, channel 1, frame 1, channel 2, frame 2, .. }, ascending; after: where the next page begins, 0 when this
-- is the last one. { } when the epoch is another one.
local CHUNK = 50
local MOST_BYTES = 1048576 -- about: a page ends with the chunk that reaches it

if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return { }
end
local limit, after, bytes = tonumber(ARGV[3]), ARGV[2], 0
local answer = { tonumber(redis.call('GET', KEYS[2])), 0 }
repeat
  local count = math.min(CHUNK, limit)
  local entries = redis.call('XRANGE', KEYS[3], '(' .. after .. '-0', '+', 'COUNT', count)
  for _, entry in ipairs(entries) do
    local channel, frame = entry[2][2], entry[2][4] or ''
    bytes = bytes + #channel + #frame
    answer[#answer + 1] = channel
    answer[#answer + 1] = frame
    after = string.match(entry[1], '^%d+')
  end
  limit = limit - #entries
  if #entries < count then
    return answer
  end
until limit <= 0 or bytes >= MOST_BYTES
answer[2] = tonumber(after)
return answer
