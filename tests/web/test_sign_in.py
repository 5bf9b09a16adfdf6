"""Signing in and out through the pages, as a browser does."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest

from web import AccountStore
from web.access import local_path
from web.tries import FREE_TRIES

from .conftest import PASSWORD, Client, form_token_in, sign_in


async def post_sign_in(client: Client, **fields: str) -> tuple[int, str]:
    page = await (await client.get("/sign-in")).text()
    answer = await client.post("/sign-in", data={"form_token": form_token_in(page)} | fields, allow_redirects=False)
    return answer.status, await answer.text()


async def test_a_page_asks_to_sign_in_first_and_comes_back_to_where_it_was(client: Client, store: AccountStore) -> None:
    answer = await client.get("/?page=2", allow_redirects=False)
    assert answer.status == 303
    assert answer.headers["Location"] == "/sign-in?next=/%3Fpage%3D2"
    page = await (await client.get(answer.headers["Location"])).text()
    data = {"username": "olu", "password": PASSWORD, "next": "/?page=2", "form_token": form_token_in(page)}
    answer = await client.post("/sign-in", data=data, allow_redirects=False)
    assert answer.headers["Location"] == "/?page=2"
    assert "Officers" in await (await client.get("/?page=2")).text()


async def test_a_wrong_password_keeps_the_name_and_never_shows_the_password(
    client: Client, store: AccountStore
) -> None:
    status, page = await post_sign_in(client, username='olu"><b>', password="guessed words")
    assert status == 400
    assert "Your username or password is not right" in page
    assert 'value="olu&#34;&gt;&lt;b&gt;"' in page
    assert "guessed words" not in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"username": "", "password": "x"}, "Enter your username."),
        ({"username": "x", "password": ""}, "Enter your password."),
    ],
)
async def test_an_empty_field_is_named(client: Client, fields: dict[str, str], said: str) -> None:
    status, page = await post_sign_in(client, **fields)
    assert status == 400
    assert said in page


async def test_too_many_tries_are_answered_with_how_long_to_wait(client: Client, store: AccountStore) -> None:
    for _ in range(FREE_TRIES):
        assert (await post_sign_in(client, username="olu", password="wrong"))[0] == 400
    status, page = await post_sign_in(client, username="olu", password=PASSWORD)
    assert status == 429
    assert "seconds, then try again" in page


async def test_the_session_cookie_is_closed_to_scripts_and_says_nothing(client: Client, store: AccountStore) -> None:
    page = await (await client.get("/sign-in")).text()
    data = {"username": "olu", "password": PASSWORD, "form_token": form_token_in(page)}
    answer = await client.post("/sign-in", data=data, allow_redirects=False)
    cookie: SimpleCookie = SimpleCookie(answer.headers["Set-Cookie"])
    morsel = cookie["desk_session"]
    assert morsel["httponly"]
    assert morsel["samesite"] == "Lax"
    assert morsel["path"] == "/"
    assert not morsel["max-age"]
    assert "olu" not in morsel.value


async def test_the_session_is_a_new_one_at_each_sign_in(client: Client, store: AccountStore) -> None:
    await sign_in(client)
    first = client.session.cookie_jar.filter_cookies(client.make_url("/"))["desk_session"].value
    page = await (await client.get("/account/password")).text()
    data = {"username": "mo", "password": PASSWORD, "form_token": form_token_in(page)}
    assert (await client.post("/sign-in", data=data, allow_redirects=False)).status == 303
    second = client.session.cookie_jar.filter_cookies(client.make_url("/"))["desk_session"].value
    assert first != second
    client.session.cookie_jar.clear()
    assert (await client.get("/", headers={"Cookie": f"desk_session={first}"}, allow_redirects=False)).status == 303


async def test_signing_out_ends_the_session_in_the_database_too(client: Client, store: AccountStore) -> None:
    await sign_in(client)
    cookie = client.session.cookie_jar.filter_cookies(client.make_url("/"))["desk_session"].value
    page = await (await client.get("/")).text()
    answer = await client.post("/sign-out", data={"form_token": form_token_in(page)})
    assert "You are signed out" in await answer.text()
    client.session.cookie_jar.clear()
    assert (await client.get("/", headers={"Cookie": f"desk_session={cookie}"}, allow_redirects=False)).status == 303


async def test_a_link_or_a_picture_cannot_sign_anybody_out(client: Client, store: AccountStore) -> None:
    await sign_in(client)
    assert (await client.get("/sign-out")).status == 405
    assert (await client.get("/", allow_redirects=False)).status == 200


async def test_changing_the_password_signs_out_everywhere_else(client: Client, store: AccountStore) -> None:
    await sign_in(client)
    elsewhere = client.session.cookie_jar.filter_cookies(client.make_url("/"))["desk_session"].value
    client.session.cookie_jar.clear()
    await sign_in(client)
    page = await (await client.get("/account/password")).text()
    new = "a brand new phrase"
    data = {"old": PASSWORD, "new": new, "again": new, "form_token": form_token_in(page)}
    answer = await client.post("/account/password", data=data)
    assert "Your password is changed" in await answer.text()
    assert (await client.get("/", allow_redirects=False)).status == 200
    client.session.cookie_jar.clear()
    assert (await client.get("/", headers={"Cookie": f"desk_session={elsewhere}"}, allow_redirects=False)).status == 303
    assert store.verify("olu", new)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"old": "", "new": "a brand new phrase", "again": "a brand new phrase"}, "Enter the password you have now"),
        ({"old": "wrong", "new": "a brand new phrase", "again": "a brand new phrase"}, "is not right"),
        ({"old": PASSWORD, "new": "a brand new phrase", "again": "another"}, "Type the same new password both times"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "must have 12 characters or more"),
    ],
)
async def test_a_password_that_cannot_be_changed_says_why(
    client: Client, store: AccountStore, fields: dict[str, str], said: str
) -> None:
    await sign_in(client)
    page = await (await client.get("/account/password")).text()
    answer = await client.post("/account/password", data=fields | {"form_token": form_token_in(page)})
    assert answer.status == 400
    assert said in await answer.text()


async def test_a_form_sent_after_the_session_ended_gives_the_words_back(client: Client, store: AccountStore) -> None:
    await sign_in(client)
    page = await (await client.get("/")).text()
    cookie = client.session.cookie_jar.filter_cookies(client.make_url("/"))["desk_session"].value
    await client.post("/sign-out", data={"form_token": form_token_in(page)})
    client.session.cookie_jar.clear()
    answer = await client.post(
        "/take",
        data={"words": "a long note that took <ten> minutes to write", "form_token": form_token_in(page)},
        headers={"Cookie": f"desk_session={cookie}"},
    )
    text = await answer.text()
    assert answer.status == 401
    assert "a long note that took &lt;ten&gt; minutes to write" in text
    assert form_token_in(page) not in text


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "/\\evil.example", "https://evil.example/", "evil", "", "/\t/evil.example", "/a\\b", "/\n/x"],
)
async def test_signing_in_never_leads_to_another_site(client: Client, store: AccountStore, elsewhere: str) -> None:
    assert local_path(elsewhere) == ""
    page = await (await client.get("/sign-in", params={"next": elsewhere})).text()
    data = {"username": "olu", "password": PASSWORD, "next": elsewhere, "form_token": form_token_in(page)}
    answer = await client.post("/sign-in", data=data, allow_redirects=False)
    assert answer.headers["Location"] == "/"
