"""TRL's side of the bench: whole GRPO steps (sample, grade, update) of its GRPOTrainer, on a Llama with random weights and a tokenizer of words.

usage: python trl_baseline.py '<case as JSON>'     prints one JSON object: {"seconds": [...], "tokens": [...], "peakRssMb": N}

The fields of a case: bench/cases.ts. Settings are chosen for speed on a CPU: F32, fused AdamW, no gradient checkpointing, no KL term, the answers of a step in one batch. No part of this is used by the package.
"""

import contextlib
import io
import json
import os
import resource
import sys
import tempfile
import time
import warnings
from typing import Any

warnings.simplefilter("ignore")
os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from datasets import Dataset
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast, TrainerCallback
from trl import GRPOConfig, GRPOTrainer


class StepTimes(TrainerCallback):
    def __init__(self) -> None:
        self.seconds: list[float] = []

    def on_step_begin(self, *_: Any, **__: Any) -> None:
        self.started = time.perf_counter()

    def on_step_end(self, *_: Any, **__: Any) -> None:
        self.seconds.append(time.perf_counter() - self.started)


def tokenizer(vocabulary: int) -> PreTrainedTokenizerFast:
    words = Tokenizer(models.WordLevel({f"w{index}": index for index in range(vocabulary)}, unk_token="w0"))
    words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return PreTrainedTokenizerFast(tokenizer_object=words, pad_token="w0", eos_token=f"w{vocabulary - 1}", unk_token="w0", padding_side="left")


def model(shape: dict[str, Any]) -> LlamaForCausalLM:
    config = LlamaConfig(
        hidden_size=shape["hiddenSize"],
        num_hidden_layers=shape["layers"],
        num_attention_heads=shape["heads"],
        num_key_value_heads=shape["kvHeads"],
        head_dim=shape["headSize"],
        intermediate_size=shape["feedForwardSize"],
        vocab_size=shape["vocabularySize"],
        max_position_embeddings=shape["contextLength"],
        tie_word_embeddings=True,
        pad_token_id=0,
        bos_token_id=None,
        eos_token_id=shape["vocabularySize"] - 1,
    )
    return LlamaForCausalLM(config)


def reward(completions: list[str], **_: Any) -> list[float]:
    """As good as random, and the same for equal texts."""
    return [float(ord(text[-1:] or " ") % 2) for text in completions]


def train(case: dict[str, Any], folder: str) -> list[float]:
    shape, answers = case["shape"], case["prompts"] * case["answers"]
    numbers = torch.randint(1, shape["vocabularySize"] - 1, (case["prompts"] * 8, case["prompt"])).tolist()
    data = Dataset.from_dict({"prompt": [" ".join(f"w{number}" for number in row) for row in numbers]})
    config = GRPOConfig(
        output_dir=folder,
        use_cpu=True,
        bf16=False,
        gradient_checkpointing=False,
        optim="adamw_torch_fused",
        per_device_train_batch_size=answers,
        num_generations=case["answers"],
        max_completion_length=case["fresh"],
        beta=0.0,
        max_steps=case["repetitions"] + 1,
        logging_strategy="no",
        save_strategy="no",
        report_to=[],
        disable_tqdm=True,
    )
    times = StepTimes()
    trainer = GRPOTrainer(model(shape), reward, config, train_dataset=data, processing_class=tokenizer(shape["vocabularySize"]), callbacks=[times])
    trainer.train()
    return times.seconds[1:]  # the first one warms up


def main() -> None:
    case = json.loads(sys.argv[1])
    torch.set_num_threads(case["threads"])
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):  # the trainer prints
        seconds = train(case, folder)
    tokens = [case["prompts"] * case["answers"] * case["fresh"]] * len(seconds)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    print(json.dumps({"seconds": seconds, "tokens": tokens, "peakRssMb": round(peak)}))


if __name__ == "__main__":
    main()
