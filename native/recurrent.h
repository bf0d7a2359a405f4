// A whole LSTM layer over a window of time, forward and backward: the weights stay packed in each thread's cache for all
// steps, and the gates are worked on where the product left them. Forward can take the input's weights too: then a step
// is one product of [h | x], and x · Wx of the whole window is never in memory. Included inside a namespace.
//
// Hochreiter & Schmidhuber 1997 with a forget gate. Gates lie in the order i, f, o, g. Each thread owns some blocks of
// 16 hidden units with all four of their gates, so the only thing threads exchange at a step is the new hidden state.

// Memory of a layer's forward pass: packed weights, and packed rows [h | x] of two steps that take turns.
struct LstmMemory {
  long xPlace, depth;  // where x begins in a packed row, and its whole length
  long stateSize, gateFloats;
  Element* weights;
  Element* states;
  float* room;
};

// Packs columns [begin, end) of a matrix of `width` columns into rows of A from depth k on; both multiples of 16.
static inline void packPart(const LstmMemory& memory, Element* state, const float* p, long width, long batch, long begin,
                            long end, long k) {
  for (long r = 0; r < batch; r++) {
    Element* const panel = state + r / kRows * kRows * memory.depth;
    const float* const row = p + r * width;
    long j = begin;
    for (; j + 16 <= end; j += 16) putRow(panel, static_cast<int>(r % kRows), k + j, row + j);
    if (j >= end) continue;
    alignas(64) float values[16] = {};
    for (long i = j; i < end; i++) values[i - j] = row[i];
    putRow(panel, static_cast<int>(r % kRows), k + j, values);
  }
}

// Packs the weights of some blocks of 16 units with all four gates: two panels of 32 columns, or four of 16. The columns
// of both matrices are laid one below the other first, so that no depth is lost between them.
static inline void packUnits(const LstmForward& f, const LstmMemory& memory, long begin, long end, float* column) {
  const long hidden = f.hidden, depth = memory.depth;
  memset(column, 0, depth * 16 * sizeof(float));
  for (long u = begin; u < end; u++) {
    const int units = hidden - u * 16 < 16 ? static_cast<int>(hidden - u * 16) : 16;
    for (int gate = 0; gate < 4; gate++) {
      const long at = gate * hidden + u * 16;
      for (long k = 0; k < hidden; k++) memcpy(column + k * 16, f.recurrent + k * 4 * hidden + at, units * sizeof(float));
      float* const below = column + memory.xPlace * 16;
      for (long k = 0; k < f.inputs; k++) memcpy(below + k * 16, f.input + k * 4 * hidden + at, units * sizeof(float));
      Element* const panel = memory.weights + u * 64 * depth + (gate / kGroups) * kColumns * depth;
      packColumns(View{column, 16, 1}, units, depth, panel, gate % kGroups);
    }
  }
}

// z [rows, 64] = [h | x] · W of one block. The weights go through the cache once for all rows, in pieces that fit.
static inline void multiplyUnits(const LstmMemory& memory, const Element* before, const Element* weights, long batch,
                                 float* z) {
  const long depth = memory.depth, pieces = (depth + kDepth - 1) / kDepth;
  const long piece = roundUp((depth + pieces - 1) / pieces, 32);
  for (int part = 0; part < 4 / kGroups; part++) {
    const Element* const panel = weights + part * kColumns * depth;
    for (long k = 0; k < depth; k += piece) {
      const long deep = depth - k < piece ? depth - k : piece;
      for (long i = 0; i < batch; i += kRows) {
        const int rows = batch - i < kRows ? static_cast<int>(batch - i) : kRows;
        multiplyPanels(deep, before + i * depth + k * kRows, panel + k * kColumns, z + i * 64 + part * kColumns, 64,
                       k > 0, rows, kColumns);
      }
    }
  }
}

// The gates of one block of units at step t, from z to the new state, which is packed into `after` (or null).
template <bool kProjected>
static inline void lstmUnits(const LstmForward& f, const LstmMemory& memory, const float* z, long t, long u,
                             Element* after) {
  const long hidden = f.hidden, batch = f.batch;
  const int units = hidden - u * 16 < 16 ? static_cast<int>(hidden - u * 16) : 16;
  const float* const cellBefore = t == 0 ? f.c0 : f.gates ? f.cells + (t - 1) * batch * hidden : f.cells;
  float* const cell = f.gates ? f.cells + t * batch * hidden : f.cells;
  for (long r = 0; r < batch; r++) {
    alignas(64) float values[16] = {};
    const long at0 = t * batch + r;
    const float* const x = kProjected ? f.projected + at0 * 4 * hidden + u * 16 : nullptr;
    const long place = r * hidden + u * 16;
    for (int v = 0; v < 16 / THAW_WIDTH; v++) {
      const int at = v * THAW_WIDTH, count = units - at;
      if (count <= 0) break;
      const float* const row = z + r * 64 + at;
      const float* const b = f.bias + u * 16 + at;
      Vector sums[4];
      for (int gate = 0; gate < 4; gate++) {
        sums[gate] = load(row + gate * 16) + loadUnits(b + gate * hidden, count);
        if (kProjected) sums[gate] += loadUnits(x + gate * hidden + at, count);
      }
      const Vector i = sigmoid(sums[0]), fg = sigmoid(sums[1]), o = sigmoid(sums[2]);
      const Vector g = hyperbolicTangent(sums[3]);
      const Vector c = fg * loadUnits(cellBefore + place + at, count) + i * g;
      const Vector h = o * hyperbolicTangent(c);
      storeUnits(cell + place + at, c, count);
      storeUnits(f.output + t * batch * hidden + place + at, h, count);
      storeUnits(values + at, h, count);
      if (f.gates) {
        float* const out = f.gates + at0 * 4 * hidden + u * 16 + at;
        storeUnits(out, i, count);
        storeUnits(out + hidden, fg, count);
        storeUnits(out + 2 * hidden, o, count);
        storeUnits(out + 3 * hidden, g, count);
      }
    }
    if (after) putRow(after + r / kRows * kRows * memory.depth, static_cast<int>(r % kRows), u * 16, values);
  }
}

static void lstmForward(const LstmForward& f) {
  const long hidden = f.hidden, batch = f.batch, blocks = roundUp(hidden, 16) / 16;
  LstmMemory memory{};
  memory.xPlace = roundUp(hidden, 16);
  memory.depth = roundUp(memory.xPlace + roundUp(f.inputs, 16), 32);
  memory.stateSize = packedRowsSize(memory.depth, batch);
  memory.gateFloats = roundUp(batch, kRows) * 64 + memory.depth * 16;
  memory.weights = static_cast<Element*>(scratch(1, blocks * 64 * memory.depth * sizeof(Element)));
  memory.states = static_cast<Element*>(scratch(2, 2 * memory.stateSize * sizeof(Element)));
  memory.room = static_cast<float*>(scratch(3, memory.gateFloats * 4 * teamSize()));
  memset(memory.states, 0, 2 * memory.stateSize * sizeof(Element));
  packPart(memory, memory.states, f.h0, hidden, batch, 0, hidden, 0);
  auto work = [&](const Member& m) {
    openTiles();
    long begin, end, from, to;
    m.share(blocks, 1, &begin, &end);
    m.share(f.inputs, 16, &from, &to);
    float* const z = memory.room + memory.gateFloats * m.id;  // [rows, 64]: i, f, o, g of 16 units
    packUnits(f, memory, begin, end, z + roundUp(batch, kRows) * 64);
    packPart(memory, memory.states, f.x, f.inputs, batch, from, to, memory.xPlace);
    m.barrier();
    for (long t = 0; t < f.time; t++) {
      const Element* const before = memory.states + (t & 1) * memory.stateSize;
      Element* const after = t + 1 < f.time ? memory.states + ((t + 1) & 1) * memory.stateSize : nullptr;
      for (long u = begin; u < end; u++) {
        multiplyUnits(memory, before, memory.weights + u * 64 * memory.depth, batch, z);
        if (f.x) lstmUnits<false>(f, memory, z, t, u, after);
        else lstmUnits<true>(f, memory, z, t, u, after);
      }
      if (after) packPart(memory, after, f.x + (t + 1) * batch * f.inputs, f.inputs, batch, from, to, memory.xPlace);
      m.barrier();
    }
    closeTiles();
  };
  inTeam(8.0 * batch * hidden * (hidden + f.inputs), work);
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
