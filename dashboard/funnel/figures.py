"""The funnel of a simulation, counted from rows, beside what the operations room shows and what people really did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.funnel.rows import rows
from dashboard.funnel.town import Town
from visitors import selectors as visitors


@dataclass(frozen=True)
class Funnel:
    """`steps` are groups of (words, count); `room` is the operations room's own count of the same."""

    steps: dict[str, dict[str, int]]
    room: dict[str, int]
    lived: dict[str, int]

    def contradictions(self) -> list[str]:
        """What does not add up; empty when everything does."""
        return [*self._rising(), *self._sums(), *self._disagreements()]

    def _rising(self) -> Iterator[str]:
        """A later step that more people reached than the one before it."""
        form, credit, leads = self.steps["form"], self.steps["credit"], self.steps["leads"]
        chain = [form["visitors"], form["started"], form["saved"], form["left"]]
        chains = {"form": chain, "leads": [credit["prequalified"], leads["leads"], leads["accepted"]]}
        for name, counts in chains.items():
            if counts != sorted(counts, reverse=True):
                yield f"{name}: {counts} rises"

    def _sums(self) -> Iterator[str]:
        """Parts that are more or less than their whole."""
        wholes = {
            "journeys": ("journeys", ("completed", "stopped", "running")),
            "credit": ("checks", ("prequalified", "needs a person", "unavailable", "open")),
            "leads": ("leads", ("accepted", "rejected", "waiting", "failed", "under way")),
        }
        for group, (whole, parts) in wholes.items():
            counts = self.steps[group]
            if counts[whole] != sum(counts[part] for part in parts):
                yield f"{group}: the parts of {counts} do not make {whole}"

    def _disagreements(self) -> Iterator[str]:
        """Rows that tell another story than the people, or than the operations room."""
        form = self.steps["form"]
        for name, count in self.lived.items():
            if form[name] != count:
                yield f"{name}: {form[name]} rows, {count} people"
        for name, count in self.room.items():
            if name in form and form[name] != count:
                yield f"{name}: {form[name]} rows, the operations room says {count}"


def funnel_of(town: Town) -> Funnel:
    """Count it."""
    room = visitors.funnel(since=town.started, now=town.until)
    shown = {name: room[name] for name in ("visitors", "started", "saved", "submitted")}
    steps = {
        "form": _form(),
        "journeys": _journeys(),
        "mails": _mails(town),
        "chat": _chat(),
        "credit": _credit(),
        "leads": _leads(),
    }
    return Funnel(steps, shown, _lived(town))


def _lived(town: Town) -> dict[str, int]:
    """What people did, by their own account."""
    known = [person for person in town.people if person.visitor_id and not person.bot]
    return {
        "saved": sum(person.saved_at is not None for person in known),
        "erased": sum(person.erased_at is not None for person in town.people),
    }


def _form() -> dict[str, int]:
    people = rows("visitors.Visitor").filter(is_bot=False)
    applications = rows("visitors.Application").filter(visitor__is_bot=False)
    agreed = rows("visitors.Consent").filter(kind="marketing_email", visitor__is_bot=False)
    return {
        "bots": rows("visitors.Visitor").filter(is_bot=True).count(),
        "visitors": people.filter(source="browser").count(),
        "imported": people.filter(source="platform").count(),
        "started": applications.count(),
        "saved": applications.filter(saved_at__isnull=False).count(),
        "agreed to e-mail": agreed.values("visitor").distinct().count(),
        "left": applications.filter(abandonments__gt=0).count(),
        "came back": applications.filter(returned_at__isnull=False).count(),
        "submitted": applications.filter(submitted_at__isnull=False).count(),
        "erased": rows("visitors.Visitor").filter(erased_at__isnull=False).count(),
    }


def _journeys() -> dict[str, int]:
    ids = dict(rows("campaigns.Enrollment").values_list("pk", "state"))
    states = Counter(ids.values())
    reasons = Counter(rows("campaigns.Enrollment").filter(state="stopped").values_list("stop_reason", flat=True))
    return {
        "journeys": len(ids),
        "completed": states["completed"],
        "running": states["active"],
        "stopped": states["stopped"],
        **{f"· {reason}": count for reason, count in sorted(reasons.items())},
    }


def _mails(town: Town) -> dict[str, int]:
    mails = rows("campaigns.Message")
    sent = Counter(mails.filter(sent_at__isnull=False).values_list("step__order", flat=True))
    events = Counter(rows("campaigns.MessageEvent").values_list("type", flat=True))
    return {
        "mails sent": sum(sent.values()),
        **{f"· number {order}": sent[order] for order in (1, 2, 3)},
        "· fresh links": sent[None],
        "delivered": events["delivered"],
        "bounced": mails.filter(failure="bounced").count(),
        "complained": events["complained"],
        "parked": mails.filter(state="parked").count(),
        "links used": rows("visitors.ReturnLink").filter(used_at__isnull=False).count(),
        "opted out": sum(person.opted_out_at is not None for person in town.people),
        "addresses suppressed": rows("campaigns.Suppression").count(),
    }


def _chat() -> dict[str, int]:
    messages = rows("chat.Message")
    return {
        "conversations": rows("chat.Conversation").count(),
        "customers' messages": messages.filter(role="customer").count(),
        "Cathy's messages": messages.filter(role="cathy").count(),
        "sensitive data removed": rows("core.FeedEvent").filter(kind="chat.data_removed").count(),
        "handed to a person": rows("core.FeedEvent").filter(kind="chat.handed_off").count(),
    }


def _credit() -> dict[str, int]:
    outcomes = Counter(rows("credit.CreditCheck").values_list("outcome", flat=True))
    return {
        "instructions": rows("credit.CreditConsent").count(),
        "checks": sum(outcomes.values()),
        "prequalified": outcomes["prequalified"],
        "needs a person": outcomes["needs_person"],
        "unavailable": outcomes["unavailable"],
        "open": outcomes[""],
        "notice duties": rows("credit.NoticeDuty").count(),
    }


def _leads() -> dict[str, int]:
    states = Counter(rows("leads.Lead").values_list("status", flat=True))
    return {
        "leads": sum(states.values()),
        "accepted": states["accepted"],
        "rejected": states["rejected"],
        "waiting": states["waiting_consent"] + states["withheld"],
        "failed": states["failed"],
        "under way": states["packaged"] + states["submitting"],
    }
