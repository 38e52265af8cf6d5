"""Builds src/scoring/tables/words.bin: words of a dozen languages and what each costs to name.

    python3 words.py OWN EFF OUT [LIST:COUNT:PENALTY]...

OWN and EFF are src/scoring/words.txt and the EFF long list. Each LIST has a word a line, the commonest first; its first
COUNT words cost the logarithm of their rank and PENALTY bits, which say that it is this list. Words are folded as the
scorer folds values: in lower case, without accents, `l` and digits as the letters they stand for. Of a word in several lists the cheapest counts.

The file begins with 26^3 + 1 offsets (u32, little-endian), one for each three first letters. At an offset stand the
words with these: a byte with their length (and 128 for a word of OWN), one with their cost in eighths of a bit, and the
letters behind the third.
"""

import math
import pathlib
import re
import struct
import sys
import unicodedata

PLAIN = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})
FOLD = str.maketrans("l013457", "ioieast")
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def folded(word):
    """Yields the spellings of a word in a to z, or nothing where it has none."""
    for text in {word.lower(), word.lower().translate(UMLAUTS)}:
        text = unicodedata.normalize("NFKD", text.translate(PLAIN)).encode("ascii", "ignore").decode()
        if re.fullmatch("[a-z]{3}[a-z0-9]*", text):
            yield text.translate(FOLD)


def main():
    own, eff, out, *lists = sys.argv[1:]
    words = {}

    def add(word, bits, least, is_own=False):
        for text in folded(word):
            if least <= len(text) <= 24:
                before = words.get(text, (99.0, False))
                words[text] = (min(bits, before[0]), is_own or before[1])

    for rank, word in enumerate(pathlib.Path(own).read_text().split()):
        add(word, max(math.log2(rank + 1), 5.0) + 3.0, 3, True)
    for word in pathlib.Path(eff).read_text().split():
        add(word, 15.0, 3)
    for described in lists:
        path, count, penalty = described.rsplit(":", 2)
        for rank, word in enumerate(pathlib.Path(path).read_text().split("\n")[: int(count)]):
            add(word, math.log2(rank + 16) + float(penalty), 4)
    keys = {}
    for text, (bits, is_own) in sorted(words.items()):
        key = 0
        for letter in text[:3]:
            key = key * 26 + ord(letter) - 97
        entry = bytes([len(text) | (128 if is_own else 0), round(bits * 8)]) + text[3:].encode()
        keys.setdefault(key, []).append(entry)
    offsets, entries = [], b""
    for key in range(26**3):
        offsets.append(len(entries))
        entries += b"".join(keys.get(key, []))
    offsets.append(len(entries))
    pathlib.Path(out).write_bytes(struct.pack(f"<{len(offsets)}I", *offsets) + entries)
    print(len(words), "words,", 4 * len(offsets) + len(entries), "bytes")


main()
