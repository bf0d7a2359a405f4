import type { classifyFile as english } from '../en/classify-file';

/** Donner des étiquettes à un fichier, et mesurer sur un fichier. */
export const classifyFile: typeof english = {
  classifyFile: {
    title: 'Étiqueter un fichier',
    lead: 'Choisissez un fichier ou déposez-le ici : CSV, Excel, JSON, Parquet ou texte brut. Le fichier lui-même ne change pas.',
    choose: 'Choisir un fichier…',
    chooseTitle: 'Fichier à étiqueter',
    another: 'Un autre fichier…',
    about: 'environ {n} ligne | environ {n} lignes',
    missing:
      'Le modèle a appris de la colonne {columns}, absente de ce fichier. Choisissez ci-dessous ce qu’il faut lire à sa place. | Le modèle a appris des colonnes {columns}, absentes de ce fichier. Choisissez ci-dessous ce qu’il faut lire à leur place.',
    text: 'Texte',
    textOf: 'À la place de {column}',
    answers: 'Bonnes réponses, si le fichier en a',
    answersOption: '{column} ({share} d’étiquettes du modèle)',
    answersBy: {
      values: 'Choisie d’après ses valeurs :',
      name: 'Choisie d’après son seul nom :',
    },
    answersValues:
      '{known} valeur regardée sur {filled} est une étiquette du modèle. | {known} valeurs regardées sur {filled} sont des étiquettes du modèle.',
    answersOther: '« {value} », par exemple, n’en est pas une.',
    answersNone:
      'Dans la {n} ligne regardée, aucune colonne ne contient d’étiquettes du modèle. | Dans les {n} lignes regardées, aucune colonne ne contient d’étiquettes du modèle.',
    asTrained: 'la {n} colonne de l’entraînement | les {n} colonnes de l’entraînement',
    noAnswers: 'aucune',
    shape: 'À quoi ressemble le nouveau fichier',
    format: 'Type de fichier',
    formats: {
      csv: 'CSV (tableurs)',
      tsv: 'TSV (tabulations)',
      jsonl: 'JSON Lines',
      parquet: 'Parquet',
    },
    labels: 'Ce qui est ajouté',
    kinds: {
      answer: 'la réponse seule',
      best: 'les meilleures étiquettes',
      all: 'toutes les étiquettes',
    },
    best: 'Combien',
    probabilities: 'avec les probabilités',
    probability: 'Probabilité',
    below: 'Ne répondre que si c’est sûr',
    always: 'toujours',
    from: 'dès {share}',
    effect:
      'Sur {n} texte réservé à la validation, il répondrait à {coverage}, et {share} de ces réponses sont justes ({low} à {high}). | Sur {n} textes réservés à la validation, il répondrait à {coverage}, et {share} de ces réponses sont justes ({low} à {high}).',
    effectFew:
      'Sur {n} textes réservés à la validation, il répondrait à {kept}, dont {right} juste : trop peu pour dire combien de fois il a raison. | Sur {n} textes réservés à la validation, il répondrait à {kept}, dont {right} justes : trop peu pour dire combien de fois il a raison.',
    effectNone:
      'Il n’est aussi sûr d’aucun des {n} textes réservés à la validation. | Il n’est aussi sûr d’aucun des {n} textes réservés à la validation.',
    backToSaved: 'Revenir à {share}, comme sous « Confiance »',
    backToAlways: 'Revenir à toujours',
    examples: 'Les premiers textes tels qu’ils seront lus',
    run: 'Étiqueter et enregistrer…',
    saveTitle: 'Enregistrer le fichier étiqueté',
    suffix: 'etiquete',
    measure: 'Combien de fois le modèle a-t-il raison ici ?',
    what: {
      answer: 'Un nouveau fichier reçoit toutes les colonnes de celui-ci et l’étiquette dans « predicted ».',
      best: 'Un nouveau fichier reçoit toutes les colonnes de celui-ci, l’étiquette dans « predicted » et les étiquettes les plus probables, la meilleure d’abord.',
      all: 'Un nouveau fichier reçoit toutes les colonnes de celui-ci, l’étiquette dans « predicted » et la probabilité de chaque étiquette.',
    },
    waits: 'Attend la fin de ce qui est en cours.',
    done: '{n} ligne traitée | {n} lignes traitées',
    left: 'encore {time}',
    pause: 'Pause',
    resume: 'Reprendre',
    written: '{n} ligne étiquetée | {n} lignes étiquetées',
    unanswered: '{n} ligne n’a pas reçu d’étiquette. | {n} lignes n’ont pas reçu d’étiquette.',
    unansweredBelow:
      '{n} ligne n’a pas reçu d’étiquette, le modèle en étant sûr à moins de {from} ; {share} des lignes en ont reçu une. | {n} lignes n’ont pas reçu d’étiquette, le modèle en étant sûr à moins de {from} ; {share} des lignes en ont reçu une.',
    noRows: 'Le fichier n’a aucune ligne lisible.',
    leastSure: 'Les lignes dont il est le moins sûr',
    leastSureHint: 'À regarder : c’est ici qu’il se trompe le plus.',
    surest: 'Les lignes dont il est le plus sûr',
    surestHint: 'Sûr ne veut pas dire juste : voyez si c’est ce que vous attendez.',
    notGiven: 'non donnée',
    who: 'Qui répond',
    rightSets: 'Toutes les étiquettes justes',
    macroF1: 'F1, étiquettes à égalité',
    macroHint: 'F1 macro : la moyenne sur les étiquettes, les rares comptent autant que les fréquentes',
    microF1: 'F1, réponses à égalité',
    microHint: 'F1 micro : sur toutes les étiquettes de toutes les lignes, les fréquentes comptent plus',
    few: '{n} ligne, c’est trop peu pour mesurer : les chiffres disent peu. | {n} lignes, c’est trop peu pour mesurer : les chiffres disent peu.',
    answeredShare:
      'Réponses dès {from} seulement : {kept} ligne sur {n} ({coverage}), dont justes : {share}. | Réponses dès {from} seulement : {kept} lignes sur {n} ({coverage}), dont justes : {share}.',
    answeredNone:
      'Aucune réponse n’atteint {from} : aucune ne serait donnée. | Aucune réponse n’atteint {from} : aucune ne serait donnée.',
    known:
      '{n} ligne du fichier a un texte que le modèle connaît de son entraînement ({train} pour apprendre, {valid} pour le choisir), ce qui le flatte. | {n} lignes du fichier ont des textes que le modèle connaît de son entraînement ({train} pour apprendre, {valid} pour le choisir), ce qui le flatte.',
    knownWithout:
      'Sans elle, sur {n} ligne : justes {share}, F1 {macro}. | Sans elles, sur {n} lignes : justes {share}, F1 {macro}.',
    knownAll: 'Il ne reste aucune autre ligne : ces chiffres ne disent rien des textes nouveaux.',
    knownRow: {
      train: 'appris de ce texte',
      valid: 'choisi d’après ce texte',
    },
    respelled:
      'Dans {n} ligne, l’étiquette est écrite avec d’autres majuscules ou d’autres espaces ; elle compte comme celle du modèle. | Dans {n} lignes, l’étiquette est écrite avec d’autres majuscules ou d’autres espaces ; elle compte comme celle du modèle.',
    rejectedMeasured: '{n} ligne n’a pas pu être lue ni mesurée. | {n} lignes n’ont pas pu être lues ni mesurées.',
    matrixLead:
      'Les lignes sont les bonnes réponses, les colonnes celles du modèle. Une case montre en bas ses lignes fausses.',
    wrong: '{n} ligne fausse, la plus sûre d’abord | {n} lignes fausses, la plus sûre d’abord',
    wrongSome: 'Voici les {n} dont le modèle est le plus sûr.',
    noneWrong: 'Aucune : toutes les réponses sont justes.',
    noneOfCell: 'Aucune des lignes montrées n’est de cette case.',
    line: 'ligne {n}',
    rejected:
      '{n} ligne n’a pas pu être lue et manque dans le résultat. | {n} lignes n’ont pas pu être lues et manquent dans le résultat.',
    measured: 'Mesuré sur {n} ligne avec réponse | Mesuré sur {n} lignes avec réponse',
    unlabelled: '{n} ligne sans réponse a été laissée de côté. | {n} lignes sans réponse ont été laissées de côté.',
    unknown: 'Le modèle ne connaît pas ces étiquettes ; leurs lignes comptent comme fausses : {labels}.',
    command: 'Étiqueter un fichier',
  },
};
