import type { Messages } from '../en/en';

/** Ce que le moteur dit dans ses propres phrases. */
export const engineWords: Pick<Messages, 'engineWords'> = {
  engineWords: {
    cut: 'Les textes sont coupés après {n} mots (le plus long en a {longest}).',
    lmTooFew: 'Le modèle de langue n’est pas ajusté : {n} mots, c’est trop peu pour apprendre.',
    lmReadsOnce: 'Le modèle de langue lit {n} mots une fois.',
    lmReads: 'Le modèle de langue lit {n} mots {times} fois.',
    gentle: 'Il a appris le sens des phrases ; pour qu’il ne l’oublie pas, il est peu modifié.',
    newWords: '{n} mots sur {total} lui sont nouveaux ; ils sont appris d’abord.',
    onlyHeadOnce: 'Seule la tête apprend ; elle voit {n} textes étiquetés une fois.',
    onlyHead: 'Seule la tête apprend ; elle voit {n} textes étiquetés {times} fois.',
    seesOnce: 'Le classifieur voit {n} textes étiquetés une fois, quand tout est dégelé.',
    sees: 'Le classifieur voit {n} textes étiquetés {times} fois, quand tout est dégelé.',
    budget: 'Les passages sont réduits à {share} % pour tenir en {minutes} minutes.',
    trainedTwice:
      'Deux modèles sont entraînés l’un après l’autre, un par sens de lecture : chaque étape vient deux fois.',
    estimatedUsual:
      'Estimé d’après {n} textes sur {total} et la vitesse habituelle de deux cœurs ; l’entraînement mesure les deux.',
    estimatedTimed:
      'Estimé d’après {n} textes sur {total} et quelques pas chronométrés ({model} mots par seconde dans le modèle de langue, {classifier} dans le classifieur) ; l’entraînement mesure les deux.',
    otherLanguage:
      'Le modèle de langue {name} a lu une autre langue que celle des textes : il n’aidera guère. Entraînez sans acquis, ou choisissez un modèle de cette langue.',
    stepsBack:
      'La perte n’était plus un nombre. L’entraînement revient au pas {n} et continue avec {share} fois son taux.',
    bothWays: 'L’encodeur lit dans les deux sens : il n’y a donc pas de modèle de langue à ajuster.',
    nothingTaken: 'Rien de « {name} » n’est repris : son plongement a une autre largeur.',
    embeddingTaken:
      'De « {name} », seul le plongement est repris : ses couches sont d’un autre genre ou d’une autre taille.',
    texts:
      '{n} textes (langue : {language}), {tokens} mots, un vocabulaire de {words} ({share} % des mots n’y sont pas).',
    textsInPieces:
      '{n} textes (langue : {language}), {tokens} sous-mots, un vocabulaire de {words} ({share} % n’y sont pas).',
    blendUsed:
      'En moyenne avec le comptage des mots (poids {weight}), la perte en validation passe de {before} à {after} et l’exactitude de {was} % à {is} % (validation croisée) : les prédictions utilisent le mélange.',
    blendUnjudged:
      'En moyenne avec le comptage des mots (poids {weight}) : les prédictions utilisent le mélange, meilleur en règle générale ; {n} textes de validation sont trop peu pour en juger.',
    blendUnused:
      'En moyenne avec le comptage des mots (poids {weight}), la perte en validation passe de {before} à {after} et l’exactitude de {was} % à {is} % (validation croisée) : ce n’est pas mieux, les prédictions utilisent le réseau seul.',
    endedEarly:
      'L’entraînement s’est terminé plus tôt à l’étape « {stage} », comme vous le vouliez ; les meilleurs poids jusque-là sont gardés.',
    patience:
      'L’étape « {stage} » finit après {n} époques sur {total} : la validation n’a pas progressé pendant {patience}.',
    forwardNow: 'Maintenant le modèle vers l’avant : il lit les textes depuis leur début.',
    backwardNow: 'Maintenant le modèle à rebours : il lit les textes depuis leur fin.',
    noBackward:
      'Il n’y a pas de modèle de langue à rebours préentraîné : ce modèle part de zéro et n’apprend que de ces textes.',
    goesOn: 'Reprise au dernier point de sauvegarde.',
    learnsPieces: 'Des sous-mots sont appris sur les textes.',
    skippedOne: 'La première ligne n’est pas lue.',
    skipped: 'Les {n} premières lignes ne sont pas lues.',
    headerOnly: 'Le fichier a un en-tête mais aucune ligne.',
    noRow: 'Aucune ligne n’a pu être lue.',
    lines: 'Aucun séparateur trouvé : chaque ligne est prise pour un texte.',
    quotesKept: 'Les guillemets sont pris comme partie des textes.',
    unnamed: 'Les colonnes sans nom s’appellent column1, column2 …',
    unreadable: 'Parmi les premières lignes, {n} sont illisibles ; la première est la ligne {line} : {reason}.',
    halfTested: 'Le fichier est grand : seul son premier demi-gigaoctet a été vérifié en UTF-8.',
    damaged: 'Certains endroits du fichier ne sont pas de l’UTF-8 valide ; leurs lignes seront parmi les refusées.',
    sheet: 'Feuille lue : « {name} », sur {n}.',
    chosen: 'choisi',
    mark: 'marque en tête du fichier (BOM)',
    valid: 'UTF-8 valide',
    damagedPlaces: 'UTF-8 avec des endroits abîmés',
    zeros: 'octets nuls comme en UTF-16, sans marque en tête',
    western: 'pas de l’UTF-8, trop peu de lettres étrangères pour en dire plus : pris pour de l’européen de l’Ouest',
    statistics: 'statistiques ({share} %)',
    eachFile: 'chaque fichier à part',
    workbook: 'classeur Excel',
    nul: 'un octet nul dans la ligne',
    notDecoded: 'des octets illisibles dans cet encodage',
    cells: '{expected} cellules attendues, {got} trouvées',
    afterQuote: 'du texte après le guillemet fermant de la cellule {cell}',
    openQuote: 'un guillemet ouvrant n’est jamais fermé',
    noObject: 'pas un objet JSON',
    noJson: 'JSON invalide ({why})',
    tooLarge: 'plus de {n} Mo',
    noText: 'pas de texte',
  },
};
