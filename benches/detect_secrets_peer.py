"""Reads lines `group<TAB>hex of a value`, prints for each group how many values detect-secrets takes for a secret."""

import sys

from detect_secrets.plugins.high_entropy_strings import Base64HighEntropyString, HexHighEntropyString
from detect_secrets.settings import default_settings

base64, hexadecimal = Base64HighEntropyString(limit=4.5), HexHighEntropyString(limit=3.0)
counts = []
with default_settings():
    for line in sys.stdin:
        group, value = line.split("\t")
        group, value = int(group), bytes.fromhex(value.strip()).decode()
        while len(counts) <= group:
            counts.append(0)
        quoted = '"' + value.replace('"', "") + '"'
        found = any(True for plugin in (base64, hexadecimal) for text in plugin.analyze_string(quoted)
                    if plugin.calculate_shannon_entropy(text) > plugin.entropy_limit)
        counts[group] += found
print("\n".join(map(str, counts)))
