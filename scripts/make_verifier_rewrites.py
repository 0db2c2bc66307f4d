"""Writes pairs of a gold answer and a response that a computer algebra system has rewritten, and whether the response is right.

    <python with sympy and latex2sympy2_extended> scripts/make_verifier_rewrites.py <folder with deepscaler/> <seed> <half: 0 or 1> > rewrites.jsonl
    tapo verify --audit rewrites.jsonl

Unlike make_verifier_corpus.py, which works on text, this reads gold answers of DeepScaleR that the corpus lacks into sympy, rewrites the values
(another sum, another product, factored, expanded, rationalised, as a root of a square, as the modulus of a complex number, matrices as sums and
products), and prints them as LaTeX or plain text in several ways. Right responses are checked again and wrong ones (one leaf of the tree altered, a
part dropped, coordinates turned round, another bracket) are checked to differ, both by sympy to 50 digits at random points. It knows nothing of
the verifier. `half` divides the gold answers by a hash, so that one half can be looked at and the other measured.
"""
import hashlib
import json
import random
import re
import sys

import sympy as sp
from latex2sympy2_extended import latex2sympy

ENDS = [
    "Adding up, we find ${}$.\n\nHence the final answer is $\\boxed{{{}}}$.",
    "\\[\nS = \\boxed{{{}}}\n\\]",
    "Checking small cases agrees with this.\n\n\\boxed{{{}}}",
    "### Result\nThe value is $\\boxed{{{}}}$. Let me check it once more: yes.",
    "**Answer:** ${}$",
    "Therefore, the answer is \\( {} \\).",
    "So after all cases the final answer is: $${}$$",
]


def printed(expr, rng):
    """As LaTeX or as plain text."""
    way = rng.randrange(5)
    if way == 0:
        return sp.latex(expr, fold_short_frac=True, mul_symbol="times")
    if way == 1:
        return sp.latex(expr, root_notation=False)
    if way == 2:
        return re.sub(r"\\frac", r"\\dfrac", sp.latex(expr, mul_symbol="dot"))
    if way == 3 and not expr.atoms(sp.I) and not expr.free_symbols:
        return re.sub(r"\*\*", "^", str(expr))
    return sp.latex(expr)


def bracketed(expr, rng):
    text = printed(expr, rng)
    return text if expr.is_Symbol or (expr.is_Integer and expr >= 0) else rf"\left({text}\right)"


def random_value(expr, rng):
    """A small value to split another one by."""
    n = rng.choice([2, 3, 4, 5, 6, 7, 9, 12])
    options = [sp.Integer(n), sp.Rational(n, rng.choice([5, 7, 11]))]
    if not expr.is_rational:
        options += [sp.sqrt(rng.choice([2, 3, 5])), sp.pi / n] if not expr.free_symbols else [*expr.free_symbols]
    return rng.choice(options)


def whole(expr, rng):
    """Ways that sympy has of writing the same value, as one expression."""
    ways = [sp.factor, sp.expand, sp.together, sp.apart, sp.radsimp, sp.simplify, sp.powdenest, sp.expand_trig, lambda e: sp.collect(e, list(e.free_symbols))]
    rng.shuffle(ways)
    for way in ways:
        try:
            other = way(expr)
        except Exception:
            continue
        if other != expr:
            return printed(other, rng)
    return printed(expr, rng)


def rewritten(expr, rng):
    """The same value in another form, as text; nothing when the form does not fit."""
    r = random_value(expr, rng)
    way = rng.randrange(9)
    if way == 0:
        return f"{printed(sp.expand(expr - r), rng)} + {bracketed(r, rng)}"
    if way == 1:
        return rf"{bracketed(sp.simplify(expr / r), rng)} \cdot {bracketed(r, rng)}"
    if way == 2:
        return rf"\frac{{{printed(sp.expand(expr * r), rng)}}}{{{printed(r, rng)}}}"
    if way == 3 and expr.is_positive:
        return rf"\sqrt{{{printed(sp.expand(expr**2), rng)}}}"
    if way == 4 and expr.is_nonnegative:
        a, b, c = rng.choice([(3, 4, 5), (5, 12, 13), (8, 15, 17)])
        return rf"\left|{bracketed(sp.Rational(a, c) * expr, rng)} - {bracketed(sp.Rational(b, c) * expr, rng)} i\right|"
    if way == 5:
        return rf"{bracketed(r, rng)} - \left({printed(sp.expand(r - expr), rng)}\right)"
    if way == 6 and not expr.is_rational and not expr.free_symbols:
        return rf"{bracketed(sp.expand(expr**3), rng)} \cdot {bracketed(expr, rng)}^{{-2}}"
    if way == 7 and expr.is_Rational and abs(expr.p) < 10**6:
        n = rng.choice([2, 3, 4])
        return rf"\frac{{{n}^{{{n}}} \cdot {bracketed(sp.Integer(expr.p), rng)}}}{{{n**n * expr.q}}}"
    return whole(expr, rng)


def altered(expr, rng):
    """Another value: one leaf of the tree is changed, or a sign."""
    nodes = [node for node in sp.preorder_traversal(expr)]
    node = rng.choice(nodes)
    if node.is_Integer:
        new = node + rng.choice([1, -1, 2, 10])
    elif node.is_Rational:
        new = rng.choice([1 / node, sp.Rational(node.p + 1, node.q), sp.Rational(node.p, node.q + 1), -node])
    elif node.is_Symbol or node in (sp.pi, sp.I, sp.E):
        new = rng.choice([node + 1, -node, 2 * node])
    elif node.is_Add and rng.randrange(2):
        new = node - 2 * node.args[-1]
    elif node.is_Add:
        new = node - node.args[0]
    elif node.is_Pow and rng.randrange(2):
        new = 1 / node
    else:
        new = rng.choice([-node, node + 1, 2 * node, node**2])
    return expr.subs(node, new) if node is not expr else new


def values(expr, others=()):
    """Values to 50 digits at points that are the same for all."""
    names = sorted(set(expr.free_symbols).union(*[other.free_symbols for other in others] or [set()]), key=str)
    points = [{name: sp.Rational(at * 7 + 3 * i + 5, 11 + 2 * i) for i, name in enumerate(names)} for at in range(3)]
    return [sp.N(expr.subs(point), 50) for point in points]


def differ(a, b):
    shares = [abs(sp.N(x - y, 30)) > sp.Float("1e-9") * (1 + abs(sp.N(x, 30))) for x, y in zip(values(a, [b]), values(b, [a]))]
    return all(bool(share) for share in shares)


def scalar(text):
    """A value that sympy reads, or nothing."""
    plain = re.sub(r"\\[dt]frac", r"\\frac", text.strip())
    if re.search(r"[A-Z]|text|mbox|\\%|\\\$|circ|infty|\\pm|[=<>,_:]|\\[lg]e|log|overline|\\!|mathbf|\d\s*\\frac|!", plain) or plain == "":
        return None
    try:
        expr = sp.sympify(latex2sympy(plain))
    except Exception:
        return None
    if not isinstance(expr, sp.Expr) or expr.has(sp.zoo, sp.nan) or sp.count_ops(expr) > 40 or not all(len(str(s)) == 1 for s in expr.free_symbols):
        return None
    return sp.nsimplify(expr.subs(sp.Symbol("i"), sp.I).subs(sp.Symbol("e"), sp.E), rational=True)


def items_of(text):
    items, depth, start = [], 0, 0
    for at, sign in enumerate(text):
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and depth == 0:
            items.append(text[start:at])
            start = at + 1
    return [item.strip() for item in [*items, text[start:]]]


def dressed(expr, rng):
    """The value as models like to put it: named, in a chain of equalities, in bold, with its decimals, with words."""
    text = whole(expr, rng)
    name = rng.choice(["f(x)", "y", "P"]) if expr.free_symbols else rng.choice(["n", "A", "\\text{Area}", "N_{\\max}", "\\text{Total ways}", "|AB|", "\\angle ABC"])
    ways = [
        f"{name} = {text}",
        f"{name} = {rewritten(expr, rng)} = {text}",
        f"\\displaystyle {text}",
        f"\\mathbf{{{text}}}",
        f"\\,{text}\\;.",
        f"{{{text}}}",
    ]
    if not expr.free_symbols:
        ways += [f"\\text{{The answer is }} {text}", f"{text} \\text{{ units}}", f"{text} \\text{{ ways}}"]
    if not expr.free_symbols and expr.is_real and not expr.is_rational:
        ways += [f"{text} \\approx {sp.N(expr, 6)}"] * 2
    if expr.is_Integer and abs(expr) > 999:
        ways += [f"{int(expr):,}", f"{int(expr):,}".replace(",", "{,}"), f"{int(expr):,}".replace(",", "\\;")]
    if expr.is_Rational and not expr.is_Integer and expr > 1:
        ways += [rf"{expr.p // expr.q}\tfrac{{{expr.p % expr.q}}}{{{expr.q}}}", rf"{expr.p // expr.q} \frac{{{expr.p % expr.q}}}{{{expr.q}}}"]
    return rng.choice(ways)


def scalar_pairs(expr, rng):
    right = [rewritten(expr, rng) for _ in range(4)] + [dressed(expr, rng) for _ in range(2)]
    wrong = []
    for at in range(5):
        other = sp.simplify(altered(expr, rng))
        if not other.has(sp.zoo, sp.nan, sp.oo) and differ(expr, other):
            wrong.append(dressed(other, rng) if at < 2 else rewritten(other, rng))
    return right, wrong


def unit_pairs(text, rng):
    number, words = re.fullmatch(r"(.*?)\\(?:text|mbox|textnormal)\{ ?([a-z ]+)\}", text).groups()
    expr = scalar(number)
    if expr is None:
        return [], []
    spelled = [rf"\text{{ {words}}}", rf"\,\mathrm{{{words.replace(' ', '~')}}}", rf"\ \text{{{words}}}", f" {words}", ""]
    of = lambda value: rng.choice(["", "", "x = "]) + rng.choice([printed, whole])(value, rng) + rng.choice(spelled)
    others = [other for other in (altered(expr, rng) for _ in range(4)) if not other.has(sp.zoo, sp.nan, sp.oo) and differ(expr, other)]
    return [of(expr) for _ in range(4)], [of(other) for other in others]


def union_pairs(text, rng):
    parts = [part.strip() for part in text.split(r"\cup")]
    each = [interval_pairs(part, random.Random(rng.random())) for part in parts]
    if not all(right for right, _ in each):
        return [], []
    def of(chosen):
        texts = [re.sub(r"^x \\in ", "", option) for option in chosen]
        return r" \text{ or } ".join(texts) if any("x" in option for option in texts) else r" \cup ".join(texts)

    first = [rng.choice(right) for right, _ in each]
    right = [of(first)] if len({"x" in re.sub(r"^x \\in ", "", option) for option in first}) == 1 else []
    right += [r" \cup ".join(rng.sample(parts, len(parts))), r"x \in " + r" \cup ".join(parts)]
    wrong = [r" \cup ".join(parts[1:]), *[r" \cup ".join([*parts[1:], option]) for option in each[0][1] if "x" not in option]]
    return right, wrong


def joined(texts, rng, name="x"):
    way = rng.randrange(5)
    if way == 0:
        return rf"{', '.join(texts[:-1])} \text{{ and }} {texts[-1]}"
    if way == 1:
        return rf"\left\{{ {', '.join(texts)} \right\}}"
    if way == 2:
        return ", ".join(f"{name} = {text}" for text in texts)
    if way == 3:
        return rf" \text{{ or }} ".join(f"{name}={text}" for text in texts)
    return ",\\ ".join(texts)


def several(exprs, brackets, rng):
    """Tuples, and lists where there are no brackets."""
    def of(parts):
        texts = [whole(part, rng) if rng.randrange(2) else printed(part, rng) for part in parts]
        if brackets is None:
            return joined(texts if len(texts) < 2 else rng.sample(texts, len(texts)), rng)
        name = rng.choice(["", "", "", "(x, y) = ", "P = "]) if len(texts) == 2 else ""
        return rf"{name}\left( {' , '.join(texts)} \right)"

    right = [of(exprs) for _ in range(4)]
    wrong = [of(exprs[:-1]) if len(exprs) > 2 or brackets is None else of([*exprs, sp.Integer(2)])]
    for _ in range(3):
        at = rng.randrange(len(exprs))
        other = altered(exprs[at], rng)
        if not other.has(sp.zoo, sp.nan, sp.oo) and all(differ(other, each) for each in exprs):
            wrong.append(of([*exprs[:at], other, *exprs[at + 1 :]]))
    if brackets is not None and len(exprs) == 2 and differ(*exprs):
        wrong.append(of(exprs[::-1]))
    return right, wrong


def interval_pairs(text, rng):
    found = re.fullmatch(r"([\[(])(.*),(.*)([\])])", text)
    ends = [None if "infty" in end else scalar(end) for end in found.groups()[1:3]] if found else []
    if not found or any(end is None and "infty" not in raw for end, raw in zip(ends, found.groups()[1:3])):
        return [], []
    left, right_end = found.group(1), found.group(4)

    def of(low, high, a, b):
        low_text = "-\\infty" if low is None else whole(low, rng)
        high_text = "\\infty" if high is None else whole(high, rng)
        signs = ("\\leq" if a == "[" else "<", "\\leqslant" if b == "]" else "<")
        way = rng.randrange(3)
        if way == 0 and low is not None and high is not None:
            return rf"{low_text} {signs[0]} x {signs[1]} {high_text}"
        if way == 1 and (low is None) != (high is None):
            return rf"x {signs[1]} {high_text}" if low is None else rf"{low_text} {signs[0]} x"
        return rf"x \in \left{a} {low_text} , {high_text} \right{b}" if way == 2 else rf"\left{a}{low_text},{high_text}\right{b}"

    right = [of(*ends, left, right_end) for _ in range(3)]
    wrong = []
    if ends[0] is not None:
        wrong += [of(*ends, "(" if left == "[" else "[", right_end), of(ends[0] - 1, ends[1], left, right_end)]
    if ends[1] is not None:
        wrong += [of(*ends, left, ")" if right_end == "]" else "]"), of(ends[0], ends[1] + sp.Rational(1, 3), left, right_end)]
    return right, wrong


def matrix_text(matrix, rng):
    kind = rng.choice(["pmatrix", "bmatrix"])
    body = r" \\ ".join(" & ".join(sp.latex(cell) for cell in matrix.row(at)) for at in range(matrix.rows))
    return rf"\begin{{{kind}}} {body} \end{{{kind}}}"


def matrix_pairs(text, rng):
    found = re.fullmatch(r"\s*\\begin\{pmatrix\}(.*)\\end\{pmatrix\}\s*", text, re.S)
    rows = [[scalar(cell) for cell in row.split("&")] for row in found.group(1).strip().split(r"\\")] if found else [[None]]
    if any(cell is None for row in rows for cell in row) or len({len(row) for row in rows}) > 1:
        return [], []
    m = sp.Matrix(rows)

    def of(a):
        way = rng.randrange(5)
        other = sp.Matrix(a.rows, a.cols, lambda *_: rng.randrange(-4, 6))
        if way == 0:
            return f"{matrix_text(other, rng)} + {matrix_text(a - other, rng)}"
        if way == 1:
            k = rng.choice([2, 3, 5])
            return rf"\frac{{1}}{{{k}}} {matrix_text(a * k, rng)}"
        if way == 2:
            u = sp.eye(a.rows)
            if a.rows > 1:
                u[0, 1] = rng.choice([1, 2, -1])
            return f"{matrix_text(u, rng)} {matrix_text(u.inv() * a, rng)}"
        if way == 3 and a.rows != a.cols:
            return f"{matrix_text(a.T, rng)}^T"
        return matrix_text(a, rng)

    right = [of(m) for _ in range(4)]
    wrong = []
    for _ in range(3):
        i, j = rng.randrange(m.rows), rng.randrange(m.cols)
        other = m.copy()
        other[i, j] = altered(other[i, j], rng)
        if not other.has(sp.zoo, sp.nan, sp.oo) and differ(m[i, j], other[i, j]):
            wrong.append(of(other))
    if m.rows == m.cols and m != m.T:
        wrong.append(of(m.T))
    return right, wrong


def equation_pairs(text, rng):
    sides = [scalar(side) for side in text.split("=")]
    if len(sides) != 2 or None in sides or len((sides[0] - sides[1]).free_symbols) < 2:
        return [], []
    f = sp.expand(sides[0] - sides[1])

    def of(g):
        k = rng.choice([-3, -1, 2, 5])
        moved = rng.choice(sp.Add.make_args(g))
        return rng.choice([f"{sp.latex(sp.expand(k * g))} = 0", f"{sp.latex(g - moved)} = {sp.latex(-moved)}", f"{sp.latex(-k * moved)} = {sp.latex(sp.expand(k * (g - moved)))}"])

    right, wrong = [of(f) for _ in range(4)], []
    for _ in range(4):
        g = sp.expand(altered(f, rng))
        if not g.has(sp.zoo, sp.nan) and g.free_symbols == f.free_symbols and not sp.simplify(g / f).is_number:
            wrong.append(of(g))
    return right, wrong


def pairs_of(gold, rng):
    plain = re.sub(r"\\(?:left|right)(?![a-z])\s*", "", gold).strip()
    if r"\begin" in plain:
        return "matrix", *matrix_pairs(plain, rng)
    if re.fullmatch(r".*\\(?:text|mbox|textnormal)\{ ?[a-z ]+\}", plain):
        return "unit", *unit_pairs(plain, rng)
    if r"\cup" in plain:
        return "union", *union_pairs(plain, rng)
    if "=" in plain:
        return "equation", *equation_pairs(plain, rng)
    if plain[:1] in "([" and plain[-1:] in ")]" and "," in plain:
        if "[" in plain or "]" in plain or "infty" in plain:
            return "interval", *interval_pairs(plain, rng)
        exprs = [scalar(item) for item in items_of(plain[1:-1])]
        return "tuple", *(several(exprs, "()", rng) if None not in exprs else ([], []))
    if "," in plain and not re.search(r"\d,\\?!?\s?\d{3}", plain):
        exprs = [scalar(item) for item in items_of(plain)]
        return "list", *(several(exprs, None, rng) if None not in exprs and len(exprs) > 1 else ([], []))
    expr = scalar(plain)
    if expr is None:
        return "unread", [], []
    name = "expression" if expr.free_symbols else "integer" if expr.is_Integer else "fraction" if expr.is_Rational else "complex" if expr.has(sp.I) else "irrational"
    return name, *scalar_pairs(expr, rng)


def main(folder, seed, half):
    known = {json.loads(line)["gold"] for line in open("corpus/verifier.jsonl", encoding="utf8")}
    golds = sorted({json.loads(line)["answer"] or "" for name in ("aime", "math") for line in open(f"{folder}/deepscaler/{name}.jsonl", encoding="utf8")} - known)
    golds = [gold for gold in golds if int(hashlib.sha256(gold.encode()).hexdigest(), 16) % 2 == half]
    rng = random.Random(seed)
    rng.shuffle(golds)
    counts = {}
    for gold in golds:
        own = random.Random(f"{seed} {gold}")
        try:
            kind, right, wrong = pairs_of(gold, own)
        except Exception as error:
            print(f"{gold}: {type(error).__name__} {error}", file=sys.stderr)
            continue
        counts[kind] = counts.get(kind, 0) + 1
        if counts[kind] > 60:
            continue
        taken = set()
        for expected, texts in (("right", right), ("wrong", wrong)):
            for text in texts:
                end = own.choice(ENDS)
                response = end.format(text, text)
                if text and text not in taken:
                    taken.add(text)
                    print(json.dumps({"gold": gold, "response": response, "expected": expected, "category": kind, "kind": "rewritten", "held": True}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
