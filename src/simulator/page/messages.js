// Messages as DOM: one message, and a log of them that is brought in line with what the server says.
import { h, icon, avatar, world, person, channelOf, sendAct, inOrder, toast, focusMark, restoreFocus } from './util.js';
import { now, tsDate, clock, dayKey, dayLabel, fullTime, relativeDay } from './time.js';
import { mrkdwn } from './text.js';
import { renderBlocks, collectState } from './blocks.js';
import { menu } from './widgets.js';
import { payloadButton, showPayload } from './payload.js';

const $ = (id) => document.getElementById(id);
const expanded = new Set(); // long texts shown in full
const stores = new Map(); // what was chosen in messages, by scope
const touch = matchMedia('(hover: none)');
let hooks = null; // {openThread, redraw, refreshViews}
export const setUpMessages = (given) => { hooks = given; };
export const forgetMessages = () => { stores.clear(); };
/** A channel's name: of the person or app it is a conversation with, else its own. */
export const plainName = (c) => (c.kind === 'im' ? person(c.with)?.[person(c.with)?.bot ? 'name' : 'real_name'] || c.name : c.name);
export const nameOf = (c, sign) => (c ? (sign && c.kind !== 'im' ? '#' : '') + plainName(c) : '');


export const atBottom = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < 48;
const known = new WeakMap(); // log -> Map key -> {node, sig}
export function clearLog(log) {
  known.delete(log);
  log.replaceChildren();
}
const storeOf = (scope) => stores.get(scope) || stores.set(scope, new Map()).get(scope);

function authorOf(m) {
  return person(m.user) || { id: m.user, name: m.user, real_name: m.user || 'Someone', initials: '?', bot: m.bot, color: '#616061' };
}
function messageNode(m, where, compact, channel) {
  const p = authorOf(m);
  const when = tsDate(m.ts);
  const scope = `m:${channel}:${m.ts}`;
  const el = h(`div.message${m.ephemeral ? '.ephemeral' : ''}${compact ? '.compact' : ''}${m.deleted ? '.deleted' : ''}`, {
    role: 'article', 'aria-label': `${p.real_name}, ${fullTime(when)}${m.ephemeral ? ', only visible to you' : ''}`,
    data: { testid: 'message', ts: m.ts, user: m.user, focusRoot: `${where}:${m.ts}` } });
  const body = h('div.body');
  if (m.deleted) body.append(h('p.tombstone', { text: 'This message was deleted.' }));
  else if (m.blocks?.length) {
    const ctx = { scope, kind: 'message', store: storeOf(scope) };
    const place = { channel, ts: m.ts, ephemeral: !!m.ephemeral };
    ctx.act = (block, elem, value) => {
      const data = { as: world.as, in: place, block_id: block.block_id, action_id: elem.action_id, value, state: collectState(m.blocks, ctx), element: elem };
      return inOrder(scope, () => sendAct(data)).catch((e) => toast(e.message, 'error'));
    };
    ctx.redraw = () => { for (const log of [$('log'), $('thread-log')]) for (const k of known.get(log)?.values() || []) if (k.node.dataset.ts === m.ts) k.sig = ''; hooks.redraw(); };
    body.append(renderBlocks(m.blocks, ctx));
  } else if (m.text || !m.files?.length) {
    const t = h('div.text.block', { dir: 'auto' }, mrkdwn(m.text));
    t.dataset.clip = `${scope} text`;
    body.append(t);
  }
  for (const f of m.deleted ? [] : m.files || []) body.append(fileNode(f));
  if (m.edited && !m.deleted) body.append(h('span.edited', { text: '(edited)', title: 'This message was changed' }));
  const time = h('time.stamp', { dateTime: when.toISOString(), title: fullTime(when), text: clock(when) });
  const head = h('div.head', {}, h('strong.author', { text: p.bot ? p.name : p.real_name }), p.bot ? h('span.app-badge', { text: 'App' }) : null, p.guest ? h('span.guest', { text: 'guest' }) : null, time);
  el.append(
    m.ephemeral ? h('div.only-you', {}, icon('eye', 14), h('span', { text: 'Only visible to you' }), m.deleted ? null : payloadButton({ channel, ts: m.ts })) : '',
    h('div.gutter', {}, compact ? time.cloneNode(true) : avatar(p)),
    h('div.content', {}, compact ? null : head, body, where === 'main' && m.reply_count > 0 ? threadBar(m) : null));
  if (!m.ephemeral && !m.deleted) el.append(toolbar(m, where, channel));
  return el;
}
/** A picture with its title and words, or a file to load. */
function fileNode(f) {
  const src = `/page/file/${f.id}?as=${encodeURIComponent(world.as)}`;
  if (!f.picture) return h('a.file.block', { href: src, download: f.name }, f.title || f.name);
  return h('figure.file.block', {}, h('figcaption', { text: f.title || f.name }), h('a', { href: src, target: '_blank', rel: 'noopener' }, h('img.picture', { src, alt: f.alt, loading: 'lazy' })));
}
function threadBar(m) {
  const last = m.last_reply && tsDate(m.last_reply);
  return h('button.thread-bar', { type: 'button', onclick: () => hooks.openThread(m.ts, { focus: true }) },
    h('span.faces', {}, (m.reply_users || []).slice(0, 5).map((u) => avatar(person(u), 'xs'))),
    h('span.replies', { text: `${m.reply_count} ${m.reply_count === 1 ? 'reply' : 'replies'}` }),
    last ? h('span.last', { text: `Last reply ${(relativeDay(last) || dayLabel(last)).toLowerCase()} at ${clock(last)}` }) : null);
}
function toolbar(m, where, channel) {
  const app = world.state.people.find((p) => p.bot)?.name;
  const use = (s) => inOrder('shortcut', () => sendAct({ as: world.as, callback_id: s.callback_id, channel, ts: m.ts }, '/page/shortcut')).then(hooks.refreshViews).catch((e) => toast(e.message, 'error'));
  const shortcuts = world.state.shortcuts.filter((s) => s.on_messages);
  const items = () => [...shortcuts.map((s) => ({ label: s.name, detail: app, run: () => use(s) })), shortcuts.length ? null : false,
    { label: 'Show the payload', detail: 'What the app sent, as JSON', run: () => showPayload({ channel, ts: m.ts }) }].filter((it) => it !== false);
  const more = h('button.iconbtn', { type: 'button', title: 'More actions', 'aria-label': 'More message actions', 'aria-haspopup': 'menu', 'aria-expanded': 'false', data: { testid: 'message-menu' }, onclick: () => menu(more, items(), 'Message actions') }, icon('more', 17));
  const reply = where === 'main' ? h('button.iconbtn', { type: 'button', title: 'Reply in thread', 'aria-label': 'Reply in thread', data: { testid: 'reply' }, onclick: () => hooks.openThread(m.ts, { focus: true }) }, icon('reply', 17)) : null;
  return h('div.toolbar', { role: 'group', 'aria-label': 'For this message' }, reply, payloadButton({ channel, ts: m.ts }), more);
}

/** Brings a log in line with `items` ({key, sig, make}), touching only what changed. */
export function reconcile(log, items) {
  const old = known.get(log) || new Map();
  const first = !known.has(log);
  const now = new Map();
  const bottom = atBottom(log);
  const mark = log.contains(document.activeElement) && document.activeElement !== log ? focusMark() : null;
  let redrawn = false;
  let last = null; // the newest message that was not there before
  for (const it of items) {
    const was = old.get(it.key);
    if (was && was.sig === it.sig) { now.set(it.key, was); continue; }
    const node = it.make();
    now.set(it.key, { node, sig: it.sig });
    if (was) { was.node.replaceWith(node); redrawn = true; } else if (it.message) last = node;
  }
  for (const [k, v] of old) if (!now.has(k)) v.node.remove();
  let cursor = log.firstChild;
  for (const v of now.values()) {
    if (v.node === cursor) cursor = cursor.nextSibling;
    else log.insertBefore(v.node, cursor);
  }
  known.set(log, now);
  clip(log);
  const focused = restoreFocus(mark);
  const isNewest = last && last === log.lastElementChild;
  if (first) log.scrollTop = log.scrollHeight;
  else if (isNewest && bottom) {
    if (last.offsetHeight > log.clientHeight - 60) log.scrollTop += last.getBoundingClientRect().top - log.getBoundingClientRect().top - 12;
    else log.scrollTop = log.scrollHeight;
  } else if (redrawn && focused && mark) log.scrollTop += focused.getBoundingClientRect().top - mark.top; // what was clicked stays under the pointer
  else if (bottom) log.scrollTop = log.scrollHeight;
  else if (isNewest && log.id === 'log') $('jump').hidden = false;
}
/** Long texts are folded, as Slack does, with a way to unfold them. */
function clip(log) {
  for (const el of log.querySelectorAll('[data-clip]:not(.clip-seen)')) {
    el.classList.add('clip-seen');
    if (el.scrollHeight <= 760) continue;
    const k = el.dataset.clip;
    const b = h('button.see-more', { type: 'button', onclick: () => { const open = !expanded.has(k); if (open) expanded.add(k); else expanded.delete(k); apply(); } });
    const apply = () => { const open = expanded.has(k); el.classList.toggle('clipped', !open); b.textContent = open ? 'See less' : 'See more'; b.setAttribute('aria-expanded', String(open)); };
    el.after(b);
    apply();
  }
}
/** `fresh`: {ts} or {n}, where the line "New" stands. */
export function messageItems(list, where, channel, fresh) {
  const out = [];
  let before = null;
  let day = '';
  const who = JSON.stringify([peopleSig(), world.as, dayKey(now())]);
  const firstNew = fresh ? (fresh.ts ||= list.filter((m) => m.user !== world.as && !m.ephemeral).slice(-fresh.n)[0]?.ts) : null;
  for (const m of list) {
    const d = tsDate(m.ts);
    if (where === 'main' && dayKey(d) !== day) {
      day = dayKey(d);
      const label = dayLabel(d);
      out.push({ key: `day ${day}`, sig: label, make: () => h('div.day', { role: 'separator', 'aria-label': label }, h('span', { text: label })) });
      before = null;
    }
    if (firstNew && m.ts === firstNew) { out.push({ key: 'new', sig: '', make: () => h('div.new-line', { role: 'separator', 'aria-label': 'New messages' }, h('span', { text: 'New' })) }); before = null; }
    const compact = !touch.matches && !!before && before.user === m.user && !m.ephemeral && !before.ephemeral && !m.deleted && !before.deleted && !(before.reply_count > 0 && where === 'main') && d - tsDate(before.ts) < 300e3;
    out.push({ key: `${m.ephemeral ? 'e' : 'm'} ${m.ts}`, sig: JSON.stringify(m) + compact + who, message: true, make: () => messageNode(m, where, compact, channel) });
    before = m;
  }
  return out;
}
function peopleSig() { return world.state.people.map((p) => p.name + p.real_name + p.initials).join() + world.state.channels.map((c) => c.id + c.name).join(); }
export function intro(c) {
  const p = c.kind === 'im' ? person(c.with) : null;
  const text = p ? (p.bot ? `This is your conversation with ${p.name}.` : `This is your conversation with ${p.real_name}.`) : `This is the very beginning of the ${nameOf(c)} channel.`;
  return { key: 'intro', sig: JSON.stringify([c.name, c.topic]), make: () => h('div.intro', {}, p ? avatar(p, 'xl') : h('span.intro-icon', {}, icon(c.kind === 'private' ? 'lock' : 'hash', 26)), h('h2', { text: nameOf(c, c.kind === 'public') }), h('p', { text: `${text}${c.topic ? ` ${c.topic}` : ''}` })) };
}
