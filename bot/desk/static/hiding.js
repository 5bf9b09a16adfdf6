// "Hide this": a small form beside words that somebody selects with the mouse or a finger, and one key for the box.
// Nothing is kept: the selected words stand in the form until it is sent or closed.

const LONGEST = 200 // letters; more is no name, number or address
const AFTER_TOUCH = 400 // milliseconds in which a selection by finger may still grow
const GAP = 8 // pixels between the selection and the form

let touching = false
let touchTimer = 0

function hideThis () {
  return document.getElementById('hide-this')
}

// The selected words: in the box, in what will be sent, or in what was said. Labels in brackets are ours, not theirs.
function selectedWords () {
  const box = document.getElementById('text')
  if (box && document.activeElement === box) {
    return box.value.slice(box.selectionStart, box.selectionEnd).trim()
  }
  const selection = window.getSelection()
  if (!selection.rangeCount || selection.isCollapsed) return ''
  const range = selection.getRangeAt(0)
  const around = range.commonAncestorContainer
  const element = around.nodeType === Node.ELEMENT_NODE ? around : around.parentElement
  if (!element.closest('#log, #preview-text, .desk-sign__words')) return ''
  const words = document.createElement('div')
  words.append(range.cloneContents())
  for (const ours of words.querySelectorAll('.desk-hidden__label, .govuk-visually-hidden, .desk-log__by, .desk-log__hide')) ours.remove()
  return words.textContent.replace(/\s+/g, ' ').trim()
}

function offer (x, y) {
  const form = hideThis()
  const words = selectedWords()
  if (!form) return
  if (!words || words.length > LONGEST || !/[\p{L}\p{N}]/u.test(words)) {
    close()
    return
  }
  form.elements.words.value = words
  form.elements.kind.value = /\d/.test(words) ? 'number' : 'person'
  form.hidden = false
  const room = document.documentElement.clientWidth - form.offsetWidth - GAP
  form.style.left = `${Math.max(GAP, Math.min(x, room))}px`
  form.style.top = `${y + window.scrollY + 2 * GAP}px`
}

export function close () {
  const form = hideThis()
  if (!form) return
  form.hidden = true
  form.elements.words.value = ''
}

function inForm (target) {
  return target instanceof Element && target.closest('#hide-this')
}

// Fills the form under the box with what is selected, and leads there: from the box, without a mouse.
function openPanel (box) {
  const panel = document.getElementById('hide-words')
  if (!panel) return
  const field = panel.querySelector('[name=words]')
  const words = box.value.slice(box.selectionStart, box.selectionEnd).trim()
  panel.open = true
  if (words) {
    field.value = words
    panel.querySelector('[name=kind]').value = /\d/.test(words) ? 'number' : 'person'
  }
  field.focus()
}

document.addEventListener('pointerdown', event => {
  touching = event.pointerType === 'touch'
  if (!inForm(event.target)) close()
})

document.addEventListener('pointerup', event => {
  if (touching || inForm(event.target)) return
  setTimeout(() => offer(event.clientX, event.clientY)) // the browser sets the selection after this
})

// A selection by finger grows without further presses, and stands where its last line ends.
document.addEventListener('selectionchange', () => {
  if (!touching) return
  clearTimeout(touchTimer)
  touchTimer = setTimeout(() => {
    const box = document.getElementById('text')
    const selection = window.getSelection()
    const place = document.activeElement === box || !selection.rangeCount ? box : selection.getRangeAt(0)
    if (!place || inForm(document.activeElement)) return
    const { left, bottom } = place.getBoundingClientRect()
    offer(left, bottom)
  }, AFTER_TOUCH)
})

document.addEventListener('keydown', event => {
  if (event.key === 'Escape' && hideThis() && !hideThis().hidden) {
    close()
    document.getElementById('text')?.focus({ preventScroll: true })
  }
  // By its place on the keyboard: with Alt, some keyboards write another letter.
  if (event.code === 'KeyH' && event.altKey && !event.ctrlKey && !event.metaKey && event.target.id === 'text') {
    event.preventDefault()
    openPanel(event.target)
  }
})
