"""An exported bill becomes payments, and which of them are games or live streams; pure."""

from bot.bills.bill import Bill, Skipped
from bot.bills.finding import Finding, find_child_spending
from bot.bills.merchants import Merchants
from bot.bills.reading import read_bill
from bot.bills.totals import Sum, Totals, totals

__all__ = [
    "Bill",
    "Finding",
    "Merchants",
    "Skipped",
    "Sum",
    "Totals",
    "find_child_spending",
    "read_bill",
    "totals",
]
