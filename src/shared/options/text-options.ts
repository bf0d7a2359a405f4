/** Options of tokenization: words or sub-words, language, vocabulary. Each field is made with the helpers of `option-field.ts`. */
export const textOptions = {} as const;
