"""What a prompt asks a demo picture to show, in English and Chinese. Pure text work."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

_Words = tuple[str, str]

# Each feature: English words (plurals are understood), then Chinese substrings.
_FEATURES: Final[Mapping[str, _Words]] = {
    "snow": (
        "snow snowy snowing snowfall snowstorm blizzard winter wintry ice icy frozen arctic",
        "雪 冬 冰",
    ),
    "night": ("night nighttime midnight nocturnal", "夜 深宵"),
    "moon": ("moon moonlight moonlit moonrise", "月"),
    "stars": ("star starry starlight galaxy nebula", "星"),
    "aurora": ("aurora borealis", "极光 極光"),
    "sea": ("sea ocean seaside coast coastal shore island wave surf", "海 洋 浪 岛 島"),
    "beach": ("beach", "沙滩 沙灘"),
    "lake": ("lake pond river fjord water reflection", "湖 河 江 池 水"),
    "mountain": ("mountain mountainous peak alps alpine summit cliff", "山 峰 岭 嶺"),
    "forest": (
        "forest tree wood woods woodland pine jungle grove fir spruce",
        "森林 树 樹 林 松",
    ),
    "desert": ("desert dune sahara", "沙漠 沙丘 大漠"),
    "sunset": (
        "sunset dusk twilight evening sundown",
        "日落 黄昏 黃昏 夕阳 夕陽 晚霞 傍晚",
    ),
    "sunrise": ("sunrise dawn morning daybreak", "日出 黎明 清晨 早晨 朝霞"),
    "day": ("day daytime sunny noon sunshine", "白天 晴 阳光 陽光 正午"),
    "rain": ("rain rainy raining storm stormy drizzle downpour", "雨 暴风"),
    "fog": ("fog foggy mist misty haze hazy", "雾 霧 霾"),
    "cloud": ("cloud cloudy overcast", "云 雲"),
    "city": (
        "city cities skyline cityscape town urban skyscraper downtown metropolis cyberpunk",
        "城市 都市 城 摩天",
    ),
    "autumn": ("autumn autumnal fall maple", "秋 枫 楓"),
    "spring": (
        "spring flower flowery blossom bloom meadow wildflower cherry sakura garden",
        "春 花 樱 櫻",
    ),
    "grass": ("grass hill field prairie valley countryside", "草 田 丘陵 谷"),
    "bird": ("bird gull seagull geese goose crane", "鸟 鳥 雁 鹤"),
}

_FIGURES: Final[Mapping[str, _Words]] = {
    "fox": ("fox foxes vixen", "狐"),
    "cat": ("cat kitten kitty", "猫 貓"),
    "dog": ("dog puppy puppies hound retriever", "狗 犬"),
    "robot": ("robot android droid mech", "机器人 機器人"),
    "rocket": ("rocket spaceship spacecraft shuttle", "火箭 飞船 飛船"),
    "mug": ("mug cup coffee tea teacup", "杯 咖啡 茶"),
    "apple": ("apple fruit", "苹果 蘋果 水果"),
    "flower": ("flower tulip daisy daisies rose blossom", "花"),
    "planet": ("planet world globe sphere ball saturn", "球 行星 土星"),
}

_COLOURS: Final[Mapping[str, _Words]] = {
    "red": ("red crimson scarlet ruby", "红 紅 赤"),
    "orange": ("orange amber tangerine", "橙 橘"),
    "gold": ("gold golden yellow", "金 黄色 黃色"),
    "green": ("green emerald jade", "绿 綠"),
    "teal": ("teal turquoise cyan aqua", "青色 碧"),
    "blue": ("blue azure navy cobalt", "蓝 藍"),
    "purple": ("purple violet lavender magenta", "紫"),
    "pink": ("pink rosy", "粉"),
    "white": ("white", "白色 雪白"),
    "black": ("black", "黑"),
    "grey": ("grey gray silver", "灰 银 銀"),
    "brown": ("brown", "棕 褐"),
}

_LATIN_WORD: Final = re.compile(r"[a-zà-öø-ÿ]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A prompt reduced to known words: features wanted, features refused, colours, one figure."""

    features: frozenset[str]
    absent: frozenset[str]
    colours: tuple[str, ...]
    figure: str | None
    figure_colour: str | None

    def has(self, *names: str) -> bool:
        return not self.features.isdisjoint(names)

    def allows(self, *names: str) -> bool:
        """Whether the negative prompt leaves every one of `names` free to be chosen."""
        return self.absent.isdisjoint(names)


def read(prompt: str, negative: str = "") -> Scene:
    """Read a prompt and a negative prompt of any length and script into a `Scene`."""
    text, refused = prompt.casefold(), negative.casefold()
    absent = frozenset(_found(refused, _FEATURES))
    no_figures = frozenset(_found(refused, _FIGURES))
    no_colours = frozenset(_found(refused, _COLOURS))
    figure = next((f for f in _found(text, _FIGURES) if f not in no_figures), None)
    own = _colour_of_figure(text, figure) if figure else None
    colours = [c for c in _found(text, _COLOURS) if c not in no_colours and c != own]
    return Scene(
        features=frozenset(_found(text, _FEATURES)) - absent,
        absent=absent,
        colours=tuple(colours),
        figure=figure,
        figure_colour=own if own not in no_colours else None,
    )


def _found(text: str, vocabulary: Mapping[str, _Words]) -> list[str]:
    """Names of the entries that `text` mentions, in vocabulary order."""
    words = set(_singulars(_LATIN_WORD.findall(text)))
    return [
        name
        for name, (english, chinese) in vocabulary.items()
        if not words.isdisjoint(english.split()) or any(part in text for part in chinese.split())
    ]


def _singulars(words: Iterable[str]) -> Iterable[str]:
    for word in words:
        yield word
        for ending in ("s", "es"):
            if len(word) > len(ending) + 2 and word.endswith(ending):
                yield word.removesuffix(ending)


def _colour_of_figure(text: str, figure: str) -> str | None:
    """The colour written directly before the figure ("red fox", "红色的狐狸"), if any.

    Such a colour belongs to the figure and should not tint the whole picture.
    """
    english, chinese = _FIGURES[figure]
    for colour, (latin, han) in _COLOURS.items():
        before = rf"\b(?:{latin.replace(' ', '|')})[\s,-]+(?:[a-z]+\s+)?"
        if re.search(rf"{before}(?:{english.replace(' ', '|')})(?:s|es)?\b", text):
            return colour
        before = rf"(?:{han.replace(' ', '|')})色?的?(?:小|大)?"
        if re.search(rf"{before}(?:{chinese.replace(' ', '|')})", text):
            return colour
    return None
