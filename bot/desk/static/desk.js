import { initAll } from '/static/built/govuk-frontend.min.js'

// Makes the conversation page quicker: sends without loading the page anew, shows what will be hidden while somebody
// types, keeps the focus in the box. Nothing typed is kept in the browser, and every form works without scripts.

const PREVIEW_AFTER = 400 // milliseconds without a key
const LETTER_KEY = 'desk-letter-key' // "off" for people who press letters by accident, or speak to their computer

let previewing = null
let previewTimer = 0
let sending = false

function view () {
  return document.getElementById('view')
}

function box () {
  return document.getElementById('text')
}

// Puts the parts of the answer's page in the place of those shown now. Messages are added one by one, so that a
// screen reader reads only what is new.
function showAnswer (page, form, sent) {
  const next = page.getElementById('view')
  const now = view()
  const left = wordsLeft(page, form, sent)
  if (next.dataset.view !== 'chat' || now.dataset.view !== 'chat') {
    now.replaceWith(next)
    initAll({ scope: next })
    start()
    giveBack(left)
    const heading = next.querySelector('[data-focus]')
    if (heading) {
      heading.focus()
      window.scrollTo(0, 0)
    } else if (box()) {
      box().focus()
    }
    return
  }
  const log = document.getElementById('log')
  const known = new Map([...log.children].map(item => [item.dataset.number, item]))
  for (const item of log.children) item.removeAttribute('id')
  for (const item of [...page.getElementById('log').children]) {
    const same = known.get(item.dataset.number)
    if (!same) log.append(item)
    // Names were cleared, or somebody's role is known now.
    else if (same.innerHTML !== item.innerHTML) same.innerHTML = item.innerHTML
    known.delete(item.dataset.number)
  }
  for (const gone of known.values()) gone.remove()
  log.lastElementChild.id = 'latest'
  for (const part of ['urgent', 'answers', 'side']) {
    document.getElementById(part).replaceWith(page.getElementById(part))
    initAll({ scope: document.getElementById(part) })
  }
  start()
  giveBack(left)
  const problem = document.getElementById('not-sent')
  if (problem) problem.scrollIntoView({ block: 'start' })
  else if (document.querySelector('#urgent .desk-card')) window.scrollTo(0, 0)
  else document.getElementById('latest').scrollIntoView({ block: 'center' })
  if (box()) box().focus({ preventScroll: true })
}

// What stands in the box and was not sent: half a sentence, or what was typed while the answer was on its way.
function wordsLeft (page, form, sent) {
  const typed = box() ? box().value : ''
  const returned = page.getElementById('text')
  if (form.id !== 'say' || (returned && returned.value)) return typed
  return typed.startsWith(sent) ? typed.slice(sent.length).trimStart() : typed
}

function giveBack (words) {
  if (!box() || !words) return
  box().value = words
  preview()
}

// Without an answer nothing is known to be sent: the words stay where they are.
function showUnreachable () {
  const message = document.getElementById('unreachable').content.cloneNode(true)
  const urgent = document.getElementById('urgent')
  urgent.replaceChildren(message)
  urgent.firstElementChild.scrollIntoView({ block: 'start' })
}

async function send (event) {
  event.preventDefault()
  if (sending) return
  const form = event.target
  const body = new URLSearchParams(new FormData(form))
  if (event.submitter && event.submitter.name) body.append(event.submitter.name, event.submitter.value)
  const sent = box() ? box().value : ''
  sending = true
  form.setAttribute('aria-busy', 'true')
  try {
    const answer = await fetch(form.action, { method: 'POST', body, headers: { Accept: 'text/html' } })
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const here = new URL(answer.url).pathname.replace(/\/(say|do|danger|answer)$/, '')
    if (page.getElementById('view') && here === window.location.pathname.replace(/\/(say|do|danger|answer)$/, '')) {
      showAnswer(page, form, sent)
    } else if (answer.ok) {
      if (form.id === 'say') box().value = wordsLeft(page, form, sent) // what was sent is nothing to warn about
      window.location.assign(answer.url)
    } else {
      // Signed out, or something nobody thought of: the page that came says what to do, and has the words in it.
      document.querySelector('main').replaceWith(document.adoptNode(page.querySelector('main')))
      window.scrollTo(0, 0)
    }
  } catch {
    showUnreachable()
  } finally {
    sending = false
    form.removeAttribute('aria-busy')
  }
}

function showPreview (found) {
  const place = document.getElementById('preview')
  if (!place) return
  place.replaceChildren()
  if (found.title) {
    place.append(paragraph(found.title))
    return
  }
  if (!found.parts.length) return
  place.append(paragraph('These will be hidden:'))
  const list = document.createElement('ul')
  list.className = 'desk-preview__list'
  for (const part of found.parts) {
    const item = document.createElement('li')
    const mark = document.createElement('mark')
    mark.className = part.doubtful ? 'desk-hidden desk-hidden--doubtful' : 'desk-hidden'
    const label = document.createElement('span')
    label.className = 'desk-hidden__label'
    label.textContent = part.doubtful ? `(${part.label}, not sure)` : `(${part.label})`
    mark.append(`${part.text} `, label)
    item.append(mark)
    list.append(item)
  }
  place.append(list)
}

function paragraph (text) {
  const made = document.createElement('p')
  made.className = 'govuk-body-s govuk-!-margin-bottom-1'
  made.textContent = text
  return made
}

async function preview () {
  const form = document.getElementById('say')
  if (!form) return
  if (previewing) previewing.abort()
  if (!box().value.trim()) {
    showPreview({ parts: [] })
    return
  }
  previewing = new AbortController()
  try {
    const body = new URLSearchParams(new FormData(form))
    const answer = await fetch(form.dataset.preview, { method: 'POST', body, signal: previewing.signal })
    if (answer.ok) showPreview(await answer.json())
  } catch {
    // It is only a preview: sending hides the same words, or does not send.
  }
}

function previewSoon () {
  clearTimeout(previewTimer)
  previewTimer = setTimeout(preview, PREVIEW_AFTER)
}

// The forms and the box that are on the page now.
function start () {
  for (const form of document.querySelectorAll('form[data-send]')) form.addEventListener('submit', send)
  if (box()) {
    box().addEventListener('input', previewSoon)
    box().addEventListener('keydown', event => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) document.getElementById('say').requestSubmit()
    })
  }
}

// One key opens the action cards from anywhere; "c" does too, where nothing is being typed.
document.addEventListener('keydown', event => {
  const typing = event.target.closest('input, textarea, select, [contenteditable]')
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey
  if (event.key === 'F2' || (event.key === 'c' && plain && !typing && window.localStorage.getItem(LETTER_KEY) !== 'off')) {
    event.preventDefault()
    window.open('/cards', '_blank', 'noopener')
  }
})

const letterKey = document.getElementById('letter-key')
if (letterKey) {
  letterKey.checked = window.localStorage.getItem(LETTER_KEY) !== 'off'
  letterKey.addEventListener('change', () => {
    window.localStorage.setItem(LETTER_KEY, letterKey.checked ? 'on' : 'off')
  })
}

// Words that are not sent yet are nowhere but in the box.
window.addEventListener('beforeunload', event => {
  if (box() && box().value.trim() && !sending) event.preventDefault()
})

start()
const first = document.querySelector('[data-focus]')
if (first) first.focus()
