"""The platform's published examples (wechat.md section 1), recomputed by the gateway."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from wechat_platform import SAFE, House, house

from bot.conversation.accounts import EncryptionMode
from bot.conversation.content import Text
from bot.conversation.ports import Slot
from bot.gateway.crypto import Cipher, check_signature, decrypt, encrypt, signature_of
from bot.gateway.push import open_push, verify_address
from bot.gateway.refusal import Reason, Refusal
from bot.triage import Rules

FRESH = timedelta(minutes=5)

A = replace(SAFE, token="AAAAA", encoding_aes_key="A" * 43, app_id="wxba5fad812f8e6fb9")
A_ENCRYPTED = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsX"
    "UnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajA"
    "sjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)
A_REPLY = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="

C = replace(SAFE, token="spamtest", app_id="wx2c2769f8efd9abc2", mode=EncryptionMode.COMPATIBLE)
C_QUERY = {
    "timestamp": "1409735669",
    "nonce": "1320562132",
    "msg_signature": "5d197aaffba7e9b25a30732f161a50dee96bd5fa",
}
C_ENCRYPTED = (
    "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQHFVAFmOD2LdJF9"
    "FrXpbUAh0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVticbSnyU8dKOIbgU6ux5VTjg3y"
    "t+WGzjlpKn6NPhRjpA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v"
    "6h0EIBYYI1BD1DlD+C0CR8e6OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE="
)
C_BODY = (
    "<xml><ToUserName><![CDATA[gh_10f6c3c3ac5a]]></ToUserName>"
    "<FromUserName><![CDATA[oyORnuP8q7ou2gfYjqLzSIWZf0rs]]></FromUserName>"
    "<CreateTime>1409735668</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[abcdteT]]></Content>"
    f"<MsgId>6054768590064713728</MsgId><Encrypt><![CDATA[{C_ENCRYPTED}]]></Encrypt></xml>"
)


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


class FixedCipher(Cipher):
    """Draws the 16 characters of the published reply."""

    def get_random_string(self) -> str:
        return "707722b803182950"


@pytest.mark.wechat("1.1", "1.23")
def test_verification_of_the_address() -> None:
    query = {
        "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696",
        "timestamp": "1714036504",
        "nonce": "1514711492",
        "echostr": "4375120948345356249",
    }
    assert verify_address(A, query, moment(1714036504), FRESH) == "4375120948345356249"
    with pytest.raises(Refusal):
        verify_address(A, query | {"nonce": "1514711493"}, moment(1714036504), FRESH)


@pytest.mark.wechat("1.24")
def test_signature_of_a_plain_push() -> None:
    assert signature_of("AAAAA", "1714037059", "486452656") == "899cf89e464efb63f54ddac96b0a0a235f53aa78"


@pytest.mark.wechat("1.11", "1.25")
def test_signatures_and_content_of_a_safe_push() -> None:
    assert signature_of("AAAAA", "1714112445", "415670741") == "6c5c811b55cc85e0e1b54100749188c20beb3f5d"
    check_signature("046e02f8204d34f8ba5fa3b1db94908f3df2e9b3", "AAAAA", "1714112445", "415670741", A_ENCRYPTED)
    text, _ = decrypt(A, A_ENCRYPTED)
    assert json.loads(text)["Event"] == "debug_demo"


@pytest.mark.wechat("1.19", "1.21", "1.26")
def test_an_encrypted_reply() -> None:
    envelope = encrypt(A, FixedCipher(A.encoding_aes_key), '{"demo_resp":"good luck"}', "1713424427", "415670741")
    assert {child.tag: child.text for child in ElementTree.fromstring(envelope)} == {
        "Encrypt": A_REPLY,
        "MsgSignature": "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1",
        "TimeStamp": "1713424427",
        "Nonce": "415670741",
    }


@pytest.mark.wechat("1.19")
def test_the_cipher_opens_what_it_seals_and_never_seals_alike() -> None:
    cipher = Cipher(C.encoding_aes_key)
    first, second = cipher.encrypt("同样的话", C.app_id), cipher.encrypt("同样的话", C.app_id)
    assert first != second
    assert decrypt(C, first.decode())[0] == "同样的话"


@pytest.mark.wechat("1.17", "1.27")
def test_a_compatible_push() -> None:
    fields = open_push(C, C_QUERY, C_BODY.encode(), moment(1409735669), FRESH).fields
    assert fields.words("Content") == "abcdteT"
    assert fields.needed("MsgId") == "6054768590064713728"


@pytest.fixture
def compatible(rules: Rules) -> House:
    return house(rules, C)


@pytest.mark.wechat("1.27")
async def test_a_compatible_push_from_the_wire_to_the_inbox(compatible: House) -> None:
    compatible.clock.at = moment(1409735669)
    await compatible.inbox.offer_reply("hunan:6054768590064713728", Slot(None))
    answer = await compatible.platform.post("/wechat/hunan", params=C_QUERY, content=C_BODY.encode())
    assert (answer.status_code, answer.text) == (200, "success")
    assert compatible.inbox.appended[0].content == Text("abcdteT")


@pytest.mark.wechat("1.14")
async def test_of_a_compatible_push_only_the_encrypted_part_is_believed(compatible: House) -> None:
    compatible.clock.at = moment(1409735669)
    await compatible.inbox.offer_reply("hunan:6054768590064713728", Slot(None))
    forged = C_BODY.replace("abcdteT", "forged").replace("oyORnuP8", "oForged0").replace("6054768590064713728", "7")
    await compatible.platform.post("/wechat/hunan", params=C_QUERY, content=forged.encode())
    [inbound] = compatible.inbox.appended
    assert inbound.content == Text("abcdteT")
    assert inbound.openid == "oyORnuP8q7ou2gfYjqLzSIWZf0rs"


@pytest.mark.wechat("1.20")
def test_a_cipher_text_of_another_account_is_foreign() -> None:
    with pytest.raises(Refusal) as caught:
        decrypt(replace(A, app_id="wx0000000000000000"), A_ENCRYPTED)
    assert caught.value.reason is Reason.FOREIGN
