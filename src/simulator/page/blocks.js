// Block Kit: blocks and their elements as DOM, and the state of what was typed or chosen in them.
import { h, add, icon, uid } from './util.js';
import { toField, fromField } from './time.js';
import { textObject, plain, richText, markdown, words } from './text.js';
import { picker, menu, confirmDialog, initPeople, initChannels } from './widgets.js';

/*
 * A context says where blocks are drawn:
 *   scope    a name for the message or view, for pending marks
 *   kind     'message' or 'view'
 *   store    Map "block action" -> {src, value}: what this person typed or chose and the bot has not drawn itself
 *   preset   state.values the server already holds (views)
 *   errors   {block_id: text} (views)
 *   act      (block, element, value|undefined) -> Promise
 *   changed  (block_id) -> void, after a value was typed or chosen
 */
const key = (block, el) => `${block.block_id} ${el.action_id}`;

// --- values ---------------------------------------------------------------------------

const KINDS = {
  plain_text_input: ['value', 'initial_value'], number_input: ['value', 'initial_value'], url_text_input: ['value', 'initial_value'], email_text_input: ['value', 'initial_value'],
  rich_text_input: ['rich_text_value', 'initial_value'],
  static_select: ['selected_option', 'initial_option'], external_select: ['selected_option', 'initial_option'], radio_buttons: ['selected_option', 'initial_option'],
  multi_static_select: ['selected_options', 'initial_options'], multi_external_select: ['selected_options', 'initial_options'], checkboxes: ['selected_options', 'initial_options'],
  users_select: ['selected_user', 'initial_user'], multi_users_select: ['selected_users', 'initial_users'],
  conversations_select: ['selected_conversation', 'initial_conversation'], multi_conversations_select: ['selected_conversations', 'initial_conversations'],
  channels_select: ['selected_channel', 'initial_channel'], multi_channels_select: ['selected_channels', 'initial_channels'],
  datepicker: ['selected_date', 'initial_date'], timepicker: ['selected_time', 'initial_time'], datetimepicker: ['selected_date_time', 'initial_date_time'],
};
const many = (type) => type.startsWith('multi_') || type === 'checkboxes';

function current(ctx, block, el) {
  const [field, initial] = KINDS[el.type];
  const kept = ctx.store.get(key(block, el));
  if (kept && (ctx.kind === 'view' ? kept.type === el.type : kept.src === JSON.stringify(el))) return kept.value;
  const preset = ctx.preset?.[block.block_id]?.[el.action_id];
  if (preset && preset.type === el.type && preset[field] !== undefined) return preset[field];
  return el[initial] ?? (many(el.type) ? [] : null);
}
function keep(ctx, block, el, value) {
  ctx.store.set(key(block, el), { src: JSON.stringify(el), type: el.type, value });
  ctx.changed?.(block.block_id);
}
function elementsOf(block) {
  if (block.type === 'section') return block.accessory ? [block.accessory] : [];
  if (block.type === 'actions') return block.elements || [];
  if (block.type === 'input') return block.element ? [block.element] : [];
  return [];
}
/** state.values as Slack sends it. */
export function collectState(blocks, ctx) {
  const values = {};
  for (const b of blocks || []) {
    for (const el of elementsOf(b)) {
      if (!KINDS[el.type]) continue;
      (values[b.block_id] ||= {})[el.action_id] = { type: el.type, [KINDS[el.type][0]]: current(ctx, b, el) };
    }
  }
  return { values };
}
/** Slack's own checks of a view before it is submitted: {block_id: sentence}. */
export function checkInputs(blocks, ctx) {
  const errors = {};
  for (const b of blocks || []) {
    if (b.type !== 'input' || !b.element || !KINDS[b.element.type]) continue;
    const el = b.element;
    const v = current(ctx, b, el);
    const empty = v === null || v === undefined || v === '' || (Array.isArray(v) && !v.length) || (typeof v === 'string' && !v.trim());
    if (empty) { if (!b.optional) errors[b.block_id] = 'Please complete this required field.'; continue; }
    if (typeof v !== 'string') continue;
    if (el.max_length && v.length > el.max_length) errors[b.block_id] = `Please shorten this to ${el.max_length} characters or fewer (now ${v.length}).`;
    else if (el.min_length && v.length < el.min_length) errors[b.block_id] = `Please lengthen this to ${el.min_length} characters or more (now ${v.length}).`;
    else if (el.type === 'email_text_input' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(v)) errors[b.block_id] = 'Please enter a valid email address.';
    else if (el.type === 'url_text_input' && !/^https?:\/\/\S+\.\S+/.test(v)) errors[b.block_id] = 'Please enter a valid URL.';
    else if (el.type === 'number_input') {
      const n = Number(v);
      if (!Number.isFinite(n) || (!el.is_decimal_allowed && !Number.isInteger(n))) errors[b.block_id] = el.is_decimal_allowed ? 'Please enter a number.' : 'Please enter a whole number.';
      else if (el.min_value !== undefined && n < Number(el.min_value)) errors[b.block_id] = `Please enter a number of at least ${el.min_value}.`;
      else if (el.max_value !== undefined && n > Number(el.max_value)) errors[b.block_id] = `Please enter a number of at most ${el.max_value}.`;
    }
  }
  return errors;
}
/** Forgets what was typed into inputs that are not there any more. */
export function prune(blocks, ctx) {
  const alive = new Set((blocks || []).flatMap((b) => elementsOf(b).map((el) => key(b, el))));
  for (const k of [...ctx.store.keys()]) if (!alive.has(k)) ctx.store.delete(k);
}

// --- pending marks: they belong to a place, not to a DOM node that may be redrawn -------------

const pending = new Map();
const pendKey = (ctx, block, el) => `${ctx.scope} ${key(block, el)}`;
function markPending(k) {
  for (const n of document.querySelectorAll('[data-pend]')) {
    if (n.dataset.pend === k) n.setAttribute('aria-busy', String(pending.has(k)));
  }
}
async function act(ctx, block, el, value) {
  if (el.confirm && !(await confirmDialog(el.confirm, textObject))) return false;
  const k = pendKey(ctx, block, el);
  pending.set(k, (pending.get(k) || 0) + 1);
  markPending(k);
  try {
    await ctx.act(block, el, value);
  } finally {
    const n = pending.get(k) - 1;
    if (n > 0) pending.set(k, n); else pending.delete(k);
    markPending(k);
  }
  return true;
}
const hooks = (ctx, block, el) => ({ blockId: block.block_id, actionId: el.action_id, pend: pendKey(ctx, block, el) });
const busyNow = (ctx, block, el) => String(pending.has(pendKey(ctx, block, el)));

// --- elements -------------------------------------------------------------------------------

function button(block, el, ctx) {
  const style = el.style === 'primary' ? '.primary' : el.style === 'danger' ? '.danger' : '';
  return h(`button.btn${style}`, {
    type: 'button', title: words(el.text).length > 30 ? words(el.text) : null, 'aria-label': el.accessibility_label || null, 'aria-busy': busyNow(ctx, block, el), data: hooks(ctx, block, el),
    onclick: () => {
      if (el.url && /^(https?|mailto|slack):/.test(el.url)) window.open(el.url, '_blank', 'noopener');
      act(ctx, block, el);
    },
  }, h('span.btn-text', {}, textObject(el.text)));
}
function overflow(block, el, ctx) {
  const b = h('button.btn.overflow', { type: 'button', 'aria-label': 'More actions', 'aria-haspopup': 'menu', 'aria-expanded': 'false', 'aria-busy': busyNow(ctx, block, el), data: hooks(ctx, block, el),
    onclick: () => menu(b, (el.options || []).map((o) => ({ label: words(o.text), detail: o.description && words(o.description),
      run: () => { if (o.url && /^(https?|mailto):/.test(o.url)) window.open(o.url, '_blank', 'noopener'); act(ctx, block, el, { selected_option: o }); } })), 'More actions') }, icon('dots'));
  return b;
}
/** Calls act for what was chosen, unless it sits in an input block that does not ask for it. */
function chosen(ctx, block, el, value) {
  keep(ctx, block, el, value);
  if (block.type !== 'input' || block.dispatch_action) {
    act(ctx, block, el, { [KINDS[el.type][0]]: value }).then((sent) => { if (!sent) { ctx.store.delete(key(block, el)); ctx.redraw?.(); } });
  }
}
const optionsOf = (el) => (el.option_groups ? el.option_groups.flatMap((g) => g.options || []) : el.options || []);

function staticSelect(block, el, ctx, tie) {
  const v = current(ctx, block, el);
  const opts = optionsOf(el);
  const option = (o, i) => h('option', { value: String(i), selected: v?.value === o.value, text: words(o.text) + (o.description ? ` – ${words(o.description)}` : '') });
  let n = 0;
  const empty = h('option', { value: '', selected: !v, hidden: !block.optional, disabled: !block.optional, text: words(el.placeholder) || 'Choose an option' });
  const sel = h('select', { ...tie, 'aria-busy': busyNow(ctx, block, el), data: hooks(ctx, block, el), onchange: () => { sel.classList.toggle('unset', !sel.value); chosen(ctx, block, el, sel.value === '' ? null : opts[Number(sel.value)]); } },
    empty, el.option_groups ? el.option_groups.map((g) => h('optgroup', { label: words(g.label) }, (g.options || []).map((o) => option(o, n++)))) : opts.map((o) => option(o, n++)));
  sel.classList.toggle('unset', !v);
  return h('span.select', {}, sel, icon('down', 14));
}
function pick(block, el, ctx, tie) {
  const multi = el.type.startsWith('multi_');
  const v = current(ctx, block, el);
  const stat = el.type === 'multi_static_select' || el.type.endsWith('external_select');
  const opts = optionsOf(el);
  const items = stat ? () => opts.map((o) => ({ id: o.value, label: words(o.text), detail: o.description && words(o.description) }))
    : el.type.includes('users') ? () => initPeople() : () => initChannels();
  const ids = multi ? (v || []).map((x) => (stat ? x.value : x)) : v ? [stat ? v.value : v] : [];
  return picker({ items, value: ids, multi, max: el.max_selected_items, placeholder: words(el.placeholder) || (el.type.includes('users') ? 'Choose people' : 'Choose'),
    id: tie.id, labelledby: tie['aria-labelledby'], describedby: tie['aria-describedby'], label: tie['aria-label'], data: hooks(ctx, block, el),
    onchange: (now) => {
      const full = stat ? now.map((x) => opts.find((o) => o.value === x)) : now;
      chosen(ctx, block, el, multi ? full : full[0] ?? null);
    } });
}
function choices(block, el, ctx, tie) {
  const radio = el.type === 'radio_buttons';
  const name = uid('choice');
  const now = () => { const v = current(ctx, block, el); return radio ? (v ? [v.value] : []) : (v || []).map((o) => o.value); };
  const on = now();
  return h('div.choices', { role: radio ? 'radiogroup' : 'group', 'aria-labelledby': tie['aria-labelledby'], 'aria-describedby': tie['aria-describedby'], 'aria-label': tie['aria-label'], data: hooks(ctx, block, el) },
    (el.options || []).map((o) => h('label.choice', {}, h('input', { type: radio ? 'radio' : 'checkbox', name, value: o.value, checked: on.includes(o.value),
      onchange: (e) => {
        if (radio) return chosen(ctx, block, el, o);
        const set = new Set(now());
        if (e.target.checked) set.add(o.value); else set.delete(o.value);
        chosen(ctx, block, el, el.options.filter((x) => set.has(x.value)));
      } }), h('span', {}, h('span.choice-text', {}, textObject(o.text)), o.description ? h('small', {}, textObject(o.description)) : null))));
}
function when(block, el, ctx, tie) {
  const v = current(ctx, block, el);
  const type = { datepicker: 'date', timepicker: 'time', datetimepicker: 'datetime-local' }[el.type];
  const inp = h('input.when', { ...tie, type, value: v === null ? '' : el.type === 'datetimepicker' ? toField(v) : v, 'aria-busy': busyNow(ctx, block, el), data: hooks(ctx, block, el),
    onchange: () => chosen(ctx, block, el, inp.value === '' ? null : el.type === 'datetimepicker' ? fromField(inp.value) : inp.value) });
  return el.timezone ? h('span.with-note', {}, inp, h('small', { text: el.timezone })) : inp;
}
function textInput(block, el, ctx, tie) {
  const rich = el.type === 'rich_text_input';
  const multi = rich || el.multiline;
  const raw = current(ctx, block, el);
  const shown = rich ? richWords(raw) : raw ?? '';
  const inp = h(multi ? 'textarea' : 'input', { ...tie, value: shown, placeholder: words(el.placeholder), dir: 'auto', autocomplete: 'off', data: hooks(ctx, block, el), 'aria-required': block.optional ? null : 'true' });
  if (multi) inp.rows = 4;
  else inp.type = { email_text_input: 'email', url_text_input: 'url' }[el.type] || 'text';
  if (el.type === 'number_input') inp.inputMode = el.is_decimal_allowed ? 'decimal' : 'numeric';
  const left = el.max_length ? h('span.left', { 'aria-hidden': 'true' }) : null;
  const count = () => {
    if (!left) return;
    const n = el.max_length - inp.value.length;
    left.textContent = String(n);
    left.title = `${n} characters left`;
    left.classList.toggle('over', n < 0);
  };
  count();
  const on = el.dispatch_action_config?.trigger_actions_on || ['on_enter_pressed'];
  let timer;
  const dispatch = () => act(ctx, block, el, { [KINDS[el.type][0]]: current(ctx, block, el) });
  inp.addEventListener('input', () => {
    keep(ctx, block, el, rich ? richValue(inp.value) : inp.value === '' ? null : inp.value);
    count();
    if (block.dispatch_action && on.includes('on_character_entered')) { clearTimeout(timer); timer = setTimeout(dispatch, 300); }
  });
  if (block.dispatch_action && on.includes('on_enter_pressed') && !multi) {
    inp.addEventListener('keydown', (e) => { if (e.key === 'Enter' && !e.ctrlKey && !e.metaKey) { e.preventDefault(); e.stopPropagation(); dispatch(); } });
  }
  return left ? h('span.counted', {}, inp, left) : inp;
}
const richWords = (v) => (v?.elements || []).map((s) => (s.elements || []).map((e) => e.text || '').join('')).join('\n');
const richValue = (s) => (s ? { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: s }] }] } : null);

function element(block, el, ctx, tie = {}) {
  if (!el) return null;
  if (!tie['aria-labelledby'] && KINDS[el.type]) tie = { ...tie, 'aria-label': words(el.placeholder) || words(block.text) || 'Choose' };
  switch (el.type) {
    case 'button': case 'workflow_button': return button(block, el, ctx);
    case 'overflow': return overflow(block, el, ctx);
    case 'image': return image(el, 'thumb');
    case 'static_select': return staticSelect(block, el, ctx, tie);
    case 'users_select': case 'conversations_select': case 'channels_select': case 'external_select':
    case 'multi_static_select': case 'multi_users_select': case 'multi_conversations_select': case 'multi_channels_select': case 'multi_external_select': return pick(block, el, ctx, tie);
    case 'radio_buttons': case 'checkboxes': return choices(block, el, ctx, tie);
    case 'datepicker': case 'timepicker': case 'datetimepicker': return when(block, el, ctx, tie);
    case 'plain_text_input': case 'number_input': case 'url_text_input': case 'email_text_input': case 'rich_text_input': return textInput(block, el, ctx, tie);
    default: return h('span.unsupported', { text: `[${el.type}: not drawn here]` });
  }
}
function image(el, cls) {
  const src = el.image_url || el.slack_file?.url || '';
  const img = h('img', { alt: el.alt_text || '', loading: 'lazy', referrerPolicy: 'no-referrer' });
  img.className = cls;
  img.addEventListener('error', () => img.replaceWith(h('span.img-missing', { title: src, text: el.alt_text || 'image' })));
  if (/^(https?|data):/.test(src)) img.src = src; else return h('span.img-missing', { text: el.alt_text || 'image' });
  return img;
}

// --- blocks ----------------------------------------------------------------------------------

function input(block, ctx) {
  const labelId = uid('label');
  const hintId = block.hint ? uid('hint') : null;
  const errId = uid('err');
  const inputId = uid('in');
  const group = ['radio_buttons', 'checkboxes'].includes(block.element?.type);
  const error = ctx.errors?.[block.block_id];
  const tie = { id: inputId, 'aria-labelledby': labelId, 'aria-describedby': [error && errId, hintId].filter(Boolean).join(' ') || null, 'aria-invalid': error ? 'true' : null };
  return h(error ? 'div.input-block.invalid' : 'div.input-block', { data: { inputBlock: block.block_id } },
    h(group ? 'span.label' : 'label.label', { id: labelId, htmlFor: group ? null : inputId }, textObject(block.label), block.optional ? h('span.optional', { text: ' (optional)' }) : null),
    element(block, block.element, ctx, tie),
    error ? h('p.error', { id: errId, role: 'alert' }, h('span', { 'aria-hidden': 'true', text: '⚠ ' }), plain(error)) : null,
    hintId ? h('p.hint', { id: hintId }, textObject(block.hint)) : null);
}
const long = (node, ctx, id) => { node.dataset.clip = `${ctx.scope} ${id}`; };

function table(block) {
  const cell = (c) => (!c ? '' : c.type === 'rich_text' ? richText(c) : String(c.text ?? c.value ?? ''));
  return h('div.table-wrap', { tabIndex: 0, role: 'group', 'aria-label': 'Table' }, h('table', {}, (block.rows || []).map((r, y) => h('tr', {}, r.map((c, x) => {
    const el = h(y === 0 ? 'th' : 'td', y === 0 ? { scope: 'col' } : {}, cell(c));
    const a = block.column_settings?.[x]?.align;
    if (a) el.classList.add('align-' + a);
    return el;
  })))));
}
function renderBlock(b, ctx, i) {
  switch (b.type) {
    case 'section': {
      const body = h('div.section-body', {}, b.text ? h('div.text', {}, textObject(b.text)) : null,
        b.fields ? h('div.fields', {}, b.fields.map((f) => h('div.text', {}, textObject(f)))) : null);
      if (ctx.kind === 'message' && !b.expand) long(body, ctx, i);
      return h(b.accessory?.type === 'image' ? 'div.section.with-image' : 'div.section', {}, body, b.accessory ? h('div.accessory', {}, element(b, b.accessory, ctx)) : null);
    }
    case 'header': return h(`${ctx.heading || 'h3'}.header`, {}, textObject(b.text));
    case 'divider': return h('hr', {});
    case 'context': return h('div.context', {}, (b.elements || []).map((e) => (e.type === 'image' ? image(e, 'ctx-img') : h('span.text', {}, textObject(e)))));
    case 'actions': return h('div.actions', { role: 'group' }, (b.elements || []).map((e) => element(b, e, ctx)));
    case 'image': return h('figure', {}, b.title ? h('figcaption', {}, textObject(b.title)) : null, image(b, 'picture'));
    case 'input': return input(b, ctx);
    case 'rich_text': return h('div.rich', {}, richText(b));
    case 'markdown': return h('div.markdown', {}, markdown(b.text));
    case 'table': return table(b);
    case 'alert': return h(`div.alert-block.${b.level || b.style || 'info'}`, {}, textObject(b.text));
    default: return h('div.unsupported', { text: `[${b.type} block: not drawn here]` });
  }
}
export function renderBlocks(blocks, ctx) {
  const frag = document.createDocumentFragment();
  // Slack draws a message's table below everything else.
  const order = ctx.kind === 'message' ? [...blocks.filter((b) => b.type !== 'table'), ...blocks.filter((b) => b.type === 'table')] : blocks;
  order.forEach((b, i) => {
    const el = renderBlock(b, ctx, i);
    el.classList.add('block');
    if (b.block_id) el.dataset.block = b.block_id;
    add(frag, [el]);
  });
  return frag;
}
