-- Before the commit of what changes a user's unread count: drops it, and marks the user.
--
-- KEYS[1]  epoch
-- KEYS[2]  the user's marks
-- KEYS[3]  count
-- KEYS[4]  lease
-- ARGV[1]  the epoch that the caller expects
-- ARGV[2]  the mark, random
--
-- Answers { 1 }; { } when the epoch is another one: nothing was written.
local MARK_LIFE = 60000000 -- 60 s: longer than any transaction
local MARKS_LIFE = 90000000 -- 25 h in milliseconds: longer than any of the marks

if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return { }
end
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
redis.call('ZADD', KEYS[2], string.format('%d', now + MARK_LIFE), ARGV[2])
redis.call('PEXPIRE', KEYS[2], MARKS_LIFE)
redis.call('DEL', KEYS[3], KEYS[4])
return { 1 }
