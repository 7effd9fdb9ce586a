"""How long redaction takes for a chat message, and how much it finds beside other redactors, in the same run.

python manage.py bench redaction
"""

from __future__ import annotations

import statistics
import time
from typing import Any

from carloans.core.bench.redactors import NOT_INSTALLED, Redactor, redactors
from carloans.core.privacy.redaction import find
from carloans.core.privacy.spans import Span

#: What customers of such a chat write: mostly no personal data, at times several at once.
MESSAGES = (
    "hi, is anyone there?",
    "I have a 2018 Honda Civic with 64,500 miles and want to know what I'd pay for a 2022 CR-V",
    "does this hurt my credit? my score is around 610",
    "sure, my number is 512-555-0188, call after 5 pm",
    "you can email me at jane.doe92@gmail.com or text (737) 555-0199",
    "I make 4,200 a month and can put $1,500 down, what happens next?",
    "ok ok. my social is 412-55-9876 and I was born on 03/04/1988 if you need that",
    "no gracias, prefiero hablar con una persona mañana a las 10",
    "vivo en 4520 Guadalupe St, Austin, TX 78751",
    "it's five one two, five five five, oh one eight eight",
    "I started the form last night and stopped at the employer question because I changed jobs two months ago",
    "thanks, that helps a lot!",
)
#: One text in so many of the generated corpus; the texts written by hand are all taken.
_EVERY = 8


def measure(rounds: int = 200) -> dict[str, Any]:
    """Microseconds per message (median, 95th percentile, the dearest message's median; the median of texts full of
    personal data and of their like), and us beside the others."""
    for message in MESSAGES:
        find(message)
    taken: dict[str, list[float]] = {message: [] for message in MESSAGES}
    for _ in range(rounds):
        for message in MESSAGES:
            taken[message].append(_micros(find, message))
    every = sorted(micros for times in taken.values() for micros in times)
    personal, clean = _texts(_EVERY)
    return {
        "median_us": round(statistics.median(every), 1),
        "p95_us": round(every[int(0.95 * len(every))], 1),
        "slowest_message_us": round(max(statistics.median(times) for times in taken.values()), 1),
        "corpus_median_us": _median([*(text.text for text in personal), *clean]),
        "messages_per_s": round(1e6 * len(every) / sum(every)),
        "beside": beside(),
    }


def beside(every: int = _EVERY) -> dict[str, Any]:
    """Recall per type, texts that leak, texts flagged for nothing and median time of each redactor, and their ratios to
    ours (above 1: the other one has more of it, or takes longer)."""
    personal, clean = _texts(every)
    figures: dict[str, Any] = {"texts": {"personal": len(personal), "clean": len(clean)}}
    for name, redactor in redactors().items():
        figures[name] = NOT_INSTALLED if redactor is None else _figures(redactor, personal, clean)
    ours = figures["carloans"]
    others = {name: of for name, of in figures.items() if isinstance(of, dict) and "recall" in of and of is not ours}
    return figures | {"ratio": {name: _ratio(of, ours) for name, of in others.items()}}


def _texts(every: int) -> tuple[list[Any], list[str]]:
    """Ours: generated from public formats, and written by hand; half of them hold nothing personal."""
    from carloans.core.tests.privacy import corpus, fresh

    personal = [fresh.Fresh(c.text, (Span(c.type, c.start, c.end),)) for c in corpus.positives()[::every]]
    clean = corpus.negatives()[::every]
    for name in ("fresh_one", "fresh_two", "fresh_three"):
        personal += fresh.read(f"{name}_personal")
        clean += [text.text for text in fresh.read(f"{name}_clean")]
    return personal, clean


def _figures(redactor: Redactor, personal: list[Any], clean: list[str]) -> dict[str, Any]:
    from carloans.core.tests.privacy import fresh

    critical = [text for text in personal if any(gold.type in fresh.CRITICAL for gold in text.gold)]
    recall = fresh.recall(personal, redactor)
    return {
        "recall": {kind: round(share, 3) for kind, share in sorted(recall.items())},
        "critical_texts_leaking": round(len(fresh.leaks(critical, redactor)) / len(critical), 3),
        "clean_texts_flagged": round(sum(_flags(redactor, text) for text in clean) / len(clean), 3),
        "median_us": round(statistics.median(_micros(redactor, message) for message in MESSAGES * 5), 1),
    }


def _median(texts: list[str]) -> float:
    return round(statistics.median(min(_micros(find, text) for _ in range(3)) for text in texts), 1)


def _flags(redactor: Redactor, text: str) -> bool:
    """Dates are left out: for others any date is a find, and only ours tells birthdays apart."""
    return any(span.type != "DOB" for span in redactor(text))


def _micros(redactor: Any, message: str) -> float:
    started = time.perf_counter_ns()
    redactor(message)
    return (time.perf_counter_ns() - started) / 1_000


def _ratio(other: dict[str, Any], ours: dict[str, Any]) -> dict[str, Any]:
    recall = {kind: _over(other["recall"][kind], share) for kind, share in ours["recall"].items()}
    rest = {key: _over(other[key], ours[key]) for key in other if key != "recall"}
    return {"recall": recall} | rest


def _over(other: float, ours: float) -> float | None:
    return round(other / ours, 2) if ours else None
