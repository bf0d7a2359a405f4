/** Between the members of a list in one cell. */
export const LIST_SEPARATOR = '|';

/**
 * A list as one cell: its members with `|` between them; as a JSON array where that would not give the same members
 * back. {@link cellMembers} reads both.
 */
export function listCell(members: readonly string[]): string {
  const joined = members.join(LIST_SEPARATOR);
  const back = joined.split(LIST_SEPARATOR);
  const isExact =
    back.length === members.length && members.every((one) => one.trim() !== '') && !joined.startsWith('["');
  return members.length === 0 ? '' : isExact ? joined : JSON.stringify(members);
}

/** What stands in a cell that holds several: the members of a JSON array just as they are, else what the separator parts. */
export function cellMembers(cell: string, separator: string): readonly string[] {
  const members = jsonList(cell) ?? cell.split(separator);
  return members.map((one) => one.trim()).filter((one) => one !== '');
}

/**
 * The names of labels in a row's cells, trimmed, without empty ones.
 * @param separator what parts several in one cell; null where each cell is one name
 */
export function namesInCells(cells: readonly string[], separator: string | null): string[] {
  const parts = separator === null ? cells : cells.flatMap((cell) => cellMembers(cell, separator));
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** The members of a cell that is a JSON array of texts; null for any other. */
export function jsonList(cell: string): readonly string[] | null {
  if (!cell.startsWith('[') || !cell.endsWith(']')) return null;
  try {
    const value: unknown = JSON.parse(cell);
    return Array.isArray(value) && value.every((one): one is string => typeof one === 'string') ? value : null;
  } catch {
    return null;
  }
}
