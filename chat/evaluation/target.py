"""The state that a task asks for: its effects, one by one, through the services and without an agent."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from campaigns import services as campaigns
from cathy.evaluation.suites import State
from chat import cards, services
from chat.cards import Content
from chat.evaluation.stage import PRESS, Scene, Stage, contact_of, opened
from chat.evaluation.tasks import ChatTask, Gold, filled
from chat.models import Conversation, Message
from chat.services import carding, store
from credit.evaluation import checks
from visitors import services as visitors
from visitors.evaluation.people import COMPANY


def target(task: ChatTask, scene: Scene) -> State:
    """What the database should say when the conversation is over."""
    with opened(task, scene) as stage:
        for gold in task.gold:
            _EFFECTS[gold.do](stage, gold)
        return stage.state()


def _keep(name: str) -> Callable[[Stage, Gold], object]:
    def keep(stage: Stage, gold: Gold) -> None:
        value = stage.made.person.fill(gold.value)
        visitors.upsert_contact(visitor_id=stage.made.visitor_id, now=stage.tick(), **{name: value})

    return keep


def _stop(stage: Stage, gold: Gold) -> None:
    campaigns.suppress_visitor(visitor_id=stage.made.visitor_id, reason="asked", source="chat", now=stage.tick())


def _hand_over(stage: Stage, gold: Gold) -> None:
    services.hand_off(conversation_id=stage.conversation_id, reason=gold.value, now=stage.tick())


def _speak(stage: Stage, gold: Gold) -> None:
    services.set_locale(conversation_id=stage.conversation_id, lang=gold.value)


def _show_privacy(stage: Stage, gold: Gold) -> None:
    services.privacy_card(
        visitor_id=stage.made.visitor_id, message_id=uuid4(), locale=stage.row.locale, now=stage.tick()
    )


def _press(stage: Stage, gold: Gold) -> None:
    conversation = store.load(stage.conversation_id)
    card = _open_card(conversation, gold.card) or carding.present_card(
        conversation=conversation, card=_card(stage, conversation, gold.card), text="", now=stage.tick()
    )
    services.press_card(
        conversation_id=stage.conversation_id, press_id=uuid4(), card_id=card.pk, action=gold.button,
        fields=filled(gold.fields, stage.made.person.fill), origin=PRESS, now=stage.tick(),
    )  # fmt: skip


def _open_card(conversation: Conversation, kind: str) -> Message | None:
    return conversation.messages.filter(card_state="open", card__kind=kind).order_by("-seq").first()


def _card(stage: Stage, conversation: Conversation, kind: str) -> Content:
    if kind == "credit_consent":
        return carding.credit_consent(locale=conversation.locale, company=COMPANY)
    if kind == "contact_form":
        visitor = contact_of(stage).visitor_id
        return carding.contact_form(visitor_id=visitor, company=COMPANY, locale=conversation.locale)
    return cards.callback(locale=conversation.locale)


def _check_done(stage: Stage, gold: Gold) -> None:
    check = stage.row.pending_check
    if check is not None:
        checks.decide(check, says=stage.task.start.bureau, now=stage.tick())
        services.present_result(check_id=check, now=stage.tick())


def _close_idle(stage: Stage, gold: Gold) -> None:
    services.close(conversation_id=stage.conversation_id, now=stage.tick())


def _open_again(stage: Stage, gold: Gold) -> None:
    Conversation.objects.filter(pk=stage.conversation_id).update(owner="ai", closed_at=None, staff=None)


def _come_back(stage: Stage, gold: Gold) -> None:
    visitors.note_activity(visitor_id=stage.made.visitor_id, now=stage.tick())


def _staff(what: str) -> Callable[[Stage, Gold], object]:
    return lambda stage, gold: stage.staff_acts(what)


_EFFECTS: dict[str, Callable[[Stage, Gold], object]] = {
    "keep phone": _keep("phone"),
    "keep email": _keep("email"),
    "keep name": _keep("first_name"),
    "stop contact": _stop,
    "hand over": _hand_over,
    "speak": _speak,
    "show privacy": _show_privacy,
    "press": _press,
    "staff takes over": _staff("takes over"),
    "staff writes": lambda stage, gold: stage.staff_writes("I will look at it with you."),
    "staff gives back": _staff("gives back"),
    "staff closes": _staff("closes"),
    "the check is done": _check_done,
    "close idle": _close_idle,
    "open again": _open_again,
    "come back": _come_back,
}
