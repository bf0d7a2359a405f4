import { decodeHTML } from 'entities';

/** Windows-1252 readings of the numbers 0x80 to 0x9f, as HTML prescribes; the five unused ones stand for themselves. */
const WINDOWS_1252 =
  '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f' +
  '\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

const reference = /&(?:#(?:[0-9]+|[xX][0-9a-fA-F]+);?|[^\t\n\f <&#;]{1,32};?)/gu;

/**
 * Replaces HTML character references exactly as Python's `html.unescape` does: names through the package `entities`
 * (old names also without their semicolon, the longest one that fits), numbers by HTML's table of exceptions,
 * except that numbers of control characters and non-characters vanish.
 */
export function unescapeHtml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(reference, (match) => (match.charCodeAt(1) === 0x23 ? numeric(match) : decodeHTML(match)));
}

function numeric(match: string): string {
  const digits = match.slice(2).replace(';', '');
  const hexadecimal = digits.charCodeAt(0) === 0x78 || digits.charCodeAt(0) === 0x58;
  // Any number of digits: beyond the code points everything is the replacement character, Infinity included.
  const value = hexadecimal ? parseInt(digits.slice(1), 16) : parseInt(digits, 10);
  if (value >= 0x80 && value <= 0x9f) return WINDOWS_1252.charAt(value - 0x80);
  if (value === 0x0d) return '\r';
  if (value === 0 || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return '\ufffd';
  return vanishes(value) ? '' : String.fromCodePoint(value);
}

function vanishes(value: number): boolean {
  if (value < 0x20) return value !== 0x09 && value !== 0x0a && value !== 0x0c;
  if (value === 0x7f) return true;
  return (value >= 0xfdd0 && value <= 0xfdef) || (value & 0xfffe) === 0xfffe;
}
