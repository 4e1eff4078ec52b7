"""Write encodings.json: what Python's codecs make of single bytes, and how CPython reads files with a coding comment.

"single" maps a codec to the 128 characters of its upper half, -1 for none; "multi" lists [codec, text, bytes]; "files" lists [bytes, text or null].
Usage: python3 encodings.py > encodings.json
"""
import io
import json
import tokenize

SINGLE = (
    "ascii latin_1 iso8859_2 iso8859_3 iso8859_4 iso8859_5 iso8859_6 iso8859_7 iso8859_8 iso8859_9 iso8859_10 iso8859_13 "
    "iso8859_14 iso8859_15 iso8859_16 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp874 cp437 cp850 "
    "cp852 cp855 cp858 cp860 cp862 cp863 cp865 cp866 koi8_r mac_roman mac_cyrillic"
).split()
MULTI = [
    ("shift_jis", "日本語テスト表"), ("cp932", "日本語テスト"), ("euc_jp", "日本語テスト"), ("euc_kr", "한국어"), ("cp949", "한국어"),
    ("gbk", "中文測試"), ("gb2312", "中文"), ("gb18030", "中文😀é"), ("big5", "中文測試"),
]
FILES = [
    b"x = 1\n", b"\xef\xbb\xbfx = 1\n", b"# caf\xc3\xa9\n", b"# caf\xe9\n", b"# -*- coding: latin-1 -*-\nx = '\xe9'\n",
    b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '\x80'\n", b"# coding: cp1252\nx = '\x81'\n", b"\n# coding: latin-1\n# \xe9\n",
    b"x = 1\n# coding: latin-1\n# \xe9\n", b"\n\n# coding: latin-1\n# \xe9\n", b"# coding: no-such\n", b"# coding: utf-8-unix\n# \xc3\xa9\n",
    b"# coding: latin-1-unix\n# \xe9\n", b"# coding=ISO_8859-15\n# \xa4\n", b"\xef\xbb\xbf# coding: latin-1\n", b"\xef\xbb\xbf# coding: utf-8\n# \xc3\xa9\n",
    b"# coding: ascii\n# \xe9\n", b"# coding: UTF8\r\n# \xc3\xa9\r\n", b"'''\n# coding: latin-1\n'''\n# \xc3\xa9\n", b"# \xed\xa0\x80\n", b"\f# coding: koi8-r\n# \xc1\n",
    b"# coding : latin-1\n# \xe9\n", b"#\r\n# coding: latin-1\r\n# \xe9\r\n",
]


def upper_half(codec):
    for b in range(128, 256):
        try:
            yield ord(bytes([b]).decode(codec))
        except UnicodeDecodeError:
            yield -1


def text(raw):
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
        return raw.decode(encoding)
    except (SyntaxError, UnicodeDecodeError):
        return None


def numbers(raw):
    return list(raw)


print(json.dumps({
    "single": {c: list(upper_half(c)) for c in SINGLE},
    "multi": [[c, s, numbers(s.encode(c))] for c, s in MULTI],
    "files": [[numbers(f), text(f)] for f in FILES],
}, separators=(",", ":")))
