"""A mail says who writes, where we live and how to stop; and nothing that a person typed can bend it."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from campaigns import rendering, texts

LINK = "https://carloans.example/r/TOKEN"
OUT = "https://carloans.example/u/TOKEN"
PAGE = "https://carloans.example/privacy/TOKEN"


def recipient(locale: str = "en", **changes):
    facts = {
        "locale": locale,
        "company": "Acme Autos",
        "postal_address": "100 Example Street, Austin, TX 78701",
        "link": LINK,
        "unsubscribe_url": OUT,
        "privacy_url": PAGE,
        "first_name": "Jane",
    }
    return rendering.Recipient(**(facts | changes))


def copies(locale: str) -> list[texts.Copy]:
    journey = [texts.fallback_copy(locale=locale, number=number, vehicle={}) for number in (1, 2, 3)]
    return [
        *journey,
        texts.fresh_link_copy(locale=locale),
        texts.privacy_copy(locale=locale),
        texts.transcript_copy(locale=locale),
    ]


EVERY_MAIL = [(locale, place) for locale in texts.LOCALES for place in range(5)]


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def of(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.seen if tag == name]


@pytest.mark.parametrize(("locale", "place"), EVERY_MAIL)
def test_every_mail_carries_what_the_law_asks_for(locale, place):
    mail = rendering.render(copies(locale)[place], recipient(locale))
    label = {"en": "AI assistant of Acme Autos", "es": "asistente de IA de Acme Autos"}[locale]
    for body in (mail.html, mail.text):
        assert "Cathy" in body
        assert label in body
        assert "100 Example Street, Austin, TX 78701" in body
        assert OUT in body
        assert LINK in body
        assert PAGE in body


@pytest.mark.parametrize(("locale", "place"), EVERY_MAIL)
def test_no_placeholder_is_left_and_nothing_is_fetched_from_outside(locale, place):
    mail = rendering.render(copies(locale)[place], recipient(locale))
    tags = Tags(mail.html)
    assert "{first_name}" not in mail.html + mail.text + mail.subject
    assert "{company}" not in mail.html + mail.text + mail.subject
    assert not [tag for tag, _ in tags.seen if tag in {"img", "script", "link", "iframe", "object", "form"}]
    assert {attrs["href"] for attrs in tags.of("a")} == {LINK, OUT, PAGE}
    assert "url(" not in mail.html
    assert "@import" not in mail.html


def test_the_html_names_its_language_and_reads_well_without_eyes():
    tags = Tags(rendering.render(copies("es")[0], recipient("es")).html)
    assert tags.of("html")[0]["lang"] == "es"
    assert all(attrs.get("role") == "presentation" for attrs in tags.of("table"))
    assert tags.of("title")


def test_journey_mails_are_marked_as_advertisement_and_requested_links_are_not():
    assert "Advertisement" in rendering.render(copies("en")[0], recipient()).text
    assert "Publicidad" in rendering.render(copies("es")[0], recipient("es")).text
    assert "Advertisement" not in rendering.render(copies("en")[3], recipient(kind="fresh_link")).text
    for locale, word in (("en", "Advertisement"), ("es", "Publicidad")):
        assert word not in rendering.render(copies(locale)[4], recipient(locale, kind="privacy")).text


@pytest.mark.parametrize(("locale", "time"), [("en", "30 minutes"), ("es", "30 minutos")])
def test_the_mail_that_proves_an_address_says_how_long_its_link_works(locale, time):
    mail = rendering.render(copies(locale)[4], recipient(locale, kind="privacy"))
    assert time in mail.text
    assert "24" not in mail.text


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("Your application is saved, {first_name}", "Your application is saved"),
        ("{first_name}, your application is saved", "Your application is saved"),
        ("Any questions, {first_name}?", "Any questions?"),
        ("Hello {first_name}", "Hello"),
        ("Nothing to fill", "Nothing to fill"),
    ],
)
def test_without_a_name_the_sentence_stays_whole(template, expected):
    assert rendering.personalise(template, recipient(first_name="")) == expected


def test_the_greeting_without_a_name():
    assert rendering.render(copies("en")[0], recipient(first_name=" ")).text.startswith("Hello,\n")


def test_a_name_cannot_add_a_header_markup_or_another_placeholder():
    name = 'Ja<b onload="x">ne\r\nBcc: all@example.com\u202e{company}'
    mail = rendering.render(copies("en")[0], recipient(first_name=name))
    assert "\n" not in mail.subject
    assert "\r" not in mail.subject
    assert "\u202e" not in mail.subject
    assert "<b onload" not in mail.html
    assert "{company}" in mail.text
    assert "Acme Autos{" not in mail.text


@pytest.mark.parametrize("name", ["José-María", "Ðặng", "O'Brien", "محمد", "🚗"])
def test_any_name_is_greeted_as_written(name):
    assert f"Hi {name}," in rendering.render(copies("en")[0], recipient(first_name=name)).text


def test_the_sender_carries_the_label_in_the_mails_language():
    assert rendering.sender_name(company="Acme, Inc.", locale="en") == "Cathy, AI assistant of Acme, Inc."
    assert rendering.sender_name(company="Acme", locale="es-MX") == "Cathy, asistente de IA de Acme"


def test_words_of_a_model_are_text_and_never_markup():
    draft = texts.Copy("S", "P", ("<script>alert(1)</script>", "<a href='http://evil.example'>x</a>"), "Go")
    tags = Tags(rendering.render(draft, recipient()).html)
    assert not tags.of("script")
    assert {attrs["href"] for attrs in tags.of("a")} == {LINK, OUT, PAGE}
