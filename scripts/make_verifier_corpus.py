"""Writes corpus/verifier.jsonl: pairs of a gold answer and a response, and whether the response is right.

    python3 scripts/make_verifier_corpus.py <folder with benchmarks/ and deepscaler/> > corpus/verifier.jsonl

Gold answers are those of AIME 2024 and 2025, HMMT February 2025, MATH-500 and DeepScaleR (its AIME and MATH parts). From each the rules below
make responses that are right by construction (the answer itself, equal ways of writing it) and wrong by construction (sign, digit, reciprocal,
off by one, a missing root, swapped coordinates, another bracket, another choice, and answers that try to be rewarded). It knows nothing of the
verifier: no answer is computed, all is done on the text. `held` rows belong to half of the gold answers, by a hash of the answer.
With `beyond` behind the folder, pairs of gold answers that the corpus does not have, at most 60 of a category.
"""
import hashlib
import json
import re
import sys
from fractions import Fraction

FILES = ["benchmarks/aime24", "benchmarks/aime25", "benchmarks/hmmt25", "benchmarks/math500", "deepscaler/aime", "deepscaler/math"]
INT = re.compile(r"-?\d+")
FRAC = re.compile(r"(-?)\\[dt]?frac\{(\d+)\}\{(\d+)\}")
DEC = re.compile(r"-?\d*\.\d+")
GROUPED = re.compile(r"\d{1,3}(?:,\\!\s*\d{3}|\{,\}\d{3}|,\d{3})+")
ROOT = re.compile(r"(-?\d*) ?\\sqrt ?\{?(\d+)\}?")
PI = re.compile(r"(-?\d*) ?\\pi")
DEGREES = re.compile(r"(-?\d+(?:\.\d+)?)\^\{?\\circ\}?")
PERCENT = re.compile(r"(\d+(?:\.\d+)?) ?\\%")
MONEY = re.compile(r" ?\\\$ ?(\d+(?:\.\d+)?)")
UNIT = re.compile(r"(\d+(?:\.\d+)?) ?\\(?:text|mbox|textnormal)\{ ([a-z ]+)\}")
BASED = re.compile(r"(\d+)_\{?(\d+)\}?")
CHOICE = re.compile(r"(?:\\text\{)?\(?([A-F])\)?\}?")
WORD = re.compile(r"\\(?:text|mbox)\{([A-Za-z]{3,}(?: [a-z]+)?)\}")
COMPLEX = re.compile(r"(-?\d+) ?([+-]) ?(\d*)i")
POLY = re.compile(r"[-+\d a-z^{}]*[a-z][-+\d a-z^{}]*")
MATRIX = re.compile(r"\s*\\begin\{pmatrix\}(.*)\\end\{pmatrix\}\s*", re.S)
MIXED = re.compile(r"(-?)(\d+) ?\\frac\{(\d+)\}\{(\d+)\}")
RATIO = re.compile(r"(\d+) ?: ?(\d+)")
TIME = re.compile(r"(\d+)\\!:\\!(\d+) \\text\{ (p|a)\.m\.\}")
ASSIGN = re.compile(r"([a-zA-Z]) ?= ?(-?[\d.]+|-?\\d?frac\{-?\d+\}\{\d+\})")


def split_items(text):
    """Top-level items between commas."""
    items, depth, start = [], 0, 0
    for at, sign in enumerate(text):
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and depth == 0:
            items.append(text[start:at].strip())
            start = at + 1
    items.append(text[start:].strip())
    return items


def category(gold):
    if INT.fullmatch(gold):
        return "integer"
    for name, pattern in [("fraction", FRAC), ("decimal", DEC), ("grouped integer", GROUPED), ("degrees", DEGREES), ("percent", PERCENT), ("currency", MONEY), ("unit", UNIT), ("base", BASED), ("choice", CHOICE), ("word", WORD), ("complex", COMPLEX), ("matrix", MATRIX), ("mixed number", MIXED), ("ratio", RATIO), ("time", TIME), ("assignment", ASSIGN)]:
        if pattern.fullmatch(gold):
            return name
    if r"\pm" in gold:
        return "plus-minus"
    if r"\cup" in gold or re.fullmatch(r"(?:\\left)? ?[\[(].*,.*(?:\\right)? ?[\])]", gold) and (r"\infty" in gold or "[" in gold or "]" in gold):
        return "interval"
    if re.fullmatch(r"(?:\\left)? ?\(.*,.*(?:\\right)? ?\)", gold):
        return "tuple"
    if ROOT.fullmatch(gold) or PI.fullmatch(gold):
        return "radical or pi"
    if "=" in gold or r"\le" in gold:
        return "equation"
    if len(split_items(gold)) > 1 and "text" not in gold:
        return "list"
    if POLY.fullmatch(gold) and re.search(r"[a-z]", gold):
        return "polynomial"
    if re.search(r"\\(?:sqrt|pi)", gold) and not re.search(r"(?<![a-z\\])[a-z](?![a-z])", re.sub(r"\\[a-z]+", "", gold)):
        return "radical or pi"
    if re.search(r"\\(?:sin|cos|tan|cot|sec|csc|log)", gold):
        return "function"
    return "other"


def signed(number):
    return f"-{number[1:]}" if number.startswith("-") else number


def negative(text):
    return text[1:] if text.startswith("-") else f"-{text}"


def with_digit_changed(text):
    """Its last digit that is no exponent's or command's, one up."""
    for at in range(len(text) - 1, -1, -1):
        if text[at].isdigit() and not re.search(r"[\^_]\{?\d*$", text[:at]):
            return text[:at] + str((int(text[at]) + 1) % 10 or 2) + text[at + 1 :]
    return None


def decimal(fraction, most=6):
    """The finite decimal of a fraction, or nothing."""
    for places in range(1, most + 1):
        if (fraction * 10**places).denominator == 1:
            scaled = abs(fraction) * 10**places
            text = str(int(scaled)).rjust(places + 1, "0")
            return ("-" if fraction < 0 else "") + text[:-places] + "." + text[-places:]
    return None


def forms(gold, kind):
    """Right and wrong answers from the form of the gold answer alone."""
    right, wrong = [], []
    if kind == "integer":
        n = int(gold)
        right += [f"{n}.0", f"x = {n}", rf"\text{{{n}}}", rf"\frac{{{2 * n}}}{{2}}", f"{n - 7} + 7", rf"\mathbf{{{n}}}", f"{n}.", rf"\;{n}\,", rf"\left({n}\right)"]
        if abs(n) >= 1000:
            right += [f"{n:,}", f"{n:,}".replace(",", r",\!"), f"{n:,}".replace(",", "{,}"), f"{n:,}".replace(",", r"\,")]
        wrong += [str(n + 1), str(n - 1), str(n * 10), f"{n}.5", f"{n}, {n + 1}", rf"{n} \text{{ or }} {n + 1}", rf"\frac{{1}}{{{n}}}" if abs(n) > 1 else "7", f"{n}^2" if n not in (0, 1) else "9", f"10^{{{n}}}" if n not in (0, 1) else "8", rf"\sqrt{{{n}}}" if n not in (0, 1) else "6", f"{n}x"]
        if n:
            wrong += [str(-n)]
        if len(set(gold)) > 1 and n > 0 and str(n)[::-1] != str(n) and not gold.endswith("0"):
            wrong += [str(n)[::-1]]
    elif kind in ("fraction", "mixed number"):
        if kind == "fraction":
            sign, over, under = FRAC.fullmatch(gold).groups()
            a, b = int(over), int(under)
        else:
            sign, whole, over, under = MIXED.fullmatch(gold).groups()
            a, b = int(whole) * int(under) + int(over), int(under)
            right += [rf"{sign}{whole} + \frac{{{over}}}{{{under}}}" if not sign else gold, f"{sign}{whole} {over}/{under}"]
            wrong += [rf"{sign}{whole} \cdot \frac{{{over}}}{{{under}}}", rf"{sign}{int(whole) + 1}\frac{{{over}}}{{{under}}}"]
        value = Fraction(a, b) * (-1 if sign else 1)
        right += [rf"{sign}\dfrac{{{a}}}{{{b}}}", f"{sign}{a}/{b}", rf"\frac{{{sign}{a}}}{{{b}}}", rf"{sign}\frac{{{3 * a}}}{{{3 * b}}}", rf"\left({sign}\tfrac{{{a}}}{{{b}}}\right)", rf"x = {sign}\frac{{{a}}}{{{b}}}", rf"{sign}{a} \div {b}", rf"{sign}\frac{{1}}{{{b}}} \cdot {a}"]
        if a < 10 and b < 10:
            right += [rf"{sign}\frac{a}{b}", rf"{sign}\frac {a} {b}"]
        if a > b and b > 1:
            right += [rf"{sign}{a // b}\frac{{{a % b}}}{{{b}}}"] if a % b else []
        if decimal(value):
            right += [decimal(value)]
        else:
            wrong += [f"{float(value):.2f}"]
        wrong += [negative(rf"\frac{{{a}}}{{{b}}}") if not sign else rf"\frac{{{a}}}{{{b}}}", rf"{sign}\frac{{{a + 1}}}{{{b}}}", rf"{sign}\frac{{{a}}}{{{b + 1}}}", f"{sign}{a}", f"{a}, {b}", rf"{sign}\frac{{{a}}}{{{b}}}x"]
        if a != b:
            wrong += [rf"{sign}\frac{{{b}}}{{{a}}}"]
    elif kind == "decimal":
        value = Fraction(gold)
        right += [f"{gold}0", rf"\frac{{{value.numerator}}}{{{value.denominator}}}", f"x={gold}", gold.replace("0.", ".", 1) if gold.startswith("0.") else f"+{gold}" if value > 0 else gold, rf"\text{{{gold}}}"]
        wrong += [negative(gold), f"{gold}1", with_digit_changed(gold), str(value * 10) if (value * 10).denominator == 1 else f"{float(value * 10)}", str(int(value))]
    elif kind == "grouped integer":
        digits = re.sub(r"\D", "", gold)
        right += [digits, f"{int(digits):,}", f"{digits}.00", rf"N = {digits}", f"{int(digits):,}".replace(",", "{,}")]
        wrong += [digits + "0", str(int(digits) + 1), negative(digits), digits[:-3], digits[:-3] + "," + digits[-2:]]
    elif kind == "degrees":
        (n,) = DEGREES.fullmatch(gold).groups()
        right += [n, rf"{n}^{{\circ}}", rf"{n}\text{{ degrees}}", f"{n}\u00b0", f"{n} degrees", rf"x = {n}^\circ", rf"\angle A = {n}^\circ" if "." not in n else n, rf"\frac{{{n}\pi}}{{180}}"]
        wrong += [with_digit_changed(n), negative(n) + r"^\circ", rf"{n}\pi", f"{n}0", rf"\frac{{\pi}}{{{n}}}", rf"{n}\text{{ cm}}"]
    elif kind == "percent":
        (n,) = PERCENT.fullmatch(gold).groups()
        value = Fraction(n) / 100
        right += [n, rf"{n}\%", f"{n}%", f"{n} percent", rf"{n}\text{{ percent}}", decimal(value) or gold, rf"\frac{{{value.numerator}}}{{{value.denominator}}}"]
        wrong += [with_digit_changed(n) + r"\%", rf"0.{n}\%", f"{n}0", rf"-{n}\%", str(Fraction(n) / 10)]
    elif kind == "currency":
        (n,) = MONEY.fullmatch(gold).groups()
        right += [n, f"${n}", rf"\${n}", f"{n} dollars", rf"{n}\text{{ dollars}}", f"{n}.00" if "." not in n else n, f"\\${float(n):,.2f}"]
        wrong += [with_digit_changed(n), rf"\$-{n}", f"{n}0" if "." not in n else f"{n}7", f"{n} cents", rf"{n}\%" if float(n) > 100 else f"{n}1"]
    elif kind == "unit":
        n, unit = UNIT.fullmatch(gold).groups()
        right += [n, f"{n} {unit}", rf"{n}\,\text{{{unit}}}", rf"{n} \mathrm{{{unit.replace(' ', '~')}}}", rf"x={n}\text{{ {unit}}}", f"{n}.0" if "." not in n else n]
        wrong += [with_digit_changed(n) + rf"\text{{ {unit}}}", rf"-{n}\text{{ {unit}}}", unit, f"{n}0 {unit}" if "." not in n else f"1{n} {unit}", rf"\frac{{1}}{{{n}}}" if n != "1" else "5"]
    elif kind == "base":
        n, base = BASED.fullmatch(gold).groups()
        right += [f"{n}_{{{base}}}", f"{n}_{base}", n, rf"{n}_{{\text{{{base}}}}}", rf"{n}_{{({base})}}" if False else f"({n})_{base}" if False else f"{n} _{base}"]
        try:
            value = int(n, int(base))
            wrong += [str(value) if str(value) != n else "x", f"{value}_{{10}}" if base != "10" else "0"]
        except ValueError:
            pass
        wrong += [with_digit_changed(n.replace("_", "")), f"{n}_{int(base) + 1}", f"-{n}_{base}", f"{n}0_{base}"]
    elif kind == "choice":
        (letter,) = CHOICE.fullmatch(gold).groups()
        other = "B" if letter != "B" else "D"
        right += [letter, rf"\text{{({letter})}}", f"({letter})", rf"\textbf{{({letter})}}", rf"\textbf{{{letter}}}", rf"\mathrm{{{letter}}}", rf"\text{{{letter}}}"]
        wrong += [other, rf"\text{{({other})}}", "A, B, C, D, E", r"\text{(A), (B), (C), (D), (E)}", rf"{letter} \text{{ or }} {other}", rf"\text{{({letter}) and ({other})}}", f"{letter}{other}", "ABCDE", r"\text{all of the above}"]
    elif kind == "word":
        (word,) = WORD.fullmatch(gold).groups()
        right += [word, rf"\text{{{word.lower()}}}", rf"\textbf{{{word}}}", rf"\mathrm{{{word}}}" if " " not in word else word, f"{word}.", f'"{word}"']
        wrong += [r"\text{west}" if word != "west" else r"\text{east}", rf"\text{{not {word}}}", rf"\text{{{word} or circle}}", word[:-1], rf"\text{{{word[::-1]}}}" if word[::-1].lower() != word.lower() else "7", "7"]
    elif kind == "complex":
        a, sign, b = COMPLEX.fullmatch(gold).groups()
        right += [f"{a}{sign}{b}i", f"{b}i + {a}" if sign == "+" else f"-{b}i + {a}".replace("+ -", "- "), rf"{a} {sign} {b or 1} \cdot i", rf"z = {a} {sign} {b}i", rf"\left({a} {sign} {b}i\right)", rf"\frac{{{2 * int(a)} {sign} {2 * int(b or 1)}i}}{{2}}"]
        wrong += [f"{a} {'-' if sign == '+' else '+'} {b}i", f"{negative(a)} {sign} {b}i" if a != "0" else "7", a, f"{b}i", f"({a}, {b or 1})", f"{a} {sign} {int(b or 1) + 1}i", f"{b or 1} {sign} {a.lstrip('-')}i" if (b or "1") != a else "3"]
    elif kind == "matrix":
        body = MATRIX.fullmatch(gold).group(1).strip()
        right += [rf"\begin{{bmatrix}} {body} \end{{bmatrix}}", re.sub(r"(-?)(?<![\w{])(\d+)/(\d+)", r"\1\\frac{\2}{\3}", gold.strip()), rf"\begin{{pmatrix}}{body}\end{{pmatrix}}", rf"A = \begin{{pmatrix}} {body} \end{{pmatrix}}", rf"\left( \begin{{array}}{{cc}} {body} \end{{array}} \right)"]
        rows = [row.strip() for row in body.split(r"\\")]
        wrong += [gold.replace(body, with_digit_changed(body)), rows[0].split("&")[0].strip()]
        if len(rows) > 1 and rows[0] != rows[1]:
            wrong += [gold.replace(body, r" \\ ".join([rows[1], rows[0], *rows[2:]])), gold.replace(body, r" \\ ".join(rows[:-1]))]
    elif kind == "ratio":
        a, b = RATIO.fullmatch(gold).groups()
        right += [f"{a}:{b}", f"{a} : {b}", rf"{a}\colon {b}", rf"\frac{{{a}}}{{{b}}}"]
        wrong += [f"{b}:{a}", f"{int(a) + 1}:{b}", f"{a}:{int(b) + 1}", f"{a}, {b}"]
    elif kind == "time":
        hour, minute, half = TIME.fullmatch(gold).groups()
        right += [f"{hour}:{minute} {half}.m.", f"{hour}:{minute} {half.upper()}M", f"{hour}:{minute}{half}m", rf"{hour}:{minute} \text{{ {half}.m.}}"]
        wrong += [f"{hour}:{minute} {'a' if half == 'p' else 'p'}.m.", f"{hour}:{(int(minute) + 1) % 60:02d} {half}.m.", f"{int(hour) % 12 + 1}:{minute} {half}.m."]
    elif kind == "assignment":
        name, value = ASSIGN.fullmatch(gold).groups()
        right += [value, f"{name}={value}", f"{name} = {value}", f"{value} = {name}", rf"\text{{{name}}} = {value}" if False else f"{name} = {value}."]
        wrong += [f"{name} = {negative(value)}", with_digit_changed(value), f"{name} = {with_digit_changed(value)}", name, f"{name} > {value}", rf"{name} \ne {value}"]
    elif kind == "plus-minus":
        right += [gold.replace(" ", ""), gold.replace(r"\pm", r" \pm ")]
        whole = re.fullmatch(r"([\w\\ {}]+) \\pm ([\w\\ {}]+)", gold)
        if whole:
            a, b = whole.groups()
            right += [f"{a} + {b}, {a} - {b}", rf"{a} - {b} \text{{ and }} {a} + {b}", rf"x = {a} \pm {b}", rf"\{{{a} + {b}, {a} - {b}\}}"]
            wrong += [f"{a} + {b}", f"{a} - {b}", f"{a}, {b}", rf"{b} \pm {a}", f"{a} + {b}, {a} + {b}"]
    elif kind in ("tuple", "interval"):
        plain = gold.replace(r"\left", "").replace(r"\right", "").strip()
        right += [plain, plain.replace(" ", "") if "\\" not in plain else plain, plain.replace("(", r"\left(").replace(")", r"\right)") if "]" not in plain and "[" not in plain else plain, plain.replace(r"\frac", r"\dfrac")]
        if r"\cup" not in plain:
            items = split_items(plain[1:-1])
            right += [f"{plain[0]} {' , '.join(items)} {plain[-1]}"]
            wrong += [f"{plain[0]}{', '.join([*items, '1'])}{plain[-1]}", items[0]]
            if items != items[::-1]:
                wrong += [f"{plain[0]}{', '.join(items[::-1])}{plain[-1]}"]
            if kind == "interval" and len(items) == 2:
                low, high = items
                wrong += [("(" if plain[0] == "[" else "[") + plain[1:] if r"\infty" not in low else plain[:-1] + (")" if plain[-1] == "]" else "]")]
                signs = (r"\le" if plain[0] == "[" else "<", r"\le" if plain[-1] == "]" else "<")
                if r"\infty" in low and r"\infty" not in high:
                    right += [rf"x {signs[1]} {high}"]
                    wrong += [rf"x > {high}"]
                elif r"\infty" in high and r"\infty" not in low:
                    right += [rf"x {signs[0].replace('le', 'ge').replace('<', '>')} {low}", rf"x \in {plain}"]
                    wrong += [rf"x < {low}"]
                elif r"\infty" not in plain:
                    right += [rf"{low} {signs[0]} x {signs[1]} {high}", rf"x \in {plain}"]
        else:
            parts = [part.strip() for part in plain.split(r"\cup")]
            right += ["\u222a".join(parts), rf" \cup ".join(parts[::-1])]
            wrong += [parts[0], r" \cup ".join(parts[1:]), plain.replace(r"\cup", r"\cap") if False else ", ".join(parts[:1])]
        wrong += [with_digit_changed(plain)]
        if kind == "tuple":
            wrong += [plain[1:-1].split(",")[0]]
    elif kind == "list":
        items = split_items(gold)
        right += [", ".join(items), ",".join(items), rf"{', '.join(items[:-1])} \text{{ and }} {items[-1]}", rf"\{{{', '.join(items)}\}}", ", ".join(items[::-1]), "; ".join(items)]
        wrong += [", ".join(items[:-1]), ", ".join([*items, "77"]), ", ".join([negative(items[0]), *items[1:]]) if negative(items[0]) not in items and items[0] != "0" else "77", ", ".join([with_digit_changed(items[0]) or "77", *items[1:]]) if (with_digit_changed(items[0]) not in items) else "77"]
    elif kind == "radical or pi":
        right += [gold.replace(" ", "") if not re.search(r"\\[a-z]+ [a-z]", gold) else gold, gold.replace(r"\frac", r"\dfrac"), f"x = {gold}", rf"\left({gold}\right)", rf"\frac{{3}}{{3}} \cdot \left({gold}\right)", rf"{gold} + 1 - 1", rf"-\left(-\left({gold}\right)\right)"]
        found = ROOT.fullmatch(gold)
        if found:
            a, b = int(found.group(1) or 1) if found.group(1) not in ("-",) else -1, int(found.group(2))
            sign = "-" if a < 0 else ""
            right += [rf"{sign}\sqrt{{{a * a * b}}}", rf"{a} \cdot {b}^{{1/2}}", f"{a}*sqrt({b})", f"{a}\u221a{b}", rf"\frac{{{a * b}}}{{\sqrt{{{b}}}}}"]
            wrong += [rf"{a}\sqrt{{{b + 1}}}", rf"{a + 1}\sqrt{{{b}}}", str(a), str(a * b), f"{a * b ** 0.5:.2f}", rf"\sqrt{{{abs(a) * b}}}" if abs(a) > 1 else "7"]
        found = PI.fullmatch(gold)
        if found:
            a = int(found.group(1) or 1)
            right += [rf"\pi \cdot {a}", f"{a}\u03c0", f"{a}pi", rf"{a} \times \pi"]
            wrong += [str(a), rf"{a + 1}\pi", rf"{a}\pi^2", f"{a * 3.14159:.2f}", rf"\frac{{{a}}}{{\pi}}"]
        wrong += [rf"-\left({gold}\right)", rf"\frac{{1}}{{{gold}}}" if gold != "1" else "7", f"{gold} + 1", rf"2\left({gold}\right)", with_digit_changed(gold)]
    elif kind in ("polynomial", "function", "other"):
        if re.search(r"text|mbox|\\%|=|\\\$|mathbf|:", gold) or gold.strip() == "":
            return right, wrong
        right += [rf"\left({gold}\right)", rf"{gold} + 3 - 3", rf"0 + {gold}" if not gold.startswith("-") else gold, rf"\frac{{2\left({gold}\right)}}{{2}}"]
        wrong += [rf"-\left({gold}\right)", f"{gold} + 1", rf"2\left({gold}\right)", with_digit_changed(gold)]
        terms = re.findall(r"[+-]?[^+-]+", gold.replace(" ", "")) if kind == "polynomial" and "(" not in gold and not re.search(r"\^\{?[^}\d]*[+-]", gold) else []
        if len(terms) > 1:
            turned = "".join(term if term[0] in "+-" else f"+{term}" for term in terms[::-1])
            right += [turned.lstrip("+"), f"f(x) = {gold}" if "x" in gold else gold]
            wrong += ["".join(terms[:-1]), "".join(terms[1:]).lstrip("+")]
            wrong += ["".join([*terms[:-1], ("-" + terms[-1][1:]) if terms[-1][0] == "+" else ("+" + terms[-1].lstrip("-"))])]
    elif kind == "equation":
        sides = [side.strip() for side in gold.split("=")]
        if len(sides) == 2 and not re.search(r"[<>]|\\[lg]e|text|,|\\%", gold):
            left, side = sides
            right += [f"{side} = {left}", f"{left}={side}"]
            if re.fullmatch(r"[-+\w .^{}\\]*", gold.replace("=", "")):
                right += [rf"2\left({left}\right) = 2\left({side}\right)", rf"{left} - \left({side}\right) = 0", rf"{left} + 1 = {side} + 1"]
                wrong += [f"{left} = {side} + 1", rf"{left} = -\left({side}\right)" if side != "0" else f"{left} = 1", with_digit_changed(gold) if not gold.endswith("0") else gold.replace("= 0", "= 1")]
    return right, wrong


def wrapped(answer, index):
    """A response that ends in the answer, in one of several ways."""
    ways = [
        rf"So the answer is $\boxed{{{answer}}}$.",
        rf"\boxed{{{answer}}}",
        rf"We check: \boxed{{17}} was wrong, since a sign was lost.\n\nThus the result is\n\\[ \boxed{{{answer}}} \\]".replace("\\n", "\n").replace("\\\\[", "\\[").replace("\\\\]", "\\]"),
        rf"Let me think. The value follows from $a^2 + b^2$.\n**Final answer:** $\boxed{{{answer}}}$".replace("\\n", "\n"),
    ]
    return ways[index % len(ways)]


def in_prose(answer, index):
    """Responses without a box, for answers of one formula."""
    ways = [f"We get $12 + 5$ first.\nThe answer is ${answer}$.", f"Step 1: add.\n#### {answer}", f"Adding gives it. Final answer: ${answer}$", f"After simplification we obtain $$ {answer} $$", f"**Answer:** {answer}"]
    return ways[index % len(ways)]


def attacks(gold, kind):
    """Responses that try to be rewarded without the answer."""
    other = "41" if gold != "41" else "43"
    return [
        rf"The answer is \boxed{{{gold}}} or \boxed{{{other}}}.",
        rf"\boxed{{{gold} \text{{ or }} {other}}}",
        r"The answer is \boxed{}.",
        r"\boxed{\text{the correct answer}}",
        r"\boxed{9^{9^{9^{9^{9}}}}}",
        rf"It could be {gold}, but I am not sure. \boxed{{?}}",
        rf"\boxed{{{gold}, {other}, 2, 3, 5, 7}}",
        rf"First $\boxed{{{gold}}}$. On second thought, the answer is $\boxed{{{other}}}$.",
        r"\boxed{x}" if gold != "x" else r"\boxed{w}",
        r"\boxed{\text{Find the value of the expression in simplest form}}",
        rf"\boxed{{\text{{{gold}}}\ \text{{ or not}}}}" if "text" not in gold else r"\boxed{}",
        rf"\boxed{{\frac{{{gold}}}{{0}}}}" if kind == "integer" else r"\boxed{\frac{0}{0}}",
    ]


def main(folder, is_beyond):
    golds = {}
    for name in FILES:
        for line in open(f"{folder}/{name}.jsonl", encoding="utf8"):
            answer = json.loads(line)["answer"]
            if answer and answer.strip():
                golds.setdefault(answer, name)
    chosen, count = [], {}
    for gold in sorted(golds, key=lambda text: hashlib.sha256(text.encode()).hexdigest()):
        kind = category(gold)
        count[kind] = count.get(kind, 0) + 1
        most = 16 if kind in ("integer", "fraction", "polynomial", "radical or pi", "tuple", "interval") else 10
        if most < count[kind] <= 60 if is_beyond else count[kind] <= most:
            chosen.append((gold, kind))
    number = 0
    for gold, kind in chosen:
        held = int(hashlib.sha256(f"held {gold}".encode()).hexdigest(), 16) % 2 == 1
        right, wrong = forms(gold, kind)
        rows = [(wrapped(gold, number), "right", "itself")]
        if kind not in ("choice", "word", "time"):
            rows.append((in_prose(gold, number), "right", "prose"))
        rows += [(wrapped(answer, number + at), "right", "rewritten") for at, answer in enumerate(dict.fromkeys(right)) if answer]
        same = set(right) | {gold}
        rows += [(wrapped(answer, number + at), "wrong", "near miss") for at, answer in enumerate(dict.fromkeys(wrong)) if answer and answer not in same]
        tricks = attacks(gold, kind)
        rows += [(tricks[at % len(tricks)], "wrong", "adversarial") for at in range(number, number + 4)]
        number += 1
        for response, expected, kind_of_pair in rows:
            row = {"gold": gold, "response": response, "expected": expected, "category": kind, "kind": kind_of_pair, "held": held}
            print(json.dumps(row, ensure_ascii=True))


main(sys.argv[1], "beyond" in sys.argv)
