"""Classes that a scenario names by their dotted path: scikit-learn's, or anybody's."""

from typing import Annotated, Any, ClassVar

from pydantic import Field, JsonValue, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError
from sklearn.base import ClassifierMixin, TransformerMixin

from agents.component import Component, Trust, import_class
from agents.estimator import Estimator
from bus.table import Table, nearest


class Foreign(Table):
    """A class by its dotted path, and the arguments of its constructor."""

    mixin: ClassVar[type]
    """What scikit-learn's own must derive from, since they are trusted without being asked for."""
    what: ClassVar[str]
    """The word for it in messages."""
    methods: ClassVar[tuple[str, ...]]
    """What it must be able to do."""

    path: str
    """Dotted path of the class: its `kind` in a scenario."""
    params: Annotated[dict[str, JsonValue], Field(default_factory=dict)]
    """Arguments of its constructor."""

    @field_validator("path")
    @classmethod
    def _is_one(cls, path: str, info: ValidationInfo) -> str:
        trust = info.context if isinstance(info.context, Trust) else Trust()
        found = import_class(path, trust)
        what = {"path": repr(path), "what": cls.what}
        if path.startswith("sklearn."):
            if not (isinstance(found, type) and issubclass(found, cls.mixin) and found.__module__.startswith("sklearn.")):
                raise PydanticCustomError("classifier", "{path} is no {what} of scikit-learn", what)
        elif missing := [method for method in cls.methods if not hasattr(found, method)]:
            raise PydanticCustomError(
                "classifier", "{path} is no {what}: it has no {missing}", {**what, "missing": " and no ".join(missing)}
            )
        return path

    @model_validator(mode="after")
    def _params_fit(self) -> "Foreign":
        try:
            built = self.build(0)
        except (TypeError, ValueError) as error:
            known: list[str] = getattr(import_class(self.path, Trust()), "_get_param_names", list)()
            unknown = next((name for name in self.params if name not in known), "")
            hint = f". {nearest(unknown, known)}" if known and unknown else ""
            raise PydanticCustomError(
                "params", "{kind} does not take these params: {why}{hint}", {"kind": self.path, "why": str(error), "hint": hint}
            ) from None
        self.check(built)
        return self

    def check(self, built: Any) -> None:
        """Raise PydanticCustomError if what was built cannot do its work."""

    def build(self, random_state: int) -> Any:
        """Return a new object, seeded where it takes a `random_state` that `params` does not give."""
        made = import_class(self.path, Trust())(**self.params)
        if hasattr(made, "get_params") and "random_state" not in self.params and "random_state" in made.get_params():
            made.set_params(random_state=random_state)
        return made

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.path


class AnyClassifier(Foreign, Estimator):
    """A classifier by its dotted path, with `fit` and `predict_proba`: scikit-learn's or anybody's."""

    mixin: ClassVar[type] = ClassifierMixin
    what: ClassVar[str] = "classifier"
    methods: ClassVar[tuple[str, ...]] = ("fit", "predict_proba")

    @property
    def votes(self) -> bool | None:
        """None: that is seen when it is trained."""
        return None

    def check(self, built: Any) -> None:
        """Refuse what gives no probabilities."""
        if not hasattr(built, "predict_proba"):
            raise PydanticCustomError(
                "classifier",
                "{kind} gives no probabilities (predict_proba) with these params; {hint}",
                {"kind": repr(self.path), "hint": '{ kind = "calibrated", of = ... } makes some of its margins'},
            )


class AnyScorer(Foreign, Estimator):
    """A classifier by its dotted path, with `fit`, and probabilities or margins: scikit-learn's or anybody's."""

    mixin: ClassVar[type] = ClassifierMixin
    what: ClassVar[str] = "classifier"
    methods: ClassVar[tuple[str, ...]] = ("fit",)

    def check(self, built: Any) -> None:
        """Refuse what tells classes apart and does not say how well."""
        if not hasattr(built, "predict_proba") and not hasattr(built, "decision_function"):
            raise PydanticCustomError(
                "classifier", "{kind} gives neither probabilities nor margins with these params", {"kind": repr(self.path)}
            )


class AnyTransformer(Foreign, Component):
    """What changes features before a classifier sees them, by its dotted path, with `fit` and `transform`."""

    mixin: ClassVar[type] = TransformerMixin
    what: ClassVar[str] = "transformer"
    methods: ClassVar[tuple[str, ...]] = ("fit", "transform")
