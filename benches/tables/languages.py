"""Builds src/scoring/tables/languages.bin: what a letter costs after the two before it, in each of 32 languages.

    python3 languages.py NGRAMS WORDS OUT

NGRAMS and WORDS are those of letters.py, which says where they come from. One table for each language tells more of a
phrase than one for all of them, once it is known which language it is. A cost is four bits, in steps of STEP above
LEAST; the 32 languages of a letter stand side by side, two to a byte, so that a value is read in all of them at once.
"""

import pathlib
import sys

import numpy as np

import letters

# Languages that are much alike share a table.
LANGUAGES = """english german french spanish+catalan portuguese italian dutch polish indonesian turkish
russian+ukrainian hindi swedish danish+bokmal czech hungarian romanian finnish tagalog swahili vietnamese japanese croatian
greek lithuanian somali albanian welsh zulu""".split()

# How some people spell otherwise: long vowels twice, and Cyrillic letters as those of other Slavic languages.
OTHERWISE = {
    "hindi": (letters.MATRA, {"ा": "aa", "ी": "ee", "ू": "oo"}),
    "russian": (letters.CYRILLIC, {"х": "h", "й": "i", "ц": "c", "ю": "ju", "я": "ja", "щ": "shch"}),
    "ukrainian": (letters.CYRILLIC, {"г": "h", "и": "y", "х": "h", "й": "j", "ц": "c", "ю": "iu", "я": "ia"}),
}

# The same numbers are in src/scoring/languages.rs, in bits.
LEAST, STEP = 0.4, 0.7


def from_list(words):
    """Counts words that are all equally common."""
    counts, tail = np.zeros((27, 27, 27, 27)), np.zeros((27, 27, 27))
    for word in words:
        context = "^^^"
        for letter in word:
            counts[(*map(letters.index, context), letters.index(letter))] += 1
            context = context[1:] + letter
        tail[tuple(map(letters.index, context))] += 1
    return counts / counts.sum(), tail / counts.sum()


def count(language, path):
    """Counts a language in all its spellings."""
    counts, tail = letters.count(language, path)
    if language in OTHERWISE:
        table, changes = OTHERWISE[language]
        before = dict(table)
        table.update(changes)
        others = letters.count(language, path)
        table.update(before)
        counts, tail = counts + 0.6 * others[0], tail + 0.6 * others[1]
    return counts, tail


def costs(counts, tail):
    """Returns the cost of each letter after each two, in steps."""
    total = (counts + 0.5 * letters.across(counts, tail)).sum(0)[:, :, 1:]
    total = total * (3e5 / total.sum())

    def below(counts, lower):
        kinds = (counts > 0.5).sum(-1, keepdims=True) + 1.0
        return (counts + kinds * lower) / (counts.sum(-1, keepdims=True) + kinds)

    zero = below(total.sum((0, 1)), np.full(26, 1 / 26))
    one = below(total.sum(0), zero[None, :])
    two = below(total, one[None, :, :])
    bits = -np.log2(two)
    steps = np.clip(np.round((bits - LEAST) / STEP), 0, 15).astype(np.uint8)
    # No sum may be over one: the nearest step is made a step dearer where that costs least.
    for row, exact in zip(steps.reshape(-1, 26), bits.reshape(-1, 26)):
        while (2.0 ** -(LEAST + STEP * row)).sum() > 1.0:
            row[np.where(row < 15, LEAST + STEP * row - exact, np.inf).argmin()] += 1
    entropy = (two * (LEAST + STEP * steps)).sum(-1)
    return steps, (entropy * total.sum(-1)).sum() / total.sum()


def main():
    directory, words, out = map(pathlib.Path, sys.argv[1:])
    listed = [word for word in words.read_text().split() if word.isascii() and word.isalpha()]
    sources = []
    for names in LANGUAGES:
        parts = [count(language, directory / f"{language}.tsv") for language in names.split("+")]
        sources.append((names, tuple(sum(part[at] / part[0].sum() for part in parts) for at in (0, 1))))
    sources += [("own words", letters.from_words(listed)), ("pinyin", from_list(letters.pinyin()))]
    sources += [("hangul", from_list(letters.hangul()))]
    table = np.zeros((27, 27, 26, len(sources)), np.uint8)
    for lane, (name, (counts, tail)) in enumerate(sources):
        table[..., lane], bits = costs(counts, tail)
        print(f"{lane:2} {name:18} {bits:.2f} bits a letter")
    packed = table[..., :16] | table[..., 16:] << 4
    letters.write(out, packed, words)
    print(packed.size, "bytes")


main()
