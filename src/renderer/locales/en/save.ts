/** Writing rows into files. */
export const save = {
  save: {
    rows: 'Save as CSV…',
    rowsHint: 'Writes the rows that are shown, with labels, sides, notes and what the model says',
    rowsTitle: 'Save rows',
    rowsName: '{name} rows',
    rowsDone: '{n} row written to {file} | {n} rows written to {file}',
    rejected: 'Save this list…',
    rejectedTitle: 'Save refused lines',
    rejectedName: '{name} refused lines',
    rejectedDone: '{n} line written to {file} | {n} lines written to {file}',
  },
};
