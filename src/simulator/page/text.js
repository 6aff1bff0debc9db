// Text: Slack's mrkdwn, plain text, rich text and a little Markdown, all built as DOM nodes.
import { h, add, icon, person, channelOf, world } from './util.js';
import { dateTokens, fullTime } from './time.js';

const EMOJI = {
  white_check_mark: '✅', heavy_check_mark: '✔️', x: '❌', warning: '⚠️', tada: '🎉', wave: '👋', eyes: '👀', thumbsup: '👍', '+1': '👍', '-1': '👎', thumbsdown: '👎',
  star: '⭐', memo: '📝', clipboard: '📋', calendar: '📅', date: '📅', bell: '🔔', no_bell: '🔕', hourglass: '⌛', hourglass_flowing_sand: '⏳', lock: '🔒', unlock: '🔓',
  bulb: '💡', speech_balloon: '💬', mag: '🔍', question: '❓', grey_question: '❔', exclamation: '❗', information_source: 'ℹ️', rotating_light: '🚨', fire: '🔥', rocket: '🚀',
  smile: '😄', slightly_smiling_face: '🙂', thinking_face: '🤔', heart: '❤️', pray: '🙏', clap: '👏', hand: '✋', point_right: '👉', point_left: '👈', point_down: '👇',
  large_green_circle: '🟢', large_yellow_circle: '🟡', red_circle: '🔴', white_circle: '⚪', black_circle: '⚫', large_blue_circle: '🔵', radio_button: '🔘', ballot_box_with_check: '☑️',
  one: '1️⃣', two: '2️⃣', three: '3️⃣', four: '4️⃣', pencil: '✏️', pencil2: '✏️', arrow_right: '➡️', arrow_left: '⬅️', arrow_up: '⬆️', arrow_down: '⬇️', ok: '🆗', no_entry: '⛔',
  no_entry_sign: '🚫', robot_face: '🤖', man: '👨', woman: '👩', busts_in_silhouette: '👥', bust_in_silhouette: '👤', sparkles: '✨', wastebasket: '🗑️', paperclip: '📎', pushpin: '📌',
  link: '🔗', chart_with_upwards_trend: '📈', bar_chart: '📊', books: '📚', book: '📖', gear: '⚙️', hammer_and_wrench: '🛠️', stopwatch: '⏱️', alarm_clock: '⏰', zzz: '💤', raised_hands: '🙌',
};
const decode = (s) => s.replace(/&(amp|lt|gt);/g, (_, e) => ({ amp: '&', lt: '<', gt: '>' })[e]);
const WORD = /[\p{L}\p{N}_]/u;

export function emoji(name) {
  const c = Object.hasOwn(EMOJI, name) ? EMOJI[name] : null;
  return c ? h('span.emoji', { role: 'img', 'aria-label': name.replace(/_/g, ' '), title: `:${name}:`, text: c }) : `:${name}:`;
}
function withEmoji(s) {
  const out = [];
  let at = 0;
  for (const m of s.matchAll(/:([a-z0-9_+-]{1,40}):/g)) {
    if (!Object.hasOwn(EMOJI, m[1])) continue;
    out.push(s.slice(at, m.index), emoji(m[1]));
    at = m.index + m[0].length;
  }
  out.push(s.slice(at));
  return out;
}

// --- links and mentions -------------------------------------------------------

export function link(url, label) {
  let ok = null;
  try { ok = new URL(url); } catch { /* not a link */ }
  if (!ok || !['http:', 'https:', 'mailto:', 'slack:'].includes(ok.protocol)) return h('span', { text: label || url });
  return h('a.link', { href: url, target: '_blank', rel: 'noopener noreferrer', data: { permalink: /\/archives\/[A-Z0-9]+\/p\d{16}/.test(url) ? '1' : null } }, label || url.replace(/^mailto:/, ''));
}
export function mentionUser(id) {
  const p = person(id);
  return h(id === world.as ? 'span.mention.mention-me' : 'span.mention', { title: p?.real_name || id, text: '@' + (p?.name || id) });
}
export function mentionChannel(id, label) {
  const c = channelOf(id);
  const name = c?.name || label;
  const lock = () => icon('lock', 13);
  if (!c) return h('span.mention', {}, name ? '#' + name : [lock(), 'a private channel']);
  return h('button.mention.mention-channel', { type: 'button', data: { gotoChannel: id } }, c.kind === 'private' ? lock() : '#', name);
}
const broadcast = (range) => h('span.mention.mention-me', { text: '@' + range });
const usergroup = (id, label) => h('span.mention', { text: label ? '@' + label.replace(/^@/, '') : '@' + id });
function dateNode(unix, format, url, fallback) {
  const s = dateTokens(unix, format) ?? fallback ?? '';
  return url ? link(url, s) : h('time', { title: fullTime(new Date(unix * 1000)), text: s });
}

/** What stands between < and > in mrkdwn. */
function angle(body) {
  const bar = body.indexOf('|');
  const head = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? '' : decode(body.slice(bar + 1));
  if (/^@[UWB][A-Z0-9]+$/.test(head)) return mentionUser(head.slice(1));
  if (/^#[CGD][A-Z0-9]+$/.test(head)) return mentionChannel(head.slice(1), label);
  if (head.startsWith('!subteam^')) return usergroup(head.slice(9), label);
  if (head.startsWith('!date^')) {
    const [, unix, format, url] = head.split('^');
    return dateNode(Number(unix), format || '{date}', url && decode(url), label);
  }
  if (/^!(here|channel|everyone)$/.test(head)) return broadcast(head.slice(1));
  if (head.startsWith('!')) return h('span', { text: label || `<${head}>` });
  if (/^[a-z][a-z0-9+.-]*:/i.test(head)) return link(decode(head), label || decode(head));
  return h('span', { text: `<${decode(body)}>` });
}

// --- mrkdwn ---------------------------------------------------------------------

const MARKS = { '*': 'strong', _: 'em', '~': 's' };

/** Bare text of mrkdwn: addresses are linked; a plain @here counts only where Slack parses (opts.parse). */
function plainRun(s, opts) {
  const out = [];
  let at = 0;
  for (const m of s.matchAll(/(https?:\/\/[^\s<>|]*[^\s<>|.,;:!?)\]'"])|(?<![\w&])@(here|channel|everyone)\b/g)) {
    if (m[1] ? opts.verbatim : !opts.parse) continue;
    out.push(...withEmoji(decode(s.slice(at, m.index))), m[1] ? link(decode(m[1])) : broadcast(m[2]));
    at = m.index + m[0].length;
  }
  out.push(...withEmoji(decode(s.slice(at))));
  return out;
}
/** Where the mark opened at i closes, or -1. */
function closing(s, i, c) {
  for (let j = i + 1; j < s.length; j++) {
    if (s[j] === '\n') return -1;
    if (s[j] === '<') { const e = s.indexOf('>', j); if (e > 0 && s.slice(j, e).indexOf('\n') < 0) { j = e; continue; } }
    if (s[j] === '`') { const e = s.indexOf('`', j + 1); if (e > 0) { j = e; continue; } }
    if (s[j] === c && j > i + 1 && !/\s/.test(s[j - 1]) && !(s[j + 1] && (WORD.test(s[j + 1]) || s[j + 1] === c))) return j;
  }
  return -1;
}
function inline(s, opts, depth = 0) {
  const out = [];
  let run = '';
  const flush = () => { if (run) out.push(...plainRun(run, opts)); run = ''; };
  const dead = {};
  for (let i = 0; i < s.length; i++) {
    const c = s[i];
    if (c === '\n') { flush(); out.push(h('br')); for (const k in dead) delete dead[k]; continue; }
    if (c === '<') {
      const e = s.indexOf('>', i);
      if (e > i + 1) { flush(); out.push(angle(s.slice(i + 1, e))); i = e; continue; }
    }
    if (c === '`') {
      const e = s.indexOf('`', i + 1);
      if (e > i + 1 && !s.slice(i, e).includes('\n')) {
        flush();
        out.push(h(e - i < 24 ? 'code.short' : 'code', {}, codeText(s.slice(i + 1, e))));
        i = e;
        continue;
      }
    }
    if (MARKS[c] && depth < 4 && !dead[c] && s[i + 1] && !/\s/.test(s[i + 1]) && s[i + 1] !== c && !(i > 0 && (WORD.test(s[i - 1]) || s[i - 1] === c))) {
      const e = closing(s, i, c);
      if (e > 0) { flush(); out.push(h(MARKS[c], {}, inline(s.slice(i + 1, e), opts, depth + 1))); i = e; continue; }
      dead[c] = true; // nothing closes it on this line: do not look again before the next line
    }
    run += c;
  }
  flush();
  return out;
}
/** Inside code only mentions and links are resolved, to their words. */
function codeText(s) {
  return decode(s.replace(/<([^<>\n]+)>/g, (_, b) => { const n = angle(b); return n.textContent.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;'); }));
}
function quoteLines(s, opts) {
  const out = [];
  let text = [];
  let quote = [];
  const flush = () => {
    if (text.length) { out.push(h('span.run', {}, inline(text.join('\n'), opts))); text = []; }
    if (quote.length) { out.push(h('blockquote', {}, inline(quote.join('\n'), opts))); quote = []; }
  };
  for (const line of s.split('\n')) {
    const m = /^(?:&gt;|>)\s?(.*)$/.exec(line);
    if (m) { if (text.length) flush(); quote.push(m[1]); } else { if (quote.length) flush(); text.push(line); }
  }
  flush();
  return out;
}
export function mrkdwn(s, opts = {}) {
  const out = [];
  const parts = String(s ?? '').split('```');
  parts.forEach((part, i) => {
    const closed = i % 2 === 1 && i < parts.length - 1;
    if (closed) out.push(h('pre', {}, codeText(part.replace(/^\n/, '').replace(/\n$/, ''))));
    else {
      let t = i % 2 === 1 ? '```' + part : part;
      if (i > 0 && i % 2 === 0) t = t.replace(/^\n/, '');
      if (i < parts.length - 2 && i % 2 === 0) t = t.replace(/\n$/, '');
      if (t) out.push(...quoteLines(t, opts));
    }
  });
  return out;
}
/** A Block Kit text object (plain_text or mrkdwn) as nodes. */
export function textObject(t) {
  if (!t) return [];
  if (typeof t === 'string') return plain(t);
  if (t.type === 'mrkdwn') return mrkdwn(t.text, { verbatim: !!t.verbatim, parse: !t.verbatim });
  return plain(t.text, t.emoji !== false);
}
export function plain(s, em = true) {
  const out = [];
  String(s ?? '').split('\n').forEach((line, i) => {
    if (i) out.push(h('br'));
    out.push(...(em ? withEmoji(decode(line)) : [decode(line)]));
  });
  return out;
}
/** A text object as one string, for attributes and native options. */
export function words(t) {
  const s = typeof t === 'string' ? t : t?.text ?? '';
  return decode(s).replace(/:([a-z0-9_+-]{1,40}):/g, (all, n) => (Object.hasOwn(EMOJI, n) ? EMOJI[n] : all));
}

// --- rich_text ------------------------------------------------------------------

function styled(node, style) {
  if (!style) return node;
  for (const [k, tag] of [['code', 'code'], ['strike', 's'], ['italic', 'em'], ['underline', 'u'], ['bold', 'strong']]) {
    if (style[k]) node = h(k === 'code' && node.textContent.length < 24 ? 'code.short' : tag, {}, node);
  }
  return node;
}
function richLeaf(e) {
  switch (e.type) {
    case 'text': {
      const lines = String(e.text ?? '').split('\n');
      const nodes = lines.flatMap((l, i) => (i ? [h('br'), l] : [l]));
      return styled(e.style ? h('span', {}, nodes) : add(document.createDocumentFragment(), nodes), e.style);
    }
    case 'link': return styled(link(e.url, e.text), e.style);
    case 'user': return styled(mentionUser(e.user_id), e.style);
    case 'channel': return styled(mentionChannel(e.channel_id), e.style);
    case 'usergroup': return usergroup(e.usergroup_id);
    case 'broadcast': return broadcast(e.range);
    case 'emoji': return emoji(e.name);
    case 'color': return h('code', { text: e.value });
    case 'date': return styled(dateNode(e.timestamp, e.format, e.url, e.fallback), e.style);
    default: return h('span.unsupported', { text: `[${e.type}]` });
  }
}
const leaves = (els) => (els || []).map(richLeaf);
export function richText(block) {
  const out = [];
  let list = null; // nested lists arrive as siblings with an indent
  for (const e of block.elements || []) {
    if (e.type !== 'rich_text_list') list = null;
    if (e.type === 'rich_text_section') out.push(h('div.rt-section', {}, leaves(e.elements)));
    else if (e.type === 'rich_text_preformatted') out.push(h(e.border ? 'pre.bordered' : 'pre', { tabIndex: 0 }, (e.elements || []).map((x) => (x.type === 'text' ? x.text : richLeaf(x)))));
    else if (e.type === 'rich_text_quote') out.push(h('blockquote', {}, leaves(e.elements)));
    else if (e.type === 'rich_text_list') {
      const el = h(e.style === 'ordered' ? 'ol' : 'ul', {}, (e.elements || []).map((s) => h('li', {}, leaves(s.elements))));
      el.classList.add(`indent-${Math.min(e.indent || 0, 8)}`);
      if (e.style === 'ordered' && e.offset) el.start = e.offset + 1;
      list = el;
      out.push(list);
    } else out.push(h('span.unsupported', { text: `[${e.type}]` }));
  }
  return out;
}

// --- a little Markdown (markdown block) --------------------------------------------

function mdInline(s) {
  const out = [];
  const re = /(\*\*|__)(.+?)\1|(\*|_)(?=\S)(.+?)\3|~~(.+?)~~|`([^`]+)`|!?\[([^\]]*)\]\((https?:[^)\s]+)\)|\\([*_`[\]\\#~])/g;
  let at = 0;
  for (const m of s.matchAll(re)) {
    out.push(s.slice(at, m.index));
    at = m.index + m[0].length;
    if (m[2]) out.push(h('strong', {}, mdInline(m[2])));
    else if (m[4]) out.push(h('em', {}, mdInline(m[4])));
    else if (m[5]) out.push(h('s', { text: m[5] }));
    else if (m[6]) out.push(h('code', { text: m[6] }));
    else if (m[8]) out.push(link(m[8], m[7]));
    else if (m[9]) out.push(m[9]);
  }
  out.push(s.slice(at));
  return out;
}
export function markdown(text) {
  const out = [];
  const lines = String(text ?? '').split('\n');
  for (let i = 0; i < lines.length; i++) {
    const l = lines[i];
    let m;
    if (l.startsWith('```')) {
      const from = ++i;
      while (i < lines.length && !lines[i].startsWith('```')) i++;
      out.push(h('pre', { tabIndex: 0, text: lines.slice(from, i).join('\n') }));
    } else if ((m = /^(#{1,6})\s+(.*)$/.exec(l))) out.push(h('p.md-h', {}, h('strong', {}, mdInline(m[2]))));
    else if (/^(-{3,}|\*{3,})$/.test(l.trim())) out.push(h('hr'));
    else if ((m = /^\s*(?:[-*+]|(\d+)[.)])\s+(.*)$/.exec(l))) {
      const tag = m[1] ? 'OL' : 'UL';
      let last = out[out.length - 1];
      if (!last || last.tagName !== tag) { last = h(tag.toLowerCase()); out.push(last); }
      last.append(h('li', {}, mdInline(m[2])));
    } else if ((m = /^>\s?(.*)$/.exec(l))) out.push(h('blockquote', {}, mdInline(m[1])));
    else if (l.trim()) out.push(h('p.md-p', {}, mdInline(l)));
  }
  return out;
}
