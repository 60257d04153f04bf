"""The Redis handoff queue: lanes by level and region, atomic claims, presence."""

from bot.queue.redis import RedisQueue as RedisQueue
