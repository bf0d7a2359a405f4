import { z } from 'zod';
import { choice, type OptionField } from './option-field';

const pretrainedBackward: OptionField<z.ZodString> = {
  schema: z.string().min(1),
  values: 'a folder',
  control: { kind: 'folder' },
  effect:
    'The pretrained backward language model (model.json says "backward": true) that backward reading starts from.',
  symbol: 'URLs.WT103_BWD',
  usual: 'the one that ships with Thaw; where there is none, backward reading starts from scratch, and the run says so',
};

/** Options of ensembles: direction, blend. Each field is made with the helpers of `option-field.ts`. */
export const ensembleOptions = {
  direction: choice(['forward', 'backward', 'both'], {
    effect:
      'Which way texts are read. "both" trains two language models and classifiers one after the other and averages their probabilities, with weights chosen on validation.',
    symbol: 'Howard & Ruder 2018, 3.3 (bidirectional language model); backwards=True, reverse_text',
    usual: 'forward',
  }),
  pretrainedBackward,
  blend: choice(['auto', 'on', 'off'], {
    effect:
      'Whether predictions are a blend of the deep model and the TF-IDF baseline; "auto" blends where cross-fitting on validation says that it pays.',
    symbol: 'Wolpert 1992 (stacking)',
    usual: 'auto',
  }),
} as const;
