import { BEFORE_STOP, classesAt, HOST, isDigit, LETTER } from './char-classes';

/*
 * spaCy keeps a word whole that is a URL as a whole: [scheme://][user[:password]@]host[:port][/path], where the host is
 * a public IP address or labels that end in a name of letters. Written as a scan because the published expression
 * backtracks; every character is looked at a bounded number of times.
 */

const AT = 0x40;
const COLON = 0x3a;
const octets =
  /(?!(?:10|127)(?:\.\d{1,3}){3})(?!(?:169\.254|192\.168)(?:\.\d{1,3}){2})(?!172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2})(?:22[0-3]|2[01]\d|1\d\d|[1-9]\d?)(?:\.(?:25[0-5]|2[0-4]\d|1?\d{1,2})){2}\.(?:25[0-4]|2[0-4]\d|1\d\d|[1-9]\d?)/y;

/** Whether the whole of `text[start, end)` (without white space) is a URL, a host name or an e-mail address. */
export function isUrl(text: string, start: number, end: number): boolean {
  const firstDot = text.indexOf('.', start);
  if (firstDot < 0 || firstDot >= end) return false;
  if (hostAndRest(text, start, end)) return true;
  const behindScheme = schemeEnd(text, start, end);
  if (behindScheme > start && hostAndRest(text, behindScheme, end)) return true;
  for (let i = start + 1; i < end; i++) {
    if (text.charCodeAt(i) === AT && hostAndRest(text, i + 1, end)) return true;
  }
  return false;
}

/** End of `scheme://`, or `start` where none stands. */
function schemeEnd(text: string, start: number, end: number): number {
  let i = start;
  while (i < end && isSchemeCharacter(text, i)) i++;
  return i - start >= 2 && text.startsWith('://', i) && i + 3 <= end ? i + 3 : start;
}

function isSchemeCharacter(text: string, i: number): boolean {
  const code = text.charCodeAt(i);
  if (isDigit(code) || code === 0x2b || code === 0x2d || code === 0x2e || code === 0x5f) return true;
  return (classesAt(text, i) & LETTER) !== 0;
}

function hostAndRest(text: string, start: number, end: number): boolean {
  octets.lastIndex = start;
  const address = isDigit(text.charCodeAt(start)) ? octets.exec(text) : null;
  if (address !== null && isRest(text, start + address[0].length, end)) return true;
  return namedHost(text, start, end);
}

function namedHost(text: string, start: number, end: number): boolean {
  let label = start;
  for (;;) {
    const labelEnd = labelEndAt(text, label, end);
    if (labelEnd === label) return false;
    if (labelEnd < end && text.charCodeAt(labelEnd) === 0x2e) {
      if (labelEnd - label > 64 || !isHostAt(text, label) || !isHostAt(text, labelEnd - 1)) return false;
      label = labelEnd + 1;
      continue;
    }
    return label > start && isTopLevel(text, label, labelEnd) && isRest(text, labelEnd, end);
  }
}

function labelEndAt(text: string, start: number, end: number): number {
  let i = start;
  while (i < end && (isHostAt(text, i) || text.charCodeAt(i) === 0x2d || text.charCodeAt(i) === 0x5f)) i++;
  return i;
}

function isHostAt(text: string, i: number): boolean {
  return (classesAt(text, i) & HOST) !== 0;
}

function isTopLevel(text: string, start: number, end: number): boolean {
  if (end - start < 2 || end - start > 63) return false;
  for (let i = start; i < end; i++)
    if ((classesAt(text, i) & (LETTER | BEFORE_STOP)) !== (LETTER | BEFORE_STOP)) return false;
  return true;
}

/** `:port` and a path from `/`, `?` or `#` on, both optional, up to the end. */
function isRest(text: string, start: number, end: number): boolean {
  let i = start;
  if (i < end && text.charCodeAt(i) === COLON) {
    let digits = 0;
    while (i + 1 + digits < end && digits < 6 && isDigit(text.charCodeAt(i + 1 + digits))) digits++;
    if (digits < 2 || digits > 5) return false;
    i += 1 + digits;
  }
  if (i === end) return true;
  const code = text.charCodeAt(i);
  return code === 0x2f || code === 0x3f || code === 0x23;
}
