"""What text models put around a prompt, taken off. When in doubt, it stays."""

import json
import re

from core.models.text import StepKind

_THOUGHT_END = re.compile(r"</(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_THOUGHT = re.compile(r"\s*<(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
# Ours, and the ends of a turn that a server forgot to take off.
_TAG = re.compile(
    r"</?prompt-[0-9a-f]{4,64}>|<\|im_start\|>(?:assistant|system|user)?|<\|[a-z_]{1,20}\|>|</s>\s*\Z",
    re.IGNORECASE,
)
_WRAPPER = re.compile(
    r"<((?:[a-z]{1,20}[_-])?(?:prompt|answer|output|result|text|translation))>(.*)</\1>",
    re.DOTALL | re.IGNORECASE,
)
_FENCE = "```"
_FENCE_LANGUAGE = re.compile(r"[^\S\n]*([\w+-]{0,20})[^\S\n]*\n")
_PROSE_FENCES = ("", "text", "txt", "plain", "plaintext", "markdown", "md", "prompt", "json")
_JSON_NAMES = ("prompt", "text", "translation", "enhanced_prompt", "result")

# Words that stand before "prompt" where a model announces one.
_WHICH = (
    r"(?:(?:the|your|an?|my|one|this|enhanced|improved|refined|rewritten|translated|english|"
    r"chinese|image|image-generation|generation|text-to-image|final|vivid|detailed|concrete|"
    r"more|polished|revised|updated|optimi[sz]ed|expanded|enriched|faithful|direct|possible|"
    r"suggested|complete|new|richer),?[ ]){0,6}"
)
_WHAT = r"(?:prompt|translation|version|rewrite|description)\b"
_MARK = r"(?:[ ]?[:：]|[.!]?(?=[ \t]*\n))"
_REST = r"[^:：\n]{0,80}?"
_WHICH_ZH = r"(?:优化|增强|润色|改写|翻译|扩写|完善|生成|英文|中文|英语|最终|修改)"
_WHAT_ZH = r"(?:提示词|提示语|译文|翻译|版本|描述|结果|文本|内容|英文|prompt)"

_OPENER = re.compile(
    r"(?:(?:sure(?: thing)?|certainly|of course|absolutely|okay|ok|alright|got it|no problem|"
    r"understood|with pleasure)(?:[!,.:](?=\s)|[ ][—–-](?=\s)|(?=[ \t]*\n))"
    r"|(?:i can (?:definitely |certainly )?help|i['’]d be (?:happy|glad) to|"
    r"(?:i['’]m )?(?:happy|glad) to (?:help|assist)|great (?:choice|idea|prompt|concept))"
    r"[^.!:\n]{0,60}[.!:](?=\s)"
    r"|(?:好的|好|当然(?:可以)?|没问题|可以|明白了?|收到)(?:[！!，,。.：:～~]+|(?=[ \t]*\n)))\s*",
    re.IGNORECASE,
)
_INTRODUCTION = re.compile(
    rf"(?:here(?:['’]s|[ ]is|[ ]are)[ ](?:{_WHICH}{_WHAT}{_REST}{_MARK}"
    rf"|(?:the|your)[ ](?:\w{{2,20}}[ ])?text\b{_REST}[:：])"
    rf"|here[ ](?:you[ ]go|it[ ]is){_MARK}"
    rf"|i(?:['’]ve|[ ]have|['’]ll|[ ]will)[ ](?:enhanced|improved|rewritten|translated|"
    rf"rewrite|translate|enhance)\b{_REST}{_MARK}"
    rf"|(?:translated|rendered)[ ](?:in)?to[ ]\w{{2,20}}{_REST}[:：]"
    rf"|(?:以下|下面|这)(?:是|为)[^：:\n]{{0,20}}(?:{_WHICH_ZH}(?:后|的)|提示词|提示语|译文|翻译|"
    rf"版本|结果|内容|prompt)[^：:\n]{{0,20}}(?:[：:]|。?(?=[ \t]*\n))"
    rf"|the[ ]{_WHICH}{_WHAT}{_REST}[:：](?=[ \t]*\n)"
    r"|(?:给您|给你|assistant|(?:原文|original)[^:：\n]{0,20}[:：][^\n]*\n)[ ]?[:：]?"
    # A whole line that speaks of the two of us and ends in a colon.
    rf"|[^\n]{{0,200}}\b(?:i|my|you|your|here)\b[^\n]{{0,200}}:[ \t]*(?=\n)"
    rf"|[^\n]{{0,60}}(?:您|你|我|以下|下面)[^\n]{{0,60}}[：:][ \t]*(?=\n)"
    rf")\s*",
    re.IGNORECASE,
)
_LABEL = re.compile(
    rf"(?:(?!an?[ ]){_WHICH}{_WHAT}(?:[ ]\([^)\n]{{1,30}}\)|[ ](?:in|to)[ ]\w{{2,20}})?"
    r"(?:[ ]is(?=[:：\s]))?(?:[ ]?[:：]|(?=[ \t]*\n\s*\n))"
    r"|(?:in[ ])?(?:english|chinese)(?:,?[ ](?:this|it|that)[ ]is)?[ ]?[:：]"
    r"|(?:rewritten|enhanced|translated|translation|output|answer|result)[:：]"
    rf"|(?:您的|你的)?{_WHICH_ZH}?(?:后|结果|如下|后?的)?(?:{_WHAT_ZH}|{_WHICH_ZH}版?|输出)"
    r"(?:后|结果|如下)?(?:（[^）\n]{1,10}）|\([^)\n]{1,10}\))?(?:[：:]|(?=[ \t]*\n\s*\n))"
    r")\s*",
    re.IGNORECASE,
)
# From such a line on, all that follows is about the prompt, not of it.
_AFTERWORD = re.compile(
    r"\n[ \t]{0,8}[(（*_#>-]{0,4}[ \t]{0,8}"
    r"(?:(?:please )?let me know\b|i hope\b|hope (?:this|that)\b|feel free\b|"
    r"if you(?:'d|’d| would| need| want| like| prefer)\b|would you like\b|"
    r"do you want me\b|(?:translator's |translator’s )?notes?(?: on\b[^:\n]{0,40})?[*_]{0,2}[:：]|"
    r"explanation[*_]{0,2}[:：]|(?:key )?(?:changes|improvements|enhancements)\b[^:\n]{0,30}[:：]|"
    r"why (?:this|it) works|(?:pro )?tips?[*_]{0,2}[:：]|negative prompt[*_]{0,2}[:：]|"
    r"i(?:'ve|’ve| have) (?:added|kept|enhanced|used|preserved|made|included)\b|"
    r"this (?:prompt|version|translation|rewrite|description) (?:is|has|keeps|adds|uses|"
    r"captures|includes|should|will|preserves|maintains)\b|alternatively\b|enjoy!|"
    r"希望(?:这|对|能帮|以上|您|你)|如果(?:你|您|需要)|如需|如有|请告诉我|需要我|您(?:可以|看)|"
    r"(?:备?注|注意|说明|解释|注释|翻译说明|修改说明)[*_]{0,2}[：:])",
    re.IGNORECASE,
)
_LAST_WORDS = re.compile(
    r"[ \t]*[(（](?:I |Note\b|注)[^()（）\n]{0,300}[)）]\s*$|"
    r"(?<=[.!?。！？\"”])[ \t]*(?:(?:please )?let me know (?:if|whether|how)\b|"
    r"i hope (?:this|that|it|you)\b|hope this helps|feel free to\b|would you like me to\b|"
    r"if you(?:'d|’d| would) like\b|希望(?:这|对您|对你|能帮)|如果(?:你|您)|如需|请告诉我)[^\n]*$",
    re.IGNORECASE,
)
# A rule or a heading, and what follows: no prompt has sections.
_SECTION = re.compile(r"\n[ \t]{0,8}(?:[-*_]{3,}[ \t]*(?:\n|\Z)|#{1,6}[ \t])")
_QUOTES = {'"': '"', "“": "”", "「": "」", "『": "』", "'": "'", "‘": "’", "`": "`", "*": "*"}
_BOLD = re.compile(r"\*\*|__(?=\S)|(?<=\S)__")
_HEADING = re.compile(r"#{1,6}[ \t]+|>[ \t]+")
# Of one line only; several are a list, and what is numbered further are alternatives.
_BULLET = re.compile(r"(?:[-*•+]|1[.)、](?![^\n]*\s2[.)、]))[ \t]+(?=[^\n]*\Z)")
_RULE = re.compile(r"[-*_]{3,}[ \t]*(?:\n|\Z)")
_LAST_RULE = re.compile(r"\n[-*_]{3,}\Z")
_LINE = re.compile(r"[^\s][^\n]*")
_SENTENCE = re.compile(r"[.!?。！？]+(?=\s|\Z|[^\W\d_a-zA-Z])")
_COLON = re.compile(r"[:：]")
_ROUNDS = 8  # of taking off; nobody wraps a prompt in more
_LAST_CHARACTERS = 500


class Fenced(ValueError):
    """Several fences, or one of a programming language."""


def without_chatter(answer: str, source: str, kind: StepKind) -> str:
    """The prompt inside an answer; what already was in the source is never taken for chatter.

    A translation says what its source says in other words: there only what it has in surplus,
    a line, a sentence, a colon, can be chatter.
    """
    translated = kind is StepKind.TRANSLATE
    text = _TAG.sub("", _thoughtless(answer)).strip()
    text = _unpacked(text if _FENCE in source else _unfenced(text))
    for _ in range(_ROUNDS):
        before = text
        text = _without_marks(_unwrapped(text).strip(), source).strip()
        text = _without_opening(text, source, translated=translated).strip()
        text = _without_ending(text, source, translated=translated).strip()
        text = _without_quotes(text).strip()
        if text == before:
            break
    return text


def _thoughtless(answer: str) -> str:
    """Behind the last thought; one that never ends leaves nothing."""
    ends = list(_THOUGHT_END.finditer(answer))
    if ends:
        return answer[ends[-1].end() :]
    return "" if _THOUGHT.match(answer) else answer


def _unfenced(text: str) -> str:
    before, *inside = text.split(_FENCE)
    if not inside:
        return before
    if len(inside) > 2:  # noqa: PLR2004 - what is inside, what comes after
        raise Fenced
    language = _FENCE_LANGUAGE.match(inside[0])
    if language and language[1].lower() not in _PROSE_FENCES:
        raise Fenced
    return inside[0][language.end() if language else 0 :].strip()


def _unpacked(text: str) -> str:
    """The one text of a JSON object; every other one is left as it is."""
    if not text.startswith("{"):
        return text
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if isinstance(value, dict) and len(value) == 1:
        ((name, inside),) = value.items()
        if name in _JSON_NAMES and isinstance(inside, str):
            return inside.strip()
    return text


def _unwrapped(text: str) -> str:
    match = _WRAPPER.fullmatch(text)
    return match[2] if match else text


def _without_marks(text: str, source: str) -> str:
    if "**" not in source and "__" not in source:
        text = _BOLD.sub("", text)
    for mark in (_RULE, _HEADING, _BULLET):
        match = mark.match(text)
        if match and not mark.match(source.lstrip()):
            text = text[match.end() :]
    return text if _LAST_RULE.search(source) else _LAST_RULE.sub("", text)


def _without_opening(text: str, source: str, *, translated: bool) -> str:
    for opening in (_OPENER, _INTRODUCTION, _LABEL):
        match = opening.match(text)
        if not match or opening.match(source.lstrip()):
            continue
        if not translated or _has_more(text, source, opening):
            text = text[match.end() :]
    return text


def _has_more(text: str, source: str, opening: re.Pattern[str]) -> bool:
    if _more(_LINE, text, source):
        return True
    if opening is _OPENER:
        introduces = _INTRODUCTION.search(text) or _LABEL.search(text)
        return _more(_SENTENCE, text, source) or bool(introduces and _more(_COLON, text, source))
    return _more(_COLON, text, source)


def _more(sign: re.Pattern[str], text: str, source: str) -> bool:
    return len(sign.findall(text)) > len(sign.findall(source))


def _without_ending(text: str, source: str, *, translated: bool) -> str:
    match = _AFTERWORD.search(text)
    told = bool(_AFTERWORD.search(f"\n{source}"))
    if match and not told and (not translated or _more(_LINE, text, source)):
        text = text[: match.start()]
    match = _SECTION.search(text)
    told = bool(_SECTION.search(f"\n{source}"))
    if match and not told and (not translated or _more(_LINE, text, source)):
        text = text[: match.start()]
    if _LAST_WORDS.search(source[-_LAST_CHARACTERS:]):
        return text
    if translated and not _more(_SENTENCE, text, source):
        return text
    head, tail = text[:-_LAST_CHARACTERS], text[-_LAST_CHARACTERS:]
    return head + _LAST_WORDS.sub("", tail)


def _without_quotes(text: str) -> str:
    """One pair around the whole, when none of its kind is inside."""
    opening = text[:1]
    closing = _QUOTES.get(opening)
    inside = text[1:-1]
    if closing is None or len(text) < 2 or text[-1] != closing:  # noqa: PLR2004 - a pair
        return text
    return text if opening in inside or closing in inside else inside
