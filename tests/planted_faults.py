"""Faults that somebody might make, each with the tasks that must notice it: planted in the code for a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch
from uuid import uuid4

#: name → (suite, task, what to put where: {"module.attribute": replacement, or a function of the original})
Plant = dict[str, Callable[[Any], Any]]


def _consent_ignored(refusal: Any) -> Any:
    return lambda reader: "" if refusal(reader) == "no_consent" else refusal(reader)


def _knows_a_number(facts: Any) -> Any:
    def known(row: Any, *, now: Any) -> Any:
        found, state = facts(row, now=now)
        return {**found, "contact": {**found["contact"], "phone": True}}, state

    return known


def _yes_presses(finish: Any) -> Any:
    """A typed yes under an open agreement counts as the press."""
    from chat import services
    from chat.services import Origin

    def finished(*, turn: Any, reply: Any, now: Any) -> bool:
        done = bool(finish(turn=turn, reply=reply, now=now))
        card = turn.row.messages.filter(card__kind="credit_consent", card_state="open").first()
        if card and "es" in turn.text.lower()[:4]:
            services.press_card(
                conversation_id=turn.conversation_id, press_id=uuid4(), card_id=card.pk, action="agree", fields={},
                origin=Origin(ip="", user_agent=""), now=now,
            )  # fmt: skip
        return done

    return finished


def _twice(guarded: Any) -> Any:
    async def again(self: Any, scope: Any, raw: str) -> Any:
        await guarded(self, scope, raw)
        return await guarded(self, scope, raw)

    return again


def _noted_twice(note: Any) -> Any:
    def again(*what: Any) -> None:
        note(*what)
        note(*what)

    return again


def _for_any_dealer(active_consent: Any) -> Any:
    return lambda *, buyer=None, **which: active_consent(**which)


def _stays_with_cathy(append: Any) -> Any:
    def kept(conversation: Any, *, changes: Any = None, **what: Any) -> Any:
        claimed = bool(changes) and changes.get("owner") == "human"
        return append(conversation, changes={**changes, "owner": "ai"} if claimed else changes, **what)

    return kept


def _untouched(tokenise: Any) -> Any:
    return lambda *, text, **which: replace(tokenise(text=text, **which), text=text)


def _always(value: Any) -> Callable[[Any], Any]:
    return lambda original: lambda *args, **kwargs: value


def _passed(original: Any) -> Any:
    from cathy.guardrails.gate import PASS

    return lambda *args, **kwargs: PASS


def _nobody_owed(original: Any) -> Any:
    from chat.duties import Duties

    return lambda *args, **kwargs: Duties()


FAULTS: dict[str, tuple[str, str, Plant]] = {
    "mail without a consent": ("email_reengagement", "no-consent", {
        "campaigns.services.enrolment.refusal": _consent_ignored,
        "campaigns.services.drafting.refusal": _consent_ignored,
        "campaigns.services.sending.refusal": _consent_ignored,
    }),
    "suppression list not asked": ("email_reengagement", "suppressed-address", {
        "campaigns.selectors.is_suppressed": _always(False),
    }),
    "quiet hours not kept": ("email_reengagement", "night-holds-the-mail", {
        "campaigns.windows.next_open": lambda original: lambda now, *, state: now,
    }),
    "linter bypassed in mails": ("email_reengagement", "model-promises-approval", {
        "campaigns.agent.broken_rules": _always([]),
        "campaigns.services.drafting.broken_rules": _always([]),
    }),
    "linter bypassed in the chat": ("chat", "model-promises-approval", {
        "cathy.guardrails.gate.check_sentence": _passed,
    }),
    "words for a person not honoured": ("chat", "model-ignores-a-wish-for-a-person", {
        "chat.duties.owed": _nobody_owed,
    }),
    "stop not honoured": ("chat", "model-ignores-a-stop", {"chat.duties.owed": _nobody_owed}),
    "stop leaves consents standing": ("chat", "stop-at-once", {"campaigns.people.withdraw_contact": _always(None)}),
    "distress not heard": ("chat", "distress", {
        "cathy.guardrails.inputs._any": _always(False),
    }),
    "social security number not masked": ("chat", "social-security-number", {
        "carloans.core.privacy.vault.tokenise_for": _untouched,
    }),
    "wrong language": ("chat", "es-greeting", {
        "cathy.simulation.brains.chat_scene._language": _always(("en", None)),
    }),
    "no word of an AI": ("chat", "greets-and-leaves", {
        "chat.wording.greeting": _always("Hi! How can I help you with your application?"),
    }),
    # Agents hold their tools since import, so the fault is planted in what a call looks up when it happens.
    # However often it is asked, each service does its work once: the rows stay right, and the run log tells of it.
    "tool runs twice": ("chat", "phone-typed", {
        "cathy.engine.tools._Call._guarded": _twice, "cathy.engine.tools._Call._note": _noted_twice,
    }),
    # Where the log is silent and the service has lost its guard, the rows tell.
    "tool runs twice, and so does its effect": ("lead_packaging", "complete-and-agreed", {
        "cathy.engine.tools._Call._guarded": _twice,
        "leads.services._OPEN": lambda original: (*original, "submitting"),
    }),
    "agreement shown without a number": ("chat", "check-needs-a-number-first", {
        "chat.selectors.facts": _knows_a_number,
    }),
    "typed yes starts a pull": ("chat", "typed-yes-starts-nothing", {"chat.services.finish_turn": _yes_presses}),
    "Cathy goes on after a colleague took over": ("chat", "staff-has-it", {
        "chat.services.store.append": _stays_with_cathy,
    }),
    "silence when the model fails": ("chat", "model-out-of-reach", {"chat.services.fail_to_human": _always(False)}),
    "pull without a standing permission": ("credit_check", "permission-withdrawn", {
        "credit.services._allow": _always(None),
    }),
    "lead to a dealer without a consent": ("lead_packaging", "consent-names-others", {
        "visitors.selectors.active_consent": _for_any_dealer,
    }),
    "lead after an opt-out of sale": ("lead_packaging", "sale-opt-out", {
        "visitors.selectors.sale_allowed": _always(True),
    }),
    "linter bypassed in briefings": ("handoff_briefing", "model-promises-approval", {
        "cathy.guardrails.asides.broken_rules": _always([]),
    }),
    "judgement beyond its bounds": ("visitor_identifier", "model-opens-closed-channels", {
        "visitors.agent.bounded": lambda original: lambda judgement, facts: judgement,
    }),
}  # fmt: skip


@contextmanager
def planted(plant: Plant) -> Iterator[None]:
    """The fault is in the code while the block lasts."""
    with ExitStack() as stack:
        for place, change in plant.items():
            original = _found(place)
            stack.enter_context(patch(place, change(original)))
        yield


def _found(place: str) -> Any:
    """The thing that now stands at "package.module.[Class.]attribute"."""
    from pkgutil import resolve_name

    return resolve_name(place)
