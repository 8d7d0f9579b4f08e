"""How far long work is, as a bar that every terminal can draw."""


def bar(done: int, total: int, cells: int = 20) -> str:
    """`[####----]`, `cells` wide without its ends. What was only estimated may be exceeded: the bar is full then."""
    full = min(max(done, 0) * cells // max(total, 1), cells)
    return f"[{'#' * full}{'-' * (cells - full)}]"
