"""The inbox's steps as Lua scripts: each is atomic, and Redis's own clock measures every lease."""

from __future__ import annotations

_NOW = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
"""

_FREE = """
local function score(mailbox)
  local urgent = tonumber(redis.call('HGET', urgent_key, mailbox) or '0')
  if urgent > 0 then return now - 1e13 end
  return now
end
local function free(mailbox)
  redis.call('ZREM', held_key, mailbox)
  redis.call('HDEL', holders_key, mailbox)
end
local function make_ready(mailbox)
  if redis.call('LLEN', box_prefix .. mailbox) > 0 then
    redis.call('ZADD', ready_key, score(mailbox), mailbox)
    redis.call('LPUSH', wake_key, '1')
    redis.call('LTRIM', wake_key, 0, wake_cap - 1)
  end
end
"""

_MAILBOX_KEYS = """
local ready_key, held_key, holders_key, delayed_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local urgent_key, wake_key, tries_key, depth_key = KEYS[5], KEYS[6], KEYS[7], KEYS[8]
local box_prefix, message_prefix, wake_cap = ARGV[1], ARGV[2], tonumber(ARGV[3])
"""

_HEAD = _MAILBOX_KEYS + _NOW + _FREE

APPEND = (
    _HEAD
    + """
local seen_key, key, mailbox, sealed, urgent, seen_ms = ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9]
local attempt = redis.call('INCR', seen_key)
redis.call('PEXPIRE', seen_key, seen_ms)
if attempt > 1 then return attempt end
redis.call('SET', message_prefix .. key, sealed)
redis.call('RPUSH', box_prefix .. mailbox, key)
redis.call('INCR', depth_key)
if urgent == '1' then redis.call('HINCRBY', urgent_key, mailbox, 1) end
local busy = redis.call('ZSCORE', held_key, mailbox) or redis.call('ZSCORE', delayed_key, mailbox)
if not busy then
  local before = redis.call('ZSCORE', ready_key, mailbox)
  local after = score(mailbox)
  if not before or tonumber(before) > after then
    redis.call('ZADD', ready_key, after, mailbox)
  end
  redis.call('LPUSH', wake_key, '1')
  redis.call('LTRIM', wake_key, 0, wake_cap - 1)
end
return 1
"""
)
"""Returns how often this key was delivered; stores the message the first time."""

CLAIM = (
    _HEAD
    + """
local holder, lease_ms = ARGV[4], tonumber(ARGV[5])
for _, mailbox in ipairs(redis.call('ZRANGEBYSCORE', delayed_key, '-inf', now, 'LIMIT', 0, 100)) do
  redis.call('ZREM', delayed_key, mailbox)
  make_ready(mailbox)
end
for _, mailbox in ipairs(redis.call('ZRANGEBYSCORE', held_key, '-inf', now, 'LIMIT', 0, 100)) do
  free(mailbox)
  make_ready(mailbox)
end
while true do
  local popped = redis.call('ZPOPMIN', ready_key)
  if #popped == 0 then return false end
  local mailbox = popped[1]
  local key = redis.call('LINDEX', box_prefix .. mailbox, 0)
  if key then
    redis.call('ZADD', held_key, now + lease_ms, mailbox)
    redis.call('HSET', holders_key, mailbox, holder)
    local tries = redis.call('HINCRBY', tries_key, key, 1)
    return {mailbox, redis.call('GET', message_prefix .. key), tries}
  end
end
"""
)
"""Returns mailbox, sealed message and tries; false if nothing is ready."""

EXTEND = (
    _HEAD
    + """
local mailbox, holder, lease_ms = ARGV[4], ARGV[5], tonumber(ARGV[6])
if redis.call('HGET', holders_key, mailbox) ~= holder then return 0 end
redis.call('ZADD', held_key, now + lease_ms, mailbox)
return 1
"""
)

FINISH = (
    _HEAD
    + """
local mailbox, holder, key, urgent = ARGV[4], ARGV[5], ARGV[6], ARGV[7]
if redis.call('HGET', holders_key, mailbox) ~= holder then return 0 end
if redis.call('LINDEX', box_prefix .. mailbox, 0) == key then
  redis.call('LPOP', box_prefix .. mailbox)
  if #ARGV == 9 then redis.call('HSET', ARGV[8], key, ARGV[9]) end
  redis.call('DEL', message_prefix .. key)
  redis.call('HDEL', tries_key, key)
  redis.call('DECR', depth_key)
  if urgent == '1' and redis.call('HINCRBY', urgent_key, mailbox, -1) <= 0 then
    redis.call('HDEL', urgent_key, mailbox)
  end
end
free(mailbox)
make_ready(mailbox)
return 1
"""
)
"""Takes the message out and frees the mailbox; with two more arguments it is kept as a dead letter."""

PUT_BACK = (
    _HEAD
    + """
local mailbox, holder, delay_ms = ARGV[4], ARGV[5], tonumber(ARGV[6])
if redis.call('HGET', holders_key, mailbox) ~= holder then return 0 end
if #ARGV == 7 then redis.call('HINCRBY', tries_key, ARGV[7], -1) end
free(mailbox)
redis.call('ZADD', delayed_key, now + delay_ms, mailbox)
return 1
"""
)
"""Frees the mailbox for later; with a message key the try does not count."""

OFFER = """
local state = redis.call('HGET', KEYS[1], 'state')
if state == 'closed' then return 0 end
if state == 'taken' or state == 'confirmed' then return 1 end
redis.call('HSET', KEYS[1], 'state', 'offered', 'text', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 1
"""

TAKE = """
local state = redis.call('HGET', KEYS[1], 'state')
if not state then return false end
if state == 'closed' then return {'closed', ''} end
if state == 'offered' then redis.call('HSET', KEYS[1], 'state', 'taken') end
return {'taken', redis.call('HGET', KEYS[1], 'text')}
"""

CONFIRM = """
if redis.call('HGET', KEYS[1], 'state') ~= 'taken' then return 0 end
redis.call('HSET', KEYS[1], 'state', 'confirmed')
redis.call('RPUSH', KEYS[2], ARGV[1])
return 1
"""

CLOSE = """
local state = redis.call('HGET', KEYS[1], 'state')
if state == 'confirmed' then return 1 end
if state and ARGV[2] == 'only-empty' then return 0 end
redis.call('HSET', KEYS[1], 'state', 'closed', 'text', '')
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 0
"""
"""Returns 1 if the reply had gone over the wire. With 'only-empty' a slot that was filled stays as it is."""
