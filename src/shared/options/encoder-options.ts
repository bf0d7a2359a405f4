/** Options of encoders: kind, sizes. Each field is made with the helpers of `option-field.ts`. */
export const encoderOptions = {} as const;
