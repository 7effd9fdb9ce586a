"""The chat: nothing lost, nothing twice, one owner, nobody left waiting in silence."""

from __future__ import annotations

from collections import Counter
from typing import Final

from dashboard.funnel.rows import rows
from dashboard.funnel.town import Town

_OWNERS: Final = frozenset({"ai", "queue", "human", "closed"})


def each_message_is_stored_once(town: Town) -> list[str]:
    """Every message that a customer sent stands in their conversation exactly once, unless they were erased"""
    stored = Counter(rows("chat.Message").filter(role="customer").values_list("conversation_id", "client_id"))
    said = {pair for person in town.people if person.erased_at is None for pair in person.said}
    forgotten = {talk for person in town.people if person.erased_at for talk in person.chats}
    stored = Counter({pair: count for pair, count in stored.items() if pair[0] not in forgotten})
    wrong = [f"message {client} of {conversation} {stored[conversation, client]} times" for conversation, client in said
             if stored[conversation, client] != 1]  # fmt: skip
    return wrong + [
        f"message {client} of {conversation} was never said" for conversation, client in stored.keys() - said
    ]


def messages_are_numbered_without_gaps(town: Town) -> list[str]:
    """The messages of a conversation bear the numbers 1, 2, 3 …"""
    numbers: dict[object, list[int]] = {}
    for conversation, seq in rows("chat.Message").order_by("seq").values_list("conversation_id", "seq"):
        numbers.setdefault(conversation, []).append(seq)
    last = dict(rows("chat.Conversation").values_list("pk", "last_seq"))
    return [f"conversation {pk}" for pk, seq in last.items() if numbers.get(pk, []) != list(range(1, seq + 1))]


def each_conversation_has_one_owner(town: Town) -> list[str]:
    """A conversation is Cathy's, the queue's, one person's or closed, and its row says so without contradiction"""
    wrong = []
    for one in rows("chat.Conversation"):
        fits = {
            "ai": one.staff_id is None,
            "queue": one.staff_id is None and bool(one.note) and one.queued_at is not None,
            "human": one.staff_id is not None,
            "closed": one.closed_at is not None,
        }
        if one.owner not in _OWNERS or not fits[one.owner]:
            wrong.append(f"conversation {one.pk} ({one.owner})")
    return wrong


def cathy_is_silent_while_a_person_has_it(town: Town) -> list[str]:
    """Between a person's arrival and their leaving Cathy says nothing"""
    wrong = []
    owners: dict[object, list[tuple[int, str]]] = {}
    for event in rows("core.FeedEvent").filter(kind__in=["chat.owner", "chat.message"]).order_by("id"):
        word = event.data.get("owner") or f"#{event.data.get('seq')}"
        owners.setdefault(event.conversation, []).append((event.pk, word))
    cathy = set(rows("chat.Message").filter(role="cathy").values_list("conversation_id", "seq"))
    for conversation, story in owners.items():
        owner = "ai"
        for _, word in story:
            if not word.startswith("#"):
                owner = word
            elif owner == "human" and (conversation, int(word[1:])) in cathy:
                wrong.append(f"message {word} of {conversation}")
    return wrong


def every_failed_turn_reaches_a_person(town: Town) -> list[str]:
    """After each turn that failed or was blocked, the conversation was put into the queue with a note"""
    asked: dict[object, list[object]] = {}
    for event in rows("core.FeedEvent").filter(kind="chat.handed_off"):
        asked.setdefault(event.conversation, []).append(event.at)
    wrong = []
    for run in rows("cathy.AgentRun").filter(agent="RealtimeChat").exclude(error_code=""):
        if not any(at >= run.started_at for at in asked.get(run.conversation, [])):  # type: ignore[operator]
            wrong.append(f"run {run.uuid} ({run.error_code})")
    return wrong


def nobody_waits_for_cathy(town: Town) -> list[str]:
    """At the end no customer's message waits for an answer that nobody will give"""
    waiting = rows("chat.Conversation").filter(owner="ai")
    return [f"conversation {one.pk}" for one in waiting if one.asked_seq > one.answered_seq]


def cathy_says_that_she_is_an_ai(town: Town) -> list[str]:
    """Every conversation begins with Cathy's words that she is an AI assistant"""
    firsts = rows("chat.Message").filter(seq=1).select_related("conversation")
    alive = [one for one in firsts if one.conversation.forgotten_at is None]
    return [f"conversation {one.conversation_id}" for one in alive
            if one.role != "cathy" or not any(word in one.text for word in ("AI", "IA", "inteligencia"))]  # fmt: skip


CHECKS = (
    each_message_is_stored_once,
    messages_are_numbered_without_gaps,
    each_conversation_has_one_owner,
    cathy_is_silent_while_a_person_has_it,
    every_failed_turn_reaches_a_person,
    nobody_waits_for_cathy,
    cathy_says_that_she_is_an_ai,
)
