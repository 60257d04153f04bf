"""What WeChat's documents ask of the gateway and no other test shows."""

from __future__ import annotations

import base64
from dataclasses import replace

import httpx
import pytest
from wechat_api import Platform, calling
from wechat_platform import ACCOUNTS, OPENID, SAFE, House, fixture, push

from bot.conversation.content import Text
from bot.conversation.messages import DeliveryStatus
from bot.conversation.ports import SendResult
from bot.gateway.client import WeChatSender
from bot.gateway.crypto import Cipher, decrypt
from simulator.crypto import Envelope

PLAIN, SAFE_MODE = ACCOUNTS["plain"], ACCOUNTS["safe"]
SEND = "message/custom/send"


@pytest.mark.wechat("1.10")
async def test_encrypt_type_raw_is_a_plain_body(home: House) -> None:
    request = push(PLAIN, fixture("view"))
    raw = replace(request, query=request.query | {"encrypt_type": "raw"})
    assert (await home.post(PLAIN, raw)).text == "success"


@pytest.mark.wechat("1.18", "1.19")
@pytest.mark.parametrize("length", range(70))
def test_what_is_sealed_fills_blocks_of_32_bytes_and_opens_at_the_platform(length: int) -> None:
    words = "a" * length
    sealed = Cipher(SAFE.encoding_aes_key).encrypt(words, SAFE.app_id).decode()
    assert len(base64.b64decode(sealed)) % 32 == 0
    envelope = Envelope(SAFE.encoding_aes_key, SAFE.app_id)
    assert envelope.decrypt(sealed).decode() == words
    assert decrypt(SAFE, envelope.encrypt(words.encode()))[0] == words


@pytest.mark.wechat("3.4")
async def test_a_fourth_delivery_is_answered_and_not_handled_again(home: House) -> None:
    for _ in range(3):
        await home.push(SAFE_MODE, fixture("text"))
    fourth = await home.push(SAFE_MODE, fixture("text"))
    assert (fourth.status_code, fourth.text) == (200, "success")
    assert len(home.inbox.appended) == 1
    assert await home.inbox.depth() == 1


@pytest.mark.wechat("5.50")
@pytest.mark.parametrize(
    ("errcode", "errmsg", "result"),
    [
        (0, "api freq out of limit rid: 1-2-3", SendResult(DeliveryStatus.SENT, 0)),
        (45047, "ok", SendResult(DeliveryStatus.HELD, 45047, window_over=True)),
        (45047, "out of response count limit hint: [x]", SendResult(DeliveryStatus.HELD, 45047, window_over=True)),
    ],
)
async def test_the_number_decides_and_its_words_do_not(errcode: int, errmsg: str, result: SendResult) -> None:
    class Wordy(Platform):
        async def __call__(self, request: httpx.Request) -> httpx.Response:
            answer = await super().__call__(request)
            if self.asked(SEND):
                return httpx.Response(200, json={"errcode": errcode, "errmsg": errmsg})
            return answer

    async with calling(Wordy()) as api:
        assert await WeChatSender(api).send("hunan", OPENID, Text("x")) == result


@pytest.mark.wechat("6.8")
async def test_a_token_of_any_length_is_used_whole() -> None:
    token = "t0ken_-" * 100
    platform = Platform(token_answer={"access_token": token, "expires_in": 7200})
    async with calling(platform) as api:
        await WeChatSender(api).send("hunan", OPENID, Text("x"))
    assert platform.tokens(SEND) == [token]


@pytest.mark.wechat("6.11")
async def test_the_platform_is_called_by_the_name_in_the_accounts_file() -> None:
    platform = Platform()
    async with calling(platform) as api:
        await WeChatSender(api).send("hunan", OPENID, Text("x"))
    assert {request.url.host for request in platform.requests} == {"api.test"}
