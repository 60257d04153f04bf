"""The first component of the pipeline: trained from a file, whole without it, and missed when it is not there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file
from tests_support import TABLES, marked

from components.choices import ChoiceExtractor
from components.intent_classifier import CharacterIntentClassifier
from components.level_classifier import LevelClassifier
from components.normaliser import NORMALISED, Normaliser, normalised
from components.sentence_vectors import SentenceVectors

READERS = [SentenceVectors, CharacterIntentClassifier, LevelClassifier, ChoiceExtractor]


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """The tables in a file of their own, apart from where the model goes."""
    path = tmp_path / "tables" / "mine.toml"
    path.parent.mkdir()
    path.write_text(TABLES.read_text(encoding="utf-8"), encoding="utf-8")
    return path


def test_she_is_read_in_plain_spelling_and_what_she_wrote_stays(workshop: Any, tables: Path) -> None:
    message = Message({"text": "老公又da我😭"})
    workshop.create(Normaliser, tables=str(tables)).process([message])
    assert normalised(message) == "老公又打我 [哭]"
    assert message.get("text") == "老公又da我😭"
    assert NORMALISED not in message.as_dict(only_output_properties=True)


def test_a_trained_model_needs_no_file_beside_it(workshop: Any, tables: Path) -> None:
    workshop.create(Normaliser, tables=str(tables)).train(TrainingData([]))
    tables.unlink()
    message = Message({"text": "离hun"})
    workshop.load(Normaliser, tables=str(tables)).process([message])
    assert normalised(message) == "离婚"


def test_examples_and_the_phrases_that_they_mark_are_read_too(workshop: Any, tables: Path) -> None:
    example = marked("就第壹個吧", "第壹個", "1")
    workshop.create(Normaliser, tables=str(tables)).process_training_data(TrainingData([example]))
    assert normalised(example) == "就第壹个吧"
    assert example.get("entities")[0][NORMALISED] == "第壹个"


def test_messages_without_text_pass(workshop: Any, tables: Path) -> None:
    message = Message({"intent": "other_greeting"})
    workshop.create(Normaliser, tables=str(tables)).process([message])
    assert normalised(message) == ""


def test_changed_tables_are_learnt_anew(tables: Path) -> None:
    config = {"tables": str(tables)}
    before = Normaliser.fingerprint_addon(config)
    assert Normaliser.fingerprint_addon(config) == before
    tables.write_text(tables.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert Normaliser.fingerprint_addon(config) != before


def test_a_component_from_the_cache_is_asked_for_no_tables() -> None:
    assert Normaliser.fingerprint_addon({"output": None}) is None


@pytest.mark.parametrize(
    ("content", "told"), [(None, "cannot read its tables"), ("[marks", "mine.toml"), ("", "is missing")]
)
def test_missing_or_malformed_tables_stop_the_training(workshop: Any, tables: Path, content: str, told: str) -> None:
    if content is None:
        tables.unlink()
    else:
        tables.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidConfigException, match=told):
        workshop.create(Normaliser, tables=str(tables))


def test_who_reads_a_message_that_nobody_normalised_is_told_why() -> None:
    with pytest.raises(InvalidConfigException, match="must stand first in the pipeline"):
        normalised(Message({"text": "离hun"}))


@pytest.mark.parametrize("reader", READERS)
def test_rasa_itself_refuses_a_pipeline_without_it(reader: Any) -> None:
    assert reader.required_components() == [Normaliser]


def test_it_stands_first_in_our_pipeline_and_reads_our_tables() -> None:
    root = TABLES.parents[1]
    first = read_yaml_file(root / "config.yml")["pipeline"][0]
    assert first["name"] == f"{Normaliser.__module__}.{Normaliser.__name__}"
    assert (root / Normaliser.get_default_config()["tables"]).samefile(TABLES)
