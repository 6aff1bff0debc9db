// Small helpers: building elements, icons, talking to the server, avatars.

/** What the page knows; filled by app.js, read by everybody. */
export const world = { as: '', state: null };

/** h('button.primary', {type: 'button', onclick}, 'text', node...). Text is always set as text. */
export function h(spec, props, ...kids) {
  const [tag, ...classes] = spec.split('.');
  const el = document.createElement(tag || 'div');
  if (classes.length) el.className = classes.join(' ');
  for (const [k, v] of Object.entries(props || {})) {
    if (v === undefined || v === null || v === false) continue;
    if (k.startsWith('on')) el.addEventListener(k.slice(2), v);
    else if (k === 'data') for (const [d, x] of Object.entries(v)) { if (x !== undefined && x !== null) el.dataset[d] = x; }
    else if (k === 'text') el.textContent = v;
    else if (k in el && !k.includes('-') && k !== 'list' && k !== 'form' && k !== 'role') el[k] = v;
    else el.setAttribute(k, v === true ? '' : v);
  }
  add(el, kids);
  return el;
}
export function add(el, kids) {
  for (const kid of [kids].flat(Infinity)) {
    if (kid === undefined || kid === null || kid === false || kid === '') continue;
    el.append(kid);
  }
  return el;
}

const PATHS = {
  lock: 'M5 7V5a3 3 0 0 1 6 0v2M4 7h8v6.5H4z',
  hash: 'M6.2 2.5 4.8 13.5M11.2 2.5 9.8 13.5M2.8 5.7h10.7M2.5 10.3h10.7',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  x: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  send: 'M2.5 13.5 14 8 2.5 2.5 4 8zM4 8h5',
  reply: 'M2.5 3.5h11v7H7l-3 2.7v-2.7H2.5zM5 6.2h6M5 8.2h4',
  more: 'M8 3.6v.1M8 8v.1M8 12.4v.1',
  dots: 'M3.6 8h.1M8 8h.1M12.4 8h.1',
  down: 'M4 6l4 4 4-4',
  right: 'M6 4l4 4-4 4',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  at: 'M10.5 8a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zm0-2.5V9c0 2.2 3 2 3-1a5.5 5.5 0 1 0-2.2 4.4',
  slash: 'M10.5 3.5l-5 9M2.5 2.5h11v11h-11z',
  check: 'M3 8.5l3.3 3.3L13 4.8',
  clip: 'M5 3.500H3.500v10h9v-10H11M5.5 2.500h5v2.500h-5zM5.7 8.200l1.5 1.5 3-3',
  code: 'M5.500 4.500 2 8l3.500 3.500M10.500 4.500 14 8l-3.500 3.500M9 3.500 7 12.500',
  clock: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM8 4.500V8l2.500 1.500',
  building: 'M3 13.500v-11h6v11M9 6h4v7.500M2 13.500h12M5 5h2M5 7.500h2M5 10h2',
};
export function icon(name, size = 16) {
  const ns = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(ns, 'svg');
  for (const [k, v] of Object.entries({ viewBox: '0 0 16 16', width: size, height: size, fill: 'none', stroke: 'currentColor',
    'stroke-width': name === 'dots' || name === 'more' ? 2.2 : 1.4, 'stroke-linecap': 'round', 'stroke-linejoin': 'round', 'aria-hidden': 'true' })) svg.setAttribute(k, v);
  svg.classList.add('icon', 'icon-' + name);
  const path = document.createElementNS(ns, 'path');
  path.setAttribute('d', PATHS[name] || '');
  svg.append(path);
  return svg;
}

/** A sentence the server (or the network) gave as the reason. */
export class Refused extends Error {}

export async function getJson(path) {
  const r = await fetch(path, { headers: { accept: 'application/json' }, cache: 'no-store' });
  const body = await r.json().catch(() => ({}));
  if (!r.ok) throw Object.assign(new Refused(body.error || `The pretend Slack answered ${r.status}.`), { status: r.status });
  return body;
}
export async function postJson(path, data) {
  let r;
  try {
    r = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(data) });
  } catch {
    throw new Refused('The pretend Slack is not running any more.');
  }
  const body = await r.json().catch(() => ({}));
  if (!r.ok) throw Object.assign(new Refused(body.error || `The pretend Slack answered ${r.status}.`), { status: r.status });
  return body;
}

/** A click or a choice; what Slack would not take is said. */
export async function sendAct(data, path = '/page/act') {
  const r = await postJson(path, data);
  if (r.ok === false) throw new Refused(r.error || 'That did not work.');
}

/** Runs jobs of one key in order; the next starts when the last is answered, or after `patience`. */
const queues = new Map();
export function inOrder(key, job, patience = 3500) {
  const before = queues.get(key) || Promise.resolve();
  const result = before.then(job);
  const settled = result.catch(() => {});
  const gate = before.then(() => Promise.race([settled, new Promise((r) => setTimeout(r, patience))]));
  queues.set(key, gate);
  gate.then(() => { if (queues.get(key) === gate) queues.delete(key); });
  return result;
}

/** A refresher that never runs twice at once and runs again if asked meanwhile. */
export function coalesced(fn) {
  let running = null;
  let again = false;
  return function run() {
    if (running) { again = true; return running; }
    running = (async () => {
      try {
        do { again = false; await fn(); } while (again);
      } finally { running = null; }
    })();
    return running;
  };
}

export function person(id) {
  return world.state?.people.find((p) => p.id === id);
}
export function channelOf(id) {
  return world.state?.channels.find((c) => c.id === id);
}

export function avatar(p, size = 'm') {
  const el = h(`span.avatar.avatar-${size}`, { 'aria-hidden': 'true' });
  if (p?.bot) { el.classList.add('avatar-bot'); el.append(icon('clip', size === 's' ? 12 : size === 'xs' ? 11 : 22)); }
  else el.textContent = p?.initials || '?';
  if (p?.color && !p.bot) el.style.backgroundColor = p.color;
  return el;
}

export function toast(text, kind = 'notice') {
  const box = document.getElementById('toasts');
  const el = h('div.toast', { data: { testid: 'toast', kind } },
    h('div.toast-body', {}, kind === 'notice' ? h('strong', { text: 'Slackbot' }) : null, h('span', { text })),
    h('button.iconbtn', { type: 'button', 'aria-label': 'Dismiss', onclick: () => el.remove() }, icon('x', 14)));
  let timer;
  const arm = () => { timer = setTimeout(() => el.remove(), 8000); };
  el.addEventListener('pointerenter', () => clearTimeout(timer));
  el.addEventListener('pointerleave', arm);
  arm();
  box.append(el);
  while (box.children.length > 4) box.firstElementChild.remove();
}

let ids = 0;
export const uid = (p = 'x') => `${p}-${++ids}`;

// --- keeping the keyboard where it was when something is redrawn ---------------------------------

const STOPS = 'button, input, select, textarea, a[href], [tabindex]';
/** Where the focus is, in words that survive a redraw. */
export function focusMark() {
  const el = document.activeElement;
  if (!el || el === document.body) return null;
  const root = el.closest('[data-focus-root]');
  const mark = { el, top: el.getBoundingClientRect().top };
  if (!root) return mark;
  const hook = el.closest('[data-action-id]');
  mark.root = root.dataset.focusRoot;
  mark.index = [...root.querySelectorAll(STOPS)].indexOf(el);
  if (hook) {
    mark.block = hook.dataset.blockId;
    mark.action = hook.dataset.actionId;
    mark.sub = [hook, ...hook.querySelectorAll(STOPS)].indexOf(el);
  }
  if ('selectionStart' in el) { try { mark.sel = [el.selectionStart, el.selectionEnd]; } catch { /* not a text field */ } }
  return mark;
}
/** Puts the focus back; returns the element that has it. */
export function restoreFocus(mark) {
  if (!mark) return null;
  let to = mark.el.isConnected ? mark.el : null;
  if (!to && mark.root) {
    const root = [...document.querySelectorAll('[data-focus-root]')].find((r) => r.dataset.focusRoot === mark.root);
    if (!root) return null;
    if (mark.action) {
      const hooks = [...root.querySelectorAll('[data-action-id]')].filter((x) => x.dataset.actionId === mark.action);
      const hook = hooks.find((x) => x.dataset.blockId === mark.block) || hooks[0];
      if (hook) to = [hook, ...hook.querySelectorAll(STOPS)][mark.sub] || hook;
    }
    to ||= [...root.querySelectorAll(STOPS)][mark.index] || null;
  }
  if (!to) return null;
  if (document.activeElement !== to) {
    to.focus({ preventScroll: true });
    if (mark.sel?.[0] != null && 'setSelectionRange' in to) { try { to.setSelectionRange(...mark.sel); } catch { /* not a text field */ } }
  }
  return to;
}
