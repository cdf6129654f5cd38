"""Words that are not ASCII and that nobody can guess: the code of a picture in other letters."""

from __future__ import annotations

from conformance.asking import prompts
from conformance.asking.questions import ask, image
from conformance.drawing import codes
from conformance.model import Picture, Probe, Via

#: One letter for each of a code: of three and of four bytes in UTF-8. The characters are the same
#: in simplified and traditional Chinese; the emoji need no variation selector.
SCRIPTS = {
    "chinese": "山水火木石田日月人口手足耳目牛羊米",
    "emoji": "🐟🍎🌙🔥🌲🚗🏠🎈🔑📚🐝🍋🚀🎲🐘🌈🎵",
}


def spelled(code: str, script: str) -> str:
    """The code, each character written as a letter of the script."""
    return "".join(SCRIPTS[script][codes.ALPHABET.index(character)] for character in code)


def ask_word(word: str, picture: Picture, via: Via, *, stream: bool = False) -> Probe:
    """A picture, a word, and the question for the word."""
    said = prompts.REFERENCE.format(word)
    return ask(said, image(picture, via), prompts.ASK_REFERENCE, stream=stream)
