import iconv from 'iconv-lite';
import { repairMojibake } from '../health/mojibake';

/** Other one-byte pages for Western European texts: of old Macs, and of DOS. */
const OTHER_PAGES = [
  { encoding: 'macintosh', reason: 'letters of an old Mac: what they would be in Windows is no spelling' },
  { encoding: 'ibm850', reason: 'letters of DOS: what they would be in Windows is no spelling' },
] as const;
/** Fewer signs in the wrong place are slips of the pen. */
const FEWEST_ODD = 3;
/** So much of the foreign characters has to be odd in a Windows page, and less than this part of it in the other. */
const ODD_SHARE = 0.08;
const LESS = 0.25;

/**
 * The page that a text is really in, where reading it in a Windows page gives capital letters and signs inside words
 * ("fŸr", "schšn", "caf‚") and another one hardly any; null where the Windows page reads well, or none does better.
 *
 * @param windows the page that statistics have found
 */
export function otherWesternPage(
  sample: Uint8Array,
  windows: string,
): { readonly encoding: string; readonly reason: string } | null {
  const bytes = Buffer.from(sample);
  const before = oddCharacters(iconv.decode(bytes, windows));
  if (before.odd < FEWEST_ODD || before.odd < ODD_SHARE * before.foreign) return null;
  let best: (typeof OTHER_PAGES)[number] | null = null;
  let fewest = LESS * before.odd;
  for (const page of OTHER_PAGES) {
    const { odd } = oddCharacters(withEuro(iconv.decode(bytes, page.encoding), page.encoding));
    if (odd >= fewest) continue;
    best = page;
    fewest = odd;
  }
  return best;
}

/** What spelling does not have: capitals behind small letters, signs between letters, what stands for no letter. */
const ODD = new RegExp(
  [
    '[\\ufffd\\u0080-\\u009f\\u2500-\\u259f]',
    '(?<=\\p{Ll})(?![A-Z])\\p{Lu}',
    '(?<=\\p{L})[^\\x00-\\x7f\\p{L}\\p{M}\\p{N}\\u00a0\\u00ad·’‘´–—…](?=\\p{L})',
    '(?<=\\p{L})[‚„†‡ˆ‰‹ƒ˜¤¢¬¨¸¯](?![\\p{L}\\p{N}])',
    '(?<=[a-z])[\\u3040-\\u9fff\\uac00-\\ud7af\\uff61-\\uff9f]',
  ].join('|'),
  'gu',
);

/** Macs have the euro sign since 1998 where the general currency sign was, which nobody writes. */
export function withEuro(text: string, encoding: string): string {
  return encoding === 'macintosh' ? text.replaceAll('¤', '€') : text;
}

/** How many of a text's characters beyond ASCII are where no spelling has them, and how many such there are. */
function oddCharacters(text: string): { readonly odd: number; readonly foreign: number } {
  // UTF-8 that somebody read as Windows-1252 and saved again is damage of another kind: no page mends it.
  const plain = repairMojibake(text);
  return { odd: plain.match(ODD)?.length ?? 0, foreign: plain.match(/[^\x00-\x7f]/g)?.length ?? 0 };
}
