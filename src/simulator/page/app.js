// The page: who one is, the sidebar, the messages, the thread, and what happens live.
import { h, icon, avatar, world, getJson, postJson, sendAct, inOrder, coalesced, person, channelOf, toast, focusMark, restoreFocus } from './util.js';
import { setClock, now, dayKey } from './time.js';
import { menu } from './widgets.js';
import { setUpBar, drawBar } from './bar.js';
import { showViews, onViews, forgetViews, modalOpen } from './modal.js';
import { setUpMessages, forgetMessages, messageItems, reconcile, intro, clearLog, atBottom, nameOf, plainName } from './messages.js';
import { showTab, tabToOpen, refreshHome } from './home.js';
import { composer } from './composer.js';

const $ = (id) => document.getElementById(id);
const at = { channel: '', thread: '', tab: 'messages' };
let epoch = 0; // grows when the person changes: late answers for somebody else are dropped
let events = null;
let main = null; // what /page/channel said last
let threadData = null;
let newSince = null; // {channel, ts}: where the line "New" stands

// --- where we are: kept in the address ------------------------------------------------------

function readHash() {
  const link = /^#([A-Z][A-Z0-9]+)\/(\d+\.\d+)(?:\/(\d+\.\d+))?$/.exec(location.hash); // where /archives/... leads
  if (link) return { as: world.as, channel: link[1], thread: link[3] && link[3] !== link[2] ? link[3] : '', tab: 'messages', ts: link[2] };
  const p = new URLSearchParams(location.hash.slice(1));
  return { as: p.get('as') || '', channel: p.get('channel') || '', thread: p.get('thread') || '', tab: p.get('tab') || '' };
}
function writeHash(push) {
  const p = new URLSearchParams({ as: world.as, channel: at.channel });
  if (at.thread) p.set('thread', at.thread);
  if (hasTabs(channelOf(at.channel))) p.set('tab', at.tab);
  const hash = '#' + p;
  if (hash === location.hash) return;
  if (push) history.pushState(null, '', hash); else history.replaceState(null, '', hash);
}
async function route() {
  const want = readHash();
  if (!world.state || (want.as && want.as !== world.as)) return become(want.as, want);
  if (want.channel && want.channel !== at.channel) return openChannel(want.channel, { thread: want.thread, tab: want.tab, push: false, ts: want.ts });
  if (want.tab) at.tab = want.tab;
  if (want.thread !== at.thread) await openThread(want.thread, { push: false });
  drawTabs();
  if (want.ts) { writeHash(false); flash(want.ts); }
}

// --- becoming somebody -----------------------------------------------------------------------

const FIRST = 'U0RITA'; // who one is, if the server has no opinion
async function become(id, want = {}) {
  const mine = ++epoch;
  const mark = focusMark();
  document.documentElement.dataset.ready = 'false';
  events?.close();
  forgetViews();
  let state;
  try {
    state = await getJson(`/page/state?as=${encodeURIComponent(id)}`);
  } catch (e) {
    if (mine !== epoch) return;
    if (e.status && id !== FIRST) { if (id) toast(e.message, 'error'); return become(id ? '' : FIRST, want); }
    showFatal(e.message);
    return;
  }
  if (mine !== epoch) return;
  const stay = want.channel || at.channel;
  world.state = state;
  world.as = state.me;
  forgetMessages();
  main = threadData = null;
  at.channel = '';
  for (const id2 of ['log', 'thread-log']) clearLog($(id2));
  listen();
  setClock(state.clock);
  drawSidebar();
  drawBar();
  const first = state.channels.find((c) => c.kind === 'private' && !c.archived) || state.channels.find((c) => c.kind !== 'im') || state.channels[0];
  const target = state.channels.find((c) => c.id === stay) || first;
  if (target) await openChannel(target.id, { thread: want.thread || '', tab: want.tab || '', push: false, ts: want.ts });
  await refreshViews();
  if (mine !== epoch) return;
  restoreFocus(mark);
  Object.assign(document.documentElement.dataset, { as: world.as, ready: 'true' });
}
function showFatal(text) {
  $('log').replaceChildren(h('p.fatal', {}, text, ' ', h('button.btn', { type: 'button', onclick: () => location.reload() }, 'Try again')));
}

// --- live ------------------------------------------------------------------------------------

function listen() {
  const mine = epoch;
  let broken = false;
  events = new EventSource(`/page/events?as=${encodeURIComponent(world.as)}`);
  events.addEventListener('change', (e) => {
    if (mine !== epoch) return;
    const c = JSON.parse(e.data || '{}');
    if (c.notice) toast(c.notice);
    const touched = c.channels || [];
    const everything = c.views && c.state && !touched.length; // some news was missed
    if (everything || touched.includes(at.channel)) { refreshChannel(); if (at.thread) refreshThread(); }
    if (c.state || touched.some((x) => x !== at.channel)) refreshState();
    if (c.views) refreshViews();
    if ((c.home || c.views || c.state) && at.tab === 'home') refreshHome();
  });
  events.addEventListener('open', () => {
    if (mine !== epoch) return;
    setLive(true);
    if (broken) { broken = false; refreshState(); refreshChannel(); if (at.thread) refreshThread(); refreshViews(); }
  });
  events.addEventListener('error', () => {
    if (mine !== epoch) return;
    broken = true;
    setLive(false);
    if (events.readyState === EventSource.CLOSED) setTimeout(() => { if (mine === epoch) { listen(); refreshState(); refreshChannel(); refreshViews(); } }, 2000);
  });
}
let live = true;
function setLive(on) { if (live !== on) { live = on; drawStatus(); } }

const refreshState = coalesced(async () => {
  const mine = epoch;
  const state = await getJson(`/page/state?as=${encodeURIComponent(world.as)}`).catch(() => null);
  if (!state || mine !== epoch) return;
  const told = (s) => JSON.stringify([s.people, s.clock.zone]);
  const people = told(world.state) !== told(state);
  const day = dayKey(now());
  world.state = state;
  setClock(state.clock);
  const c = channelOf(at.channel);
  if (c) markRead(c);
  drawSidebar();
  drawBar();
  if ((people || day !== dayKey(now())) && main) { drawChannel(); drawThread(); }
  if (!c && state.channels.length) return openChannel(state.channels[0].id, { push: false });
  if (c) drawHead();
});
const refreshChannel = coalesced(async () => {
  const mine = epoch;
  const id = at.channel;
  if (!id) return;
  const r = await getJson(`/page/channel/${id}?as=${encodeURIComponent(world.as)}`).catch((e) => { if (e.status) toast(e.message, 'error'); return null; });
  if (!r || mine !== epoch || id !== at.channel) return;
  main = r;
  drawChannel();
});
const refreshThread = coalesced(async () => {
  const mine = epoch;
  const { channel, thread } = at;
  if (!thread) return;
  const r = await getJson(`/page/thread/${channel}/${thread}?as=${encodeURIComponent(world.as)}`).catch(() => null);
  if (mine !== epoch || thread !== at.thread || channel !== at.channel) return;
  if (!r) { closeThread(); toast('This thread is not there any more.', 'error'); return; }
  threadData = r;
  drawThread();
});
const refreshViews = coalesced(async () => {
  const mine = epoch;
  const r = await getJson(`/page/views?as=${encodeURIComponent(world.as)}`).catch(() => null);
  if (r && mine === epoch) showViews(r.views);
});
onViews(refreshViews);

function markRead(c) {
  if (!(c.unread > 0) || document.visibilityState !== 'visible' || at.tab !== 'messages') return;
  c.unread = 0;
  drawSidebar();
  postJson('/page/read', { as: world.as, channel: c.id }).catch(() => {});
}
document.addEventListener('visibilitychange', () => { const c = channelOf(at.channel); if (c) markRead(c); });

// --- opening things -----------------------------------------------------------------------------

async function openChannel(id, { thread = '', tab = '', push = true, ts = '' } = {}) {
  const c = channelOf(id);
  if (!c) { toast(`${person(world.as)?.real_name || 'This person'} cannot see that channel.`, 'error'); return; }
  closeDrawer();
  const changed = at.channel !== id;
  at.channel = id;
  at.tab = hasTabs(c) ? tabToOpen(thread || ts ? 'messages' : tab, c) : 'messages';
  if (changed) {
    newSince = c.unread > 0 ? { channel: id, n: c.unread } : null;
    clearLog($('log'));
    main = null;
    at.thread = '';
    threadData = null;
    $('thread').hidden = true;
  }
  if (thread) at.thread = thread;
  writeHash(push);
  drawHead();
  drawSidebar();
  mainBox.turn(placeholderFor(c));
  drawTabs();
  await refreshChannel();
  if (thread) await openThread(thread, { push: false, focus: false });
  markRead(channelOf(id) || c);
  if (ts) flash(ts);
}
async function openThread(ts, { push = true, focus = false } = {}) {
  if (!ts) return closeThread(push);
  if (at.thread !== ts || !threadData) { clearLog($('thread-log')); threadData = null; }
  at.thread = ts;
  writeHash(push);
  $('thread').hidden = false;
  const c = channelOf(at.channel);
  $('thread-where').textContent = c ? nameOf(c, true) : '';
  threadBox.turn('Reply…');
  await refreshThread();
  if (focus) threadBox.focus();
}
function closeThread(push = true) {
  const ts = at.thread;
  const inside = $('thread').contains(document.activeElement);
  at.thread = '';
  threadData = null;
  $('thread').hidden = true;
  clearLog($('thread-log'));
  writeHash(push);
  if (inside) (document.querySelector(`#log [data-ts="${CSS.escape(ts)}"] .thread-bar`) || mainBox.area).focus();
}
function flash(ts) {
  const el = [...document.querySelectorAll('.message')].reverse().find((m) => m.dataset.ts === ts);
  if (!el) return;
  el.scrollIntoView({ block: 'center' });
  el.classList.remove('flash');
  void el.offsetWidth;
  el.classList.add('flash');
}
async function goto(href) {
  const m = /\/archives\/([A-Z0-9]+)\/p(\d{10})(\d{6})/.exec(href);
  if (!m) return false;
  const ts = `${m[2]}.${m[3]}`;
  let thread = '';
  try { thread = new URL(href, location.href).searchParams.get('thread_ts') || ''; } catch { /* none */ }
  await openChannel(m[1], { thread: thread && thread !== ts ? thread : '' });
  flash(ts);
  return true;
}
document.addEventListener('click', (e) => {
  const a = e.target.closest?.('a[data-permalink]');
  if (a && !e.ctrlKey && !e.metaKey && !e.shiftKey) { e.preventDefault(); goto(a.href); }
  const c = e.target.closest?.('[data-goto-channel]');
  if (c) openChannel(c.dataset.gotoChannel);
});

// --- the bar at the top ---------------------------------------------------------------------------

function setUp() {
  setUpMessages({ openThread, redraw: () => { drawChannel(); drawThread(); }, refreshViews: () => refreshViews() });
  $('drawer-toggle').append(icon('menu', 18));
  $('thread-close').append(icon('x'));
  setUpBar({
    take: (line) => {
      if (at.tab !== 'messages') { at.tab = 'messages'; writeHash(true); drawTabs(); }
      mainBox.fill(line);
    },
    refresh: () => refreshState(),
    newDay: () => { drawChannel(); drawThread(); },
  });
  $('drawer-toggle').addEventListener('click', () => setDrawer(!document.body.classList.contains('drawer')));
  $('scrim').addEventListener('click', closeDrawer);
  $('thread-close').addEventListener('click', () => closeThread());
  $('jump').addEventListener('click', () => { $('log').scrollTop = $('log').scrollHeight; mainBox.focus(); });
  $('skip').addEventListener('click', (e) => { e.preventDefault(); mainBox.focus(); });
  for (const log of [$('log'), $('thread-log')]) {
    let bottom = true; // who reads the newest messages still does when a thread opens beside them
    log.addEventListener('scroll', () => { bottom = atBottom(log); if (bottom && log.id === 'log') $('jump').hidden = true; }, { passive: true });
    new ResizeObserver(() => { if (bottom) log.scrollTop = log.scrollHeight; }).observe(log);
  }
}
function drawTitle() {
  document.title = `${world.state.channels.some((c) => c.unread > 0) ? '• ' : ''}${nameOf(channelOf(at.channel)) || 'messages'} - ${world.state.workspace.name} - pretend Slack`;
}
function setDrawer(open) {
  document.body.classList.toggle('drawer', open);
  $('drawer-toggle').setAttribute('aria-expanded', String(open));
  if (open) $('sidebar').querySelector('[aria-current], button')?.focus();
}
function closeDrawer() {
  if (!document.body.classList.contains('drawer')) return;
  const inside = $('sidebar').contains(document.activeElement);
  setDrawer(false);
  if (inside) $('drawer-toggle').focus();
}

// --- sidebar ------------------------------------------------------------------------------------------

function placeholderFor(c) {
  return `Message ${nameOf(c, true)}`;
}
function inOrderOfSidebar() {
  const cs = world.state?.channels || [];
  return [...cs.filter((c) => c.kind !== 'im'), ...cs.filter((c) => c.kind === 'im')];
}
let sidebarSig = '';
function drawSidebar() {
  const nav = $('sidebar');
  const { workspace, people, channels, me } = world.state;
  const sig = JSON.stringify([workspace, people, channels, me, at.channel]);
  if (sig === sidebarSig) return drawStatus();
  sidebarSig = sig;
  const mark = nav.contains(document.activeElement) ? focusMark() : null;
  const scroll = nav.querySelector('.side-scroll')?.scrollTop || 0;
  const my = person(me);
  const link = (c) => {
    const p = c.kind === 'im' ? person(c.with) : null;
    return h('li', {}, h(c.unread > 0 ? 'button.side-link.unread' : 'button.side-link', { type: 'button', 'aria-current': c.id === at.channel ? 'page' : null, data: { testid: `channel-${c.name || plainName(c)}`, channel: c.id }, onclick: () => openChannel(c.id) },
      p ? avatar(p, 'xs') : icon(c.kind === 'private' ? 'lock' : 'hash', 15),
      h('span.side-name', { text: plainName(c) }),
      p?.bot ? h('span.app-badge', { text: 'App' }) : null,
      c.shared ? h('span.side-mark', { title: 'Shared with another company' }, icon('building', 13)) : null,
      c.archived ? h('span.side-mark', { text: 'archived' }) : null,
      c.kind !== 'im' ? h('span.sr', { text: c.kind === 'private' ? ', private channel' : ', public channel' }) : null,
      c.unread > 0 ? h('span.count', { 'aria-label': `${c.unread} unread`, text: String(c.unread) }) : null));
  };
  nav.dataset.focusRoot = 'sidebar';
  nav.replaceChildren(
    h('div.side-head', {}, h('strong.workspace', { text: workspace.name })),
    h('section.you', { 'aria-label': 'Who you are' },
      h('p.you-line', {}, h('span', { text: 'You are: ' }), h('strong', { text: my?.real_name || me }), my?.title ? [h('span.sr', { text: ' · ' }), h('span.you-title', { text: `${my.title}${my.guest ? ' (guest)' : ''}` })] : null),
      h('div.you-switch', { role: 'group', 'aria-label': 'Switch to' }, people.filter((p) => p.playable).map((p) => h('button.you-btn', { type: 'button', 'aria-pressed': String(p.id === me), title: `${p.real_name}${p.title ? ` · ${p.title}` : ''}`, 'aria-label': `${p.real_name}${p.title ? `, ${p.title}` : ''}`, data: { testid: `as-${p.name}` },
        onclick: () => { if (p.id === world.as) return; history.pushState(null, '', '#' + new URLSearchParams({ as: p.id, channel: at.channel })); become(p.id, { channel: at.channel, thread: '' }); } },
      avatar(p, 'm'), h('span', { text: p.real_name.split(' ')[0] }))))),
    h('div.side-scroll', {},
      h('h2.side-title', { text: 'Channels' }), h('ul', {}, channels.filter((c) => c.kind !== 'im').map(link)),
      h('h2.side-title', { text: 'Direct messages' }), h('ul', {}, channels.filter((c) => c.kind === 'im').map(link))),
    h('p.side-status', { id: 'status' }));
  nav.querySelector('.side-scroll').scrollTop = scroll;
  drawStatus();
  if (mark) restoreFocus(mark);
}
function drawStatus() {
  const el = $('status');
  if (!el || !world.state) return;
  const { transport, connected } = world.state;
  const way = { http: 'signed HTTP', both: 'Socket Mode and signed HTTP' }[transport] ?? 'Socket Mode';
  const ok = live && connected;
  el.className = ok ? 'side-status ok' : 'side-status';
  el.replaceChildren(h('span.dot', {}), !live ? 'The pretend Slack does not answer…' : connected ? `App connected over ${way}` : `App not connected (${way})`);
}
document.addEventListener('keydown', (e) => {
  if (e.altKey && (e.key === 'ArrowUp' || e.key === 'ArrowDown') && !modalOpen() && world.state) {
    const cs = inOrderOfSidebar();
    const i = cs.findIndex((c) => c.id === at.channel);
    e.preventDefault();
    openChannel(cs[(i + (e.key === 'ArrowDown' ? 1 : -1) + cs.length) % cs.length].id);
  } else if (e.key === 'Escape' && !e.defaultPrevented && !modalOpen()) {
    if (document.body.classList.contains('drawer')) closeDrawer();
    else if (!$('thread').hidden && $('thread').contains(document.activeElement)) closeThread();
  }
});

// --- channel head, tabs, Home -------------------------------------------------------------------------

function drawHead() {
  const c = channelOf(at.channel);
  if (!c) return;
  const p = c.kind === 'im' ? person(c.with) : null;
  if (hasTabs(c) && at.tab === 'home') drawTabs(); // a count beside Messages
  $('chan-head').replaceChildren(h('h1', { tabIndex: -1 }, p ? avatar(p, 's') : icon(c.kind === 'private' ? 'lock' : 'hash', 17), h('span', { text: plainName(c) }), p?.bot ? h('span.app-badge', { text: 'App' }) : null),
    h('p.topic', { title: c.topic || null }, c.topic || (p && !p.bot ? p.title : '') || ''),
    c.shared ? h('span.shared', {}, icon('building', 13), 'Shared with another company') : '');
  $('main').setAttribute('aria-label', `Channel ${plainName(c)}`);
  $('composer-slot').classList.toggle('closed', !!c.archived);
  let note = $('composer-slot').querySelector('.archived-note');
  if (c.archived && !note) { note = h('p.archived-note', { text: 'This channel is archived.' }); $('composer-slot').append(note); } else if (!c.archived) note?.remove();
  drawTitle();
}
const hasTabs = (c) => !!world.state.home && c?.kind === 'im' && !!person(c.with)?.bot;
function drawTabs() {
  const c = channelOf(at.channel);
  if (!hasTabs(c)) at.tab = 'messages';
  showTab(hasTabs(c) ? at.tab : '', c, (tab) => {
    at.tab = tab;
    writeHash(true);
    drawTabs();
    markRead(c);
  });
}

// --- messages ------------------------------------------------------------------------------------------

function drawChannel() {
  if (!main) return;
  const fresh = newSince?.channel === at.channel ? newSince : null;
  reconcile($('log'), [intro(channelOf(at.channel) || main.channel), ...messageItems(main.messages, 'main', at.channel, fresh)]);
}
function drawThread() {
  if (!threadData) return;
  const { parent, replies } = threadData;
  const n = replies.filter((r) => !r.ephemeral).length;
  const label = n ? `${n} ${n === 1 ? 'reply' : 'replies'}` : '';
  reconcile($('thread-log'), [
    ...(parent ? messageItems([parent], 'parent', at.channel) : []),
    ...(label ? [{ key: 'count', sig: label, make: () => h('div.reply-count', { role: 'separator', 'aria-label': label }, h('span', { text: label })) }] : []),
    ...messageItems(replies, 'reply', at.channel)]);
}

// --- starting --------------------------------------------------------------------------------------------

async function say(text, threadTs) {
  const data = { as: world.as, channel: at.channel, text };
  if (threadTs) data.thread_ts = threadTs;
  const r = await inOrder(`type:${at.channel}`, () => postJson('/page/type', data));
  refreshChannel();
  if (threadTs) refreshThread();
  refreshViews();
  return r;
}
/** The app's shortcuts, and its command, as behind the button in Slack's message box. */
function offerShortcuts(anchor, put) {
  const { shortcuts, command } = world.state;
  const use = (s) => sendAct({ as: world.as, callback_id: s.callback_id }, '/page/shortcut').then(refreshViews).catch((e) => toast(e.message, 'error'));
  const global = shortcuts.filter((s) => !s.on_messages).map((s) => ({ label: s.name, detail: s.description, run: () => use(s) }));
  menu(anchor, [...global, global.length ? null : false, { label: command.name, detail: command.description, run: () => put(`${command.name} `) }].filter((it) => it !== false), 'Shortcuts');
}
const mainBox = composer({ testid: 'composer', shortcuts: offerShortcuts, sendTestid: 'send', id: 'composer-main', draftKey: () => `${world.as} ${at.channel}`, send: (t) => { newSince = null; $('log').scrollTop = $('log').scrollHeight; return say(t); } });
const threadBox = composer({ testid: 'thread-composer', sendTestid: 'thread-send', id: 'composer-thread', inThread: true, draftKey: () => `${world.as} ${at.channel} ${at.thread}`, send: (t) => say(t, at.thread) });
$('composer-slot').append(mainBox.el);
$('thread-composer-slot').append(threadBox.el);
setUp();
addEventListener('popstate', route);
route();
