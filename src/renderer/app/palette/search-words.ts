/** By the name of a command, or of a family of them (`theme` for `theme-dark`): other words that people look for it by. */
type SearchWords = Readonly<Record<string, string>>;

/** The other words for a command: its own, else those of its family; empty where there are none. */
export function searchWordsOf(id: string, table: SearchWords): string {
  for (let name = id; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('-')))) {
    if (Object.hasOwn(table, name)) return table[name] ?? '';
  }
  return '';
}
