// The ranked list: a table whose rows are chosen by click, arrow key, J and K. Every text is set as text, never as HTML.
const PATIENCE = 10_000 // ms after which what the server shows counts again, if it has not shown what was sent to it
const STEPS = { j: 1, k: -1 }
// `picked`: what the viewer chose and the server does not show yet. `sent`: what it was asked to show. Kept here, as Streamlit
// makes the list anew where something above it has gone.
const state = { shown: "", picked: null, sent: null, send: null }

export default function ({ data, parentElement, setTriggerValue }) {
  const scroller = parentElement.querySelector(".scroller")
  const table = parentElement.querySelector("table")
  const shown = JSON.stringify([data.prompt, data.columns, data.rows])
  if (state.shown !== shown) Object.assign(state, { shown, picked: null, sent: null })
  if (parentElement.shown !== shown) {
    parentElement.shown = shown
    table.setAttribute("aria-label", data.label)
    fill(table, data)
  }
  parentElement.leaving?.abort() // this runs anew with other data, without a call of what it returned before
  const leaving = parentElement.leaving = new AbortController()

  const rows = [...table.tBodies[0].rows]
  const at = () => rows.findIndex(row => row.getAttribute("aria-selected") === "true")
  const select = (number, focus) => {
    for (const row of rows) {
      const isSelected = Number(row.dataset.number) === number
      row.setAttribute("aria-selected", String(isSelected))
      row.tabIndex = isSelected || (number === null && row === rows[0]) ? 0 : -1
      if (isSelected) {
        keepInView(scroller, table, row)
        if (focus) row.focus({ preventScroll: true })
      }
    }
  }
  const hasFocus = () => table.contains(parentElement.querySelector(":focus"))

  // One pick at a time is on its way; of those made meanwhile only the last is sent, when that one's text is there.
  const send = () => {
    if (state.picked === null || state.sent !== null) return
    state.sent = state.picked
    clearTimeout(state.patience)
    state.patience = setTimeout(() => {
      if (state.picked === state.sent || !state.send) state.picked = null
      state.sent = null
      state.send?.()
    }, PATIENCE)
    setTriggerValue("picked", state.sent)
  }
  state.send = send
  const pick = (row, focus) => {
    if (!row || row.getAttribute("aria-selected") === "true") return
    state.picked = Number(row.dataset.number)
    select(state.picked, focus) // at once; the text follows
    send()
  }

  if (data.selected === state.sent) {
    clearTimeout(state.patience)
    state.sent = null
    if (data.selected === state.picked) state.picked = null
  }
  select(state.picked ?? data.selected, hasFocus())
  send()

  // The text beside the list scrolls by key too; it may be drawn after the list, or anew.
  const reachable = () => {
    const text = document.querySelector(".st-key-response")
    if (text && text.tabIndex !== 0) text.tabIndex = 0
  }
  reachable()
  const watch = new MutationObserver(reachable)
  watch.observe(document.body, { childList: true, subtree: true })
  leaving.signal.addEventListener("abort", () => watch.disconnect())

  table.onclick = event => pick(event.target.closest("tbody tr"), true)
  table.onkeydown = event => {
    const to = { ArrowDown: at() + 1, ArrowUp: Math.max(at() - 1, 0), Home: 0, End: rows.length - 1 }[event.key]
    if (to !== undefined) {
      event.preventDefault()
      pick(rows[to], true)
    }
  }
  // J and K, wherever on the page the focus is but in a field.
  const step = by => pick(rows[at() < 0 && by < 0 ? 0 : at() + by], hasFocus())
  document.addEventListener("keydown", event => {
    const [where] = event.composedPath() // the field itself, also within a component
    const isTyping = where.closest?.("input:not([type=checkbox], [type=radio]), textarea, [contenteditable=true]")
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    const by = STEPS[event.key.toLowerCase()]
    if (by) step(by)
  }, { signal: leaving.signal })
  // The buttons above the list step from what is selected here, not from what the server showed last.
  document.addEventListener("click", event => {
    const by = event.target.closest?.(".st-key-next_candidate button") ? 1
      : event.target.closest?.(".st-key-previous_candidate button") ? -1 : 0
    if (!by || at() < 0) return
    step(by)
    event.stopPropagation()
  }, { signal: leaving.signal, capture: true })
  return () => {
    leaving.abort()
    if (state.send === send) state.send = null
  }
}

function fill(table, data) {
  const head = document.createElement("tr")
  for (const column of data.columns) {
    const cell = document.createElement("th")
    cell.scope = "col"
    cell.textContent = column.label
    cell.className = column.kind
    if (column.help) cell.title = column.help
    head.append(cell)
  }
  table.tHead.replaceChildren(head)
  table.tBodies[0].replaceChildren(...data.rows.map(({ number, cells, hint }) => {
    const row = document.createElement("tr")
    row.dataset.number = number
    cells.forEach((text, place) => {
      const cell = document.createElement("td")
      cell.textContent = text
      cell.className = data.columns[place].kind
      if (data.columns[place].kind === "text") cell.title = text
      if (data.columns[place].kind === "note" && hint) cell.title = hint
      row.append(cell)
    })
    return row
  }))
}

// Only the list scrolls: scrollIntoView would move the page too.
function keepInView(scroller, table, row) {
  const above = row.offsetTop - table.tHead.offsetHeight
  const below = row.offsetTop + row.offsetHeight - scroller.clientHeight
  if (scroller.scrollTop > above) scroller.scrollTop = above
  if (scroller.scrollTop < below) scroller.scrollTop = below
}
