/** Options of encoders: kind, sizes, pooling. Each field is made with the helpers of `option-field.ts`. */
export const encoderOptions = {} as const;
