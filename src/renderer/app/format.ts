import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { shareInWords } from '../../shared/share-words';

/** Numbers, sizes and times in the words of one language. */
export interface Format {
  number(value: number, digits?: number): string;
  /** A number as it was given, with all its digits. */
  exact(value: number): string;
  /** A share from 0 to 1 as a percentage, which is 0 or 100 only where the share is exactly that. */
  percent(share: number, digits?: number): string;
  /** How much of a work is done, in whole percents: 100 only when all is. */
  progress(share: number): string;
  /** How far one share is from another, in points with their sign: "+3.2". */
  difference(shares: number, digits?: number): string;
  /** 0.000123 and 12.3 both in at most four telling digits. */
  compact(value: number): string;
  bytes(value: number): string;
  /** A span of time: '40 seconds', '3 minutes', '1 hour 20 minutes'. */
  duration(seconds: number): string;
  /** How long ago: 'yesterday', '5 minutes ago'. */
  ago(iso: string, now?: number): string;
  date(iso: string): string;
}

type TimeUnit = 'second' | 'minute' | 'hour' | 'day';

/** Making a format takes longer than using it a hundred times; there are a few dozen. */
const formats = new Map<string, Intl.NumberFormat>();

function numberFormat(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (format === undefined) formats.set(key, (format = new Intl.NumberFormat(locale, options)));
  return format;
}

function unit(
  locale: string,
  value: number,
  name: TimeUnit | ByteUnit,
  digits = 0,
  display: 'long' | 'short' = 'long',
): string {
  const options = { style: 'unit', unit: name, unitDisplay: display, maximumFractionDigits: digits } as const;
  return numberFormat(locale, options).format(value);
}

function formatShare(locale: string, share: number, digits: number): string {
  const options = { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
  const format = numberFormat(locale, options);
  return shareInWords(share, digits, (value) => format.format(value));
}

/** Points, not per cent: "3 % better" could also mean three hundredths of what there was. */
function formatPoints(locale: string, shares: number, digits: number): string {
  const format = numberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: 'exceptZero',
  });
  return shareInWords(shares, digits, (value) => format.format(value * 100)).replace('-', '\u2212');
}

type ByteUnit = 'byte' | 'kilobyte' | 'megabyte' | 'gigabyte' | 'terabyte';
const byteUnits: readonly ByteUnit[] = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];

function formatBytes(locale: string, value: number): string {
  let rest = Math.max(0, value);
  let step = 0;
  while (rest >= 1000 && step < byteUnits.length - 1) {
    rest /= 1000;
    step += 1;
  }
  return unit(locale, rest, byteUnits[step] ?? 'byte', step > 0 && rest < 10 ? 1 : 0, 'short');
}

/** Rounded as people speak: seconds up to a minute and a half, then minutes, then hours and minutes, then days. */
function formatDuration(locale: string, seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 90) return unit(locale, whole, 'second');
  const minutes = Math.round(whole / 60);
  if (minutes < 90) return unit(locale, minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  if (hours < 48) {
    const rest = minutes % 60;
    return rest === 0 ? unit(locale, hours, 'hour') : `${unit(locale, hours, 'hour')} ${unit(locale, rest, 'minute')}`;
  }
  return unit(locale, Math.round(hours / 24), 'day');
}

function formatAgo(locale: string, iso: string, now: number): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  if (Number.isNaN(seconds)) return iso;
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const size = Math.abs(seconds);
  if (size < 60) return words.format(Math.round(seconds), 'second');
  if (size < 3600) return words.format(Math.round(seconds / 60), 'minute');
  if (size < 86_400) return words.format(Math.round(seconds / 3600), 'hour');
  return words.format(Math.round(seconds / 86_400), 'day');
}

/** A whole number in raised digits. */
function superscript(value: number): string {
  return String(value).replace(/[-\d]/g, (sign) => (sign === '-' ? '⁻' : ('⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(sign)] ?? '')));
}

/** The formats of one language. */
export function makeFormat(locale: string): Format {
  return {
    number: (value, digits = 0) =>
      numberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value),
    exact: (value) => numberFormat(locale, { maximumSignificantDigits: 15 }).format(value),
    percent: (share, digits = 1) => formatShare(locale, share, digits),
    progress: (share) => formatShare(locale, Math.floor(share * 100) / 100, 0),
    difference: (shares, digits = 1) => formatPoints(locale, shares, digits),
    compact: (value) => {
      const words = numberFormat(locale, { maximumSignificantDigits: Math.abs(value) < 0.001 ? 3 : 4 });
      const power = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
      // Zeros can be counted up to a point; beyond it a power of ten is easier to read.
      return power >= -6 ? words.format(value) : `${words.format(value / 10 ** power)} × 10${superscript(power)}`;
    },
    bytes: (value) => formatBytes(locale, value),
    duration: (seconds) => formatDuration(locale, seconds),
    ago: (iso, now = Date.now()) => formatAgo(locale, iso, now),
    date: (iso) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso)),
  };
}

/** The formats of the language in use, which follow when it changes. */
export function useFormat(): ComputedRef<Format> {
  const { locale } = useI18n();
  return computed(() => makeFormat(locale.value));
}
