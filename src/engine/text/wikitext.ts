/*
 * WikiText comes cut into tokens: spaces round punctuation, ` @-@ ` for a hyphen inside a word, `<unk>` for rare words.
 * A language model trained on running text should meet running text, so these are put together again as far as that is
 * certain. `<unk>` stays: the text rules make `xxunk` of it, and it counts as one unknown token.
 */

/** Writes one line of WikiText as running text. */
export function detokenizeWikiText(line: string): string {
  const text = line
    .trim()
    .replace(/ @([-.,])@ /g, '$1')
    .replace(/ ([,.;:!?%)\]}’]|\.\.\.)(?= |$)/g, '$1')
    .replace(/(^| )([([{$£€¥#]) (?=\S)/g, '$1$2')
    .replace(/(\w) (n't|'(?:s|m|d|t|re|ve|ll))(?= |$|[,.;:!?)])/g, '$1$2')
    .replace(/(\w)s ' (?=\w)/g, "$1s' ");
  return joinQuotes(text);
}

/** Straight quotation marks are opening and closing in turn; each moves to the word that it belongs to. */
function joinQuotes(text: string): string {
  let open = false;
  return text.replace(/(^| )"(?= |$|[,.;:!?)])( ?)/g, (_match, before: string, after: string) => {
    open = !open;
    return open ? `${before}"` : `"${after}`;
  });
}

/** A longer line is text; the bound also keeps the expression below from going over a long line again and again. */
const LONGEST_HEADING = 1000;

/** The title in a heading of WikiText (` = Title = `, ` = = Section = = `) with its level, or null for other lines. */
export function wikiTextHeading(line: string): { readonly level: number; readonly title: string } | null {
  if (line.length > LONGEST_HEADING) return null;
  const match = /^ ?((?:= )+)([^=].*?) ((?:= ?)+)$/.exec(line.trimEnd());
  if (match === null) return null;
  const level = (match[1] ?? '').length / 2;
  const closing = (match[3] ?? '').replaceAll(' ', '').length;
  return level === closing ? { level, title: match[2] ?? '' } : null;
}
