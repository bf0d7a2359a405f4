import type { EncoderConfig } from '../../../engine/model/config';
import { directionWidth, layerInput, qrnnSettings } from '../../../engine/model/config';
import type { ModelNote } from '../../../shared/model-types';

/** A model that is fetched when somebody asks for it by name. */
export interface CatalogueEntry {
  readonly id: string;
  readonly title: string;
  readonly language: string;
  readonly backward: boolean;
  readonly tokens: 'words' | 'sentencepiece';
  readonly encoder: Omit<EncoderConfig, 'padding'>;
  /** Per word or sub-word on its makers' validation text; null where they do not say. */
  readonly perplexity: number | null;
  readonly licence: string;
  readonly attribution: string;
  readonly page: string;
  readonly notes: readonly ModelNote[];
  readonly archive: CatalogueArchive;
}

/** Where the archive lies and what is known to check it by. */
export interface CatalogueArchive {
  readonly url: string;
  /** null: its source does not publish it. */
  readonly bytes: number | null;
  /** MD5 of the first 1,048,576 bytes: the check that fastai's own `untar_data` makes. */
  readonly firstMebibyteMd5: string | null;
  /** Of the whole file; null: the first download is trusted and later ones must be the same. */
  readonly sha256: string | null;
  /** Names of the files inside that are wanted, the best first. */
  readonly weights: readonly RegExp[];
  readonly vocabulary: readonly RegExp[];
  readonly sentencepiece: RegExp | null;
}

/**
 * fastai's language models of WikiText-103. Addresses, sizes and checks: `URLs.WT103_FWD`, `URLs.WT103_BWD` and `_checks`
 * in `fastai/datasets.py` of fastai 1.0; sizes of the layers: `awd_lstm_lm_config` of fastai 2 (the import takes them from
 * the weights). `text/learner.py` takes the one `.pth` and the one `.pkl` of each archive.
 */
function fastai(direction: 'fwd' | 'bwd', bytes: number, firstMebibyteMd5: string): CatalogueEntry {
  return {
    id: `fastai-wt103-${direction}`,
    title: 'fastai WikiText-103',
    language: 'en',
    backward: direction === 'bwd',
    tokens: 'words',
    encoder: { kind: 'awd-lstm', vocabulary: 60_000, embedding: 400, hidden: 1152, layers: 3 },
    perplexity: null,
    licence: 'Apache-2.0; CC BY-SA 3.0 (Wikipedia)',
    attribution: 'fast.ai; trained on WikiText-103, text of English Wikipedia by its contributors, CC BY-SA 3.0',
    page: 'https://docs.fast.ai/data.external.html',
    notes: ['code-licence'],
    archive: {
      url: `https://s3.amazonaws.com/fast-ai-modelzoo/wt103-${direction}.tgz`,
      bytes,
      firstMebibyteMd5,
      sha256: null,
      weights: [/\.pth$/],
      vocabulary: [/\.pkl$/],
      sentencepiece: null,
    },
  };
}

/**
 * MultiFiT's language models. Address: `from_pretrained_` in `multifit/training.py` of n-waves/multifit; loss after the
 * last epoch: `<name>/lm-history.csv` in n-waves/multifit-models (its exponential is the perplexity per sub-word); sizes:
 * `<name>/info.json` there; names of the files: `ULMFiTTrainingCommand.model_fnames`, `ULMFiTTokenizer.save`.
 */
function multifit(language: string, validLoss: number): CatalogueEntry {
  const name = `${language}_multifit_paper_version`;
  return {
    id: `multifit-${language}`,
    title: 'MultiFiT',
    language,
    backward: false,
    tokens: 'sentencepiece',
    encoder: {
      kind: 'qrnn',
      vocabulary: 15_000,
      embedding: 400,
      hidden: 1550,
      layers: 4,
      qrnn: { window: 2, outputGate: true },
    },
    perplexity: Math.exp(validLoss),
    licence: 'MIT; CC BY-SA 3.0 (Wikipedia)',
    attribution: `MultiFiT (Eisenschlos et al. 2019), n-waves; trained on Wikipedia (${language}) by its contributors, CC BY-SA 3.0`,
    page: 'https://github.com/n-waves/multifit',
    notes: ['code-licence', 'moses'],
    archive: {
      url: `https://github.com/n-waves/multifit-models/releases/download/${name}/${name}.tgz`,
      bytes: null,
      firstMebibyteMd5: null,
      sha256: null,
      weights: [/^lm_best\.pth$/, /\.pth$/],
      vocabulary: [/^itos\.pkl$/, /\.pkl$/],
      sentencepiece: /^spm\.model$/,
    },
  };
}

/** The models that can be fetched by name. Nothing is ever fetched by itself. */
export const catalogue: readonly CatalogueEntry[] = [
  fastai('fwd', 105_067_061, '7d1114cd9684bf9d1ca3c9f6a54da6f9'),
  fastai('bwd', 105_205_312, '20b06f5830fd5a891d21044c28d3097f'),
  multifit('de', 2.200908),
  multifit('es', 2.811063),
  multifit('fr', 2.223538),
  multifit('it', 2.947672),
  multifit('ja', 2.362454),
  multifit('ru', 2.49185),
  multifit('zh', 2.23444),
];

/** Bytes that an encoder's weights take in float32. */
export function weightBytes(encoder: CatalogueEntry['encoder']): number {
  let count = encoder.vocabulary * (encoder.embedding + 1);
  const config = { ...encoder, padding: 1 };
  for (let layer = 0; layer < encoder.layers; layer++) {
    const [inputs, width] = [layerInput(config, layer), directionWidth(config, layer)];
    if (encoder.kind === 'qrnn') {
      const { window, outputGate } = qrnnSettings(config, layer);
      count += (outputGate ? 3 : 2) * width * (inputs * window + 1);
    } else count += (encoder.kind === 'gru' ? 3 : 4) * width * (inputs + width + 1);
  }
  return count * 4;
}
