"""The JSON API: the same door, the same owners, texts in tokens."""

from __future__ import annotations

from typing import Any

import pytest
from openapi_spec_validator import validate

from sealing import new_id, open_engine
from tests.desk.conftest import World
from tests.desk.servers import asks, card, doubt
from web import AccessTokens

NOTE = "Kelly Marsh, 3 months behind w rent"


class Script:
    """A script with an access token."""

    def __init__(self, world: World, role: str = "officer") -> None:
        token = AccessTokens(open_engine(world.settings.database_url("desk"))).create(role)
        self._client = world.client
        self._headers = {"Authorization": f"Bearer {token}"}

    async def call(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = await self._client.request(method, path, json=body, headers=self._headers)
        assert answer.status == status, await answer.text()
        return await answer.json() if status != 204 else None


@pytest.fixture
def script(world: World) -> Script:
    return Script(world)


async def opened(script: Script) -> str:
    conversation: str = (await script.call("POST", "/api/conversations", status=201))["id"]
    return conversation


async def test_the_document_is_valid_and_names_every_route(world: World) -> None:
    document = await (await world.client.get("/api/openapi.json")).json()
    validate(document)
    assert "/api/conversations/{conversation}/turns" in document["paths"]


async def test_a_conversation_is_held(world: World, script: Script) -> None:
    conversation = await opened(script)
    world.bot.says_next("Is there a child?", asks("child", 2))
    shown = await script.call("POST", f"/api/conversations/{conversation}/turns", {"text": NOTE})
    assert [(message["by"], message["text"]) for message in shown["messages"][-2:]] == [
        ("officer", "[PERSON 1], 3 months behind w rent"),
        ("assistant", "Is there a child?"),
    ]
    assert shown["state"]["question"] == {"id": "child", "n": 2, "about": ""}
    choice = {"question": "child", "n": 2, "value": "yes"}
    await script.call("POST", f"/api/conversations/{conversation}/turns", {"choice": choice})
    assert world.bot.choices == [choice]
    assert await script.call("GET", f"/api/conversations/{conversation}") is not None
    listed = await script.call("GET", "/api/conversations")
    assert [one["id"] for one in listed["conversations"]] == [conversation]


async def test_no_answer_carries_a_name(world: World, script: Script) -> None:
    conversation = await opened(script)
    world.bot.says_next("Thank you, [PERSON 1]", asks("notes"))
    shown = await script.call("POST", f"/api/conversations/{conversation}/turns", {"text": NOTE})
    assert "Kelly" not in str(shown)
    preview = await script.call("POST", f"/api/conversations/{conversation}/preview", {"text": NOTE})
    assert preview["text"] == "[PERSON 1], 3 months behind w rent"
    assert preview["hidden"] == [{"start": 0, "end": 11, "token": "[PERSON 1]", "doubtful": False}]


async def test_the_same_turn_is_taken_once(world: World, script: Script) -> None:
    conversation, turn = await opened(script), new_id("t")
    for _ in range(2):
        await script.call("POST", f"/api/conversations/{conversation}/turns", {"text": NOTE, "turn": turn})
    assert len(world.bot.texts) == 1


async def test_what_is_not_sent_says_why_with_the_danger_heard(world: World, script: Script) -> None:
    conversation = await opened(script)
    world.hiding.error = RuntimeError("broken")
    danger = {"text": "hes got the tablets lined up in front of him and tonight is the night"}
    answer = await script.call("POST", f"/api/conversations/{conversation}/turns", danger, status=503)
    assert answer["error"] == "hiding_failed"
    assert {"id": "RF3", "interrupt": "E"} in answer["cards"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": "a", "choice": {"question": "child", "n": 1, "value": "yes"}},
        {"text": "a", "turn": "../../x"},
        {"text": 7},
        {"text": "a", "raw": True},
        [],
    ],
)
async def test_a_turn_of_another_form_is_refused(world: World, script: Script, body: Any) -> None:
    conversation = await opened(script)
    await script.call("POST", f"/api/conversations/{conversation}/turns", body, status=400)
    assert world.bot.texts == []


async def test_a_forged_choice_is_refused(world: World, script: Script) -> None:
    world.bot.says_next("Is there a child?", asks("child", 2))
    conversation = await opened(script)
    forged = {"question": "agree_share", "n": 2, "value": "perhaps"}
    await script.call("POST", f"/api/conversations/{conversation}/turns", {"choice": forged}, status=422)
    stale = {"question": "agree_share", "n": 2, "value": "yes"}
    await script.call("POST", f"/api/conversations/{conversation}/turns", {"choice": stale}, status=409)
    assert world.bot.choices == []


async def test_a_reason_is_hidden_like_any_text(world: World, script: Script) -> None:
    world.bot.says_next("Danger", asks("danger", 2, danger=[card("RF3", "E")]))
    conversation = await opened(script)
    choice = {"question": "danger", "n": 2, "value": {"cards": ["RF3"], "done": "not_danger"}}
    body = {"choice": choice, "reason": "Kelly Marsh meant sweets"}
    await script.call("POST", f"/api/conversations/{conversation}/turns", body)
    assert world.bot.choices[0]["value"]["reason"] == "[PERSON 1] meant sweets"


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("danger", {"cards": ["RF3"], "done": "not_danger"}),
        ("anytime", {"do": "danger", "cards": ["RF3"], "done": "not_danger"}),
    ],
)
async def test_a_reason_that_comes_inside_the_press_is_hidden_too(
    world: World, script: Script, question: str, value: dict[str, Any]
) -> None:
    world.bot.says_next("Danger", asks("danger", 2, danger=[card("RF3", "E")]))
    conversation = await opened(script)
    turns = f"/api/conversations/{conversation}/turns"
    press = {"question": question, "n": 2, "value": {**value, "reason": "Kelly Marsh meant sweets"}}
    await script.call("POST", turns, {"choice": press})
    assert world.bot.choices[0]["value"]["reason"] == "[PERSON 1] meant sweets"
    assert b"Kelly" not in b"".join(world.bot.bodies)
    world.hiding.error = RuntimeError("broken")
    await script.call("POST", turns, {"choice": press}, status=503)
    assert b"Kelly" not in b"".join(world.bot.bodies)


async def test_another_scripts_conversation_is_not_found(world: World, script: Script) -> None:
    conversation, other = await opened(script), Script(world)
    path = f"/api/conversations/{conversation}"
    await other.call("GET", path, status=404)
    await other.call("POST", path + "/turns", {"text": NOTE}, status=404)
    await other.call("POST", path + "/preview", {"text": NOTE}, status=404)
    await other.call("POST", path + "/referral", status=404)
    await other.call("DELETE", path, status=404)
    await script.call("GET", path)


@pytest.mark.parametrize("path", ["/api/conversations", "/api/referrals", "/api/cards"])
async def test_nobody_comes_in_without_a_token(world: World, path: str) -> None:
    assert (await world.client.get(path)).status == 401
    wrong = {"Authorization": "Bearer k_wrong"}
    assert (await world.client.get(path, headers=wrong)).status == 401


async def test_a_manager_reads_no_conversation(world: World) -> None:
    manager = Script(world, "manager")
    await manager.call("POST", "/api/conversations", status=403)
    await manager.call("GET", "/api/referrals", status=403)


async def test_the_cards_are_there_without_the_bot(world: World, script: Script) -> None:
    await world.bot_server.close()
    cards = (await script.call("GET", "/api/cards"))["cards"]
    assert [card["interrupt"] for card in cards] == sorted(card["interrupt"] for card in cards)
    assert {"RF1", "RF23", "SAME_DAY", "EMERGENCY"} <= {card["id"] for card in cards}


async def test_with_the_bot_down_no_conversation_is_left_behind(world: World, script: Script) -> None:
    await world.bot_server.close()
    await script.call("POST", "/api/conversations", status=503)
    assert (await script.call("GET", "/api/conversations"))["conversations"] == []


async def test_an_erased_conversation_is_gone(script: Script) -> None:
    conversation = await opened(script)
    await script.call("DELETE", f"/api/conversations/{conversation}", status=204)
    await script.call("GET", f"/api/conversations/{conversation}", status=404)


async def test_there_are_no_referrals_yet(script: Script) -> None:
    assert await script.call("GET", "/api/referrals") == {"referrals": []}
    await script.call("GET", "/api/referrals/TF-0000-0000", status=404)


async def test_nothing_is_sent_unless_it_was_checked(world: World, script: Script) -> None:
    conversation = await opened(script)
    await script.call("POST", f"/api/conversations/{conversation}/referral", status=409)
    assert world.actions.envelopes == {}


# What is hidden


async def hidden(script: Script, conversation: str, part: str = "", body: Any = None, status: int = 200) -> Any:
    """The tokens that are hidden after a call; without a body, as they are."""
    path = f"/api/conversations/{conversation}/hidden{part}"
    answer = await script.call("GET" if body is None else "POST", path, body, status)
    return [one["token"] for one in answer["hidden"]] if status == 200 else answer


async def last_said(script: Script, conversation: str) -> str:
    """The officer's last message, in tokens."""
    shown = await script.call("GET", f"/api/conversations/{conversation}")
    said: list[str] = [message["text"] for message in shown["messages"] if message["by"] == "officer"]
    return said[-1]


async def test_words_are_hidden_late_and_shown_again(script: Script) -> None:
    conversation = await opened(script)
    said = {"text": "behind w rent, works at the factory"}
    await script.call("POST", f"/api/conversations/{conversation}/turns", said)
    body = {"words": "factory", "kind": "group"}
    assert await hidden(script, conversation, body=body) == ["[ORG 1]"]
    assert await last_said(script, conversation) == "behind w rent, works at the [ORG 1]"
    assert await hidden(script, conversation) == ["[ORG 1]"]
    assert await hidden(script, conversation, "/show", {"what": "[ORG 1]"}) == []
    assert await last_said(script, conversation) == "behind w rent, works at the factory"


async def test_what_cannot_be_changed_says_why(script: Script) -> None:
    conversation = await opened(script)
    path = f"/api/conversations/{conversation}/turns"
    await script.call("POST", path, {"text": "Kelly Marsh, tel 07700 900461"})
    for part, body, why in (
        ("", {"words": " . "}, "nothing_to_hide"),
        ("", {"words": "x" * 201}, "too_much_to_hide"),
        ("/show", {"what": "[PHONE 1]"}, "always_hidden"),
        ("/same-person", {"token": "[PHONE 1]", "into": "[PERSON 1]"}, "not_two_people"),
    ):
        assert (await hidden(script, conversation, part, body, 422))["error"] == why
    await script.call("POST", f"/api/conversations/{conversation}/hidden", {"words": "x", "kind": "alien"}, 400)
    await script.call("POST", "/api/conversations/c_1/hidden", {"words": "x"}, 404)


async def test_what_is_doubtful_is_settled_together(world: World, script: Script) -> None:
    conversation = await opened(script)
    world.desk.vault.change(conversation, doubt("Storm", "Misty"))
    assert await hidden(script, conversation, "/settle", {"hidden": ["[PERSON 1]"]}) == ["[PERSON 1]"]
    listed = await script.call("GET", f"/api/conversations/{conversation}/hidden")
    assert listed["hidden"] == [{"token": "[PERSON 1]", "doubtful": False, "always": False, "role": ""}]
    assert listed["everywhere"] is True
    assert "Storm" not in str(listed)


async def test_two_tokens_become_one_person(script: Script) -> None:
    conversation = await opened(script)
    for words in ("Kelly Marsh", "Zibble"):
        await hidden(script, conversation, body={"words": words})
    pair = {"token": "[PERSON 2]", "into": "[PERSON 1]"}
    assert await hidden(script, conversation, "/same-person", pair) == ["[PERSON 1]"]


async def test_a_preview_names_what_could_still_point_to_the_family(script: Script) -> None:
    conversation = await opened(script)
    preview = await script.call("POST", f"/api/conversations/{conversation}/preview", {"text": "lad is 14, in Year 9"})
    assert preview["left"] == [{"kind": "age", "words": "14"}, {"kind": "school_year", "words": "Year 9"}]
