// The controls that a browser does not bring along: menus, people pickers, Slack's confirm dialog.
import { h, icon, avatar, uid, world } from './util.js';

const layers = () => document.getElementById('layers');

/** Puts a popup under (or over) its anchor and closes it on outside clicks, Esc and scrolling. */
export function popup(node, anchor, { onclose, above = false, width } = {}) {
  layers().append(node);
  const place = () => {
    const a = anchor.getBoundingClientRect();
    if (width === 'anchor') node.style.width = `${Math.max(a.width, 220)}px`;
    const r = node.getBoundingClientRect();
    const up = above || (a.bottom + r.height + 8 > innerHeight && a.top > r.height);
    node.style.top = `${Math.max(4, up ? a.top - r.height - 4 : a.bottom + 4)}px`;
    node.style.left = `${Math.max(8, Math.min(a.left, innerWidth - r.width - 8))}px`;
  };
  place();
  let open = true;
  const close = () => {
    if (!open) return;
    open = false;
    node.remove();
    document.removeEventListener('pointerdown', outside, true);
    removeEventListener('resize', close);
    document.removeEventListener('scroll', onscroll, true);
    onclose?.();
  };
  const outside = (e) => { if (!node.contains(e.target) && !anchor.contains(e.target)) close(); };
  const onscroll = (e) => { if (!node.contains(e.target)) { if (anchor.isConnected) place(); else close(); } };
  document.addEventListener('pointerdown', outside, true);
  document.addEventListener('scroll', onscroll, true);
  addEventListener('resize', close);
  return { close, place, get open() { return open; } };
}

/** A menu of actions: items are {label, detail?, run} or null for a line. */
export function menu(anchor, items, label) {
  if (anchor.dataset.menuOpen) return;
  anchor.dataset.menuOpen = '1';
  anchor.setAttribute('aria-expanded', 'true');
  const buttons = [];
  const box = h('div.menu', { role: 'menu', 'aria-label': label });
  for (const it of items) {
    if (!it) { box.append(h('div.menu-line', { role: 'separator' })); continue; }
    const b = h('button.menu-item', { type: 'button', role: 'menuitem', tabIndex: -1, onclick: () => { p.close(); anchor.focus(); it.run(); } },
      h('span', { text: it.label }), it.detail ? h('small', { text: it.detail }) : null);
    buttons.push(b);
    box.append(b);
  }
  const p = popup(box, anchor, { onclose: () => { delete anchor.dataset.menuOpen; anchor.setAttribute('aria-expanded', 'false'); } });
  box.addEventListener('keydown', (e) => {
    const i = buttons.indexOf(document.activeElement);
    const go = (n) => { e.preventDefault(); buttons[(n + buttons.length) % buttons.length].focus(); };
    if (e.key === 'ArrowDown') go(i + 1);
    else if (e.key === 'ArrowUp') go(i - 1);
    else if (e.key === 'Home') go(0);
    else if (e.key === 'End') go(buttons.length - 1);
    else if (e.key === 'Escape' || e.key === 'Tab') { e.preventDefault(); e.stopPropagation(); p.close(); anchor.focus(); }
  });
  buttons[0]?.focus();
}

export function initPeople(filter) {
  return (world.state?.people || []).filter((p) => !filter || filter(p)).map((p) => ({ id: p.id, label: p.real_name, detail: p.name, person: p }));
}
export function initChannels() {
  return (world.state?.channels || []).filter((c) => c.kind !== 'im').map((c) => ({ id: c.id, label: c.name, channel: c }));
}
const face = (it, size) => (it.person ? avatar(it.person, size) : it.channel ? icon(it.channel.kind === 'private' ? 'lock' : 'hash', 14) : null);

/**
 * A field with suggestions. `items` are {id, label, detail?, person?, channel?}; value is an array of ids.
 * multi: chips before the input. onchange(ids).
 */
export function picker({ items, value, multi, placeholder, max, id, labelledby, describedby, data, onchange, label, busy }) {
  let chosen = value.filter(Boolean);
  const listId = uid('list');
  const input = h('input.picker-input', { type: 'text', id, role: 'combobox', autocomplete: 'off', spellcheck: false, 'aria-autocomplete': 'list',
    'aria-expanded': 'false', 'aria-controls': listId, 'aria-labelledby': labelledby, 'aria-describedby': describedby, 'aria-label': labelledby ? null : label || placeholder || 'Choose', data });
  const chips = h('span.picker-chips', {});
  const box = h(multi ? 'div.picker.multi' : 'div.picker', { onclick: (e) => { if (e.target === box || e.target === chips) input.focus(); } }, chips, input, h('span.picker-caret', {}, icon('down', 14)));
  const all = () => items();
  const find = (x) => all().find((it) => it.id === x) || { id: x, label: x };
  let pop = null;
  let active = 0;
  let shown = [];
  let list = null;

  const draw = () => {
    chips.replaceChildren();
    box.classList.toggle('has-value', chosen.length > 0);
    if (multi) {
      for (const c of chosen) {
        const it = find(c);
        chips.append(h('span.token', {}, face(it, 'xs'), h('span', { text: it.label }),
          h('button', { type: 'button', 'aria-label': `Remove ${it.label}`, onclick: () => { set(chosen.filter((y) => y !== c)); input.focus(); } }, icon('x', 11))));
      }
      input.placeholder = chosen.length ? '' : placeholder || '';
    } else {
      const it = chosen[0] && find(chosen[0]);
      if (it) { const f = face(it, 'xs'); if (f) chips.append(f); }
      input.value = it ? it.label : '';
      input.placeholder = placeholder || '';
    }
  };
  const set = (v) => { chosen = v; draw(); onchange(chosen); };
  const close = () => { pop?.close(); };
  const filter = () => {
    const q = (multi || input.dataset.typed ? input.value : '').trim().toLowerCase().replace(/^[@#]/, '');
    const hit = (it) => !q || it.label.toLowerCase().includes(q) || (it.detail || '').toLowerCase().startsWith(q);
    const score = (it) => ((it.detail || '').toLowerCase() === q ? 0 : (it.detail || '').toLowerCase().startsWith(q) || it.label.toLowerCase().startsWith(q) ? 1 : 2);
    shown = all().filter((it) => hit(it) && !(multi && chosen.includes(it.id)));
    if (q) shown.sort((a, b) => score(a) - score(b));
  };
  const open = () => {
    filter();
    if (!pop?.open) {
      list = h('ul.listbox', { id: listId, role: 'listbox', 'aria-label': label || placeholder || 'Suggestions' });
      pop = popup(list, box, { width: 'anchor', onclose: () => { input.setAttribute('aria-expanded', 'false'); input.removeAttribute('aria-activedescendant'); } });
      input.setAttribute('aria-expanded', 'true');
    }
    active = 0;
    drawList();
    pop.place();
  };
  const drawList = () => {
    list.replaceChildren(...shown.map((it, i) => h('li', { id: `${listId}-${i}`, role: 'option', 'aria-selected': String(i === active),
      onpointerdown: (e) => { e.preventDefault(); pick(it); }, onpointermove: () => { if (active !== i) { active = i; mark(); } } },
    face(it, 's'), h('span', { text: it.label }), it.detail ? h('small', { text: it.detail }) : null)));
    if (!shown.length) list.append(h('li.empty', { text: max && chosen.length >= max ? `No more than ${max}` : 'Nothing found' }));
    mark();
  };
  const mark = () => {
    [...list.children].forEach((li, i) => li.setAttribute('aria-selected', String(i === active)));
    const li = list.children[active];
    if (li?.id) { input.setAttribute('aria-activedescendant', li.id); li.scrollIntoView({ block: 'nearest' }); }
  };
  const pick = (it) => {
    delete input.dataset.typed;
    if (multi) {
      if (max && chosen.length >= max) return;
      input.value = '';
      set([...chosen, it.id]);
      open();
    } else { close(); set([it.id]); }
  };
  input.addEventListener('input', () => { input.dataset.typed = '1'; if (!multi && !input.value) { set([]); } open(); });
  input.addEventListener('click', open);
  input.addEventListener('focus', () => { if (!multi) input.select(); });
  input.addEventListener('blur', () => { close(); delete input.dataset.typed; if (multi) input.value = ''; else draw(); });
  input.addEventListener('keydown', (e) => {
    const isOpen = pop?.open;
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault();
      if (!isOpen) return open();
      if (shown.length) { active = (active + (e.key === 'ArrowDown' ? 1 : -1) + shown.length) % shown.length; mark(); }
    } else if (e.key === 'Enter') {
      if (e.ctrlKey || e.metaKey) return;
      if (isOpen) { e.preventDefault(); e.stopPropagation(); if (shown[active]) pick(shown[active]); }
      else { e.preventDefault(); e.stopPropagation(); open(); }
    } else if (e.key === 'Escape' && isOpen) { e.preventDefault(); e.stopPropagation(); close(); }
    else if (e.key === 'Backspace' && multi && !input.value && chosen.length) set(chosen.slice(0, -1));
  });
  draw();
  return box;
}

/** Keeps Tab inside a dialog. */
export function trapTab(dialog, e) {
  if (e.key !== 'Tab') return;
  const stops = [...dialog.querySelectorAll('button, input, select, textarea, a[href], [tabindex]')].filter((x) => x.tabIndex >= 0 && !x.disabled && x.getClientRects().length);
  if (!stops.length) return;
  const first = stops[0];
  const last = stops[stops.length - 1];
  if (e.shiftKey && (document.activeElement === first || document.activeElement === dialog)) { e.preventDefault(); last.focus(); }
  else if (!e.shiftKey && document.activeElement === last) { e.preventDefault(); first.focus(); }
}

/**
 * A dialog over everything else. `accept` runs when it is agreed to; unless that gives false, it closes.
 * Resolves to whether it was agreed to.
 */
export function dialog({ title, body, yes, no, danger, focus, wide, role = 'dialog', accept }) {
  return new Promise((resolve) => {
    const back = document.activeElement;
    const titleId = uid('t');
    const bodyId = uid('b');
    const done = (agreed) => { veil.remove(); for (const x of held) x.inert = x.id === 'app' && !!document.querySelector('#modals .veil'); if (back?.isConnected) back.focus(); resolve(agreed); };
    const agree = async () => { if (!accept || (await accept()) !== false) done(true); };
    const yesButton = yes ? h(danger ? 'button.btn.danger' : 'button.btn.primary', { type: 'button', onclick: agree, data: { testid: 'confirm' } }, yes) : null;
    const noButton = no ? h('button.btn', { type: 'button', onclick: () => done(false), data: { testid: 'deny' } }, no) : null;
    const box = h(wide ? 'div.modal.wide' : 'div.modal.small', { role, 'aria-modal': 'true', 'aria-labelledby': titleId, 'aria-describedby': wide ? null : bodyId, tabIndex: -1, data: { testid: 'dialog' } },
      h('header.modal-head', {}, h('h2', { id: titleId }, title), h('button.iconbtn', { type: 'button', 'aria-label': 'Close', onclick: () => done(false) }, icon('x'))),
      h('div.modal-body', { id: bodyId }, body),
      yes || no ? h('footer.modal-foot', {}, noButton, yesButton) : null);
    const veil = h('div.veil.top', { onpointerdown: (e) => { if (e.target === veil) done(false); } }, box);
    box.addEventListener('keydown', (e) => {
      trapTab(box, e);
      if (e.key === 'Escape') { e.preventDefault(); e.stopPropagation(); done(false); }
      if (e.key === 'Enter' && e.target.matches('input')) { e.preventDefault(); agree(); }
    });
    const held = [document.getElementById('app'), document.getElementById('modals')].filter((x) => !x.inert);
    document.body.append(veil);
    for (const x of held) x.inert = true;
    (focus || yesButton || box).focus();
  });
}
/** Slack's confirm dialog; resolves to true or false. */
export const confirmDialog = (c, nodes) => dialog({ title: nodes(c.title), body: nodes(c.text), yes: nodes(c.confirm), no: nodes(c.deny), danger: c.style === 'danger', role: 'alertdialog' });
