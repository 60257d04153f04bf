"""The platform itself: accounts, people, what people do, and what accounts send them."""

import asyncio
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import httpx

from simulator import contents, inbound
from simulator.accounts import Account
from simulator.clock import Clock
from simulator.contents import Content
from simulator.errors import ApiError, BadReply, NotFollowing
from simulator.markup import Fields
from simulator.media import MediaStore
from simulator.people import Bubble, Person, Sender, Via, new_openid
from simulator.pushing import Push, Pusher
from simulator.replies import ReplyReader
from simulator.switches import Switches
from simulator.tokens import Tokens
from simulator.windows import Scene

FAILURE = "该公众号提供的服务出现故障，请稍后再试"
_TYPING_LASTS = timedelta(seconds=15)
_TYPING_AFTER_MESSAGE = timedelta(seconds=30)


class Platform:
    """One WeChat, in memory."""

    def __init__(
        self,
        accounts: Sequence[Account],
        client: httpx.AsyncClient,
        gateway_url: str,
        switches: Switches,
        clock: Clock,
    ) -> None:
        self.accounts = {account.id: account for account in accounts}
        self.people: dict[str, Person] = {}
        self.menus: dict[str, list[dict[str, Any]]] = {}
        self.switches = switches
        self.clock = clock
        self.media = MediaStore(clock)
        self.tokens = Tokens(clock)
        self.pusher = Pusher(client, gateway_url, switches, clock)
        self._pushes: set[asyncio.Task[None]] = set()
        # 64-bit, rising, and above those of an earlier start: the gateway must not take them for repetitions.
        self._number = int(clock.now().timestamp()) << 32

    def account_with(self, app_id: str) -> Account:
        """The account with that AppID; ApiError 40013."""
        for account in self.accounts.values():
            if account.app_id == app_id:
                return account
        raise ApiError(40013)

    def join(self, account: Account, name: str | None) -> Person:
        """A new person who has followed the account for long: nothing is pushed."""
        person = Person(new_openid(), account, name or f"用户{len(self.people) + 1}")
        self.people[person.openid] = person
        return person

    def follow(self, person: Person, scene: str | None = None) -> int:
        """The person follows, or follows again; the number of the push."""
        _set_following(person, True)
        self._touch(person, Scene.FOLLOW)
        return self._push(person, inbound.subscribe(scene, _ticket(scene)), event=True)

    def unfollow(self, person: Person) -> int:
        """The person stops following; nothing can be sent to her any more."""
        _set_following(person, False)
        person.windows.close()
        return self._push(person, inbound.unsubscribe(), event=True)

    def scan(self, person: Person, scene: str) -> int:
        """The person scans a QR code of the account: a stranger follows by it."""
        if not person.following:
            return self.follow(person, scene)
        self._touch(person, Scene.SCAN)
        return self._push(person, inbound.scan(scene, _ticket(scene)), event=True)

    def click(self, person: Person, key: str) -> int:
        """The person taps a menu button with a key."""
        _check_following(person)
        self._touch(person, Scene.MENU)
        return self._push(person, inbound.click(key), event=True)

    def view(self, person: Person, url: str) -> int:
        """The person opens a page from the menu, which allows the account nothing."""
        _check_following(person)
        return self._push(person, inbound.view(url), event=True)

    def say(self, person: Person, fields: Fields, content: Content) -> int:
        """The person sends a message; its number is its MsgId. NotFollowing if she does not follow."""
        _check_following(person)
        tapped = "bizmsgmenuid" in fields
        self._touch(person, Scene.MENU if tapped else Scene.MESSAGE)
        bubble = self._show(person, "me", content)
        return self._push(person, fields, event=False, bubble=bubble)

    def check_may_send(self, account: Account, openid: object) -> Person:
        """The person that an account may write to; ApiError 48001, 40003 or 43004."""
        if not account.customer_service:
            raise ApiError(48001)
        person = self.people.get(openid) if isinstance(openid, str) else None
        if person is None or person.account.id != account.id:
            raise ApiError(40003)
        if not person.following:
            raise ApiError(43004)
        return person

    def send(self, person: Person, content: Content, *, ai: bool) -> None:
        """A customer-service message arrives; ApiError 45015 or 45047 when it may not."""
        person.windows.spend(self.clock.now())
        self._show(person, "account", content, via="customer_service", ai=ai)

    def type(self, person: Person, *, on: bool) -> None:
        """Show or end "typing"; ApiError 45015 window closed, 45080 no word for 30 s, 45081 shown already."""
        now = self.clock.now()
        if not person.windows.live(now):
            raise ApiError(45015)
        if on and (person.last_seen is None or now - person.last_seen > _TYPING_AFTER_MESSAGE):
            raise ApiError(45080)
        if on and person.typing_since is not None and now - person.typing_since < _TYPING_LASTS:
            raise ApiError(45081)
        person.typing_since = now if on else None
        person.announce("typing", {"on": on})

    async def settle(self) -> None:
        """Wait until nothing is being pushed."""
        while self._pushes:
            await asyncio.gather(*self._pushes)

    async def close(self) -> None:
        """Stop all pushes."""
        for task in self._pushes:
            task.cancel()
        await asyncio.gather(*self._pushes, return_exceptions=True)

    def _touch(self, person: Person, scene: Scene) -> None:
        person.last_seen = self.clock.now()
        person.windows.open(scene, person.last_seen, self.switches.window_rule)

    def _push(self, person: Person, fields: Fields, *, event: bool, bubble: Bubble | None = None) -> int:
        number = self._next() if bubble is None else bubble.id
        whole: dict[str, Any] = {
            "ToUserName": person.account.original_id,
            "FromUserName": person.openid,
            "CreateTime": int(self.clock.now().timestamp()),
            **fields,
        }
        if not event:
            whole["MsgId"] = number
        push = Push(person, number, whole, event, bubble)
        task = asyncio.create_task(self.pusher.deliver(push, self._answered))
        self._pushes.add(task)
        task.add_done_callback(self._pushes.discard)
        return number

    def _answered(self, push: Push, body: bytes | None) -> None:
        person = push.person
        try:
            if body is None:
                raise BadReply("no answer")
            content = ReplyReader(person.account, self.media).read(body, person.openid, event=push.event)
        except BadReply:
            push.note("failed")
            self._reply(push, "platform", contents.notice(FAILURE))
        else:
            push.note("silent" if content is None else "answered")
            if content is not None:
                self._reply(push, "account", content, "passive")

    def _reply(self, push: Push, sender: Sender, content: Content, via: Via | None = None) -> None:
        # She who unfollowed has closed the chat: there is nobody to show it to.
        if push.person.following:
            self._show(push.person, sender, content, via=via, reply_to=push.number)

    def _show(
        self,
        person: Person,
        sender: Sender,
        content: Content,
        *,
        via: Via | None = None,
        reply_to: int | None = None,
        ai: bool = False,
    ) -> Bubble:
        bubble = Bubble(self._next(), sender, content, self.clock.now(), via, reply_to, ai)
        if sender == "account":
            person.typing_since = None
        person.show(bubble)
        return bubble

    def _next(self) -> int:
        self._number += 1
        return self._number


def _set_following(person: Person, following: bool) -> None:
    person.following = following
    person.announce("follow", {"following": following})


def _check_following(person: Person) -> None:
    if not person.following:
        raise NotFollowing("does not follow the account")


def _ticket(scene: str | None) -> str:
    return "" if scene is None else "gQH" + secrets.token_urlsafe(60)
