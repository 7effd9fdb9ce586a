"""Other redactors, each as a function from a text to spans of our types; only what is installed.

`pip install -r requirements-bench.txt` brings them. Presidio runs its pattern recognisers on an empty spaCy pipeline,
so that no model is downloaded and like is compared with like; names, which need a model, are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

from carloans.core.privacy.redaction import find
from carloans.core.privacy.spans import Span

Redactor = Callable[[str], list[Span]]

NOT_INSTALLED = "not installed: pip install -r requirements-bench.txt"
#: Below this, Presidio itself says that a find is hardly one ("weak" patterns of bare digits score 0.01 to 0.3).
_CONFIDENT = 0.35
_PRESIDIO = {
    "US_SSN": "SSN",
    "US_ITIN": "SSN",
    "CREDIT_CARD": "CREDIT_CARD",
    "EMAIL_ADDRESS": "EMAIL",
    "PHONE_NUMBER": "PHONE",
    "IBAN_CODE": "IBAN",
    "IP_ADDRESS": "IP",
    "US_BANK_NUMBER": "BANK_ACCOUNT",
    "ABA_ROUTING_NUMBER": "ROUTING",
    "US_DRIVER_LICENSE": "DRIVER_LICENSE",
    "DATE_TIME": "DOB",
}
_SCRUBADUB = {
    "social_security_number": "SSN",
    "credit_card": "CREDIT_CARD",
    "email": "EMAIL",
    "phone": "PHONE",
    "address": "STREET_ADDRESS",
    "postalcode": "ZIP",
    "date_of_birth": "DOB",
    "drivers_licence": "DRIVER_LICENSE",
}


def redactors() -> dict[str, Redactor | None]:
    """By name; None for one that is not installed."""
    return {
        "carloans": lambda text: list(find(text)),
        "presidio": _presidio() if find_spec("presidio_analyzer") and find_spec("spacy") else None,
        "scrubadub": _scrubadub() if find_spec("scrubadub") else None,
    }


def _presidio() -> Redactor:
    import tldextract
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry

    # Its own list of suffixes instead of one from the network.
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    registry.remove_recognizer("SpacyRecognizer")
    engine = AnalyzerEngine(registry=registry, nlp_engine=_empty_pipeline(), supported_languages=["en"])
    return lambda text: list(_read_presidio(engine.analyze(text, language="en", score_threshold=_CONFIDENT)))


def _empty_pipeline() -> Any:
    import spacy
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    engine = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": "blank"}])
    engine.nlp = {"en": spacy.blank("en")}
    return engine


def _read_presidio(results: list[Any]) -> Iterator[Span]:
    for result in results:
        if result.entity_type in _PRESIDIO:
            yield Span(_PRESIDIO[result.entity_type], result.start, result.end)


def _scrubadub() -> Redactor:
    import scrubadub
    from scrubadub.detectors.date_of_birth import DateOfBirthDetector

    scrubber = scrubadub.Scrubber(locale="en_US")
    scrubber.add_detector(DateOfBirthDetector)
    return lambda text: list(_read_scrubadub(scrubber.iter_filth(text)))


def _read_scrubadub(found: Any) -> Iterator[Span]:
    for filth in found:
        for part in getattr(filth, "filths", None) or [filth]:
            if part.type in _SCRUBADUB:
                yield Span(_SCRUBADUB[part.type], part.beg, part.end)
