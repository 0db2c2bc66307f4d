"""Judges pairs with Math-Verify: JSON lines { "gold", "response" } on standard input, right, wrong or undecided for each on standard output.

tapo verify --audit --math-verify <python> runs it. The gold answer is given between dollar signs, as Math-Verify's own data sets do.
With --seconds it prints the processor's seconds for all verdicts instead, after 50 pairs of warm-up: what npm run bench compares with.
"""
import json
import logging
import sys
import time

from math_verify import parse, verify

logging.disable(logging.CRITICAL)


def judge(gold, response):
    try:
        return "right" if verify(parse(f"${gold}$", parsing_timeout=5), parse(response, parsing_timeout=5), timeout_seconds=5) else "wrong"
    except Exception:
        return "undecided"


pairs = [json.loads(line) for line in sys.stdin]
if "--seconds" in sys.argv:
    for pair in pairs[:50]:
        judge(pair["gold"], pair["response"])
    begun = time.process_time()
    for pair in pairs:
        judge(pair["gold"], pair["response"])
    print(time.process_time() - begun)
else:
    for pair in pairs:
        print(judge(pair["gold"], pair["response"]))
