"""`GET /embed.js`."""

from __future__ import annotations

import gzip

from django.test import Client


def test_the_script_is_small_readable_and_may_be_loaded_anywhere(client: Client) -> None:
    answer = client.get("/embed.js")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/javascript")
    assert len(gzip.compress(answer.content)) <= 3072
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert b"\n" in answer.content[:400]


def test_an_unchanged_script_is_not_sent_again(client: Client) -> None:
    tag = client.get("/embed.js")["ETag"]
    assert client.get("/embed.js", headers={"if-none-match": tag}).status_code == 304
