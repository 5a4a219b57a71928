"""Posts to newsgroups, as scikit-learn's loader fetches and keeps them."""

import pickle  # noqa: TID251 (to see what a file would do, not to believe it)
import zlib
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field
from sklearn.datasets import fetch_20newsgroups

from bus.chance import Chance, number_of
from bus.table import nearest
from scenarios.errors import BadInput
from scenarios.source import Dataset, Name, Source, indexed
from scenarios.sources.fetching import cache_folder, fetching
from scenarios.text_features import AnyTextFeatures, features_of

_CACHE = "20news-bydate_py3.pkz"

_HARMLESS = {
    ("sklearn.utils", "Bunch"),
    ("sklearn.utils._bunch", "Bunch"),
    ("numpy", "dtype"),
    ("numpy", "ndarray"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy.core.numeric", "_frombuffer"),
    ("numpy._core.numeric", "_frombuffer"),
}
"""All that the loader itself ever pickles: tables of texts and of arrays."""


class Newsgroups(Source):
    """Some 18,000 posts to 20 newsgroups of 1993 (Lang, 1995, parted by date), as text; the class is the newsgroup.

    scikit-learn's loader fetches them (14 MB, checked by SHA-256), and keeps them pickled. To unpickle is to run what a file says:
    so before the loader does it, the file is looked through, and refused if it would make anything but the loader's own tables.
    """

    kind: ClassVar[str] = "20newsgroups"

    subset: Literal["train", "test", "all"] = "train"
    """The 11,314 older posts, the 7,532 newer ones, or all."""
    categories: Annotated[tuple[Name, ...], Field(min_length=2)] | None = None
    """The newsgroups, such as "sci.med"; left out, all."""
    remove: tuple[Literal["headers", "footers", "quotes"], ...] = ()
    """What is taken out of the posts, lest models go by who wrote them."""
    cache: Name | None = None
    """The folder in which they are kept; relative to the folder of the scenario. Left out, scikit-learn's, in the home folder."""
    download: bool = True
    """Whether they are fetched if they are not there."""
    text_features: AnyTextFeatures | None = None
    """What is counted in a post; left out, words."""

    def load(self, folder: Path, chance: Chance, features: bool) -> Dataset:
        """Return the posts, with ids such as "post-00017": neither id nor place says which newsgroup one is from."""
        cache = cache_folder(folder, self.cache)
        instead = f"copy {_CACHE} there from where it is, such as ~/scikit_learn_data on a machine that has fetched it"
        with fetching("20newsgroups", cache, instead, self.download):
            for path in sorted(cache.glob("20news-bydate*.pkz")):
                _refuse_harm(path)
            bunch = fetch_20newsgroups(
                data_home=cache,
                subset=self.subset,
                shuffle=False,
                remove=self.remove,
                download_if_missing=self.download,
                n_retries=1,
            )
            found = [*zip(bunch.data, (bunch.target_names[place] for place in bunch.target), strict=True)]
        for name in self.categories or ():
            if name not in bunch.target_names:
                raise BadInput(f"20newsgroups: there is no newsgroup {name!r}; {nearest(name, bunch.target_names)}")
        posts = sorted(
            ((text, group) for text, group in found if self.categories is None or group in self.categories),
            key=lambda post: (number_of(post[0]), post),
        )
        truth, classes = indexed([group for _, group in posts])
        matrix = None
        if features:
            try:
                matrix = features_of([text for text, _ in posts], self.text_features)
            except ValueError:
                raise BadInput("20newsgroups: there are no words in these posts that could be features") from None
        return Dataset([f"post-{number:05d}" for number in range(len(posts))], matrix, truth, classes)


class _Harmless(pickle.Unpickler):
    """Unpickles tables, texts, numbers and arrays, and nothing that could do anything."""

    def find_class(self, module: str, name: str) -> Any:
        """Return what the loader pickles, and refuse all else."""
        if (module, name) not in _HARMLESS:
            raise BadInput(f"it would run {module}.{name}, which the loader never writes")
        return super().find_class(module, name)


def _refuse_harm(path: Path) -> None:
    """Refuse a file of the loader that would do something when it is unpickled, or that is damaged."""
    delete = "delete it, and it is fetched again"
    try:
        found = _Harmless(BytesIO(zlib.decompress(path.read_bytes()))).load()
        texts = [text for part in ("train", "test") for text in found[part].data]
        whole = all(isinstance(text, str) for text in texts)
    except BadInput as error:
        raise BadInput(f"{path}: {error}; {delete}") from None
    except Exception:  # Damaged pickles raise almost anything.
        whole = False
    if not whole:
        raise BadInput(f"{path}: this is not the file that scikit-learn's loader keeps, or a damaged one; {delete}")
