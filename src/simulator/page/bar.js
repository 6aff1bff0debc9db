// The bar at the top: lines to try, the clock, and how Slack misbehaves.
import { h, icon, uid, world, getJson, postJson, toast } from './util.js';
import { menu, dialog } from './widgets.js';
import { now, clock, dayAndTime, dayKey, zoneName } from './time.js';

const $ = (id) => document.getElementById(id);

const MISDEEDS = [
  { label: 'Answer 429 to the next 3 calls', what: 'rate_limit', n: 3, said: 'The next 3 calls are answered with 429.' },
  { label: 'Answer 503 to the next 3 calls', what: 'server_error', n: 3, said: 'The next 3 calls are answered with 503.' },
  { label: 'Answer two seconds late', what: 'slow', n: 2000, said: 'Every answer now takes two seconds longer.' },
  { label: 'Drop the socket', what: 'drop_socket', n: 1, said: 'The socket was dropped.' },
  { label: 'Deliver everything twice', what: 'duplicate', n: 1, said: 'Everything is delivered twice now.' },
  null,
  { label: 'Behave again', what: 'none', n: 0, said: 'Slack behaves again.' },
];
const DEEDS = { rate_limit: '429', server_error: '503', duplicate: 'twice', slow: 'slow' };

/** `take(line)` puts a line into the message box, `refresh()` asks the server anew, `newDay()` draws the days anew. */
export function setUpBar({ take, refresh, newDay }) {
  $('misbehave').addEventListener('click', () => menu($('misbehave'), MISDEEDS.map((m) => m && { label: m.label, run: async () => {
    try { await postJson('/page/misbehave', { what: m.what, n: m.n }); toast(m.said, 'demo'); await refresh(); } catch (e) { toast(e.message, 'error'); }
  } }), 'Misbehave'));
  $('chips').addEventListener('click', (e) => {
    const line = e.target.closest('.chip')?.dataset.line;
    if (!line) return;
    navigator.clipboard?.writeText(line).catch(() => {});
    take(line);
  });
  $('clock').addEventListener('click', () => offerMoments(refresh));
  let day = '';
  setInterval(() => {
    if (!world.state) return;
    drawClock();
    const today = dayKey(now());
    if (day && day !== today) newDay();
    day = today;
  }, 1000);
}
export function drawBar() {
  const { misbehaviour, suggestions } = world.state;
  $('misbehaving').replaceChildren(...Object.entries(misbehaviour).filter(([, v]) => v).map(([k, v]) => h('span.deed', { text: (DEEDS[k] || k) + (typeof v === 'number' && k !== 'slow' ? ` × ${v}` : '') })));
  if ($('chips').children.length !== suggestions.length) {
    $('chips').replaceChildren(...suggestions.map((t) => h('button.chip', { type: 'button', title: `Put “${t}” into the message box`, data: { line: t } }, t)));
  }
  drawClock();
}

// --- the clock -----------------------------------------------------------------------------------

function drawClock() {
  const b = $('clock');
  const d = now();
  const said = dayAndTime(d);
  if (b.dataset.said === said) return;
  b.dataset.said = said;
  b.disabled = !world.state.clock.live;
  b.setAttribute('aria-label', `${said}: move the clock`);
  b.title = `The time in ${zoneName()}, where ${world.state.people.find((p) => p.id === world.as)?.real_name || 'you'} is. Click to move it.`;
  b.replaceChildren(icon('clock', 15), h('span.clock-day', { text: `${said.split(',')[0]},` }), h('span.clock-time', { text: clock(d) }));
}
async function move(to, refresh) {
  const r = await postJson('/page/clock', { as: world.as, to });
  toast(`It is now ${r.at}.`, 'demo');
  await refresh();
}
async function offerMoments(refresh) {
  let offered;
  try { offered = await getJson(`/page/clock?as=${encodeURIComponent(world.as)}`); } catch (e) { return toast(e.message, 'error'); }
  const items = offered.choices.map((c) => ({ label: c.label, detail: c.detail, run: () => move(c.to, refresh).catch((e) => toast(e.message, 'error')) }));
  menu($('clock'), [...items, null, { label: 'Another moment…', run: () => askMoment(offered, refresh) }], 'Move the clock');
}
function askMoment({ now: least, zone }, refresh) {
  const id = uid('moment');
  const field = h('input.when', { type: 'datetime-local', id, min: least, value: least, 'aria-describedby': `${id}-note ${id}-error` });
  const error = h('p.error', { id: `${id}-error`, role: 'alert', hidden: true });
  dialog({
    title: 'Move the clock',
    body: [h('label.label', { htmlFor: id, text: 'To' }), field, h('p.hint', { id: `${id}-note`, text: `In the zone ${zone}. It goes forward only, for Slack and for the app together.` }), error],
    yes: 'Move', no: 'Cancel', focus: field,
    accept: async () => {
      try { await move(field.value, refresh); return true; } catch (e) { error.textContent = e.message; error.hidden = false; field.focus(); return false; }
    },
  });
}
