"""Makes a text harmless for the markup of a chat product: what it says stays, what it could do goes."""

from __future__ import annotations

import unicodedata

# Full-width twins: they read the same and mean nothing to a parser. An address alone would become a link of its own.
_TWINS = str.maketrans(
    {
        "@": "＠", "<": "＜", ">": "＞", "&": "＆", "[": "［", "]": "］", "(": "（", ")": "）", "`": "｀", "*": "＊",
        "_": "＿", "~": "～", "#": "＃", "|": "｜", "!": "！", "\\": "＼", "{": "｛", "}": "｝",
    }
)  # fmt: skip


def harmless(text: str, limit: int = 500) -> str:
    """One line without markup, mention, link or invisible sign, of at most `limit` characters."""
    seen = "".join(sign if unicodedata.category(sign)[0] not in "CZ" else " " for sign in text)
    line = " ".join(seen.split()).translate(_TWINS)
    for scheme in ("://", ":/"):
        line = line.replace(scheme, "：／")
    return line[:limit]


def fitting(text: str, size: int) -> str:
    """The beginning of the text that fits into so many bytes of UTF-8."""
    return text.encode()[:size].decode("utf-8", "ignore")
