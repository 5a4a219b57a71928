"""Names out of a file, in as many columns of a terminal as there are for them."""

from rich.cells import cell_len, set_cell_size


def printable(text: object) -> str:
    """Return a text on one line, in which nothing can move a terminal's cursor."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in str(text))


def quoted(name: object, most: int) -> str:
    """Return a name as text that is told from the words around it, in so many columns at most."""
    text = printable(name)
    return shortened(text, most) if text and " " not in text else f'"{shortened(text, most - 2)}"'


def shortened(text: str, most: int) -> str:
    """Return a text in so many columns at most, without its middle if it is too long: names differ at their ends."""
    if cell_len(text) <= most:
        return text
    end = len(text)
    while end and cell_len(text[end - 1 :]) <= most // 2:
        end -= 1
    return cut(text, most - cell_len(text[end:])) + text[end:]


def cut(text: str, most: int) -> str:
    """Return a text in so many columns at most, without its end if it is too long."""
    return text if cell_len(text) <= most else set_cell_size(text, max(0, most - 1)).rstrip() + "…"
