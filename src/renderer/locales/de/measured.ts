import type { Messages } from '../en/en';

/** Was sich von einer Messung sagen lässt und was nicht. */
export const measured: Pick<Messages, 'measured' | 'network' | 'failedRun'> = {
  measured: {
    few: '{right} von {n}',
    fewRight: '{right} von {n} richtig',
    tooFew: {
      test: '{n} Testtext ist zu wenig, um daran zu messen: Der wahre Anteil kann überall zwischen {low} und {high} liegen. | {n} Testtexte sind zu wenig, um daran zu messen: Der wahre Anteil kann überall zwischen {low} und {high} liegen.',
      valid:
        '{n} zurückgehaltener Text ist zu wenig, um daran zu messen: Der wahre Anteil kann überall zwischen {low} und {high} liegen. | {n} zurückgehaltene Texte sind zu wenig, um daran zu messen: Der wahre Anteil kann überall zwischen {low} und {high} liegen.',
    },
    validation:
      'Von {n} Validierungstext beurteilt er {right} richtig ({low} bis {high}); nach ihm wurden seine Gewichte gewählt, was ein wenig schmeichelt. | Von {n} Validierungstexten beurteilt er {right} richtig ({low} bis {high}); nach ihnen wurden seine Gewichte gewählt, was ein wenig schmeichelt.',
    toDo: 'Was hilft: mehr Texten ein Label geben oder einen größeren Anteil für die Schlussmessung aufheben (Neuer Lauf, Weitere Einstellungen).',
    inList: 'zu wenig, um daran zu messen',
    compared: 'Zahlen von weniger als {n} Texten sind zu wenig, um daran zu messen und zu vergleichen.',
  },
  network: {
    no: 'Das Netz hat noch nichts gelernt: Es nennt nur das häufigste Label. Mehr Labels helfen oder mehr Zeit.',
    noBlended:
      'Das Netz hat noch nichts gelernt: Die Antworten beruhen auf dem Wörterzählen. Mehr Labels helfen oder mehr Zeit.',
    unsure: 'Ob das Netz etwas gelernt hat, lässt sich noch nicht sagen. Mehr Labels helfen oder mehr Zeit.',
  },
  failedRun: {
    why: 'Warum es fehlgeschlagen ist',
    startAgain: 'Von vorn beginnen',
    startAgainHint: 'Von diesem Training wurde nichts gespeichert; es beginnt von vorn.',
  },
};
