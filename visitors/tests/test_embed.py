"""`GET /embed.js`."""

from __future__ import annotations

import gzip

from django.test import Client


def test_the_script_is_small_and_may_be_loaded_anywhere(client: Client) -> None:
    answer = client.get("/embed.js")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/javascript")
    assert len(gzip.compress(answer.content, 9)) <= 6 * 1024
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.content.startswith(b"/*!")


def test_a_browser_gets_it_gzipped(client: Client) -> None:
    plain = client.get("/embed.js")
    zipped = client.get("/embed.js", headers={"accept-encoding": "gzip, br"})
    assert zipped["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in zipped["Vary"]
    assert gzip.decompress(zipped.content) == plain.content
    assert zipped["ETag"] != plain["ETag"]


def test_an_unchanged_script_is_not_sent_again(client: Client) -> None:
    tag = client.get("/embed.js")["ETag"]
    assert client.get("/embed.js", headers={"if-none-match": tag}).status_code == 304
