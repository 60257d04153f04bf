"""Tells groups of staff of alerts, by robots of WeCom and DingTalk."""

from bot.alerting.robots import Answer as Answer
from bot.alerting.robots import Robots as Robots
from bot.alerting.teller import Teller as Teller
from bot.alerting.words import Wording as Wording
