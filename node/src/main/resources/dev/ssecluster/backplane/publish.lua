-- Publishes messages, in order: checks, next id, history, PUBLISH, idempotency record. One call carries what waited.
--
-- KEYS[1]       epoch
-- KEYS[2]       seq, the last id issued
-- KEYS[2+i]     history of message i, i = 1..n
-- KEYS[2+n+j]   idempotency record of the j-th message that has an idempotency key
-- ARGV[1]       the epoch that the caller expects
-- ARGV[2]       n
-- ARGV[3]       history window, microseconds
-- ARGV[4]       history length, entries
-- ARGV[5]       life of an idempotency record, milliseconds
-- then four for each message:
--               deadline (microseconds, Redis TIME), channel, frame from behind the id on, body hash ('': no idempotency key)
--
-- Answers { now } when the epoch is another one: nothing was written. Otherwise
-- { now, id 1, nodes 1, .., id n, nodes n [, text of the first error] }; now and ids in microseconds, and for id:
--   > 0  published; < 0  replay of the first answer, published then as -id; 0  nothing was written for it, and nodes says why:
--   1 its deadline has passed, 2 its idempotency key was used with another body, 3 Redis refused the write
local PAST_DEADLINE, KEY_REUSED, REFUSED = 1, 2, 3
local VERSION = '\1'

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return { now }
end

local call, pcall, format, pack = redis.call, redis.pcall, string.format, struct.pack
local n, window, max_length, record_life = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4], ARGV[5]
local answer = { now }
local next_id, failure
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

local function publish(i, channel, rest)
  if not next_id and not reserve(n - i + 1) then
    return 0, REFUSED
  end
  local id, history = next_id, KEYS[2 + i]
  local frame = VERSION .. pack('>I8', id) .. rest
  if failed(append(history, id, frame)) then
    return 0, REFUSED
  end
  next_id = id + 1
  call('PEXPIREAT', history, expire_at)
  return id, call('PUBLISH', channel, frame)
end

local function publish_once(i, channel, rest, body, record)
  local first = call('GET', record)
  if first then
    local id, nodes, first_body = string.match(first, '^(%d+) (%d+) (.*)$')
    if first_body ~= body then
      return 0, KEY_REUSED
    end
    return -tonumber(id), tonumber(nodes)
  end
  local id, nodes = publish(i, channel, rest)
  if id > 0 then
    call('SET', record, format('%d %d %s', id, nodes, body), 'PX', record_life)
  end
  return id, nodes
end

local record = 2 + n
local deadline, is_late -- messages of one send share their deadline
for i = 1, n do
  local a = 4 * i + 2
  if ARGV[a] ~= deadline then
    deadline = ARGV[a]
    is_late = now > tonumber(deadline)
  end
  local body, id, nodes = ARGV[a + 3], nil, nil
  if body ~= '' then
    record = record + 1
  end
  if is_late then
    id, nodes = 0, PAST_DEADLINE
  elseif body ~= '' then
    id, nodes = publish_once(i, ARGV[a + 1], ARGV[a + 2], body, KEYS[record])
  else
    id, nodes = publish(i, ARGV[a + 1], ARGV[a + 2])
  end
  answer[2 * i] = id
  answer[2 * i + 1] = nodes
end
answer[2 * n + 2] = failure
return answer
