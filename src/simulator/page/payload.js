// What an app developer wants to see of a message, a modal or the Home tab: its payloads, as JSON.
import { h, icon, uid, world, getJson, toast } from './util.js';
import { dialog } from './widgets.js';
import { clock } from './time.js';

const NAMES = { sent: 'Sent by the app', kept: 'Kept by Slack', clicked: 'Sent to the app' };
const COLOURED = 60000; // longer texts stay plain
// What one looks for first, and what is long and comes last.
const FIRST = ['ok', 'type', 'channel', 'channel_id', 'user', 'user_id', 'ts', 'thread_ts', 'callback_id', 'title', 'block_id', 'action_id', 'label', 'text', 'value'];
const LAST = ['accessory', 'elements', 'fields', 'options', 'element', 'blocks', 'view', 'message', 'state', 'rows'];

/** The button that shows it; `where` is {channel, ts} or {view}. */
export function payloadButton(where) {
  return h('button.iconbtn.payload', { type: 'button', title: 'Show the payload', 'aria-label': 'Show the payload', data: { testid: 'payload' }, onclick: () => showPayload(where) }, icon('code', 17));
}

export async function showPayload(where) {
  let parts;
  try {
    ({ parts } = await getJson(`/page/payload?${new URLSearchParams({ as: world.as, ...where })}`));
  } catch (e) { toast(e.message, 'error'); return; }
  const id = uid('payload');
  const about = h('p.payload-about', {});
  const text = h('pre.payload-json', { id, tabIndex: 0, role: 'tabpanel', data: { testid: 'payload-json' } });
  const copyBlocks = h('button.btn', { type: 'button' }, 'Copy the blocks');
  let shown = parts[0];
  const show = (part) => {
    shown = part;
    for (const t of tabs.children) {
      const on = t.dataset.which === part.which;
      t.setAttribute('aria-selected', String(on));
      t.tabIndex = on ? 0 : -1;
      if (on) text.setAttribute('aria-labelledby', t.id);
    }
    about.textContent = told(part, where);
    text.replaceChildren(...coloured(pretty(part.json)));
    text.scrollTop = 0;
    copyBlocks.hidden = !blocksOf(part.json);
  };
  const tabs = h('div.tabs.payload-tabs', { role: 'tablist', 'aria-label': 'Payloads' }, parts.map((part) => h('button.tab', {
    type: 'button', role: 'tab', id: `${id}-${part.which}`, 'aria-controls': id, data: { which: part.which }, onclick: () => show(part) }, NAMES[part.which])));
  tabs.addEventListener('keydown', (e) => arrows(e, [...tabs.children]));
  copyBlocks.addEventListener('click', () => copy(pretty(blocksOf(shown.json)), text, 'The blocks are copied.'));
  show(shown);
  await dialog({
    title: 'Payload', wide: true, focus: tabs.firstChild,
    body: [tabs, about, text, h('div.payload-foot', {}, copyBlocks, h('button.btn.primary', { type: 'button', onclick: () => copy(pretty(shown.json), text, 'The payload is copied.') }, 'Copy'))],
  });
}
/** The left and right arrows go from tab to tab. */
export function arrows(e, tabs) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
  if (!step) return;
  e.preventDefault();
  const to = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
  to.click();
  (to.isConnected ? to : document.getElementById(to.id))?.focus();
}
function told(part, where) {
  if (part.which === 'sent') return `${part.how}, at ${clock(new Date(part.at))}`;
  if (part.which === 'clicked') return `${part.how}: what the last click or submission sent`;
  return where.view ? 'The view with its ids, its hash and what is entered in it' : 'The message with its ids, as it stands in payloads and answers';
}
/** What stands in a payload for a builder of blocks to draw. */
function blocksOf(json) {
  if (json.view?.blocks) return json.view;
  if (json.message?.blocks) return { blocks: json.message.blocks };
  return json.blocks ? { blocks: json.blocks } : null;
}
const rank = (k) => (FIRST.includes(k) ? FIRST.indexOf(k) : LAST.includes(k) ? 200 + LAST.indexOf(k) : 100);
const inOrder = (v) => (Array.isArray(v) ? v.map(inOrder) : v && typeof v === 'object' ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => rank(a) - rank(b)).map(([k, x]) => [k, inOrder(x)])) : v);
const pretty = (json) => JSON.stringify(inOrder(json), null, 2);
async function copy(text, shown, said) {
  try {
    await navigator.clipboard.writeText(text);
    toast(said, 'demo');
  } catch {
    getSelection().selectAllChildren(shown);
    toast('Your browser does not let the page copy; the text is selected.', 'error');
  }
}
/** JSON with its keys, texts and other values told apart. */
function coloured(json) {
  if (json.length > COLOURED) return [json];
  const out = [];
  let at = 0;
  for (const m of json.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g)) {
    out.push(json.slice(at, m.index), h(`span.${m[2] ? 'json-key' : m[1] ? 'json-text' : 'json-value'}`, { text: m[1] || m[0] }), m[2] || '');
    at = m.index + m[0].length;
  }
  out.push(json.slice(at));
  return out;
}
