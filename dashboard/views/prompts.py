"""Prompt versions in the room: the list, two results side by side, and the lab."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from carloans.core import switches
from carloans.core.clock import utc_now
from carloans.core.errors import BadInput, CarLoansError
from cathy.engine import mode
from cathy.prompts import active, reading
from cathy.prompts.active import Prompt
from cathy.simulation.style import HONOURED, IGNORED
from chat import lab
from chat.limits import MAX_TEXT
from dashboard.views.guards import needs, slow_down
from dashboard.views.lists import Words

#: Lines of one talk in the lab: each asks two models.
TURNS: Final = 12
_SALT: Final = "prompt-lab"
_AGE: Final = 2 * 60 * 60
_SIDES: Final = ("active", "draft")
CUSTOMERS: Final[dict[str, Words]] = {
    "new": gettext_lazy("somebody new, nothing is known"),
    "returning": gettext_lazy("somebody who stopped at step 3, e-mail known"),
    "ready": gettext_lazy("somebody at the last step, phone and e-mail known"),
}
LANGUAGES: Final[dict[str, Words]] = {"en": gettext_lazy("English"), "es": gettext_lazy("Spanish")}


@needs("view_room")
@require_GET
def prompts(request: HttpRequest) -> HttpResponse:
    """The versions and the newest results."""
    context = {
        "tab": "prompts",
        "versions": reading.versions(limit=50),
        "evaluations": reading.evaluations(limit=30),
        "may_edit": request.user.has_perm("dashboard.edit_prompts"),
    }
    return render(request, "dashboard/prompts.html", context)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task on both sides; a side that did not play it is empty. `change` is better, worse or ""."""

    id: str
    purpose: str
    left: dict[str, Any]
    right: dict[str, Any]
    change: str


@needs("view_room")
@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Two stored results of one suite side by side: two versions, or two models."""
    left, right = _chosen(request, "left"), _chosen(request, "right")
    same = left is not None and right is not None and left.suite == right.suite
    context = {
        "tab": "prompts",
        "evaluations": reading.evaluations(limit=100),
        "left": left,
        "right": right,
        "other_suite": left is not None and right is not None and not same,
        "mixed": same and left is not None and right is not None and left.mode != right.mode,
        "rows": _rows(left, right) if same and left and right else [],
    }
    return render(request, "dashboard/prompt_compare.html", context)


def _chosen(request: HttpRequest, side: str) -> reading.EvaluationRow | None:
    try:
        return reading.evaluation(evaluation_id=UUID(request.GET.get(side, "")))
    except ValueError:
        return None


def _rows(left: reading.EvaluationRow, right: reading.EvaluationRow) -> list[TaskRow]:
    sides = [{task["id"]: task for task in one.report.get("tasks", [])} for one in (left, right)]
    names = sorted({*sides[0], *sides[1]})
    rows = [_row(name, sides[0].get(name, {}), sides[1].get(name, {})) for name in names]
    return sorted(rows, key=lambda row: (not row.change, row.id))


def _row(name: str, left: dict[str, Any], right: dict[str, Any]) -> TaskRow:
    shares = [one["passed"] / one["counted"] if one.get("counted") else None for one in (left, right)]
    known = shares[0] is not None and shares[1] is not None
    change = ""
    if known and shares[0] != shares[1]:
        change = "better" if (shares[1] or 0) > (shares[0] or 0) else "worse"
    return TaskRow(name, str((right or left).get("purpose", "")), left, right, change)


@needs("edit_prompts")
@require_http_methods(["GET", "POST"])
def prompt_lab(request: HttpRequest) -> HttpResponse:
    """Talk to a version as an invented customer, beside the active one. The talk lives in the page, signed."""
    room = _Room.of(request)
    error = ""
    if request.method == "POST" and room.version and room.is_on:
        try:
            room.answer(request)
        except CarLoansError as refusal:
            error = str(refusal.message)
    return render(request, "dashboard/prompt_lab.html", room.context(error))


class _Room:
    """One page of the lab: two versions, and what was said to both."""

    def __init__(self, version: Prompt | None, held: Prompt, talk: dict[str, Any]) -> None:
        self.version = version
        self.held = held
        self.talk = talk
        self.is_on = switches.is_on("ai")

    @classmethod
    def of(cls, request: HttpRequest) -> _Room:
        """The page as it was sent back, or a new one."""
        talk = _unsealed(request.POST.get("talk", ""))
        name = str(talk.get("version") or request.POST.get("version") or request.GET.get("version") or "")
        version = reading.prompt_named(name) if name else None
        active.forget()
        return cls(version, active.current(), talk)

    def answer(self, request: HttpRequest) -> None:
        """Begin a talk, or answer a line on both sides. Raises BadInput, TooFast."""
        if not self.talk:
            self.talk = self._begun(request)
            return
        if len(self.talk["turns"]) >= TURNS:
            raise BadInput(_("This talk has reached its end. Begin a new one."))
        text = lab.line(request.POST.get("text", ""))
        slow_down(request, "lab")
        turn: dict[str, Any] = {"text": text}
        for side, prompt in zip(_SIDES, (self.held, self.version), strict=True):
            assert prompt is not None  # noqa: S101  the view asks first
            talk = lab.Talk(**self.talk[side])
            turn[side] = asdict(lab.say(prompt, talk, text, company=settings.COMPANY_NAME, now=utc_now()))
            self.talk[side] = asdict(talk)
        self.talk["turns"].append(turn)

    def _begun(self, request: HttpRequest) -> dict[str, Any]:
        locale, customer = request.POST.get("locale", "en"), request.POST.get("customer", "new")
        if locale not in LANGUAGES or customer not in CUSTOMERS or self.version is None:
            raise BadInput(_("Please choose a version, a language and a customer."))
        talk: dict[str, Any] = {
            "version": str(self.version.version),
            "locale": locale,
            "customer": customer,
            "turns": [],
        }
        for side, prompt in zip(_SIDES, (self.held, self.version), strict=True):
            words = lab.greeting(prompt, company=settings.COMPANY_NAME, locale=locale)
            talk[side] = asdict(lab.Talk(locale, customer, [{"role": "assistant", "content": words}]))
        return talk

    def context(self, error: str) -> dict[str, Any]:
        """What the template shows."""
        talk = self.talk
        greetings = {side: talk[side]["items"][0]["content"] for side in _SIDES} if talk else {}
        return {
            "tab": "prompts",
            "version": self.version,
            "held": self.held,
            "versions": [one for one in reading.versions(limit=50) if one.state != "active"],
            "languages": LANGUAGES,
            "customers": CUSTOMERS,
            "talk": talk,
            "customer": CUSTOMERS.get(talk.get("customer", ""), ""),
            "greetings": greetings,
            "sealed": signing.dumps(talk, salt=_SALT, compress=True) if talk else "",
            "left": TURNS - len(talk["turns"]) if talk else TURNS,
            "most": MAX_TEXT,
            "is_on": self.is_on,
            "mode": mode(),
            "honoured": HONOURED,
            "ignored": IGNORED,
            "error": error,
        }


def _unsealed(sealed: str) -> dict[str, Any]:
    """A talk that this room sealed; {} for none, a forged or an old one."""
    try:
        talk = signing.loads(sealed, salt=_SALT, max_age=_AGE) if sealed else {}
    except signing.BadSignature:
        return {}
    return talk if isinstance(talk, dict) else {}
