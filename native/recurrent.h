// A whole LSTM layer over a window of time, forward and backward: the recurrent weights stay packed in each thread's
// cache for all steps, and the gates are worked on where the product left them. Included inside a namespace.
//
// Hochreiter & Schmidhuber 1997 with a forget gate. Gates lie in the order i, f, o, g. Each thread owns some blocks of
// 16 hidden units with all four of their gates, so the only thing threads exchange at a step is the new hidden state.

// Elements of one batch of rows packed as A, `depth` deep.
static inline void packState(Element* panels, const float* state, long batch, long hidden) {
  const long padded = roundUp(hidden, 32);
  for (long i = 0; i < batch; i += kRows) {
    const int rows = batch - i < kRows ? static_cast<int>(batch - i) : kRows;
    packRows(View{state + i * hidden, hidden, 1}, rows, hidden, panels + i * padded);
  }
}

static void lstmForward(const LstmForward& f) {
  const long hidden = f.hidden, batch = f.batch;
  const long padded = roundUp(hidden, 32), blocks = roundUp(hidden, 16) / 16;
  const long stateSize = packedRowsSize(padded, batch);
  const long weightSize = blocks * 64 * padded;
  Element* const weights = static_cast<Element*>(scratch(1, weightSize * sizeof(Element)));
  Element* const states = static_cast<Element*>(scratch(2, 2 * stateSize * sizeof(Element)));
  const long gateFloats = roundUp(batch, kRows) * 64;
  float* const room = static_cast<float*>(scratch(3, gateFloats * 4 * teamSize()));
  memset(states, 0, 2 * stateSize * sizeof(Element));
  packState(states, f.h0, batch, hidden);
  auto work = [&](const Member& m) {
    openTiles();
    long begin, end;
    m.share(blocks, 1, &begin, &end);
    float* const z = room + gateFloats * m.id;  // [rows, 64]: i, f, o, g of 16 units
    memset(weights + begin * 64 * padded, 0, (end - begin) * 64 * padded * sizeof(Element));
    for (long u = begin; u < end; u++) {
      const int units = hidden - u * 16 < 16 ? static_cast<int>(hidden - u * 16) : 16;
      for (int gate = 0; gate < 4; gate++) {
        Element* const panel = weights + u * 64 * padded + (gate / kGroups) * kColumns * padded;
        packColumns(View{f.recurrent + gate * hidden + u * 16, 4 * hidden, 1}, units, hidden, panel, gate % kGroups);
      }
    }
    m.barrier();
    for (long t = 0; t < f.time; t++) {
      const Element* const before = states + (t & 1) * stateSize;
      Element* const after = states + ((t + 1) & 1) * stateSize;
      const float* const cellBefore = t == 0 ? f.c0 : f.gates ? f.cells + (t - 1) * batch * hidden : f.cells;
      float* const cell = f.gates ? f.cells + t * batch * hidden : f.cells;
      for (long u = begin; u < end; u++) {
        for (long i = 0; i < batch; i += kRows) {
          const int rows = batch - i < kRows ? static_cast<int>(batch - i) : kRows;
          for (int part = 0; part < 4 / kGroups; part++) {
            multiplyPanels(padded, before + i * padded, weights + u * 64 * padded + part * kColumns * padded,
                           z + i * 64 + part * kColumns, 64, false, rows, kColumns);
          }
        }
        const int units = hidden - u * 16 < 16 ? static_cast<int>(hidden - u * 16) : 16;
        for (long r = 0; r < batch; r++) {
          alignas(64) float values[16] = {};
          const float* const x = f.projected + (t * batch + r) * 4 * hidden + u * 16;
          const float* const b = f.bias + u * 16;
          const long place = r * hidden + u * 16;
          for (int v = 0; v < 16 / THAW_WIDTH; v++) {
            const int at = v * THAW_WIDTH, count = units - at;
            if (count <= 0) break;
            const float* const row = z + r * 64 + at;
            const Vector i = sigmoid(load(row) + loadUnits(x + at, count) + loadUnits(b + at, count));
            const Vector fg = sigmoid(load(row + 16) + loadUnits(x + hidden + at, count) +
                                      loadUnits(b + hidden + at, count));
            const Vector o = sigmoid(load(row + 32) + loadUnits(x + 2 * hidden + at, count) +
                                     loadUnits(b + 2 * hidden + at, count));
            const Vector g = hyperbolicTangent(load(row + 48) + loadUnits(x + 3 * hidden + at, count) +
                                               loadUnits(b + 3 * hidden + at, count));
            const Vector c = fg * loadUnits(cellBefore + place + at, count) + i * g;
            const Vector h = o * hyperbolicTangent(c);
            storeUnits(cell + place + at, c, count);
            storeUnits(f.output + t * batch * hidden + place + at, h, count);
            storeUnits(values + at, h, count);
            if (f.gates) {
              float* const out = f.gates + (t * batch + r) * 4 * hidden + u * 16 + at;
              storeUnits(out, i, count);
              storeUnits(out + hidden, fg, count);
              storeUnits(out + 2 * hidden, o, count);
              storeUnits(out + 3 * hidden, g, count);
            }
          }
          if (t + 1 < f.time) putRow(after + r / kRows * kRows * padded, static_cast<int>(r % kRows), u * 16, values);
        }
      }
      m.barrier();
    }
    closeTiles();
  };
  inTeam(8.0 * batch * hidden * hidden, work);
}

static void lstmBackward(const LstmBackward& f) {
  const long hidden = f.hidden, batch = f.batch;
  const long padded = roundUp(hidden, 32), depth = 4 * padded;
  const long panels = roundUp(hidden, kColumns) / kColumns;
  const long stateSize = packedRowsSize(depth, batch);
  const long weightSize = panels * kColumns * depth;
  Element* const weights = static_cast<Element*>(scratch(1, weightSize * sizeof(Element)));
  Element* const states = static_cast<Element*>(scratch(2, 2 * stateSize * sizeof(Element)));
  const long rowFloats = roundUp(batch, kRows) * kColumns;
  float* const room = static_cast<float*>(scratch(3, rowFloats * 4 * teamSize()));
  float* const dCells = static_cast<float*>(scratch(4, batch * hidden * 4));
  memset(states, 0, 2 * stateSize * sizeof(Element));
  memset(dCells, 0, batch * hidden * 4);
  auto work = [&](const Member& m) {
    openTiles();
    long begin, end;
    m.share(panels, 1, &begin, &end);
    float* const z = room + rowFloats * m.id;  // [rows, kColumns]: what flows back into the hidden units
    memset(weights + begin * kColumns * depth, 0, (end - begin) * kColumns * depth * sizeof(Element));
    for (long n = begin; n < end; n++) {
      for (int gate = 0; gate < 4; gate++) {
        for (int group = 0; group < kGroups; group++) {
          const long unit = n * kColumns + group * 16;
          if (unit >= hidden) continue;
          const int units = hidden - unit < 16 ? static_cast<int>(hidden - unit) : 16;
          packColumns(View{f.recurrent + unit * 4 * hidden + gate * hidden, 1, 4 * hidden}, units, hidden,
                      weights + n * kColumns * depth + gate * padded * kColumns, group);
        }
      }
    }
    m.barrier();
    for (long t = f.time - 1; t >= 0; t--) {
      const bool isLast = t == f.time - 1;
      const Element* const later = states + ((t + 1) & 1) * stateSize;
      Element* const now = states + (t & 1) * stateSize;
      const float* const cellBefore = t == 0 ? f.c0 : f.cells + (t - 1) * batch * hidden;
      for (long n = begin; n < end; n++) {
        if (!isLast) {
          for (long i = 0; i < batch; i += kRows) {
            const int rows = batch - i < kRows ? static_cast<int>(batch - i) : kRows;
            multiplyPanels(depth, later + i * depth, weights + n * kColumns * depth, z + i * kColumns, kColumns, false,
                           rows, kColumns);
          }
        }
        for (int group = 0; group < kGroups; group++) {
          const long unit = n * kColumns + group * 16;
          if (unit >= hidden) continue;
          const int units = hidden - unit < 16 ? static_cast<int>(hidden - unit) : 16;
          for (long r = 0; r < batch; r++) {
            alignas(64) float values[4][16] = {};
            const long place = r * hidden + unit;
            for (int v = 0; v < 16 / THAW_WIDTH; v++) {
              const int at = v * THAW_WIDTH, count = units - at;
              if (count <= 0) break;
              const float* const gates = f.gates + (t * batch + r) * 4 * hidden + unit + at;
              const Vector i = loadUnits(gates, count), fg = loadUnits(gates + hidden, count);
              const Vector o = loadUnits(gates + 2 * hidden, count), g = loadUnits(gates + 3 * hidden, count);
              const Vector one = all(1.0f);
              Vector dh = loadUnits(f.dOutput + t * batch * hidden + place + at, count);
              if (!isLast) dh += load(z + r * kColumns + group * 16 + at);
              const Vector c = hyperbolicTangent(loadUnits(f.cells + t * batch * hidden + place + at, count));
              const Vector dc = loadUnits(dCells + place + at, count) + dh * o * (one - c * c);
              const Vector di = dc * g * i * (one - i);
              const Vector df = dc * loadUnits(cellBefore + place + at, count) * fg * (one - fg);
              const Vector dO = dh * c * o * (one - o);
              const Vector dg = dc * i * (one - g * g);
              storeUnits(dCells + place + at, dc * fg, count);
              float* const out = f.dGates + (t * batch + r) * 4 * hidden + unit + at;
              storeUnits(out, di, count);
              storeUnits(out + hidden, df, count);
              storeUnits(out + 2 * hidden, dO, count);
              storeUnits(out + 3 * hidden, dg, count);
              storeUnits(values[0] + at, di, count);
              storeUnits(values[1] + at, df, count);
              storeUnits(values[2] + at, dO, count);
              storeUnits(values[3] + at, dg, count);
            }
            if (t == 0) continue;
            Element* const panel = now + r / kRows * kRows * depth;
            for (int gate = 0; gate < 4; gate++) {
              putRow(panel, static_cast<int>(r % kRows), gate * padded + unit, values[gate]);
            }
          }
        }
      }
      m.barrier();
    }
    closeTiles();
  };
  inTeam(8.0 * batch * hidden * hidden, work);
}
