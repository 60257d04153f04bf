"""Moments and spans as people in the office say them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.conversation.clock import HUNAN

_DAYS = {-1: "昨天", 0: "今天", 1: "明天", 2: "后天"}


def moment_words(at: datetime, now: datetime) -> str:
    """今天 09:05, 昨天 22:10, 明天 09:05, 11月20日 09:05, or with the year if it is another one; in Hunan's time."""
    here, today = at.astimezone(HUNAN), now.astimezone(HUNAN).date()
    year = "" if here.year == today.year else f"{here.year}年"
    day = _DAYS.get((here.date() - today).days, f"{year}{here.month}月{here.day}日")
    return f"{day} {here:%H:%M}"


def date_words(day: date, now: datetime) -> str:
    """11月20日, or with the year if it is another one than this year in Hunan."""
    year = "" if day.year == now.astimezone(HUNAN).year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"


def span_words(span: timedelta) -> str:
    """不到1分钟, 12分钟, 1小时5分, 2小时, 3天4小时, 2天."""
    minutes = int(span.total_seconds()) // 60
    if minutes < 1:
        return "不到1分钟"
    if minutes < 60:
        return f"{minutes}分钟"
    hours, odd_minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours}小时{f'{odd_minutes}分' if odd_minutes else ''}"
    days, odd_hours = divmod(hours, 24)
    return f"{days}天{f'{odd_hours}小时' if odd_hours else ''}"
