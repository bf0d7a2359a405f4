import { AppError } from '../../shared/errors';

/** The recurrent layers that an encoder can be made of. */
export const encoderKinds = ['awd-lstm', 'qrnn', 'gru'] as const;
export type EncoderKind = (typeof encoderKinds)[number];

/** What an encoder is made of: the sizes of AWD-LSTM (Merity et al. 2017; fastai's `awd_lstm_lm_config`). */
export interface EncoderConfig {
  readonly kind: EncoderKind;
  readonly vocabulary: number;
  readonly embedding: number;
  readonly hidden: number;
  readonly layers: number;
  /** The id of `xxpad`, whose embedding row gets no gradient from look-ups. */
  readonly padding: number;
  /** Each layer runs in both directions, each with half of its width (fastai's `bidir`). Not for language models. */
  readonly bidirectional?: boolean | undefined;
  /** Of a quasi-recurrent encoder; left out: {@link qrnnDefaults}. */
  readonly qrnn?: QrnnSettings | undefined;
}

/** The choices of a quasi-recurrent encoder (Bradbury et al. 2016). */
export interface QrnnSettings {
  /** Width of the masked convolution of the first layer; later layers have 1 (fastai's `AWD_QRNN`). */
  readonly window: 1 | 2;
  /** true: fo-pooling; false: f-pooling. */
  readonly outputGate: boolean;
}

/** What fastai's `AWD_QRNN` takes: window 2 in the first layer, fo-pooling. */
export const qrnnDefaults: QrnnSettings = { window: 2, outputGate: true };

/** The width of a layer's output: the last layer goes back to the embedding's width, so that the decoder can be tied. */
export function layerWidth(config: EncoderConfig, layer: number): number {
  return layer === config.layers - 1 ? config.embedding : config.hidden;
}

/** The width of a layer's input. */
export function layerInput(config: EncoderConfig, layer: number): number {
  return layer === 0 ? config.embedding : config.hidden;
}

/** The widths of the encoder's outputs that are pooled, from the last layer's down to the embedded input. */
export function outputWidths(config: EncoderConfig, outputs: number): number[] {
  return Array.from({ length: outputs }, (_, i) => {
    const layer = config.layers - 1 - i;
    return layer < 0 ? config.embedding : layerWidth(config, layer);
  });
}

/** The width of a pooled vector: the head's input. @param parts of each output @param outputs that are pooled */
export function pooledWidth(config: EncoderConfig, parts: number, outputs: number): number {
  return parts * outputWidths(config, outputs).reduce((sum, width) => sum + width, 0);
}

/** The width of one direction of a layer: the layer's own, or half of it where it runs in both. */
export function directionWidth(config: EncoderConfig, layer: number): number {
  return layerWidth(config, layer) / (config.bidirectional ? 2 : 1);
}

/** Width of the convolution and pooling of one quasi-recurrent layer. */
export function qrnnSettings(config: EncoderConfig, layer: number): QrnnSettings {
  const settings = config.qrnn ?? qrnnDefaults;
  return layer === 0 ? settings : { ...settings, window: 1 };
}

/**
 * Refuses sizes that no encoder can have.
 * @throws AppError 'bad-input' where a width of a bidirectional encoder is odd
 */
export function checkEncoder(config: EncoderConfig): void {
  for (let layer = 0; layer < config.layers; layer++) {
    if (Number.isInteger(directionWidth(config, layer))) continue;
    throw new AppError(
      'bad-input',
      `Layer ${layer + 1} of a bidirectional encoder is ${layerWidth(config, layer)} wide; half of it goes to each direction.`,
      { hint: 'Choose even sizes for the embedding and the hidden layers.', data: { layer, ...config } },
    );
  }
}

/** The five dropouts of AWD-LSTM, as probabilities. */
export interface DropoutRates {
  /** Whole words of the embedding matrix. */
  readonly embed: number;
  /** The embedded input. */
  readonly input: number;
  /** The hidden-to-hidden weights; of quasi-recurrent layers the joined matrix of the gates. */
  readonly weight: number;
  /** Between layers. */
  readonly hidden: number;
  /** Before the decoder. */
  readonly output: number;
  /** Quasi-recurrent layers: cells that keep their value for a step (zone-out). Left out: none. */
  readonly zoneOut?: number | undefined;
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
    ...(rates.zoneOut === undefined ? {} : { zoneOut: rates.zoneOut * factor }),
  };
}
