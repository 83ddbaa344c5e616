"""Help: the keys, and what the marks mean; by a button in the bar, or the key "?".

What listens for that key also has a page run again that lost its server.
"""

import streamlit as st

KEYS = """
| key | does | on |
|---|---|---|
| **J**, **K** | next, previous candidate in the ranking (Compare: of A) | Prompt, Compare |
| **N**, **P** | next, previous prompt in the list | Prompt, Compare |
| **S** | swap A and B | Compare |
| **D**, **Shift D** | next, previous difference | Compare |
| **A**, **B**; **G**, **H** | A or B is better (also **1**, **2**, **←**, **→**); both are good, both are bad | Compare blind |
| **S**, **U** | skip the pair, back to the one before | Compare blind |
| **V** | presenting view, and back | Prompt, Compare |
| **?** | this help | everywhere |
"""
WORDS = """
**Reward**: the scorer's raw output for a response. Its offset differs by prompt, so only differences within one prompt mean
something. **Gap**: the prompt's best reward minus this one. **Rank**: 1 is best; ties share a rank (=). **Percentile**: 100 is
best. **Pair**: RewardBench's chosen and rejected texts; they have a reward only where a candidate has the same text (= exactly,
≈ but for white space, Unicode form or template tokens). A high reward is what this scorer prefers, not proof of quality.
"""


# Streamlit's shortcuts take no punctuation. And where a connection comes back after it was lost, Streamlit does not run the
# page: on another process, or one that was started again, the session is new, and would not know the first key or button.
_KEY = st.components.v2.component(
    "help_key",
    html="<span hidden></span>",
    js="""
export default function ({ setTriggerValue }) {
  const leaving = new AbortController()
  document.addEventListener("keydown", event => {
    const [where] = event.composedPath() // the field itself, also within a component
    const isTyping = where.closest?.("input:not([type=checkbox], [type=radio]), textarea, [contenteditable=true]")
    if (event.key === "?" && !isTyping) document.querySelector(".st-key-help button")?.click()
  }, { signal: leaving.signal })
  const app = document.querySelector("[data-testid=stApp]")
  const isLost = () => app.dataset.testConnectionState !== "CONNECTED"
  let wasLost = isLost()
  const connection = new MutationObserver(() => {
    if (wasLost && !isLost()) setTriggerValue("rejoined", true)
    wasLost = isLost()
  })
  connection.observe(app, { attributes: true, attributeFilter: ["data-test-connection-state"] })
  return () => { leaving.abort(); connection.disconnect() }
}
""",
)


def help_button() -> None:
    """The button in the bar."""
    st.button("?", key="help", type="tertiary", help="Keys and words", on_click=_open)
    _KEY(key="help_key", on_rejoined_change=_rejoined)
    if st.session_state.pop("help_open", False):
        _help()


def _rejoined() -> None:
    """The run itself is what is wanted."""


def _open() -> None:
    st.session_state["help_open"] = True


@st.dialog("Keys and words", width="medium")
def _help() -> None:
    st.markdown(KEYS)
    st.markdown(WORDS)
    st.caption("Every view is a link: copy the address to send it.")
