"""Names in Latin letters whose surname stands first: Chinese and Korean; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_SURNAME_WORDS = """
Bai Cai Cao Cen Chen Cheng Cui Deng Ding Dong Du Duan Fan Fang Feng Fu Gao Geng Gong Gu Guo Han
Hao He Hou Hu Hua Huang Jia Jiang Jin Kong Lai Lei Li Liang Liao Lin Liu Long Lu Luo Lyu Ma Mao
Meng Mo Pan Peng Qian Qin Qiu Ren Shao Shen Shi Song Su Sun Tan Tang Tao Tian Wan Wang Wei Wen Wu
Xia Xiao Xie Xiong Xu Xue Yan Yang Yao Ye Yin Yu Yuan Zeng Zhang Zhao Zheng Zhong Zhou Zhu Zou
"""
_SURNAMES = frozenset(_SURNAME_WORDS.split())
_SYLLABLE = (
    "(?:[bpmfdtnlgkhjqxrcszyw]|[zcs]h)?"
    "(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|uo|ui"
    "|ue|er|a|e|i|o|u)"
)
_GIVEN = re.compile(rf"(?=[A-Z])(?:{_SYLLABLE}){{1,2}}", re.IGNORECASE)
_HYPHENED = re.compile("[A-Z][a-z]+-[a-z]+")
"""How a Korean given name is spelt: "Min-seok"."""


def is_surname_first(words: Sequence[str]) -> bool:
    """Say whether the surname of a name stands first, as in Chinese and Korean.

    >>> is_surname_first(["Zhou", "Bo"]), is_surname_first(["Kim", "Min-seok"])
    (True, True)
    >>> is_surname_first(["Han", "Kos"]), is_surname_first(["Jan", "Kos"])
    (False, False)
    """
    if len(words) != 2:
        return False
    first, second = words
    if _HYPHENED.fullmatch(second):
        return True
    return first in _SURNAMES and _GIVEN.fullmatch(second) is not None
