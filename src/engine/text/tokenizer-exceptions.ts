/*
 * Words that the affix rules would split wrongly, after spaCy's published English and German lists (MIT licence), in
 * lower case only because fastai's rules ran before. A value is the word cut into its tokens.
 */

/** Words with their tokens; joined, the tokens are the word. */
export type Exceptions = ReadonlyMap<string, readonly string[]>;

const EMOTICONS =
  ':) :-) :)) :-)) :))) :-))) (: (-: =) (= :] :-] [: [-: [= ]= =] :o) (o: :} :-} 8) 8-) (-8 ;) ;-) (; (-; :( :-( :(( :-(( ' +
  ":((( :-((( ): )-: =( >:( :') :'-) :'( :'-( :/ :-/ =/ =| :| :-| =[ :1 :p :-p :o :-o :0 :-0 :() >:o :* :-* :3 :-3 =3 :> " +
  ':-> :x :-x ^_^ ^__^ ^___^ >.< >.> <.< ._. ;_; -_- -__- v.v v_v o_o 0_o o_0 0_0 o.o 0.0 o.0 0.o @_@ <3 <33 <333 </3 ' +
  '(^_^) (-_-) (._.) (>_<) (*_*) (¬_¬) ಠ_ಠ ಠ︵ಠ (ಠ_ಠ) ¯\\(ツ)/¯ (╯°□°）╯︵┻━┻ ><(((*>';

const KEPT_EVERYWHERE =
  "' '' \\\") <space> — \\n \\t " +
  'abcdefghijklmnopqrstuvwxyzäöü'
    .split('')
    .map((c) => `${c}.`)
    .join(' ');

/** Kept whole in English. */
const KEPT_ENGLISH =
  "doin doin' goin goin' havin havin' lovin lovin' nothin nothin' nuthin nuthin' ol ol' somethin somethin' " +
  "em 'em ll 'll nuff 'nuff 's ‘s 're 'cause 'cos 'coz 'cuz 'bout 'd and/or w/o ma'am o'clock " +
  'a.m. p.m. co. e.g. i.e. vs. v.s.';

/** Cut in two or more at the bars. */
const CUT_ENGLISH = "y'|all y|all how|'d|'y not|'ve not|ve can|not gon|na got|ta let|'s c'm|on";

/** The subject of a contraction and which endings it takes. */
const SUBJECTS: Readonly<Record<string, string>> = {
  i: 'm ma ll llve d dve ve',
  you: 'll llve d dve ve re',
  he: 'll llve d dve s',
  she: 'll llve d dve s',
  it: 'll llve d dve s',
  we: 'll llve d dve ve re',
  they: 'll llve d dve ve re',
  who: 's ll llve re ve d dve',
  what: 's ll llve re ve d dve',
  when: 's ll llve re ve d dve',
  where: 's ll llve re ve d dve',
  why: 's ll llve re ve d dve',
  how: 's ll llve re ve d dve',
  there: 's ll llve re ve d dve',
  that: 's ll llve d dve',
  this: 's ll llve d dve',
  these: 'll llve re ve d dve',
  those: 'll llve re ve d dve',
  could: 've',
  might: 've',
  must: 've',
  should: 've',
  would: 've',
};

/** Each ending as its tokens without apostrophe, and whether each takes one. */
const ENDINGS: Readonly<Record<string, readonly string[]>> = {
  m: ["'m"],
  ma: ["'m", 'a'],
  ll: ["'ll"],
  llve: ["'ll", "'ve"],
  d: ["'d"],
  dve: ["'d", "'ve"],
  ve: ["'ve"],
  re: ["'re"],
  s: ["'s"],
};

const NEGATED_WITH_HAVE = 'ca could do does did had may might must need ought sha should wo would';
const NEGATED = 'ai are is was were have has dare';

/** Real words that would be taken for a contraction without its apostrophe. */
const WORDS_OF_THEIR_OWN = ['ill', 'its', 'hell', 'shell', 'shed', 'were', 'well', 'whore'];

/** Abbreviations that in lower case are words as well (`so.`, `di.`) are left out: they mostly end a sentence. */
const KEPT_GERMAN =
  "'s 'n 'ne 'nen 'nem s' `` a.d. a.c. a.g. a.m. a.z. abs. adv. b.a. b.sc. betr. biol. ca. cdu/csu chr. cie. " +
  "c/o co. d' d.c. dipl.-ing. dipl. dr. e.g. e.v. ehem. entspr. erm. etc. ev. g.m.b.h. geb. gebr. gem. h.c. " +
  "hg. hrsg. i.a. i.e. i.g. i.tr. i.v. i. ii. iii. iv. inc. ing. jr. jun. jur. k.o. l' l.a. lat. m.a. m.e. " +
  'm.m. m.sc. mr. n.y. n.y.c. nat. o.a. o.ä. o.g. o.k. p.a. p.s. pers. phil. q.e.d. r.i.p. rer. sen. st. std. ' +
  'u.a. u.s. u.s.a. u.s.s. vol. vs. wiss. abb. abk. abt. apr. aug. bd. bf. bhf. bsp. bspw. bzgl. bzw. d.h. ' +
  'dez. ebd. eigtl. evtl. fa. fam. feb. frl. ggf. gegr. hbf. hr. hrn. jan. jh. jhd. jul. lt. mio. mrd. mrz. ' +
  'mwst. mär. nov. nr. okt. orig. pkt. prof. rd. s.o. sep. sept. sog. str. tel. tsd. univ. usf. usw. vgl. ' +
  'vllt. z.b. z.bsp. z.t. z.z. z.zt. zt. zzgl. abzgl. allg. dtl. engl. frz. insb. kath. mind. mtl. u.u. v.a. ' +
  'v.l.n.r. u.s.w. inkl.';

const CUT_GERMAN = "auf|'m du|'s er|'s hinter|'m ich|'s ihr|'s sie|'s unter|'m vor|'m wir|'s über|'m";

/** Languages whose texts hold English words more often than words of another language in Latin letters. */
const WITH_ENGLISH: ReadonlySet<string> = new Set(['en', 'zh', 'yue', 'ja', 'th', 'lo', 'km', 'my', 'ko']);

/**
 * The exceptions for a language: `en` and `de` have their own lists; of the others those that are not in Latin letters
 * take the English one, the rest only what holds everywhere (French `dont` is no English `do n't`).
 */
export function exceptionsFor(language: string): Exceptions {
  const table = new Map<string, readonly string[]>();
  keep(table, `${EMOTICONS} ${KEPT_EVERYWHERE}`);
  for (const unit of 'cfk') add(table, ['°', unit, '.']);
  if (language === 'de') {
    keep(table, KEPT_GERMAN);
    cut(table, CUT_GERMAN);
  } else if (WITH_ENGLISH.has(language)) {
    addEnglish(table);
  }
  addCurlyApostrophes(table);
  return table;
}

function addEnglish(table: Map<string, readonly string[]>): void {
  for (const [subject, endings] of Object.entries(SUBJECTS)) {
    for (const ending of endings.split(' ')) addContraction(table, subject, ENDINGS[ending] ?? []);
  }
  for (const verb of `${NEGATED_WITH_HAVE} ${NEGATED}`.split(' ')) addContraction(table, verb, ["n't"]);
  for (const verb of NEGATED_WITH_HAVE.split(' ')) addContraction(table, verb, ["n't", "'ve"]);
  for (const word of WORDS_OF_THEIR_OWN) table.delete(word);
  for (let hour = 1; hour <= 12; hour++) {
    for (const period of ['a.m.', 'am', 'p.m.', 'pm']) add(table, [String(hour), period]);
  }
  keep(table, KEPT_ENGLISH);
  cut(table, CUT_ENGLISH);
}

/** With the apostrophe and without: `he'll` and `hell`, `don't` and `dont`. */
function addContraction(table: Map<string, readonly string[]>, word: string, endings: readonly string[]): void {
  add(table, [word, ...endings]);
  add(table, [word, ...endings.map((ending) => ending.replace("'", ''))]);
}

function keep(table: Map<string, readonly string[]>, words: string): void {
  for (const word of words.split(' ')) table.set(word, [word]);
}

function cut(table: Map<string, readonly string[]>, words: string): void {
  for (const word of words.split(' ')) add(table, word.split('|'));
}

function add(table: Map<string, readonly string[]>, tokens: readonly string[]): void {
  table.set(tokens.join(''), tokens);
}

function addCurlyApostrophes(table: Map<string, readonly string[]>): void {
  for (const [word, tokens] of [...table]) {
    if (word.includes("'"))
      add(
        table,
        tokens.map((token) => token.replaceAll("'", '’')),
      );
  }
}
