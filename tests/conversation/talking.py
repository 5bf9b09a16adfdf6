"""A talk without Rasa: the same steps in the same order, with the actions' effects on the state."""

from __future__ import annotations

from dataclasses import dataclass, field

from conversation import State, Turn
from conversation.agenda import ASK, CREATE, END, LISTEN, NOTE, SUGGEST, ending, next_step
from conversation.asking import ask
from conversation.noting import note
from conversation.state import Ended, ReferralMade
from conversation.weighing import suggestion, weigh
from tests.conversation.turns import pressed
from understanding.rulepack import RulePack, load_pack

PACK: RulePack = load_pack()


@dataclass
class Talk:
    """A talk in progress. `steps` are those of the last turn; `stored` says whether sending works."""

    state: State = field(default_factory=State)
    steps: list[str] = field(default_factory=list)
    stored: bool = True
    actions_up: bool = True
    created: int = 0

    def take(self, turn: Turn) -> Talk:
        """Take one turn to its end."""
        self.steps = []
        while (step := next_step(self.state, turn, self.steps)) != LISTEN:
            self.steps.append(step)
            assert len(self.steps) < 20, self.steps
            if self.actions_up:
                self._run(step, turn)
        return self

    def press(self, value: object) -> Talk:
        """Answer the open question by a press."""
        assert self.state.question is not None
        return self.take(pressed(self.state.question.id, value, self.state.question.n))

    @property
    def asked(self) -> str:
        """The open question's id, or nothing."""
        return self.state.question.id if self.state.question else ""

    def _run(self, step: str, turn: Turn) -> None:
        state = self.state
        if step == NOTE:
            self.state = weigh(note(state, turn), PACK, turn)
        elif step == ASK:
            asked = ask(state, PACK)
            self.state = asked.state if asked else state
        elif step == SUGGEST:
            self.state = state.model_copy(update={"suggestion": suggestion(state, PACK)})
        elif step == END:
            how = ending(state)
            assert how is not None
            self.state = state.model_copy(update={"ended": Ended(how=how, turn=turn.id), "question": None})
        elif step == CREATE:
            self._create(turn)

    def _create(self, turn: Turn) -> None:
        envelope = self.state.answers["check"].value["envelope"]
        if not self.stored:
            made = ReferralMade(status="not_sent", why="try_again", envelope=envelope)
            answers = {name: answer for name, answer in self.state.answers.items() if name != "check"}
            self.state = self.state.model_copy(update={"referral": made, "answers": answers})
            return
        self.created += 1
        made = ReferralMade(reference="TF-1", status="created", envelope=envelope)
        ended = Ended(how="referred", turn=turn.id)
        self.state = self.state.model_copy(update={"referral": made, "ended": ended, "question": None})
