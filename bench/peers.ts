import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { applicationRoot } from '../src/main/platform/paths';

/** A Python that has the peers, or why there is none. */
export interface Peers {
  readonly python: string | null;
  readonly why: string;
}

const run = promisify(execFile);

/**
 * The peers in a Python environment of their own, `bench/.peers`, with the versions of `requirements.txt`. What is there
 * is not fetched again; a set-up that was cut off goes on (pip keeps what it has installed).
 */
export async function setUpPeers(given: string | null, say: (text: string) => void): Promise<Peers> {
  if (given !== null) return checked(given);
  const folder = join(applicationRoot(), 'bench', '.peers');
  const requirements = join(applicationRoot(), 'bench', 'peers', 'requirements.txt');
  const stamp = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const stampFile = join(folder, 'requirements.sha256');
  const python = join(folder, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return checked(python);
  try {
    if (!existsSync(python)) {
      say(`making ${folder}`);
      await run(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', folder]);
    }
    say('installing the peers (PyTorch, fastai, spaCy, scikit-learn …): about 2 GB, once');
    await shown([python, '-m', 'pip', 'install', '--disable-pip-version-check', '-r', requirements]);
    writeFileSync(stampFile, stamp);
    return await checked(python);
  } catch (error) {
    return { python: null, why: `The peers could not be set up: ${firstLine(error)}` };
  }
}

async function checked(python: string): Promise<Peers> {
  try {
    await run(python, ['-c', 'import torch, fastai, spacy, sklearn']);
    return { python, why: '' };
  } catch (error) {
    return { python: null, why: `${python} does not have the peers: ${firstLine(error)}` };
  }
}

/** Runs a command with its output on our standard error: standard output is for the result. */
function shown([program = '', ...args]: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 2, 2] });
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${program} ended with code ${code}`))));
  });
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n').at(-1) ?? '';
}
