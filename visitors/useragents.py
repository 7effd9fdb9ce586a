"""Crawlers that say so. An HTTP library or a headless browser proves nothing: partners and test rigs use them."""

from __future__ import annotations

import re

_CRAWLER = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|scraper|facebookexternalhit|embedly|preview|pingdom|uptime|lighthouse|"
    r"mediapartners|feedfetcher|archiver",
    re.IGNORECASE,
)


def is_declared_bot(user_agent: str) -> bool:
    """Whether the caller names itself a crawler, monitor or link preview."""
    return bool(_CRAWLER.search(user_agent))
