// The stack of open modals.
import { h, icon, avatar, world, postJson, sendAct, inOrder, toast, focusMark, restoreFocus } from './util.js';
import { textObject } from './text.js';
import { renderBlocks, collectState, checkInputs, prune } from './blocks.js';
import { trapTab } from './widgets.js';
import { payloadButton } from './payload.js';

const open = new Map(); // view id -> {item, json, ctx, root, localErrors, busy}
let back = null; // where the focus was before the first modal
let refetch = async () => {};
export const onViews = (fn) => { refetch = fn; };

export function showViews(items) {
  const host = document.getElementById('modals');
  const app = document.getElementById('app');
  if (items.length && !open.size) back = focusMark();
  for (const [id, v] of open) if (!items.some((i) => i.id === id)) { v.root.remove(); open.delete(id); }
  items.forEach((item, depth) => {
    const json = JSON.stringify([item.hash, item.view, item.errors || null]);
    let v = open.get(item.id);
    if (!v) {
      v = { json: '', localErrors: {} };
      v.ctx = context(v, item.id);
      open.set(item.id, v);
      v.root = h('div.veil', { data: { view: item.id } });
      host.append(v.root);
    }
    if (v.json !== json) {
      if (v.item?.hash !== item.hash || JSON.stringify(v.item?.errors || null) !== JSON.stringify(item.errors || null)) v.localErrors = {};
      v.item = item;
      v.json = json;
      v.busy = false;
      draw(v);
    }
    v.root.hidden = depth !== items.length - 1;
  });
  app.inert = items.length > 0;
  const top = items.length ? open.get(items[items.length - 1].id) : null;
  if (top && !top.root.contains(document.activeElement)) focusFirst(top);
  if (!top && back) { const mark = back; back = null; restoreFocus(mark); }
}
export const modalOpen = () => open.size > 0;
export function forgetViews() { showViews([]); }

function context(v, id) {
  return {
    scope: `v:${id}`, kind: 'view', store: new Map(), get preset() { return v.item.view.state?.values; }, errors: {},
    redraw: () => draw(v),
    changed: (block) => {
      if (!v.ctx.errors[block]) return;
      v.localErrors[block] = null; // typed again: the old complaint goes
      const box = [...v.root.querySelectorAll('[data-input-block]')].find((x) => x.dataset.inputBlock === block);
      box?.classList.remove('invalid');
      box?.querySelector('.error')?.remove();
    },
    act: (block, el, value) => {
      const body = { as: world.as, in: { view: id }, block_id: block.block_id, action_id: el.action_id, value, state: collectState(v.item.view.blocks, v.ctx), element: el };
      return inOrder(`v:${id}`, () => sendAct(body)).then(refetch).catch((e) => toast(e.message, 'error'));
    },
  };
}
const errorsOf = (v) => Object.fromEntries(Object.entries({ ...(v.item.errors || {}), ...v.localErrors }).filter(([, t]) => t));

function focusFirst(v) {
  const dialog = v.root.querySelector('.modal');
  const first = v.root.querySelector('.modal-body input:not([type=hidden]), .modal-body textarea, .modal-body select');
  (first || dialog)?.focus({ preventScroll: true });
}
function draw(v, focusError = false) {
  const { view, id } = v.item;
  const mark = v.root.contains(document.activeElement) ? focusMark() : null;
  const scroll = v.root.querySelector('.modal-body')?.scrollTop || 0;
  prune(view.blocks, v.ctx);
  v.ctx.errors = errorsOf(v);
  const bot = world.state?.people.find((p) => p.bot);
  const title = `modal-title-${id}`;
  const close = (all) => postJson('/page/close', { as: world.as, view: id, all }).then(refetch).catch((e) => toast(e.message, 'error'));
  const submit = view.submit ? h('button.btn.primary', { type: 'submit', 'aria-busy': String(!!v.busy), data: { testid: 'modal-submit' } }, textObject(view.submit)) : null;
  const box = h('form.modal', { role: 'dialog', 'aria-modal': 'true', 'aria-labelledby': title, noValidate: true, tabIndex: -1, data: { testid: 'modal', viewId: id, callbackId: view.callback_id, focusRoot: `v:${id}` },
    onsubmit: (e) => { e.preventDefault(); send(v); },
    onkeydown: (e) => {
      trapTab(box, e);
      if (e.key === 'Escape' && !e.defaultPrevented) { e.preventDefault(); close(false); }
      if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) { e.preventDefault(); send(v); }
    } },
  h('header.modal-head', {}, avatar(bot, 's'), h('h2', { id: title }, textObject(view.title)), payloadButton({ view: id }),
    h('button.iconbtn', { type: 'button', 'aria-label': 'Close', data: { testid: 'modal-x' }, onclick: () => close(true) }, icon('x'))),
  v.banner ? h('p.modal-banner', { role: 'alert', text: v.banner }) : null,
  h('div.modal-body', {}, renderBlocks(view.blocks || [], v.ctx)),
  h('footer.modal-foot', {}, h('span.modal-app', { text: bot ? bot.real_name : '' }),
    h('button.btn', { type: 'button', data: { testid: 'modal-close' }, onclick: () => close(false) }, view.close ? textObject(view.close) : submit ? 'Cancel' : 'Close'), submit));
  v.root.replaceChildren(box);
  v.root.onpointerdown = (e) => { if (e.target === v.root) e.preventDefault(); };
  box.querySelector('.modal-body').scrollTop = scroll;
  if (focusError) {
    const bad = box.querySelector('.input-block.invalid');
    bad?.scrollIntoView({ block: 'nearest' });
    bad?.querySelector('input, textarea, select, button')?.focus({ preventScroll: true });
  } else if (mark) restoreFocus(mark) || focusFirst(v);
}
async function send(v) {
  if (!v.item.view.submit || v.busy) return;
  v.banner = null;
  v.localErrors = Object.fromEntries(Object.keys(v.item.errors || {}).map((k) => [k, null]));
  const found = checkInputs(v.item.view.blocks, v.ctx);
  if (Object.keys(found).length) {
    Object.assign(v.localErrors, found);
    draw(v, true);
    return;
  }
  const state = collectState(v.item.view.blocks, v.ctx);
  v.busy = true;
  v.root.querySelector('[data-testid=modal-submit]')?.setAttribute('aria-busy', 'true');
  let bad = null;
  try {
    const r = await inOrder(`v:${v.item.id}`, () => postJson('/page/submit', { as: world.as, view: v.item.id, state }), 15000);
    if (!r.ok) { bad = r.errors || {}; if (!Object.keys(bad).length) v.banner = r.error || 'We had some trouble connecting. Try again?'; }
  } catch (e) {
    bad = {};
    v.banner = e.message;
  }
  v.busy = false;
  await refetch();
  if (!open.has(v.item.id)) return;
  if (bad) { Object.assign(v.localErrors, bad); draw(v, Object.keys(bad).length > 0); } else v.root.querySelector('[data-testid=modal-submit]')?.setAttribute('aria-busy', 'false');
}
