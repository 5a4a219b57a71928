"""What scikit-learn's loaders fetch from the net, once, and keep in a folder."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sklearn.datasets import get_data_home

from scenarios.errors import BadInput


def cache_folder(folder: Path, cache: str | None) -> Path:
    """Return the folder in which a loader keeps what it has fetched.

    Args:
        folder: what relative paths start from.
        cache: the folder; None for scikit-learn's own.

    Raises:
        BadInput: it cannot be made.
    """
    where = None if cache is None else folder / Path(cache).expanduser()
    try:
        return Path(get_data_home(where))
    except (OSError, ValueError, RuntimeError) as error:
        raise BadInput(
            f"{where or 'the folder of scikit-learn for data'}: it cannot be used ({_why(error)}); say another in data.cache"
        ) from None


@contextmanager
def fetching(what: str, cache: Path, instead: str, download: bool) -> Iterator[None]:
    """Let a loader of scikit-learn work, and say what to do where it cannot.

    Args:
        what: what is fetched, for messages.
        cache: the folder in which it is kept.
        instead: what to do without a net.
        download: whether it may be fetched.

    Raises:
        BadInput: it could neither be found nor fetched, or is not what it should be.
    """
    try:
        # What they warn of: that they try again, and of data that others found wanting.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except BadInput:
        raise
    except OSError as error:
        # A URLError is one too.
        if download:
            raise BadInput(
                f"{what} is not in {cache}, and cannot be fetched ({_why(error)}); go online once, or {instead}"
            ) from None
        raise BadInput(f"{what} is not whole in {cache} ({_why(error)}); set download = true, or {instead}") from None
    except Exception as error:  # Loaders raise almost anything where a file or an answer is not what they expect.
        raise BadInput(f"{what} cannot be used: {_why(error)} (what was fetched is kept in {cache})") from None


def _why(error: Exception) -> str:
    text = " ".join(str(getattr(error, "reason", None) or error).split())
    return text[:300] or type(error).__name__
