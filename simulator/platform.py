"""The platform itself: accounts and people, what is pushed for them and what becomes of the answer."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

import httpx

from simulator import contents, markup
from simulator.accounts import Account
from simulator.agents import Agents
from simulator.clock import Clock
from simulator.condition import condition_of
from simulator.contents import Content
from simulator.errors import ApiError, BadReply, NotFollowing
from simulator.ledger import Counts, Entry
from simulator.markup import Fields, Value
from simulator.media import MediaStore
from simulator.people import Bubble, Person, Sender, Via, new_openid
from simulator.pushing import Push, Pusher
from simulator.qrcodes import QrCodes
from simulator.replies import ReplyReader, Transfer
from simulator.rights import Gatekeeper
from simulator.switches import Switches
from simulator.tokens import Tokens
from simulator.windows import Scene

FAILURE = "该公众号提供的服务出现故障，请稍后再试"


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
        self.conditions = {account.id: condition_of(account) for account in accounts}
        self.people: dict[str, Person] = {}
        self.menus: dict[str, list[dict[str, Any]]] = {}
        self.switches = switches
        self.clock = clock
        self.counts = Counts()
        self.media = MediaStore(clock, switches)
        self.qrcodes = QrCodes(clock)
        self.tokens = Tokens(clock)
        self.gatekeeper = Gatekeeper(clock, switches)
        self.pusher = Pusher(client, gateway_url, switches, clock, self.counts)
        self.agents = Agents(clock, self.happen)
        self._pushes: set[asyncio.Task[None]] = set()
        # 64-bit, rising, and above those of an earlier start: the gateway must not take them for repetitions.
        self._number = int(clock.now().timestamp()) << 32

    def account_with(self, app_id: str) -> Account:
        """The account with that AppID; ApiError 40013."""
        for account in self.accounts.values():
            if account.app_id == app_id:
                return account
        raise ApiError(40013)

    def change(self, changes: dict[str, Any]) -> None:
        """Set the switches named; naming `seed` begins its draws anew. pydantic.ValidationError when one is wrong."""
        self.switches.change(changes)
        if "seed" in changes:
            self.pusher.disorder.reseed()

    def join(self, account: Account, name: str | None) -> Person:
        """A new person who has followed the account for long: nothing is pushed."""
        person = Person(new_openid(), account, name or f"用户{len(self.people) + 1}", followed_at=self.clock.now())
        self.people[person.openid] = person
        return person

    def say(self, person: Person, fields: Fields, content: Content) -> int:
        """The person sends a message; its number is its MsgId. NotFollowing if she does not follow."""
        check_following(person)
        session = self.agents.current(person)
        self.allow(person, Scene.MENU if "bizmsgmenuid" in fields else Scene.MESSAGE)
        bubble = self.show(person, "me", content)
        if session is None:
            return self._push_for(person, fields, bubble)
        self.agents.touch(person)
        bubble.delivery = {"attempt": 0, "state": "agent"}
        entry = person.enter(bubble.id, str(fields["MsgType"]), bubble.at)
        entry.end, entry.ended = "agent", bubble.at
        person.open -= 1
        self.counts.sent["message"] += 1
        self.counts.ends["agent"] += 1
        return bubble.id

    def happen(self, person: Person, fields: Fields) -> int:
        """Something happens on the person's side, and the account is told; the number of the push."""
        return self._push_for(person, fields, None)

    def allow(self, person: Person, scene: Scene) -> None:
        """Note what the person did, and what the account may send for it."""
        person.last_seen = self.clock.now()
        person.windows.open(scene, person.last_seen, self.switches.window_rule, self.switches.window_count)

    def push(self, account: Account, document: str, openid: str) -> Entry:
        """Push any document, about a person or not; what it says is up to the caller."""
        person = self.people.get(openid)
        number, now = self.next_number(), self.clock.now()
        entry = Entry(number, 0, "raw", now) if person is None else person.enter(number, "raw", now)
        self.counts.sent["raw"] += 1
        self._start(Push(account, openid, document, entry, event=True, person=person))
        return entry

    def tell(self, account: Account, fields: Fields) -> int:
        """Push an event about the account itself, which no person caused."""
        document = self._document(account, account.system_openid, fields)
        return self.push(account, document, account.system_openid).number

    def show(
        self,
        person: Person,
        sender: Sender,
        content: Content,
        *,
        via: Via | None = None,
        reply_to: int | None = None,
        ai: bool = False,
    ) -> Bubble:
        """Put something into a chat."""
        bubble = Bubble(self.next_number(), sender, content, self.clock.now(), via, reply_to, ai)
        if sender == "account":
            person.typing_since = None
        person.show(bubble)
        if via is not None:
            self.counts.replies[via] += 1
        return bubble

    def next_number(self) -> int:
        """A number that no message and no job has had before."""
        self._number += 1
        return self._number

    @property
    def pending(self) -> int:
        """How many pushes are on their way."""
        return len(self._pushes)

    async def settle(self) -> None:
        """Wait until nothing is being pushed."""
        while self._pushes:
            await asyncio.gather(*self._pushes)
            # What is done is struck off by its callback, which must have its turn.
            await asyncio.sleep(0)

    async def close(self) -> None:
        """Stop all pushes."""
        for task in self._pushes:
            task.cancel()
        await asyncio.gather(*self._pushes, return_exceptions=True)

    def _push_for(self, person: Person, fields: Fields, bubble: Bubble | None) -> int:
        event = bubble is None
        number = self.next_number() if bubble is None else bubble.id
        kind = f"event {fields['Event']}" if event else str(fields["MsgType"])
        entry = person.enter(number, kind, self.clock.now())
        whole = fields if event else {**fields, "MsgId": number}
        document = self._document(person.account, person.openid, whole)
        self.counts.sent["event" if event else "message"] += 1
        self._start(Push(person.account, person.openid, document, entry, event, person, bubble))
        return number

    def _document(self, account: Account, sender: str, fields: Fields) -> str:
        head: dict[str, Value] = {
            "ToUserName": account.original_id,
            "FromUserName": sender,
            "CreateTime": int(self.clock.now().timestamp()),
        }
        return markup.write({**head, **fields})

    def _start(self, push: Push) -> None:
        detour = self.pusher.disorder.draw()
        task = asyncio.create_task(self.pusher.deliver(push, detour, self._answered))
        self._pushes.add(task)
        task.add_done_callback(self._pushes.discard)

    def _answered(self, push: Push, body: bytes | None) -> None:
        try:
            if body is None:
                raise BadReply("paused" if self.pusher.paused(push.account) else "no answer")
            reader = ReplyReader(push.account, self.media, self.switches)
            reply = reader.read(body, push.openid, event=push.event)
        except BadReply as error:
            self._fail(push, str(error))
        else:
            push.end("silent" if reply is None or isinstance(reply, Transfer) else "answered", self.clock.now())
            self._take(push, reply)
        self.counts.ends[push.entry.end or ""] += 1

    def _fail(self, push: Push, reason: str) -> None:
        push.end("failed", self.clock.now(), reason)
        if push.event and not self.switches.prompt_on_events:
            return
        if self._reply(push, "platform", contents.notice(FAILURE)):
            push.entry.prompted = True
            self.counts.prompts += 1

    def _take(self, push: Push, reply: Content | Transfer | None) -> None:
        if push.person is None or reply is None:
            return
        if isinstance(reply, Transfer):
            # Naming an agent binds the person even while the desk is full.
            if reply.kf_account or self.switches.agents == "online":
                self.agents.take(push.person, reply.kf_account)
            return
        if self._reply(push, "account", reply, "passive") and self.switches.passive_counts:
            with contextlib.suppress(ApiError):
                push.person.windows.spend(self.clock.now())

    def _reply(self, push: Push, sender: Sender, content: Content, via: Via | None = None) -> bool:
        # She who unfollowed has closed the chat: there is nobody to show it to.
        if push.person is None or not push.person.following:
            return False
        self.show(push.person, sender, content, via=via, reply_to=push.entry.number)
        return True


def check_following(person: Person) -> None:
    """NotFollowing unless the person follows the account."""
    if not person.following:
        raise NotFollowing("does not follow the account")
