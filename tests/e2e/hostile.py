"""Texts that would do something if they were let: each must be shown, and do nothing."""

from pathlib import Path
from typing import Any

from data_access.judgements.answers import save_answer
from data_access.judgements.judgements import Said, save
from data_access.judgements.people import Person
from data_access.judgements.store import open_store

ATTACKS = {
    "script": "<script>window.attacked = 'script'</script>",
    "event": "<img src=x onerror=\"window.attacked = 'event'\">",
    "style": "<style>body { display: none }</style>",
    "frame": '<iframe src="https://attacker.example/frame"></iframe>',
    "image": "![pixel](https://attacker.example/pixel.png) and ![again][ref]\n\n[ref]: https://attacker.example/ref.png",
    "link": "[click](javascript:window.attacked='link') <https://attacker.example/auto> https://attacker.example/bare",
    "formula": "$\\href{javascript:window.attacked='formula'}{x}$ and $$\\includegraphics{https://attacker.example/f.png}$$",
    "directive": ":material/delete: :red[red] :streamlit: -> <- __init__",
    "bidi": "safe \u202eelif.exe\u202c \u2066isolated",
    "long": "x" * 100_000,
    "control": "null \x00 bell \x07 escape \x1b[31m",
}

ROWS: list[dict[str, Any]] = [
    {
        "prompt": attack[:5000],
        "subset": attack[:200],
        "rewardbench_chosen": attack,
        "rewardbench_chosen_model": attack[:200],
        "rewardbench_rejected": "harmless",
        "candidates": [
            (attack[:200], attack, 1.0),
            (f"model {name}", f"Second: {attack}", 0.5),
            ("tame", "harmless", 0.0),
        ],
    }
    for name, attack in ATTACKS.items()
]


def by_length(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same prompts and texts, last ones first, with the length of a text for a reward."""
    return [
        {
            "prompt": row["prompt"],
            "candidates": [(model, text, float(len(text))) for model, text, _ in row["candidates"]],
        }
        for row in reversed(rows)
    ]


def judge_hostilely(file: Path) -> None:
    """Judgements and answers of two people on the prompts and texts of ROWS, each as hostile as the text itself."""
    store = open_store(str(file))
    for person in (Person("Ada"), Person("<b>Ben</b> ![x](https://attacker.example/b.png)")):
        for row in ROWS:
            attack = row["candidates"][0][1]
            said = Said(True, (attack[:40],), attack[:5000])
            save(store, row["prompt"], None, person, said, 0, attack[:100])
            save(store, row["prompt"], attack, person, said, 0, attack[:100])
            save(store, row["prompt"], f"Nowhere: {attack[:1000]}", person, said, 0, attack[:100])
            save_answer(store, row["prompt"], attack, "harmless", person, "a set", "left", 0, "hostile")
    store.engine.dispose()
