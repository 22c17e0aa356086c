"""Writes awkward strings with the token ids that Hugging Face's tokenizers give them.

Usage: tokenizer_parity.py OUTPUT SEED TOKENIZER_JSON VOCAB_TXT [CORPORA]

OUTPUT gets a JSON object a line: `text`, `pair` (ids of the byte-pair tokenizer) and `piece` (ids of
BERT's, uncased), both without marks around the text and uncut. Equal seeds give equal strings.
"""
import json
import pathlib
import random
import sys
import unicodedata

from tokenizers import AddedToken, Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

MARKS = ["[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]", "<s>", "</s>", "<unk>"]
WORDS = (
    "kubectl etcdNoLeader naïve Ünïcödé ÀÉÎ ß ẞ Œuvre İstanbul ŉ ǰ ΐ ὈΔΥΣΣΕΎΣ ς Σ Москва ёлка й Киев "
    "שָׁלוֹם العَرَبِيَّة हिन्दी ক্ষ தமிழ் ไทย ລາວ မြန်မာ ქართული Հայերեն አማርኛ 한국어 한글 日本語 カタカナ ｶﾞ "
    "がぎぐ 数据库 連接 失敗 𠮷野家 𝔘𝔫𝔦 𝟙𝟚 ﬁ ﬃ Ⅷ ½ ㎏ ① ℃ Å Å K Ω ά ά 1,000.50 10-20% v2.3.1-rc4 "
    "http://runbooks.example/a?b=c#d x@y.z a_b don't «quoted» “curly” 「鉤」 … — – ‑ · • † § ¶ © ™ € £ "
    "🚀 👩‍💻 👨‍👩‍👧‍👦 🏳️‍🌈 🇩🇪 1️⃣ ☺️ 👍🏽 [x] <y> ▁ ▁▁ ## ##ing <0x0A> 1 22 333"
).split()
MARKS_ABOVE = [chr(c) for c in range(0x300, 0x370)] + [
    "\u05B8", "\u05BC", "\u064E", "\u0651", "\u0670", "\u093C", "\u094D", "\u0BBE", "\u0D3E", "\u0E38",
    "\u0EB9", "\u0F71", "\u0F72", "\u1AB0", "\u1DC0", "\u20D0", "\u20DD", "\u302A", "\u3099", "\u309A",
    "\uFE20", "\uFE0F", "\U0001D165", "\U0001E8D0", "\U00016FF0", "\U00011383", "\U000113C5",
]
SPACES = [" ", "  ", "\t", "\n", "\r\n", "\u00A0", "\u2028", "\u3000", "\u200B", "\u200D", "\uFEFF", ""]


def scalar(pick):
    """Any scalar, small planes as often as large ones."""
    plane = pick.choice([0, 0, 0, 0, 1, 1, 2, 3, 14, pick.randrange(17)])
    while True:
        value = plane << 16 | pick.randrange(0x10000)
        if not 0xD800 <= value < 0xE000:
            return chr(value)


def neighbours(pick):
    """Scalars of one block."""
    start = ord(scalar(pick)) & ~0x7F
    found = [chr(start + pick.randrange(128)) for _ in range(pick.randrange(1, 30))]
    return "".join(c for c in found if not "\uD800" <= c < "\uE000")


def words(pick):
    return "".join(
        pick.choice(WORDS) + pick.choice(SPACES) for _ in range(pick.randrange(1, 14)))


def combining(pick):
    return "".join(
        pick.choice("aeioucGÅé가ㄱक") + "".join(pick.choices(MARKS_ABOVE, k=pick.randrange(6)))
        for _ in range(pick.randrange(1, 8)))


def controls(pick):
    return "".join(
        pick.choice([chr(pick.randrange(0x20)), chr(0x7F + pick.randrange(0x22)), "\0", "a", "disk", " "])
        for _ in range(pick.randrange(1, 20)))


def long_word(pick):
    alphabet = pick.choice(["a", "ab", "abcdefghijklmnopqrstuvwxyz", "aé日🚀", "01", "=", "\u0301x"])
    count = pick.choice([99, 100, 101, pick.randrange(1, 400), pick.randrange(2000)])
    return "".join(pick.choices(alphabet, k=count))


def marks(pick):
    parts = MARKS + ["[", "]", "[[", "[sep]", "[CLS", "SEP]", "< s>", "<s", "/s>", "<", ">", "a", " ", "é", "\u0301", "\u200D", "\r\n"]
    return "".join(pick.choices(parts, k=pick.randrange(1, 10)))


def normal_forms(pick):
    form = pick.choice(["NFC", "NFD", "NFKC", "NFKD"])
    return unicodedata.normalize(form, pick.choice([words, neighbours, combining])(pick))


def cases(pick):
    text = pick.choice([words, neighbours])(pick)
    return pick.choice([text.upper(), text.lower(), text.title(), text.swapcase()])


KINDS = [
    lambda pick: "".join(scalar(pick) for _ in range(pick.randrange(1, 40))), neighbours,
    lambda pick: pick.randbytes(pick.randrange(120)).decode("utf-8", "replace"),
    words, combining, controls, long_word, marks, normal_forms, cases,
    lambda pick: "".join(pick.choice(KINDS[:6])(pick) for _ in range(3)),
]


def every_scalar():
    """Each scalar between letters: all of the planes in use, some of the others."""
    values = [
        value for value in range(0x110000)
        if not 0xD800 <= value < 0xE000 and (value >> 16 in (0, 1, 2, 3, 14) or value % 61 == 0)]
    for start in range(0, len(values), 24):
        yield " ".join(f"a{chr(value)}b" for value in values[start:start + 24])


def lines(corpora, pick):
    """Lines of the corpora, and whole pages."""
    found = []
    for page in sorted(corpora.rglob("*.md")):
        text = page.read_bytes().decode("utf-8", "replace")
        found += [line for line in text.split("\n") if line.strip()]
        if pick.random() < 0.1:
            found.append(text)
    return pick.sample(found, min(len(found), 16_000))


def piece_tokenizer(path):
    """BERT's, uncased, as the tokenizer.json of all-MiniLM-L6-v2 configures it."""
    tokens = pathlib.Path(path).read_text("utf-8").split("\n")
    vocabulary = {token: id for id, token in enumerate(tokens) if token}
    tokenizer = Tokenizer(
        WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = BertNormalizer(
        clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.add_special_tokens(
        [AddedToken(mark, special=True, normalized=False) for mark in MARKS[:5]])
    return tokenizer


def main():
    output, seed, pair_path, piece_path = sys.argv[1:5]
    pick = random.Random(int(seed))
    texts = list(every_scalar())
    texts += [pick.choice(KINDS)(pick) for _ in range(32_000)]
    if len(sys.argv) > 5:
        texts += lines(pathlib.Path(sys.argv[5]), pick)
    pairs = Tokenizer.from_file(pair_path).encode_batch(texts, add_special_tokens=False)
    pieces = piece_tokenizer(piece_path).encode_batch(texts, add_special_tokens=False)
    with open(output, "w", encoding="utf-8") as file:
        for text, pair, piece in zip(texts, pairs, pieces):
            row = {"text": text, "pair": pair.ids, "piece": piece.ids}
            file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


main()
