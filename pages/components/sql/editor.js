// A textarea whose text is drawn, coloured, by the <pre> behind it; a list of words under the caret; Ctrl-Enter runs.
const TOKEN = /(--[^\n]*|\/\*[^]*?(?:\*\/|$))|('(?:[^']|'')*'?)|("(?:[^"]|"")*"?)|(\b\d+(?:\.\d+)?(?:e[+-]?\d+)?\b)|([^\W\d]\w*)/giu
const KEYWORDS = `ALL AND ANTI ANY AS ASC BETWEEN BY CASE CAST CROSS DESC DESCRIBE DISTINCT ELSE END EXCEPT EXCLUDE EXISTS FALSE
 FILTER FIRST FOR FROM FULL GROUP HAVING ILIKE IN INNER INTERSECT IS JOIN LAST LATERAL LEFT LIKE LIMIT NATURAL NOT NULL NULLS
 OFFSET ON OR ORDER OUTER OVER PARTITION PIVOT QUALIFY RECURSIVE REPLACE RIGHT ROWS SAMPLE SELECT SEMI SUMMARIZE TABLESAMPLE
 THEN TRUE UNION UNNEST USING VALUES WHEN WHERE WINDOW WITH`.split(/\s+/)
const SHOWN = 8
const LINE = 24 // pixels

export default function ({ data, parentElement, setTriggerValue }) {
  const find = (selector) => parentElement.querySelector(selector)
  const [area, pre, list, button, editor, scroller] = ["textarea", "pre", "ul", "button", ".editor", ".scroller"].map(find)
  const kinds = new Map(KEYWORDS.map((word) => [word.toLowerCase(), "keyword"]))
  for (const [relation, columns] of Object.entries(data.relations)) {
    for (const column of columns) kinds.set(column.toLowerCase(), "column")
    kinds.set(relation, "relation")
  }
  let words = []
  let chosen = 0

  const piece = (kind, text) => {
    const span = document.createElement("span")
    span.className = kind
    span.textContent = text
    return span
  }

  const draw = () => {
    const text = area.value
    const parts = []
    let end = 0
    for (const found of text.matchAll(TOKEN)) {
      const [whole, comment, string, quoted, number, word] = found
      const kind = comment ? "comment" : string ? "string" : quoted ? "column" : number ? "number" : kinds.get(word.toLowerCase())
      parts.push(text.slice(end, found.index), kind ? piece(kind, whole) : whole)
      end = found.index + whole.length
    }
    pre.replaceChildren(...parts, text.slice(end) + "\n")
    const at = scroller.scrollTop
    area.style.height = "auto"
    area.style.height = `${area.scrollHeight}px`
    scroller.scrollTop = at
  }

  // What stands before the caret: the beginning of a word, and whether a relation or alias and a dot stand before that.
  const typed = () => /([^\W\d]\w*\.)?("?[^\W\d]?\w*)$/u.exec(area.value.slice(0, area.selectionStart))

  // The relation that a name before a dot stands for: its own, or an alias after FROM or JOIN.
  const named = (name) => {
    for (const [, relation, alias] of area.value.matchAll(/\b(?:from|join)\s+(\w+)\s+(?:as\s+)?(\w+)/giu)) {
      if (alias.toLowerCase() === name) return relation.toLowerCase()
    }
    return name
  }

  const quoted = (name) => (/^[a-z_]\w*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`)

  const suggest = (asked) => {
    const [, before, start] = typed()
    const prefix = start.replace('"', "").toLowerCase()
    const relations = Object.keys(data.relations)
    const own = before && data.relations[named(before.slice(0, -1).toLowerCase())]
    const offered = own ?? [...(before ? [] : relations), ...Object.values(data.relations).flat(), ...(before ? [] : KEYWORDS)]
    words = [...new Set(offered)].filter((word) => word.toLowerCase().startsWith(prefix) && word.toLowerCase() !== prefix)
    words = !prefix && !before && !asked ? [] : words.slice(0, SHOWN)
    chosen = 0
    show()
  }

  // Where on the screen this many characters of the drawn text end.
  const place = (offset) => {
    const range = document.createRange()
    const nodes = document.createTreeWalker(pre, NodeFilter.SHOW_TEXT)
    let node = nodes.nextNode()
    for (; offset > node.length; node = nodes.nextNode()) offset -= node.length
    range.setStart(node, Math.max(offset - 1, 0))
    range.setEnd(node, offset)
    const box = range.getBoundingClientRect()
    return { left: box.right, bottom: box.bottom }
  }

  // The browser shows the caret within the area, which has just grown: here, within what scrolls.
  const reveal = () => {
    const below = place(area.selectionStart).bottom - scroller.getBoundingClientRect().bottom + LINE
    if (below > 0) scroller.scrollTop += below
  }

  const show = () => {
    list.replaceChildren(
      ...words.map((word, number) => {
        const option = document.createElement("li")
        option.id = `word-${number}`
        option.setAttribute("role", "option")
        option.setAttribute("aria-selected", String(number === chosen))
        option.onmousedown = (event) => {
          event.preventDefault()
          accept(number)
        }
        option.append(piece(kinds.get(word.toLowerCase()) ?? "", word))
        return option
      }),
    )
    list.hidden = !words.length
    area.setAttribute("aria-expanded", String(words.length > 0))
    if (!words.length) return area.removeAttribute("aria-activedescendant")
    area.setAttribute("aria-activedescendant", `word-${chosen}`)
    const caret = place(area.selectionStart)
    const frame = editor.getBoundingClientRect()
    list.style.left = `${Math.max(0, Math.min(caret.left - frame.left, frame.width - 220))}px`
    list.style.top = `${caret.bottom - frame.top + 4}px`
  }

  const close = () => {
    words = []
    show()
  }

  const accept = (number) => {
    const [, , start] = typed()
    const word = words[number]
    const caret = area.selectionStart
    area.focus()
    area.setSelectionRange(caret - start.length, caret)
    // Through the browser's own editing, so that Ctrl-Z takes it back.
    document.execCommand("insertText", false, kinds.get(word.toLowerCase()) === "keyword" ? word : quoted(word))
    close()
  }

  const run = () => {
    close()
    setTriggerValue("run", area.value)
  }

  area.oninput = () => {
    draw()
    reveal()
    suggest(false)
  }
  area.onblur = close
  area.onclick = close
  area.onkeydown = (event) => {
    const { key } = event
    if (key === "Enter" && (event.ctrlKey || event.metaKey)) run()
    else if (key === " " && event.ctrlKey) suggest(true)
    else if (!words.length) return
    else if (key === "Escape") close()
    else if ((key === "Tab" && !event.shiftKey) || key === "Enter") accept(chosen)
    else if (key === "ArrowDown" || key === "ArrowUp") {
      chosen = (chosen + (key === "ArrowDown" ? 1 : words.length - 1)) % words.length
      show()
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  button.onclick = run

  // The text is the viewer's own until the page gives another one.
  const given = JSON.stringify([data.text, data.given])
  if (area.dataset.given !== given) {
    area.dataset.given = given
    area.value = data.text
    close()
  }
  draw()
}
