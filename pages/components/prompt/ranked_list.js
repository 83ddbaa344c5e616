// The ranked list: a table whose rows are chosen by click or arrow key. Every text is set as text, never as HTML.
export default function ({ data, parentElement, setTriggerValue }) {
  const scroller = parentElement.querySelector(".scroller")
  const table = parentElement.querySelector("table")
  const shown = JSON.stringify([data.columns, data.rows])
  if (table.dataset.shown !== shown) {
    table.dataset.shown = shown
    table.setAttribute("aria-label", data.label)
    fill(table, data)
  }

  const rows = [...table.tBodies[0].rows]
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
  const pick = row => {
    if (!row || row.getAttribute("aria-selected") === "true") return
    select(Number(row.dataset.number), true) // at once; the text follows
    setTriggerValue("picked", Number(row.dataset.number))
  }
  select(data.selected, table.contains(parentElement.querySelector(":focus")))

  // The text beside the list scrolls by key too; it may be drawn after the list.
  const reachable = () => {
    const text = document.querySelector(".st-key-response")
    if (text) text.tabIndex = 0
    return text
  }
  if (!reachable()) {
    const watch = new MutationObserver(() => { if (reachable()) watch.disconnect() })
    watch.observe(document.body, { childList: true, subtree: true })
  }

  table.onclick = event => pick(event.target.closest("tbody tr"))
  table.onkeydown = event => {
    const at = rows.findIndex(row => row.getAttribute("aria-selected") === "true")
    const to = { ArrowDown: at + 1, ArrowUp: Math.max(at - 1, 0), Home: 0, End: rows.length - 1 }[event.key]
    if (to !== undefined) {
      event.preventDefault()
      pick(rows[to])
    }
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
  table.tBodies[0].replaceChildren(...data.rows.map(({ number, cells }) => {
    const row = document.createElement("tr")
    row.dataset.number = number
    cells.forEach((text, place) => {
      const cell = document.createElement("td")
      cell.textContent = text
      cell.className = data.columns[place].kind
      if (data.columns[place].kind === "text") cell.title = text
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
