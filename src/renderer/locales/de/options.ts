import type { Messages } from '../en/en';
import { optionWords } from './option-words';

/** Das Feld mit allen Einstellungen des Rechenwerks. */
export const options: Pick<Messages, 'options'> = {
  options: {
    title: 'Alle Einstellungen',
    lead: 'Jede Einstellung des Rechenwerks. Was Sie nicht anrühren, wählt der Plan.',
    count: '{n} Einstellung | {n} Einstellungen',
    search: 'Einstellungen durchsuchen',
    none: 'Keine Einstellung passt zu „{search}“.',
    noneChanged: 'Nichts ist geändert: Jede Einstellung ist so, wie der Plan sie wählt.',
    show: 'Welche Einstellungen gezeigt werden',
    all: 'Alle',
    changed: 'Geändert',
    changedCount: 'Geändert ({n})',
    changedChip: 'geändert',
    reset: '{name} zurücksetzen',
    resetShort: 'Zurücksetzen',
    resetAll: 'Alle zurücksetzen',
    undoReset: 'Zurücksetzen rückgängig',
    usual: 'Üblich: {usual}',
    byPlan: 'wie üblich',
    on: 'an',
    off: 'aus',
    follows: 'Folgt: {symbol}',
    invalid: '{n} Einstellung hat einen Wert, der nicht passt. | {n} Einstellungen haben Werte, die nicht passen.',
    showInvalid: 'Zeigen',
    expect: {
      between: 'Erwartet wird eine Zahl von {least} bis {most}.',
      atLeast: 'Erwartet wird eine Zahl ab {least}.',
      wholeBetween: 'Erwartet wird eine ganze Zahl von {least} bis {most}.',
      wholeAtLeast: 'Erwartet wird eine ganze Zahl ab {least}.',
      numbers: 'Erwartet werden {count} Zahlen von {least} bis {most}, durch Leerzeichen getrennt.',
      text: 'Dieser Wert passt nicht.',
    },
    groups: {
      text: 'Wörter',
      encoder: 'Netz',
      'language-model': 'Sprachmodell',
      classifier: 'Klassifikator',
      training: 'Optimierer und Verlauf',
      ensemble: 'Richtungen und Mischung',
    },
    ...optionWords,
    of: {
      tokenizer: {
        effect:
          'Wörter, oder Teilwörter eines SentencePiece-Modells, das aus den Texten gelernt wird (oder zum vortrainierten Sprachmodell gehört).',
        usual: 'wie beim vortrainierten Sprachmodell; von Grund auf: Wörter',
      },
      language: {
        effect:
          'Die Sprache der Texte, nach deren Regeln sie in Wörter geschnitten werden: zh, ja, th, lo, km, my ohne Leerzeichen; de, fr, it, ca nach eigenen Regeln; alle anderen nach den allgemeinen.',
        usual: 'wird an Buchstaben und kleinen Wörtern der Texte erkannt',
      },
      maxVocabulary: {
        effect: 'Wie viele Einträge das Vokabular höchstens hat; bei Teilwörtern: wie viele Stücke.',
        usual: '60.000 Wörter; 30.000 Teilwörter, bei wenig Text weniger',
      },
      minCount: { effect: 'Ein Wort, das seltener vorkommt, gilt als unbekannt.', usual: '2' },
      unseenWords: {
        effect:
          'Wörter, die das vortrainierte Sprachmodell kennt und Ihre Texte nicht haben: behalten, kann der Klassifikator sie in neuen Texten lesen; weggelassen, wird sein Ordner kleiner.',
        usual: 'keep',
      },
      encoder: {
        effect:
          'Die rekurrenten Schichten von Sprachmodell und Klassifikator. Sind es andere als beim vortrainierten Modell, wird nur dessen Einbettung übernommen, und die Schichten beginnen von Grund auf.',
        usual: 'wie beim vortrainierten Modell; von Grund auf: AWD-LSTM',
      },
      bidirectional: {
        effect:
          'Jede Schicht des Klassifikators liest in beide Richtungen, jede mit halber Breite. Ein Sprachmodell kann das nicht: Die Schichten beginnen von Grund auf.',
        usual: 'aus',
      },
      newWordRows: {
        effect:
          'Womit Wörter beginnen, die das vortrainierte Modell nicht kennt: mit dem Mittel aller Wörter, oder dem der Wörter mit gleichem Stamm oder gleicher Endung.',
        usual: 'mean',
      },
      embeddingSize: {
        effect: 'Breite der Einbettung und der letzten Schicht.',
        usual: 'wie beim vortrainierten Modell; von Grund auf: 256',
      },
      hiddenSize: {
        effect: 'Breite der anderen Schichten.',
        usual: 'wie beim vortrainierten Modell; von Grund auf: 640',
      },
      layers: {
        effect: 'Anzahl der rekurrenten Schichten.',
        usual: 'wie beim vortrainierten Modell; von Grund auf: 2',
      },
      qrnnWindow: {
        effect: 'Wie viele Wörter die erste quasi-rekurrente Schicht zugleich sieht; spätere sehen eines.',
        usual: '2',
      },
      qrnnPooling: {
        effect: 'Ob quasi-rekurrente Schichten ein Ausgangstor haben.',
        usual: 'fo',
      },
      zoneOut: {
        effect:
          'Anteil der Zellen quasi-rekurrenter Schichten, die beim Training ihren Wert einen Schritt lang behalten.',
        usual: '0',
      },
      lmEpochs: {
        effect: 'Durchgänge durch alle Texte, bei denen das ganze Sprachmodell lernt.',
        usual: 'nach Textmenge und Gründlichkeit',
      },
      lmNewRowsEpochs: {
        effect:
          'Durchgänge, in denen zuerst nur Einbettung und Decoder lernen, damit neue Wörter ihren Platz finden; 0 lässt sie weg.',
        usual: 'ein Drittel der Durchgänge durch alle Texte, höchstens 1, wenn Wörter neu sind',
      },
      lmRate: {
        effect: 'Die größte Lernrate des Sprachmodells.',
        usual:
          '0,004 (von Grund auf 0,005); SGD mit Momentum 0,4 (2), einfaches und gemitteltes SGD 2 (10); ein Achtel, wo das Modell Sätze kennt',
      },
      lmOptimiser: {
        effect:
          'Wie die Gewichte des Sprachmodells ihren Gradienten folgen; gemitteltes SGD mittelt sie, sobald die Validierung nicht mehr besser wird.',
        usual: 'adam',
      },
      lmSchedule: { effect: 'Wie die Lernrate des Sprachmodells in einer Stufe steigt und fällt.', usual: 'one-cycle' },
      lmDiscriminative: {
        effect:
          'Jede Schicht des Sprachmodells lernt um diesen Faktor langsamer als die darüber; 1 heißt: alle gleich.',
        usual: '1',
      },
      lmDropMultiplier: { effect: 'Multipliziert alle fünf Dropouts des Sprachmodells.', usual: '0,7' },
      lmBatchSize: {
        effect: 'Wie viele Textströme das Sprachmodell nebeneinander liest.',
        usual: '8, 32 oder 48, je nach Textmenge',
      },
      lmBptt: {
        effect: 'Wörter eines Fensters des Sprachmodells: wie weit sein Gradient zurückreicht.',
        usual: '40, 48 oder 64, je nach Textmenge',
      },
      lmVariableBptt: {
        effect: 'Lost die Länge jedes Fensters neu aus: 95 % um die Länge eines Fensters, 5 % um die Hälfte davon.',
        usual: 'an',
      },
      lmWeightDecay: {
        effect: 'Zieht die Gewichte des Sprachmodells in jedem Schritt gegen null.',
        usual: '0,01 (0,0000012 bei einfachem und gemitteltem SGD)',
      },
      lmClip: { effect: 'Größte Norm des Gradienten des Sprachmodells; 0 kappt nie.', usual: '0,25' },
      lmAlpha: { effect: 'Aktivierungsstrafe: hält die Ausgaben der letzten Schicht klein.', usual: '2' },
      lmBeta: {
        effect: 'Zeitliche Aktivierungsstrafe: hält die Ausgaben der letzten Schicht vom Springen ab.',
        usual: '1',
      },
      lmLabelSmoothing: {
        effect: 'Anteil des Ziels, der beim Training des Sprachmodells auf alle Wörter verteilt wird.',
        usual: '0',
      },
      lmStateReset: {
        effect:
          'Wahrscheinlichkeit, mit der jede Zeile vor jedem Fenster bei leerem Zustand beginnt, wie es die Texte des Klassifikators tun.',
        usual: '0,05',
      },
      lmBest: {
        effect:
          'Welche Gewichte des Sprachmodells bleiben: die der Epoche mit dem kleinsten Validierungsverlust, oder die letzten.',
        usual: 'loss',
      },
      lmPatience: {
        effect:
          'Beendet eine Stufe des Sprachmodells nach so vielen Epochen ohne kleineren Validierungsverlust; 0: nie.',
        usual: '0',
      },
      classifierEpochs: {
        effect: 'Durchgänge durch die Texte mit Label, bei denen alles lernt (oder der Kopf, wenn nur er lernt).',
        usual: 'nach Textmenge und Gründlichkeit',
      },
      classifierHeadEpochs: {
        effect: 'Durchgänge, in denen nur der Kopf auf dem eingefrorenen Encoder lernt; 0 lässt sie weg.',
        usual: '8',
      },
      classifierStageEpochs: {
        effect: 'Durchgänge jeder Stufe zwischen dem Kopf und dem ganzen Modell; 0 lässt diese Stufen weg.',
        usual: 'ein Viertel der Durchgänge durch die Texte mit Label, höchstens 1',
      },
      classifierRate: {
        effect:
          'Die größte Lernrate, wenn alles lernt; frühere Stufen behalten ihr Verhältnis zu ihr (2,5, 2,5, 1,25).',
        usual: '0,003; SGD mit Momentum 0,3, einfaches und gemitteltes SGD 1,5',
      },
      classifierOptimiser: { effect: 'Wie die Gewichte des Klassifikators ihren Gradienten folgen.', usual: 'adam' },
      classifierSchedule: {
        effect: 'Wie die Lernrate des Klassifikators in einer Stufe steigt und fällt.',
        usual: 'one-cycle',
      },
      classifierDiscriminative: {
        effect:
          'Jede Schicht des Klassifikators lernt um diesen Faktor langsamer als die darüber; 1 heißt: alle gleich.',
        usual: '1,4',
      },
      unfreezing: {
        effect:
          'Welche Teile wann lernen: Schicht für Schicht von oben, alles auf einmal, nur der Kopf, reihum ein Teil nach dem anderen, oder keiner: Dann wird sofort ein linearer Kopf auf die unveränderten Schichten gesetzt.',
        usual: 'Schicht für Schicht; bei weniger als 300 Texten mit Label nichts, wenn das Modell Sätze gelernt hat',
      },
      pooling: {
        effect:
          'Womit ein Text für den Kopf zusammengefasst wird: letzter Zustand, Maximum und Mittel über seine Wörter, oder ein Teil davon.',
        usual: 'concat',
      },
      pooledOutputs: {
        effect:
          'Wie viele Ausgaben des Encoders für den Kopf zusammengefasst werden: 1 die der letzten Schicht, 2 auch die darunter, und so weiter bis zu den Wörtern selbst.',
        usual: '1; 2 bei einem linearen Kopf',
      },
      classifierDropMultiplier: {
        effect: 'Multipliziert die Dropouts des Encoders, während der Klassifikator lernt.',
        usual: '1 (von 0,05 0,25 0,2 0,15: schwächer als bei fastai)',
      },
      headDropouts: {
        effect: 'Dropout vor der verborgenen Schicht des Kopfes und vor seiner Ausgabe.',
        usual: '0,3 0,1',
      },
      classifierBatchSize: {
        effect: 'Wie viele Texte höchstens zugleich gelernt werden; lange Texte kommen in kleineren Gruppen.',
        usual: '32',
      },
      classifierBptt: {
        effect: 'Wörter eines Stücks, in denen der Encoder einen Text liest; sein Zustand geht dabei weiter.',
        usual: '70',
      },
      classifierBatches: {
        effect: 'Ob Texte ähnlicher Länge zusammenkommen (wenig Füllung) oder beliebige (am meisten Zufall).',
        usual: 'sortish',
      },
      maxTokens: {
        effect: 'Texte werden nach so vielen Wörtern abgeschnitten.',
        usual: '64 bis 256, 128 bis 600 oder nie, je nach Gründlichkeit: so viele, dass vier Durchgänge bleiben',
      },
      gradientTokens: {
        effect:
          'Der Gradient (und die Zusammenfassung beim Training) reicht so viele Wörter vom Ende eines langen Textes zurück.',
        usual: '1.400',
      },
      classifierWeightDecay: {
        effect: 'Zieht die Gewichte des Klassifikators in jedem Schritt gegen null.',
        usual: '0,01 (0,0000012 bei einfachem und gemitteltem SGD)',
      },
      classifierClip: { effect: 'Größte Norm des Gradienten des Klassifikators; 0 kappt nie.', usual: '0,25' },
      labelSmoothing: {
        effect: 'Anteil jedes Ziels, der auf alle Labels verteilt wird, damit das Modell sich weniger sicher ist.',
        usual: '0',
      },
      focalGamma: {
        effect:
          'Zählt Texte umso weniger, je sicherer das Modell bei ihnen schon ist; 0 ist die gewöhnliche Kreuzentropie.',
        usual: '0',
      },
      bestBy: {
        effect:
          'Welche Gewichte des Klassifikators bleiben: die der Epoche mit der besten Genauigkeit (F1 bei mehreren Labels), dem kleinsten Validierungsverlust, oder die letzten.',
        usual: 'mit den meisten Treffern; bei weniger als 100 Texten zum Validieren mit dem kleinsten Verlust',
      },
      patience: {
        effect:
          'Beendet eine Stufe des Klassifikators nach so vielen Epochen, in denen der Wert der behaltenen Gewichte nicht besser wurde; 0: nie.',
        usual: '0',
      },
      momentums: {
        effect:
          'Momentum (Beta 1 von Adam) am Anfang, bei der größten Rate und am Ende eines Zyklus; andere Verläufe behalten das erste.',
        usual: '0,8 0,7 0,8',
      },
      pctStart: { effect: 'Anteil eines Zyklus, in dem die Rate steigt.', usual: '0,25' },
      div: { effect: 'Ein Zyklus beginnt bei der größten Rate geteilt durch diese Zahl.', usual: '25' },
      divFinal: {
        effect: 'Zyklus und Kosinus enden bei der größten Rate geteilt durch diese Zahl.',
        usual: '100.000',
      },
      cutFraction: {
        effect: 'Anteil der Schritte mit steigender Rate im schrägen Dreiecksverlauf.',
        usual: '0,1',
      },
      cutRatio: {
        effect: 'Wie viele Male kleiner die kleinste Rate des schrägen Dreiecksverlaufs ist als seine größte.',
        usual: '32',
      },
      beta2: { effect: 'Wie lange sich Adam die Größe der Gradienten merkt.', usual: '0,99' },
      nonMonotone: {
        effect:
          'NT-ASGD beginnt zu mitteln, wenn die Validierung schlechter ist als die beste aller Epochen außer den letzten so vielen.',
        usual: '5',
      },
      retries: {
        effect:
          'Wie oft ein Lauf zu seinen letzten guten Gewichten zurückgeht, mit halber Rate, wenn eine Zahl nicht mehr endlich ist.',
        usual: '3',
      },
      direction: {
        effect:
          'In welche Richtung Texte gelesen werden. In beide Richtungen werden nacheinander zwei Sprachmodelle und Klassifikatoren trainiert und ihre Wahrscheinlichkeiten gemittelt, mit Gewichten, die auf der Validierung gewählt werden.',
        usual: 'forward',
      },
      pretrainedBackward: {
        effect: 'Das vortrainierte rückwärts lesende Sprachmodell, von dem das Rückwärtslesen ausgeht.',
        usual: 'das mitgelieferte; gibt es keines, beginnt das Rückwärtslesen von Grund auf, und der Lauf sagt es',
      },
      blend: {
        effect:
          'Ob Vorhersagen eine Mischung des Modells mit dem Wörterzählen (TF-IDF) sind. Es lohnt sich, wenn eine Kreuzprobe auf der Validierung das sagt.',
        usual: 'auto',
      },
    },
  },
};
