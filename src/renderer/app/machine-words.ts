import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import type { DoctorCheck } from '../../shared/doctor-types';
import { sayKnown, type Translate } from './engine-words';
import { useFormat, type Format } from './format';

/**
 * What is said of the machine and of what Thaw runs on (`src/main/platform/doctor.ts` and what it asks), by the name of its
 * words in the locales. Reports are English, as `thaw doctor` prints them. What set-up noted in its own words, such as why a
 * download failed, stays as it is.
 */
const sentences = {
  running: /^(?<version>\S+), running this$/,
  none: /^none$/,
  notKnown: /^not known$/,
  own: /^native, Thaw’s own \((?<name>.+), (?<n>\d+) threads\)$/,
  native: /^native, TensorFlow’s$/,
  portable: /^portable \((?<name>.+)\): right, but much slower$/,
  memory: /^(?<total>[\d.]+) GB, (?<free>[\d.]+) GB of it free$/,
  free: /^(?<free>[\d.]+) GB free$/,
  folder: /^(?<name>.+), (?<size>[\d.]+) GB$/,
  less: /^less than (?<n>[\d.]+) GB$/,
  device: /^(?<name>TensorFlow.* [\d.]+), native kernels, (?<rest>.+)$/,
  portableDevice: /^(?<name>TensorFlow.* [\d.]+), portable kernels, (?<rest>.+)$/,
  unofficial: /^not the official release: (?<reason>.+)$/,
  fallBack: /^(?<name>TensorFlow [\d.]+ \(\w+\))\. Not by way of the official libraries: (?<reason>.+)$/,
  noHost: /^(?:its release|their) host is not reachable(?: \((?<name>\w+)\))?\.$/,
  noAnswer: /^their host does not answer\.$/,
  noScript: /^(?:its|their) install script failed\.$/,
  inside: /^the one inside Electron$/,
  oldNode: /^Thaw needs Node (?<name>[\d.]+) or later$/,
  idleGpu: /^this machine has an NVIDIA GPU that TensorFlow does not use$/,
  runs: /^TensorFlow is installed and runs$/,
  compiled: /^compiled at set-up for this machine$/,
  notBuilt: /^set-up did not build them$/,
  gpuComputes: /^the GPU computes$/,
  noAvx2: /^this processor has no AVX2$/,
  needNative: /^they need native TensorFlow$/,
  asksForThem: /^THAW_KERNELS asks for them$/,
  asksForTensorFlow: /^THAW_KERNELS asks for those of TensorFlow$/,
  notOwn: /^(?<why>.+); Thaw’s own, which are faster, are not used: (?<reason>.+)$/,
  asksPrecision: /^THAW_PRECISION asks for it$/,
  commandAsks: /^asked for by this command$/,
  bfloat16: /^this CPU multiplies bfloat16 in hardware$/,
  noBfloat16: /^this CPU has no bfloat16 multiplication$/,
  asksBfloat16: /^THAW_PRECISION asks for bf16, and this CPU has no bfloat16 multiplication$/,
  portable32: /^the portable kernels compute in 32 bits$/,
  notWritable: /^it cannot be written$/,
  installNode: /^Install a current Node\.$/,
  unset: /^Unset (?<name>THAW_\w+)(?: for the native kernels| for Thaw’s own)?\.$/,
  quick: /^Use the quick preset, and close other programs while it trains\.$/,
  makeRoom: /^Make room: models and checkpoints are written here\.$/,
  otherCache: /^Name another one with THAW_CACHE\.$/,
} as const satisfies Record<string, RegExp>;

/** Says what is said of the machine in the words of a language; what is not known stays as it is. */
export function sayOfMachine(sentence: string, t: Translate, format: Format): string {
  return sayKnown(sentence, { section: 'machineWords.said', sentences }, t, format);
}

/** How the machine's facts are said in the language in use. */
export interface MachineWords {
  readonly say: (sentence: string) => string;
  readonly title: (check: DoctorCheck) => string;
}

/** As {@link sayOfMachine}, in the language in use, with the titles of what `thaw doctor` looks at. */
export function useMachineWords(): ComputedRef<MachineWords> {
  const { t, te, locale } = useI18n();
  const format = useFormat();
  return computed(() => {
    const { value } = format;
    // In English the report's own words are never behind.
    if (locale.value === 'en') return { say: (sentence: string) => sentence, title: ({ title }: DoctorCheck) => title };
    return {
      say: (sentence: string) => sayOfMachine(sentence, (key, named) => t(key, named), value),
      title: ({ id, title }: DoctorCheck) => {
        const key = `machineWords.titles.${id}`;
        return te(key) ? t(key) : title;
      },
    };
  });
}
