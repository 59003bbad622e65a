-- After their rows are committed: removes entries from the journal and the unread marks of their users.
--
-- KEYS[1]  epoch
-- KEYS[2]  seq, the last id issued
-- KEYS[3]  journal
-- KEYS[4]  born, the first id since which Redis has lost nothing
-- then for each entry that is to a user: unread marks, count, lease of that user
-- ARGV[1]  the epoch that the caller expects
-- ARGV[2]  frame, from behind the id on, that says that the unread count has changed
-- then two for each entry:
--          id (microseconds), the user's channel ('': it is not to a user)
--
-- Answers for each entry 1 if it was there, 0 if another node has removed it, -1 if Redis has lost it or may have; { } when the epoch is another one: nothing was written.
local VERSION = '\1'

if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return { }
end
local frame = VERSION .. struct.pack('>I8', tonumber(redis.call('GET', KEYS[2]))) .. ARGV[2]
local answer, users = { }, { }
local born = tonumber(redis.call('GET', KEYS[4]) or '9007199254740991')
local key = 5
for a = 3, #ARGV, 2 do
  local channel = ARGV[a + 1]
  local found = redis.call('XDEL', KEYS[3], ARGV[a] .. '-0')
  answer[#answer + 1] = found == 0 and tonumber(ARGV[a]) <= born and -1 or found
  if channel ~= '' then
    redis.call('ZREM', KEYS[key], ARGV[a])
    redis.call('DEL', KEYS[key + 1], KEYS[key + 2])
    key = key + 3
    users[channel] = true
  end
end
for channel in pairs(users) do
  redis.call('PUBLISH', channel, frame)
end
return answer
