import { contenderWords } from '../../../shared/contender-words';
import type { ReportLanguage } from '../../../shared/inspect-types';
import { typesetAll } from '../../../shared/typography';

const en = {
  title: 'Report of a text classifier',
  made: 'Made on {date} with Thaw {version}',
  run: 'Run {id}, started {date}, on {device}',
  summary: 'In short',
  verdictBetter: 'The classifier is better than word counts (TF-IDF): of {n} held-out texts it gets {gain} more right.',
  verdictEven: 'On {n} held-out texts the classifier and word counts (TF-IDF) cannot be told apart.',
  verdictWorse: 'The classifier is worse than word counts (TF-IDF): of {n} held-out texts it gets {gain} fewer right.',
  byChance:
    'Were both equally good, a difference as large as this one would come by chance in {p} of such comparisons (McNemar’s exact test).',
  measuredTest: 'All figures are of {n} test texts that nothing was learned or chosen on.',
  measuredValid:
    'There was no test set: figures are of {n} validation texts, on which weights and temperature were chosen. They flatter a little.',
  intervals: 'Intervals are 95 %: Wilson for shares and for the F1 of a label, bootstrap for F1 over labels.',
  tooFew:
    '{n} texts are too few to measure by: {right} right says no more than that the share lies between {low} and {high}.',
  onValidation:
    'Of {n} validation texts {right} are right ({low} … {high}); the classifier was chosen by them, which flatters a little.',
  blendByRule:
    'Network and word counts are blended, which is better as a rule; whether it is here was not judged, which takes {needed} held-out texts ({n} here).',
  learnedNothing: 'The network alone has learned nothing: it tells no more than which label is the most frequent.',
  learnedUnsure: 'Whether the network alone has learned anything cannot be told from these texts.',
  contenders: 'Side by side',
  contender: contenderWords.en,
  used: 'in use',
  accuracy: 'Right',
  macroF1: 'F1, mean over labels',
  microF1: 'F1 over all',
  ece: 'Calibration error',
  loss: 'Loss',
  classes: 'Label by label',
  label: 'Label',
  precision: 'Precision',
  recall: 'Recall',
  f1: 'F1',
  support: 'Texts',
  fewTexts: 'Fewer than {n} texts: too few to say.',
  side: { valid: 'validation', test: 'test' },
  baselineF1: 'F1 of word counts',
  confusion: 'Mix-ups',
  confusionLead: 'Rows are true labels, columns what the classifier said; labels that are mixed up stand together.',
  pair: '{actual} taken for {predicted}',
  pairOf: '{n} of {total}',
  confidence: 'When it is sure',
  confidenceLead:
    'If answers below a threshold are left to a person: how many it still gives, and how many of those are right.',
  threshold: 'From',
  coverage: 'Answered',
  recallAll: 'Found',
  classCoverage: 'Each label at some thresholds',
  classCoverageLead:
    'Of the answers with this label how many are left from there on; in small print, how many of them are right.',
  classCoverageSeveral:
    'Of the texts with this label how many are found from there on; in small print, how often it is right where it is given.',
  reliability: 'Said and true',
  reliabilityLead:
    'A probability of 80 % should be right 80 times in 100. Calibration error before the temperature {before}, after it {after} (temperature {t}).',
  said: 'Said',
  wasRight: 'Was right',
  before: 'Before',
  after: 'After',
  slices: 'Kinds of texts',
  slicesLead: 'A mark stands where the whole interval lies above or below the share of all texts.',
  by: { length: 'Length in words', language: 'Language', column: 'Column “{name}”' },
  words: '{low} to {high}',
  wordsMore: '{low} and more',
  noValue: 'not known',
  otherValues: 'all others',
  worse: 'worse',
  better: 'better',
  errors: 'Sure and wrong',
  errorsLead: 'The errors that it was most certain of.',
  uncertain: 'Unsure',
  uncertainLead: 'Texts that it could not decide on, right or wrong.',
  costliest: 'Costliest',
  costliestLead: 'Texts whose true label it thought least likely.',
  doubted: 'Labels that may be wrong',
  doubtedFrom: 'Labels that disagree with a model that never saw them (confident learning).',
  doubtedLead:
    'Of the held-out texts at most about {n} labels are wrong; the estimate counts mistakes of the model too.',
  text: 'Text',
  is: 'Is',
  saidLabel: 'Said',
  suggestion: 'Rather',
  explained: 'Why it says so',
  explainedLeftOut:
    'Each word with how much the log odds of “{label}” fall when it is left out: word counts decide most here.',
  explainedLead:
    'Each word with what it adds to “{label}” (gradient × input); underlined where leaving the word out confirms it. Numbers stand in the title of each word.',
  explainedNone: 'The weights of this run are no longer kept, so its answers cannot be explained.',
  none: 'None.',
  training: 'Training',
  curve: 'Loss of classifier and language model over the steps',
  settings: 'Settings',
  setting: 'Setting',
  value: 'Value',
  data: '{train} texts to learn from, {valid} to validate, {test} to test; {labels} labels.',
};

/** All words of a report. */
export type ReportWords = typeof en;

const de: ReportWords = {
  title: 'Bericht über einen Textklassifikator',
  made: 'Erstellt am {date} mit Thaw {version}',
  run: 'Lauf {id}, begonnen {date}, auf {device}',
  summary: 'Kurz gesagt',
  verdictBetter:
    'Der Klassifikator ist besser als Wörterzählen (TF-IDF): Von {n} zurückgehaltenen Texten hat er {gain} mehr richtig.',
  verdictEven: 'An {n} zurückgehaltenen Texten sind Klassifikator und Wörterzählen (TF-IDF) nicht zu unterscheiden.',
  verdictWorse:
    'Der Klassifikator ist schlechter als Wörterzählen (TF-IDF): Von {n} zurückgehaltenen Texten hat er {gain} weniger richtig.',
  byChance:
    'Wären beide gleich gut, käme ein so großer Unterschied bei {p} solcher Vergleiche durch Zufall vor (exakter Test nach McNemar).',
  measuredTest: 'Alle Zahlen stammen von {n} Testtexten, an denen nichts gelernt oder gewählt wurde.',
  measuredValid:
    'Es gab keinen Testsatz: Die Zahlen stammen von {n} Validierungstexten, an denen Gewichte und Temperatur gewählt wurden. Sie schmeicheln ein wenig.',
  intervals: 'Intervalle gelten zu 95 %: Wilson für Anteile und für F1 eines Labels, Bootstrap für F1 über Labels.',
  tooFew:
    '{n} Texte sind zu wenig, um daran zu messen: {right} richtige sagen nur, dass der Anteil zwischen {low} und {high} liegt.',
  onValidation:
    'Von {n} Validierungstexten sind {right} richtig ({low} … {high}); danach wurde der Klassifikator ausgewählt, was ein wenig schmeichelt.',
  blendByRule:
    'Netz und Wörterzählen sind gemischt, was in der Regel besser ist; ob auch hier, wurde nicht beurteilt: Dazu braucht es {needed} zurückgehaltene Texte (hier {n}).',
  learnedNothing: 'Das Netz allein hat nichts gelernt: Es nennt nur das häufigste Label.',
  learnedUnsure: 'Ob das Netz allein etwas gelernt hat, lässt sich an diesen Texten nicht sagen.',
  contenders: 'Nebeneinander',
  contender: contenderWords.de,
  used: 'verwendet',
  accuracy: 'Richtig',
  macroF1: 'F1, Mittel über Labels',
  microF1: 'F1 über alles',
  ece: 'Kalibrierungsfehler',
  loss: 'Verlust',
  classes: 'Label für Label',
  label: 'Label',
  precision: 'Präzision',
  recall: 'Trefferquote',
  f1: 'F1',
  support: 'Texte',
  fewTexts: 'Weniger als {n} Texte: zu wenige, um etwas zu sagen.',
  side: { valid: 'Validierung', test: 'Test' },
  baselineF1: 'F1 vom Wörterzählen',
  confusion: 'Verwechslungen',
  confusionLead: 'Zeilen sind wahre Labels, Spalten die Antworten; was verwechselt wird, steht beieinander.',
  pair: '{actual} für {predicted} gehalten',
  pairOf: '{n} von {total}',
  confidence: 'Wenn er sicher ist',
  confidenceLead:
    'Werden Antworten unter einer Schwelle einem Menschen überlassen: wie viele er noch gibt und wie viele davon richtig sind.',
  threshold: 'Ab',
  coverage: 'Beantwortet',
  recallAll: 'Gefunden',
  classCoverage: 'Jedes Label bei einigen Schwellen',
  classCoverageLead:
    'Wie viele der Antworten mit diesem Label ab dort bleiben; klein gedruckt, wie viele davon richtig sind.',
  classCoverageSeveral:
    'Wie viele der Texte mit diesem Label ab dort gefunden werden; klein gedruckt, wie oft das Label stimmt, wo es gegeben wird.',
  reliability: 'Gesagt und wahr',
  reliabilityLead:
    'Eine Wahrscheinlichkeit von 80 % sollte 80-mal von 100 stimmen. Kalibrierungsfehler vor der Temperatur {before}, danach {after} (Temperatur {t}).',
  said: 'Gesagt',
  wasRight: 'War richtig',
  before: 'Vorher',
  after: 'Nachher',
  slices: 'Arten von Texten',
  slicesLead: 'Ein Zeichen steht, wo das ganze Intervall über oder unter dem Anteil aller Texte liegt.',
  by: { length: 'Länge in Wörtern', language: 'Sprache', column: 'Spalte „{name}“' },
  words: '{low} bis {high}',
  wordsMore: '{low} und mehr',
  noValue: 'nicht bekannt',
  otherValues: 'alle anderen',
  worse: 'schlechter',
  better: 'besser',
  errors: 'Sicher und falsch',
  errorsLead: 'Die Fehler, bei denen er am sichersten war.',
  uncertain: 'Unsicher',
  uncertainLead: 'Texte, bei denen er sich nicht entscheiden konnte, ob richtig oder falsch.',
  costliest: 'Teuerste',
  costliestLead: 'Texte, deren wahres Label er für am unwahrscheinlichsten hielt.',
  doubted: 'Vielleicht falsche Labels',
  doubtedFrom: 'Labels, denen ein Modell widerspricht, das sie nie gesehen hat (Confident Learning).',
  doubtedLead:
    'Unter den zurückgehaltenen Texten sind höchstens etwa {n} Labels falsch; die Schätzung zählt auch Fehler des Modells mit.',
  text: 'Text',
  is: 'Ist',
  saidLabel: 'Gesagt',
  suggestion: 'Eher',
  explained: 'Warum er das sagt',
  explainedLeftOut:
    'Jedes Wort damit, um wie viel „{label}“ fällt, wenn es fehlt (Log-Odds): Hier entscheidet vor allem das Wörterzählen.',
  explainedLead:
    'Jedes Wort mit dem, was es zu „{label}“ beiträgt (Gradient × Eingabe); unterstrichen, wo das Weglassen es bestätigt. Die Zahlen stehen im Titel jedes Worts.',
  explainedNone: 'Die Gewichte dieses Laufs sind nicht mehr da, daher lassen sich seine Antworten nicht erklären.',
  none: 'Keine.',
  training: 'Training',
  curve: 'Verlust von Klassifikator und Sprachmodell über die Schritte',
  settings: 'Einstellungen',
  setting: 'Einstellung',
  value: 'Wert',
  data: '{train} Texte zum Lernen, {valid} zum Validieren, {test} zum Testen; {labels} Labels.',
};

const fr: ReportWords = {
  title: 'Rapport sur un classifieur de textes',
  made: 'Établi le {date} avec Thaw {version}',
  run: 'Essai {id}, commencé le {date}, sur {device}',
  summary: 'En bref',
  verdictBetter:
    'Le classifieur est meilleur que le comptage des mots (TF-IDF) : sur {n} textes réservés, {gain} de plus sont justes.',
  verdictEven: 'Sur {n} textes réservés, le classifieur et le comptage des mots (TF-IDF) ne se distinguent pas.',
  verdictWorse:
    'Le classifieur est moins bon que le comptage des mots (TF-IDF) : sur {n} textes réservés, {gain} de moins sont justes.',
  byChance:
    'Si les deux se valaient, une différence aussi grande apparaîtrait par hasard dans {p} de telles comparaisons (test exact de McNemar).',
  measuredTest: 'Tous les chiffres portent sur {n} textes de test sur lesquels rien n’a été appris ni choisi.',
  measuredValid:
    'Il n’y avait pas de jeu de test : les chiffres portent sur {n} textes de validation, qui ont servi à choisir poids et température. Ils sont un peu flatteurs.',
  intervals:
    'Intervalles à 95 % : Wilson pour les parts et pour la F1 d’une étiquette, bootstrap pour la F1 sur les étiquettes.',
  tooFew:
    '{n} textes ne suffisent pas pour mesurer : {right} justes disent seulement que la part se trouve entre {low} et {high}.',
  onValidation:
    'Sur {n} textes de validation, {right} sont justes ({low} … {high}) ; le classifieur a été choisi d’après eux, ce qui le flatte un peu.',
  blendByRule:
    'Réseau et comptage des mots sont mêlés, ce qui vaut mieux en général ; ici, cela n’a pas été jugé : il y faut {needed} textes réservés (ici {n}).',
  learnedNothing: 'Le réseau seul n’a rien appris : il ne donne que l’étiquette la plus fréquente.',
  learnedUnsure: 'Ces textes ne permettent pas de dire si le réseau seul a appris quelque chose.',
  contenders: 'Côte à côte',
  contender: contenderWords.fr,
  used: 'utilisé',
  accuracy: 'Juste',
  macroF1: 'F1, moyenne des étiquettes',
  microF1: 'F1 globale',
  ece: 'Erreur de calibration',
  loss: 'Perte',
  classes: 'Étiquette par étiquette',
  label: 'Étiquette',
  precision: 'Précision',
  recall: 'Rappel',
  f1: 'F1',
  support: 'Textes',
  fewTexts: 'Moins de {n} textes : trop peu pour dire quelque chose.',
  side: { valid: 'validation', test: 'test' },
  baselineF1: 'F1 du comptage',
  confusion: 'Confusions',
  confusionLead:
    'Les lignes sont les vraies étiquettes, les colonnes les réponses ; celles que l’on confond sont voisines.',
  pair: '{actual} pris pour {predicted}',
  pairOf: '{n} sur {total}',
  confidence: 'Quand il est sûr',
  confidenceLead:
    'Si les réponses sous un seuil sont laissées à une personne : combien il en donne encore, et combien sont justes.',
  threshold: 'À partir de',
  coverage: 'Répondus',
  recallAll: 'Trouvés',
  classCoverage: 'Chaque étiquette à quelques seuils',
  classCoverageLead:
    'Des réponses avec cette étiquette, combien restent à partir de là ; en petit, combien d’entre elles sont justes.',
  classCoverageSeveral:
    'Des textes avec cette étiquette, combien sont trouvés à partir de là ; en petit, combien de fois elle est donnée à raison.',
  reliability: 'Annoncé et vrai',
  reliabilityLead:
    'Une probabilité de 80 % devrait être juste 80 fois sur 100. Erreur de calibration avant la température {before}, après {after} (température {t}).',
  said: 'Annoncé',
  wasRight: 'Était juste',
  before: 'Avant',
  after: 'Après',
  slices: 'Sortes de textes',
  slicesLead: 'Une marque figure où tout l’intervalle est au-dessus ou au-dessous de la part de l’ensemble.',
  by: { length: 'Longueur en mots', language: 'Langue', column: 'Colonne « {name} »' },
  words: '{low} à {high}',
  wordsMore: '{low} et plus',
  noValue: 'inconnu',
  otherValues: 'tous les autres',
  worse: 'moins bon',
  better: 'meilleur',
  errors: 'Sûr et faux',
  errorsLead: 'Les erreurs dont il était le plus certain.',
  uncertain: 'Incertains',
  uncertainLead: 'Les textes sur lesquels il n’a pas su se décider, à tort ou à raison.',
  costliest: 'Les plus coûteux',
  costliestLead: 'Les textes dont il jugeait la vraie étiquette la moins probable.',
  doubted: 'Étiquettes peut-être fausses',
  doubtedFrom: 'Des étiquettes que contredit un modèle qui ne les a jamais vues (confident learning).',
  doubtedLead:
    'Parmi les textes réservés, au plus environ {n} étiquettes sont fausses ; l’estimation compte aussi les erreurs du modèle.',
  text: 'Texte',
  is: 'Est',
  saidLabel: 'Répondu',
  suggestion: 'Plutôt',
  explained: 'Pourquoi il le dit',
  explainedLeftOut:
    'Chaque mot avec la baisse de « {label} » quand il manque (log-cote) : ici décide surtout le comptage des mots.',
  explainedLead:
    'Chaque mot avec ce qu’il apporte à « {label} » (gradient × entrée) ; souligné où l’omission du mot le confirme. Les nombres figurent dans le titre de chaque mot.',
  explainedNone: 'Les poids de cet essai ne sont plus conservés : ses réponses ne peuvent pas être expliquées.',
  none: 'Aucun.',
  training: 'Entraînement',
  curve: 'Perte du classifieur et du modèle de langue au fil des pas',
  settings: 'Réglages',
  setting: 'Réglage',
  value: 'Valeur',
  data: '{train} textes pour apprendre, {valid} pour valider, {test} pour tester ; {labels} étiquettes.',
};

/** The words of a report in each language. */
export const reportWords: Readonly<Record<ReportLanguage, ReportWords>> = {
  en,
  de: typesetAll('de', de),
  fr: typesetAll('fr', fr),
};

/** A sentence with its `{names}` filled in. */
export function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
