"""A prompt with a hundred candidates of long texts, long names and every mark: what a desk has to find room for."""

from typing import Any

MODELS = (
    "meta-llama/Meta-Llama-3-70B-Instruct",
    "Qwen/Qwen1.5-110B-Chat",
    "mistralai/Mixtral-8x22B-Instruct-v0.1",
    "google/gemma-7b-it",
)
CANDIDATES, SENTENCES = 100, 60
RANKED = [1, 4, 7, *range(10, 101)]  # best first; three texts are there three times
FIRST_IS_MARKED = "<|im_start|>"  # a template token, which is a flag


def response(number: int) -> str:
    """About 3,600 characters; every second sentence of a candidate has two words of its own."""
    said = []
    for place in range(SENTENCES):
        own = f"value {number}" if place % 2 else "a value"
        said.append(f"Step {place + 1} takes {own} from the list and keeps it in its place.")
        said.append("\n\n" if place % 6 == 5 else " ")
    return "".join(said)


def _candidate(number: int) -> tuple[str, str, float | None]:
    text = response(1 + (number - 1) // 3) if number <= 9 else response(number)  # three texts three times each
    text = f"{FIRST_IS_MARKED}{text[:-4]}" if number in (10, 11) else text  # cut off too
    reward = None if number > 97 else 12.5 - number * 0.125
    return MODELS[number % len(MODELS)], text, reward


ROWS: list[dict[str, Any]] = [
    {
        "prompt": f"Prompt {prompt}. "
        + "Explain in full how a list is put in order, and why it stays in order.\n" * 20,
        "subset": "llmbar-adver-neighbor",
        "rewardbench_chosen": response(40),
        "rewardbench_chosen_model": "anthropic/claude-3-opus-20240229",
        "rewardbench_rejected": "No.",
        "rewardbench_rejected_model": "bigcode/starcoder2-15b-instruct-v0.1",
        "candidates": [_candidate(number) for number in range(1, CANDIDATES + 1)],
    }
    for prompt in (1, 2)
]
