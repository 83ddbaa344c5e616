"""A button that copies a text: Streamlit has it for code blocks only."""

import streamlit as st

_COPY = st.components.v2.component(
    "copy_text",
    html="""
<button type="button"></button>
""",
    css="""
button {
  font: inherit; font-size: 0.875rem; color: var(--st-text-color); background: transparent; cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius); padding: 0.3rem 0.6rem;
  width: 100%; white-space: nowrap; min-height: 2rem;
}
button:hover, button:focus-visible { border-color: var(--st-primary-color); color: var(--st-primary-color); }
""",
    js="""
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button")
  button.textContent = data.label
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(data.text)
    } catch {
      // Without a secure context (plain http on a team's network) there is no clipboard API.
      const area = document.createElement("textarea")
      area.value = data.text
      document.body.append(area)
      area.select()
      document.execCommand("copy")
      area.remove()
    }
    button.textContent = "Copied"
    setTimeout(() => { button.textContent = data.label }, 1500)
  }
}
""",
)


def copy_text(text: str, key: str, label: str = "Copy text") -> None:
    """A button that puts the whole text into the viewer's clipboard."""
    _COPY(data={"text": text, "label": label}, key=key)
