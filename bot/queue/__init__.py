"""The Redis handoff queue: lanes by level and region, atomic claims, presence."""

from bot.queue.leases import RedisLeases as RedisLeases
from bot.queue.redis import RedisQueue as RedisQueue
