-- Publishes messages, in order: checks, next id, journal, history, PUBLISH, idempotency record. One call carries what waited.
--
-- KEYS[1]       epoch
-- KEYS[2]       seq, the last id issued
-- KEYS[3]       journal: persisted, not yet in the database
-- KEYS[3+i]     history of message i, i = 1..n
-- then for each message, in order:
--               its idempotency record, if it has an idempotency key;
--               the unread marks, count and lease of its user, if it is persisted and to a user
-- ARGV[1]       the epoch that the caller expects
-- ARGV[2]       n
-- ARGV[3]       history window, microseconds
-- ARGV[4]       history length, entries
-- ARGV[5]       life of an idempotency record, milliseconds
-- ARGV[6]       journal length, entries
-- then five for each message:
--               deadline (microseconds, Redis TIME), channel, frame from behind the id on, body hash ('': no idempotency key),
--               time to live (microseconds from now on: ids may be ahead of the clock; '': the frame has its expiry already)
-- then one for each message with the flag TRACED, in order: the rest of the frame that goes before it
--
-- Answers { now } when the epoch is another one: nothing was written. Otherwise
-- { now, id 1, nodes 1, ahead 1, .., id n, nodes n, ahead n [, text of the first error] }; now and ids in microseconds; ahead: how
-- far the id was ahead of the clock; and for id:
--   > 0  published; < 0  replay of the first answer, published then as -id; 0  nothing was written for it, and nodes says why:
--   1 its deadline has passed, 2 its idempotency key was used with another body, 3 Redis refused the write, 4 the journal is full
local PAST_DEADLINE, KEY_REUSED, REFUSED, JOURNAL_FULL = 1, 2, 3, 4
local VERSION = '\1'
local TRACE_VERSION = '\3'
local USER = 'sse:{0}:user:'
local MARK_LIFE = 86400000000 -- 24 h: an entry may wait that long for the database
local MARKS_LIFE = 90000000 -- 25 h in milliseconds: longer than any of the marks

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return { now }
end

local call, pcall, format, pack = redis.call, redis.pcall, string.format, struct.pack
local byte, sub, find, type = string.byte, string.sub, string.find, type
local n, window, max_length, record_life = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4], ARGV[5]
local answer = { now }
local next_id, failure
local journaled -- entries in the journal
local trace -- of the message that is being published; nil: nobody follows it
local oldest, expire_at -- of the first message published; both may be a little off for the others: formatting numbers is slow

-- pcall answers an error as a table; such a message must not undo the others.
local function failed(result)
  if type(result) ~= 'table' or not result.err then
    return false
  end
  failure = failure or result.err
  return true
end

-- One SET reserves the ids of all messages that are left; gaps do not matter.
local function reserve(count)
  local first = math.max(now, (tonumber(call('GET', KEYS[2])) or 0) + 1)
  local last = first + count - 1
  if failed(pcall('SET', KEYS[2], format('%d', last))) then
    return false
  end
  next_id = first
  oldest = format('%d', first - window)
  expire_at = format('%d', math.ceil((last + window) / 1000))
  return true
end

-- XADD trims by length or by age, not by both: each gets its turn, which saves a call.
local function append(history, id, frame)
  local entry = format('%d-0', id)
  if id % 2 == 0 then
    return pcall('XADD', history, 'MAXLEN', '~', max_length, entry, 'f', frame)
  end
  return pcall('XADD', history, 'MINID', '~', oldest, entry, 'f', frame)
end

-- Until its row is committed, nobody keeps a count of the user's unread messages.
local function mark(marks, id)
  if failed(pcall('ZADD', KEYS[marks], format('%d', now + MARK_LIFE), format('%d', id))) then
    return false
  end
  call('PEXPIRE', KEYS[marks], MARKS_LIFE)
  call('DEL', KEYS[marks + 1], KEYS[marks + 2])
  return true
end

local function journal(id, channel, frame, marks)
  if marks and not mark(marks, id) or failed(pcall('XADD', KEYS[3], format('%d-0', id), 'c', channel, 'f', frame)) then
    return false
  end
  journaled = journaled + 1
  return true
end

-- The history refused it.
local function unjournal(id)
  journaled = journaled - call('XDEL', KEYS[3], format('%d-0', id))
end

local function has_room()
  if not journaled then
    local length = pcall('XLEN', KEYS[3])
    if failed(length) then
      return false, REFUSED
    end
    journaled = length
  end
  return journaled < tonumber(ARGV[6]), JOURNAL_FULL
end

local function publish(i, a, is_persisted, marks)
  if is_persisted then
    local ok, reason = has_room()
    if not ok then
      return 0, reason
    end
  end
  if not next_id and not reserve(n - i + 1) then
    return 0, REFUSED
  end
  local id, history, channel, rest, ttl = next_id, KEYS[3 + i], ARGV[a + 1], ARGV[a + 2], ARGV[a + 4]
  next_id = id + 1 -- the journal takes an id once, even when its entry is removed again
  if ttl ~= '' then
    rest = sub(rest, 1, 2) .. pack('>I8', now + tonumber(ttl)) .. sub(rest, 11)
  end
  local frame = VERSION .. pack('>I8', id) .. rest
  -- before the history: who reads that must not find an event that was refused
  if is_persisted and not journal(id, channel, frame, marks) then
    return 0, REFUSED
  end
  if failed(append(history, id, frame)) then
    if is_persisted then
      unjournal(id)
    end
    return 0, REFUSED
  end
  call('PEXPIREAT', history, expire_at)
  if trace then
    call('PUBLISH', channel, TRACE_VERSION .. pack('>I8', id) .. trace)
  end
  return id, call('PUBLISH', channel, frame)
end

local function publish_once(i, a, is_persisted, marks, record)
  local body = ARGV[a + 3]
  local first = call('GET', record)
  if first then
    local id, nodes, ahead, first_body = string.match(first, '^(%d+) (%d+) (%d+) (.*)$')
    if first_body ~= body then
      return 0, KEY_REUSED
    end
    return -tonumber(id), tonumber(nodes), tonumber(ahead)
  end
  local id, nodes = publish(i, a, is_persisted, marks)
  if id > 0 then
    call('SET', record, format('%d %d %d %s', id, nodes, id - now, body), 'PX', record_life)
  end
  return id, nodes
end

local key = 4 + n -- the next of those that not every message has
local next_trace = 7 + 5 * n
local deadline, is_late -- messages of one send share their deadline
for i = 1, n do
  local a = 5 * i + 2
  if ARGV[a] ~= deadline then
    deadline = ARGV[a]
    is_late = now > tonumber(deadline)
  end
  local flags = byte(ARGV[a + 2], 2)
  local is_persisted = flags % 2 == 1
  trace = nil
  if flags % 8 > 3 then -- its bit 2, TRACED
    trace = ARGV[next_trace]
    next_trace = next_trace + 1
  end
  local record, marks, id, nodes, ahead
  if ARGV[a + 3] ~= '' then
    record = KEYS[key]
    key = key + 1
  end
  if is_persisted and find(ARGV[a + 1], USER, 1, true) == 1 then
    marks = key
    key = key + 3
  end
  if is_late then
    id, nodes = 0, PAST_DEADLINE
  elseif record then
    id, nodes, ahead = publish_once(i, a, is_persisted, marks, record)
  else
    id, nodes = publish(i, a, is_persisted, marks)
  end
  answer[3 * i - 1] = id
  answer[3 * i] = nodes
  answer[3 * i + 1] = ahead or math.max(id - now, 0)
end
answer[3 * n + 2] = failure
return answer
