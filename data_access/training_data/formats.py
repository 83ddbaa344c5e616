"""The shapes that trainers read: one training row -> one record with the trainer's own field names.

Field names: TRL's "Dataset formats", OpenRLHF's `openrlhf/datasets`, LLaMA-Factory's `data/README.md` and axolotl's
`docs/rlhf.qmd`, each read in November 2026.
"""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import pyarrow as pa

Kind = Literal["pairs", "demonstrations", "labels", "candidates", "prompts"]
Record = dict[str, Any]

TEXT = pa.string()
MESSAGE = pa.struct([("role", TEXT), ("content", TEXT)])
MESSAGES = pa.list_(MESSAGE)
# How LLaMA-Factory is told of messages with `role` and `content`.
TAGS = {
    "formatting": "sharegpt",
    "tags": {"role_tag": "role", "content_tag": "content", "user_tag": "user", "assistant_tag": "assistant"},
}

TEMPLATED = "rformatted_prompt_response"  # of the seed: formatted for the reward model, with a chat template


class Row(NamedTuple):
    """A training row: the prompt's text and one response, or two of which the first is chosen. `margin` is None where a
    text has no reward; `label` is None except for labels. For a format that takes a column `first` is the text of that, and
    there is no prompt."""

    prompt: str
    first: str
    second: str
    margin: float | None
    label: bool | None


class Format(NamedTuple):
    """A shape: for which kind of rows, its name, its fields with their types, how it is made, and how trainers read it.

    `info` is its entry in LLaMA-Factory's dataset_info.json, except for the file's name. Tables are written as they are.
    `takes_column` says that its text is that of a numbered column of the source, which the recipe names.
    """

    kind: Kind
    label: str
    reads: str
    fields: tuple[tuple[str, pa.DataType], ...] = ()
    record: Callable[[Row], Record] = lambda row: {}
    info: dict[str, Any] | None = None
    takes_column: bool = False


def user(content: str) -> Record:
    return {"role": "user", "content": content}


def assistant(content: str) -> Record:
    return {"role": "assistant", "content": content}


FORMATS = {
    "trl_dpo": Format(
        "pairs",
        "TRL DPO, OpenRLHF, LLaMA-Factory (text)",
        "TRL DPOTrainer as it is. OpenRLHF: --prompt_key prompt --chosen_key chosen --rejected_key rejected. "
        "LLaMA-Factory: dataset_info.json lies beside. The texts carry no chat template: the trainer must apply one.",
        (("prompt", TEXT), ("chosen", TEXT), ("rejected", TEXT)),
        lambda row: {"prompt": row.prompt, "chosen": row.first, "rejected": row.second},
        {"ranking": True, "columns": {"prompt": "prompt", "chosen": "chosen", "rejected": "rejected"}},
    ),
    "trl_dpo_conversational": Format(
        "pairs",
        "TRL DPO, OpenRLHF (messages)",
        "TRL DPOTrainer as it is: it applies the chat template. OpenRLHF: --apply_chat_template --prompt_key prompt "
        "--chosen_key chosen --rejected_key rejected.",
        (("prompt", MESSAGES), ("chosen", MESSAGES), ("rejected", MESSAGES)),
        lambda row: {
            "prompt": [user(row.prompt)],
            "chosen": [assistant(row.first)],
            "rejected": [assistant(row.second)],
        },
    ),
    "trl_reward": Format(
        "pairs",
        "TRL, OpenRLHF reward model (messages)",
        "TRL RewardTrainer as it is; the margin, where there is one, is the difference of rewards. OpenRLHF: "
        "--apply_chat_template --chosen_key chosen --rejected_key rejected. "
        "axolotl, for DPO: type: chat_template.argilla_chat.",
        (("chosen", MESSAGES), ("rejected", MESSAGES), ("margin", pa.float64())),
        lambda row: {
            "chosen": [user(row.prompt), assistant(row.first)],
            "rejected": [user(row.prompt), assistant(row.second)],
            "margin": row.margin,
        },
    ),
    "messages_dpo": Format(
        "pairs",
        "LLaMA-Factory, axolotl DPO (messages)",
        "LLaMA-Factory: dataset_info.json lies beside. axolotl: rl: dpo, type: chat_template.default, "
        "field_messages: messages, field_chosen: chosen, field_rejected: rejected.",
        (("messages", MESSAGES), ("chosen", MESSAGE), ("rejected", MESSAGE)),
        lambda row: {
            "messages": [user(row.prompt)],
            "chosen": assistant(row.first),
            "rejected": assistant(row.second),
        },
        {"ranking": True, "columns": {"messages": "messages", "chosen": "chosen", "rejected": "rejected"}, **TAGS},
    ),
    "trl_sft": Format(
        "demonstrations",
        "TRL SFT, OpenRLHF, LLaMA-Factory, axolotl",
        "TRL SFTTrainer as it is. OpenRLHF: --input_key messages --apply_chat_template. LLaMA-Factory: dataset_info.json "
        "lies beside. axolotl: type: chat_template, field_messages: messages.",
        (("messages", MESSAGES),),
        lambda row: {"messages": [user(row.prompt), assistant(row.first)]},
        {"columns": {"messages": "messages"}, **TAGS},
    ),
    "trl_text": Format(
        "demonstrations",
        "TRL SFT (text as formatted in the dataset)",
        "TRL SFTTrainer as it is: from the field text it learns the whole text, the prompt too, and applies no chat template.",
        (("text", TEXT),),
        lambda row: {"text": row.first},
        takes_column=True,
    ),
    "trl_kto": Format(
        "labels",
        "TRL KTO, OpenRLHF, axolotl (text)",
        "TRL KTOTrainer as it is. OpenRLHF: --prompt_key prompt --output_key completion --label_key label. axolotl: "
        "rl: kto, type: chatml.ultra.",
        (("prompt", TEXT), ("completion", TEXT), ("label", pa.bool_())),
        lambda row: {"prompt": row.prompt, "completion": row.first, "label": row.label},
    ),
    "messages_kto": Format(
        "labels",
        "LLaMA-Factory KTO (messages)",
        "LLaMA-Factory: dataset_info.json lies beside.",
        (("messages", MESSAGES), ("label", pa.bool_())),
        lambda row: {"messages": [user(row.prompt), assistant(row.first)], "label": row.label},
        {"columns": {"messages": "messages", "kto_tag": "label"}, **TAGS},
    ),
    "candidates": Format("candidates", "Flat table", "One row per candidate; rewards compare within a prompt only."),
    "prompts": Format("prompts", "Flat table", "One row per prompt."),
}
