// Softmax cross-entropy of x · Eᵀ + b against one target a row, with its gradients, without a matrix as large as
// rows x vocabulary in memory: a block of rows at a time, worked on while it is warm. Included inside a namespace.

constexpr long kEntropyRows = 256;

// Turns one row of logits (without the bias) into scale · (softmax − target), and adds that up in dBias.
static inline void rowOfEntropy(const CrossEntropy& f, long row, float* logits, float* dBias) {
  const long n = f.vocabulary, whole = n / THAW_WIDTH * THAW_WIDTH;
  Vector most = all(-3.0e38f);
  for (long j = 0; j < whole; j += THAW_WIDTH) {
    const Vector v = load(logits + j) + load(f.bias + j);
    store(logits + j, v);
    most = larger(most, v);
  }
  float greatest = largestOf(most);
  for (long j = whole; j < n; j++) {
    logits[j] += f.bias[j];
    greatest = logits[j] > greatest ? logits[j] : greatest;
  }
  const int target = f.targets[row];
  const float own = logits[target];
  Vector sums = {};
  for (long j = 0; j < whole; j += THAW_WIDTH) {
    const Vector e = exponential(load(logits + j) - all(greatest));
    store(logits + j, e);
    sums += e;
  }
  float sum = sumOf(sums);
  for (long j = whole; j < n; j++) {
    logits[j] = exponential(all(logits[j] - greatest))[0];
    sum += logits[j];
  }
  f.losses[row] = logf(sum) + greatest - own;
  f.best[row] = own >= greatest ? 1.0f : 0.0f;
  if (!f.dx) return;
  const float factor = f.scale / sum;
  logits[target] -= sum;  // p − 1 after the factor
  for (long j = 0; j < whole; j += THAW_WIDTH) {
    const Vector g = load(logits + j) * all(factor);
    store(logits + j, g);
    store(dBias + j, load(dBias + j) + g);
  }
  for (long j = whole; j < n; j++) {
    logits[j] *= factor;
    dBias[j] += logits[j];
  }
}

static void crossEntropy(const CrossEntropy& f) {
  const long v = f.vocabulary, width = f.width;
  const long stride = roundUp(v, 32);
  const long block = f.rows < kEntropyRows ? f.rows : kEntropyRows;
  Element* const columns = static_cast<Element*>(scratch(1, packedColumnsSize(width, v) * sizeof(Element)));
  Element* const rows =
      f.dx ? static_cast<Element*>(scratch(2, packedColumnsSize(v, width) * sizeof(Element))) : nullptr;
  float* const logits = static_cast<float*>(scratch(3, block * stride * 4));
  float* const dBiases = static_cast<float*>(scratch(4, stride * 4 * teamSize()));
  void* const workspace = workspaces();
  auto work = [&](const Member& m) {
    openTiles();
    const Workspace w(workspace, m.id);
    const PackedColumns packedColumns{columns, roundUp(width, kStep)}, packedRows{rows, roundUp(v, kStep)};
    float* const dBias = dBiases + stride * m.id;
    memset(dBias, 0, stride * 4);
    packTogether(m, View{f.embedding, 1, width}, width, v, columns);
    if (f.dx) packTogether(m, View{f.embedding, width, 1}, v, width, rows);
    m.barrier();
    for (long r0 = 0; r0 < f.rows; r0 += block) {
      const long count = f.rows - r0 < block ? f.rows - r0 : block;
      const View x{f.x + r0 * width, width, 1};
      multiplyTogether(m, w, count, v, width, x, View{nullptr, 0, 0}, logits, stride, false, &packedColumns);
      m.barrier();
      long begin, end;
      m.share(count, 1, &begin, &end);
      for (long r = begin; r < end; r++) rowOfEntropy(f, r0 + r, logits + r * stride, dBias);
      m.barrier();
      if (f.dx) {
        m.share(count, kRows, &begin, &end);
        const View p{logits, stride, 1};
        multiply(w, end - begin, width, v, p.at(begin, 0), View{nullptr, 0, 0}, f.dx + (r0 + begin) * width, width,
                 false, &packedRows);
        multiplyTogether(m, w, v, width, count, View{logits, 1, stride}, x, f.dEmbedding, width, r0 > 0);
        m.barrier();
      }
    }
    if (f.dx) {
      long begin, end;
      m.share(v, 64, &begin, &end);
      for (long j = begin; j < end; j++) {
        float sum = 0;
        for (int i = 0; i < m.count; i++) sum += dBiases[stride * i + j];
        f.dBias[j] = sum;
      }
    }
    closeTiles();
  };
  inTeam(work);
}
