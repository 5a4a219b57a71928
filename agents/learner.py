"""The learner: trains on the labels there are, and publishes versions."""

from collections.abc import Sequence

from agents.agent import Agent
from agents.committee import TrainingWanted
from agents.convocation import Convocation
from agents.estimator import Estimator, Model, ModelShelf
from agents.items import Items
from agents.lesson import Known, Lesson
from agents.lessons.plain import Labels
from agents.messages import AnswersCounted, CampaignEnded, Label, LearningEnded, ModelPublished, TrainingStarted
from agents.training import Training, Way
from agents.training_set import TrainingSet
from bus.bus import MessageBus
from bus.chance import Chance
from bus.message import Envelope


class Learner(Agent):
    """Retrains after so many new labels, one training at a time.

    Labels that come while it trains wait for the next training, which begins at once if there are enough of them.

    Args:
        name, bus: as for every agent.
        items: the pool and its features.
        classes: the classes, in the order of their indices.
        estimator: what to train.
        retrain_every: newly resolved labels between trainings.
        train_time: simulated microseconds that a training takes.
        models: where to put the models.
        chance: the run's randomness.
        convocation: the members of a committee, whose mean is the model; None to train a model of its own.
        lesson: what labels and answers are to it.
        way: how a version comes of the one before it.
    """

    def __init__(
        self,
        name: str,
        bus: MessageBus,
        items: Items,
        classes: Sequence[Label],
        estimator: Estimator,
        retrain_every: int,
        train_time: int,
        models: ModelShelf,
        chance: Chance,
        convocation: Convocation | None = None,
        lesson: Lesson = Labels(),  # noqa: B008 (frozen)
        way: Way = "anew",
    ) -> None:
        answers = (AnswersCounted,) if lesson.needs_answers else ()
        self._wanted = (*TrainingSet.heard, *answers, CampaignEnded)
        super().__init__(name, bus, *self._wanted, capacity=65536)
        self._training_set = TrainingSet(items, classes, lesson.needs_answers)
        self._training = Training(estimator, way, items.features, len(classes))
        self._lesson = lesson
        self._retrain_every = retrain_every
        self._train_time = train_time
        self._models = models
        self._stream = chance.stream("learner")
        self._convocation = convocation
        self._version = self._published = 0
        self._unfinished = False
        self._ended = False
        self._done = False
        self._cause: Envelope | None = None

    async def run(self) -> None:
        """Take in labels, and train whenever there are enough new ones; in the end once more, on all of them."""
        while not self._done:
            while self._is_due():
                await self._train()
            if self._ended:
                await self.send(LearningEnded(version=self._version), cause=self._cause)
                return
            self._note(await self.inbox.get())

    def _note(self, envelope: Envelope) -> None:
        body = envelope.body
        if isinstance(body, self._wanted):
            self._cause = envelope
        self._training_set.note(body)
        if self._convocation is not None:
            self._convocation.note(envelope)
        self._ended |= isinstance(body, CampaignEnded)

    def rebuild(self, history: list[Envelope]) -> None:
        """Learn from the log what labels there are, and which trainings there were; one that was broken off is done again."""
        for envelope in history:
            self._note(envelope)
            if isinstance(envelope.body, TrainingStarted):
                self._version, self._unfinished = envelope.body.version, True
                self._training_set.recall(envelope.body.labels)
            elif isinstance(envelope.body, ModelPublished):
                self._published, self._unfinished = envelope.body.version, False
            elif isinstance(envelope.body, LearningEnded):
                self._done = True

    def _is_due(self) -> bool:
        enough = 1 if self._ended else self._retrain_every
        return len(self._training_set) > 0 and (self._training_set.new >= enough or self._unfinished or self._version == 0)

    async def _train(self) -> None:
        """Train for as long as it takes, taking note of what comes meanwhile."""
        self._version += 1
        self._unfinished = False
        known = self._training_set.known()
        self._training_set.learned()
        started = await self.send(TrainingStarted(version=self._version, labels=len(known.rows)), cause=self._cause)
        members = None
        if self._convocation is not None:
            await self._call(self._convocation, started)
            model, members = self._convocation.model(), self._convocation.present
        else:
            if self._train_time:
                ready_at = self.loop.now + self._train_time
                while (envelope := await self.inbox.get_before(ready_at)) is not None:
                    self._note(envelope)
            model = self._fit(known)
        self._models.put(self._version, model)
        await self.send(ModelPublished(version=self._version, labels=len(known.rows), members=members), cause=started)

    async def _call(self, convocation: Convocation, started: Envelope) -> None:
        """Have the members train, and wait until all have, or patience is over and somebody has."""
        convocation.begin(self._version)
        for member in convocation.members:
            await self.send(TrainingWanted(version=self._version), member, started)
        until = None if convocation.patience is None else self.loop.now + convocation.patience
        while not convocation.is_complete:
            if until is None or (self.loop.now >= until and not convocation.present):
                envelope: Envelope | None = await self.inbox.get()
            else:
                envelope = await self.inbox.get_before(until)
            if envelope is not None:
                self._note(envelope)
            is_over = envelope is None or (until is not None and self.loop.now >= until)
            if is_over and convocation.present:
                return

    def _fit(self, known: Known) -> Model:
        random_state = int(self._stream.bit_generator.random_raw()) >> 32
        examples = self._lesson.examples(known, self._training.guesses(random_state))
        trained = self._training.version(examples, random_state, self._before())
        if trained.anew:
            self.log.info("trained anew", version=self._version, because=trained.anew)
        if not trained.converged:
            self.log.warning("the solver did not converge; standardised features help", version=self._version)
        self.log.info("trained", version=self._version, labels=len(known.rows))
        self._published = self._version
        return trained.model

    def _before(self) -> Model | None:
        """Return the last version, which is on the shelf even if the learner was down since."""
        try:
            return self._models.get(self._published) if self._published else None
        except KeyError:
            self.log.warning("the last version is not on the shelf any more", version=self._published)
            return None
