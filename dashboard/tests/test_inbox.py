"""The staff inbox through its routes: lists, rows, search, and everything that a person does with a conversation."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns import services as mails
from campaigns.models import Message as MailMessage
from carloans.core.clock import utc_now
from carloans.core.models import AuditEntry
from chat import selectors, services, staffing
from chat.models import CannedReply
from chat.tests.factories import make_site, open_conversation, say
from dashboard import roles
from dashboard.tests.rows import SECRETS, story
from visitors import services as visitor_services

pytestmark = pytest.mark.django_db


def browser(name, role="agent"):
    user = get_user_model().objects.create_user(name, first_name=name.title(), is_staff=True)
    roles.assign(user, role)
    client = Client()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def ann(db):
    return browser("ann")


@pytest.fixture
def bob(db):
    return browser("bob")


def queued(now, reason="asked"):
    conversation = open_conversation(now=now).conversation_id
    services.hand_off(conversation_id=conversation, reason=reason, now=now)
    return conversation


def path(conversation, act=""):
    return f"/ops/inbox/{conversation}/" + (f"{act}/" if act else "")


def do(client, conversation, act, **fields):
    return client.post(path(conversation, act), fields)


def shown(client, which):
    return client.get(f"/ops/inbox/?list={which}").content.decode()


def owner(conversation):
    return selectors.snapshot(conversation).owner


# Lists


def test_each_list_shows_its_own_and_says_how_many(ann, bob, now):
    waiting, mine, theirs, cathys, over = (queued(now) for _ in range(5))
    do(ann, mine, "claim")
    do(bob, theirs, "claim")
    services.claim(conversation_id=cathys, staff_id=bob.user.pk, staff_name="Bob", now=now)
    services.return_to_ai(conversation_id=cathys, staff_id=bob.user.pk, now=now)
    services.close(conversation_id=over, now=now)
    for which, one in {"queue": waiting, "mine": mine, "colleagues": theirs, "ai": cathys, "closed": over}.items():
        page = shown(ann, which)
        assert [str(one) in page for one in (waiting, mine, theirs, cathys, over)] == [
            one == other for other in (waiting, mine, theirs, cathys, over)
        ], which
    waits_for_the_customer = shown(ann, "waiting")
    assert str(cathys) in waits_for_the_customer
    assert str(waiting) not in waits_for_the_customer
    assert 'Needs a person <span class="n">1</span>' in waits_for_the_customer


def test_who_has_waited_longest_stands_first_and_too_long_is_said(ann, now):
    late = queued(now - timedelta(minutes=30), reason="complaint")
    soon = queued(now)
    page = shown(ann, "queue")
    assert page.index(str(late)) < page.index(str(soon))
    assert page.count("too long") == 1
    assert "Has a complaint." in page


def test_pages_follow_each_other_without_a_gap(ann, now, monkeypatch):
    monkeypatch.setattr("dashboard.views.inbox.PAGE", 2)
    made = [str(queued(now + timedelta(seconds=number % 2))) for number in range(5)]
    seen, address = [], "/ops/inbox/?list=queue"
    while address:
        page = ann.get(address)
        seen += [str(row.id) for row in page.context["rows"]]
        address = f"/ops/inbox/?{page.context['next']}" if page.context["next"] else ""
    assert sorted(seen) == sorted(made)
    assert len(seen) == 5


@pytest.mark.parametrize("query", ["list=nonsense", "after=x", "after=2026-01-01|x", "list=%00", "after=|"])
def test_nonsense_in_the_address_breaks_nothing(ann, query):
    assert ann.get(f"/ops/inbox/?{query}").status_code == 200


def test_the_news_of_a_list_are_the_rows_that_belong_into_it(ann, now):
    one, other = queued(now), queued(now)
    do(ann, other, "claim")
    news = ann.get(f"/ops/inbox/rows/?list=queue&ids={one},{other},nonsense").content.decode()
    assert f'data-id="{one}"' in news
    assert f'data-id="{other}"' not in news
    assert "<html" not in news
    assert 'Mine <span class="n">1</span>' in news


@pytest.mark.slow
def test_no_page_of_the_inbox_asks_more_for_thirty_than_for_one(ann, now):
    def asked(address):
        with CaptureQueriesContext(connection) as queries:
            assert ann.get(address).status_code == 200
        return len(queries)

    one = queued(now)
    services.add_tag(conversation_id=one, staff_id=ann.user.pk, name="callback", now=now)
    pages = ["/ops/inbox/?list=queue", f"/ops/inbox/rows/?list=queue&ids={one}", path(one), f"{path(one)}?part=side"]
    [asked(address) for address in pages]
    few = [asked(address) for address in pages]
    for number in range(29):
        extra = queued(now)
        services.add_tag(conversation_id=extra, staff_id=ann.user.pk, name="callback", now=now)
        services.add_note(conversation_id=one, staff_id=ann.user.pk, text=f"note {number}", now=now)
        pages[1] += f",{extra}"
    assert [asked(address) for address in pages] == few
    assert few[0] <= 14
    assert few[1] <= 12
    assert few[2] <= 40


# Search


def find(client, text):
    return client.post("/ops/inbox/search/", {"q": text}).content.decode()


def test_a_conversation_is_found_by_its_id_its_beginning_and_its_tag(ann, now):
    one, other = queued(now), queued(now)
    do(ann, one, "tag", name="Trade In")
    for text in (str(one), str(one)[:8], "trade-in", "#trade-in"):
        page = find(ann, text)
        assert str(one) in page, text
        assert str(other) not in page


def test_a_customer_is_found_by_address_or_number_and_the_trail_says_only_by_what(ann, now):
    opened = open_conversation(now=now)
    visitor_services.upsert_contact(
        visitor_id=opened.visitor_id, phone="(512) 867-5309", email="zed.finder@gmail.com", now=now
    )
    other = queued(now)
    for text in ("zed.finder@gmail.com", "512-867-5309", "(512) 867 5309"):
        page = find(ann, text)
        assert str(opened.conversation_id) in page, text
        assert str(other) not in page
        assert text not in page
    assert "Nothing matches" in find(ann, "nobody at all!")
    facts = list(AuditEntry.objects.filter(action="conversation.searched").values_list("facts", flat=True))
    assert facts[0] == {"by": "contact", "found": 1}


# One conversation


def test_a_claim_a_reply_and_the_way_back(ann, now):
    conversation = queued(now)
    assert 'id="editor"' not in ann.get(path(conversation)).content.decode()
    answer = do(ann, conversation, "claim")
    assert (answer.status_code, answer["Location"]) == (302, path(conversation))
    assert owner(conversation) == "human"
    assert do(ann, conversation, "reply", text="Hello, Ann here.", client_id=uuid4()).status_code == 302
    assert "Hello, Ann here." in ann.get(path(conversation)).content.decode()
    do(ann, conversation, "return")
    assert owner(conversation) == "ai"


def test_pressing_send_twice_sends_once(ann, now):
    conversation, same = queued(now), uuid4()
    do(ann, conversation, "claim")
    do(ann, conversation, "reply", text="Hello.", client_id=same)
    do(ann, conversation, "reply", text="Hello.", client_id=same)
    said = [view.text for view in selectors.news(conversation, after=0)[1] if view.role == "staff"]
    assert said == ["Hello."]


def test_who_comes_second_is_told_who_has_it(ann, bob, now):
    conversation = queued(now)
    do(ann, conversation, "claim")
    answer = do(bob, conversation, "claim")
    assert answer.status_code == 409
    assert "Ann has this conversation." in answer.content.decode()
    assert do(bob, conversation, "reply", text="Hello").status_code == 409


def test_a_reply_that_breaks_a_rule_comes_back_with_the_rule_and_the_text(ann, now):
    conversation = queued(now)
    do(ann, conversation, "claim")
    text = "Relax, you are guaranteed to be approved."
    answer = do(ann, conversation, "reply", text=text)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "guaranteed approval" in page
    assert text in page
    assert 'name="override"' not in page
    assert do(ann, conversation, "reply", text=text, override="false_alarm").status_code == 403
    assert not [view for view in selectors.news(conversation, after=0)[1] if view.role == "staff"]


def test_a_manager_takes_it_over_and_sends_it_for_a_reason(ann, now):
    conversation, boss = queued(now), browser("meg", "manager")
    do(ann, conversation, "claim")
    assert do(ann, conversation, "take-over").status_code == 403
    assert do(boss, conversation, "take-over").status_code == 302
    text = "Relax, you are guaranteed to be approved."
    assert 'name="override"' in do(boss, conversation, "reply", text=text).content.decode()
    assert do(boss, conversation, "reply", text=text, override="legal_wording").status_code == 302
    entry = AuditEntry.objects.get(action="conversation.rule_overridden")
    assert entry.actor == f"staff:{boss.user.pk}"
    assert entry.facts["override"] == "legal_wording"


def test_the_linter_answers_while_somebody_writes(ann, now):
    text = "You are guaranteed to be approved."
    found = ann.post("/ops/inbox/check/", {"text": text, "conversation": str(queued(now))}).json()["violations"]
    assert found == [{"rule": "guaranteed_approval", "title": "guaranteed approval", "excerpt": text}]
    assert ann.post("/ops/inbox/check/", {"text": "I am a real person."}).json() == {"violations": []}


def test_notes_tags_and_the_end(ann, now):
    conversation = queued(now)
    do(ann, conversation, "claim")
    do(ann, conversation, "note", text="Ring back 512-867-5309")
    do(ann, conversation, "tag", name="callback")
    page = ann.get(path(conversation)).content.decode()
    assert "Ring back [PHONE_1]" in page
    assert "Remove the tag callback" in page
    do(ann, conversation, "untag", name="callback")
    assert "Remove the tag callback" not in ann.get(path(conversation)).content.decode()
    assert do(ann, conversation, "close", outcome="").status_code == 400
    assert do(ann, conversation, "close", outcome="solved")["Location"] == "/ops/inbox/"
    assert owner(conversation) == "closed"


def test_what_was_known_at_the_hand_off_stands_beside_it(ann, now):
    opened = open_conversation(now=now)
    say(opened.conversation_id, "I want a person", now=now)
    services.hand_off(conversation_id=opened.conversation_id, reason="asked", now=now)
    page = ann.get(path(opened.conversation_id)).content.decode()
    assert "Asked for a person. No application. No contact data on file." in page
    assert "<blockquote>I want a person</blockquote>" in page


def test_a_viewer_reads_and_presses_nothing(now):
    conversation, viewer = queued(now), browser("vic", "viewer")
    page = viewer.get(path(conversation)).content.decode()
    assert "<button" in page  # sign out
    assert path(conversation, "claim") not in page
    for act in ("claim", "reply", "note", "close"):
        assert do(viewer, conversation, act, text="x").status_code == 403
    assert owner(conversation) == "queue"


def test_what_does_not_exist_is_not_found(ann, now):
    assert ann.get(path(uuid4())).status_code == 404
    assert do(ann, uuid4(), "claim").status_code == 404
    assert do(ann, queued(now), "dance").status_code == 404


def test_a_new_message_is_fetched_alone(ann, now):
    conversation = queued(now)
    say(conversation, "Are you there?", now=now)
    part = ann.get(f"{path(conversation)}?part=talk&after=2").content.decode()
    assert "Are you there?" in part
    assert 'data-seq="1"' not in part
    assert "<html" not in part


def test_ready_made_replies_are_put_in_without_script(ann, now):
    CannedReply.objects.create(
        key="hours", title="Hours", text_en="I am {me} of {company}.", text_es="Soy {me} de {company}."
    )
    conversation = queued(now)
    do(ann, conversation, "claim")
    page = ann.get(f"{path(conversation)}?canned=hours").content.decode()
    assert "I am Ann of Car Loans.</textarea>" in page


# Contact data


def test_a_conversation_is_revealed_for_a_reason_and_to_nobody_else(ann, bob, now):
    told = story(now)
    visitor_services.upsert_contact(
        visitor_id=selectors.snapshot(told.conversation).visitor_id, first_name="Archer", now=now
    )
    page = ann.get(path(told.conversation)).content.decode()
    assert "[PHONE_1]" in page
    assert not [secret for secret in SECRETS if secret in page]
    answer = ann.post(f"/ops/reveal/conversation/{told.conversation}/", {"reason": "customer asked"})
    assert answer["Location"] == path(told.conversation)
    revealed = ann.get(path(told.conversation)).content.decode()
    assert "555-123-4567" in revealed
    assert "Archer" in revealed
    assert "555-123-4567" not in bob.get(path(told.conversation)).content.decode()
    entry = AuditEntry.objects.get(action="pii.revealed")
    assert (entry.actor, entry.facts) == (f"staff:{ann.user.pk}", {"reason": "customer asked"})


def test_paper_has_times_and_names_and_no_notes(ann, now):
    conversation = queued(now)
    do(ann, conversation, "claim")
    do(ann, conversation, "reply", text="Hello there.")
    do(ann, conversation, "note", text="secret of the team")
    page = ann.get(path(conversation, "print")).content.decode()
    assert "Ann (Car Loans)" in page
    assert "Cathy, AI assistant" in page
    assert " UTC</time>" in page
    assert "secret of the team" not in page
    assert AuditEntry.objects.filter(action="conversation.printed", facts={"revealed": False}).exists()


# One's own desk


def test_whoever_pauses_is_not_counted_on(ann, now):
    make_site()
    ann.get("/ops/inbox/")
    assert staffing.somebody_is_here(now=now)
    ann.post("/ops/inbox/desk/", {"takes": "no"})
    assert not staffing.somebody_is_here(now=now)
    assert "You take no conversations." in ann.get("/ops/inbox/").content.decode()
    ann.post("/ops/inbox/desk/", {"takes": "yes"})
    assert staffing.somebody_is_here(now=now)


# A copy for the customer


def mailed(client, conversation):
    answer = do(client, conversation, "mail")
    return answer.status_code, answer.content.decode()


def customer_with_mail(now):
    opened = open_conversation(now=now)
    visitor_services.upsert_contact(visitor_id=opened.visitor_id, email="zed.copy@gmail.com", now=now)
    say(opened.conversation_id, "Call 512-867-5309 {first_name}", now=now)
    return opened.conversation_id


def test_a_copy_goes_to_the_customer_once_without_contact_data_and_notes(ann, now, provider):
    conversation = customer_with_mail(now)
    do(ann, conversation, "note", text="secret of the team")
    assert mailed(ann, conversation)[0] == 302
    assert mailed(ann, conversation)[0] == 409
    [message] = MailMessage.objects.filter(kind="transcript")
    assert mails.deliver(message=message, now=utc_now()) == "done"
    [letter] = provider.posts
    assert "zed.copy@gmail.com" in letter["to"]
    assert "You (" in letter["text"]
    assert "Call (left out) (first_name)" in letter["text"]
    assert "5309" not in letter["text"]
    assert "secret" not in letter["text"]
    assert AuditEntry.objects.filter(action="conversation.mailed", actor=f"staff:{ann.user.pk}").count() == 1


@pytest.mark.parametrize("why", ["no address", "suppressed", "changed meanwhile"])
def test_a_copy_is_not_sent_where_mail_must_not_go(ann, now, why):
    conversation = open_conversation(now=now).conversation_id if why == "no address" else customer_with_mail(now)
    visitor = selectors.snapshot(conversation).visitor_id
    if why == "suppressed":
        mails.suppress_visitor(visitor_id=visitor, reason="asked", source="chat", now=now)
    status, page = mailed(ann, conversation)
    if why != "changed meanwhile":
        assert status == 403
        assert {"no address": "no e-mail address", "suppressed": "no more e-mails"}[why] in page
        assert not MailMessage.objects.exists()
        return
    visitor_services.upsert_contact(visitor_id=visitor, email="somebody.else@gmail.com", now=now)
    assert mails.deliver(message=MailMessage.objects.get(), now=utc_now()) == "cancelled"


@pytest.mark.parametrize(
    ("field", "text", "complaint"),
    [
        ("text_en", "You are guaranteed to be approved.", "guaranteed approval"),
        ("text_es", "Su aprobación está garantizada.", "guaranteed approval"),
        ("text_en", "Hello {first_name}.", "Nobody fills in {first_name}"),
    ],
)
def test_a_ready_made_reply_that_breaks_a_rule_is_not_saved(field, text, complaint):
    client = browser("meg", "manager")
    form = {"key": "hi", "title": "Hi", "text_en": "Hello.", "text_es": "Hola.", "active": "on"}
    page = client.post("/admin/chat/cannedreply/add/", form | {field: text})
    assert page.status_code == 200
    assert complaint in page.content.decode()
    assert not CannedReply.objects.exists()
    assert client.post("/admin/chat/cannedreply/add/", form).status_code == 302
    assert AuditEntry.objects.filter(action="cannedreply.added", actor=f"staff:{client.user.pk}").exists()
