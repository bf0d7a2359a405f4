import type { Messages } from '../en/en';

/** Was ein Plan als Gründe und Warnungen nennt, und was ein Training unterwegs meldet. */
export const runNotes: Pick<Messages, 'runNotes' | 'noteTimes' | 'noteScores' | 'planWarnings'> = {
  runNotes: {
    'texts-cut': 'Texte werden nach {tokens} Wörtern abgeschnitten (der längste hat {longest}).',
    'texts-cut-for-budget':
      'Texte werden nach {tokens} Wörtern abgeschnitten (der längste hat {longest}): Alle ganz zu lesen würde länger als {minutes} dauern.',
    'language-model-too-short':
      'Das Sprachmodell wird nicht angepasst: Es gibt zu wenig Text zum Lernen (Wörter: {tokens}).',
    'language-model-left-out':
      'Das Sprachmodell wird nicht angepasst: In {minutes} könnte es von den Texten zu wenig lesen, um daraus zu lernen.',
    'language-model-reads': 'Das Sprachmodell liest {tokens} Wörter {times}.',
    'language-model-reads-part': 'Das Sprachmodell liest etwa {share} von {tokens} Wörtern.',
    'changed-little': 'Es hat gelernt, was Sätze bedeuten; damit es das nicht vergisst, wird es nur wenig verändert.',
    'new-words': '{words} von {vocabulary} Wörtern sind ihm neu; sie werden zuerst gelernt.',
    'linear-head':
      'Bei {texts} Texten mit Label taut nichts auf: Auf das, was das unveränderte Sprachmodell aus jedem Text macht, wird ein linearer Kopf gesetzt.',
    'head-only': 'Nur der Kopf lernt; er sieht {texts} Texte mit Label {times}.',
    'classifier-sees': 'Sobald alles aufgetaut ist, sieht der Klassifikator {texts} Texte mit Label {times}.',
    'classifier-sees-part':
      'Sobald alles aufgetaut ist, sieht der Klassifikator etwa {share} von {texts} Texten mit Label.',
    'cut-to-budget': 'Das Training wird auf {share} des Üblichen gekürzt, damit es in {minutes} fertig wird.',
    'both-directions': 'Zwei Modelle werden nacheinander trainiert, eines für jede Richtung: Jede Stufe kommt zweimal.',
    'estimated-usual':
      'Geschätzt aus {texts} von {of} Texten und dem üblichen Tempo zweier Kerne; das Training misst beides.',
    'estimated-timed':
      'Geschätzt aus {texts} von {of} Texten und einigen gemessenen Schritten ({languageModel} Wörter je Sekunde im Sprachmodell, {classifier} im Klassifikator); das Training misst beides.',
    'few-test-rows':
      'Nur {n} Testtext misst das Ergebnis: Es wird bestenfalls auf etwa ±{points} Punkte genau bekannt sein. | Nur {n} Testtexte messen das Ergebnis: Es wird bestenfalls auf etwa ±{points} Punkte genau bekannt sein.',
    'no-test-rows':
      'Kein Text bleibt für den Test: Das Ergebnis wird an den Texten gemessen, nach denen es ausgewählt wird, und sieht besser aus, als es ist.',
    'few-validation-rows':
      'Nur {n} zurückgehaltener Text: zu wenig, um zu beurteilen, ob die Mischung mit dem Wörterzählen besser ist (dazu braucht es {needed}); sie wird auf Vertrauen genommen. | Nur {n} zurückgehaltene Texte: zu wenige, um zu beurteilen, ob die Mischung mit dem Wörterzählen besser ist (dazu braucht es {needed}); sie wird auf Vertrauen genommen.',
    'small-classes':
      '{n} Label hat weniger als {fewest} Texte und wird kaum gefunden werden: {labels}. | {n} Labels haben weniger als {fewest} Texte und werden kaum gefunden werden: {labels}.',
    'labels-are-numbers':
      'Die Labels sind Zahlen mit sehr vielen Werten ({labels} verschiedene in {texts} Texten). Ein Klassifikator unterscheidet Arten von Texten; Mengen schätzt er nicht.',
    'labels-nearly-unique':
      '{labels} verschiedene Labels für {texts} Texte mit Label: Fast jeder Text hat ein eigenes, daraus ist nichts zu lernen. Vielleicht ist es die falsche Spalte.',
    'budget-too-small':
      'Die Zeitgrenze von {minutes} ist zu klein: Vorbereiten, jeden Text einmal lesen und messen dauert länger. Nötig sind etwa {least}.',
    'goes-on': 'Es geht vom letzten Zwischenstand weiter.',
    'forward-now': 'Jetzt das vorwärts lesende Modell: Es liest Texte von ihrem Anfang an.',
    'backward-now': 'Jetzt das rückwärts lesende Modell: Es liest Texte von ihrem Ende her.',
    'no-backward':
      'Es gibt kein vortrainiertes rückwärts lesendes Sprachmodell: Dieses beginnt von Grund auf und lernt nur aus diesen Texten. Die Einstellung pretrainedBackward kann eines nennen.',
    'both-ways': 'Der Encoder liest in beide Richtungen; ein Sprachmodell zum Anpassen gibt es daher nicht.',
    'nothing-taken': 'Von „{model}“ wird nichts übernommen: Seine Einbettung hat eine andere Breite.',
    'embedding-taken':
      'Von „{model}“ wird nur die Einbettung übernommen: Seine Schichten sind von anderer Art oder Größe.',
    'other-language':
      'Die Sprache der Texte ist {textsLanguage}, das Sprachmodell {model} hat aber nur {readLanguage} gelesen: Es kann kaum helfen. Trainieren Sie ohne Vorwissen oder beginnen Sie mit einem Modell für {textsLanguage} ({fitting}).',
    'other-language-alone':
      'Die Sprache der Texte ist {textsLanguage}, das Sprachmodell {model} hat aber nur {readLanguage} gelesen: Es kann kaum helfen. Trainieren Sie ohne Vorwissen oder bringen Sie ein Modell für {textsLanguage} mit.',
    'learning-pieces': 'Aus den Texten werden Teilwörter gelernt.',
    'cut-into-words':
      '{texts} Texte (Sprache: {language}), {tokens} Wörter, ein Vokabular von {vocabulary} ({share} der Wörter stehen nicht darin).',
    'cut-into-pieces':
      '{texts} Texte (Sprache: {language}), {tokens} Teilwörter, ein Vokabular von {vocabulary} ({share} stehen nicht darin).',
    'stepped-back':
      'Stufe „{stage}“, Schritt {at}: Eine Zahl war nicht mehr endlich ({tensor}). Das Training geht zu Schritt {step} zurück und mit dem {rate}-Fachen der Lernrate weiter.',
    patience:
      'Die Stufe „{stage}“ endet nach {epochs} von {of} Epochen: Die Validierung wurde {n} Epoche lang nicht besser. | Die Stufe „{stage}“ endet nach {epochs} von {of} Epochen: Die Validierung wurde {n} Epochen lang nicht besser.',
    'ended-early':
      'Das Training endete auf Ihren Wunsch früher in der Stufe „{stage}“; die besten Gewichte bis dahin bleiben.',
    'blend-pays':
      'Gemittelt mit dem Wörterzählen (Gewicht {weight}) geht der Verlust bei der Validierung von {lossBefore} auf {lossAfter}, {score} von {scoreBefore} auf {scoreAfter} (über Kreuz geprüft): Vorhersagen nehmen die Mischung.',
    'blend-asked':
      'Gemittelt mit dem Wörterzählen (Gewicht {weight}) geht der Verlust bei der Validierung von {lossBefore} auf {lossAfter}, {score} von {scoreBefore} auf {scoreAfter} (über Kreuz geprüft): Wie gewünscht nehmen Vorhersagen die Mischung.',
    'blend-left-out':
      'Gemittelt mit dem Wörterzählen (Gewicht {weight}) geht der Verlust bei der Validierung von {lossBefore} auf {lossAfter}, {score} von {scoreBefore} auf {scoreAfter} (über Kreuz geprüft): Das ist nicht besser, Vorhersagen nehmen das Netz allein.',
    'blend-unjudged':
      'Gemittelt mit dem Wörterzählen (Gewicht {weight}): Vorhersagen nehmen die Mischung, die in der Regel besser ist; {n} zurückgehaltener Text ist zu wenig, um sie zu beurteilen. | Gemittelt mit dem Wörterzählen (Gewicht {weight}): Vorhersagen nehmen die Mischung, die in der Regel besser ist; {n} zurückgehaltene Texte sind zu wenige, um sie zu beurteilen.',
    'rows-unreadable':
      '{n} Zeile von {file} war nicht lesbar und steht nicht im Ergebnis. | {n} Zeilen von {file} waren nicht lesbar und stehen nicht im Ergebnis.',
    'rows-unlabelled': '{n} Zeile ohne Label wurde ausgelassen. | {n} Zeilen ohne Label wurden ausgelassen.',
    'few-rows-to-weigh':
      'Nur {n} Validierungszeile bestimmt die Gewichte; sie bleiben daher fast gleich. Trainings teilen mehr davon, wenn sie denselben Startwert oder eine gegebene Validierungsdatei haben. | Nur {n} Validierungszeilen bestimmen die Gewichte; sie bleiben daher fast gleich. Trainings teilen mehr davon, wenn sie denselben Startwert oder eine gegebene Validierungsdatei haben.',
    'rows-not-weighed':
      '{n} Zeile wurde ausgelassen: Sie hat kein Label oder eines, das die Klassifikatoren nicht kennen. | {n} Zeilen wurden ausgelassen: Sie haben kein Label oder eines, das die Klassifikatoren nicht kennen.',
    'ablation-run': 'Training {run} von {of}: {variant}, Startwert {seed}.',
  },
  noteScores: { accuracy: 'die Genauigkeit', 'micro-f1': 'Mikro-F1' },
  noteTimes: { once: 'einmal', times: '{n}-mal' },
  planWarnings: {
    title: 'Gut zu wissen vor dem Start',
    label: 'Mehr Zeilen labeln',
    more: 'Mehr Texte hinzufügen',
    share: '{share} für den Test behalten',
    columns: 'Spalten ansehen',
    minutes: '{time} erlauben',
  },
};
