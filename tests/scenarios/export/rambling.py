"""Stories that could hardly be: anything that a log may hold, in any order that its fold bears."""

from hypothesis import strategies as st

from agents.person import Task
from agents.state import State
from tests.scenarios.export.story import Story

PEOPLE = ("ann-1", "ann-2", "ann-10")
ACTIONS = (
    "request", "assign", "assign", "answer", "answer", "decline", "expire", "cancel", "resolve", "give up", "crash", "restart",
    "train", "publish", "away", "drop", "discuss", "stray",
)  # fmt: skip
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTIONS), st.sampled_from((0, 0, 0, 1, 2, 900, 3_000_000)), st.integers(0, 10**6)), max_size=60
)
"""What is done, how many microseconds after the last, and which of the possible ways."""


class Rambling:
    """A story that is told step by step, as far as each is possible."""

    def __init__(self) -> None:
        self.story = Story()
        self.state = State()
        self._told = 0
        self._now = 0
        self._items = 0

    def step(self, action: str, wait: int, pick: int) -> None:
        self._now += wait
        self._listen()
        getattr(self, f"_{action.replace(' ', '_')}")(pick)
        self._listen()

    def _listen(self) -> None:
        for event in self.story.events[self._told :]:
            self.state.apply(event)
        self._told = self.story.last

    def _request(self, pick: int) -> None:
        self._items += 1
        self.story.request(self._items if pick % 2 else f"item {self._items}", self._now)

    def _assign(self, pick: int) -> None:
        if self.state.open:
            item, name = [*self.state.open][pick % len(self.state.open)], PEOPLE[pick % 3]
            attempt = self.state.open[item].asked.get(name, 0)
            self.story.assign(item, name, self._now, attempt, cause=self.state.open[item].seq)

    def _task(self, pick: int, live: bool) -> Task | None:
        people = [person for person in self.state.people.values() if person.task is not None]
        tasks = [each.task for each in people] if live else [task for each in people for task in (each.task, *each.beside)]
        possible = [task for task in tasks if task is not None and task.answer is None and (task.live or not live)]
        return possible[pick % len(possible)] if possible else None

    def _answer(self, pick: int) -> None:
        task = self._task(pick, live=False)
        if task is not None:
            began = (None, self._now, task.assigned, (task.assigned + self._now) // 2, 0)[pick % 5]
            self.story.answer(task.item, task.annotator, pick % 2, began, self._now, task.attempt, cause=task.seq)

    def _decline(self, pick: int) -> None:
        task = self._task(pick, live=False)
        if task is not None:
            self.story.tell(
                "task-declined", task.annotator, "coordinator", self._now, task.seq, item=task.item, attempt=task.attempt
            )

    def _expire(self, pick: int) -> None:
        task = self._task(pick, live=True)
        if task is not None:
            body = {"item": task.item, "annotator": task.annotator, "attempt": task.attempt}
            self.story.tell("task-expired", "coordinator", t=self._now, cause=task.seq, **body)

    def _cancel(self, pick: int) -> None:
        task = self._task(pick, live=True)
        if task is not None:
            body = {"item": task.item, "attempt": task.attempt, "paid": True}
            self.story.tell("task-cancelled", "coordinator", task.annotator, self._now, task.seq, **body)

    def _resolve(self, pick: int) -> None:
        if self.state.open:
            self.story.resolve([*self.state.open][pick % len(self.state.open)], pick % 2, self._now)

    def _give_up(self, pick: int) -> None:
        if self.state.open:
            item = [*self.state.open][pick % len(self.state.open)]
            self.story.tell("item-given-up", "coordinator", t=self._now, item=item, reason="so")

    def _crash(self, pick: int) -> None:
        agent = (*PEOPLE, "learner", "coordinator")[pick % 5]
        if agent not in self.state.mishaps.down:
            self.story.tell("agent-crashed", "bus", t=self._now, agent=agent, until=None)

    def _restart(self, pick: int) -> None:
        down = [*self.state.mishaps.down]
        if down:
            self.story.tell("agent-restarted", "bus", t=self._now, agent=down[pick % len(down)])

    def _train(self, pick: int) -> None:
        self.story.tell("training-started", "learner", t=self._now, version=self.state.version + 1, labels=pick)

    def _publish(self, pick: int) -> None:
        self.story.tell("model-published", "learner", t=self._now, version=self.state.version + 1, labels=pick)

    def _away(self, pick: int) -> None:
        if PEOPLE[pick % 3] in self.state.people:
            self.story.tell("annotator-away", "coordinator", t=self._now, annotator=PEOPLE[pick % 3])

    def _drop(self, pick: int) -> None:
        message = 1 + pick % self.story.last
        self.story.tell("message-dropped", "bus", t=self._now, cause=message, message=message, to=(*PEOPLE, "learner")[pick % 4])

    def _discuss(self, pick: int) -> None:
        if self.state.open:
            item = [*self.state.open][pick % len(self.state.open)]
            self.story.tell("position-taken", PEOPLE[pick % 3], "coordinator", self._now, item=item, text="hm")

    def _stray(self, pick: int) -> None:
        self.story.answer(1 + pick % 3, PEOPLE[pick % 3], 1, 0, self._now, attempt=pick % 2)


def rambled(steps: list[tuple[str, int, int]]) -> Story:
    rambling = Rambling()
    for step in steps:
        rambling.step(*step)
    return rambling.story
