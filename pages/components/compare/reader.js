// What two or three panes do together in the browser: they scroll together, and D steps through the differences.
export default function ({ data, parentElement, setTriggerValue }) {
  let panes = []
  // The differences in the order of reading, each by its number, which is the same in both texts; but for those of white space.
  const differences = () => {
    const marks = panes.flatMap(pane => [...pane.querySelectorAll("ins")]).filter(mark => mark.textContent.trim())
    return [...new Set(marks.map(mark => Number(mark.dataset.difference)))].sort((one, other) => one - other)
  }
  const count = parentElement.querySelector("output")
  const buttons = [...parentElement.querySelectorAll("button")]
  parentElement.leaving?.abort() // this runs anew with other data, without a call of what it returned before
  const leaving = parentElement.leaving = new AbortController()
  const { signal } = leaving
  let at = -1
  let led = null // the pane that the reader scrolls; the others follow

  const share = pane => pane.scrollTop / Math.max(pane.scrollHeight - pane.clientHeight, 1)
  const join = pane => {
    pane.tabIndex = 0 // scrolls by key too
    if (!data.together) return
    for (const kind of ["pointerenter", "wheel", "touchstart", "keydown", "focusin"]) {
      pane.addEventListener(kind, () => { led = pane }, { signal, passive: true })
    }
    pane.addEventListener("scroll", () => {
      if (led !== pane) return
      for (const other of panes) {
        if (other !== pane) other.scrollTop = share(pane) * (other.scrollHeight - other.clientHeight)
      }
    }, { signal, passive: true })
  }

  const show = () => {
    const n = differences().length
    count.parentElement.hidden = !data.differs
    const said = at >= 0 ? `${at + 1} of ${n}` : n ? `${n} difference${n > 1 ? "s" : ""}` : "no differences"
    if (count.textContent !== said) count.textContent = said
    for (const button of buttons) button.disabled = !n
  }
  const step = by => {
    const all = differences()
    if (!all.length) return
    at = at < 0 && by < 0 ? all.length - 1 : (at + by + all.length) % all.length
    led = null // each text is scrolled to its own side
    for (const pane of panes) {
      for (const mark of pane.querySelectorAll("[data-difference]")) mark.style.removeProperty("outline")
      const side = pane.querySelector(`[data-difference="${all[at]}"]`)
      if (!side) continue // a third text
      side.style.outline = "2px solid currentColor"
      pane.scrollTop += side.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 3
    }
    show()
  }
  buttons[0].onclick = () => step(-1)
  buttons[1].onclick = () => step(1)
  document.addEventListener("keydown", event => {
    const [where] = event.composedPath() // the field itself, also within a component
    const isTyping = where.closest?.("input:not([type=checkbox], [type=radio]), textarea, [contenteditable=true]")
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.key.toLowerCase() !== "d") return
    if (data.differs) step(event.shiftKey ? -1 : 1)
    else setTriggerValue("asked", true) // to see the differences
  }, { signal })
  // The texts may be drawn after this, and others in their place: then the count is theirs, from the beginning.
  const look = () => {
    const there = data.panes.map(name => document.querySelector(`.st-key-text_${name}`)).filter(Boolean)
    for (const pane of there) if (!panes.includes(pane)) join(pane)
    panes = there
    if (!panes.some(pane => pane.querySelector("[style*=outline]"))) at = -1
    show()
  }
  let due = 0
  const watch = new MutationObserver(() => {
    cancelAnimationFrame(due)
    due = requestAnimationFrame(look)
  })
  watch.observe(document.body, { childList: true, subtree: true })
  signal.addEventListener("abort", () => {
    watch.disconnect()
    cancelAnimationFrame(due)
  })
  look()
  return () => leaving.abort()
}
