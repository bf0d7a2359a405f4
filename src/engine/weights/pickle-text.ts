/** Protocol 0 text: `\uXXXX`, `\UXXXXXXXX` and nothing else is escaped. */
export function unescapeRaw(line: string): string {
  return line.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (all, short?: string, long?: string) => {
    const point = Number.parseInt(short ?? long ?? '', 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : all;
  });
}

/** Protocol 0 str: quoted, with Python's simple escapes. */
export function unquote(line: string): string {
  const simple: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' };
  return line
    .slice(1, -1)
    .replace(/\\(x[0-9a-fA-F]{2}|.)/g, (all, what: string) =>
      what.length === 3 ? String.fromCharCode(Number.parseInt(what.slice(1), 16)) : (simple[what] ?? all),
    );
}
