/**
 * The `limit` rows with the smallest keys, smallest first; of equal keys the earlier row first. One pass over a million
 * rows for a screenful of them, instead of sorting all.
 *
 * @param rows ascending
 */
export function pickSmallest(rows: Int32Array, limit: number, key: (row: number) => number): Int32Array {
  if (limit >= rows.length / 8) return sorted(rows, key).slice(0, limit);
  let kept: { readonly row: number; readonly key: number }[] = [];
  let worst = Infinity;
  for (const row of rows) {
    const its = key(row);
    if (its >= worst) continue;
    kept.push({ row, key: its });
    // Cut back only now and then: each row is then sorted a few times at most.
    if (kept.length < 2 * limit + 64) continue;
    kept = kept.sort((a, b) => a.key - b.key || a.row - b.row).slice(0, limit);
    worst = kept.length === limit ? (kept[limit - 1]?.key ?? Infinity) : Infinity;
  }
  kept.sort((a, b) => a.key - b.key || a.row - b.row);
  return Int32Array.from(kept.slice(0, limit), ({ row }) => row);
}

function sorted(rows: Int32Array, key: (row: number) => number): Int32Array {
  const keys = Float64Array.from(rows, key);
  const order = Int32Array.from(rows, (_, i) => i).sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b);
  return order.map((i) => rows[i] ?? 0);
}
