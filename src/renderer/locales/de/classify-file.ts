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
    noAnswers: 'keine',
    examples: 'Die ersten Texte, wie sie gelesen werden',
    run: 'Labeln und speichern …',
    saveTitle: 'Gelabelte Datei speichern',
    suffix: 'gelabelt',
    measure: 'Wie oft hat das Modell hier recht?',
    what: 'Eine neue CSV-Datei bekommt alle Spalten dieser Datei, das Label in „predicted“ und die Wahrscheinlichkeit jedes Labels.',
    waits: 'Wartet, bis zu Ende ist, was gerade läuft.',
    done: '{n} Zeile fertig | {n} Zeilen fertig',
    left: 'noch {time}',
    pause: 'Anhalten',
    resume: 'Weiter',
    written: '{n} Zeile gelabelt | {n} Zeilen gelabelt',
    unanswered:
      '{n} Zeile bekam kein Label: Das Modell ist weniger sicher, als Sie verlangen. | {n} Zeilen bekamen kein Label: Das Modell ist weniger sicher, als Sie verlangen.',
    rejected:
      '{n} Zeile war nicht lesbar und fehlt im Ergebnis. | {n} Zeilen waren nicht lesbar und fehlen im Ergebnis.',
    measured: 'Gemessen an {n} Zeile mit Antwort | Gemessen an {n} Zeilen mit Antwort',
    unlabelled: '{n} Zeile ohne Antwort wurde ausgelassen. | {n} Zeilen ohne Antwort wurden ausgelassen.',
    unknown: 'Diese Labels kennt das Modell nicht, ihre Zeilen zählen deshalb als falsch: {labels}.',
    command: 'Einer Datei Labels geben',
  },
};
