import type { classifyFile as english } from '../en/classify-file';

/** Einer Datei Labels geben, und an einer messen. */
export const classifyFile: typeof english = {
  classifyFile: {
    title: 'Einer Datei Labels geben',
    lead: 'Wählen Sie eine Datei oder legen Sie sie hier ab: CSV, Excel, JSON, Parquet oder reiner Text. Die Datei selbst bleibt, wie sie ist.',
    choose: 'Datei wählen …',
    chooseTitle: 'Datei, die Labels bekommen soll',
    another: 'Andere Datei …',
    about: 'etwa {n} Zeile | etwa {n} Zeilen',
    missing:
      'Das Modell hat aus der Spalte {columns} gelernt, die es in dieser Datei nicht gibt. Wählen Sie unten, was stattdessen gelesen wird. | Das Modell hat aus den Spalten {columns} gelernt, die es in dieser Datei nicht gibt. Wählen Sie unten, was stattdessen gelesen wird.',
    text: 'Text',
    textOf: 'Anstelle von {column}',
    answers: 'Richtige Antworten, falls vorhanden',
    answersOption: '{column} ({share} Labels des Modells)',
    answersBy: {
      values: 'Nach den Werten gewählt:',
      name: 'Nur nach dem Namen gewählt:',
    },
    answersValues:
      '{known} von {filled} angesehenen Werten ist ein Label des Modells. | {known} von {filled} angesehenen Werten sind Labels des Modells.',
    answersOther: '„{value}“ zum Beispiel nicht.',
    answersNone:
      'In der {n} angesehenen Zeile enthält keine Spalte Labels des Modells. | In den {n} angesehenen Zeilen enthält keine Spalte Labels des Modells.',
    asTrained: 'die {n} Spalte des Trainings | die {n} Spalten des Trainings',
    noAnswers: 'keine',
    shape: 'Wie die neue Datei aussieht',
    format: 'Art der Datei',
    formats: {
      csv: 'CSV (Tabellenprogramme)',
      tsv: 'TSV (mit Tabulatoren)',
      jsonl: 'JSON Lines',
      parquet: 'Parquet',
    },
    labels: 'Was dazukommt',
    kinds: {
      answer: 'nur die Antwort',
      best: 'die besten Labels',
      all: 'alle Labels',
    },
    best: 'Wie viele',
    probabilities: 'mit Wahrscheinlichkeiten',
    probability: 'Wahrscheinlichkeit',
    below: 'Nur antworten, wenn sicher',
    always: 'immer',
    from: 'ab {share}',
    effect:
      'Von {n} zum Validieren zurückgehaltenen Text würde es {coverage} beantworten, und {share} dieser Antworten sind richtig ({low} bis {high}). | Von {n} zum Validieren zurückgehaltenen Texten würde es {coverage} beantworten, und {share} dieser Antworten sind richtig ({low} bis {high}).',
    effectFew:
      'Von {n} zum Validieren zurückgehaltenen Texten würde es {kept} beantworten, davon {right} richtig: zu wenige, um zu sagen, wie oft es recht hat. | Von {n} zum Validieren zurückgehaltenen Texten würde es {kept} beantworten, davon {right} richtig: zu wenige, um zu sagen, wie oft es recht hat.',
    effectNone:
      'So sicher ist es bei keinem der {n} zum Validieren zurückgehaltenen Texte. | So sicher ist es bei keinem der {n} zum Validieren zurückgehaltenen Texte.',
    backToSaved: 'Zurück zu {share} wie unter „Sicherheit“',
    backToAlways: 'Zurück zu immer',
    examples: 'Die ersten Texte, wie sie gelesen werden',
    run: 'Labeln und speichern …',
    saveTitle: 'Gelabelte Datei speichern',
    suffix: 'gelabelt',
    measure: 'Wie oft hat das Modell hier recht?',
    what: {
      answer: 'Eine neue Datei bekommt alle Spalten dieser Datei und das Label in „predicted“.',
      best: 'Eine neue Datei bekommt alle Spalten dieser Datei, das Label in „predicted“ und die wahrscheinlichsten Labels, das beste zuerst.',
      all: 'Eine neue Datei bekommt alle Spalten dieser Datei, das Label in „predicted“ und die Wahrscheinlichkeit jedes Labels.',
    },
    waits: 'Wartet, bis der laufende Auftrag zu Ende ist.',
    done: '{n} Zeile fertig | {n} Zeilen fertig',
    left: 'noch {time}',
    pause: 'Pausieren',
    resume: 'Fortsetzen',
    written: '{n} Zeile gelabelt | {n} Zeilen gelabelt',
    unanswered: '{n} Zeile bekam kein Label. | {n} Zeilen bekamen kein Label.',
    unansweredBelow:
      '{n} Zeile bekam kein Label, weil das Modell sich zu weniger als {from} sicher ist; {share} der Zeilen bekamen eines. | {n} Zeilen bekamen kein Label, weil das Modell sich zu weniger als {from} sicher ist; {share} der Zeilen bekamen eines.',
    noRows: 'Die Datei hat keine lesbaren Zeilen.',
    leastSure: 'Die Zeilen, bei denen es am wenigsten sicher ist',
    leastSureHint: 'Einen Blick wert: Hier irrt es am häufigsten.',
    surest: 'Die Zeilen, bei denen es am sichersten ist',
    surestHint: 'Sicher heißt nicht richtig: Sehen Sie nach, ob es so ist, wie Sie es erwarten.',
    notGiven: 'nicht gegeben',
    who: 'Wer antwortet',
    rightSets: 'Alle Labels richtig',
    macroF1: 'F1, jedes Label gleich',
    macroHint: 'Makro-F1: der Mittelwert über die Labels, seltene zählen so viel wie häufige',
    microF1: 'F1, jede Antwort gleich',
    microHint: 'Mikro-F1: über alle Labels aller Zeilen, häufige zählen mehr',
    few: '{n} Zeile ist zu wenig, um daran zu messen: Die Zahlen sagen wenig. | {n} Zeilen sind zu wenige, um daran zu messen: Die Zahlen sagen wenig.',
    answeredShare:
      'Nur Antworten ab {from}: {kept} von {n} Zeilen ({coverage}), davon richtig: {share}. | Nur Antworten ab {from}: {kept} von {n} Zeilen ({coverage}), davon richtig: {share}.',
    answeredNone:
      'Keine Antwort erreicht {from}, es würde also keine gegeben. | Keine Antwort erreicht {from}, es würde also keine gegeben.',
    known:
      '{n} Zeile der Datei hat einen Text, den das Modell aus dem Training kennt (aus {train} hat es gelernt, nach {valid} wurde es ausgewählt); das schmeichelt ihm. | {n} Zeilen der Datei haben Texte, die das Modell aus dem Training kennt (aus {train} hat es gelernt, nach {valid} wurde es ausgewählt); das schmeichelt ihm.',
    knownWithout:
      'Ohne sie, an {n} Zeile: richtig {share}, F1 {macro}. | Ohne sie, an {n} Zeilen: richtig {share}, F1 {macro}.',
    knownAll: 'Andere Zeilen gibt es nicht: Über neue Texte sagen diese Zahlen nichts.',
    knownRow: {
      train: 'aus diesem Text gelernt',
      valid: 'nach diesem Text ausgewählt',
    },
    respelled:
      'In {n} Zeile ist das Label anders groß- oder kleingeschrieben oder hat andere Leerzeichen; es gilt als das des Modells. | In {n} Zeilen ist das Label anders groß- oder kleingeschrieben oder hat andere Leerzeichen; es gilt als das des Modells.',
    rejectedMeasured:
      '{n} Zeile war nicht lesbar und wurde nicht gemessen. | {n} Zeilen waren nicht lesbar und wurden nicht gemessen.',
    matrixLead:
      'Zeilen sind die richtigen Antworten, Spalten die des Modells. Eine Zelle zeigt unten ihre falschen Zeilen.',
    wrong: '{n} falsche Zeile, die sicherste zuerst | {n} falsche Zeilen, die sicherste zuerst',
    wrongSome: 'Gezeigt werden die {n}, bei denen das Modell am sichersten ist.',
    noneWrong: 'Keine: Jede Antwort ist richtig.',
    noneOfCell: 'Keine der gezeigten Zeilen gehört zu dieser Zelle.',
    line: 'Zeile {n}',
    rejected:
      '{n} Zeile war nicht lesbar und fehlt im Ergebnis. | {n} Zeilen waren nicht lesbar und fehlen im Ergebnis.',
    measured: 'Gemessen an {n} Zeile mit Antwort | Gemessen an {n} Zeilen mit Antwort',
    unlabelled: '{n} Zeile ohne Antwort wurde ausgelassen. | {n} Zeilen ohne Antwort wurden ausgelassen.',
    unknown: 'Diese Labels kennt das Modell nicht, ihre Zeilen zählen deshalb als falsch: {labels}.',
    command: 'Einer Datei Labels geben',
  },
};
