import { initAll } from '/static/built/govuk-frontend.min.js'
import { close as closeHideThis } from '/assets/hiding.js'

// Makes the conversation page quicker: sends without loading the page anew, shows what will be hidden while somebody
// types, keeps the focus in the box. Nothing typed is kept in the browser, and every form works without scripts.

const PREVIEW_AFTER = 400 // milliseconds without a key
const PREVIEW_SLOWER = 0.1 // milliseconds more for each letter: a long paste takes longer to look through
const PREVIEW_LATEST = 2000
// The addresses of forms, as they end: what they answer with is the conversation's page.
const FORMS = /\/(say|do|danger|answer|box|hidden\/(hide|show|settle|same))$/
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
  showLog(page)
  showParts(page, ['urgent', 'notice', 'answers', 'side'])
  start()
  giveBack(left)
  const problem = document.getElementById('not-sent')
  if (problem) problem.scrollIntoView({ block: 'start' })
  else if (document.querySelector('#urgent .desk-card')) window.scrollTo(0, 0)
  else document.getElementById('latest').scrollIntoView({ block: 'center' })
  if (box()) box().focus({ preventScroll: true })
}

function showLog (page) {
  const log = document.getElementById('log')
  if (!log) return
  const known = new Map([...log.children].map(item => [item.dataset.number, item]))
  for (const item of log.children) item.removeAttribute('id')
  for (const item of [...page.getElementById('log').children]) {
    const same = known.get(item.dataset.number)
    if (!same) log.append(item)
    // Words were hidden or shown, names were cleared, or somebody's role is known now.
    else if (same.innerHTML !== item.innerHTML) same.innerHTML = item.innerHTML
    known.delete(item.dataset.number)
  }
  for (const gone of known.values()) gone.remove()
  log.lastElementChild.id = 'latest'
}

function showParts (page, names) {
  for (const name of names) {
    const now = document.getElementById(name)
    const next = page.getElementById(name)
    if (!now || !next) continue
    now.replaceWith(next)
    initAll({ scope: next })
  }
}

// After words were hidden or shown: nothing moves, the box and what is typed in it stay as they are.
async function showChanged (page) {
  const inPreview = document.activeElement?.closest('#preview-text')
  closeHideThis()
  if (page.getElementById('view').dataset.view !== view().dataset.view) {
    window.location.reload()
    return
  }
  showLog(page)
  showParts(page, ['urgent', 'notice', 'side'])
  const panel = document.getElementById('hide-words')
  const left = page.getElementById('words').value
  if (panel && !left) {
    panel.open = false
    panel.querySelector('[name=words]').value = ''
  }
  start()
  await preview()
  const notice = document.getElementById('notice')
  sayAloud(notice.textContent)
  const next = left ? panel.querySelector('[name=words]') : inPreview && document.getElementById('preview-text')
  const place = next || box()
  if (place) place.focus({ preventScroll: true })
}

// For screen readers, politely; the same words are not said twice.
function sayAloud (words) {
  const aloud = document.getElementById('aloud')
  const said = words.replace(/\s+/g, ' ').trim()
  if (aloud && said && aloud.textContent !== said) aloud.textContent = said
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
  const { submitter } = event
  const action = submitter?.getAttribute('formaction') ?? form.action
  const stays = form.hasAttribute('data-stay') || Boolean(submitter?.hasAttribute('data-stay'))
  const body = new URLSearchParams(new FormData(form))
  if (submitter?.name) body.append(submitter.name, submitter.value)
  const sent = box() ? box().value : ''
  sending = true
  form.setAttribute('aria-busy', 'true')
  try {
    const answer = await fetch(action, { method: 'POST', body, headers: { Accept: 'text/html' } })
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const here = new URL(answer.url).pathname.replace(FORMS, '')
    if (page.getElementById('view') && here === window.location.pathname.replace(FORMS, '')) {
      if (stays) await showChanged(page)
      else showAnswer(page, form, sent)
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

function showPreview (page) {
  const place = document.getElementById('previewed')
  const next = page.getElementById('previewed')
  if (!place || !next) return
  const scrolled = document.getElementById('preview-text')?.scrollTop ?? 0
  place.replaceWith(next)
  const text = document.getElementById('preview-text')
  if (text) text.scrollTop = scrolled
  sayAloud(next.querySelector('[data-said]')?.textContent ?? '')
}

async function preview () {
  const form = document.getElementById('say')
  if (!form) return
  if (previewing) previewing.abort()
  previewing = new AbortController()
  try {
    const body = new URLSearchParams(new FormData(form))
    const answer = await fetch(form.dataset.preview, { method: 'POST', body, signal: previewing.signal })
    if (answer.ok) showPreview(new DOMParser().parseFromString(await answer.text(), 'text/html'))
  } catch {
    // It is only a preview: sending hides the same words, or does not send.
  }
}

function previewSoon () {
  clearTimeout(previewTimer)
  previewTimer = setTimeout(preview, Math.min(PREVIEW_LATEST, PREVIEW_AFTER + box().value.length * PREVIEW_SLOWER))
}

// The forms and the box that are on the page now.
function start () {
  for (const form of document.querySelectorAll('form[data-send]')) form.addEventListener('submit', send)
  if (box()) {
    box().addEventListener('input', previewSoon)
    box().addEventListener('keydown', sendByKey)
  }
}

function sendByKey (event) {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) document.getElementById('say').requestSubmit()
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
