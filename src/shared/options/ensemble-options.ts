/** Options of ensembles: direction, blend. Each field is made with the helpers of `option-field.ts`. */
export const ensembleOptions = {} as const;
