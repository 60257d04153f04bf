"""The component that adds entities to a message."""

from __future__ import annotations

import random
import re
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from conftest import CONTEXT, FolderStorage
from entity_reading import DATA, TODAY, read
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.entities.extractor import EntityExtractor, today
from components.entities.found import MOST, Found, settled
from components.protocol import render_understood

FILES = {"names": str(DATA / "names.yml"), "regions": str(DATA / "regions.yml")}
KINDS = ["money", "date", "age", "platform", "region", "relation"]
STORY = "我崽今年九岁，上个月15号用我家娘的手机充了王者一万两千多，我在浏阳"


@pytest.fixture
def extractor(tmp_path: Path) -> EntityExtractor:
    told = {part: Path(file).read_text("utf-8") for part, file in FILES.items()}
    return EntityExtractor(told, FolderStorage(tmp_path), Resource("it"), clock=lambda: TODAY)


def test_a_story_is_read_with_values_places_and_who_found_them(extractor: EntityExtractor) -> None:
    message = Message({"text": STORY})
    extractor.process([message])
    entities = message.get("entities")
    assert [(one["entity"], STORY[one["start"] : one["end"]], one["value"]) for one in entities] == [
        ("relation", "崽", "son"),
        ("age", "今年九岁", 9),
        ("date", "上个月15号", "2026-02-15"),
        ("relation", "家娘", "mother_in_law"),
        ("platform", "王者", {"name": "王者荣耀", "kind": "game"}),
        ("money", "一万两千多", {"low": 12000, "high": 13000, "about": True}),
        ("region", "浏阳", "430181"),
    ]
    assert {one["extractor"] for one in entities} == {"EntityExtractor"}


def test_the_channel_hands_on_values_and_places(extractor: EntityExtractor) -> None:
    message = Message({"text": "充了三五百块"})
    extractor.process([message])
    parsed = {"intent": {"name": "a", "confidence": 1.0}, "entities": message.get("entities")}
    assert render_understood(parsed)["entities"] == [
        {"entity": "money", "value": {"low": 300, "high": 500, "about": True}, "start": 2, "end": 6}
    ]


def test_what_others_found_stays(extractor: EntityExtractor) -> None:
    choice = {"entity": "choice", "value": "1", "start": 0, "end": 1}
    message = Message({"text": "1", "entities": [choice]})
    extractor.process([message])
    assert message.get("entities") == [choice]


def test_a_message_without_words_has_no_entities(extractor: EntityExtractor) -> None:
    message = Message({})
    extractor.process([message])
    assert message.get("entities") == []


def test_a_trained_one_needs_no_file_but_the_model(workshop: Any) -> None:
    workshop.create(EntityExtractor, **FILES).train(TrainingData())
    message = Message({"text": "我崽"})
    workshop.load(EntityExtractor, names="gone", regions="gone").process([message])
    assert [one["value"] for one in message.get("entities")] == ["son"]


def test_a_change_of_the_names_is_a_reason_to_train_again(tmp_path: Path) -> None:
    changed = tmp_path / "names.yml"
    changed.write_text(Path(FILES["names"]).read_text("utf-8") + "\n", "utf-8")
    before = EntityExtractor.fingerprint_addon(FILES)
    assert EntityExtractor.fingerprint_addon(FILES) == before
    assert EntityExtractor.fingerprint_addon({**FILES, "names": str(changed)}) != before


def test_names_that_cannot_be_read_are_refused_at_once(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yml"
    broken.write_text("platforms: 3", "utf-8")
    for names in (str(tmp_path / "none.yml"), str(broken)):
        with pytest.raises(InvalidConfigException):
            EntityExtractor.create({**FILES, "names": names}, FolderStorage(tmp_path), Resource("it"), CONTEXT)


def test_the_clock_tells_the_day_in_china() -> None:
    assert abs((today() - TODAY.today()).days) <= 1


def test_entities_are_of_the_domain_and_do_not_sway_the_rules() -> None:
    domain = Domain.load(str(DATA.parent / "domain.yml"))
    assert set(KINDS) <= set(domain.entities)
    for intent, properties in domain.intent_properties.items():
        assert not set(KINDS) & set(properties["used_entities"]), intent


def test_of_two_that_overlap_the_longer_one_counts() -> None:
    short, long, apart = Found("a", 0, 2, "x"), Found("b", 1, 4, "y"), Found("c", 4, 5, "z")
    assert settled([short, apart, long]) == [long, apart]


def test_entities_stand_in_the_order_of_the_text_and_never_overlap() -> None:
    found = read(STORY)
    assert all(one.end <= following.start for one, following in pairwise(found))


@pytest.mark.parametrize(
    "text",
    [
        "1" * 10_000,
        "万" * 4_000,
        "一" * 5_000,
        "一万" * 2_500,
        "十" * 5_000,
        "1," * 8_000,
        "1." * 8_000,
        "三千多 " * 1_500,
        "农历一月初一" * 900,
        "去年腊月二十" * 900,
        "凤凰" * 2_500,
        "大概" * 2_500,
        "\u0378\U000e0080" * 2_000,
        "\ud800" * 1_000,
        " " * 16_000,
        "\x00\n\r\u2028" * 2_000,
    ],
    ids=lambda text: f"{text[:6]!a}",
)
def test_hostile_text_costs_a_moment_and_gives_little(text: str) -> None:
    begun = time.process_time()
    assert len(read(text)) <= MOST
    assert time.process_time() - begun < 5  # some 0.1 s here; what grows with the square of the length takes minutes


def test_no_text_whatever_breaks_it() -> None:
    dice = random.Random(12338)
    signs = (
        "一二三四五六七八九十百千万亿廿半几两多来把零〇点.,0123456789¥块元毛角岁"
        "月年日号天周星期礼拜上下前后去今初正腊农历到满不虚崽我长沙县王者 /-kw"
    )
    for _ in range(3_000):
        text = "".join(dice.choices(signs, k=dice.randint(1, 24)))
        for one in read(text):
            assert 0 <= one.start < one.end <= len(text)
            assert one.kind != "date" or re.fullmatch(r"\d{4}(-\d\d){0,2}(/\d{4}(-\d\d){0,2})?", str(one.value))
