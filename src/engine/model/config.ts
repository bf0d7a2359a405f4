/** What an encoder is made of: the sizes of AWD-LSTM (Merity et al. 2017; fastai's `awd_lstm_lm_config`). */
export interface EncoderConfig {
  readonly kind: 'awd-lstm';
  readonly vocabulary: number;
  readonly embedding: number;
  readonly hidden: number;
  readonly layers: number;
  /** The id of `xxpad`, whose embedding row gets no gradient from look-ups. */
  readonly padding: number;
}

/** The width of a layer's output: the last layer goes back to the embedding's width, so that the decoder can be tied. */
export function layerWidth(config: EncoderConfig, layer: number): number {
  return layer === config.layers - 1 ? config.embedding : config.hidden;
}

/** The width of a layer's input. */
export function layerInput(config: EncoderConfig, layer: number): number {
  return layer === 0 ? config.embedding : config.hidden;
}

/** The five dropouts of AWD-LSTM, as probabilities. */
export interface DropoutRates {
  /** Whole words of the embedding matrix. */
  readonly embed: number;
  /** The embedded input. */
  readonly input: number;
  /** The hidden-to-hidden weights. */
  readonly weight: number;
  /** Between layers. */
  readonly hidden: number;
  /** Before the decoder. */
  readonly output: number;
}

/** fastai's defaults for a language model (`awd_lstm_lm_config`), before the multiplier `drop_mult`. */
export const languageModelDropouts: DropoutRates = { embed: 0.02, input: 0.25, weight: 0.2, hidden: 0.15, output: 0.1 };

/** fastai's defaults for a classifier's encoder (`awd_lstm_clas_config`). */
export const classifierDropouts: DropoutRates = { embed: 0.05, input: 0.4, weight: 0.5, hidden: 0.3, output: 0.4 };

/** Every rate times one factor (`drop_mult`). */
export function scaleDropouts(rates: DropoutRates, factor: number): DropoutRates {
  return {
    embed: rates.embed * factor,
    input: rates.input * factor,
    weight: rates.weight * factor,
    hidden: rates.hidden * factor,
    output: rates.output * factor,
  };
}
