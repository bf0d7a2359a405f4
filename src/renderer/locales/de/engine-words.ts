import type { Messages } from '../en/en';

/** Was die Engine in eigenen Sätzen sagt. */
export const engineWords: Pick<Messages, 'engineWords'> = {
  engineWords: {
    cut: 'Texte werden nach {n} Wörtern abgeschnitten (der längste hat {longest}).',
    lmTooFew: 'Das Sprachmodell wird nicht angepasst: {n} Wörter sind zu wenig zum Lernen.',
    lmReadsOnce: 'Das Sprachmodell liest {n} Wörter einmal.',
    lmReads: 'Das Sprachmodell liest {n} Wörter {times}-mal.',
    gentle: 'Es hat gelernt, was Sätze bedeuten; damit es das nicht vergisst, wird es nur wenig verändert.',
    newWords: '{n} von {total} Wörtern sind ihm neu; sie werden zuerst gelernt.',
    onlyHeadOnce: 'Nur der Kopf lernt; er sieht {n} Texte mit Label einmal.',
    onlyHead: 'Nur der Kopf lernt; er sieht {n} Texte mit Label {times}-mal.',
    seesOnce: 'Der Klassifikator sieht {n} Texte mit Label einmal, sobald alles aufgetaut ist.',
    sees: 'Der Klassifikator sieht {n} Texte mit Label {times}-mal, sobald alles aufgetaut ist.',
    budget: 'Die Durchgänge werden auf {share} % gekürzt, damit {minutes} Minuten reichen.',
    trainedTwice: 'Zwei Modelle werden nacheinander trainiert, eines für jede Richtung: Jede Stufe kommt zweimal.',
    estimatedUsual:
      'Geschätzt aus {n} von {total} Texten und dem üblichen Tempo zweier Kerne; das Training misst beides.',
    estimatedTimed:
      'Geschätzt aus {n} von {total} Texten und einigen gemessenen Schritten ({model} Wörter je Sekunde im Sprachmodell, {classifier} im Klassifikator); das Training misst beides.',
    otherLanguage:
      'Das Sprachmodell {name} hat eine andere Sprache gelesen als die der Texte: Es kann kaum helfen. Trainieren Sie ohne Vorwissen, oder wählen Sie ein Modell dieser Sprache.',
    stepsBack:
      'Der Verlust war keine Zahl mehr. Das Training geht zu Schritt {n} zurück und mit dem {share}-Fachen der Lernrate weiter.',
    bothWays: 'Der Encoder liest in beide Richtungen; ein Sprachmodell zum Anpassen gibt es daher nicht.',
    nothingTaken: 'Von „{name}“ wird nichts übernommen: Seine Einbettung hat eine andere Breite.',
    embeddingTaken: 'Von „{name}“ wird nur die Einbettung übernommen: Seine Schichten sind von anderer Art oder Größe.',
    texts:
      '{n} Texte (Sprache: {language}), {tokens} Wörter, ein Vokabular von {words} ({share} % der Wörter stehen nicht darin).',
    textsInPieces:
      '{n} Texte (Sprache: {language}), {tokens} Teilwörter, ein Vokabular von {words} ({share} % stehen nicht darin).',
    blendUsed:
      'Gemittelt mit dem Wörterzählen (Gewicht {weight}) geht der Verlust bei der Validierung von {before} auf {after}, die Genauigkeit von {was} % auf {is} % (über Kreuz geprüft): Vorhersagen nehmen die Mischung.',
    blendUnjudged:
      'Gemittelt mit dem Wörterzählen (Gewicht {weight}): Vorhersagen nehmen die Mischung, die in der Regel besser ist; {n} Validierungstexte sind zu wenige, um sie zu beurteilen.',
    blendUnused:
      'Gemittelt mit dem Wörterzählen (Gewicht {weight}) geht der Verlust bei der Validierung von {before} auf {after}, die Genauigkeit von {was} % auf {is} % (über Kreuz geprüft): Das ist nicht besser, Vorhersagen nehmen das Netz allein.',
    endedEarly:
      'Das Training endete auf Ihren Wunsch früher in der Stufe „{stage}“; die besten Gewichte bis dahin bleiben.',
    patience:
      'Die Stufe „{stage}“ endet nach {n} von {total} Epochen: Die Validierung wurde {patience} Epochen lang nicht besser.',
    forwardNow: 'Jetzt das vorwärts lesende Modell: Es liest Texte von ihrem Anfang an.',
    backwardNow: 'Jetzt das rückwärts lesende Modell: Es liest Texte von ihrem Ende her.',
    noBackward:
      'Es gibt kein vortrainiertes rückwärts lesendes Sprachmodell: Dieses beginnt von Grund auf und lernt nur aus diesen Texten.',
    goesOn: 'Es geht vom letzten Zwischenstand weiter.',
    learnsPieces: 'Aus den Texten werden Teilwörter gelernt.',
    skippedOne: 'Die erste Zeile wird nicht gelesen.',
    skipped: 'Die ersten {n} Zeilen werden nicht gelesen.',
    headerOnly: 'Die Datei hat eine Kopfzeile, aber keine Zeilen.',
    noRow: 'Keine Zeile konnte gelesen werden.',
    lines: 'Kein Trennzeichen gefunden: Jede Zeile gilt als ein Text.',
    quotesKept: 'Anführungszeichen gelten als Teil der Texte.',
    unnamed: 'Spalten ohne Namen heißen column1, column2 …',
    unreadable: 'Von den ersten Zeilen sind {n} nicht lesbar; die erste ist Zeile {line}: {reason}.',
    halfTested: 'Die Datei ist groß: Nur ihr erstes halbes Gigabyte wurde auf UTF-8 geprüft.',
    damaged: 'Manche Stellen der Datei sind kein gültiges UTF-8; ihre Zeilen stehen dann unter den abgewiesenen.',
    sheet: 'Gelesen wird das Blatt „{name}“ von {n}.',
    chosen: 'gewählt',
    mark: 'Marke am Dateianfang (BOM)',
    valid: 'gültiges UTF-8',
    damagedPlaces: 'UTF-8 mit beschädigten Stellen',
    zeros: 'Nullbytes wie in UTF-16, ohne Marke am Dateianfang',
    western: 'kein UTF-8, zu wenig fremde Buchstaben für mehr: als westeuropäisch gelesen',
    statistics: 'Statistik ({share} %)',
    eachFile: 'jede Datei für sich',
    workbook: 'Excel-Arbeitsmappe',
    nul: 'ein Nullbyte in der Zeile',
    notDecoded: 'Bytes, die in dieser Kodierung nicht lesbar sind',
    cells: '{expected} Zellen erwartet, {got} gefunden',
    afterQuote: 'Text nach dem schließenden Anführungszeichen von Zelle {cell}',
    openQuote: 'ein öffnendes Anführungszeichen wird nie geschlossen',
    noObject: 'kein JSON-Objekt',
    noJson: 'kein gültiges JSON ({why})',
    tooLarge: 'größer als {n} MB',
    noText: 'kein Text',
  },
};
