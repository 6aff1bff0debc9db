// The page: who one is, the sidebar, the messages, the thread, and what happens live.
import { h, icon, avatar, world, getJson, postJson, sendAct, inOrder, coalesced, person, channelOf, toast, focusMark, restoreFocus } from './util.js';
import { setClock, now, tsDate, clock, dayKey, dayLabel, fullTime, relativeDay } from './time.js';
import { setUpBar, drawBar } from './bar.js';
import { mrkdwn } from './text.js';
import { renderBlocks, collectState } from './blocks.js';
import { menu } from './widgets.js';
import { showViews, onViews, forgetViews, modalOpen } from './modal.js';
import { composer } from './composer.js';

const $ = (id) => document.getElementById(id);
const at = { channel: '', thread: '', tab: 'messages' };
let epoch = 0; // grows when the person changes: late answers for somebody else are dropped
let events = null;
let main = null; // what /page/channel said last
let threadData = null;
let newSince = null; // {channel, ts}: where the line "New" stands
const expanded = new Set(); // long texts shown in full
const stores = new Map(); // what was chosen in messages, by scope

// --- where we are: kept in the address ------------------------------------------------------

function readHash() {
  const link = /^#([A-Z][A-Z0-9]+)\/(\d+\.\d+)(?:\/(\d+\.\d+))?$/.exec(location.hash); // where /archives/... leads
  if (link) return { as: world.as, channel: link[1], thread: link[3] && link[3] !== link[2] ? link[3] : '', tab: 'messages', ts: link[2] };
  const p = new URLSearchParams(location.hash.slice(1));
  return { as: p.get('as') || '', channel: p.get('channel') || '', thread: p.get('thread') || '', tab: p.get('tab') || 'messages' };
}
function writeHash(push) {
  const p = new URLSearchParams({ as: world.as, channel: at.channel });
  if (at.thread) p.set('thread', at.thread);
  if (at.tab !== 'messages') p.set('tab', at.tab);
  const hash = '#' + p;
  if (hash === location.hash) return;
  if (push) history.pushState(null, '', hash); else history.replaceState(null, '', hash);
}
async function route() {
  const want = readHash();
  if (!world.state || (want.as && want.as !== world.as)) return become(want.as, want);
  if (want.channel && want.channel !== at.channel) return openChannel(want.channel, { thread: want.thread, tab: want.tab, push: false, ts: want.ts });
  at.tab = want.tab;
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
  stores.clear();
  main = threadData = null;
  at.channel = '';
  for (const id2 of ['log', 'thread-log']) clearLog($(id2));
  listen();
  setClock(state.clock);
  drawSidebar();
  drawBar();
  const first = state.channels.find((c) => c.kind === 'private' && !c.archived) || state.channels.find((c) => c.kind !== 'im') || state.channels[0];
  const target = state.channels.find((c) => c.id === stay) || first;
  if (target) await openChannel(target.id, { thread: want.thread || '', tab: want.tab || 'messages', push: false, ts: want.ts });
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

async function openChannel(id, { thread = '', tab = 'messages', push = true, ts = '' } = {}) {
  const c = channelOf(id);
  if (!c) { toast(`${person(world.as)?.real_name || 'This person'} cannot see that channel.`, 'error'); return; }
  closeDrawer();
  const changed = at.channel !== id;
  at.channel = id;
  at.tab = world.state.home && c.kind === 'im' && person(c.with)?.bot ? tab : 'messages';
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
  $('drawer-toggle').append(icon('menu', 18));
  $('thread-close').append(icon('x'));
  setUpBar({
    take: (line) => {
      if (at.tab !== 'messages') { at.tab = 'messages'; drawTabs(); }
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

const plainName = (c) => (c.kind === 'im' ? person(c.with)?.[person(c.with)?.bot ? 'name' : 'real_name'] || c.name : c.name);
function nameOf(c, sign) {
  if (!c) return '';
  return (sign && c.kind !== 'im' ? '#' : '') + plainName(c);
}
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
  const way = transport === 'http' ? 'signed HTTP' : 'Socket Mode';
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
  $('chan-head').replaceChildren(h('h1', { tabIndex: -1 }, p ? avatar(p, 's') : icon(c.kind === 'private' ? 'lock' : 'hash', 17), h('span', { text: plainName(c) }), p?.bot ? h('span.app-badge', { text: 'App' }) : null),
    h('p.topic', { title: c.topic || null }, c.topic || (p && !p.bot ? p.title : '') || ''),
    c.shared ? h('span.shared', {}, icon('building', 13), 'Shared with another company') : '');
  $('main').setAttribute('aria-label', `Channel ${plainName(c)}`);
  $('composer-slot').classList.toggle('closed', !!c.archived);
  let note = $('composer-slot').querySelector('.archived-note');
  if (c.archived && !note) { note = h('p.archived-note', { text: 'This channel is archived.' }); $('composer-slot').append(note); } else if (!c.archived) note?.remove();
  drawTitle();
}
function drawTabs() {
  const c = channelOf(at.channel);
  const has = !!world.state.home && c?.kind === 'im' && !!person(c.with)?.bot;
  const tabs = $('tabs');
  tabs.hidden = !has;
  if (!has) at.tab = 'messages';
  const home = at.tab === 'home';
  tabs.replaceChildren(...['home', 'messages'].map((t) => h('button.tab', { type: 'button', 'aria-pressed': String(at.tab === t), data: { testid: `tab-${t}` }, onclick: () => { at.tab = t; writeHash(true); drawTabs(); $('tabs').querySelector(`[data-testid=tab-${t}]`).focus(); } }, t === 'home' ? 'Home' : 'Messages')));
  $('home').hidden = !home;
  document.querySelector('.log-wrap').hidden = home;
  $('composer-slot').hidden = home;
  if (home) { postJson('/page/tab_opened', { as: world.as, tab: 'home' }).catch(() => {}); refreshHome(); }
}
let homeJson = '';
let homeCtx = null;
const refreshHome = coalesced(async () => {
  const mine = epoch;
  const r = await getJson(`/page/home?as=${encodeURIComponent(world.as)}`).catch(() => null);
  if (!r || mine !== epoch) return;
  const json = world.as + JSON.stringify(r.view);
  if (json === homeJson && $('home').firstChild) return;
  homeJson = json;
  const box = $('home');
  const mark = box.contains(document.activeElement) ? focusMark() : null;
  const v = r.view;
  box.dataset.focusRoot = 'home';
  box.dataset.testid = 'home';
  if (!v) { box.replaceChildren(h('p.empty-home', { text: 'This is a work in progress: the app has published nothing here yet.' })); return; }
  if (homeCtx?.scope !== `v:${v.id}`) homeCtx = { scope: `v:${v.id}`, kind: 'view', store: new Map(), errors: {} };
  homeCtx.act = (block, el, value) => {
    const body = { as: world.as, in: { view: v.id }, block_id: block.block_id, action_id: el.action_id, value, state: collectState(v.blocks, homeCtx), element: el };
    return inOrder(`v:${v.id}`, () => sendAct(body)).catch((e) => toast(e.message, 'error'));
  };
  box.replaceChildren(h('div.home-inner', {}, renderBlocks(v.blocks || [], homeCtx)));
  restoreFocus(mark);
});

// --- messages ------------------------------------------------------------------------------------------

const atBottom = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < 48;
const known = new WeakMap(); // log -> Map key -> {node, sig}
function clearLog(log) {
  known.delete(log);
  log.replaceChildren();
}
const storeOf = (scope) => stores.get(scope) || stores.set(scope, new Map()).get(scope);

function authorOf(m) {
  return person(m.user) || { id: m.user, name: m.user, real_name: m.user || 'Someone', initials: '?', bot: m.bot, color: '#616061' };
}
function messageNode(m, where, compact) {
  const p = authorOf(m);
  const when = tsDate(m.ts);
  const scope = `m:${at.channel}:${m.ts}`;
  const el = h(`div.message${m.ephemeral ? '.ephemeral' : ''}${compact ? '.compact' : ''}${m.deleted ? '.deleted' : ''}`, {
    role: 'article', 'aria-label': `${p.real_name}, ${fullTime(when)}${m.ephemeral ? ', only visible to you' : ''}`,
    data: { testid: 'message', ts: m.ts, user: m.user, focusRoot: `${where}:${m.ts}` } });
  const body = h('div.body');
  if (m.deleted) body.append(h('p.tombstone', { text: 'This message was deleted.' }));
  else if (m.blocks?.length) {
    const ctx = { scope, kind: 'message', store: storeOf(scope) };
    const place = { channel: at.channel, ts: m.ts, ephemeral: !!m.ephemeral };
    ctx.act = (block, elem, value) => {
      const data = { as: world.as, in: place, block_id: block.block_id, action_id: elem.action_id, value, state: collectState(m.blocks, ctx), element: elem };
      return inOrder(scope, () => sendAct(data)).catch((e) => toast(e.message, 'error'));
    };
    ctx.redraw = () => { for (const log of [$('log'), $('thread-log')]) for (const k of known.get(log)?.values() || []) if (k.node.dataset.ts === m.ts) k.sig = ''; drawChannel(); drawThread(); };
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
    m.ephemeral ? h('p.only-you', {}, icon('eye', 14), 'Only visible to you') : '',
    h('div.gutter', {}, compact ? time.cloneNode(true) : avatar(p)),
    h('div.content', {}, compact ? null : head, body, where === 'main' && m.reply_count > 0 ? threadBar(m) : null));
  if (!m.ephemeral && !m.deleted && where !== 'reply') el.append(toolbar(m, where));
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
  return h('button.thread-bar', { type: 'button', onclick: () => openThread(m.ts, { focus: true }) },
    h('span.faces', {}, (m.reply_users || []).slice(0, 5).map((u) => avatar(person(u), 'xs'))),
    h('span.replies', { text: `${m.reply_count} ${m.reply_count === 1 ? 'reply' : 'replies'}` }),
    last ? h('span.last', { text: `Last reply ${(relativeDay(last) || dayLabel(last)).toLowerCase()} at ${clock(last)}` }) : null);
}
function toolbar(m, where) {
  const shortcuts = (world.state.shortcuts || []).filter((s) => s.on_messages);
  const bar = h('div.toolbar', {}, where === 'parent' ? null : h('button.iconbtn', { type: 'button', title: 'Reply in thread', 'aria-label': 'Reply in thread', data: { testid: 'reply' }, onclick: () => openThread(m.ts, { focus: true }) }, icon('reply', 17)));
  if (shortcuts.length) {
    const b = h('button.iconbtn', { type: 'button', title: 'More actions', 'aria-label': 'More message actions', 'aria-haspopup': 'menu', 'aria-expanded': 'false', data: { testid: 'message-menu' },
      onclick: () => menu(b, shortcuts.map((s) => ({ label: s.name, detail: world.state.people.find((p) => p.bot)?.name, run: () => inOrder('shortcut', () => sendAct({ as: world.as, callback_id: s.callback_id, channel: at.channel, ts: m.ts }, '/page/shortcut')).then(refreshViews).catch((e) => toast(e.message, 'error')) })), 'Message actions') }, icon('more', 17));
    bar.append(b);
  }
  return bar.firstChild ? bar : '';
}

/** Brings a log in line with `items` ({key, sig, make}), touching only what changed. */
function reconcile(log, items) {
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
function messageItems(list, where, extra = '') {
  const out = [];
  let before = null;
  let day = '';
  const who = JSON.stringify([extra, world.as, dayKey(now())]);
  const firstNew = where === 'main' && newSince?.channel === at.channel ? (newSince.ts ||= list.filter((m) => m.user !== world.as && !m.ephemeral).slice(-newSince.n)[0]?.ts) : null;
  for (const m of list) {
    const d = tsDate(m.ts);
    if (where === 'main' && dayKey(d) !== day) {
      day = dayKey(d);
      const label = dayLabel(d);
      out.push({ key: `day ${day}`, sig: label, make: () => h('div.day', { role: 'separator', 'aria-label': label }, h('span', { text: label })) });
      before = null;
    }
    if (firstNew && m.ts === firstNew) { out.push({ key: 'new', sig: '', make: () => h('div.new-line', { role: 'separator', 'aria-label': 'New messages' }, h('span', { text: 'New' })) }); before = null; }
    const compact = !!before && before.user === m.user && !m.ephemeral && !before.ephemeral && !m.deleted && !before.deleted && !(before.reply_count > 0 && where === 'main') && d - tsDate(before.ts) < 300e3;
    out.push({ key: `${m.ephemeral ? 'e' : 'm'} ${m.ts}`, sig: JSON.stringify(m) + compact + who, message: true, make: () => messageNode(m, where, compact) });
    before = m;
  }
  return out;
}
function peopleSig() { return world.state.people.map((p) => p.name + p.real_name + p.initials).join() + world.state.channels.map((c) => c.id + c.name).join(); }
function intro() {
  const c = channelOf(at.channel) || main.channel;
  const p = c.kind === 'im' ? person(c.with) : null;
  const text = p ? (p.bot ? `This is your conversation with ${p.name}.` : `This is your conversation with ${p.real_name}.`) : `This is the very beginning of the ${nameOf(c)} channel.`;
  return { key: 'intro', sig: JSON.stringify([c.name, c.topic]), make: () => h('div.intro', {}, p ? avatar(p, 'xl') : h('span.intro-icon', {}, icon(c.kind === 'private' ? 'lock' : 'hash', 26)), h('h2', { text: nameOf(c, c.kind === 'public') }), h('p', { text: `${text}${c.topic ? ` ${c.topic}` : ''}` })) };
}
function drawChannel() {
  if (!main) return;
  reconcile($('log'), [intro(), ...messageItems(main.messages, 'main', peopleSig())]);
}
function drawThread() {
  if (!threadData) return;
  const { parent, replies } = threadData;
  const n = replies.filter((r) => !r.ephemeral).length;
  const label = n ? `${n} ${n === 1 ? 'reply' : 'replies'}` : '';
  reconcile($('thread-log'), [
    ...(parent ? messageItems([parent], 'parent', peopleSig()) : []),
    ...(label ? [{ key: 'count', sig: label, make: () => h('div.reply-count', { role: 'separator', 'aria-label': label }, h('span', { text: label })) }] : []),
    ...messageItems(replies, 'reply', peopleSig())]);
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
const mainBox = composer({ testid: 'composer', sendTestid: 'send', id: 'composer-main', draftKey: () => `${world.as} ${at.channel}`, send: (t) => { newSince = null; $('log').scrollTop = $('log').scrollHeight; return say(t); } });
const threadBox = composer({ testid: 'thread-composer', sendTestid: 'thread-send', id: 'composer-thread', inThread: true, draftKey: () => `${world.as} ${at.channel} ${at.thread}`, send: (t) => say(t, at.thread) });
$('composer-slot').append(mainBox.el);
$('thread-composer-slot').append(threadBox.el);
setUp();
addEventListener('popstate', route);
route();
