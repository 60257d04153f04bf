"""All of WeChat and only WeChat: the webhook, its crypto and XML, the passive reply, and the API client."""

from bot.gateway.accounts import parse_accounts as parse_accounts
from bot.gateway.app import create_gateway as create_gateway
from bot.gateway.ports import GatewayPorts as GatewayPorts
from bot.gateway.pulse import Pulse as Pulse
