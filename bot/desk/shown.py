"""What the officer's own screen shows: names in place of tokens, marked as hidden from everybody behind the door."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.desk.bot_client import CardShown
from bot.desk.conversations import Turn
from bot.desk.kinds import GROUPS, group_of
from bot.desk.words import WORDS
from conversation import ANYTIME, QUESTIONS, ROLES, LedgerSign, State
from conversation.turns import Choice
from redaction import PERSON, TOKEN, Identities, Redacted, tripwire
from understanding import RulePack

NOT_SAID = "other"
"""The role of somebody whom the officer said nothing about; such people are never shared."""


@dataclass(frozen=True)
class Part:
    """A stretch of text; where `token` is set, `text` is what it stands for and `label` says so in words.

    `always`: it has the shape of a number or address that is hidden whatever the officer says.
    """

    text: str
    token: str = ""
    label: str = ""
    doubtful: bool = False
    always: bool = False


@dataclass(frozen=True)
class Said:
    """One message in the log, by "you" or "assistant"; `card` where it showed an action card.

    `typed` is the number of the turn in which the officer typed words, 0 for everything else.
    """

    number: str
    by: str
    at: datetime
    parts: tuple[Part, ...]
    card: CardShown | None = None
    last_of_turn: bool = True
    typed: int = 0


@dataclass(frozen=True)
class SignShown:
    """A sign as the side panel lists it; `may_set_aside` where a press of "not right" is enough."""

    id: str
    name: str
    status: str
    parts: tuple[Part, ...]
    counts: bool
    may_set_aside: bool


@dataclass(frozen=True)
class PersonShown:
    """Somebody met in the conversation; `role` is empty until the officer said who they are."""

    token: str
    label: str
    name: str
    role: str
    doubtful: bool


@dataclass(frozen=True)
class HiddenShown:
    """Somebody or something hidden, with all ways it was written; `always` where it cannot be shown again."""

    token: str
    label: str
    name: str
    also: tuple[str, ...]
    kind: str
    role: str
    doubtful: bool
    always: bool


class Screen:
    """Puts names to tokens for one conversation."""

    def __init__(self, book: Identities, state: State, pack: RulePack) -> None:
        self._book = book
        self._pack = pack
        self._state = state
        self._doubtful = dict(book.doubtful())
        self._roles = {token: ROLES[role] for token, role in _roles(book, state) if role in ROLES and role != NOT_SAID}

    def parts(self, text: str) -> tuple[Part, ...]:
        """`text` with what its tokens stand for; a token that nobody knows any more stays as it is."""
        parts: list[Part] = []
        end = 0
        for match in TOKEN.finditer(text):
            token = match[0]
            if match.start() > end:
                parts.append(Part(text[end : match.start()]))
            name = self._book.restore(token)
            label = ", ".join(filter(None, (token.strip("[]"), self._roles.get(token, ""))))
            parts.append(Part(token) if name == token else Part(name, token, label, token in self._doubtful))
            end = match.end()
        if end < len(text):
            parts.append(Part(text[end:]))
        return tuple(parts)

    def log(self, turns: Sequence[Turn]) -> list[Said]:
        """Every message, oldest first."""
        said: list[Said] = []
        for turn in turns:
            own = turn.text if turn.text is not None else self._pressed(turn.choice)
            if own:
                typed = turn.n if typed_words(turn) else 0
                said.append(Said(f"{turn.n}", "you", turn.kept_at, self.parts(own), typed=typed))
            messages = [message for message in turn.messages if message.text]
            said += [
                Said(f"{turn.n}-{n}", "assistant", turn.kept_at, self.parts(one.text), one.card, n == len(messages))
                for n, one in enumerate(messages, start=1)
            ]
        return said

    def people(self) -> list[PersonShown]:
        """Everybody met so far, first met first."""
        return [
            PersonShown(token, token.strip("[]"), name, self._roles.get(token, ""), token in self._doubtful)
            for token, name in self._book.people()
        ]

    def doubtful(self) -> list[HiddenShown]:
        """What was hidden only to be safe, and is not settled yet."""
        return list(self._hidden(self._doubtful))

    def hidden(self) -> dict[str, list[HiddenShown]]:
        """Everything that is hidden, under people, places, numbers, other; first met first."""
        groups: dict[str, list[HiddenShown]] = {group: [] for group in GROUPS}
        for one in self._hidden(self._book.hidden()):
            groups[group_of(type_in(one.token))].append(one)
        return {group: listed for group, listed in groups.items() if listed}

    def _hidden(self, tokens: Iterable[str]) -> Iterator[HiddenShown]:
        for token in tokens:
            kind, name, written = type_in(token), self._book.restore(token), self._book.lookup(token)
            yield HiddenShown(
                token=token,
                label=token.strip("[]"),
                name=name,
                also=tuple(words for words in written if words != name),
                kind="" if kind == PERSON else WORDS(f"types.{kind}"),
                role=self._roles.get(token, ""),
                doubtful=token in self._doubtful,
                always=any(tripwire(words) for words in written),
            )

    def signs(self) -> list[SignShown]:
        """What was heard so far: what counts first, in the order it was heard."""
        # Signs of danger are lowered only through their card, with a reason.
        held = {sign for card in self._state.danger if card.done != "not_danger" for sign in card.because}
        listed = [
            SignShown(
                id=sign.id,
                name=self._name(sign.id),
                status=_status(sign),
                parts=self.parts(sign.words),
                counts=sign.counts,
                may_set_aside=sign.counts and sign.level not in ("S", "E") and sign.id not in held,
            )
            for sign in self._state.ledger
        ]
        return sorted(listed, key=lambda sign: not sign.counts)

    def _name(self, sign_id: str) -> str:
        try:
            return self._pack.sign(sign_id).name
        except KeyError:  # the rules were changed since
            return sign_id

    def _pressed(self, choice: Choice | None) -> str:
        """A press in words."""
        if choice is None:
            return ""
        value = choice.value
        if choice.question == ANYTIME and value["do"] == "not_right":
            return WORDS("presses.not_right", sign=self._name(value["sign"]))
        if choice.question == ANYTIME and value["do"] != "danger":
            return WORDS(f"presses.{value['do']}")
        if choice.question in (ANYTIME, "danger"):
            return WORDS(f"presses.{value['done']}", reason=value.get("reason", ""))
        pages = {"people": "people", "check": "change" if "change" in value else "send"}
        page = pages.get(choice.question)
        return WORDS(f"presses.{page}") if page else answer_in_words(choice.question, value)


def typed_words(turn: Turn) -> str:
    """What the officer typed in this turn, in tokens: a message, or the reason that went with a press."""
    if turn.text is not None:
        return turn.text
    value = turn.choice.value if turn.choice is not None else None
    return str(value.get("reason", "")) if isinstance(value, Mapping) else ""


def type_in(token: str) -> str:
    """The kind that a token names: PERSON in `[PERSON 1]`."""
    return token.strip("[]").split(" ")[0]


def answer_in_words(question: str, value: object) -> str:
    """An answer as its button or tick says it; typed words as they are, nothing for what was skipped."""
    titles: Mapping[str, str] = {offered.value: offered.title for offered in QUESTIONS[question].values}
    if isinstance(value, list | tuple):
        return ", ".join(titles.get(item, str(item)) for item in value)
    return "" if value is None else titles.get(str(value), str(value))


def preview_parts(raw: str, redacted: Redacted) -> tuple[Part, ...]:
    """`raw` with the stretches marked that would be hidden."""
    parts: list[Part] = []
    end = 0
    for span in redacted.spans:
        if span.start > end:
            parts.append(Part(raw[end : span.start]))
        words = raw[span.start : span.end]
        parts.append(Part(words, span.token, span.token.strip("[]"), span.doubtful, bool(tripwire(words))))
        end = span.end
    if end < len(raw):
        parts.append(Part(raw[end:]))
    return tuple(parts)


def _roles(book: Identities, state: State) -> Iterator[tuple[str, str]]:
    """Who people are: as it was kept with their names, else as it was said last."""
    for person in state.people or ():
        yield person.token, person.role
    for token, _ in book.people():
        yield token, book.role(token)


def _status(sign: LedgerSign) -> str:
    return WORDS(f"set_aside.{sign.set_aside}") if sign.set_aside else WORDS(f"statuses.{sign.status}")
