/*
 * Which language texts are in, by their letters and, for letters that many languages share, by their most frequent small
 * words. Nothing is learned or downloaded; what it cannot tell it says so.
 */

/** What {@link detectLanguage} says. */
export interface DetectedLanguage {
  /** ISO 639-1 code; `en` where it is not certain. */
  readonly language: string;
  /** False where the texts are too short, or in no language that it knows. */
  readonly certain: boolean;
}

/** Scripts that one language is written in. Kana come first: Japanese mixes them with Chinese characters. */
const SCRIPTS: readonly (readonly [language: string, letters: RegExp, share: number])[] = [
  ['ja', /[\p{sc=Hira}\p{sc=Kana}]/gu, 0.1],
  ['ko', /\p{sc=Hang}/gu, 0.3],
  ['th', /\p{sc=Thai}/gu, 0.3],
  ['lo', /\p{sc=Laoo}/gu, 0.3],
  ['km', /\p{sc=Khmr}/gu, 0.3],
  ['my', /\p{sc=Mymr}/gu, 0.3],
  ['zh', /\p{sc=Han}/gu, 0.3],
  ['el', /\p{sc=Grek}/gu, 0.5],
  ['he', /\p{sc=Hebr}/gu, 0.5],
  ['hy', /\p{sc=Armn}/gu, 0.5],
  ['ka', /\p{sc=Geor}/gu, 0.5],
  ['am', /\p{sc=Ethi}/gu, 0.5],
  ['bn', /\p{sc=Beng}/gu, 0.5],
  ['ta', /\p{sc=Taml}/gu, 0.5],
  ['te', /\p{sc=Telu}/gu, 0.5],
  ['kn', /\p{sc=Knda}/gu, 0.5],
  ['ml', /\p{sc=Mlym}/gu, 0.5],
  ['gu', /\p{sc=Gujr}/gu, 0.5],
  ['pa', /\p{sc=Guru}/gu, 0.5],
  ['si', /\p{sc=Sinh}/gu, 0.5],
];

/** Small words of languages that share their letters with others. */
const SMALL_WORDS: Readonly<Record<string, string>> = {
  en: 'the of and to in is that it for was with as on be at by this are from have not but you his they which or had an what were there when who their been has would will if no can more about so my your we do i',
  de: 'der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man wenn ich wir ihr kein keine mir mich',
  fr: 'de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec son aux cette mais ou comme nous vous je elle leur ont été fait être tout bien très si même sans',
  es: 'de la que el en y a los se del las un por con no una su para es al lo como más pero sus le ya o este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante',
  it: 'di e il la che in un a è per una sono con non si da come le dei del al alla più i ma nel ha della lo gli anche se questo ci o mi su delle molto essere quando ho tutto',
  pt: 'de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou ser quando muito há nos já está eu também só pelo pela até isso',
  nl: 'de van het een en in is dat op te zijn met voor niet aan er om ook als dan bij maar die hij uit nog naar heeft ze door wordt tot je over deze worden kan geen wel ik was',
  sv: 'och att det i en som är på för med av den till inte om ett har de jag var så vi kan men sig från när man nu också eller efter hade skulle vid alla mycket',
  da: 'og at det i en er som på de med af for den til ikke der var et har jeg om vi kan men så fra sig ved blev også eller efter havde når nu skal mange meget være mig',
  no: 'og i det er på som en til at av for med den har ikke de om et jeg var så vi kan men fra seg ved også eller etter hadde når nå skal mange mye være meg blir ble',
  fi: 'ja on ei se että oli hän mutta kun niin ole myös joka tai ovat olla mitä jos kuin sen hyvin minä nyt vain mukaan siitä tämä ollut jo ettei siis kanssa sitä',
  pl: 'i w z na nie się do to że jest o jak za po od co ale tak przez dla są który był jego już tym oraz być może tylko czy bardzo jej przy mnie lub może ich',
  cs: 'a v se na je že s z o i to do jako za ve pro ale by si k po od které jsou byl který tak jeho nebo při jen až aby už být bylo také není podle velmi jsem',
  sk: 'a v sa na je že s z o i to do ako za vo pre ale by si k po od ktoré sú bol ktorý tak jeho alebo pri len až aby už byť bolo tiež nie podľa veľmi som',
  hu: 'a az és hogy nem is egy volt ez meg csak de ha már vagy még mint el van azt lehet én minden sem amely után között lesz nagyon mert aki kell ki be',
  ro: 'de și în a la cu pe un o care este nu din pentru mai că sau prin au fost fi se ca dar după sunt al ai dacă această le lui foarte am',
  tr: 've bir bu da de için ile çok olarak daha gibi olan ne kadar en var ama sonra mi her o ben değil ise ki olduğu ya şey diye tarafından bunu yok',
  id: 'yang dan di dengan untuk pada ini dari dalam tidak itu adalah akan oleh atau juga ke ada saya bisa karena tersebut sebagai kami kita lebih sudah telah mereka sangat',
  vi: 'và của là có trong được cho một không các với người đã những để này khi từ như về đến cũng rất thì ra tôi nhưng vào sẽ nhiều lại đó bị',
  ru: 'и в не на я что он с как это по но они мы все она так его за был только то из у от о к для же бы если вы уже быть когда очень есть или мне нет',
  uk: 'і в не на що я він з як це по але вони ми всі вона так його за був тільки то із у від до для ж би якщо ви вже бути коли дуже є або мені ні та також',
  bg: 'и в не на че е се да от за с по като са но това до му ще има което към най или след при както който много тази беше бъде само още',
  sr: 'и у је да се на не за са од што су као то али из који ми би о сам по до већ или све може када после само веома бити',
  ar: 'في من على أن إلى ما لا عن هذا التي الذي مع كان هذه أو كل بعد هو قد لم بين ذلك هي كما عند لكن حتى إن ولا و',
  fa: 'و در به از که این را با است برای آن یک خود تا کرد بر هم نیز می شد بود هر اما دارد شده ما یا آنها باید من',
  ur: 'کے کی ہے میں اور سے کا کو اس پر نے ہیں کہ ایک بھی یہ نہیں تو ہے۔ تھا کر ہو گیا وہ کیا جو ان لیے ساتھ',
  hi: 'के का की है में से को और पर ने यह कि एक भी हैं नहीं इस था तो कर हो गया वह जो लिए साथ बहुत या मैं थे',
  mr: 'आणि आहे या व मध्ये ते हे की तो होते एक होता नाही आहेत त्या केली असे हा पण मी त्यांनी खूप',
};

/** The small words of each language, for those who judge many single texts. */
export const LANGUAGES: readonly (readonly [language: string, words: ReadonlySet<string>])[] = Object.entries(
  SMALL_WORDS,
).map(([language, words]) => [language, new Set(words.split(' '))]);
const SAMPLE_CHARACTERS = 200_000;
/** So many words are needed, and such a share of them must be small words of the language. */
const FEWEST_WORDS = 5;
const LEAST_SHARE = 0.12;

/** The language that most of the texts are in. */
export function detectLanguage(texts: readonly string[]): DetectedLanguage {
  const sample = texts.join('\n').slice(0, SAMPLE_CHARACTERS);
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return { language: 'en', certain: false };
  for (const [language, pattern, share] of SCRIPTS) {
    if ((sample.match(pattern)?.length ?? 0) > share * letters) return { language, certain: true };
  }
  return bySmallWords(sample.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? []);
}

function bySmallWords(words: readonly string[]): DetectedLanguage {
  let best = 'en';
  let most = 0;
  for (const [language, small] of LANGUAGES) {
    // A word that several languages have counts for each; the list that fits has many more.
    const count = words.reduce((sum, word) => sum + Number(small.has(word)), 0);
    if (count > most) [best, most] = [language, count];
  }
  const certain = words.length >= FEWEST_WORDS && most >= LEAST_SHARE * words.length;
  return { language: certain ? best : 'en', certain };
}
