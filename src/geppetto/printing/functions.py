"""PDF's functions (ISO 32000, 7.10): what gradients and inks of a name take their colours from."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pikepdf import Array

_TOKEN = re.compile(rb"[{}]|[^\s{}]+")
_TWO: dict[str, Callable[[Any, Any], Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": lambda a, b: a / b if b else 0.0,
    "idiv": lambda a, b: int(a / b) if b else 0,
    "mod": lambda a, b: math.fmod(a, b) if b else 0.0,
    "atan": lambda a, b: math.degrees(math.atan2(a, b)) % 360,
    "exp": lambda a, b: a**b,
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
    "and": lambda a, b: a and b if isinstance(a, bool) else int(a) & int(b),
    "or": lambda a, b: a or b if isinstance(a, bool) else int(a) | int(b),
    "xor": lambda a, b: a != b if isinstance(a, bool) else int(a) ^ int(b),
    "bitshift": lambda a, b: int(a) << int(b) if b >= 0 else int(a) >> -int(b),
}
_ONE: dict[str, Callable[[Any], Any]] = {
    "abs": abs,
    "neg": operator.neg,
    "ceiling": math.ceil,
    "floor": math.floor,
    "round": lambda a: math.floor(a + 0.5),
    "truncate": math.trunc,
    "sqrt": lambda a: math.sqrt(max(a, 0.0)),
    "sin": lambda a: math.sin(math.radians(a)),
    "cos": lambda a: math.cos(math.radians(a)),
    "ln": lambda a: math.log(a) if a > 0 else 0.0,
    "log": lambda a: math.log10(a) if a > 0 else 0.0,
    "cvi": math.trunc,
    "cvr": float,
    "not": lambda a: not a if isinstance(a, bool) else ~int(a),
}


def evaluate(function: Any, inputs: Sequence[float]) -> list[float]:
    """Give a function's values, or those of several functions of one value each.

    Raises:
        ValueError: it is no function that PDF knows.
    """
    if isinstance(function, Array):
        return [value for one in function for value in evaluate(one, inputs)]
    bounded = _clipped(inputs, _numbers(function, "/Domain"))
    kind = int(function.FunctionType)
    makers = {0: _sampled, 2: _exponential, 3: _stitched, 4: _calculated}
    if kind not in makers:
        raise ValueError(f"a function of type {kind}")
    values = makers[kind](function, bounded)
    return _clipped(values, _numbers(function, "/Range"))


def _numbers(function: Any, key: str) -> list[float]:
    return [float(one) for one in function.get(key, [])]


def _clipped(values: Sequence[float], bounds: Sequence[float]) -> list[float]:
    if not bounds:
        return list(values)
    pairs = zip(values, bounds[::2], bounds[1::2], strict=False)
    return [min(max(value, low), high) for value, low, high in pairs]


def _exponential(function: Any, inputs: Sequence[float]) -> list[float]:
    first = _numbers(function, "/C0") or [0.0]
    last = _numbers(function, "/C1") or [1.0]
    part = inputs[0] ** float(function.N) if inputs[0] or float(function.N) else 0.0
    return [a + part * (b - a) for a, b in zip(first, last, strict=True)]


def _stitched(function: Any, inputs: Sequence[float]) -> list[float]:
    low, high = _numbers(function, "/Domain")
    limits = [low, *_numbers(function, "/Bounds"), high]
    which = sum(inputs[0] >= one for one in limits[1:-1])
    begin, end = limits[which], limits[which + 1]
    encoded = _numbers(function, "/Encode")[2 * which : 2 * which + 2]
    part = (inputs[0] - begin) / (end - begin) if end > begin else 0.0
    return evaluate(function.Functions[which], [encoded[0] + part * (encoded[1] - encoded[0])])


def _sampled(function: Any, inputs: Sequence[float]) -> list[float]:
    """Take the samples around the inputs, as near as each is (ISO 32000, 7.10.2)."""
    sizes = [int(one) for one in function.Size]
    domain, bounds = _numbers(function, "/Domain"), _numbers(function, "/Range")
    count, bits = len(bounds) // 2, int(function.BitsPerSample)
    encode = _numbers(function, "/Encode") or [n for size in sizes for n in (0, size - 1)]
    decode = _numbers(function, "/Decode") or bounds
    data = function.read_bytes()
    corners: list[tuple[int, float]] = [(0, 1.0)]
    step = 1
    for index, size in enumerate(sizes):
        at = _between(inputs[index], domain[2 * index :], encode[2 * index :])
        at = min(max(at, 0.0), size - 1)
        low = min(int(at), max(size - 2, 0))
        near = at - low
        sides = [(low, 1 - near), (min(low + 1, size - 1), near)]
        corners = [
            (place + one * step, weight * part)
            for place, weight in corners
            for one, part in sides
            if part
        ]
        step *= size
    values = []
    for n in range(count):
        raw = sum(_sample(data, place * count + n, bits) * weight for place, weight in corners)
        values.append(_between(raw, [0, 2**bits - 1], decode[2 * n :]))
    return values


def _between(value: float, ends: Sequence[float], onto: Sequence[float]) -> float:
    if ends[1] == ends[0]:
        return onto[0]
    return onto[0] + (value - ends[0]) * (onto[1] - onto[0]) / (ends[1] - ends[0])


def _sample(data: bytes, index: int, bits: int) -> int:
    first, last = index * bits // 8, ((index + 1) * bits + 7) // 8
    held = int.from_bytes(data[first:last], "big")
    below = last * 8 - (index + 1) * bits
    return (held >> below) % (1 << bits)


def _calculated(function: Any, inputs: Sequence[float]) -> list[float]:
    """Run a function that is written as a PostScript calculator (ISO 32000, 7.10.5)."""
    tokens = iter(_TOKEN.findall(function.read_bytes()))
    if next(tokens, b"") != b"{":
        raise ValueError("a calculator without braces")
    stack: list[Any] = list(inputs)
    _run(_procedure(tokens), stack)
    return [float(one) for one in stack[-len(_numbers(function, "/Range")) // 2 :]]


def _procedure(tokens: Iterator[bytes]) -> list[Any]:
    made: list[Any] = []
    for token in tokens:
        if token == b"{":
            made.append(_procedure(tokens))
        elif token == b"}":
            return made
        else:
            made.append(_read(token.decode("latin-1")))
    raise ValueError("a calculator that does not end")


def _read(token: str) -> Any:
    try:
        return float(token) if "." in token else int(token)
    except ValueError:
        return {"true": True, "false": False}.get(token, token)


def _run(procedure: Sequence[Any], stack: list[Any]) -> None:
    try:
        for one in procedure:
            if isinstance(one, str):
                _step(one, stack)
            else:
                stack.append(one)
    except (IndexError, TypeError, OverflowError) as fault:
        raise ValueError(f"a calculator that stops: {fault}") from fault


def _step(word: str, stack: list[Any]) -> None:
    if word in _TWO:
        second, first = stack.pop(), stack.pop()
        stack.append(_TWO[word](first, second))
    elif word in _ONE:
        stack.append(_ONE[word](stack.pop()))
    elif word in {"if", "ifelse"}:
        other = stack.pop() if word == "ifelse" else []
        chosen = stack.pop()
        _run(chosen if stack.pop() else other, stack)
    else:
        _moved(word, stack)


def _moved(word: str, stack: list[Any]) -> None:
    """Do what only moves values about."""
    if word == "pop":
        stack.pop()
    elif word == "exch":
        stack[-1], stack[-2] = stack[-2], stack[-1]
    elif word == "dup":
        stack.append(stack[-1])
    elif word == "copy":
        count = int(stack.pop())
        stack.extend(stack[len(stack) - count :])
    elif word == "index":
        stack.append(stack[-1 - int(stack.pop())])
    elif word == "roll":
        by, count = int(stack.pop()), int(stack.pop())
        held = stack[len(stack) - count :]
        by = by % count if count else 0
        stack[len(stack) - count :] = held[count - by :] + held[: count - by]
    else:
        raise ValueError(f"a calculator that says {word}")
