import { choice, flag, number, whole } from './option-field';

/** Options of encoders: kind, sizes. Each field is made with the helpers of `option-field.ts`. */
export const encoderOptions = {
  encoder: choice(['awd-lstm', 'qrnn', 'gru'], {
    effect:
      'The recurrent layers of language model and classifier. Where they are not those of the pretrained model, only its embedding is taken over and the layers start from scratch.',
    symbol: 'AWD_LSTM, AWD_QRNN (Bradbury et al. 2016); Cho et al. 2014',
    usual: 'that of the pretrained model; awd-lstm from scratch',
  }),
  bidirectional: flag({
    effect:
      'Each layer of the classifier reads in both directions, with half of its width each. No language model can: the layers start from scratch.',
    symbol: 'bidir',
    usual: 'false',
  }),
  newWordRows: choice(['mean', 'similar'], {
    effect:
      'What words start with that the pretrained model does not know: the mean of all its words, or of those that share a stem or an ending.',
    symbol: 'match_embeds; n-grams as in Bojanowski et al. 2017',
    usual: 'mean',
  }),
  embeddingSize: whole(2, 4096, {
    effect: 'Width of the embedding and of the last layer.',
    symbol: 'emb_sz',
    usual: 'that of the pretrained model; 256 from scratch',
  }),
  hiddenSize: whole(2, 8192, {
    effect: 'Width of the other layers.',
    symbol: 'n_hid',
    usual: 'that of the pretrained model; 640 from scratch',
  }),
  layers: whole(1, 12, {
    effect: 'Number of recurrent layers.',
    symbol: 'n_layers',
    usual: 'that of the pretrained model; 2 from scratch',
  }),
  qrnnWindow: whole(1, 2, {
    effect: 'Tokens that the first quasi-recurrent layer sees at a time; later ones see 1.',
    symbol: 'window of QRNNLayer',
    usual: '2',
  }),
  qrnnPooling: choice(['fo', 'f'], {
    effect: 'Whether quasi-recurrent layers have an output gate (fo) or not (f).',
    symbol: 'output_gate of QRNNLayer; Bradbury et al. 2016, 2',
    usual: 'fo',
  }),
  zoneOut: number(0, 0.9, {
    effect: 'Share of the cells of quasi-recurrent layers that keep their value for a step while training.',
    symbol: 'zoneout of QRNNLayer; Krueger et al. 2016',
    usual: '0',
  }),
} as const;
