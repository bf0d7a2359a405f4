import type { Messages } from '../en/en';

/** Zeilen in Dateien schreiben. */
export const save: Pick<Messages, 'save'> = {
  save: {
    rows: 'Als CSV speichern …',
    rowsHint: 'Schreibt die gezeigten Zeilen mit Labels, Aufteilung, Notizen und dem, was das Modell sagt',
    rowsTitle: 'Zeilen speichern',
    rowsName: '{name} Zeilen',
    rowsDone: '{n} Zeile geschrieben: {file} | {n} Zeilen geschrieben: {file}',
    rejected: 'Liste speichern …',
    rejectedTitle: 'Abgewiesene Zeilen speichern',
    rejectedName: '{name} abgewiesene Zeilen',
    rejectedDone: '{n} Zeile geschrieben: {file} | {n} Zeilen geschrieben: {file}',
  },
};
