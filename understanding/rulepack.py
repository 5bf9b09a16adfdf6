"""Rule packs: the signs, red flags and counting rules that a council agrees, as validated YAML.

A pack (`families-2022.yml`, say) names the files of signs, red flags, clusters and contacts that it uses.
Nothing in the
code knows a sign or a threshold: a council changes its rules by changing these files. See docs/rule-packs.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from understanding._yamlfile import YamlFile
from understanding.errors import PackInvalid
from understanding.heard import Level, Status
from understanding.language import Cues

PACKS = Path(__file__).parent / "packs"
DEFAULT_PACK = "families-2022"

_Model = TypeVar("_Model", bound=BaseModel)
_SignId = Field(pattern=r"^[A-Z]{3}\d{1,2}$")


def in_group(sign_id: str, group: Iterable[str]) -> bool:
    """Whether a sign is one of a group; `DAB*` in a group means every sign whose id starts so."""
    return any(sign_id.startswith(item[:-1]) if item.endswith("*") else sign_id == item for item in group)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Lift(_Strict):
    """What raises a sign: one of `cues`, `with_signs` or `another_heading` is enough; `when` says it in words."""

    to: Level
    when: str = Field(min_length=1)
    cues: tuple[str, ...] = ()
    with_signs: tuple[str, ...] = ()
    another_heading: bool = False

    @model_validator(mode="after")
    def _checkable(self) -> Lift:
        if not (self.cues or self.with_signs or self.another_heading):
            raise ValueError("say how the tool can check this: cues, with_signs or another_heading")
        return self


class Sign(_Strict):
    """One sign of a family's wider needs; the fields are explained at the head of packs/signs.yml."""

    id: str = _SignId
    area: str
    heading: int | None = Field(default=None, ge=1, le=10)
    name: str
    spoken: bool = True
    level: Level
    high_risk: bool = False
    not_lowered_by: tuple[Status, ...] = ()
    lifts: tuple[Lift, ...] = ()
    note: str = ""
    ask: str
    ask_how: Literal["anytime", "alone", "officer"] = "anytime"
    phrases: tuple[str, ...] = Field(min_length=1)


class Way(_Strict):
    """One way in which a red flag is raised: everything named in it must hold."""

    any_sign: tuple[str, ...] = ()
    any_cue: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _not_empty(self) -> Way:
        if not (self.any_sign or self.any_cue):
            raise ValueError("name any_sign, any_cue or both")
        return self


class RedFlag(_Strict):
    """What interrupts, and the right response; the fields are explained at the head of packs/red_flags.yml."""

    id: str = Field(pattern=r"^RF\d{1,2}$")
    name: str
    interrupt: Literal["S", "E"]
    when: str
    emergency_when: str = ""
    raised_when: tuple[Way, ...] = Field(min_length=1)
    emergency: tuple[Way, ...] = ()
    response: str
    do_not: str
    contacts: tuple[str, ...] = Field(min_length=1)


class Cluster(_Strict):
    """Signs that together are worth more than each alone; explained at the head of packs/clusters.yml."""

    id: str
    name: str
    to: Level
    all_of: tuple[tuple[str, ...], ...] = ()
    at_least: int = Field(default=0, ge=0)
    among: tuple[str, ...] = ()
    child: bool = False
    baby: bool = False
    one_person: bool = False
    after_no_within_days: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _checkable(self) -> Cluster:
        if not (self.all_of or (self.at_least and self.among) or self.after_no_within_days):
            raise ValueError("say what makes the cluster: all_of, at_least with among, or after_no_within_days")
        return self


class Heading(_Strict):
    """One thing that is counted: signs whose national heading is in `national`, and those named in `also`."""

    number: int = Field(ge=1)
    name: str
    national: tuple[int, ...] = ()
    also: tuple[str, ...] = ()


class _Owned(_Strict):
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    owner: str = Field(min_length=1)
    review_by: date


class _SignsFile(_Owned):
    signs: tuple[Sign, ...]


class _RedFlagsFile(_Owned):
    red_flags: tuple[RedFlag, ...]


class _ClustersFile(_Owned):
    clusters: tuple[Cluster, ...]


class _ContactsFile(_Owned):
    contacts: dict[str, str]


class _PackFile(_Owned):
    name: str
    title: str
    counting: Literal["headline", "need"]
    minimum: int = Field(ge=1, le=10)
    needs_child: bool
    headings: tuple[Heading, ...] = Field(min_length=1)
    signs: str
    red_flags: str
    clusters: str
    contacts: str


class RulePack(_PackFile):
    """A whole pack, checked: every sign, cue and contact that a rule names is there."""

    sign_list: tuple[Sign, ...]
    red_flag_list: tuple[RedFlag, ...]
    cluster_list: tuple[Cluster, ...]
    contact_names: dict[str, str]

    @cached_property
    def _signs(self) -> dict[str, Sign]:
        return {sign.id: sign for sign in self.sign_list}

    @cached_property
    def _red_flags(self) -> dict[str, RedFlag]:
        return {flag.id: flag for flag in self.red_flag_list}

    @cached_property
    def sign_ids(self) -> frozenset[str]:
        """The ids of all signs."""
        return frozenset(self._signs)

    def sign(self, sign_id: str) -> Sign:
        """The sign with this id; KeyError if the pack has none."""
        return self._signs[sign_id]

    def red_flag(self, flag_id: str) -> RedFlag:
        """The red flag with this id; KeyError if the pack has none."""
        return self._red_flags[flag_id]

    def heading_of(self, sign_id: str) -> int | None:
        """The number of the heading that a sign counts under in this pack; None where it only gives context."""
        return self._heading_of[sign_id]

    @cached_property
    def _heading_of(self) -> dict[str, int | None]:
        return {sign.id: self._find_heading(sign) for sign in self.sign_list}

    def _find_heading(self, sign: Sign) -> int | None:
        named = [heading.number for heading in self.headings if in_group(sign.id, heading.also)]
        national = [heading.number for heading in self.headings if sign.heading in heading.national]
        return next(iter(named + national), None)


def load_pack(path_or_name: Path | str = DEFAULT_PACK) -> RulePack:
    """Load a shipped pack by its name ("families-2022", "families-2015") or any pack by the path of its file.

    Raises PackInvalid, naming file, line and what to do.
    """
    path = _pack_path(path_or_name)
    pack_file, pack = _read(path, _PackFile)
    signs_file, signs = _read(path.parent / pack.signs, _SignsFile)
    flags_file, flags = _read(path.parent / pack.red_flags, _RedFlagsFile)
    clusters_file, clusters = _read(path.parent / pack.clusters, _ClustersFile)
    _, contacts = _read(path.parent / pack.contacts, _ContactsFile)

    ids = _unique(signs_file, "signs", [sign.id for sign in signs.signs])
    _unique(flags_file, "red_flags", [flag.id for flag in flags.red_flags])
    _unique(pack_file, "headings", [str(heading.number) for heading in pack.headings])
    cues = Cues.shipped().names
    for n, sign in enumerate(signs.signs):
        for m, lift in enumerate(sign.lifts):
            _known(signs_file, ("signs", n, "lifts", m), "sign", lift.with_signs, ids)
            _known(signs_file, ("signs", n, "lifts", m), "cue", lift.cues, cues)
    for n, flag in enumerate(flags.red_flags):
        for way in flag.raised_when + flag.emergency:
            _known(flags_file, ("red_flags", n), "sign", way.any_sign, ids)
            _known(flags_file, ("red_flags", n), "cue", way.any_cue, cues)
        _known(flags_file, ("red_flags", n), "contact", flag.contacts, contacts.contacts)
    for n, cluster in enumerate(clusters.clusters):
        named = [item for group in cluster.all_of for item in group] + list(cluster.among)
        _known(clusters_file, ("clusters", n), "sign", named, ids)
    for n, heading in enumerate(pack.headings):
        _known(pack_file, ("headings", n), "sign", heading.also, ids)

    return RulePack(
        **pack.model_dump(),
        sign_list=signs.signs,
        red_flag_list=flags.red_flags,
        cluster_list=clusters.clusters,
        contact_names=contacts.contacts,
    )


def _pack_path(path_or_name: Path | str) -> Path:
    path = Path(path_or_name)
    if path.suffix in (".yml", ".yaml"):
        return path
    shipped = PACKS / f"{path_or_name}.yml"
    if shipped.is_file():
        return shipped
    names = ", ".join(sorted(file.stem for file in PACKS.glob("families-*.yml")))
    raise PackInvalid(
        f'There is no rule pack called "{path_or_name}". Use one of: {names}; or give the path of a .yml file.'
    )


def _read(path: Path, model: type[_Model]) -> tuple[YamlFile, _Model]:
    file = YamlFile.read(path)
    return file, file.validate(model)


def _unique(file: YamlFile, key: str, names: Sequence[str]) -> set[str]:
    for n, name in enumerate(names):
        if name in names[:n]:
            raise file.invalid((key, n), f"{name} is there twice. Remove one of them, or give it another id.")
    return set(names)


def _known(file: YamlFile, where: tuple[str | int, ...], kind: str, named: Iterable[str], known: Iterable[str]) -> None:
    known = list(known)
    for name in named:
        group = name.endswith("*") and any(item.startswith(name[:-1]) for item in known)
        if name not in known and not group:
            raise file.invalid(where, f"There is no {kind} called {name}. Correct the name, or add that {kind}.")
