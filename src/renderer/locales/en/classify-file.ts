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
    answersOption: '{column} ({share} labels of the model)',
    answersBy: {
      values: 'Chosen by its values:',
      name: 'Chosen by its name alone:',
    },
    answersValues:
      '{known} of {filled} value looked at is a label of the model. | {known} of {filled} values looked at are labels of the model.',
    answersOther: '“{value}”, for one, is not.',
    answersNone:
      'No column of the {n} row looked at holds labels of the model. | No column of the {n} rows looked at holds labels of the model.',
    asTrained: 'the {n} columns of the training | the {n} columns of the training',
    noAnswers: 'none',
    shape: 'What the new file looks like',
    format: 'Kind of file',
    formats: {
      csv: 'CSV (spreadsheets)',
      tsv: 'TSV (parted by tabs)',
      jsonl: 'JSON Lines',
      parquet: 'Parquet',
    },
    labels: 'What is added',
    kinds: {
      answer: 'only the answer',
      best: 'the best labels',
      all: 'every label',
    },
    best: 'How many',
    probabilities: 'with probabilities',
    probability: 'Probability',
    below: 'Answer only when sure',
    always: 'always',
    from: 'from {share}',
    effect:
      'On {n} text held out for validation it would answer {coverage}, and {share} of these answers are right ({low} to {high}). | On {n} texts held out for validation it would answer {coverage}, and {share} of these answers are right ({low} to {high}).',
    effectFew:
      'Of {n} texts held out for validation it would answer {kept}, of which {right} is right: too few to say how often it is. | Of {n} texts held out for validation it would answer {kept}, of which {right} are right: too few to say how often it is.',
    effectNone:
      'It is so sure of none of the {n} texts held out for validation. | It is so sure of none of the {n} texts held out for validation.',
    backToSaved: 'Back to {share}, as under “Confidence”',
    backToAlways: 'Back to always',
    examples: 'The first texts as they will be read',
    run: 'Label and save as…',
    saveTitle: 'Save the labelled file',
    suffix: 'labelled',
    measure: 'How often is the model right here?',
    what: {
      answer: 'A new file gets all columns of this one, and the label in “predicted”.',
      best: 'A new file gets all columns of this one, the label in “predicted” and the most probable labels, best first.',
      all: 'A new file gets all columns of this one, the label in “predicted” and the probability of each label.',
    },
    waits: 'Waits until what runs now has ended.',
    done: '{n} row done | {n} rows done',
    left: '{time} left',
    pause: 'Pause',
    resume: 'Go on',
    written: '{n} row labelled | {n} rows labelled',
    unanswered: '{n} row got no label. | {n} rows got no label.',
    unansweredBelow:
      '{n} row got no label, as the model is less than {from} sure of it; {share} of the rows got one. | {n} rows got no label, as the model is less than {from} sure of them; {share} of the rows got one.',
    noRows: 'The file has no rows that can be read.',
    leastSure: 'The rows it is least sure of',
    leastSureHint: 'Worth a look by a person: here it errs most.',
    surest: 'The rows it is surest of',
    surestHint: 'Sure is not right: see whether these are what you expect.',
    notGiven: 'not given',
    who: 'Who answers',
    rightSets: 'All labels right',
    macroF1: 'F1, each label alike',
    macroHint: 'Macro F1: the mean over the labels, rare ones count as much as frequent ones',
    microF1: 'F1, each answer alike',
    microHint: 'Micro F1: over all labels of all rows, frequent ones count more',
    few: '{n} row is too few to measure by: the figures say little. | {n} rows are too few to measure by: the figures say little.',
    answeredShare:
      'Only answers from {from} on: {kept} of {n} rows ({coverage}), of which right: {share}. | Only answers from {from} on: {kept} of {n} rows ({coverage}), of which right: {share}.',
    answeredNone:
      'No answer is as sure as {from}, so none would be given. | No answer is as sure as {from}, so none would be given.',
    known:
      '{n} row of the file has a text that the model knows from its training ({train} it learned from, {valid} it was chosen by), which flatters it. | {n} rows of the file have texts that the model knows from its training ({train} it learned from, {valid} it was chosen by), which flatters it.',
    knownWithout:
      'Without them, on {n} row: right {share}, F1 {macro}. | Without them, on {n} rows: right {share}, F1 {macro}.',
    knownAll: 'No other row is left: these figures say nothing of new texts.',
    knownRow: {
      train: 'learned from this text',
      valid: 'chosen by this text',
    },
    respelled:
      'In {n} row the label is written in another case or with other spaces; it was taken for the model’s. | In {n} rows the label is written in another case or with other spaces; it was taken for the model’s.',
    rejectedMeasured:
      '{n} row could not be read and was not measured. | {n} rows could not be read and were not measured.',
    matrixLead: 'Rows are the right answers, columns what the model said. A cell shows its wrong rows below.',
    wrong: '{n} wrong row, surest first | {n} wrong rows, surest first',
    wrongSome: 'The {n} of which the model is surest are listed.',
    noneWrong: 'None: every answer is right.',
    noneOfCell: 'None of the listed rows is of this cell.',
    line: 'line {n}',
    rejected:
      '{n} row could not be read and is not in the result. | {n} rows could not be read and are not in the result.',
    measured: 'Measured on {n} row with an answer | Measured on {n} rows with an answer',
    unlabelled: '{n} row without an answer was left out. | {n} rows without an answer were left out.',
    unknown: 'The model does not know these labels, so their rows count as wrong: {labels}.',
    command: 'Give labels to a file',
  },
};
