"""The PyTorch side of the bench: the same work as ours, written by hand, as fast as PyTorch 2 does it on a CPU without exotic means.

usage: python torch_baseline.py '<case as JSON>'     prints one JSON object: {"seconds": [...], "tokens": [...], "peakRssMb": N}

One case is one measure of one shape in one process (its fields: bench/cases.ts). Decoding: a static cache of which only the filled part is
attended to, fused q-k-v and gate-up weights packed for oneDNN, sampling by inverse CDF, everything under inference_mode. Scoring: log-probability and entropy of every
token. Updating: forward, clipped loss, backward, fused AdamW, in micro-batches of the size that is fastest here. The step is the straightforward one: all rows decode until the last has ended, rows are padded to
the longest and every row is trained. torch.compile is left out: it is no faster on these shapes. No part of this is used by the package.
"""

import json
import math
import resource
import sys
import time
from typing import Any, Callable

import torch
import torch.nn.functional as F
from torch import Tensor

Case = dict[str, Any]
Weights = dict[str, Tensor]
Linear = Callable[[Tensor], Tensor]
Work = Callable[[], int]  # does the work once and counts its tokens


class Model:
    """Random weights of a Llama: tied embeddings, grouped-query attention, fused q-k-v and gate-up matrices."""

    def __init__(self, shape: Case, trained: bool) -> None:
        self.hidden, self.layers = shape["hiddenSize"], shape["layers"]
        self.heads, self.kv_heads, self.head_size = shape["heads"], shape["kvHeads"], shape["headSize"]
        self.feed_forward, self.vocabulary = shape["feedForwardSize"], shape["vocabularySize"]
        query, key = self.heads * self.head_size, self.kv_heads * self.head_size
        self.splits = (query, key, key)
        generator = torch.Generator().manual_seed(1)
        self.weights: Weights = {"embed": torch.randn(self.vocabulary, self.hidden, generator=generator) * 0.02, "norm": torch.ones(self.hidden)}
        for layer in range(self.layers):
            for name, rows, columns in (
                ("qkv", query + 2 * key, self.hidden),
                ("out", self.hidden, query),
                ("gate_up", 2 * self.feed_forward, self.hidden),
                ("down", self.hidden, self.feed_forward),
            ):
                self.weights[f"{layer}.{name}"] = torch.randn(rows, columns, generator=generator) * 0.02
            self.weights[f"{layer}.norm1"] = torch.ones(self.hidden)
            self.weights[f"{layer}.norm2"] = torch.ones(self.hidden)
        for weight in self.weights.values():
            weight.requires_grad_(trained)
        angles = torch.outer(torch.arange(shape["contextLength"]), 10000.0 ** (-torch.arange(0, self.head_size, 2) / self.head_size))
        self.cos, self.sin = torch.cat((angles, angles), -1).cos(), torch.cat((angles, angles), -1).sin()

    def rotate(self, x: Tensor, first: int) -> Tensor:
        """Rotary embedding of x [B, heads, T, head_size] at positions first ..."""
        half = self.head_size // 2
        cos, sin = self.cos[first : first + x.shape[2]], self.sin[first : first + x.shape[2]]
        return x * cos + torch.cat((-x[..., half:], x[..., :half]), -1) * sin

    def queries_keys_values(self, fused: Tensor, first: int) -> tuple[Tensor, Tensor, Tensor]:
        batch, length = fused.shape[:2]
        query, key, value = (part.view(batch, length, -1, self.head_size).transpose(1, 2) for part in fused.split(self.splits, -1))
        return self.rotate(query, first), self.rotate(key, first), value

    def norm(self, x: Tensor, name: str) -> Tensor:
        return F.rms_norm(x, (self.hidden,), self.weights[name], 1e-5)

    def hidden_states(self, tokens: Tensor) -> Tensor:
        """[B, T] -> [B, T, hidden], causal, the final norm applied."""
        x = F.embedding(tokens, self.weights["embed"])
        for layer in range(self.layers):
            fused = F.linear(self.norm(x, f"{layer}.norm1"), self.weights[f"{layer}.qkv"])
            query, key, value = self.queries_keys_values(fused, 0)
            mixed = F.scaled_dot_product_attention(query, key, value, is_causal=True, enable_gqa=self.heads != self.kv_heads)
            x = x + F.linear(mixed.transpose(1, 2).flatten(2), self.weights[f"{layer}.out"])
            gate, up = F.linear(self.norm(x, f"{layer}.norm2"), self.weights[f"{layer}.gate_up"]).chunk(2, -1)
            x = x + F.linear(F.silu(gate) * up, self.weights[f"{layer}.down"])
        return self.norm(x, "norm")


def packed_linear(weight: Tensor, rows: int) -> Linear:
    """x @ weight.T with the weight packed once for about `rows` rows."""
    packed = torch.ops.mkldnn._reorder_linear_weight(weight.detach(), rows)
    return lambda x: torch.ops.mkldnn._linear_pointwise(x, packed, None, "none", [], "")


class Decoder:
    """Decodes rows in step with a static cache; `ends` marks the token ids that end a row."""

    def __init__(self, model: Model, rows: int, length: int) -> None:
        self.model, self.rows = model, rows
        self.linear = {name: packed_linear(weight, rows) for name, weight in model.weights.items() if weight.dim() == 2}
        cache = (model.layers, 2, rows, model.kv_heads, length, model.head_size)
        self.cache = torch.zeros(cache)

    def forward(self, tokens: Tensor, first: int) -> Tensor:
        """tokens [B, T] at positions first ... -> logits [B, V] of the last one."""
        model, end = self.model, first + tokens.shape[1]
        x = F.embedding(tokens, model.weights["embed"])
        for layer in range(model.layers):
            fused = self.linear[f"{layer}.qkv"](model.norm(x, f"{layer}.norm1"))
            query, key, value = model.queries_keys_values(fused, first)
            self.cache[layer, 0, :, :, first:end], self.cache[layer, 1, :, :, first:end] = key, value
            keys, values = self.cache[layer, 0, :, :, :end], self.cache[layer, 1, :, :, :end]
            mixed = F.scaled_dot_product_attention(query, keys, values, is_causal=first == 0 and tokens.shape[1] > 1, enable_gqa=model.heads != model.kv_heads)
            x = x + self.linear[f"{layer}.out"](mixed.transpose(1, 2).flatten(2))
            gate, up = self.linear[f"{layer}.gate_up"](model.norm(x, f"{layer}.norm2")).chunk(2, -1)
            x = x + self.linear[f"{layer}.down"](F.silu(gate) * up)
        return self.linear["embed"](model.norm(x[:, -1], "norm"))

    @torch.inference_mode()
    def sample(self, prompts: Tensor, new_tokens: int, ends: int) -> tuple[Tensor, Tensor, Tensor]:
        """Token ids and log-probabilities [B, new_tokens], and lengths [B]: a row ends with an id below `ends`; the loop ends with the last row."""
        tokens, logprobs = torch.zeros(self.rows, new_tokens, dtype=torch.long), torch.zeros(self.rows, new_tokens)
        lengths = torch.full((self.rows,), new_tokens)
        logits, position = self.forward(prompts, 0), prompts.shape[1]
        for index in range(new_tokens):
            scores = F.log_softmax(logits, -1)
            cumulative = scores.exp().cumsum(-1)
            drawn = torch.searchsorted(cumulative, torch.rand(self.rows, 1) * cumulative[:, -1:]).clamp_(max=self.model.vocabulary - 1)
            tokens[:, index : index + 1], logprobs[:, index : index + 1] = drawn, scores.gather(-1, drawn)
            if ends > 0:
                lengths = torch.where((drawn[:, 0] < ends) & (lengths == new_tokens), index + 1, lengths)
                if bool((lengths <= index + 1).all()):
                    break
            if index + 1 < new_tokens:
                logits = self.forward(drawn, position + index)
        return tokens, logprobs, lengths


@torch.inference_mode()
def score(model: Model, tokens: Tensor, batch: int) -> tuple[Tensor, Tensor]:
    """Log-probability and entropy of every token after the first, [B, T - 1] each."""
    scores = [score_rows(model, rows) for rows in tokens.split(batch)]
    return torch.cat([logprobs for logprobs, _ in scores]), torch.cat([entropies for _, entropies in scores])


def score_rows(model: Model, tokens: Tensor) -> tuple[Tensor, Tensor]:
    everything = F.log_softmax(F.linear(model.hidden_states(tokens)[:, :-1], model.weights["embed"]), -1)
    return everything.gather(-1, tokens[:, 1:, None])[..., 0], -(everything.exp() * everything).sum(-1)


def update(model: Model, optimizer: torch.optim.Optimizer, tokens: Tensor, old: Tensor, advantages: Tensor, batch: int) -> None:
    """One clipped policy-gradient update. tokens [B, T]; old and advantages [B, T - 1] speak of predicting tokens[:, 1:]."""
    for rows, before, credit in zip(tokens.split(batch), old.split(batch), advantages.split(batch), strict=True):
        logits = F.linear(model.hidden_states(rows)[:, :-1], model.weights["embed"])
        logprobs = -F.cross_entropy(logits.flatten(0, 1), rows[:, 1:].flatten(), reduction="none").view_as(before)
        ratio = (logprobs - before).exp()
        (-torch.minimum(ratio * credit, ratio.clamp(0.8, 1.2) * credit).sum()).backward()
    torch.nn.utils.clip_grad_norm_(list(model.weights.values()), 1.0)
    optimizer.step()
    optimizer.zero_grad()


def adamw(model: Model) -> torch.optim.Optimizer:
    return torch.optim.AdamW(list(model.weights.values()), lr=1e-6, weight_decay=0.1, fused=True)


def measure_rollout(case: Case) -> Work:
    model, rows = Model(case["shape"], trained=False), case["prompts"] * case["answers"]
    prompts = torch.randint(1, model.vocabulary, (case["prompts"], case["prompt"])).repeat_interleave(case["answers"], 0)

    def work() -> int:
        decoder = Decoder(model, rows, case["prompt"] + case["fresh"])
        decoder.sample(prompts, case["fresh"], 0)
        return rows * case["fresh"]

    return work


def measure_score(case: Case) -> Work:
    model = Model(case["shape"], trained=False)
    tokens = torch.randint(1, model.vocabulary, (case["rows"], case["length"]))

    def work() -> int:
        score(model, tokens, case["microRows"])
        return tokens.numel()

    return work


def measure_update(case: Case) -> Work:
    model = Model(case["shape"], trained=True)
    optimizer = adamw(model)
    tokens = torch.randint(1, model.vocabulary, (case["rows"], case["length"]))
    old, _ = score(model, tokens, case["microRows"])
    advantages = torch.randn_like(old) / old.numel()

    def work() -> int:
        update(model, optimizer, tokens, old, advantages, case["microRows"])
        return tokens.numel()

    return work


def measure_step(case: Case) -> Work:
    """Rollout of groups and one update over all of them, the straightforward way: padded, every row trained."""
    model = Model(case["shape"], trained=True)
    optimizer = adamw(model)
    groups, answers, prompt, fresh = case["prompts"], case["answers"], case["prompt"], case["fresh"]
    prompts = torch.randint(1, model.vocabulary, (groups, prompt)).repeat_interleave(answers, 0)

    def work() -> int:
        decoder = Decoder(model, groups * answers, prompt + fresh)
        tokens, logprobs, lengths = decoder.sample(prompts, fresh, case["endTokens"])
        width = int(lengths.max())
        mask = (torch.arange(width) < lengths[:, None]).float()
        credit = torch.randn(groups * answers, 1)
        credit[: groups * answers // 3] = 0
        zeros = torch.zeros(groups * answers, prompt - 1)
        everything = torch.cat((prompts, tokens[:, :width]), 1).clone()
        old = torch.cat((zeros, logprobs[:, :width]), 1).clone()
        advantages = torch.cat((zeros, mask * credit / mask.sum()), 1)
        update(model, optimizer, everything, old, advantages, case["microRows"])
        return int(lengths.sum())

    return work


def measure_peak(case: Case) -> Work:
    """Square matrix products; `tokens` counts their floating-point operations."""
    size = case["size"]
    left, right = torch.randn(size, size), torch.randn(size, size)

    def work() -> int:
        for _ in range(8):
            torch.mm(left, right)
        return 8 * 2 * size**3

    return work


MEASURES = {"rollout": measure_rollout, "score": measure_score, "update": measure_update, "step": measure_step, "peak": measure_peak}


def main() -> None:
    case = json.loads(sys.argv[1])
    torch.manual_seed(1)
    torch.set_num_threads(case["threads"])
    work = MEASURES[case["kind"]](case)
    work()  # warms up
    seconds, tokens = [], []
    for _ in range(case["repetitions"]):
        started = time.perf_counter()
        tokens.append(work())
        seconds.append(time.perf_counter() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    print(json.dumps({"seconds": seconds, "tokens": tokens, "peakRssMb": math.ceil(peak)}))


if __name__ == "__main__":
    main()
