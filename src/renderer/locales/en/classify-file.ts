/** Giving labels to a file, and measuring on one. */
export const classifyFile = {
  classifyFile: {
    title: 'Give labels to a file',
    lead: 'Choose a file or drop it here: CSV, Excel, JSON, Parquet or plain text. The file itself stays as it is.',
    choose: 'Choose a file…',
    chooseTitle: 'File to give labels to',
    another: 'Another file…',
    about: 'about {n} row | about {n} rows',
    missing:
      'The model learned from the column {columns}, which this file does not have. Choose below what to read instead. | The model learned from the columns {columns}, which this file does not have. Choose below what to read instead.',
    text: 'Text',
    textOf: 'In place of {column}',
    answers: 'Right answers, if the file has them',
    noAnswers: 'none',
    examples: 'The first texts as they will be read',
    run: 'Label and save as…',
    saveTitle: 'Save the labelled file',
    suffix: 'labelled',
    measure: 'How often is the model right here?',
    what: 'A new CSV file gets all columns of this one, the label in “predicted” and the probability of each label.',
    waits: 'Waits until what runs now has ended.',
    done: '{n} row done | {n} rows done',
    left: '{time} left',
    pause: 'Pause',
    resume: 'Go on',
    written: '{n} row labelled | {n} rows labelled',
    unanswered:
      '{n} row got no label: the model is less sure than you asked for. | {n} rows got no label: the model is less sure than you asked for.',
    rejected:
      '{n} row could not be read and is not in the result. | {n} rows could not be read and are not in the result.',
    measured: 'Measured on {n} row with an answer | Measured on {n} rows with an answer',
    unlabelled: '{n} row without an answer was left out. | {n} rows without an answer were left out.',
    unknown: 'The model does not know these labels, so their rows count as wrong: {labels}.',
    command: 'Give labels to a file',
  },
};
