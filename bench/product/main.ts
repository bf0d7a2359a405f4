import { predictClassifier, saveRandomClassifier, trainClassifier } from './classifier';
import { gemm } from './gemm';
import { humanNumbers } from './human-numbers';
import { importFile, pages, readCsv } from './import';
import { languageModelEpoch, languageModelStep } from './language-model';
import { predictFile } from './predict-file';
import { serve, type Prepare } from './serve';
import { tokenizeTexts } from './tokenize';

/** What this process can measure. */
const tasks: Readonly<Record<string, Prepare>> = {
  gemm,
  'language-model-step': languageModelStep,
  'language-model-epoch': languageModelEpoch,
  'classifier-train': trainClassifier,
  'classifier-predict': predictClassifier,
  'save-classifier': saveRandomClassifier,
  'predict-file': predictFile,
  'human-numbers': humanNumbers,
  tokenize: tokenizeTexts,
  import: importFile,
  pages,
  'read-csv': readCsv,
};

const [name = '', spec = '{}'] = process.argv.slice(2);
const task = tasks[name];
if (!task) {
  console.error(`There is no task ${name}.`);
  process.exit(2);
}
serve(task, JSON.parse(spec)).then(
  // Threads that still wait for work must not keep the process.
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.stack : String(error));
    process.exit(1);
  },
);
