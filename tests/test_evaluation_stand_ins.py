"""What stands in for a model, a bureau, dealers and the mail does so in one context alone."""

from __future__ import annotations

import threading

import pytest

from carloans.core import mailing
from cathy.engine import provider
from cathy.engine.gate import Gate
from cathy.engine.guards import house_guards
from cathy.engine.session import MemorySession, TurnSession
from cathy.simulation.contract import Say
from cathy.simulation.model import SimulatedModel
from chat import partners
from chat.partners import Partner
from credit import flexpath
from credit.evaluation import checks


def elsewhere(work):
    """What `work` returns in another thread, as another customer's request would run it."""
    found = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    return found[0]


def model_of_chat():
    gate = Gate(house_guards().check_sentence, locale="en", record=None, question=None)
    return provider.AliasProvider(gate)._inner("chat-main")


def test_a_planted_model_answers_here_alone():
    mine = SimulatedModel("chat-main", lambda turn: [Say("Hello.")])
    with provider.answering_here("chat-main", mine):
        assert model_of_chat() is mine
        assert elsewhere(model_of_chat) is not mine
    assert model_of_chat() is not mine


def test_an_invented_bureau_is_asked_here_alone():
    with checks.asked("offers") as bureau:
        assert flexpath._answering_here.get() is bureau
        assert flexpath.find("unknown") is None
        assert elsewhere(flexpath._answering_here.get) is None


def test_named_dealers_and_collected_mails_too():
    with partners.named_here([Partner("a", "A")]), mailing.collecting_here(lambda post: None):
        assert partners.partners("TX") == [Partner("a", "A")]
        assert elsewhere(lambda: (partners._named_here.get(), mailing._collecting_here.get())) == (None, None)


@pytest.mark.asyncio
async def test_a_raw_number_in_a_refused_call_is_not_remembered():
    memory = MemorySession()
    turn = TurnSession(memory)
    call = {"type": "function_call", "call_id": "1", "name": "hand_off", "arguments": '{"reason": "SSN 123-45-6789"}'}
    harmless = {**call, "arguments": '{"reason": "asked for a person"}'}
    await turn.add_items([call, harmless])
    await turn.commit()
    assert "123-45-6789" not in str(memory.items)
    assert memory.items[1] == harmless
