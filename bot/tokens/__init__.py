"""The shelf on which all processes keep the access token of each account."""

from bot.tokens.redis import RedisTokenShelf as RedisTokenShelf
