"""Answers that talk to the person instead of being a prompt, in English and Chinese."""

import re

from core.models.text import StepKind

# What only a model says of itself; a source that is like it makes an answer like it.
_REFUSAL = re.compile(
    r"(?:but |however,? )?"
    r"(?:(?:(?:i['’]m|i am) (?:really |very |so |truly )?(?:sorry|afraid)|sorry|"
    r"(?:my )?apologies|i apologi[sz]e|unfortunately)\b[^\n]{0,60}?)?"
    r"\b(?:i|we)(?: (?:cannot|can not|will not|am unable to|am not able to|"
    r"must decline to|must refuse to|do not|refuse to)|"
    r"['’]m (?:unable to|not able to|not going to)|"
    r" can['’]t| won['’]t| don['’]t)(?: be able to)?"
    r"(?: \w+ly)? (?:assist|help (?:you|with)|create|generate|fulfil+|comply|provide|translate|"
    r"rewrite|enhance|produce|complete|process|engage|support|follow|do (?:that|this|so)|"
    r"continue|respond|write|discuss|share|reveal|disclose|tell you|answer|see any|"
    r"feel comfortable|have (?:the ability|access))\b"
    r"|as an? (?:ai|large language|language model|artificial intelligence)\b"
    r"|i['’]?(?: a)?m (?:just |only )?an? (?:ai|large language|language model|assistant)\b"
    r"|(?:this|your|that|the) (?:request|content|text|prompt) (?:violates|goes against|"
    r"cannot be|can['’]t be|contains? (?:inappropriate|explicit|harmful))"
    r"|(?:非常|很|实在)?(?:抱歉|对不起|不好意思|遗憾)[，,。！!]?[^\n]{0,20}?(?:无法|不能|没办法|拒绝)"
    r"|(?:我|本模型)?(?:不能|无法|没办法|拒绝)(?:为您|为你|帮您|帮你|帮助|直接|再)?(?:帮|分享|透露|告诉|满足|提供|完成|"
    r"处理|协助|生成|创作|翻译|优化|改写|执行|遵循|回答|回应|讨论)"
    r"|作为(?:一个|一名|一款|一位)?(?:人工智能|AI|语言模型|大语言模型|大型语言模型)"
    r"|我(?:是|只是)(?:一个|一款|一名)?(?:人工智能|AI|语言模型|大语言模型)",
    re.IGNORECASE,
)
_OF_A_MODEL = re.compile(r"\bAI\b|language model|人工智能|语言模型", re.IGNORECASE)
# What a sign in a picture might say too, when the source denies something as well.
_DENIAL = re.compile(
    r"(?:but |however,? )?"
    r"(?:(?:i['’]m|i am) (?:really |very |so )?(?:sorry|afraid)\b|sorry[,.!]|"
    r"apologies\b|i (?:cannot|can['’]t|can not|won['’]t|will not|do not|don['’]t|am unable|"
    r"am not able|must decline|refuse)\b|i['’]m (?:unable|not able|not going)\b|"
    r"(?:no|nope|never)[.!,] (?=\D)"
    r"|(?:非常|很)?(?:抱歉|对不起|不好意思)[，,。！!]|我(?:不能|无法|没办法|不会|拒绝)|不[。！!，,])",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:sorry|apolog|unfortunately|can(?:no|['’])t|unable|won['’]t|don['’]t|do not|refuse)"
    r"|\A\W*(?:no|nope|never|non|nein|ne|nie|nunca)\b"
    r"|抱歉|对不起|不好意思|遗憾|不能|无法|没办法|不会|不想|不要|不是|不知|没有|拒绝|\A\W*不",
    re.IGNORECASE,
)
_HAN = re.compile("[\u4e00-\u9fff]")
_ASKS = re.compile(
    r"(?:(?:what|which|how|where|who)(?: \w+){0,4} (?:would|do|should|can|could) (?:you|i)\b"
    r"|(?:could|can|would|will) you (?:please )?(?:provide|clarify|share|specify|tell|give|like|"
    r"describe|confirm|paste)\b|do you (?:want|need|mean|have)\b|how (?:can|may) i (?:help|assist)"
    r"|please (?:provide|share|clarify|specify|paste|tell me|give me|send)\b"
    r"|it (?:seems|looks like|appears) (?:that )?(?:you|your|there|the (?:text|prompt))\b"
    r"|(?:there is|there['’]s) no (?:text|prompt)\b|i (?:need|require) more\b"
    r"|(?:hello|hi)[!,.] (?:how|what|i)\b"
    r"|请(?:提供|告诉我|说明|输入|问)|(?:您|你)(?:想要|想让|希望|需要|是指|能否|可以告诉)"
    r"|能否(?:提供|告诉)|有什么(?:可以|能)|看起来(?:你|您)|(?:您|你)好[，,！!]?(?:我|请|有|很高兴))",
    re.IGNORECASE,
)
_FIRST = re.compile(r"^[^\w\n]{0,8}(?:1\s?[.)、:：]|第一)", re.MULTILINE)
_SECOND = re.compile(r"(?:^|\s)[^\w\s]{0,4}2\s?[.)、:：](?=\s*\D)")
_OPTION = re.compile(
    r"^[^\w\n]{0,8}(?:option|version|variation|variant|alternative|prompt|选项|方案|版本|提示词)"
    r"[ #]{0,3}(?:[1-9A-D]\b|[1-9一二三四])",
    re.IGNORECASE | re.MULTILINE,
)


def is_talk(text: str, source: str, kind: StepKind) -> bool:
    """A refusal, a question back, or several prompts to choose from.

    A source that is like it itself makes an answer like it: "我不能没有你" is "I cannot ...".
    """
    return _refuses(text, source, kind) or _asks(text, source) or _offers(text, source)


def _refuses(text: str, source: str, kind: StepKind) -> bool:
    """We know denials in English and Chinese; a source of another language may hold one."""
    if _REFUSAL.match(text) and not (_REFUSAL.search(source) or _OF_A_MODEL.search(source)):
        return True
    if kind is StepKind.TRANSLATE and not _HAN.search(source):
        return False
    return bool(_DENIAL.match(text)) and not _DENIED.search(source)


def _asks(text: str, source: str) -> bool:
    return bool(_ASKS.match(text)) and not (_ASKS.search(source) or source.endswith(("?", "？")))


def _offers(text: str, source: str) -> bool:
    first = _FIRST.search(text)
    if first and _SECOND.search(text, first.end()) and not _FIRST.search(source):
        return True
    return len(_OPTION.findall(text)) > len(_OPTION.findall(source)) + 1
