import type { DecodedChunk } from '../decoded-chunks';

/** A JSON value as text, with the line it begins on. */
export interface JsonText {
  readonly line: number;
  readonly text: string;
  readonly bytes: number; // of the file that are behind us
}

/** A value with more characters is taken for one that never ends. */
const LONGEST = 1 << 26;

/** The records of JSON Lines: one for each line that is not blank. */
export async function* jsonLines(chunks: AsyncIterable<DecodedChunk>): AsyncGenerator<JsonText, void, undefined> {
  let rest = '';
  let line = 1;
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes = chunk.bytes;
    const text = rest + chunk.text;
    let at = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
      const one = text.slice(at, end).trim();
      if (one !== '') yield { line, text: one, bytes };
      line++;
      at = end + 1;
    }
    rest = text.slice(at);
  }
  if (rest.trim() !== '') yield { line, text: rest.trim(), bytes };
}

/** The members of one JSON array, each cut out by its brackets and quotes without reading the whole file at once. */
export async function* jsonMembers(chunks: AsyncIterable<DecodedChunk>): AsyncGenerator<JsonText, void, undefined> {
  let member = '';
  let [depth, line, begun] = [0, 1, 1];
  let [inString, escaped] = [false, false];
  for await (const { text, bytes } of chunks) {
    let from = depth >= 1 ? 0 : -1;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 10) line++;
      if (inString) {
        if (escaped) escaped = false;
        else if (code === 92) escaped = true;
        else if (code === 34) inString = false;
        continue;
      }
      if (code === 34) inString = true;
      else if (code === 91 || code === 123) {
        depth++;
        if (depth === 1) from = at + 1;
      } else if (code === 93 || code === 125) depth--;
      const ends = (depth === 1 && code === 44) || (depth === 0 && code === 93);
      if (!ends || from < 0) continue;
      const one = (member + text.slice(from, at)).trim();
      if (one !== '') yield { line: begun, text: one, bytes };
      member = '';
      begun = line;
      from = depth === 0 ? -1 : at + 1;
    }
    if (from >= 0) member += text.slice(from);
    if (member.length > LONGEST) break;
  }
  if (member.trim() !== '') yield { line: begun, text: member.trim(), bytes: 0 };
}
