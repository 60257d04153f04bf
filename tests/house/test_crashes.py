"""What a person sees when a process dies at the worst moment."""

from __future__ import annotations

import signal
import time

from tests.house.house import House


def test_worker_killed_in_the_middle_of_a_turn(house: House) -> None:
    openid = house.new_phone()
    rasa = house.process("rasa")
    rasa.suspend()  # the turn now waits for the assistant
    try:
        house.say(openid, "家暴证据怎么保留")
        time.sleep(0.7)
        house.process("worker").send_signal(signal.SIGKILL)
    finally:
        rasa.resume()
    assert "证据" in house.answer(openid)
    time.sleep(6)  # longer than the lease: nobody takes the message a second time
    assert len(house.replies(openid)) == 1


def test_rasa_killed_gives_an_honest_answer_and_is_understood_after_its_restart(house: House) -> None:
    openid = house.new_phone()
    house.process("rasa").send_signal(signal.SIGKILL)
    house.say(openid, "离婚冷静期多少天")
    assert "12338" in house.answer(openid)
    house.until(house.assistant_ready, 180, "Rasa did not come back")
    house.say(openid, "离婚冷静期多少天")
    assert "30" in house.answer(openid, after=1)


def test_danger_is_answered_while_rasa_is_down(house: House) -> None:
    openid = house.new_phone()
    rasa = house.process("rasa")
    rasa.suspend()
    try:
        house.say(openid, "他拿刀要砍我 我躲在房里")
        words = house.answer(openid)
    finally:
        rasa.resume()
    assert "110" in words


def test_redis_killed_loses_nothing(house: House) -> None:
    openid = house.new_phone()
    house.process("redis").send_signal(signal.SIGKILL)
    house.say(openid, "怎么申请人身安全保护令")
    assert "法院" in house.answer(openid)
    time.sleep(2)
    assert len(house.replies(openid)) == 1


def test_gateway_killed_while_a_request_waits(house: House) -> None:
    openid = house.new_phone()
    rasa = house.process("rasa")
    rasa.suspend()
    try:
        house.say(openid, "孩子玩游戏充了钱能退吗")
        time.sleep(0.5)
        house.process("gateway").send_signal(signal.SIGKILL)
    finally:
        rasa.resume()
    house.answer(openid)
    time.sleep(2)
    assert len(house.replies(openid)) == 1
