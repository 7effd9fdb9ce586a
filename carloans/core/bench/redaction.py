"""How long redaction takes for a chat message.

python manage.py shell -c "from carloans.core.bench.redaction import measure; print(measure())"
"""

from __future__ import annotations

import statistics
import time

from carloans.core.privacy.redaction import find

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


def measure(rounds: int = 200) -> dict[str, float]:
    """Microseconds per message: median, 95th percentile and the dearest message's median; messages per second."""
    for message in MESSAGES:
        find(message)
    taken: dict[str, list[float]] = {message: [] for message in MESSAGES}
    for _ in range(rounds):
        for message in MESSAGES:
            started = time.perf_counter_ns()
            find(message)
            taken[message].append((time.perf_counter_ns() - started) / 1_000)
    every = sorted(micros for times in taken.values() for micros in times)
    return {
        "median_us": round(statistics.median(every), 1),
        "p95_us": round(every[int(0.95 * len(every))], 1),
        "slowest_message_us": round(max(statistics.median(times) for times in taken.values()), 1),
        "messages_per_s": round(1e6 * len(every) / sum(every)),
    }
