"""An editor for a query, with our relations and columns coloured and completed; Ctrl-Enter runs.

Our own: Streamlit 1.67 has no code editor, and each one on offer (streamlit-ace of 2021, -monaco of 2023, -code-editor of 2024,
-monaco-editor of 2025) lives in a frame, which our Content-Security-Policy forbids, takes 0.7 MB, of which Monaco comes from
elsewhere, to 17 MB where ours takes 6 kB, and is not kept up. CodeMirror is in no kept Python package that we could serve.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import streamlit as st

_EDITOR = st.components.v2.component(
    "sql_editor",
    html="""
<div class="editor">
  <div class="scroller"><div class="sheet">
    <pre aria-hidden="true"></pre>
    <textarea aria-label="SQL query" aria-autocomplete="list" aria-controls="words" role="combobox" spellcheck="false"
      autocapitalize="off" autocomplete="off"
      placeholder="SELECT … FROM prompts, responses, scores or source"></textarea>
  </div></div>
  <ul id="words" role="listbox" aria-label="Words" hidden></ul>
</div>
<div class="below"><button type="button">Run</button><span>Ctrl-Enter runs, Ctrl-Space completes</span></div>
""",
    css="""
.editor, .sheet { position: relative; }
.scroller {
  box-sizing: border-box; height: 150px; overflow: auto; border: 1px solid var(--st-border-color);
  border-radius: var(--st-base-radius); background: var(--st-secondary-background-color);
}
.scroller:focus-within { border-color: var(--st-primary-color); }
pre, textarea {
  box-sizing: border-box; width: 100%; margin: 0; padding: 0.6rem 0.75rem; border: 0;
  font: 0.875rem/1.5 var(--st-code-font); letter-spacing: normal; tab-size: 4;
  white-space: pre-wrap; overflow-wrap: anywhere; overflow: hidden;
}
pre {
  position: absolute; inset: 0; color: var(--st-text-color); pointer-events: none;
}
textarea {
  position: relative; display: block; min-height: 148px; resize: none; color: transparent; background: transparent;
  caret-color: var(--st-text-color); outline: none;
}
textarea::placeholder { color: var(--st-text-color); opacity: 0.6; }
.keyword { color: var(--st-violet-text-color); }
.relation { color: var(--st-blue-text-color); }
.column { color: var(--st-green-text-color); }
.string { color: var(--st-orange-text-color); }
.number { color: var(--st-red-text-color); }
.comment { opacity: 0.7; font-style: italic; }
ul {
  position: absolute; z-index: 10; margin: 0; padding: 0.25rem 0; list-style: none; min-width: 160px; max-width: 100%;
  background: var(--st-background-color); border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius);
  font: 0.875rem/1.5 var(--st-code-font); box-shadow: 0 4px 16px rgba(0, 0, 0, 0.2);
}
li { padding: 0 0.75rem; cursor: pointer; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
li[aria-selected="true"] { background: var(--st-secondary-background-color); text-decoration: underline; }
.below { display: flex; align-items: center; gap: 0.75rem; margin-top: 0.5rem; font-size: 0.875rem; }
.below span { color: var(--st-text-color); opacity: 0.75; font-family: var(--st-font); }
button {
  font: inherit; font-family: var(--st-font); color: var(--st-background-color); background: var(--st-primary-color);
  border: 1px solid var(--st-primary-color); border-radius: var(--st-button-radius); padding: 0.35rem 1.1rem; cursor: pointer;
}
button:hover, button:focus-visible { filter: brightness(1.1); outline: 2px solid var(--st-text-color); outline-offset: 1px; }
""",
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
)


def sql_editor(
    text: str, relations: Mapping[str, Sequence[str]], key: str, given: int, on_run: Callable[[str], None]
) -> None:
    """The editor; `on_run` is the callback, which gets the query. `given` says how often the page has put `text` there:
    what the viewer types stays until it changes. `relations` are the names that are coloured and completed."""
    _EDITOR(
        data={"text": text, "relations": {name: list(columns) for name, columns in relations.items()}, "given": given},
        key=key,
        on_run_change=lambda: on_run(st.session_state[key].run or ""),
    )
