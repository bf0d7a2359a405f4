import type { Messages } from '../en/en';

/** Les raisons et avertissements d’un plan, et ce qu’un entraînement dit en chemin. */
export const runNotes: Pick<Messages, 'runNotes' | 'noteTimes' | 'noteScores' | 'planWarnings'> = {
  runNotes: {
    'texts-cut': 'Les textes sont coupés après {tokens} mots (le plus long en a {longest}).',
    'texts-cut-for-budget':
      'Les textes sont coupés après {tokens} mots (le plus long en a {longest}) : les lire tous en entier ne tiendrait pas en {minutes}.',
    'language-model-too-short':
      'Le modèle de langue n’est pas ajusté : il y a trop peu de texte pour apprendre (mots : {tokens}).',
    'language-model-left-out':
      'Le modèle de langue n’est pas ajusté : en {minutes}, il lirait trop peu des textes pour en apprendre.',
    'language-model-reads': 'Le modèle de langue lit {tokens} mots {times}.',
    'language-model-reads-part': 'Le modèle de langue lit environ {share} de {tokens} mots.',
    'changed-little': 'Il a appris le sens des phrases ; pour qu’il ne l’oublie pas, il est peu modifié.',
    'new-words': '{words} mots sur {vocabulary} lui sont nouveaux ; ils sont appris d’abord.',
    'linear-head':
      'Avec {texts} textes étiquetés, rien ne dégèle : une tête linéaire est ajustée sur ce que le modèle de langue, laissé tel quel, fait de chaque texte.',
    'head-only': 'Seule la tête apprend ; elle voit {texts} textes étiquetés {times}.',
    'classifier-sees': 'Une fois tout dégelé, le classifieur voit {texts} textes étiquetés {times}.',
    'classifier-sees-part': 'Une fois tout dégelé, le classifieur voit environ {share} de {texts} textes étiquetés.',
    'cut-to-budget': 'L’entraînement est réduit à {share} de l’habituel, pour tenir en {minutes}.',
    'both-directions':
      'Deux modèles sont entraînés l’un après l’autre, un par sens de lecture : chaque étape vient deux fois.',
    'estimated-usual':
      'Estimé d’après {texts} textes sur {of} et la vitesse habituelle de deux cœurs ; l’entraînement mesure les deux.',
    'estimated-timed':
      'Estimé d’après {texts} textes sur {of} et quelques pas chronométrés ({languageModel} mots par seconde dans le modèle de langue, {classifier} dans le classifieur) ; l’entraînement mesure les deux.',
    'few-test-rows':
      'Seul {n} texte de test mesure le résultat : il sera connu, au mieux, à environ ±{points} points près. | Seuls {n} textes de test mesurent le résultat : il sera connu, au mieux, à environ ±{points} points près.',
    'no-test-rows':
      'Aucun texte n’est réservé au test : le résultat est mesuré sur les textes qui servent à le choisir, et paraît meilleur qu’il n’est.',
    'few-validation-rows':
      'Seul {n} texte réservé : trop peu pour juger si le mélange avec le comptage des mots est meilleur (il en faut {needed}) ; il est pris de confiance. | Seuls {n} textes réservés : trop peu pour juger si le mélange avec le comptage des mots est meilleur (il en faut {needed}) ; il est pris de confiance.',
    'small-classes':
      '{n} étiquette a moins de {fewest} textes et ne sera guère trouvée : {labels}. | {n} étiquettes ont moins de {fewest} textes et ne seront guère trouvées : {labels}.',
    'labels-are-numbers':
      'Les étiquettes sont des nombres de valeurs très diverses ({labels} différentes dans {texts} textes). Un classifieur distingue des sortes de textes ; il n’estime pas des quantités.',
    'labels-nearly-unique':
      '{labels} étiquettes différentes pour {texts} textes étiquetés : presque chaque texte a la sienne, il n’y a rien à en apprendre. C’est peut-être la mauvaise colonne.',
    'budget-too-small':
      'La limite de {minutes} est trop courte : préparer, lire chaque texte une fois et mesurer prend plus longtemps. Il en faut environ {least}.',
    'goes-on': 'Reprise au dernier point de sauvegarde.',
    'forward-now': 'Maintenant le modèle vers l’avant : il lit les textes depuis leur début.',
    'backward-now': 'Maintenant le modèle à rebours : il lit les textes depuis leur fin.',
    'no-backward':
      'Il n’y a pas de modèle de langue à rebours préentraîné : ce modèle part de zéro et n’apprend que de ces textes. L’option pretrainedBackward peut en nommer un.',
    'both-ways': 'L’encodeur lit dans les deux sens : il n’y a donc pas de modèle de langue à ajuster.',
    'nothing-taken': 'Rien de « {model} » n’est repris : son plongement a une autre largeur.',
    'embedding-taken':
      'De « {model} », seul le plongement est repris : ses couches sont d’un autre genre ou d’une autre taille.',
    'other-language':
      'La langue des textes est : {textsLanguage}, mais le modèle de langue {model} n’a lu que : {readLanguage} ; il n’aidera guère. Entraînez sans acquis, ou partez d’un modèle pour : {textsLanguage} ({fitting}).',
    'other-language-alone':
      'La langue des textes est : {textsLanguage}, mais le modèle de langue {model} n’a lu que : {readLanguage} ; il n’aidera guère. Entraînez sans acquis, ou apportez un modèle pour : {textsLanguage}.',
    'learning-pieces': 'Des sous-mots sont appris sur les textes.',
    'cut-into-words':
      '{texts} textes (langue : {language}), {tokens} mots, un vocabulaire de {vocabulary} ({share} des mots n’y sont pas).',
    'cut-into-pieces':
      '{texts} textes (langue : {language}), {tokens} sous-mots, un vocabulaire de {vocabulary} ({share} n’y sont pas).',
    'stepped-back':
      'Étape « {stage} », pas {at} : un nombre n’était plus fini ({tensor}). L’entraînement revient au pas {step} et continue avec {rate} fois son taux.',
    patience:
      'L’étape « {stage} » finit après {epochs} époques sur {of} : la validation n’a pas progressé pendant {n} époque. | L’étape « {stage} » finit après {epochs} époques sur {of} : la validation n’a pas progressé pendant {n} époques.',
    'ended-early':
      'L’entraînement s’est terminé plus tôt à l’étape « {stage} », comme vous le vouliez ; les meilleurs poids jusque-là sont gardés.',
    'blend-pays':
      'En moyenne avec le comptage des mots (poids {weight}), la perte en validation passe de {lossBefore} à {lossAfter} et {score} de {scoreBefore} à {scoreAfter} (validation croisée) : les prédictions utilisent le mélange.',
    'blend-asked':
      'En moyenne avec le comptage des mots (poids {weight}), la perte en validation passe de {lossBefore} à {lossAfter} et {score} de {scoreBefore} à {scoreAfter} (validation croisée) : comme demandé, les prédictions utilisent le mélange.',
    'blend-left-out':
      'En moyenne avec le comptage des mots (poids {weight}), la perte en validation passe de {lossBefore} à {lossAfter} et {score} de {scoreBefore} à {scoreAfter} (validation croisée) : ce n’est pas mieux, les prédictions utilisent le réseau seul.',
    'blend-unjudged':
      'En moyenne avec le comptage des mots (poids {weight}) : les prédictions utilisent le mélange, meilleur en règle générale ; {n} texte réservé est trop peu pour en juger. | En moyenne avec le comptage des mots (poids {weight}) : les prédictions utilisent le mélange, meilleur en règle générale ; {n} textes réservés sont trop peu pour en juger.',
    'rows-unreadable':
      '{n} ligne de {file} n’a pas pu être lue et n’est pas dans le résultat. | {n} lignes de {file} n’ont pas pu être lues et ne sont pas dans le résultat.',
    'rows-unlabelled':
      '{n} ligne sans étiquette a été laissée de côté. | {n} lignes sans étiquette ont été laissées de côté.',
    'few-rows-to-weigh':
      'Seule {n} ligne de validation choisit les poids ; ils restent donc presque égaux. Les entraînements en partagent plus avec la même graine ou un fichier de validation donné. | Seules {n} lignes de validation choisissent les poids ; ils restent donc presque égaux. Les entraînements en partagent plus avec la même graine ou un fichier de validation donné.',
    'rows-not-weighed':
      '{n} ligne a été laissée de côté : elle n’a pas d’étiquette, ou une que les classifieurs ne connaissent pas. | {n} lignes ont été laissées de côté : elles n’ont pas d’étiquette, ou une que les classifieurs ne connaissent pas.',
    'ablation-run': 'Essai {run} sur {of} : {variant}, graine {seed}.',
  },
  noteScores: { accuracy: 'l’exactitude', 'micro-f1': 'le micro-F1' },
  noteTimes: { once: 'une fois', times: '{n} fois' },
  planWarnings: {
    title: 'Bon à savoir avant de commencer',
    label: 'Étiqueter plus de lignes',
    more: 'Ajouter des textes',
    share: 'Garder {share} pour le test',
    columns: 'Voir les colonnes',
    minutes: 'Accorder {time}',
  },
};
