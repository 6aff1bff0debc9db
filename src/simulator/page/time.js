// Times as whoever is played reads them: by the pretend Slack's clock, in their own zone.

let skew = 0; // how far that clock is ahead of the browser's, in milliseconds
let stands = null; // a clock that stands still, in milliseconds
let zone = 'UTC';
let format = formatOf(zone);

function formatOf(timeZone) {
  return new Intl.DateTimeFormat('en-GB', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
}
/** What the server said of its clock: {now, zone, live}. */
export function setClock(clock) {
  skew = clock.now - Date.now();
  stands = clock.live ? null : clock.now;
  if (clock.zone === zone) return;
  try { format = formatOf(clock.zone); zone = clock.zone; } catch { /* a zone this browser does not know */ }
}
export const now = () => new Date(stands ?? Date.now() + skew);
export const zoneName = () => zone;

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const two = (n) => String(n).padStart(2, '0');
const nth = (d) => d + (d > 10 && d < 14 ? 'th' : ['th', 'st', 'nd', 'rd'][d % 10] || 'th');

/** Year, month, day and time of day there. */
function parts(d) {
  const p = {};
  for (const { type, value } of format.formatToParts(d)) p[type] = Number(value);
  return p;
}
const weekday = (p) => DAYS[new Date(Date.UTC(p.year, p.month - 1, p.day)).getUTCDay()];
const month = (p) => MONTHS[p.month - 1];

export const tsDate = (ts) => new Date(Number.parseFloat(ts) * 1000);
export function clock(d) {
  const p = parts(d);
  return `${two(p.hour)}:${two(p.minute)}`;
}
const clockSeconds = (d) => `${clock(d)}:${two(parts(d).second)}`;
const dateNumber = (p) => `${p.year}-${two(p.month)}-${two(p.day)}`;
export const dayKey = (d) => dateNumber(parts(d));

export function relativeDay(d) {
  const key = dayKey(d);
  const today = parts(now());
  for (const [n, word] of [[0, 'Today'], [-1, 'Yesterday'], [1, 'Tomorrow']]) {
    const day = new Date(Date.UTC(today.year, today.month - 1, today.day + n)).toISOString();
    if (day.startsWith(key)) return word;
  }
  return '';
}
export function dayLabel(d) {
  const p = parts(d);
  return relativeDay(d) || `${weekday(p)}, ${month(p)} ${nth(p.day)}`;
}
export function fullTime(d) {
  const p = parts(d);
  return `${relativeDay(d) || `${p.day} ${month(p)} ${p.year}`} at ${clockSeconds(d)}`;
}
/** `Fri 27 Nov, 09:00` */
export function dayAndTime(d) {
  const p = parts(d);
  return `${weekday(p).slice(0, 3)} ${p.day} ${month(p).slice(0, 3)}, ${clock(d)}`;
}
/** What a field for date and time holds, and back to unix seconds. */
export const toField = (unix) => {
  const d = new Date(unix * 1000);
  return `${dayKey(d)}T${clock(d)}`;
};
export function fromField(value) {
  const wall = Date.parse(`${value}Z`);
  const ahead = (t) => { const p = parts(new Date(t)); return Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute) - t; };
  const guess = wall - ahead(wall);
  return Math.floor((wall - ahead(guess)) / 1000);
}

/** Slack's date tokens: {date_num} {date} {date_short} {date_long} {..._pretty} {time} {time_secs} {ago}. */
export function dateTokens(unix, pattern) {
  const d = new Date(Number(unix) * 1000);
  if (Number.isNaN(d.getTime())) return null;
  const p = parts(d);
  const old = Math.abs(now() - d) > 182 * 86400e3;
  const y = old ? `, ${p.year}` : '';
  const date = `${month(p)} ${nth(p.day)}${y}`;
  const short = `${month(p).slice(0, 3)} ${p.day}${y}`;
  const long = `${weekday(p)}, ${date}`;
  const pretty = (s) => relativeDay(d).toLowerCase() || s;
  const out = pattern.replace(/\{(\w+)\}/g, (all, t) => ({
    date_num: dateNumber(p), date, date_short: short, date_long: long,
    date_pretty: pretty(date), date_short_pretty: pretty(short), date_long_pretty: pretty(long),
    time: clock(d), time_secs: clockSeconds(d), ago: ago(d),
  })[t] ?? all);
  return out.charAt(0).toUpperCase() + out.slice(1);
}
function ago(d) {
  const s = Math.round((now() - d) / 1000);
  const n = Math.abs(s);
  const [q, unit] = n < 60 ? [n, 'second'] : n < 3600 ? [Math.floor(n / 60), 'minute'] : n < 86400 ? [Math.floor(n / 3600), 'hour'] : [Math.floor(n / 86400), 'day'];
  const words = `${q} ${unit}${q === 1 ? '' : 's'}`;
  return s >= 0 ? `${words} ago` : `in ${words}`;
}
