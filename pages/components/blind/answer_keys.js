// More keys for the buttons under the pair: 1 and ← for the left one, 2 and → for the right one. Their letters are Streamlit's.
export default function () {
  const leaving = new AbortController()
  const named = { 1: "a", ArrowLeft: "a", 2: "b", ArrowRight: "b" }
  document.addEventListener("keydown", event => {
    const [where] = event.composedPath() // the field itself, also within a component
    const takesKeys = where.closest?.(
      "input:not([type=checkbox]), textarea, select, [contenteditable=true], [role=radiogroup], [role=listbox], [role=slider]"
    )
    if (takesKeys || event.ctrlKey || event.metaKey || event.altKey || event.repeat || !(event.key in named)) return
    document.querySelector(`[class*="st-key-say_${named[event.key]}_"] button`)?.click()
  }, { signal: leaving.signal })
  return () => leaving.abort()
}
