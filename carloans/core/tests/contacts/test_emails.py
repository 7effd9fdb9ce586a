"""E-mail addresses as people type and say them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carloans.core.contacts import check_email
from carloans.core.contacts.domains import is_disposable
from carloans.core.contacts.providers import distance

GOOD = [
    ("jane@gmail.com", "jane@gmail.com"),
    (" Jane.Doe@Gmail.com ", "jane.doe@gmail.com"),
    ("jane+tag@x.co", "jane+tag@x.co"),
    ("o'brien@x.ie", "o'brien@x.ie"),
    ("josé@ejemplo.es", "josé@ejemplo.es"),
    ("jane@münchen.de", "jane@münchen.de"),
    ("jane dot doe at gmail dot com", "jane.doe@gmail.com"),
    ("jane[at]gmail[dot]com", "jane@gmail.com"),
    ("jane (at) company (dot) co (dot) uk", "jane@company.co.uk"),
    ("jane guion bajo doe arroba hotmail punto com", "jane_doe@hotmail.com"),
    ("jane_at_gmail_dot_com", "jane@gmail.com"),
    ("jane at gmail.com", "jane@gmail.com"),
    ("my email is jane@gmail.com", "jane@gmail.com"),
    ("it's j a n e at gmail dot com", "jane@gmail.com"),
    ("jane nineteen eighty at gmail dot com", "jane1980@gmail.com"),
    ("jane@gmail.com.", "jane@gmail.com"),
    ("Jane Doe <jane@gmail.com>", "jane@gmail.com"),
    ("mailto:jane@gmail.com", "jane@gmail.com"),
    ("jane＠gmail．com", "jane@gmail.com"),
    ("jane\u200b@gmail.com", "jane@gmail.com"),
    ("jane_at_home@gmail.com", "jane_at_home@gmail.com"),
    ("a-dot-b@x.com", "a-dot-b@x.com"),
    ("info.jane@gmail.com", "info.jane@gmail.com"),
]
BROKEN = """
jane | jane@ | @gmail.com | jane@@gmail.com | jane@gmail | jane doe@gmail.com | jane@gmail..com | .jane@gmail.com
jane.@gmail.com | ja..ne@gmail.com | jane@-x.com | jane@x_y.com | jane@com | jane@[127.0.0.1] | jane@127.0.0.1
jane;doe@x.com | jane(doe)@x.com | "jane"@x.com | jane@gmail.com jane2@gmail.com | jane@exam ple.com
invalid-email-format | #@%^%#$@#$@#.com
"""
RESERVED = "joe@localhost joe@x.test joe@x.invalid joe@x.example joe@x.local joe@foo.internal joe@x.zzqq joe@co.uk"
SLIPS = """
gmail.com: gmial.com gmai.com gmal.com gnail.com gamil.com gmaill.com gmsil.com ggmail.com gmail.co gmail.cm gmail.con
gmail.com: gmail.cmo gmail.comm gmail.vom gmail gmail,com gmailcom gmail.net mgail.com gmail.coom gmail.ocm
hotmail.com: hotmial.com hotmal.com hotmai.com hotmaill.com homtail.com hotnail.com hotmail.con hotmail.co hitmail.com
yahoo.com: yaho.com yahooo.com yhaoo.com yahho.com yahoo.con yahoo.cm ayhoo.com uahoo.com yahoocom yahoo.coom
outlook.com: outlok.com outloo.com outllok.com otulook.com outlook.con outlookl.com outlook.cmo
icloud.com: iclod.com icoud.com iclould.com icloud.co icloud.con icould.com
aol.com: aol.con aoll.com aol.co
comcast.net: comcast.ne comcst.net comcast.nte
sbcglobal.net: sbcgloble.net
protonmail.com: protonmial.com
acme.com: acme.con
acme.org: acme.ogr
mail.com: mail.con
"""
LEGITIMATE = """
gmail.com yahoo.com yahoo.co.uk yahoo.ca yahoo.com.mx hotmail.com hotmail.co.uk hotmail.fr outlook.com outlook.es
live.com live.ca msn.com aol.com aol.de icloud.com me.com mac.com comcast.net comcast.com verizon.net att.net
sbcglobal.net cox.net charter.net protonmail.com proton.me pm.me gmx.com gmx.de mail.com email.com ymail.com
rocketmail.com zoho.com hey.com fastmail.com duck.com mail.ru qq.com web.de ucla.edu mit.edu army.mil irs.gov
walmart.com google.com apple.com ford.com chase.com ups.com att.com frontier.com juno.com rr.com mailbox.org
tutanota.com usa.com engineer.com cloud.com hotels.com look.com olive.com aon.com all.com msu.edu mns.org bol.com
fox.com box.com gmat.com icloud.net rogers.com bell.net shaw.ca prodigy.net.mx carmax.com cars.com
privaterelay.appleid.com mozmail.com anonaddy.com acmedisposal.com temple.edu tempe.gov minutemaid.com
"""
DISPOSABLE = """
mailinator.com guerrillamail.com 10minutemail.com yopmail.com tempmail.com temp-mail.org trashmail.com sharklasers.com
getnada.com maildrop.cc throwawaymail.com dispostable.com fakeinbox.com x.mailinator.com a.b.yopmail.com grr.la
my-temp-mail.zone burnermail.io 20minutemail.it
"""
ROLES = "info admin support sales noreply no-reply postmaster webmaster contact help hr billing SALES support+x"


@pytest.mark.parametrize(("text", "normalized"), GOOD)
def test_reads_good_addresses(text, normalized):
    found = check_email(text)
    assert (found.valid, found.normalized, found.reason) == (True, normalized, None)


@pytest.mark.parametrize("text", [part.strip() for line in BROKEN.strip().splitlines() for part in line.split(" | ")])
def test_refuses_what_is_no_address(text):
    found = check_email(text)
    assert (found.valid, found.normalized, found.reason) == (False, "", "syntax")


def test_an_address_of_65_characters_before_the_at_is_none():
    assert check_email("a" * 65 + "@x.com").reason == "syntax"


def test_nothing_is_empty():
    assert check_email("  ").reason == "empty"


@pytest.mark.parametrize("text", RESERVED.split())
def test_refuses_domains_where_nothing_can_arrive(text):
    assert check_email(text).reason == "undeliverable_domain"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [(typed, line.split(": ")[0]) for line in SLIPS.strip().splitlines() for typed in line.split(": ")[1].split()],
)
def test_suggests_what_was_meant(typed, meant):
    assert check_email(f"jane@{typed}").suggestion == f"jane@{meant}"


@pytest.mark.parametrize("domain", LEGITIMATE.split())
def test_neither_refuses_nor_corrects_a_legitimate_domain(domain):
    found = check_email(f"jane.doe@{domain}")
    assert (found.valid, found.suggestion) == (True, "")


@pytest.mark.parametrize("domain", DISPOSABLE.split())
def test_refuses_throw_away_mailboxes(domain):
    assert check_email(f"jane@{domain}").reason == "disposable"


@pytest.mark.parametrize("mailbox", ROLES.split())
def test_refuses_an_office_mailbox(mailbox):
    assert check_email(f"{mailbox}@acme.com").reason == "role"


def test_a_slip_that_takes_mail_stays_valid():
    found = check_email("jane@yhaoo.com")
    assert (found.valid, found.normalized, found.suggestion) == (True, "jane@yhaoo.com", "jane@yahoo.com")


def test_a_subdomain_of_an_allowed_domain_is_allowed():
    assert not is_disposable("mail.duck.com")


@pytest.mark.parametrize(
    ("first", "second", "slips"),
    [("gmail", "gmail", 0), ("gmial", "gmail", 1), ("gmal", "gmail", 1), ("gmxyl", "gmail", 2), ("", "abc", 3)],
)
def test_distance_counts_slips(first, second, slips):
    assert distance(first, second) == distance(second, first) == slips


@given(text=st.text(max_size=120))
@settings(max_examples=300, deadline=None)
@pytest.mark.slow
def test_never_raises(text):
    found = check_email(text)
    assert found.valid == bool(found.normalized) == (found.reason is None)


@given(text=st.emails())
@settings(max_examples=150, deadline=None)
def test_a_valid_address_is_stable(text):
    found = check_email(text)
    if found.valid:
        assert check_email(found.normalized).normalized == found.normalized
