-- Looks up unread counts.
--
-- KEYS[1]  epoch
-- KEYS[2]  there while marks may be missing, because Redis lost its data
-- then three for each user: marks, count, lease
-- ARGV[1]  the epoch that the caller expects
-- then for each user a random text for a new lease
--
-- Answers two values for each user: count and when the first of the messages expires (microseconds, 0: never); or -1 and a lease
-- to count with; or -2 and '' while something is changing. { } when the epoch is another one.
--
-- A count is "<epoch>:<count>:<expiry>": that of another epoch came back with an older copy of the data, and is worth nothing.
-- A lease is "<epoch>:<text>". Whoever looks before it is used gets the same one: it says that nothing was marked since.
local MISSING, DIRTY = -1, -2
local LEASE_LIFE = 60000 -- ms: time to count

if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return { }
end
local time = redis.call('TIME')
local now = string.format('%d', time[1] * 1000000 + time[2])
local is_settling = redis.call('EXISTS', KEYS[2]) == 1

local function is_dirty(marks)
  redis.call('ZREMRANGEBYSCORE', marks, '-inf', now)
  return redis.call('EXISTS', marks) == 1
end

local function lease(key, text)
  local held = redis.call('GET', key)
  if not held or string.match(held, '^%x+') ~= ARGV[1] then
    held = ARGV[1] .. ':' .. text
    redis.call('SET', key, held, 'PX', LEASE_LIFE)
  end
  return held
end

local function look(marks, count, lease_key, text)
  local epoch, number, expiry = string.match(redis.call('GET', count) or '', '^(%x+):(%d+):(%d+)$')
  if epoch == ARGV[1] then
    return tonumber(number), tonumber(expiry)
  end
  if is_settling or is_dirty(marks) then
    return DIRTY, ''
  end
  return MISSING, lease(lease_key, text)
end

local answer = { }
for i = 1, #ARGV - 1 do
  answer[2 * i - 1], answer[2 * i] = look(KEYS[3 * i], KEYS[3 * i + 1], KEYS[3 * i + 2], ARGV[1 + i])
end
return answer
