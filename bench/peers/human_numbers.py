"""The top rung of fastai's Human Numbers on PyTorch: a two-layer LSTM of 64 with AWD-LSTM's regularisation, 15 epochs."""
import time
import warnings

warnings.filterwarnings('ignore')
import torch
from fastai.text.all import (
    CrossEntropyLossFlat, DataLoaders, Learner, Module, accuracy, nn, rnn_cbs,
)
from serve import serve

UNITS = (
    'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen '
    'eighteen nineteen'
).split()
TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split()
ROWS, SECTION, WIDTH = 64, 16, 64


def words_of(number):
    words = []
    for size, name in ((1000, 'thousand'), (100, 'hundred')):
        if number >= size:
            words += [*words_of(number // size), name]
            number %= size
    if number >= 20:
        words.append(TENS[number // 10 - 2])
        number %= 10
    return words + UNITS[number - 1 : number] if number else words


def in_rows(sections):
    """Sections in the order in which each row of a batch goes on where it stopped."""
    each = len(sections) // ROWS
    return [sections[i + each * row] for i in range(each) for row in range(ROWS)]


class TopRung(Module):
    def __init__(self, vocabulary):
        self.embedding = nn.Embedding(vocabulary, WIDTH)
        self.rnn = nn.LSTM(WIDTH, WIDTH, 2, batch_first=True)
        self.dropout = nn.Dropout(0.4)
        self.decoder = nn.Linear(WIDTH, vocabulary)
        self.decoder.weight = self.embedding.weight
        self.reset()

    def forward(self, x):
        raw, state = self.rnn(self.embedding(x), self.state)
        self.state = [s.detach() for s in state]
        dropped = self.dropout(raw)
        return self.decoder(dropped), raw, dropped

    def reset(self):
        self.state = [torch.zeros(2, ROWS, WIDTH) for _ in range(2)]


def prepare(spec):
    text = ' . '.join(' '.join(words_of(n)) for n in range(1, 10_000)).split()
    places = {word: place for place, word in enumerate(dict.fromkeys(text))}
    ids = torch.tensor([places[word] for word in text])
    starts = range(0, len(ids) - SECTION - 1, SECTION)
    sections = [(ids[s : s + SECTION], ids[s + 1 : s + SECTION + 1]) for s in starts]
    cut = int(len(sections) * 0.8)
    runs = iter(range(1, 1000))

    def measure():
        torch.manual_seed(next(runs))
        sets = in_rows(sections[:cut]), in_rows(sections[cut:])
        loaders = DataLoaders.from_dsets(*sets, bs=ROWS, drop_last=True, shuffle=False)
        callbacks = rnn_cbs(alpha=2, beta=1)
        learner = Learner(
            loaders, TopRung(len(places)), loss_func=CrossEntropyLossFlat(), metrics=accuracy, cbs=callbacks
        )
        begun = time.perf_counter()
        with learner.no_bar(), learner.no_logging():
            learner.fit_one_cycle(spec['epochs'], 1e-2, wd=0.1)
        seconds = time.perf_counter() - begun
        return {'seconds': seconds, 'accuracy': float(learner.recorder.values[-1][2])}

    return measure


serve(prepare)
