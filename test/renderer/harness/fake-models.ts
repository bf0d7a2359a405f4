import { AppError } from '../../../src/shared/errors';
import type { ModelInfo, ModelList, ModelProgress } from '../../../src/shared/model-types';
import type { Emit, FakeHandlers } from './fake-engine';

type Methods = 'models.list' | 'models.download' | 'models.cancel' | 'models.remove' | 'models.import';

const plain: Omit<ModelInfo, 'id' | 'title' | 'origin'> = {
  kind: 'language-model',
  installed: false,
  folder: null,
  bytes: null,
  languages: ['en'],
  backward: false,
  tokens: 'words',
  encoder: { kind: 'awd-lstm', vocabulary: 60_000, embedding: 400, hidden: 1152, layers: 3 },
  perplexity: null,
  licence: 'Apache-2.0; CC BY-SA 3.0 (Wikipedia)',
  page: 'https://docs.fast.ai/data.external.html',
  notes: ['code-licence'],
  download: null,
  sha256: null,
  trustedOnFirstUse: false,
  partBytes: 0,
};

/** The models of the fake engine: one that ships, one of fastai, one of sub-words whose size nobody publishes. */
export function fakeModels(emit: Emit): Pick<FakeHandlers, Methods> {
  const folder = '/home/someone/.local/share/thaw/models';
  const models: ModelInfo[] = [
    {
      ...plain,
      id: 'en-forward',
      title: 'en-forward',
      origin: 'shipped',
      installed: true,
      folder: '/opt/thaw/resources/pretrained/en-forward',
      bytes: 17_000_000,
      encoder: { kind: 'awd-lstm', vocabulary: 20_000, embedding: 256, hidden: 640, layers: 2 },
      perplexity: 121.1,
      licence: 'CC BY-SA 3.0',
      page: null,
      notes: [],
    },
    {
      ...plain,
      id: 'fastai-wt103-bwd',
      title: 'fastai WikiText-103',
      origin: 'catalogue',
      backward: true,
      download: {
        url: 'https://s3.amazonaws.com/fast-ai-modelzoo/wt103-bwd.tgz',
        host: 's3.amazonaws.com',
        bytes: 105_205_312,
        estimate: null,
        check: 'first-mebibyte',
      },
    },
    {
      ...plain,
      id: 'multifit-de',
      title: 'MultiFiT',
      origin: 'catalogue',
      languages: ['de'],
      tokens: 'sentencepiece',
      encoder: { kind: 'qrnn', vocabulary: 15_000, embedding: 400, hidden: 1550, layers: 4 },
      perplexity: 9.03,
      licence: 'MIT; CC BY-SA 3.0 (Wikipedia)',
      notes: ['code-licence', 'moses'],
      download: {
        url: 'https://github.com/n-waves/multifit-models/releases/download/de_multifit_paper_version/de_multifit_paper_version.tgz',
        host: 'github.com',
        bytes: null,
        estimate: 104_000_000,
        check: 'first-use',
      },
    },
  ];
  const tell = (progress: Partial<ModelProgress> & Pick<ModelProgress, 'id' | 'state'>): void =>
    emit('modelDownload', { done: 0, total: null, secondsLeft: null, error: null, ...progress });
  const list = (): ModelList => ({ folder, models: [...models], downloads: [] });
  const replace = (id: string, change: Partial<ModelInfo>): void => {
    const place = models.findIndex((model) => model.id === id);
    const found = models[place];
    if (found === undefined) throw new AppError('not-found', `There is no model "${id}".`);
    models[place] = { ...found, ...change };
  };
  return {
    'models.list': list,
    'models.download': ({ id }) => {
      replace(id, {});
      tell({ id, state: 'downloading', done: 31_000_000, total: 105_205_312, secondsLeft: 42 });
      return {};
    },
    'models.cancel': ({ id }) => {
      replace(id, { partBytes: 31_000_000 });
      tell({ id, state: 'cancelled', done: 31_000_000, total: 105_205_312 });
      return {};
    },
    'models.remove': ({ id }) => {
      replace(id, { installed: false, folder: null, bytes: null, partBytes: 0 });
      return { freed: 31_000_000 };
    },
    'models.import': ({ name, language = 'en', backward = false }) => {
      const own: ModelInfo = {
        ...plain,
        id: name.toLowerCase(),
        title: name,
        origin: 'own',
        installed: true,
        folder: `${folder}/${name.toLowerCase()}`,
        bytes: 88_000_000,
        languages: [language],
        backward,
        licence: null,
        page: null,
        notes: [],
      };
      models.push(own);
      return { model: own, notes: [] };
    },
  };
}
