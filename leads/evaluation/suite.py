"""The suite lead_packaging: from a decided check to a queued lead, or to the reason why it waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from carloans.core import switches
from carloans.core.clock import utc_now
from cathy import evaluation
from cathy.evaluation import Played, Violation, policy, usage
from cathy.evaluation.suites import State
from cathy.evaluation.tasks import BaseTask, Strict
from cathy.evaluation.world import audited, rows
from credit.evaluation import checks
from leads import eligibility, services
from leads import tasks as work
from leads.eligibility import Chosen
from leads.holds import HOLDS
from leads.models import Buyer, Lead, Submission
from visitors import selectors as visitors
from visitors import services as visitor_services
from visitors.evaluation.people import Made, Start, make, record_agreement, slug, state_of

FOLDER = Path(__file__).parent / "tasks"

Happening = Literal[
    "the lead is packaged", "the lead is packaged again", "the customer agrees to dealers", "the consent is withdrawn",
    "the customer opts out of sale", "waiting leads are looked at", "what may not go is stopped",
]  # fmt: skip


class Dealer(Strict):
    """A dealer who takes leads. Without states they serve all of them."""

    name: str
    states: list[Annotated[str, Field(pattern=r"^[A-Z]{2}$")]] = []
    certified: bool = True
    active: bool = True


class Gold(Strict):
    """One effect that should have come about: the package, its words, and what became of it."""

    do: Literal[
        "package", "summary", "hold", "queue", "agree to dealers", "withdraw", "opt out", "cancel",
    ]  # fmt: skip
    value: str = ""


class LeadTask(BaseTask):
    """One decided check. `dealers` are all that there are; what the customer agreed to names `start.dealers`."""

    start: Start
    dealers: list[Dealer] = [Dealer(name="Lakeside Motors")]
    checked: Literal["offers", "no offers", "no_hit"] = "offers"
    ai_off: bool = False
    post_off: bool = False
    happens: Annotated[list[Happening], Field(min_length=1)]
    gold: list[Gold] = []


class _Case:
    """One customer with a decided check."""

    def __init__(self, task: LeadTask, scene: tuple[Made, UUID]) -> None:
        self.task, self.now, self.turns = task, utc_now(), 0
        self.made, self.check = scene

    def lead(self) -> Lead | None:
        return Lead.objects.filter(visitor=self.made.visitor_id).first()

    def state(self) -> State:
        (person, about), (credit, more) = state_of(self.made), checks.state_of(self.made)
        leads = Lead.objects.filter(visitor=self.made.visitor_id)
        sent = Submission.objects.filter(lead__visitor=self.made.visitor_id)
        subjects = [f"lead:{one}" for one in leads.values_list("pk", flat=True)]
        return {
            **person,
            **credit,
            "leads": rows(leads, "status", "hold_code", "summary_source", "priority", "missing", "completeness"),
            "submissions": rows(sent, "buyer__slug", "state", "last_error_code"),
            "audit": audited([*about, *more, *subjects]),
        }


def _only(dealers: list[Dealer], *, until: datetime) -> None:
    """These dealers and no others, for as long as the trial lasts."""
    Buyer.objects.filter(active=True).update(active=False)
    Buyer.objects.bulk_create(
        Buyer(
            slug=slug(one.name), name=one.name, endpoint_url="http://127.0.0.1:9/leads", secret="evaluation",  # noqa: S106
            states=one.states, active=one.active, simulated=True, rank=place,
            certified_until=until if one.certified else utc_now() - timedelta(days=1),
        )
        for place, one in enumerate(dealers)
    )  # fmt: skip


def prepare(task: LeadTask) -> tuple[Made, UUID]:
    """The customer with a decided check, and the dealers that there are."""
    now = utc_now()
    made = make(task, task.start, now=now - timedelta(minutes=2))
    _only(task.dealers, until=now + timedelta(days=90))
    check = checks.press_agree(made, locale=task.language, conversation_id=None, now=now)
    checks.decide(check, says=task.checked, now=now)
    for name, off in (("ai", task.ai_off), ("post", task.post_off)):
        if off:
            switches.flip(name=name, scope="all", on=False, reason="drill", actor="system", now=now)
    return made, check


def play(task: LeadTask, scene: tuple[Made, UUID], rng: Random) -> Played:
    """Let it all happen; nothing is posted to anybody."""
    case = _Case(task, scene)
    for happening in task.happens:
        _happen(case, happening)
    told = _told(case)
    visitor = case.made.visitor_id
    return Played(
        state=case.state(),
        told=told,
        violations=[*_broken(case, told), *usage.repeated_calls(visitor=visitor)],
        usage=usage.of(visitor=visitor),
        turns=case.turns,
        transcript=[*task.happens, *told],
    )


def _happen(case: _Case, what: Happening) -> None:
    made, now = case.made, utc_now()
    if what in {"the lead is packaged", "the lead is packaged again"}:
        case.turns += 1
        work.package_check(check_id=str(case.check))
    elif what == "the customer agrees to dealers":
        _agree(case)
    elif what == "the consent is withdrawn":
        _withdraw(case)
    elif what == "the customer opts out of sale":
        visitor_services.opt_out_of_sale(visitor_id=made.visitor_id, via="page", now=now)
    elif what == "what may not go is stopped":
        services.stop_unsent(visitor_id=made.visitor_id, now=now)
    elif lead := case.lead():
        services.request_submission(lead_id=lead.pk, now=now)


def _agree(case: _Case) -> None:
    dealers = case.task.start.dealers
    record_agreement(case.made, kind="dealer_contact", locale=case.task.language, dealers=dealers, now=utc_now())


def _withdraw(case: _Case) -> None:
    visitor = case.made.visitor_id
    visitor_services.withdraw_consent(visitor_id=visitor, kind="dealer_contact", via="page", now=utc_now())


def _told(case: _Case) -> list[str]:
    """What the dealer's salesperson would read."""
    lead = case.lead()
    return [lead.summary, *lead.highlights] if lead else []


def _broken(case: _Case, told: list[str]) -> Iterator[Violation]:
    """What no lead may do, whatever its task says."""
    now, visitor = utc_now(), case.made.visitor_id
    for text in told:
        yield from policy.linted(text, channel="email")
    person = case.made.person
    yield from policy.kept_secret([person.email, person.phone], told)
    for row in Submission.objects.filter(lead__visitor=visitor, state="pending").select_related("buyer"):
        consent = visitors.active_consent(visitor_id=visitor, kind="dealer_contact", now=now)
        if consent is None or row.buyer.slug not in consent.scope.get("buyers", []):
            yield Violation("dealer_without_consent", row.buyer.slug)
        if not visitors.sale_allowed(visitor_id=visitor):
            yield Violation("dealer_after_opt_out", row.buyer.slug)
    if case.task.checked != "offers" and Lead.objects.filter(visitor=visitor).exists():
        yield Violation("lead_without_offer", case.task.checked)


def target(task: LeadTask, scene: tuple[Made, UUID]) -> State:
    """The wanted rows, written without asking what is allowed."""
    case = _Case(task, scene)
    for gold in task.gold:
        _make(case, gold)
    return case.state()


def _make(case: _Case, gold: Gold) -> None:
    if gold.do == "package":
        services.package_lead(check_id=case.check, now=case.now)
    elif gold.do == "agree to dealers":
        _agree(case)
    elif gold.do == "withdraw":
        _withdraw(case)
    elif gold.do == "opt out":
        visitor_services.opt_out_of_sale(visitor_id=case.made.visitor_id, via="page", now=utc_now())
    elif lead := case.lead():
        _of_lead(case, lead, gold)


def _of_lead(case: _Case, lead: Lead, gold: Gold) -> None:
    now = utc_now()
    if gold.do == "summary":
        words = "Looking for a car and glad to hear from a dealer."
        services.enrich(lead_id=lead.pk, summary=words, highlights=[], priority=gold.value, now=now)
    elif gold.do == "hold":
        services.hold(lead, HOLDS[gold.value], now=now)
    elif gold.do == "queue":
        services.queue(lead, _chosen(case, gold.value), now=now, due_at=now)
    else:
        Submission.objects.filter(lead=lead, state="pending").update(state="cancelled", last_error_code=gold.value)


def _chosen(case: _Case, dealer: str) -> Chosen:
    consent = visitors.active_consent(visitor_id=case.made.visitor_id, kind="dealer_contact", now=utc_now())
    if consent is None:
        raise evaluation.TaskFileError(f"task {case.task.id}: a lead is queued without a consent.")
    return eligibility.Chosen(Buyer.objects.get(slug=slug(dealer)), consent)
