"""Which payments of a bill are games or live streams, and why, in her words; what is unsure says so."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from itertools import pairwise

from bot.bills.merchants import Merchant, Merchants, Trade, Words
from bot.conversation.payments import Payment, SpendingKind

BURST = 4
BURST_WITHIN = timedelta(hours=1)
"""So many payments to one online company within an hour look like a game, whatever the company is called."""
MANY = 50
"""Of the payments around one, so many are looked at."""
MONTH_DAYS = range(27, 34)
"""Between two payments of a subscription."""
HABIT = 3
"""So many payments to one online company, each at a price of games and not always the same, look like a game."""

CHECK = "请您核对"


@dataclass(frozen=True, slots=True)
class Finding:
    """A payment that may be the child's, with its kind set; `why` is for her; `sure` is False if she must look herself.

    Kind OTHER is digital and neither a game nor a live stream, a video membership for instance.
    """

    payment: Payment
    why: str
    sure: bool

    @property
    def kind(self) -> SpendingKind:
        """Game, live stream, or another digital thing."""
        return self.payment.kind


type Verdict = tuple[SpendingKind, str, bool] | None


def find_child_spending(payments: Iterable[Payment], merchants: Merchants) -> list[Finding]:
    """The payments for games, live streams and other digital things, refunds of them too, in the bill's order.

    Who spent it nobody can tell from a bill: she confirms each.
    """
    held = tuple(payments)
    judge = _Judge(merchants, held)
    verdicts = [judge.verdict(payment) for payment in held]
    paid = {
        (payment.merchant, payment.amount): verdict
        for payment, verdict in zip(held, verdicts, strict=True)
        if payment.amount > 0
    }
    findings = []
    for payment, own in zip(held, verdicts, strict=True):
        verdict = paid.get((payment.merchant, -payment.amount)) or own  # a refund is what its payment was
        if verdict is not None:
            kind, why, sure = verdict
            findings.append(Finding(replace(payment, kind=kind), why, sure))
    return findings


class _Judge:
    """Judges one payment after the other; knows the whole bill for what only many payments tell."""

    def __init__(self, merchants: Merchants, payments: Sequence[Payment]) -> None:
        self._merchants = merchants
        self._known = cache(merchants.known)
        self._word = cache(merchants.word)
        self._by_merchant: dict[str, list[Payment]] = defaultdict(list)
        self._by_price: dict[tuple[str, int], list[Payment]] = defaultdict(list)
        for payment in sorted(payments, key=lambda payment: payment.at):
            if payment.amount > 0:
                self._by_merchant[payment.merchant].append(payment)
                self._by_price[payment.merchant, payment.amount].append(payment)
        self._usual = cache(self._looks_usual)
        self._monthly = cache(self._looks_monthly)

    def verdict(self, payment: Payment) -> Verdict:
        """Kind, reason and whether it is sure; None if it is neither."""
        seller = self._known(payment.merchant)
        if self._word(Words.FAMILY, payment.item) is not None:
            return SpendingKind.OTHER, f"用亲属卡付的，这份账单不写买了什么，请到用卡的人的账单里看，{CHECK}", False
        if self._handed(payment, seller):
            return self._from_hand_to_hand(payment)
        if self._ordinary(payment.merchant):
            return None
        if seller is not None:
            named = _by_seller(seller)
            if named is not None:
                return named
            if seller.trade is Trade.SHOP:
                return None
        if self._ordinary(payment.item):
            return None
        return self._by_item(payment, seller) or self._by_lean(payment, seller) or self._by_look(payment, seller)

    def _ordinary(self, text: str) -> bool:
        return self._word(Words.ORDINARY, text) is not None

    def _handed(self, payment: Payment, seller: Merchant | None) -> bool:
        if seller is not None and seller.trade in (Trade.GAME, Trade.LIVE) and self._online(payment):
            return False
        return self._word(Words.HANDED, f"{payment.merchant} {payment.item}") is not None

    def _online(self, payment: Payment) -> bool:
        return self._word(Words.COMPANY, payment.merchant) is not None

    def _from_hand_to_hand(self, payment: Payment) -> Verdict:
        """Transfers and red packets are for relatives, unless words say that goods of a game changed hands."""
        text = f"{payment.merchant} {payment.item}"
        word = self._word(Words.TRADE, text)
        if self._ordinary(text) or word is None:
            return None
        live = self._word(Words.LIVE, text) is not None
        kind = SpendingKind.LIVE if live else SpendingKind.GAME
        return kind, f"转给个人的钱，写着“{word}”，像是买游戏或直播里的东西，{CHECK}", False

    def _by_item(self, payment: Payment, seller: Merchant | None) -> Verdict:
        """What was bought, by its name or by the coin it is paid in."""
        named = self._known(payment.item)
        verdict = None if named is None else _by_seller(named)
        if named is not None and verdict is not None:
            kind = verdict[0]
            if seller is not None and seller.trade is Trade.MARKET:
                return kind, f"商品写着“{named.name}”，可能是游戏或直播，也可能是周边玩具，{CHECK}", False
            return kind, f"商品写着“{named.name}”，{_WHAT[kind]}", True
        for words, kind in ((Words.LIVE, SpendingKind.LIVE), (Words.GAME, SpendingKind.GAME)):
            word = self._word(words, f"{payment.item}")
            if word is not None:
                return kind, f"商品写着“{word}”，{_WHAT[kind]}", True
        word = self._word(Words.OTHER, payment.item)
        if word is not None and (self._online(payment) or self._known(payment.merchant) is not None):
            return SpendingKind.OTHER, f"商品写着“{word}”，是会员、软件一类，不是游戏", True
        return None

    def _by_lean(self, payment: Payment, seller: Merchant | None) -> Verdict:
        """App stores and companies that mostly sell one thing: the price and the habit decide, and she."""
        if seller is None or seller.trade not in _LEANS:
            return None
        kind = _LEANS[seller.trade]
        game = self._word(Words.GAME, payment.merchant)
        if game is not None:
            return SpendingKind.GAME, f"收款方写着“{game}”，{_WHAT[SpendingKind.GAME]}", True
        if seller.trade is Trade.MAYBE_LIVE:  # coins are sold at any price
            return SpendingKind.LIVE, f"付给{seller.name}，多半是直播打赏的充值，{CHECK}", False
        if not self._merchants.asks(payment.amount):
            return SpendingKind.OTHER, f"付给{seller.name}，金额不像游戏，{CHECK}", False
        if seller.trade is Trade.STORE and self._monthly(payment.merchant, payment.amount):
            return SpendingKind.OTHER, f"付给{seller.name}，每个月一样多，像是会员，{CHECK}", False
        return kind, f"付给{seller.name}，金额是{_WHAT[kind][1:]}常见的价钱，{CHECK}", False

    def _by_look(self, payment: Payment, seller: Merchant | None) -> Verdict:
        """Companies nobody has listed: words that games use, or many payments at once."""
        if not (self._online(payment) or (seller is not None and seller.trade is Trade.PLATFORM)):
            return None
        word = self._word(Words.HINT_GAME, payment.item)
        if word is not None and self._merchants.asks(payment.amount):
            return SpendingKind.GAME, f"付给网络公司，商品写着“{word}”，像是游戏，{CHECK}", False
        if seller is not None:
            return None
        if self._merchants.peaks(payment.amount):
            return SpendingKind.GAME, f"付给网络公司，{payment.amount // 100}元是游戏里常见的价钱，{CHECK}", False
        if self._bursting(payment):
            return SpendingKind.GAME, f"一小时内给同一家网络公司付了好几次，像是游戏，{CHECK}", False
        if self._usual(payment.merchant):
            return SpendingKind.GAME, f"给同一家网络公司付了好几次，都是游戏常见的价钱，像是游戏，{CHECK}", False
        return None

    def _looks_usual(self, merchant: str) -> bool:
        sums = [payment.amount for payment in self._by_merchant[merchant]]
        return len(sums) >= HABIT and len(set(sums)) > 1 and all(self._merchants.asks(amount) for amount in sums)

    def _bursting(self, payment: Payment) -> bool:
        held = self._by_merchant[payment.merchant]
        first = bisect_left(held, payment.at - BURST_WITHIN, key=lambda other: other.at)
        last = bisect_right(held, payment.at + BURST_WITHIN, key=lambda other: other.at)
        return sum(self._merchants.asks(other.amount) for other in held[first : min(last, first + MANY)]) >= BURST

    def _looks_monthly(self, merchant: str, amount: int) -> bool:
        days = [payment.at.date() for payment in self._by_price[merchant, amount]]
        gaps = [(later - earlier).days for earlier, later in pairwise(days)]
        return bool(gaps) and all(gap in MONTH_DAYS for gap in gaps)


_WHAT = {
    SpendingKind.GAME: "是游戏",
    SpendingKind.LIVE: "是直播打赏",
    SpendingKind.OTHER: "是会员、软件一类，不是游戏",
}
_LEANS = {
    Trade.STORE: SpendingKind.GAME,
    Trade.MAYBE_GAME: SpendingKind.GAME,
    Trade.MAYBE_LIVE: SpendingKind.LIVE,
}
_SELLS = {
    Trade.GAME: (SpendingKind.GAME, "是游戏公司或游戏"),
    Trade.LIVE: (SpendingKind.LIVE, "是直播平台"),
    Trade.DEALER: (SpendingKind.GAME, "卖游戏点卡、账号，或者代充"),
    Trade.OTHER: (SpendingKind.OTHER, "是会员、软件一类，不是游戏"),
}


def _by_seller(seller: Merchant) -> Verdict:
    if seller.trade not in _SELLS:
        return None
    kind, what = _SELLS[seller.trade]
    return kind, f"收款方是{seller.name}，{what}", True
