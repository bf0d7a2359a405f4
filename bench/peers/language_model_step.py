"""fastai's AWD-LSTM language model on PyTorch: whole training steps (loss with AR and TAR, gradients, clipping, Adam)."""
import time
import warnings

warnings.filterwarnings('ignore')
import torch
import torch.nn.functional as F
from fastai.text.models.awdlstm import AWD_LSTM, awd_lstm_lm_config
from fastai.text.models.core import get_language_model
from serve import serve


def prepare(spec):
    torch.set_float32_matmul_precision('medium' if spec['bf16'] else 'highest')
    torch.manual_seed(0)
    size = {'emb_sz': spec['embedding'], 'n_hid': spec['hidden'], 'n_layers': spec['layers']}
    vocabulary, batch, window = spec['vocabulary'], spec['batch'], spec['bptt']
    model = get_language_model(AWD_LSTM, vocabulary, config={**awd_lstm_lm_config, **size}, drop_mult=0.7)
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3, betas=(0.8, 0.99))
    text = torch.randint(9, vocabulary, (batch, window + 1))
    inputs, targets = text[:, :-1].contiguous(), text[:, 1:].contiguous()
    model.train()

    def step():
        logits, raw, dropped = model(inputs)
        loss = F.cross_entropy(logits.view(-1, vocabulary), targets.view(-1))
        loss = loss + 2 * dropped.pow(2).mean() + (raw[:, 1:] - raw[:, :-1]).pow(2).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 0.25)
        optimiser.step()
        optimiser.zero_grad()
        return loss.item()

    def measure():
        begun = time.perf_counter()
        for _ in range(spec['steps']):
            step()
        return {'rate': spec['steps'] * batch * window / (time.perf_counter() - begun)}

    step()
    return measure


serve(prepare)
