"""Chinese and Korean names in Cyrillic: told by a known surname and syllables of the usual transcription."""

import re
from collections.abc import Sequence

_SURNAMES = frozenset(
    """
    ван ли чжан лю чэнь ян чжао хуан чжоу у сюй сунь ма чжу ху го хэ линь гао ло чжэн лян се сун тан хань фэн дэн цао
    пэн цзэн сяо тянь дун юань пань юй цзян цай чэн вэй шэнь лу дин яо фань фан су цзя ся си мао доу кун бай цуй кан
    цинь ши хоу гу мэн лун вань дуань цянь инь чан лай гун вэнь цю хун цзинь тао лэй и ню сюэ е жэнь люй янь тун лоу
    ким пак цой чхве чон чо юн лим хан син квон хван пэк нам мун
    """.split()  # noqa: SIM905 - words read best as words
)
_SYLLABLE = (
    "(?:чж|цз|чх|кх|тх|пх|[бпмфдтнлгкхцсчшжвр])?"
    "(?:уань|юань|янь|ань|энь|инь|унь|юнь|юэ|юй|уай|уэй|вэй|вай|ань|ян|ин|ун|юн|ан|эн|он|ен|ём|ам|ом|им|эк|ук|ок|ак|ик|"
    "ай|эй|ао|оу|уа|уо|уй|яо|ю|я|е|и|ы|у|о|а|э|эр|иль|ир|ер|ор|ир|оль|эль|уль)"
)
_GIVEN = re.compile(f"(?:{_SYLLABLE}){{1,2}}(?:-(?:{_SYLLABLE}){{1,2}})?")
_EUROPEAN = frozenset(
    """
    анна юлия мария инна нина лена яна ян иван роман антон марина ирина алина елена полина галина евгения
    """.split()  # noqa: SIM905 - words read best as words
)


def is_asian_name(words: Sequence[str]) -> bool:
    """Tell whether a name of two or three words is written as Chinese and Korean ones are."""
    if not 2 <= len(words) <= 3:
        return False
    low = [word.lower() for word in words]
    rest = low[1:]
    return low[0] in _SURNAMES and not _EUROPEAN.intersection(rest) and all(_GIVEN.fullmatch(word) for word in rest)
