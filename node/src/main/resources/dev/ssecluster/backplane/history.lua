-- Reads pages of histories, each with what it proves, in one step. Writes nothing.
--
-- KEYS[1]    epoch
-- KEYS[2]    seq, the last id issued
-- KEYS[3]    born, the first id since which history is trusted
-- KEYS[3+i]  history of range i, i = 1..n
-- ARGV[1]    the epoch that the caller expects
-- ARGV[2]    history window, microseconds
-- ARGV[3]    bytes after which a page ends, about
-- ARGV[4]    bytes after which the ranges that are left are not read, about
-- then three for each range:
--            after (microseconds: only entries above it), limit (entries),
--            newest (entries; if the newest so many reach down to "after", all of them are answered: others may need them soon)
--
-- Answers { now } when the epoch is another one. Otherwise { now, seq, born, page 1, .., page n }, in microseconds.
-- A page is { } when its range was not read, else { covered from, from, up to, frame, .. }:
--   its frames are all entries above "from", which is "after" or lower, up to and including "up to", which is seq when there are
--   no more; and for whoever has a cursor of "covered from" or higher they are all events, because none was trimmed, expired or lost.
local MOST_ENTRIES = 256 -- in one XRANGE
local NEWEST_BYTES = 100000 -- what others may need must not cost much more than what is asked for

local call, pcall, format, match = redis.call, redis.pcall, string.format, string.match

local time = call('TIME')
local now = time[1] * 1000000 + time[2]
local seq = tonumber(call('GET', KEYS[2]) or '')
if not seq or call('GET', KEYS[1]) ~= ARGV[1] then
  return { now }
end
local born = tonumber(call('GET', KEYS[3]) or '') or seq
local window, page_bytes, bytes_left = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

local function id_of(entry)
  return tonumber(match(entry[1], '^%d+'))
end

local function frame_of(entry)
  return entry[2][2]
end

-- Ids may run ahead of the clock, and keys expire by the clock.
local function window_before_now()
  return math.max(now, seq) - window
end

-- The lowest cursor since which the history has lost nothing.
local function covered_from(info)
  local first = info['first-entry']
  local proved
  if not first then
    proved = tonumber(match(info['last-generated-id'], '^%d+'))
  elseif info['entries-added'] == info['length'] then
    proved = id_of(first) - window -- an older incarnation of the key expired a window after its last entry, at least
  else
    proved = id_of(first) - 1
  end
  return math.max(born, proved)
end

local function append(page, entries, from, to, step)
  local bytes = 0
  for i = from, to, step do
    local frame = frame_of(entries[i])
    bytes = bytes + #frame
    page[#page + 1] = frame
  end
  bytes_left = bytes_left - bytes
  return bytes
end

-- How many entries fit, if they are as large as those that are known.
local function fitting(bytes, size, limit)
  return math.max(1, math.min(limit, MOST_ENTRIES, math.floor(bytes / size)))
end

local function read_newest(page, history, after, count)
  local entries = call('XREVRANGE', history, '+', '-', 'COUNT', count)
  local from = #entries < count and 0 or id_of(entries[#entries]) - 1
  if from > after then
    return false
  end
  append(page, entries, #entries, 1, -1)
  page[2], page[3] = from, seq
  return true
end

local function read_onward(page, history, after, limit, newest, size)
  local last, bytes, count = after, 0, 0
  repeat
    local most = fitting(page_bytes - bytes, size, limit - count)
    local entries = call('XRANGE', history, format('%d', last + 1), '+', 'COUNT', most)
    bytes = bytes + append(page, entries, 1, #entries, 1)
    count = count + #entries
    last = #entries < most and newest or id_of(entries[#entries])
    size = math.max(1, bytes / math.max(1, count))
  until last >= newest or count >= limit or bytes >= page_bytes
  page[3] = last >= newest and seq or last
end

local function read(history, after, limit, newest_wanted)
  local info = pcall('XINFO', 'STREAM', history)
  if info.err then -- no such key; or no stream, which proves nothing
    local is_absent = string.find(info.err, 'no such key', 1, true)
    return { math.max(born, is_absent and window_before_now() or seq), 0, seq }
  end
  for i = 1, #info, 2 do
    info[info[i]] = info[i + 1]
  end
  local newest, first = tonumber(match(info['last-generated-id'], '^%d+')), info['first-entry']
  local from = first and id_of(first) <= after and after or 0
  local page = { covered_from(info), from, seq }
  if first and newest > after then
    local size = math.max(1, #frame_of(first), #frame_of(info['last-entry']))
    if newest_wanted == 0 or not read_newest(page, history, after, fitting(NEWEST_BYTES, size, newest_wanted)) then
      read_onward(page, history, after, limit, newest, size)
    end
  end
  return page
end

local answer = { now, seq, born }
for i = 4, #KEYS do
  local a = 3 * i - 7
  answer[i] = bytes_left > 0 and read(KEYS[i], tonumber(ARGV[a]), tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2])) or { }
end
return answer
