import type { Database } from './database';

/** Ways of writing a time that DuckDB's cast does not know. */
const TIME_FORMATS = [
  '%d.%m.%Y %H:%M:%S',
  '%d.%m.%Y %H:%M',
  '%d.%m.%Y',
  '%m/%d/%Y %H:%M:%S',
  '%m/%d/%Y %H:%M',
  '%m/%d/%Y',
  '%d/%m/%Y',
  '%Y/%m/%d',
  '%a, %d %b %Y %H:%M:%S %z',
  '%d %b %Y',
];

/** Equal numbers for rows with equal texts, by row id. */
export async function textKeys(database: Database): Promise<Float64Array> {
  const [, keys] = await database.doubles(
    'SELECT id, (hash(lower(trim(text))) >> 11)::DOUBLE FROM rows WHERE id >= 0 ORDER BY id',
  );
  return keys ?? new Float64Array(0);
}

const CELL = `trim(r.others[list_position(i.other_columns, $1)])`;
const FROM = 'FROM rows r JOIN imports i ON r.import = i.id ORDER BY r.id';

/** Equal numbers for rows with equal cells in a column, by row id; -1 where a row has none. */
export async function groupKeys(database: Database, column: string): Promise<Float64Array> {
  const [keys] = await database.doubles(
    `SELECT CASE WHEN ${CELL} IS NULL OR ${CELL} = '' THEN -1 ELSE (hash(lower(${CELL})) >> 11)::DOUBLE END ${FROM}`,
    [column],
  );
  return keys ?? new Float64Array(0);
}

/** Milliseconds since 1970, or the number that a column holds, by row id; -1 where neither can be read. */
export async function timeKeys(database: Database, column: string): Promise<Float64Array> {
  const formats = TIME_FORMATS.map((format) => `'${format}'`).join(', ');
  const [keys] = await database.doubles(
    `SELECT coalesce(
       TRY_CAST(${CELL} AS DOUBLE),
       epoch_ms(TRY_CAST(${CELL} AS TIMESTAMP))::DOUBLE,
       epoch_ms(try_strptime(${CELL}, [${formats}]))::DOUBLE, -1) ${FROM}`,
    [column],
  );
  return keys ?? new Float64Array(0);
}
