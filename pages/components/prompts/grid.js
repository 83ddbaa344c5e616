// Small multiples: a card a prompt with the distribution of its rewards. Every text is set as text, never as HTML.
export default function ({ data, parentElement, setTriggerValue }) {
  const grid = parentElement.querySelector(".grid")
  const shown = JSON.stringify(data)
  if (grid.dataset.shown === shown) return
  grid.dataset.shown = shown
  grid.replaceChildren(...data.cards.map(card => {
    const button = document.createElement("button")
    button.type = "button"
    const bars = document.createElement("span")
    bars.className = "bars"
    bars.setAttribute("aria-hidden", "true")
    const most = Math.max(...card.bins, 1)
    bars.append(...card.bins.map((n, place) => {
      const bar = document.createElement("i")
      bar.style.height = `${(100 * n) / most}%`
      if (place === (card.bins.length - 1) / 2) bar.className = "middle"
      return bar
    }))
    const title = document.createElement("b")
    title.textContent = card.title
    const facts = document.createElement("small")
    facts.textContent = card.facts
    button.append(title, bars, facts)
    button.title = card.title
    button.onclick = () => setTriggerValue("opened", card.id)
    return button
  }))
}
