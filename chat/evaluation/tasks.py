"""What a task of the suite `chat` can say: where it starts, what the customer does, what should have come of it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from campaigns.evaluation.journeys import JourneyStart
from cathy.evaluation.tasks import BaseTask, Strict, Words
from chat.cards import Kind
from credit.evaluation.checks import Says

_SPAN = re.compile(r"(\d+) (minute|hour|day)s?")
Span = Annotated[str, Field(pattern=rf"^({_SPAN.pattern})?$")]
Means = Literal["", "stop", "person", "distress", "asks whether AI", "no"]
Staff = Literal["", "takes over", "gives back", "closes"]


class ChatStart(JourneyStart):
    """The visitor, how they come in, and what stands around them."""

    returns_by_link: bool = False
    checked: Literal["", "offers", "no offers"] = ""
    bureau: Says = "offers"
    ai_off: bool = False
    pull_off: bool = False
    staff_has_it: bool = False


class Step(Strict):
    """One thing that happens: the customer says or presses something or is silent, a colleague acts, or a check ends.

    `means` tells the examiner what the customer wants, so that the judgement does not hang on the recogniser that is
    judged. `only_if` plays the step only when Cathy's last words hold these.
    """

    says: list[str] = []
    means: Means = ""
    language: Literal["", "en", "es"] = ""
    secrets: list[str] = []
    sent_twice: bool = False
    presses: Literal["", "agree", "decline", "submit"] = ""
    card: Kind | Literal[""] = ""
    fields: dict[str, str | bool] = {}
    refused: bool = False
    silent_for: Span = ""
    staff: Staff = ""
    staff_writes: str = ""
    then: Literal["", "the check is done"] = ""
    only_if: Words | Literal[""] = ""
    hears: list[Words] = []
    never_hears: list[Words] = []
    sees: list[Kind] = []
    never_sees: list[Kind] = []

    @model_validator(mode="after")
    def _one_thing(self) -> Step:
        verbs = ("says", "presses", "silent_for", "staff", "staff_writes", "then")
        given = [verb for verb in verbs if getattr(self, verb)]
        if len(given) != 1:
            raise ValueError(f"a step has exactly one of {', '.join(verbs)}; this one has {given or 'none'}")
        if self.presses and not self.card:
            raise ValueError("a press needs the card that it is on")
        return self

    @property
    def silence(self) -> timedelta:
        """How long nothing happens."""
        found = _SPAN.fullmatch(self.silent_for)
        return timedelta(**{f"{found[2]}s": int(found[1])}) if found else timedelta()


class Gold(Strict):
    """One effect that the conversation should have had. What it needs beside `do` depends on it."""

    do: Literal[
        "keep phone", "keep email", "keep name", "stop contact", "hand over", "speak", "show privacy", "press",
        "staff takes over", "staff writes", "staff gives back", "staff closes", "the check is done", "close idle",
        "open again", "come back",
    ]  # fmt: skip
    value: str = ""
    card: Kind | Literal[""] = ""
    button: Literal["", "agree", "decline", "submit"] = ""
    fields: dict[str, str | bool] = {}

    @model_validator(mode="after")
    def _complete(self) -> Gold:
        if self.do in {"keep phone", "keep email", "keep name", "hand over", "speak"} and not self.value:
            raise ValueError(f"“{self.do}” needs a value")
        if self.do == "press" and not (self.card and self.button):
            raise ValueError("“press” needs a card and a button")
        return self


class ChatTask(BaseTask):
    """A conversation."""

    start: ChatStart = ChatStart()
    step: Annotated[list[Step], Field(min_length=1)]
    gold: list[Gold] = []


def filled(fields: dict[str, Any], fill: Any) -> dict[str, Any]:
    """A press's fields with the person's data put in."""
    return {name: fill(value) if isinstance(value, str) else value for name, value in fields.items()}
