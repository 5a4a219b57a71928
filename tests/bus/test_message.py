"""Bodies and envelopes."""

import pytest
from pydantic import ValidationError

from bus.message import Envelope, Message
from tests.bus.samples import Note, Ping


class TaskAssigned(Message):
    item: int


class Round2Opened(Message):
    pass


def test_a_kind_is_the_class_name_in_small_letters_joined_by_hyphens():
    assert [kind.kind for kind in (Ping, TaskAssigned, Round2Opened)] == ["ping", "task-assigned", "round2-opened"]


def test_an_envelope_is_of_its_bodys_kind():
    assert Envelope(1, 0, "a", "b", None, TaskAssigned(item=1)).kind == "task-assigned"


def test_a_message_does_not_change():
    with pytest.raises(ValidationError, match="frozen"):
        Ping(number=1).number = 2


def test_a_message_takes_only_its_fields():
    with pytest.raises(ValidationError, match="extra"):
        Note(text="x", wait=1)
