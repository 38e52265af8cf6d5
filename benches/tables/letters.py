"""Builds src/scoring/tables/letters.bin: what a letter costs after the three letters before it, in many languages.

    python3 letters.py NGRAMS WORDS OUT

NGRAMS is a directory with one file for each language, `english.tsv` and so on: lines of an n-gram of one to four
letters, a tab, and its share among the n-grams with the same beginning. They are the entries of `models/ngrams.fst`
(natural logarithms as the bits of an f64) in the crates `lingua-<language>-language-model` 1.3.0, Apache-2.0, counted
over news and web text. WORDS is a list of words, commonest first: src/scoring/words.txt.

Shares are turned into joint frequencies. What is missing from a sum is where words begin and end, so that text with
and without separators can be counted. Other scripts are written in Latin letters the way people type them. The table
holds four bits for each letter after each three (0 is the start of a word): an index into LEVELS. Beside the table,
`.words` holds the SHA-256 of WORDS, by which a test notices that the list has changed since.
"""

import collections
import hashlib
import math
import pathlib
import random
import sys
import unicodedata

import numpy as np

# The same levels are in src/scoring/letters.rs, in bits.
LEVELS = [0.2, 0.6, 1.0, 1.4, 1.8, 2.3, 2.8, 3.3, 3.9, 4.5, 5.2, 6.0, 7.0, 8.2, 9.6, 11.5]

# Languages whose common words are in words.bin need less.
WEIGHTS = {
    "english": 3.0, "german": 1.0, "french": 0.8, "spanish": 1.0, "portuguese": 0.8, "italian": 0.8, "dutch": 0.8,
    "polish": 0.9, "indonesian": 0.9, "turkish": 2.0, "russian": 2.0, "hindi": 2.2, "swedish": 1.3, "danish": 0.7,
    "bokmal": 0.8, "czech": 0.6, "hungarian": 1.2, "romanian": 1.0, "finnish": 0.6, "tagalog": 1.2, "swahili": 1.4,
    "vietnamese": 2.0, "malay": 0.5, "catalan": 0.5, "japanese": 1.0, "croatian": 1.2, "latin": 0.5, "greek": 0.9,
    "ukrainian": 1.0,
}

CYRILLIC = dict(zip("абвгдезийклмнопрстуфыэіїєґъь", [*"abvgdeziyklmnoprstufyei", "yi", "ye", "g", "", ""]))
CYRILLIC |= {"ё": "yo", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "yu", "я": "ya"}
GREEK = dict(zip("αβγδεζηικλμνοπρσςτυφω", "avgdeziiklmnoprsstyfo")) | {"θ": "th", "ξ": "x", "χ": "ch", "ψ": "ps"}
PLAIN = {"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
DEVANAGARI = dict(zip(
    "कखगघचछजझटठडढणतथदधनपफबभमयरलवशषसहड़ढ़ज़फ़",
    "k kh g gh ch chh j jh t th d dh n t th d dh n p ph b bh m y r l v sh sh s h r rh z f".split()))
MATRA = {"ा": "a", "ि": "i", "ी": "i", "ु": "u", "ू": "u", "े": "e", "ै": "ai", "ो": "o", "ौ": "au", "्": "", "ं": "n",
         "ँ": "n", "ः": "h", "ृ": "ri", "ॉ": "o"}
VOWELS = {"अ": "a", "आ": "a", "इ": "i", "ई": "i", "उ": "u", "ऊ": "u", "ए": "e", "ऐ": "ai", "ओ": "o", "औ": "au", "ऑ": "o"}
KANA = {}
for row, names in {
    "あいうえお": "a i u e o", "かきくけこ": "ka ki ku ke ko", "さしすせそ": "sa shi su se so",
    "たちつてと": "ta chi tsu te to", "なにぬねの": "na ni nu ne no", "はひふへほ": "ha hi fu he ho",
    "まみむめも": "ma mi mu me mo", "やゆよ": "ya yu yo", "らりるれろ": "ra ri ru re ro", "わをん": "wa o n",
    "がぎぐげご": "ga gi gu ge go", "ざじずぜぞ": "za ji zu ze zo", "だでど": "da de do",
    "ばびぶべぼ": "ba bi bu be bo", "ぱぴぷぺぽ": "pa pi pu pe po", "ゃゅょ": "ya yu yo", "っ": "t", "ー": "u",
}.items():
    for kana, name in zip(row, names.split()):
        KANA[kana] = name
        KANA[chr(ord(kana) + 0x60)] = name


def spell(before, letter, language):
    """Returns how people type a letter in ASCII, or None."""
    if letter == "^":
        return ""
    for table in (CYRILLIC, GREEK, PLAIN, KANA):
        if letter in table:
            return table[letter]
    if letter in DEVANAGARI:
        return ("a" if before in DEVANAGARI else "") + DEVANAGARI[letter]
    if letter in VOWELS:
        return ("a" if before in DEVANAGARI else "") + VOWELS[letter]
    if letter in MATRA:
        return ("a" if letter in "ंँ" and before in DEVANAGARI else "") + MATRA[letter]
    if language == "german" and letter in "äöü":
        return {"ä": "ae", "ö": "oe", "ü": "ue"}[letter]
    folded = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode().lower()
    return folded if folded.isalpha() else None


def joint(path):
    """Yields n-grams of four, `^` for the start of a word, with their frequency, and those at the end of a word."""
    share = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        ngram, value = line.split("\t")
        share[ngram] = float(value)
    frequency = {"": 1.0}
    for length in range(1, 5):
        for ngram in share:
            if len(ngram) == length and ngram[:-1] in frequency:
                frequency[ngram] = frequency[ngram[:-1]] * share[ngram]
    inside = collections.defaultdict(float)
    onward = collections.defaultdict(float)
    for ngram, value in frequency.items():
        if len(ngram) > 1:
            inside[ngram[1:]] += value
            onward[ngram[:-1]] += value
    four = {ngram: value for ngram, value in frequency.items() if len(ngram) == 4}
    for ngram, value in frequency.items():
        if 1 <= len(ngram) <= 3:
            start = value - inside[ngram]
            if start > 1e-9:
                four["^" * (4 - len(ngram)) + ngram] = start
    end = {n: value - onward[n] for n, value in frequency.items() if len(n) == 3 and value - onward[n] > 1e-9}
    return four, end


def index(letter):
    return 0 if letter == "^" else ord(letter) - 96


def count(language, path):
    """Counts letters after three letters, inside words and where words follow each other without a separator."""
    four, end = joint(path)
    counts = np.zeros((27, 27, 27, 27))
    for ngram, value in four.items():
        spelled = [spell(ngram[at - 1] if at else "^", letter, language) for at, letter in enumerate(ngram)]
        if any(part is None for part in spelled):
            continue
        context = ("^^^" + "".join(spelled[:3]))[-3:]
        for letter in spelled[3]:
            counts[(*map(index, context), index(letter))] += value
            context = context[1:] + letter
    tail = np.zeros((27, 27, 27))
    for ngram, value in end.items():
        spelled = [spell(ngram[at - 1] if at else "^", letter, language) for at, letter in enumerate(ngram)]
        if any(part is None for part in spelled):
            continue
        tail[tuple(map(index, ("^^^" + "".join(spelled))[-3:]))] += value
    return counts, tail


def from_words(words):
    """Counts a list of words, the commonest first."""
    counts, tail = np.zeros((27, 27, 27, 27)), np.zeros((27, 27, 27))
    for rank, word in enumerate(words):
        weight = 1.0 / (rank + 20)
        context = "^^^"
        for letter in word:
            counts[(*map(index, context), index(letter))] += weight
            context = context[1:] + letter
        tail[tuple(map(index, context))] += weight
    return counts / counts.sum(), tail / counts.sum()


def across(counts, tail):
    """Counts letters whose three predecessors belong to two words."""
    first = counts[0, 0, 0]
    first = first / first.sum()
    second = counts[0, 0]
    second = second / second.sum()
    third = counts[0]
    third = third / third.sum()
    crossing = tail[:, :, :, None] * first[None, None, None, :]
    crossing = crossing + tail.sum(0)[:, :, None, None] * second[None, None, :, :]
    return crossing + tail.sum((0, 1))[:, None, None, None] * third[None, :, :, :]


def pinyin():
    initials = "b p m f d t n l g k h j q x zh ch sh r z c s y w".split()
    finals = "a o e i u ai ei ao ou an en ang eng ong in ing ian iang iao ie iu ui un uo ua uan uang".split()
    random.seed(1)
    words = []
    for _ in range(30000):
        words.append("".join(random.choice(initials) + random.choice(finals) for _ in range(random.choice([1, 2, 2, 3]))))
    return words


def hangul():
    initials = ["g", "n", "d", "r", "m", "b", "s", "", "", "j", "ch", "k", "t", "p", "h"]
    vowels = "a a eo o u eu i i ae e ya yeo yeo yo yu wa wo oe ui".split()
    finals = ["", "", "", "", "n", "ng", "l", "k", "m", "p", "t"]
    random.seed(2)
    syllable = lambda: random.choice(initials) + random.choice(vowels) + random.choice(finals)
    return ["".join(syllable() for _ in range(random.choice([2, 2, 3, 4]))) for _ in range(30000)]


def write(out, packed, words):
    """Writes a table, and beside it which list it was counted over."""
    out.write_bytes(packed.tobytes())
    out.with_suffix(".words").write_text(hashlib.sha256(words.read_bytes()).hexdigest() + "\n")


def main():
    directory, words, out = map(pathlib.Path, sys.argv[1:])
    total = np.zeros((27, 27, 27, 27))
    parts = []
    for language, weight in WEIGHTS.items():
        parts.append((weight, *count(language, directory / f"{language}.tsv")))
    # Umlauts are typed without their dots too.
    parts.append((0.6, *count("umlaut", directory / "german.tsv")))
    listed = [w for w in words.read_text().split() if w.isascii() and w.isalpha()]
    parts.append((1.5, *from_words(listed)))
    for weight, made in ((1.2, pinyin()), (0.6, hangul())):
        counts, tail = np.zeros((27, 27, 27, 27)), np.zeros((27, 27, 27))
        for word in made:
            context = "^^^"
            for letter in word:
                counts[(*map(index, context), index(letter))] += 1
                context = context[1:] + letter
            tail[tuple(map(index, context))] += 1
        parts.append((weight, counts / counts.sum(), tail / counts.sum()))
    for weight, counts, tail in parts:
        scale = weight / counts.sum()
        total += (counts + 0.5 * across(counts, tail)) * scale
    total = total[:, :, :, 1:] * (4e6 / total.sum())

    # Witten-Bell: each order is mixed with the one below it.
    def below(counts, lower):
        kinds = (counts > 0.5).sum(-1, keepdims=True) + 1.0
        return (counts + kinds * lower) / (counts.sum(-1, keepdims=True) + kinds)

    zero = below(total.sum((0, 1, 2)), np.full(26, 1 / 26))
    one = below(total.sum((0, 1)), zero[None, :])
    two = below(total.sum(0), one[None, :, :])
    three = below(total, two[None, :, :, :])
    bits = -np.log2(three)
    levels = np.array(LEVELS)
    nearest = np.abs(bits[..., None] - levels).argmin(-1).astype(np.uint8).reshape(-1, 26)
    # A sum over one makes letters cheaper than possible: the nearest level is made a level dearer where that happens.
    for row in nearest:
        while (2.0 ** -levels[row]).sum() > 1.0:
            gain = np.where(row < 15, 2.0 ** -levels[row] - 2.0 ** -levels[np.minimum(row + 1, 15)], 0)
            slack = (2.0 ** -levels[row]).sum() - 1.0
            fit = np.where(gain >= slack, gain, np.inf)
            row[fit.argmin() if np.isfinite(fit).any() else gain.argmax()] += 1
    packed = nearest[:, 0::2] | nearest[:, 1::2] << 4
    write(out, packed, words)
    entropy = (three * np.where(three > 0, bits, 0)).sum(-1)
    print("bits a letter:", (entropy * total.sum(-1)).sum() / total.sum(), "bytes:", packed.size)


if __name__ == "__main__":
    main()
