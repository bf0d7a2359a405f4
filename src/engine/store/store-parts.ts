import type { ColumnChoice } from '../../shared/data-types';
import { ChangeLog } from './change-log';
import type { Database } from './database';
import type { HistoryLimits } from './history-limits';
import { storedImports } from './import-rows';
import { LabelLog } from './label-log';
import { dropLoaded } from './load-strict';
import { Predictions } from './predictions';
import type { HistoryParts } from './project-history';
import { RowFinder } from './row-finder';
import { createTables, readMeta } from './schema';
import { clearShelf } from './shelf';
import { Splits } from './splits';
import { SuggestionValues } from './suggestion-values';

/** Reads what a project's store keeps in memory, and clears away what a killed process or an older session has left. */
export async function loadParts(database: Database, limits: HistoryLimits): Promise<HistoryParts> {
  await createTables(database);
  await database.transaction(dropLoaded);
  const imports = await storedImports(database);
  const log = await LabelLog.load(
    database,
    imports.reduce((sum, { rows }) => sum + rows, 0),
  );
  const splits = await Splits.load(database, log.book, log.marks, imports);
  const predictions = await Predictions.load(database, log.book);
  const chosen = { columns: (await readMeta(database, 'columnChoice')) as ColumnChoice | null };
  const suggestions = new SuggestionValues(database, predictions, () => chosen.columns?.multiLabel === true);
  const finder = new RowFinder(database, log.book, predictions, (row) => splits.of(row), log.marks, suggestions);
  const changes = await ChangeLog.load(database, log);
  const keeps = (change: number): boolean => changes.canMakeAgain(change);
  await database.transaction((connection) => clearShelf(database, connection, keeps, log.book.rows));
  return { database, imports, log, splits, predictions, suggestions, finder, changes, chosen, limits };
}
