// The box one types in, with suggestions for @people and the slash command.
import { h, icon, avatar, uid, world } from './util.js';

export function composer({ testid, sendTestid, id, inThread, shortcuts, send, draftKey }) {
  const listId = uid('sugg');
  const area = h('textarea', { id, rows: 1, dir: 'auto', spellcheck: true, data: { testid }, 'aria-autocomplete': 'list', 'aria-controls': listId, 'aria-describedby': `${listId}-err` });
  const list = h('ul.suggestions', { id: listId, role: 'listbox', hidden: true, 'aria-label': 'Suggestions' });
  const hint = h('p.command-hint', { hidden: true });
  const error = h('p.composer-error', { id: `${listId}-err`, role: 'alert', hidden: true });
  const button = h('button.send', { type: 'button', 'aria-label': 'Send now', title: 'Send now', data: { testid: sendTestid }, onclick: () => submit() }, icon('send', 17));
  const put = (s) => { insert(s); area.focus(); update(); };
  const start = (s) => { if (!area.value.startsWith(s.trim())) { area.setSelectionRange(0, 0); put(s); } else area.focus(); };
  const more = h('button.iconbtn', { type: 'button', title: 'Shortcuts', 'aria-label': 'Shortcuts', 'aria-haspopup': 'menu', 'aria-expanded': 'false', data: { testid: 'shortcuts' }, onclick: () => shortcuts(more, start) }, icon('slash'));
  const bar = h('div.composer-bar', {},
    shortcuts ? more : null,
    h('button.iconbtn', { type: 'button', title: 'Mention someone', 'aria-label': 'Mention someone', onclick: () => put(/\S$/.test(area.value.slice(0, area.selectionStart)) ? ' @' : '@') }, icon('at')),
    h('span.composer-keys', {}, h('kbd', { text: 'Enter' }), ' to send · ', h('kbd', { text: 'Shift + Enter' }), ' for a new line'), button);
  const box = h('div.composer', {}, list, hint, h('div.composer-box', { onclick: (e) => { if (e.target.classList.contains('composer-box')) area.focus(); } }, area, bar), error);
  const drafts = new Map();
  let shown = [];
  let active = 0;
  let span = null; // [from, to] of the word being completed
  let dismissed = '';

  const size = () => {
    area.style.height = 'auto';
    area.style.height = `${Math.min(area.scrollHeight, innerHeight * 0.4)}px`;
    area.classList.toggle('tall', area.scrollHeight > innerHeight * 0.4);
    button.classList.toggle('ready', area.value.trim() !== '');
  };
  function insert(s) {
    const [a, b] = [area.selectionStart, area.selectionEnd];
    area.value = area.value.slice(0, a) + s + area.value.slice(b);
    area.setSelectionRange(a + s.length, a + s.length);
  }
  function closeList() {
    list.hidden = true;
    shown = [];
    area.removeAttribute('aria-activedescendant');
  }
  function suggest() {
    const at = area.selectionStart;
    const before = area.value.slice(0, at);
    const cmd = world.state?.command;
    let items = [];
    span = null;
    if (!inThread && cmd && /^\/\S*$/.test(before) && cmd.name.startsWith(before.toLowerCase()) && before !== dismissed) {
      span = [0, at];
      if (before !== cmd.name) items = [{ insert: cmd.name + ' ', label: `${cmd.name}`, hint: cmd.hint, detail: cmd.description, cmd: true }];
    }
    const m = /(?:^|[\s(])@([\p{L}\p{N}._-]*)$/u.exec(before);
    if (m && before !== dismissed) {
      const q = m[1].toLowerCase();
      span = [at - q.length - 1, at];
      const fits = (p) => p.name.toLowerCase().startsWith(q) || p.real_name.toLowerCase().split(/\s+/).some((w) => w.startsWith(q));
      const people = (world.state?.people || []).filter(fits);
      items = people.slice(0, 8).map((p) => ({ insert: `@${p.name} `, label: p.real_name, detail: p.name, person: p, exact: p.name.toLowerCase() === q }));
      items.sort((a, b) => Number(b.exact) - Number(a.exact));
    }
    shown = items;
    active = 0;
    list.hidden = !items.length;
    list.replaceChildren(...items.map((it, i) => h('li', { id: `${listId}-${i}`, role: 'option', 'aria-selected': 'false', onpointerdown: (e) => { e.preventDefault(); take(i); } },
      it.person ? avatar(it.person, 's') : h('span.cmd-icon', {}, icon('clip', 18)),
      h('span.sugg-main', {}, h('strong', { text: it.label }), it.hint ? h('code', { text: ' ' + it.hint }) : null, it.cmd ? h('small', { text: it.detail || '' }) : h('small', { text: it.person.id === world.as ? `${it.detail} (you)` : it.detail })))));
    mark();
    const typing = !inThread && cmd && (area.value === cmd.name || area.value.startsWith(cmd.name + ' '));
    hint.hidden = !typing || !list.hidden;
    if (typing) hint.replaceChildren(h('strong', { text: cmd.name }), h('span', { text: ' ' + (cmd.hint || '') }), h('small', { text: cmd.description || '' }));
  }
  function mark() {
    [...list.children].forEach((li, i) => li.setAttribute('aria-selected', String(i === active)));
    if (shown.length) { area.setAttribute('aria-activedescendant', `${listId}-${active}`); list.children[active].scrollIntoView({ block: 'nearest' }); } else area.removeAttribute('aria-activedescendant');
  }
  function take(i) {
    area.setSelectionRange(...span);
    insert(shown[i].insert);
    update();
  }
  function update() { size(); suggest(); }
  function fail(text) {
    error.textContent = text || '';
    error.hidden = !text;
  }
  async function submit() {
    const text = area.value;
    if (!text.trim()) return;
    const where = draftKey();
    fail('');
    area.value = '';
    drafts.delete(where);
    update();
    area.focus();
    let r;
    try { r = await send(text); } catch (e) { r = { ok: false, error: e.message }; }
    if (!r.ok && draftKey() === where) {
      fail(r.error || 'That was not sent.');
      if (!area.value) { area.value = text; size(); }
    }
  }
  area.addEventListener('input', () => { dismissed = ''; fail(''); drafts.set(draftKey(), area.value); update(); });
  area.addEventListener('click', suggest);
  area.addEventListener('blur', () => { closeList(); hint.hidden = true; });
  area.addEventListener('focus', suggest);
  area.addEventListener('keydown', (e) => {
    if (e.isComposing) return;
    if (shown.length) {
      if (e.key === 'ArrowDown' || e.key === 'ArrowUp') { if (e.altKey) return; e.preventDefault(); active = (active + (e.key === 'ArrowDown' ? 1 : -1) + shown.length) % shown.length; mark(); return; }
      if (e.key === 'Escape') { e.preventDefault(); e.stopPropagation(); dismissed = area.value.slice(0, area.selectionStart); suggest(); return; }
      if (e.key === 'Tab' && !e.shiftKey) { e.preventDefault(); take(active); return; }
      if (e.key === 'Enter' && !e.shiftKey && !shown[active].exact) { e.preventDefault(); take(active); return; }
    }
    if (e.key === 'Enter' && !e.shiftKey) { e.preventDefault(); submit(); }
  });
  addEventListener('resize', size);
  return {
    el: box,
    area,
    focus: () => area.focus(),
    /** Fills the box with a line to try. */
    fill: (s) => { area.value = s; drafts.set(draftKey(), s); area.focus(); area.setSelectionRange(s.length, s.length); fail(''); update(); },
    /** Another channel or person: show its own draft. */
    turn: (placeholder) => { area.placeholder = placeholder; area.setAttribute('aria-label', placeholder); area.value = drafts.get(draftKey()) || ''; fail(''); size(); closeList(); hint.hidden = true; if (document.activeElement === area) suggest(); },
  };
}
