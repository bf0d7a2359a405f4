"""fastai's text classifier on PyTorch: training steps on documents of one length, or prediction of documents of many."""
import array
import time
import warnings

warnings.filterwarnings('ignore')
import torch
import torch.nn.functional as F
from fastai.text.data import pad_input_chunk
from fastai.text.models.awdlstm import AWD_LSTM, awd_lstm_clas_config
from fastai.text.models.core import get_text_classifier
from serve import serve


def read_documents(path):
    """A file of 32-bit integers: how many documents, where each ends, then all their tokens."""
    numbers = array.array('i')
    with open(path, 'rb') as file:
        numbers.frombytes(file.read())
    count = numbers[0]
    ends = numbers[1 : count + 1]
    tokens = numbers[count + 1 :]
    return [torch.tensor(tokens[begin:end]) for begin, end in zip([0, *ends[:-1]], ends)]


def training(spec, model):
    documents, length = spec['documents'], spec['length']
    x = torch.randint(9, spec['vocabulary'], (documents, length))
    y = torch.randint(0, 2, (documents,))
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3, betas=(0.8, 0.99))
    model.train()

    def step():
        model.reset()
        loss = F.cross_entropy(model(x)[0], y)
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
        return loss.item()

    def measure():
        begun = time.perf_counter()
        for _ in range(spec['steps']):
            step()
        return {'rate': spec['steps'] * documents / (time.perf_counter() - begun)}

    step()
    return measure


def prediction(spec, model):
    documents = read_documents(spec['file'])
    model.eval()

    def predict():
        # As fastai's validation loader does: longest first, 64 at a time, chunks of padding in front.
        order = sorted(range(len(documents)), key=lambda i: -len(documents[i]))
        with torch.inference_mode():
            for start in range(0, len(order), 64):
                samples = [(documents[i], 0) for i in order[start : start + 64]]
                padded = pad_input_chunk(samples, pad_idx=1, pad_first=True, seq_len=72)
                model.reset()
                model(torch.stack([x for x, _ in padded]))[0].softmax(-1).numpy()

    def measure():
        begun = time.perf_counter()
        predict()
        return {'rate': len(documents) / (time.perf_counter() - begun)}

    return measure


def prepare(spec):
    torch.set_float32_matmul_precision('medium' if spec['bf16'] else 'highest')
    torch.manual_seed(0)
    size = {'emb_sz': spec['embedding'], 'n_hid': spec['hidden'], 'n_layers': spec['layers']}
    model = get_text_classifier(
        AWD_LSTM, spec['vocabulary'], 2, seq_len=72, config={**awd_lstm_clas_config, **size}, max_len=72 * 20
    )
    return training(spec, model) if spec['work'] == 'train' else prediction(spec, model)


serve(prepare)
