// Formats numbers and times for people, in the language of the page. Times are RFC 3339.
import {now} from './live';
import {language, t} from './text/text';

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Formats a number of bytes: "4.0 KiB"; "–" if it is unknown. */
export function bytes(count: number | null | undefined): string {
  if (count === null || count === undefined) return '–';
  let unit = 0;
  let value = count;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${number(value, digits)} ${units[unit]}`;
}

export function number(value: number, digits = 0): string {
  return value.toLocaleString(language.value, {minimumFractionDigits: digits, maximumFractionDigits: digits});
}

/** Formats seconds, with at most two units: "6 d 4 h". From 30 days on, with days only. */
export function duration(seconds: number): string {
  const left = Math.max(0, Math.round(seconds));
  const days = Math.floor(left / 86_400);
  const hours = Math.floor((left % 86_400) / 3_600);
  const minutes = Math.floor((left % 3_600) / 60);
  if (days >= 30) return t('time_days', {n: days});
  if (days > 0) return join(t('time_days', {n: days}), hours > 0 ? t('time_hours', {n: hours}) : '');
  if (hours > 0) return join(t('time_hours', {n: hours}), minutes > 0 ? t('time_minutes', {n: minutes}) : '');
  if (minutes > 0) return t('time_minutes', {n: minutes});
  return t('time_seconds', {n: left});
}

const join = (first: string, second: string) => (second ? `${first} ${second}` : first);

/** Formats how long ago a time was: "3 d ago". A component that calls this is rendered again as time passes. */
export function ago(time: string): string {
  const seconds = (now.value - Date.parse(time)) / 1000;
  return seconds < 45 ? t('time_just_now') : t('time_ago', {span: oneUnit(seconds)});
}

/** Formats how far in the future a time is: "in 6 d 4 h", or "now" if it has passed. */
export function until(time: string): string {
  const seconds = (Date.parse(time) - now.value) / 1000;
  return seconds <= 0 ? t('time_now') : t('time_in', {span: duration(seconds)});
}

function oneUnit(seconds: number): string {
  if (seconds >= 86_400) return t('time_days', {n: Math.floor(seconds / 86_400)});
  if (seconds >= 3_600) return t('time_hours', {n: Math.floor(seconds / 3_600)});
  if (seconds >= 60) return t('time_minutes', {n: Math.floor(seconds / 60)});
  return t('time_seconds', {n: Math.floor(seconds)});
}

/** Formats a time as date and time, in the browser's time zone. */
export function moment(time: string): string {
  return new Date(time).toLocaleString(language.value, {dateStyle: 'medium', timeStyle: 'medium'});
}
