"""One conversation in the inbox: read it, take it, answer, note, tag, give it back, close it. Works without script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from carloans.core.clock import utc_now
from carloans.core.errors import CarLoansError, NotAllowed
from carloans.core.privacy.mask import mask_email, mask_name, mask_phone
from chat import inbox as chat
from chat import services, staff_words
from chat.errors import WordsRefused
from chat.limits import MAX_TEXT
from dashboard import finding, revealing, timeline
from dashboard.views.guards import needs
from dashboard.views.inbox import show_sign_of_life
from visitors import selectors as visitors

#: Lines of the timeline beside a conversation.
BESIDE = 30


@needs("view_room")
@require_GET
def talk(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """The page. Parts for the live line: `talk` (with `after`, the new messages alone), `head`, `side`."""
    now, part = utc_now(), request.GET.get("part", "")
    if part not in _PARTS:
        return _page(request, conversation_id, now)
    context = _basics(request, conversation_id, now)
    context |= _PARTS[part](request, context["line"], now)
    return render(request, f"dashboard/talk_{part}.html", context)


def _page(
    request: HttpRequest, conversation_id: UUID, now: datetime, *, status: int = 200, **more: Any
) -> HttpResponse:
    show_sign_of_life(request, now)
    context = _basics(request, conversation_id, now)
    for part in _PARTS.values():
        context |= part(request, context["line"], now)
    return render(request, "dashboard/inbox_talk.html", context | _editor(request, context) | more, status=status)


def _basics(request: HttpRequest, conversation_id: UUID, now: datetime) -> dict[str, Any]:
    line = chat.line(conversation_id=conversation_id, now=now)
    if line is None:
        raise Http404
    return {
        "line": line,
        "now": now,
        "tab": "inbox",
        "is_mine": line.owner == "human" and line.staff_id == request.user.pk,
        "revealed": revealing.is_revealed(request, "conversation", conversation_id, now=now),
        "outcomes": chat.OUTCOMES,
    }


def _talk(request: HttpRequest, line: chat.InboxLine, now: datetime) -> dict[str, Any]:
    after = request.GET.get("after", "0")
    since = int(after) if after.isascii() and after.isdecimal() and len(after) < 16 else 0
    revealed = revealing.is_revealed(request, "conversation", line.id, now=now)
    return {"talk": chat.talk(conversation_id=line.id, after=since, reveal=revealed)}


def _head(request: HttpRequest, line: chat.InboxLine, now: datetime) -> dict[str, Any]:
    return {"onlookers": chat.onlookers(conversation_id=line.id, now=now, but=_staff_id(request))}


def _side(request: HttpRequest, line: chat.InboxLine, now: datetime) -> dict[str, Any]:
    about = timeline.about_conversation(conversation_id=line.id)
    trail = request.user.has_perm("dashboard.view_audit")
    return {
        "brief": chat.brief(conversation_id=line.id),
        "notes": chat.notes(conversation_id=line.id),
        "customer": _customer(request, line, now),
        "reveal_reasons": revealing.REASONS,
        "own": reverse("dashboard:conversation", args=[line.id]),
        "events": timeline.lines(about, trail=trail)[:BESIDE] if about else [],
    }


def _customer(request: HttpRequest, line: chat.InboxLine, now: datetime) -> dict[str, str]:
    """Name, address and number: masked, unless this person has said why they need to see them."""
    contact = visitors.visitor_contact(visitor_id=line.visitor_id)
    if revealing.is_revealed(request, "conversation", line.id, now=now):
        name = f"{contact.first_name} {contact.last_name}".strip()
        return {"name": name, "email": contact.email, "phone": contact.phone, "company": contact.company_name}
    return {
        "name": mask_name(contact.first_name),
        "email": mask_email(contact.email),
        "phone": mask_phone(contact.phone),
        "company": contact.company_name,
    }


_PARTS: dict[str, Callable[[HttpRequest, chat.InboxLine, datetime], dict[str, Any]]] = {
    "talk": _talk,
    "head": _head,
    "side": _side,
}


def _editor(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the editor offers to the person who has the conversation."""
    if not context["is_mine"]:
        return {}
    names = {"company": context["customer"]["company"], "me": _first_name(request)}
    replies = [
        {**one, "text": staff_words.filled(one["text"], **names)} for one in chat.canned(locale=context["line"].locale)
    ]
    picked = next((one["text"] for one in replies if one["key"] == request.GET.get("canned", "")), "")
    return {"canned": replies, "draft": picked, "client_id": uuid4(), "most": MAX_TEXT}


def _first_name(request: HttpRequest) -> str:
    return chat.short_name(request.user)


@needs("work_conversations")
@require_POST
def check(request: HttpRequest) -> JsonResponse:
    """What a text breaks while it is written: {"violations": [{"rule", "title", "excerpt"}]}. Nothing is kept."""
    text = request.POST.get("text", "")[: MAX_TEXT + 1]
    conversation_id = finding.as_uuid(request.POST.get("conversation", ""))
    before = chat.last_words(conversation_id=conversation_id) if conversation_id else ""
    found = staff_words.judge(text, before=before)
    return JsonResponse({"violations": [_violation(one.rule, one.excerpt) for one in found]})


def _violation(rule: str, excerpt: str) -> dict[str, str]:
    return {"rule": rule, "title": rule.replace("_", " "), "excerpt": excerpt}


@needs("work_conversations")
@require_POST
def act(request: HttpRequest, conversation_id: UUID, act: str) -> HttpResponse:
    """One press on the page of a conversation."""
    if act not in _ACTS:
        raise Http404
    back, now = reverse("dashboard:inbox_talk", args=[conversation_id]), utc_now()
    show_sign_of_life(request, now)
    try:
        landing = _ACTS[act](request, conversation_id, now)
    except WordsRefused as refusal:
        return _refused_words(request, conversation_id, refusal, now)
    except CarLoansError as refusal:
        context = {"message": refusal.message, "back": back}
        return render(request, "dashboard/refused.html", context, status=refusal.status)
    return HttpResponseRedirect(landing or back)


def _refused_words(request: HttpRequest, conversation_id: UUID, refusal: WordsRefused, now: datetime) -> HttpResponse:
    """The page again, with the text as it was typed, what is wrong with it, and for those who may the way past it."""
    return _page(
        request,
        conversation_id,
        now,
        status=refusal.status,
        draft=request.POST.get("text", ""),
        violations=[_violation(one["rule"], one["excerpt"]) for one in refusal.violations],
        overrides=staff_words.OVERRIDES,
    )


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"staff_id": int(request.user.pk or 0), "staff_name": _first_name(request)}


def _staff_id(request: HttpRequest) -> int:
    return int(request.user.pk or 0)


def _claim(request: HttpRequest, conversation_id: UUID, now: datetime) -> None:
    services.claim(conversation_id=conversation_id, now=now, **_who(request))


def _take_over(request: HttpRequest, conversation_id: UUID, now: datetime) -> None:
    _may_override(request)
    services.take_over(conversation_id=conversation_id, now=now, **_who(request))


def _may_override(request: HttpRequest) -> None:
    if not request.user.has_perm("dashboard.override_replies"):
        raise NotAllowed(_("Your role may not do this: ask a manager."), code="no_right")


def _reply(request: HttpRequest, conversation_id: UUID, now: datetime) -> None:
    override = request.POST.get("override", "")
    if override:
        _may_override(request)
    services.staff_reply(
        conversation_id=conversation_id,
        staff_id=_staff_id(request),
        client_id=finding.as_uuid(request.POST.get("client_id", "")) or uuid4(),
        text=request.POST.get("text", ""),
        now=now,
        override=override,
    )


def _note(request: HttpRequest, conversation_id: UUID, now: datetime) -> None:
    services.add_note(
        conversation_id=conversation_id, staff_id=_staff_id(request), text=request.POST.get("text", ""), now=now
    )


def _tag(request: HttpRequest, conversation_id: UUID, now: datetime) -> None:
    services.add_tag(
        conversation_id=conversation_id, staff_id=_staff_id(request), name=request.POST.get("name", ""), now=now
    )


def _untag(request: HttpRequest, conversation_id: UUID, now: datetime) -> None:
    services.remove_tag(conversation_id=conversation_id, name=request.POST.get("name", "")[:30], now=now)


def _return(request: HttpRequest, conversation_id: UUID, now: datetime) -> None:
    services.return_to_ai(conversation_id=conversation_id, staff_id=_staff_id(request), now=now)


def _put_back(request: HttpRequest, conversation_id: UUID, now: datetime) -> None:
    services.put_back(conversation_id=conversation_id, staff_id=_staff_id(request), now=now)


def _close(request: HttpRequest, conversation_id: UUID, now: datetime) -> str:
    outcome = request.POST.get("outcome", "")
    services.close_by_staff(conversation_id=conversation_id, staff_id=_staff_id(request), outcome=outcome, now=now)
    return reverse("dashboard:inbox")


def _mail(request: HttpRequest, conversation_id: UUID, now: datetime) -> None:
    services.mail_transcript(conversation_id=conversation_id, staff_id=_staff_id(request), now=now)


_ACTS: dict[str, Callable[[HttpRequest, UUID, datetime], str | None]] = {
    "claim": _claim,
    "take-over": _take_over,
    "reply": _reply,
    "note": _note,
    "tag": _tag,
    "untag": _untag,
    "return": _return,
    "put-back": _put_back,
    "close": _close,
    "mail": _mail,
}
