/** Texts and labels for the fake bridge: written for it, about the mail of a shop. */
export const shopLabels = ['delivery', 'billing', 'returns', 'praise', 'account'] as const;

const texts: readonly (readonly [string, string])[] = [
  ['My parcel has been on its way for nine days now and the tracking page says nothing.', 'delivery'],
  ['The second invoice shows the wrong address. Can you send me a corrected one?', 'billing'],
  ['I would like to send back the blue jacket, it is one size too small.', 'returns'],
  ['Just wanted to say: the best service I have had in years. Thank you, Marta!', 'praise'],
  ['I cannot log in since yesterday, the reset link never arrives.', 'account'],
  ['Was charged twice for order 20-4471, please refund one of them.', 'billing'],
  ['The courier left the box in the rain. Everything in it is soaked.', 'delivery'],
  ['How long do I have to return something that was a present?', 'returns'],
  ['Please delete my account and all data you hold about me.', 'account'],
  ['Fast, friendly, and the packaging had no plastic in it. Lovely.', 'praise'],
  ['It says delivered. It is not. I have looked behind the house and asked both neighbours.', 'delivery'],
  ['Can I change the size of an order that I placed ten minutes ago?', 'returns'],
];

/** One made-up text of the shop's mail; the same for the same number. */
export function shopText(index: number): { readonly text: string; readonly label: string } {
  const [text, label] = texts[index % texts.length] ?? ['', ''];
  return { text, label };
}

/** Seventy-seven label names, some of them long, as a bank's intents have. */
export const manyLabels: readonly string[] = Array.from({ length: 77 }, (_, index) => {
  const verbs = ['activate', 'change', 'verify', 'cancel', 'report_lost_or_stolen', 'exchange', 'top_up', 'withdraw'];
  const things = [
    'my_card',
    'pin',
    'transfer',
    'refund',
    'direct_debit_payment_not_recognised',
    'cash',
    'limits',
    'fee',
    'country_support',
    'identity',
  ];
  return `${verbs[index % verbs.length] ?? ''}_${things[index % things.length] ?? ''}${index >= 40 ? `_${String(index)}` : ''}`;
});

/** A text of several screens, for layouts that must not break. */
export const longText = Array.from(
  { length: 24 },
  (_, index) =>
    `${String(index + 1)}. ${shopText(index).text} ${shopText(index + 5).text} https://shop.example/orders/20-4471/?reference=${'a1b2c3d4'.repeat(12)}`,
).join('\n\n');
