"""Brevity: values of a scenario in few letters."""


def in_few_letters(value: object) -> str:
    """Write a value of a scenario in few letters: a component by its kind and dials, and what it holds in brackets."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(in_few_letters, value))}]"
    if not isinstance(value, dict):
        return str(value)
    dials = ", ".join(_dial(key, each) for key, each in value.items() if key != "kind")
    # Of a dotted path, the name of the class says enough.
    return f"{str(value.get('kind', '')).rpartition('.')[2]} {dials}".strip()


def _dial(key: str, value: object) -> str:
    if isinstance(value, bool):
        return key if value else f"not {key}"
    return f"{key} ({in_few_letters(value)})" if isinstance(value, dict) and len(value) > 1 else f"{key} {in_few_letters(value)}"
