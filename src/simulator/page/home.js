// The tabs of the app's conversation, and its Home tab.
import { h, world, getJson, postJson, sendAct, inOrder, coalesced, toast, focusMark, restoreFocus } from './util.js';
import { renderBlocks, collectState } from './blocks.js';
import { payloadButton, arrows } from './payload.js';

const $ = (id) => document.getElementById(id);
const TABS = { home: 'Home', messages: 'Messages' };
const remembered = new Map(); // person -> the tab they had open last
let told = ''; // what the app was told is open
let shown = '';
let ctx = null;

/** Which tab opens: the one asked for, the last one, else Home unless there is something to read. */
export function tabToOpen(asked, channel) {
  return asked || remembered.get(world.as) || (channel.unread > 0 ? 'messages' : 'home');
}

/**
 * Draws the tabs and shows one; none for conversations without. The app is told once of each tab that is opened.
 * `choose(tab)` is called when another one is clicked.
 */
export function showTab(tab, channel, choose) {
  const bar = $('tabs');
  bar.hidden = !tab;
  const home = tab === 'home';
  $('home').hidden = !home;
  document.querySelector('.log-wrap').hidden = home;
  $('composer-slot').hidden = home;
  const opened = tab ? `${world.as} ${channel.id} ${tab}` : '';
  if (tab) {
    remembered.set(world.as, tab);
    drawTabs(bar, tab, channel, choose);
  }
  if (opened !== told) {
    told = opened;
    if (tab) postJson('/page/tab_opened', { as: world.as, tab }).catch((e) => toast(e.message, 'error'));
  }
  if (home) refreshHome();
}
function drawTabs(bar, tab, channel, choose) {
  const held = bar.contains(document.activeElement);
  const button = (t) => h('button.tab', { type: 'button', role: 'tab', id: `tab-${t}`, 'aria-selected': String(t === tab), 'aria-controls': t === 'home' ? 'home' : 'log', tabIndex: t === tab ? 0 : -1, data: { testid: `tab-${t}` }, onclick: () => choose(t) },
    TABS[t], t === 'messages' && tab === 'home' && channel.unread > 0 ? h('span.tab-count', { 'aria-label': `${channel.unread} unread`, text: String(channel.unread) }) : null);
  const list = h('div.tab-list', { role: 'tablist', 'aria-label': 'Home and messages' }, Object.keys(TABS).map(button));
  list.addEventListener('keydown', (e) => arrows(e, [...list.children]));
  bar.replaceChildren(list, h('span', { id: 'home-payload' }));
  drawPayload(tab === 'home' && ctx?.as === world.as ? ctx : null);
  if (held) $(`tab-${tab}`)?.focus();
}
const drawPayload = (of) => $('home-payload')?.replaceChildren(of ? payloadButton({ view: of.view.id }) : '');

export const refreshHome = coalesced(async () => {
  const as = world.as;
  const r = await getJson(`/page/home?as=${encodeURIComponent(as)}`).catch(() => null);
  if (!r || as !== world.as) return;
  const now = as + JSON.stringify(r.view);
  const box = $('home');
  if (now === shown && box.firstChild) return;
  shown = now;
  const mark = box.contains(document.activeElement) ? focusMark() : null;
  const scroll = ctx?.as === as ? box.scrollTop : 0;
  box.dataset.focusRoot = 'home';
  if (!r.view) {
    ctx = null;
    box.replaceChildren(h('p.empty-home', { text: `${world.state.people.find((p) => p.bot)?.name || 'The app'} has put nothing here yet.` }));
  } else {
    draw(box, r.view, as);
  }
  drawPayload(ctx);
  box.scrollTop = scroll;
  restoreFocus(mark);
});
function draw(box, view, as) {
  const scope = `v:${view.id}`;
  if (ctx?.scope !== scope) ctx = { scope, as, kind: 'view', heading: 'h2', store: new Map(), errors: {}, get preset() { return ctx.view.state?.values; } };
  const here = ctx;
  here.view = view;
  here.redraw = () => draw(box, here.view, as);
  here.act = (block, el, value) => {
    const body = { as, in: { view: view.id }, block_id: block.block_id, action_id: el.action_id, value, state: collectState(view.blocks, here), element: el };
    return inOrder(scope, () => sendAct(body)).catch((e) => toast(e.message, 'error'));
  };
  box.replaceChildren(h('div.home-inner', { data: { testid: 'home' } }, renderBlocks(view.blocks || [], here)));
}
