"""The command line beside a running house."""

from __future__ import annotations

import json

from tests.house.house import House, json_lines

LINES = [
    {"id": "a", "text": "他掐我脖子，我锁在厕所里"},
    {"id": "b", "text": "协议离婚要带什么材料"},
    {"id": "c", "text": "娃儿拿我手机充游戏 八千块 能退不"},
    {"id": "d", "text": "孩子天天看手机怎么办"},
]
STDIN = "\n".join(json.dumps(line, ensure_ascii=False) for line in LINES) + "\n"


def test_classify_keeps_the_order_and_says_topic_and_level(house: House) -> None:
    done = house.run("classify", stdin=STDIN)
    assert done.returncode == 0, done.stderr
    rows = json_lines(done.stdout)
    assert [row["id"] for row in rows] == ["a", "b", "c", "d"]
    assert [row["topic"] for row in rows] == ["domestic_violence", "divorce", "child_game_refund", "parenting"]
    assert [row["level"] for row in rows] == ["critical", "normal", "normal", "normal"]
    assert rows[0]["reasons"]
    assert set(rows[1]) == {"id", "topic", "intent", "confidence", "level", "reasons"}


def test_answer_gives_the_first_words(house: House) -> None:
    done = house.run("answer", stdin=STDIN)
    assert done.returncode == 0, done.stderr
    rows = json_lines(done.stdout)
    assert [row["id"] for row in rows] == ["a", "b", "c", "d"]
    assert rows[0]["article"] == "domestic_violence/safety_now"
    assert "110" in rows[0]["text"]
    assert rows[1]["article"].startswith("divorce/")
    assert set(rows[1]) == {"id", "topic", "intent", "level", "article", "text"}


def test_bad_input_is_named(house: House) -> None:
    done = house.run("classify", stdin='{"id": "a", "text": "x"}\nnot json\n')
    assert done.returncode == 2
    assert "line 2" in done.stderr


def test_doctor_finds_nothing_wrong(house: House) -> None:
    done = house.run("doctor")
    assert done.returncode == 0, done.stdout
    assert "✗" not in done.stdout


def test_user_add_lets_her_sign_in_once(house: House) -> None:
    added = house.run("user", "add", "xiaoli", "--role", "operator", "--password-stdin", stdin="long-enough-word\n")
    assert added.returncode == 0, added.stderr
    with house.api("xiaoli", "long-enough-word") as api:
        assert api.get("/queue").status_code == 200
    again = house.run("user", "add", "xiaoli", "--role", "operator", "--password-stdin", stdin="long-enough-word\n")
    assert again.returncode == 2
    weak = house.run("user", "add", "xiaowang", "--role", "operator", "--password-stdin", stdin="short\n")
    assert weak.returncode == 2
