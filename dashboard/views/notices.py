"""Notices that are owed to applicants: the list, one duty, and what staff does with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from carloans.core import audit, outbox
from carloans.core.clock import utc_now
from carloans.core.errors import BadInput, CarLoansError, NotFound
from credit import assigning, duties, notice_mail, notice_text, notices
from dashboard.views.guards import needs
from dashboard.views.lists import PAGE, Words, chips, listing, offset_of, pages

#: A scan of a letter is hashed and not kept; larger ones are refused.
DOCUMENT_MAX: Final = 10 * 1024 * 1024
_FILTERS: dict[str, Words] = {
    "": _("open"),
    "overdue": _("overdue"),
    "unowned": _("nobody owns it"),
    "settled": _("settled"),
}


@needs("view_room")
@require_GET
def notice_list(request: HttpRequest) -> HttpResponse:
    """Duties with their clocks, the most urgent first; `?part=rows` renders the table alone."""
    now, show = utc_now(), request.GET.get("show", "")
    chosen, offset = (show if show in _FILTERS else "") or "open", offset_of(request)
    context = {
        "rows": duties.duty_list(now=now, show=chosen, limit=PAGE, offset=offset),
        "counts": duties.duty_counts(now=now),
        "show": "" if chosen == "open" else chosen,
        "chips": chips("show", "" if chosen == "open" else chosen, _FILTERS.items()),
        **pages(offset, duties.duty_total(now=now, show=chosen)),
    }
    return listing(request, "dashboard/notices.html", "dashboard/notice_rows.html", "notices", context)


@needs("view_room")
@require_GET
def notice(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    """One duty: its clock and basis, what was done, and the forms for those who may settle."""
    now = utc_now()
    duty = duties.duty_detail(duty_id=duty_id, now=now)
    if duty is None:
        raise Http404
    return render(
        request,
        "dashboard/notice.html",
        {
            "duty": duty,
            "tab": "notices",
            "today": now.date(),
            "trail": audit.about(f"notice_duty:{duty_id}"),
            **(_forms(duty, now) if request.user.has_perm(assigning.PERMISSION) else {}),
        },
    )


def _forms(duty: dict[str, Any], now: datetime) -> dict[str, Any]:
    kind = notices.Kind(duty["kind"])
    preview, why_not = _preview(duty["id"], now) if duty["is_open"] else (None, "")
    return {
        "may_settle": True,
        "staff": assigning.candidates(),
        "methods": [(one.value, one.label) for one in notices.BY_HAND],
        "sayings": [(one, notices.Says(one).label) for one in notices.SAYING[kind]],
        "closings": notices.CLOSING.get(kind, ()),
        "actions": [(one.value, one.label) for one in (notices.Kind.ADVERSE_ACTION, notices.Kind.ACCOUNT_ACTION)],
        "preview": preview,
        "may_send": duty["mail"] is None or duty["mail"]["state"] in (outbox.PARKED, outbox.CANCELLED),
        "why_not": why_not,
    }


def _preview(duty_id: UUID, now: datetime) -> tuple[notice_text.Notice | None, str]:
    """Our notice as it would leave, or why it cannot; neither for a duty that has no such notice."""
    try:
        return notice_mail.preview(duty_id=duty_id, now=now), ""
    except notice_mail.NeedsLetter as refusal:
        return None, refusal.message
    except CarLoansError:
        return None, ""


@needs("settle_notices")
@require_POST
def notice_act(request: HttpRequest, duty_id: UUID, act: str) -> HttpResponse:
    """One press on a duty's page."""
    if act not in _ACTS:
        raise Http404
    back = reverse("dashboard:notice", args=[duty_id])
    try:
        landing = _ACTS[act](request, duty_id, utc_now())
    except NotFound:
        message = _("This duty has ended, or does not exist. Reload its page to see how it stands.")
        return render(request, "dashboard/refused.html", {"message": message, "back": back}, status=404)
    except CarLoansError as refusal:
        return render(
            request, "dashboard/refused.html", {"message": refusal.message, "back": back}, status=refusal.status
        )
    return HttpResponseRedirect(reverse("dashboard:notice", args=[landing or duty_id]))


def _assign(request: HttpRequest, duty_id: UUID, now: datetime) -> None:
    wanted = request.POST.get("owner", "")
    able = {str(user.pk): user.pk for user in assigning.candidates()}
    if wanted not in able:
        raise BadInput("Please choose somebody who may settle notices.", code="unknown_owner")
    notices.assign_duty(duty_id=duty_id, staff_id=able[wanted], now=now, actor=_actor(request))


def _settle(request: HttpRequest, duty_id: UUID, now: datetime) -> None:
    proof = notices.Proof(
        method=request.POST.get("method", ""),
        sent_on=_day(request, "sent_on"),
        text_sha256=_hash_of(request),
        reference=request.POST.get("reference", "").strip(),
    )
    says = request.POST.get("says", "")
    notices.settle_duty(duty_id=duty_id, state="sent", staff_id=_staff(request), now=now, proof=proof, says=says)


def _held(request: HttpRequest, duty_id: UUID, now: datetime) -> None:
    reference = request.POST.get("reference", "").strip()
    proof = notices.Proof(method="held_by_creditor", sent_on=now.date(), text_sha256="", reference=reference)
    notices.settle_duty(duty_id=duty_id, state="held_by_creditor", staff_id=_staff(request), now=now, proof=proof)


def _close(request: HttpRequest, duty_id: UUID, now: datetime) -> None:
    notices.close_duty(duty_id=duty_id, reason=request.POST.get("reason", ""), actor=_actor(request), now=now)


def _send(request: HttpRequest, duty_id: UUID, now: datetime) -> None:
    notice_mail.queue(duty_id=duty_id, staff_id=_staff(request), now=now)


def _reasons(request: HttpRequest, duty_id: UUID, now: datetime) -> UUID:
    asked = _start(_day(request, "asked_on"))
    return notices.ask_reasons(duty_id=duty_id, asked_at=asked, staff_id=_staff(request), now=now).pk


def _adverse(request: HttpRequest, duty_id: UUID, now: datetime) -> UUID:
    kind, taken = request.POST.get("kind", ""), _start(_day(request, "taken_on"))
    return notices.note_action(duty_id=duty_id, kind=kind, taken_at=taken, staff_id=_staff(request), now=now).pk


_ACTS: dict[str, Callable[[HttpRequest, UUID, datetime], UUID | None]] = {
    "assign": _assign,
    "settle": _settle,
    "held": _held,
    "close": _close,
    "send": _send,
    "reasons": _reasons,
    "adverse": _adverse,
}


def _staff(request: HttpRequest) -> int:
    return int(request.user.pk or 0)


def _actor(request: HttpRequest) -> str:
    return f"staff:{request.user.pk}"


def _day(request: HttpRequest, name: str) -> date:
    try:
        return date.fromisoformat(request.POST.get(name, ""))
    except ValueError as error:
        raise BadInput("Please give a day.", code="day_missing") from error


def _start(day: date) -> datetime:
    """A day stands for its first moment: the clock may run a little early and never late."""
    return datetime.combine(day, time.min, tzinfo=UTC)


def _hash_of(request: HttpRequest) -> str:
    """The notice's text as a pasted text, or the file that was sent: hashed here and not kept."""
    document = request.FILES.get("document")
    if document is not None:
        if document.size is None or document.size > DOCUMENT_MAX:
            raise BadInput("The file is too large.", code="document_too_large")
        return sha256(document.read()).hexdigest()
    text = request.POST.get("text", "")
    return notice_text.text_hash(text) if text.strip() else ""
