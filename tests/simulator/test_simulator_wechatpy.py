"""The gateway's library and the simulator's own code understand each other in all three modes."""

import httpx
import pytest
from simulator_fakes import KEY, account
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from simulator import markup
from simulator.crypto import sign
from simulator.envelope import seal, unseal
from simulator.errors import BadReply

WORDS = "他打我 ]]> <b> & 😀"
FIELDS = {
    "ToUserName": "gh_1",
    "FromUserName": "oabc",
    "CreateTime": 1,
    "MsgType": "text",
    "Content": WORDS,
    "MsgId": 7710803495732903937,
}


@pytest.mark.wechat("1.s3")
@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
def test_wechatpy_reads_a_push_and_its_reply_is_read(mode: str) -> None:
    ours = account("bj", mode=mode)
    crypto = WeChatCrypto(ours.token, KEY, ours.app_id)
    sealed = seal(ours, "oabc", markup.write(FIELDS), "1700000000", "42")
    check_signature(ours.token, sealed.query["signature"], "1700000000", "42")
    body: bytes | str = sealed.body
    if mode != "plain":
        body = crypto.decrypt_message(body, sealed.query["msg_signature"], "1700000000", "42")
    message = parse_message(body)
    assert (message.content, message.id, message.source) == (WORDS, 7710803495732903937, "oabc")

    answer = create_reply("收到了", message).render()
    if mode != "plain":
        answer = crypto.encrypt_message(answer, "42", "1700000001")
    assert unseal(ours, answer.encode()).findtext("Content") == "收到了"


@pytest.mark.wechat("1.s3")
def test_compatible_mode_shows_the_plain_fields_too() -> None:
    sealed = seal(account("bj", mode="compatible"), "oabc", markup.write(FIELDS), "1", "2")
    assert parse_message(sealed.body).content == WORDS
    assert httpx.QueryParams(sealed.query)["encrypt_type"] == "aes"


@pytest.mark.wechat("1.s3")
def test_safe_mode_shows_nothing() -> None:
    sealed = seal(account("bj", mode="safe"), "oabc", markup.write(FIELDS), "1", "2")
    assert "他打我".encode() not in sealed.body
    assert b"FromUserName" not in sealed.body


@pytest.mark.wechat("1.s5")
def test_a_plain_reply_in_safe_mode_is_refused_and_in_compatible_mode_taken() -> None:
    plain = b"<xml><Content>x</Content></xml>"
    with pytest.raises(BadReply):
        unseal(account("bj", mode="safe"), plain)
    assert unseal(account("bj", mode="compatible"), plain).findtext("Content") == "x"


@pytest.mark.wechat("1.s6")
@pytest.mark.parametrize("field", ["MsgSignature", "TimeStamp", "Nonce"])
def test_a_forged_reply_is_refused(field: str) -> None:
    ours = account("bj", mode="safe")
    encrypted = WeChatCrypto(ours.token, KEY, ours.app_id)
    genuine = encrypted.encrypt_message("<xml><Content>x</Content></xml>", "42", "1700000001")
    forged = genuine.replace(f"<{field}>", f"<{field}>1")
    with pytest.raises(BadReply):
        unseal(ours, forged.encode())


@pytest.mark.wechat("1.s6")
def test_a_reply_encrypted_for_another_account_is_refused() -> None:
    ours, theirs = account("bj", mode="safe"), account("cd", token="bjtoken", mode="safe")
    answer = WeChatCrypto(theirs.token, KEY, theirs.app_id).encrypt_message("<xml/>", "42", "1")
    assert sign(ours.token, "x") == sign(theirs.token, "x")
    with pytest.raises(BadReply):
        unseal(ours, answer.encode())
